//! The file that `--decrypted` names.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use dissect::sinks::Decrypted;

use crate::output::Stop;
use crate::{Status, complain};

/// A capture of the packets that were decrypted.
pub(crate) struct DecryptedFile {
    path: PathBuf,
    file: BufWriter<File>,
}

impl DecryptedFile {
    /// Makes the file, unless a capture is read from it.
    pub(crate) fn create(path: &Path, captures: &[PathBuf]) -> Result<Self, Status> {
        let refused = |error: &dyn std::fmt::Display| {
            complain(format_args!("{}: {error}", path.display()));
            Status::Refused
        };
        if path.as_os_str() == "-" {
            return Err(refused(&"decrypted packets go to a file: standard output has the dissection"));
        }
        // A file that is not there is none of them.
        if let Ok(same) = path.canonicalize()
            && captures.iter().any(|capture| capture.canonicalize().is_ok_and(|capture| capture == same))
        {
            return Err(refused(&"a capture is read from this file: decrypted packets go to another"));
        }
        let file = File::create(path).map_err(|error| refused(&error))?;
        let mut file = BufWriter::new(file);
        file.write_all(&Decrypted::<()>::FILE_HEADER).map_err(|error| refused(&error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Writes the records that were collected.
    pub(crate) fn pass(&mut self, records: &mut Vec<u8>) -> Result<(), Stop> {
        let result = self.file.write_all(records);
        records.clear();
        result.map_err(|error| self.stop(&error))
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(), Stop> {
        self.file.flush().map_err(|error| self.stop(&error))
    }

    fn stop(&self, error: &std::io::Error) -> Stop {
        complain(format_args!("{}: {error}", self.path.display()));
        Stop(Status::Refused)
    }
}
