//! Cisco's fragments of a message, put together.

use alloc::vec::Vec;

use isakmp::payload::fragment::Fragment;
use isakmp::reassembly::{Progress, Reassembly, ReassemblyError};

/// A message that is put together from its fragments, which may come in any order.
///
/// Senders give every message the same number. Therefore a fragment that contradicts the earlier ones begins a new
/// message.
#[derive(Debug, Default)]
pub struct FragmentedMessage {
    reassembly: Reassembly,
    // The length of all fragments so far.
    octets: Vec<u8>,
}

impl FragmentedMessage {
    /// The greatest length in octets of a message. A longer one would not fit into a datagram.
    pub const MAX_LEN: usize = 65_535;

    /// Makes a message without fragments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a fragment. Returns the message when it is complete, and is then ready for the next one. `None` when
    /// fragments are missing.
    ///
    /// # Errors
    /// Returns a [`ReassemblyError`] when the fragment contradicts the earlier ones, or when all of them together are
    /// too long. The earlier fragments are then forgotten, and this fragment is the first of a new message.
    pub fn accept(&mut self, fragment: &Fragment<'_>) -> Result<Option<Vec<u8>>, ReassemblyError> {
        match self.put(fragment) {
            Ok(Progress::Complete { len }) => {
                let mut octets = core::mem::take(self).octets;
                octets.truncate(len);
                Ok(Some(octets))
            }
            Ok(Progress::Incomplete) => Ok(None),
            Err(error) => {
                *self = Self::default();
                // A fragment that is refused even alone leaves nothing behind.
                if self.put(fragment).is_err() {
                    *self = Self::default();
                }
                Err(error)
            }
        }
    }

    fn put(&mut self, fragment: &Fragment<'_>) -> Result<Progress, ReassemblyError> {
        let used = self.octets.len();
        let needed = used.saturating_add(fragment.data.len());
        if needed > Self::MAX_LEN {
            return Err(ReassemblyError::TooLong { needed, available: Self::MAX_LEN });
        }
        self.octets.resize(needed, 0);
        let received = self.reassembly.received_count();
        let result = self.reassembly.accept(fragment, &mut self.octets);
        if let Ok((reassembly, _)) = &result {
            self.reassembly = *reassembly;
        }
        if self.reassembly.received_count() == received {
            // The fragment is a duplicate, or does not fit.
            self.octets.truncate(used);
        }
        result.map(|(_, progress)| progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(number: u8, flags: u8, data: &[u8]) -> Fragment<'_> {
        Fragment { identifier: 1, number, flags, data }
    }

    #[test]
    fn the_second_message_of_the_same_number_is_collected_like_the_first() {
        let mut message = FragmentedMessage::new();
        for text in [b"one", b"two"] {
            assert_eq!(message.accept(&fragment(2, 1, b"!")), Ok(None));
            assert_eq!(message.accept(&fragment(2, 1, b"!")), Ok(None));
            assert_eq!(message.accept(&fragment(1, 0, text)), Ok(Some([&text[..], b"!"].concat())));
        }
    }

    #[test]
    fn a_fragment_that_contradicts_begins_anew() {
        let mut message = FragmentedMessage::new();
        message.accept(&fragment(1, 0, b"lost")).unwrap();
        let error = message.accept(&fragment(1, 0, b"new "));
        assert_eq!(error, Err(ReassemblyError::Conflict { number: 1 }));
        assert_eq!(message.accept(&fragment(2, 1, b"one")), Ok(Some(b"new one".to_vec())));
    }

    #[test]
    fn a_message_that_is_too_long_is_refused() {
        let long = std::vec![0; 40_000];
        let mut message = FragmentedMessage::new();
        message.accept(&fragment(1, 0, &long)).unwrap();
        let error = message.accept(&fragment(2, 1, &long)).unwrap_err();
        assert_eq!(error, ReassemblyError::TooLong { needed: 80_000, available: 65_535 });
    }
}
