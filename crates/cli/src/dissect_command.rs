//! `vpnwire dissect`.

use std::path::Path;

use dissect::sinks::{Filter, Json, Line, Output as _, Tree};
use dissect::{Dissector, Options};

use crate::Status;
use crate::arguments::Dissect;
use crate::input;
use crate::output::{Output, Stop};

pub(crate) fn run(command: &Dissect) -> Status {
    let options = match command.how.options() {
        Ok(options) => options,
        Err(status) => return status,
    };
    let mut output = Output::new();
    let mut status = Status::Fine;
    for path in &command.files {
        match file(command, &options, path, &mut output) {
            Ok(file_status) => status = status.max(file_status),
            Err(Stop(stop)) => return status.max(stop),
        }
    }
    status
}

fn file(command: &Dissect, options: &Options, path: &Path, output: &mut Output) -> Result<Status, Stop> {
    let several = command.files.len() > 1;
    let mut dissector = Dissector::new(options.clone());
    let colour = command.colour.wanted();
    if command.json {
        let mut json = Json::new();
        if several {
            json.set_file(&path.to_string_lossy());
        }
        let mut sink = Filter::new(json, command.protocol.clone());
        return input::read(path, &mut dissector, &mut sink, output);
    }
    if command.tree || command.octets {
        let mut sink = Filter::new(Tree::new(colour, command.octets), command.protocol.clone());
        title(several, path, sink.output());
        return input::read(path, &mut dissector, &mut sink, output);
    }
    if command.protocol.is_empty() {
        let mut sink = Line::new(colour).with_debug_lines(command.ios);
        title(several, path, sink.output());
        return input::read(path, &mut dissector, &mut sink, output);
    }
    let mut sink = Filter::new(Line::new(colour).with_debug_lines(command.ios), command.protocol.clone());
    title(several, path, sink.output());
    input::read(path, &mut dissector, &mut sink, output)
}

/// Says which file the packets that follow are from, when there are several.
fn title(several: bool, path: &Path, text: &mut Vec<u8>) {
    if several {
        text.extend_from_slice(format!("== {} ==\n", path.display()).as_bytes());
    }
}
