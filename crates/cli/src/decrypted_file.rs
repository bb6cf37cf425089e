//! The capture file that `--decrypted` names.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use capture::{Frame, LinkType, WriteError, Writer};

use crate::file_identity::FileIdentity;
use crate::output::Stop;
use crate::{Status, complain};

/// A capture of the packets that were decrypted, open for writing.
pub(crate) struct DecryptedFile {
    path: PathBuf,
    writer: Writer<BufWriter<File>>,
}

impl DecryptedFile {
    /// Creates the file, which only its owner can read, or empties it if it exists. It is refused if `inputs`
    /// (captures and files of keys) or standard input are read from it, or if standard output is written to it.
    pub(crate) fn create<'p>(path: &Path, inputs: impl Iterator<Item = &'p Path>) -> Result<Self, Status> {
        let refused = |error: &dyn std::fmt::Display| {
            complain(format_args!("--decrypted {}: {error}", path.display()));
            Status::Refused
        };
        if path.as_os_str() == "-" {
            return Err(refused(
                &"the decrypted packets cannot go to standard output, which has the dissection: name a file",
            ));
        }
        // The contents are not touched before it is known whether they are read.
        let file = open(path)
            .map_err(|error| refused(&format_args!("the file cannot be opened for writing: {error}")))?;
        let own = identity(path, &file);
        if own.is_some() {
            let mut read = inputs.map(FileIdentity::at).chain([FileIdentity::of_stdin()]);
            if read.any(|input| input == own) {
                return Err(refused(
                    &"a capture or keys are read from this file, and it would be overwritten: name another file",
                ));
            }
            if FileIdentity::of_stdout() == own {
                return Err(refused(&"standard output is written to this file too: name another file"));
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

    /// Writes the packets that are still in the buffer.
    pub(crate) fn finish(self) -> Result<(), Stop> {
        self.writer.finish().map(drop).map_err(|error| stop(&self.path, &error))
    }
}

fn stop(path: &Path, error: &WriteError) -> Stop {
    complain(format_args!("--decrypted {}: the file cannot be written: {error}", path.display()));
    Stop(Status::Refused)
}

/// Opens a file without changing it, or creates one that only its owner can read.
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

/// Empties a file, and makes it readable for its owner only. A pipe or a device is not changed.
fn empty(file: &File) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.set_len(0)
}
