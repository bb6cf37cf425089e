//! `vpnwire`, a command-line tool that reads captures and shows the protocols of IPsec high availability in them.

mod arguments;
mod decrypted_file;
mod dissect_command;
mod fields_command;
mod file_identity;
mod input;
mod key_arguments;
mod keys_command;
mod live_capture;
mod notes;
mod output;
mod psk_check_command;
mod roundtrip_command;
mod secret_file;
mod stats_command;
mod terminal_text;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Action, Arguments};

/// The exit status of a command. Of several, the greatest is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// Everything was done.
    Fine = 0,
    /// A capture ends in the middle or is damaged, or a message came back different.
    Damaged = 1,
    /// A file cannot be opened or is not a capture, or a key is not valid.
    Refused = 2,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let status = match &arguments.action {
        Action::Dissect(command) => dissect_command::run(command),
        Action::Stats(command) => stats_command::run(command),
        Action::Roundtrip(command) => roundtrip_command::run(command),
        Action::Keys(command) => keys_command::run(command),
        Action::PskCheck(command) => psk_check_command::run(command),
        Action::Fields { pattern } => fields_command::run(pattern.as_deref()),
        Action::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "vpnwire", &mut text);
            print(&text)
        }
        Action::Man { command } => man_page(command.as_deref()),
    };
    ExitCode::from(status as u8)
}

/// Prints the manual page of a command, or of the tool.
fn man_page(name: Option<&str>) -> Status {
    let mut command = Arguments::command();
    command.build();
    let page = match name {
        None => Some(command),
        Some(name) => {
            command.find_subcommand(name).map(|page| page.clone().version(env!("CARGO_PKG_VERSION")))
        }
    };
    let Some(page) = page else {
        let command = Arguments::command();
        let commands: Vec<_> = command.get_subcommands().map(clap::Command::get_name).collect();
        complain(format_args!(
            "there is no command {:?}: the commands are {}",
            name.unwrap_or_default(),
            commands.join(", ")
        ));
        return Status::Refused;
    };
    let mut text = Vec::new();
    match clap_mangen::Man::new(page).render(&mut text) {
        Ok(()) => print(&text),
        Err(_) => Status::Refused,
    }
}

/// Reports on standard error what is wrong, in one line without control characters. It is not an error if standard
/// error is closed.
fn complain(text: fmt::Arguments<'_>) {
    let text = terminal_text::escaped(&text.to_string());
    let _ = writeln!(std::io::stderr().lock(), "vpnwire: {text}");
}

/// Reports on standard error what is wrong with a file. `-` is called standard input.
fn complain_of(path: &Path, error: &dyn fmt::Display) {
    if path.as_os_str() == "-" {
        complain(format_args!("standard input: {error}"));
    } else {
        complain(format_args!("{}: {error}", path.display()));
    }
}

/// Prints on standard output. It is not an error if the reader of a pipe has closed it.
fn print(text: &[u8]) -> Status {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(format_args!("cannot write to standard output: {error}"));
            Status::Refused
        }
        _ => Status::Fine,
    }
}
