//! The place of live capture on systems where it does not exist.

use super::Received;

/// An interface, which cannot be opened here: no value of this type exists.
pub(crate) enum Interface {}

impl Interface {
    pub(crate) fn open(_: &str, _: bool) -> Result<Self, String> {
        Err("capturing on an interface is possible only on Linux: capture into a file with another program, and \
             give the file to this command"
            .to_owned())
    }

    pub(super) fn name(&self) -> &str {
        match *self {}
    }

    pub(super) fn is_stopped(&self) -> bool {
        match *self {}
    }

    pub(super) fn receive(&mut self) -> Result<Received<'_>, String> {
        match *self {}
    }

    pub(super) fn wait(&self) -> Result<(), String> {
        match *self {}
    }

    pub(super) fn lost(&self) -> u32 {
        match *self {}
    }
}
