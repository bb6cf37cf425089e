//! Standard output, written in large pieces; a reader that went away is no error.

use std::io::{ErrorKind, StdoutLock, Write};

use crate::{Status, complain};

const PIECE: usize = 1 << 16;

pub(crate) struct Output {
    stdout: StdoutLock<'static>,
}

/// Nobody reads on, or output fails: the command ends with this status.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop(pub(crate) Status);

impl Output {
    pub(crate) fn new() -> Self {
        Self { stdout: std::io::stdout().lock() }
    }

    /// Writes what was collected when it is a piece, or when there is no waiting.
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
                complain(format_args!("standard output: {error}"));
                Stop(Status::Refused)
            })?;
        }
        Ok(())
    }
}
