//! Files that hold secrets: keys, and words that may be one.

use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::path::Path;

use zeroize::Zeroizing;

/// What is made room for at first. Files of keys are small.
const ROOM: usize = 1 << 14;

/// All octets of a file, `-` for standard input. They are wiped when they go, and no copy is left where they were before there
/// was more room: standard input alone has a buffer of its own.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    if path.as_os_str() == "-" {
        all_of(std::io::stdin().lock(), ROOM)
    } else {
        all_of(File::open(path)?, ROOM)
    }
}

fn all_of(mut reader: impl Read, room: usize) -> Result<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(vec![0; room]);
    let mut len = 0;
    loop {
        let free = octets.get_mut(len..).unwrap_or_default();
        if free.is_empty() {
            // What grows by itself leaves its octets behind.
            let mut larger = Zeroizing::new(vec![0; len * 2 + 1]);
            larger.iter_mut().zip(octets.iter()).for_each(|(to, from)| *to = *from);
            octets = larger;
            continue;
        }
        match reader.read(free) {
            Ok(0) => {
                octets.truncate(len);
                return Ok(octets);
            }
            Ok(count) => len += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]
mod tests {
    use super::*;

    /// Gives an octet at a time, after an interruption.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(ErrorKind::Interrupted.into()) } else { self.0.read(&mut room[..1]) }
        }
    }

    #[test]
    fn every_octet_is_read_however_they_come() {
        let octets: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for len in [0, 1, 6, 7, 8, 1000] {
            for room in [0, 1, 7, 1000, 2000] {
                assert_eq!(*all_of(&octets[..len], room).unwrap(), octets[..len]);
                assert_eq!(*all_of(Slow(&octets[..len], false), room).unwrap(), octets[..len]);
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert_eq!(read(Path::new("no such file")).unwrap_err().kind(), ErrorKind::NotFound);
        // A folder opens, and is none.
        assert!(read(Path::new(env!("CARGO_MANIFEST_DIR"))).is_err());
    }
}
