//! The command `vpnwire dissect`.

use std::path::{Path, PathBuf};

use dissect::display_filter::Matching;
use dissect::sinks::{Columns, Decrypted, Filter, Json, Line, Output as Sink, Tree};
use dissect::{Dissector, Options};

use crate::arguments::Dissect;
use crate::decrypted_file::DecryptedFile;
use crate::input;
use crate::live_capture::{self, Interface};
use crate::output::{Output, Stop};
use crate::terminal_text::escaped;
use crate::{Status, complain};

pub(crate) fn run(command: &Dissect) -> Status {
    match dissect(command) {
        Ok(status) | Err(status) => status,
    }
}

/// Where frames come from.
enum Input<'a> {
    File(&'a Path),
    Interface(Interface),
}

fn dissect(command: &Dissect) -> Result<Status, Status> {
    is_one_input(command)?;
    let options = command.how.options()?;
    let decrypted = command.decrypted.as_ref();
    let interface = match &command.interface {
        Some(name) => Some(Interface::open(name, !command.no_promiscuous).map_err(|error| {
            complain(format_args!("{name}: {error}"));
            Status::Refused
        })?),
        None => None,
    };
    let inputs = || command.files.iter().map(PathBuf::as_path).chain(command.how.secret_files());
    let decrypted = decrypted.map(|path| DecryptedFile::create(path, inputs())).transpose()?;
    let mut run = Run { command, options, output: Output::new(), decrypted };
    let mut status = Status::Fine;
    let files = command.files.iter().map(|path| Input::File(path));
    for input in files.chain(interface.map(Input::Interface)) {
        match run.input(input) {
            Ok(file_status) => status = status.max(file_status),
            Err(Stop(stop)) => {
                status = status.max(stop);
                break;
            }
        }
    }
    if let Some(Err(Stop(stop))) = run.decrypted.map(DecryptedFile::finish) {
        status = status.max(stop);
    }
    Ok(status)
}

/// Refuses a command that names neither captures nor an interface, or both.
fn is_one_input(command: &Dissect) -> Result<(), Status> {
    match (command.files.is_empty(), &command.interface) {
        (true, None) => complain(format_args!(
            "there is nothing to dissect: name one or more captures, `-` for standard input, or an interface with -i"
        )),
        (false, Some(_)) => complain(format_args!(
            "captures and an interface (-i) are both named, but only one of these can be dissected at a time"
        )),
        _ => return Ok(()),
    }
    Err(Status::Refused)
}

/// What one run of the command keeps over all files.
struct Run<'a> {
    command: &'a Dissect,
    options: Options,
    output: Output,
    decrypted: Option<DecryptedFile>,
}

impl Run<'_> {
    fn input(&mut self, input: Input<'_>) -> Result<Status, Stop> {
        let command = self.command;
        let colour = command.colour.wanted();
        let title = self.title(&input);
        if !command.fields.is_empty() {
            let columns = Columns::new(&command.fields).map_err(|error| {
                complain(format_args!("--fields: {error}"));
                Stop(Status::Refused)
            })?;
            let columns = columns.with_separator(&command.separator).with_octets(command.octets);
            let mut columns = columns.with_json(command.json);
            if let Some(name) = title.filter(|_| command.json) {
                columns.set_file(&name);
            }
            return self.filtered(input, columns);
        }
        if command.json {
            let mut json = Json::new().with_octets(command.octets);
            if let Some(name) = title {
                json.set_file(&name);
            }
            // What most runs are should not pay for a filter that lets all pass.
            return if self.has_filter() { self.filtered(input, json) } else { self.read(input, json) };
        }
        let title = title.map(|name| format!("== {} ==\n", escaped(&name))).unwrap_or_default();
        if command.tree || command.octets {
            let mut tree = Tree::new(colour, command.octets);
            tree.output().extend_from_slice(title.as_bytes());
            return self.filtered(input, tree);
        }
        let mut line = Line::new(colour).with_debug_lines(command.ios);
        line.output().extend_from_slice(title.as_bytes());
        if self.has_filter() { self.filtered(input, line) } else { self.read(input, line) }
    }

    const fn has_filter(&self) -> bool {
        !self.command.protocol.is_empty() || self.command.filter.is_some()
    }

    /// Reads the frames into a sink, and keeps those that the options ask for.
    fn filtered(&mut self, input: Input<'_>, sink: impl Sink) -> Result<Status, Stop> {
        let sink = Filter::new(sink, self.command.protocol.clone());
        match &self.command.filter {
            Some(filter) => self.read(input, Matching::new(sink, filter.clone())),
            None => self.read(input, sink),
        }
    }

    fn read<S: Sink>(&mut self, input: Input<'_>, sink: S) -> Result<Status, Stop> {
        let mut dissector = Dissector::new(self.options.clone());
        let mut sink = Decrypted::new(sink, self.decrypted.is_some());
        let Self { command, output, decrypted, .. } = self;
        let after = |sink: &mut Decrypted<S>| {
            let Some(file) = decrypted else { return Ok(()) };
            sink.packet().map_or(Ok(()), |packet| file.write(&packet))
        };
        match input {
            Input::File(path) => input::read(path, &mut dissector, &mut sink, output, after),
            Input::Interface(mut interface) => {
                live_capture::read(&mut interface, command.count, &mut dissector, &mut sink, output, after)
            }
        }
    }

    /// The name of the file whose packets follow, when there are several files.
    fn title(&self, input: &Input<'_>) -> Option<String> {
        match input {
            Input::File(path) if self.command.files.len() > 1 => Some(path.to_string_lossy().into_owned()),
            _ => None,
        }
    }
}
