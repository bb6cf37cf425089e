//! Which file a path, or a stream that is open, is: by device and inode, however it is reached.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// A file, whatever its names are: hard links, symbolic links and what standard input was opened from are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

#[cfg(unix)]
impl FileIdentity {
    /// Nothing for what holds no octets that could be lost: terminals, `/dev/null`.
    pub(crate) fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let is_device = metadata.file_type().is_char_device();
        (!is_device).then(|| Self { device_and_inode: (metadata.dev(), metadata.ino()) })
    }

    /// The file at a path; `-` is standard input.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        if path.as_os_str() == "-" { Self::of_stdin() } else { Self::of(&std::fs::metadata(path).ok()?) }
    }

    /// What standard input reads from.
    pub(crate) fn of_stdin() -> Option<Self> {
        Self::of_stream(&io::stdin())
    }

    /// What standard output goes to.
    pub(crate) fn of_stdout() -> Option<Self> {
        Self::of_stream(&io::stdout())
    }

    fn of_stream(stream: &impl std::os::fd::AsFd) -> Option<Self> {
        let file = std::fs::File::from(stream.as_fd().try_clone_to_owned().ok()?);
        Self::of(&file.metadata().ok()?)
    }
}

#[cfg(not(unix))]
impl FileIdentity {
    pub(crate) fn at(path: &Path) -> Option<Self> {
        Some(Self { path: path.canonicalize().ok()? })
    }

    pub(crate) const fn of_stdin() -> Option<Self> {
        None
    }

    pub(crate) const fn of_stdout() -> Option<Self> {
        None
    }
}
