//! Reads the octets of a file of secrets up to a limit, and wipes them when they are dropped.

use std::io::{self, ErrorKind, Read};

use zeroize::Zeroizing;

use crate::{KeyFileError, MAX_FILE_LEN};

/// The length in octets of the first buffer. Most files of keys are small.
const ROOM: usize = 1 << 14;

/// Why no keys were read from a reader.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The reader failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file has no known format, is too long, or has an entry that is wrong. The error repeats no text of the file.
    #[error(transparent)]
    File(#[from] KeyFileError),
}

/// Reads at most one octet more than [`MAX_FILE_LEN`]; that octet shows that the file is too long. When the buffer
/// grows, the old one is wiped.
pub(crate) fn read(reader: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    up_to(reader, ROOM, MAX_FILE_LEN.saturating_add(1))
}

fn up_to(mut reader: impl Read, room: usize, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(vec![0; room.min(most)]);
    let mut len = 0_usize;
    loop {
        let free = octets.get_mut(len..).unwrap_or_default();
        if free.is_empty() {
            if len >= most {
                return Ok(octets);
            }
            // A vector that grows by itself would leave a copy of its octets behind.
            let mut larger = Zeroizing::new(vec![0; len.saturating_mul(2).saturating_add(1).min(most)]);
            larger.iter_mut().zip(octets.iter()).for_each(|(to, from)| *to = *from);
            octets = larger;
            continue;
        }
        match reader.read(free) {
            Ok(0) => {
                octets.truncate(len);
                return Ok(octets);
            }
            Ok(count) => len = len.saturating_add(count).min(octets.len()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that gives one octet at a time, and is interrupted before each.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(ErrorKind::Interrupted.into()) } else { self.0.read(&mut room[..1]) }
        }
    }

    #[test]
    fn every_octet_is_read_however_they_come_up_to_the_limit() {
        let octets: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for len in [0, 1, 6, 7, 8, 1000] {
            for room in [0, 1, 7, 1000, 2000] {
                for most in [1, 7, 8, 999, 1000, 5000] {
                    let expected = &octets[..len.min(most)];
                    assert_eq!(*up_to(&octets[..len], room, most).unwrap(), expected);
                    assert_eq!(*up_to(Slow(&octets[..len], false), room, most).unwrap(), expected);
                }
            }
        }
    }
}
