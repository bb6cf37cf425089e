use wire::{EmitError, copy};

use crate::NextHeader;

/// The greatest number of padding octets, RFC 4303 section 2.4.
pub const MAX_LEN: usize = 255;

/// Octets of the trailer behind the padding: pad length and next header.
pub(crate) const TRAILER_LEN: usize = 2;

/// The padding that a sender chooses, RFC 4303 sections 2.4 and 2.7, and what it stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Padding {
    /// What the payload is.
    pub next_header: NextHeader,
    /// Octets of padding at least; what blocks need besides is added.
    pub minimum_len: u8,
    /// Octets of traffic-flow-confidentiality padding, RFC 4303 section 2.7: zeros behind the payload, whose own length must
    /// tell where it ends.
    pub traffic_flow_len: usize,
}

impl Padding {
    /// No more padding than blocks need.
    #[must_use]
    pub const fn new(next_header: NextHeader) -> Self {
        Self { next_header, minimum_len: 0, traffic_flow_len: 0 }
    }
}

impl From<NextHeader> for Padding {
    fn from(next_header: NextHeader) -> Self {
        Self::new(next_header)
    }
}

/// What the text of a packet ends with, RFC 4303 sections 2.4 to 2.6. It is a part of the RFC's figure, so it is exhaustive.
///
/// The padding is a field, for a sender may put into it what it likes unless the algorithm says otherwise; its length is
/// derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Trailer<'a> {
    /// The padding.
    pub padding: &'a [u8],
    /// What the payload is.
    pub next_header: NextHeader,
}

/// A decrypted text that does not end as it should. The packet was authentic: its sender made it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PaddingError {
    /// The pad length reaches beyond the start of the text, or there is none.
    #[error("a pad length of {pad_len} reaches beyond the start of a text of {text_len} octets")]
    Length {
        /// The pad length; zero when the text is too short to have one.
        pad_len: usize,
        /// Octets of text.
        text_len: usize,
    },
    /// The padding is not 1, 2, 3 and so on, RFC 4303 section 2.4.
    #[error(
        "octet {position} of the padding, counted from 0, is {octet} and not the next of 1, 2, 3 and so on"
    )]
    Contents {
        /// Which octet of the padding, from 0.
        position: usize,
        /// What it is.
        octet: u8,
    },
}

/// What the padding of packets that are opened has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PaddingRule {
    /// 1, 2, 3 and so on: what RFC 4303 section 2.4 has senders write and receivers look at.
    #[default]
    Monotonic,
    /// Anything.
    Any,
}

impl<'a> Trailer<'a> {
    /// Cuts a decrypted text into payload and trailer.
    ///
    /// # Errors
    /// When the pad length reaches beyond the start of the text.
    pub fn split(text: &'a [u8]) -> Result<(&'a [u8], Self), PaddingError> {
        let Some((before, [pad_len, next_header])) = text.split_last_chunk::<TRAILER_LEN>() else {
            return Err(PaddingError::Length { pad_len: 0, text_len: text.len() });
        };
        let pad_len = usize::from(*pad_len);
        let (payload, padding) = before
            .len()
            .checked_sub(pad_len)
            .and_then(|payload_len| before.split_at_checked(payload_len))
            .ok_or(PaddingError::Length { pad_len, text_len: text.len() })?;
        Ok((payload, Self { padding, next_header: NextHeader(*next_header) }))
    }

    /// Whether the padding is 1, 2, 3 and so on.
    ///
    /// # Errors
    /// [`PaddingError::Contents`] for the first octet that is not.
    #[inline]
    pub fn check_monotonic(&self) -> Result<(), PaddingError> {
        if Some(self.padding) == MONOTONIC.get(..self.padding.len()) { Ok(()) } else { self.find_odd_octet() }
    }

    #[cold]
    fn find_odd_octet(&self) -> Result<(), PaddingError> {
        for (position, (octet, expected)) in (0..self.padding.len()).zip(self.padding.iter().zip(&MONOTONIC))
        {
            if octet != expected {
                return Err(PaddingError::Contents { position, octet: *octet });
            }
        }
        Ok(())
    }
}

