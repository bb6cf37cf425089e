//! The file that `--decrypted` names.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use capture::{Frame, LinkType, WriteError, Writer};

use crate::file_identity::FileIdentity;
use crate::output::Stop;
use crate::{Status, complain};

/// A capture of the packets that were decrypted.
pub(crate) struct DecryptedFile {
    path: PathBuf,
    writer: Writer<BufWriter<File>>,
}

impl DecryptedFile {
    /// Makes the file, which its owner alone can read, or empties it, unless something is read from it: a capture or a file of keys
    /// in `inputs`, or standard input.
    pub(crate) fn create<'p>(path: &Path, inputs: impl Iterator<Item = &'p Path>) -> Result<Self, Status> {
        let refused = |error: &dyn std::fmt::Display| {
            complain(format_args!("{}: {error}", path.display()));
            Status::Refused
        };
        if path.as_os_str() == "-" {
            return Err(refused(&"decrypted packets go to a file: standard output has the dissection"));
        }
        // Nothing that is in it is touched before it is known whether it is read from.
        let file = open(path).map_err(|error| refused(&error))?;
        let own = identity(path, &file);
        if own.is_some() {
            let mut read = inputs.map(FileIdentity::at).chain([FileIdentity::of_stdin()]);
            if read.any(|input| input == own) {
                return Err(refused(
                    &"a capture or keys are read from this file: decrypted packets go to another",
                ));
            }
            if FileIdentity::of_stdout() == own {
                return Err(refused(&"standard output goes to this file: decrypted packets go to another"));
            }
        }
        empty(&file).map_err(|error| refused(&error))?;
        let writer = Writer::pcap(BufWriter::new(file), LinkType::RAW).map_err(|error| refused(&error))?;
        Ok(Self { path: path.to_owned(), writer })
    }

    /// Writes a packet that was decrypted.
    pub(crate) fn write(&mut self, packet: &Frame<'_>) -> Result<(), Stop> {
        self.writer.write(packet).map_err(|error| stop(&self.path, &error))
    }

    /// Writes what is left.
    pub(crate) fn finish(self) -> Result<(), Stop> {
        self.writer.finish().map(drop).map_err(|error| stop(&self.path, &error))
    }
}

fn stop(path: &Path, error: &WriteError) -> Stop {
    complain(format_args!("{}: {error}", path.display()));
    Stop(Status::Refused)
}

/// Opens a file as it is, or makes one that its owner alone can read.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn identity(_: &Path, file: &File) -> Option<FileIdentity> {
    FileIdentity::of(&file.metadata().ok()?)
}

#[cfg(not(unix))]
fn identity(path: &Path, _: &File) -> Option<FileIdentity> {
    FileIdentity::at(path)
}

/// Empties a file, and takes it from all but its owner; a pipe or a device stays as it is.
fn empty(file: &File) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.set_len(0)
}
