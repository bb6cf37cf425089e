//! Standard output, written in large pieces. It is not an error if the reader of a pipe has closed it.

use std::io::{ErrorKind, StdoutLock, Write};

use crate::{Status, complain};

/// The number of octets that are collected before they are written: half of what a pipe of Linux holds, so that its
/// reader can take one half while the other is filled.
const PIECE: usize = 1 << 15;

/// Standard output, locked.
pub(crate) struct Output {
    stdout: StdoutLock<'static>,
}

/// The output was closed or failed, so the command ends with this status.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop(pub(crate) Status);

impl Output {
    pub(crate) fn new() -> Self {
        Self { stdout: std::io::stdout().lock() }
    }

    /// Writes the collected octets when there are enough of them, or always when `at_once` is true.
    pub(crate) fn pass(&mut self, collected: &mut Vec<u8>, at_once: bool) -> Result<(), Stop> {
        if collected.len() >= PIECE || (at_once && !collected.is_empty()) {
            let result = self.stdout.write_all(collected).and_then(|()| match at_once {
                true => self.stdout.flush(),
                false => Ok(()),
            });
            collected.clear();
            result.map_err(|error| {
                if error.kind() == ErrorKind::BrokenPipe {
                    return Stop(Status::Fine);
                }
                complain(format_args!("cannot write to standard output: {error}"));
                Stop(Status::Refused)
            })?;
        }
        Ok(())
    }
}