/// Octets of padding behind `len` octets of payload, so that they fill blocks of `block_len` together with the trailer and
/// end on a multiple of four octets (RFC 4303 section 2.4), and are `minimum` at least.
///
/// Nothing when they would be more than [`MAX_LEN`].
#[must_use]
pub fn padding_len(len: usize, block_len: usize, minimum: usize) -> Option<usize> {
    let alignment = block_len.max(4);
    let unpadded = len.checked_add(TRAILER_LEN)?;
    let padded = unpadded.checked_add(minimum)?.checked_next_multiple_of(alignment)?;
    let padding_len = padded.checked_sub(unpadded)?;
    (padding_len <= MAX_LEN).then_some(padding_len)
}

/// 1, 2, 3 and so on.
const MONOTONIC: [u8; MAX_LEN] = {
    let mut octets = [0; MAX_LEN];
    let (mut rest, mut value) = (octets.as_mut_slice(), 1u8);
    while let Some((octet, others)) = rest.split_first_mut() {
        *octet = value;
        value = value.wrapping_add(1);
        rest = others;
    }
    octets
};

/// Writes 1, 2, 3 and so on.
#[inline]
pub(crate) fn write_monotonic(padding: &mut [u8]) -> Result<(), EmitError> {
    let len = padding.len();
    let overflow = EmitError::FieldOverflow { field: "ESP pad length", value: len, max: MAX_LEN };
    copy(padding, MONOTONIC.get(..len).ok_or(overflow)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_payload_and_trailer() {
        let (payload, trailer) = Trailer::split(&[9, 8, 1, 2, 3, 3, 4]).unwrap();
        assert_eq!(payload, [9, 8]);
        assert_eq!(trailer, Trailer { padding: &[1, 2, 3], next_header: NextHeader::IPV4 });
        let (payload, trailer) = Trailer::split(&[0, 59]).unwrap();
        assert_eq!((payload, trailer.padding, trailer.next_header), (&[][..], &[][..], NextHeader::NONE));
        let mut text = std::vec![7; 300];
        text[298] = 255;
        let (payload, trailer) = Trailer::split(&text).unwrap();
        assert_eq!((payload.len(), trailer.padding.len()), (43, 255));
    }

    #[test]
    fn padding_longer_than_its_text_is_refused() {
        assert_eq!(Trailer::split(&[1, 4, 17]), Err(PaddingError::Length { pad_len: 4, text_len: 3 }));
        assert_eq!(Trailer::split(&[1, 17]), Err(PaddingError::Length { pad_len: 1, text_len: 2 }));
        assert_eq!(Trailer::split(&[17]), Err(PaddingError::Length { pad_len: 0, text_len: 1 }));
        assert_eq!(Trailer::split(&[]), Err(PaddingError::Length { pad_len: 0, text_len: 0 }));
    }

    /// RFC 4303 section 2.4: "the first padding byte appended to the plaintext is numbered 1".
    #[test]
    fn padding_counts_from_one() {
        let mut padding = [0; 255];
        write_monotonic(&mut padding).unwrap();
        assert!(write_monotonic(&mut [0; 256]).is_err());
        assert_eq!((padding[0], padding[254]), (1, 255));
        let trailer = Trailer { padding: &padding, next_header: NextHeader::TCP };
        assert_eq!(trailer.check_monotonic(), Ok(()));
        for position in 0..255 {
            let mut padding = padding;
            padding[position] ^= 0x80;
            let octet = padding[position];
            let trailer = Trailer { padding: &padding, next_header: NextHeader::TCP };
            assert_eq!(trailer.check_monotonic(), Err(PaddingError::Contents { position, octet }));
        }
    }

    /// RFC 4303 section 2.4: blocks are filled, and the trailer ends on a multiple of four octets.
    #[test]
    fn payload_padding_and_trailer_fill_their_blocks() {
        let mut count = 0;
        for len in 0..100 {
            for block_len in [1, 4, 8, 16] {
                for minimum in [0, 1, 17, 200] {
                    let padding = padding_len(len, block_len, minimum).unwrap();
                    assert!((len + padding + 2).is_multiple_of(block_len.max(4)));
                    assert!(padding >= minimum && padding < minimum + block_len.max(4));
                    count += 1;
                }
            }
        }
        assert_eq!(count, 1600);
        assert_eq!(padding_len(100, 8, 0), Some(2), "the ping of 100 octets");
        assert_eq!(padding_len(6, 8, 0), Some(0));
        assert_eq!(padding_len(6, 8, 255), None, "one octet too many to count");
        assert_eq!(padding_len(7, 8, 255), Some(255));
        assert_eq!(padding_len(usize::MAX, 8, 0), None);
    }
}
