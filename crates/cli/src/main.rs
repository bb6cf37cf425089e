//! `vpnwire`: reads captures, and says what is in them.

mod arguments;
mod decrypted_file;
mod dissect_command;
mod file_identity;
mod input;
mod keys_command;
mod output;
mod psk_check_command;
mod roundtrip_command;
mod secret_file;
mod terminal_text;

use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Action, Arguments};

/// How a command ended; the greatest of several counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Fine = 0,
    /// A capture ends in the middle or is damaged; a message came back different.
    Damaged = 1,
    /// A file that cannot be opened, or is no capture.
    Refused = 2,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let status = match &arguments.action {
        Action::Dissect(command) => dissect_command::run(command),
        Action::Roundtrip(command) => roundtrip_command::run(command),
        Action::Keys(command) => keys_command::run(command),
        Action::PskCheck(command) => psk_check_command::run(command),
        Action::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "vpnwire", &mut text);
            print(&text)
        }
        Action::Man { command } => man_page(command.as_deref()),
    };
    ExitCode::from(status as u8)
}

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
        complain(format_args!("no command {:?}", name.unwrap_or_default()));
        return Status::Refused;
    };
    let mut text = Vec::new();
    match clap_mangen::Man::new(page).render(&mut text) {
        Ok(()) => print(&text),
        Err(_) => Status::Refused,
    }
}

/// Says what is wrong on standard error, in one line that holds no command to the terminal. When nobody listens there, nothing is lost.
fn complain(text: fmt::Arguments<'_>) {
    let text = terminal_text::escaped(&text.to_string());
    let _ = writeln!(std::io::stderr().lock(), "vpnwire: {text}");
}

fn print(text: &[u8]) -> Status {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(format_args!("standard output: {error}"));
            Status::Refused
        }
        _ => Status::Fine,
    }
}
