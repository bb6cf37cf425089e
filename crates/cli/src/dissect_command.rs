//! The command `vpnwire dissect`.

use std::path::{Path, PathBuf};

use dissect::display_filter::Matching;
use dissect::sinks::{Columns, Decrypted, Filter, Json, Line, Output as Sink, Tree};
use dissect::{Dissector, Options};

use crate::arguments::Dissect;
use crate::decrypted_file::DecryptedFile;
use crate::input;
use crate::output::{Output, Stop};
use crate::terminal_text::escaped;
use crate::{Status, complain};

pub(crate) fn run(command: &Dissect) -> Status {
    match dissect(command) {
        Ok(status) | Err(status) => status,
    }
}

fn dissect(command: &Dissect) -> Result<Status, Status> {
    let options = command.how.options()?;
    let decrypted = command.decrypted.as_ref();
    let inputs = || command.files.iter().map(PathBuf::as_path).chain(command.how.secret_files());
    let decrypted = decrypted.map(|path| DecryptedFile::create(path, inputs())).transpose()?;
    let mut run = Run { command, options, output: Output::new(), decrypted };
    let mut status = Status::Fine;
    for path in &command.files {
        match run.file(path) {
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

/// What one run of the command keeps over all files.
struct Run<'a> {
    command: &'a Dissect,
    options: Options,
    output: Output,
    decrypted: Option<DecryptedFile>,
}

impl Run<'_> {
    fn file(&mut self, path: &Path) -> Result<Status, Stop> {
        let command = self.command;
        let colour = command.colour.wanted();
        let is_one_of_several = command.files.len() > 1;
        if !command.fields.is_empty() {
            let columns = Columns::new(&command.fields).map_err(|error| {
                complain(format_args!("--fields: {error}"));
                Stop(Status::Refused)
            })?;
            let columns = columns.with_separator(&command.separator).with_octets(command.octets);
            let mut columns = columns.with_json(command.json);
            if command.json && is_one_of_several {
                columns.set_file(&path.to_string_lossy());
            }
            return self.filtered(path, columns);
        }
        if command.json {
            let mut json = Json::new().with_octets(command.octets);
            if is_one_of_several {
                json.set_file(&path.to_string_lossy());
            }
            // What most runs are should not pay for a filter that lets all pass.
            return if self.has_filter() { self.filtered(path, json) } else { self.read(path, json) };
        }
        if command.tree || command.octets {
            let mut tree = Tree::new(colour, command.octets);
            self.title(path, tree.output());
            return self.filtered(path, tree);
        }
        let mut line = Line::new(colour).with_debug_lines(command.ios);
        self.title(path, line.output());
        if self.has_filter() { self.filtered(path, line) } else { self.read(path, line) }
    }

    const fn has_filter(&self) -> bool {
        !self.command.protocol.is_empty() || self.command.filter.is_some()
    }

    /// Reads the capture into a sink, and keeps the frames that the options ask for.
    fn filtered(&mut self, path: &Path, sink: impl Sink) -> Result<Status, Stop> {
        let sink = Filter::new(sink, self.command.protocol.clone());
        match &self.command.filter {
            Some(filter) => self.read(path, Matching::new(sink, filter.clone())),
            None => self.read(path, sink),
        }
    }

    fn read(&mut self, path: &Path, sink: impl Sink) -> Result<Status, Stop> {
        let mut dissector = Dissector::new(self.options.clone());
        let mut sink = Decrypted::new(sink, self.decrypted.is_some());
        input::read(path, &mut dissector, &mut sink, &mut self.output, |sink| {
            let Some(file) = &mut self.decrypted else { return Ok(()) };
            sink.packet().map_or(Ok(()), |packet| file.write(&packet))
        })
    }

    /// Adds a title with the name of the file whose packets follow, when there are several files.
    fn title(&self, path: &Path, text: &mut Vec<u8>) {
        if self.command.files.len() > 1 {
            let name = escaped(&path.to_string_lossy());
            text.extend_from_slice(format!("== {name} ==\n").as_bytes());
        }
    }
}
