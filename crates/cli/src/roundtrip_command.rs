//! The command `vpnwire roundtrip`.

use dissect::Dissector;
use dissect::sinks::Output as _;
use dissect::sinks::Roundtrip as RoundtripSink;
use serde_json::json;

use crate::Status;
use crate::arguments::Roundtrip;
use crate::input;
use crate::output::{Output, Stop};
use crate::terminal_text::escaped;

pub(crate) fn run(command: &Roundtrip) -> Status {
    let options = match command.how.options() {
        Ok(options) => options,
        Err(status) => return status,
    };
    let mut output = Output::new();
    let mut sink = RoundtripSink::new(!command.json).with_octets(command.octets);
    let mut status = Status::Fine;
    for path in &command.files {
        sink.set_file(&escaped(&path.to_string_lossy()));
        let mut dissector = Dissector::new(options.clone());
        match input::read(path, &mut dissector, &mut sink, &mut output, |_| Ok(())) {
            // A damaged capture was reported. Status 1 is for a message that came back different.
            Ok(Status::Refused) => status = Status::Refused,
            Ok(Status::Fine | Status::Damaged) => {}
            Err(Stop(stop)) => return status.max(stop),
        }
    }
    if sink.any_different() {
        status = status.max(Status::Damaged);
    }
    let mut text = Vec::new();
    for (protocol, counts) in sink.counts() {
        // The counts are in the order of the manual.
        let values = [
            ("seen", counts.seen),
            ("identical", counts.identical),
            ("corrected", counts.corrected),
            ("different", counts.different),
            ("undecodable", counts.undecodable),
            ("opaque", counts.opaque),
            ("truncated", counts.truncated),
            ("octets_rebuilt", counts.octets_rebuilt),
            ("octets_copied", counts.octets_copied),
        ];
        if command.json {
            let values: Vec<_> = values.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            text.extend_from_slice(
                format!("{{\"protocol\":{},{}}}\n", json!(protocol), values.join(",")).as_bytes(),
            );
        } else {
            let values: Vec<_> = values.iter().map(|(name, value)| format!("{name} {value}")).collect();
            text.extend_from_slice(format!("{protocol}: {}\n", values.join(", ")).as_bytes());
        }
    }
    *sink.output() = text;
    match output.pass(sink.output(), true) {
        Ok(()) => status,
        Err(Stop(stop)) => status.max(stop),
    }
}
