//! The command `vpnwire stats`.

mod json;
mod tables;

use std::path::Path;

use dissect::Dissector;
use dissect::sinks::statistics::{Counter, Limits};

use crate::Status;
use crate::arguments::Stats;
use crate::input;
use crate::output::{Output, Stop};
use crate::terminal_text::escaped;

pub(crate) fn run(command: &Stats) -> Status {
    let options = match command.how.options() {
        Ok(options) => options,
        Err(status) => return status,
    };
    let mut output = Output::new();
    let mut counter = Counter::new(Limits::default());
    // The files are counted as one capture, so what the dissector knows stays from one to the next.
    let mut dissector = Dissector::new(options);
    let mut status = Status::Fine;
    for (number, path) in command.files.iter().enumerate() {
        counter.set_file(number);
        match input::read(path, &mut dissector, &mut counter, &mut output, |_| Ok(())) {
            Ok(of_file) => status = status.max(of_file),
            Err(Stop(stop)) => return status.max(stop),
        }
    }
    let names: Vec<_> = command.files.iter().map(|path| name(path)).collect();
    let statistics = counter.statistics();
    let mut text = if command.json {
        json::object(&statistics, &names)
    } else {
        tables::text(&statistics, &names).into_bytes()
    };
    match output.pass(&mut text, true) {
        Ok(()) => status,
        Err(Stop(stop)) => status.max(stop),
    }
}

fn name(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}
