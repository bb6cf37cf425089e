//! The identity of the file behind a path or an open stream: its device and inode, whatever its name is.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// A file, whatever its name is. Two hard links, a symbolic link and its target, and standard input and the file that
/// it was opened from are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

#[cfg(unix)]
impl FileIdentity {
    /// `None` for a character device such as a terminal or `/dev/null`, which holds no octets that could be lost.
    pub(crate) fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let is_device = metadata.file_type().is_char_device();
        (!is_device).then(|| Self { device_and_inode: (metadata.dev(), metadata.ino()) })
    }

    /// The file at a path, where `-` is standard input. `None` when there is no such file.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        if path.as_os_str() == "-" { Self::of_stdin() } else { Self::of(&std::fs::metadata(path).ok()?) }
    }

    /// The file that standard input reads from.
    pub(crate) fn of_stdin() -> Option<Self> {
        Self::of_stream(&io::stdin())
    }

    /// The file that standard output is written to.
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
