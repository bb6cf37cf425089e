use wire::{EmitError, copy};

use crate::NextHeader;

/// The greatest number of padding octets, RFC 4303 section 2.4.
pub const MAX_LEN: usize = 255;

/// The length in octets of the trailer behind the padding: pad length and next header.
pub(crate) const TRAILER_LEN: usize = 2;

/// The next header of a packet and the padding that its sender chooses, RFC 4303 sections 2.4 and 2.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Padding {
    /// The protocol of the payload.
    pub next_header: NextHeader,
    /// The least number of padding octets. The octets that the cipher's blocks need are added where this is too few.
    pub minimum_len: u8,
    /// The number of octets of traffic-flow-confidentiality padding, RFC 4303 section 2.7. They are zeros behind the
    /// payload, and the payload must state its own length.
    pub traffic_flow_len: usize,
}

impl Padding {
    /// Makes a value with no more padding than the blocks need.
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

/// The trailer of a packet's text, RFC 4303 sections 2.4 to 2.6. It is a part of the RFC's figure, so the struct is
/// exhaustive.
///
/// The padding is a field, because a sender may put any octets into it unless the algorithm forbids that. Its length
/// is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Trailer<'a> {
    /// The padding octets.
    pub padding: &'a [u8],
    /// The protocol of the payload.
    pub next_header: NextHeader,
}

/// The reason why a decrypted text does not end as RFC 4303 demands.
///
/// In an [`OpenError`](super::OpenError), the packet was authentic, so the text was not damaged on the way. Either the
/// cipher or its key is not that of the sender, or the sender pads in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PaddingError {
    /// The pad length reaches beyond the start of the text, or the text is too short to have a pad length.
    #[error(
        "the pad length field says {pad_len}, which reaches beyond the start of the text of {text_len} octets"
    )]
    Length {
        /// The value of the pad length field, or zero when the text is too short to have one.
        pad_len: usize,
        /// The length of the text in octets.
        text_len: usize,
    },
    /// The padding octets are not 1, 2, 3 and so on, RFC 4303 section 2.4.
    #[error(
        "octet {position} of the padding, counted from 0, is {octet}, but padding octets must be 1, 2, 3 and so on"
    )]
    Contents {
        /// The position of the wrong octet in the padding, counted from 0.
        position: usize,
        /// The value of the wrong octet.
        octet: u8,
    },
}

/// The rule for the padding of the packets that an SA opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PaddingRule {
    /// The padding must be 1, 2, 3 and so on, which RFC 4303 section 2.4 tells senders to write and receivers to
    /// check.
    #[default]
    Monotonic,
    /// Any padding is accepted.
    Any,
}

impl<'a> Trailer<'a> {
    /// Splits a decrypted text into payload and trailer.
    ///
    /// # Errors
    /// Returns [`PaddingError::Length`] when the pad length reaches beyond the start of the text.
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

    /// Checks that the padding is 1, 2, 3 and so on.
    ///
    /// # Errors
    /// Returns [`PaddingError::Contents`] for the first octet that differs.
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

/// Returns how many octets of padding follow `len` octets of payload. Payload, padding and trailer together fill
/// blocks of `block_len` octets and end on a multiple of four octets (RFC 4303 section 2.4). The padding has at least
/// `minimum` octets.
///
/// `None` when the padding would be longer than [`MAX_LEN`].
#[must_use]
pub fn padding_len(len: usize, block_len: usize, minimum: usize) -> Option<usize> {
    let alignment = block_len.max(4);
    let unpadded = len.checked_add(TRAILER_LEN)?;
    let padded = unpadded.checked_add(minimum)?.checked_next_multiple_of(alignment)?;
    let padding_len = padded.checked_sub(unpadded)?;
    (padding_len <= MAX_LEN).then_some(padding_len)
}

/// The octets 1, 2, 3 and so on.
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

/// Writes 1, 2, 3 and so on into the padding.
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

    /// RFC 4303 section 2.4: the first octet of padding is 1.
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
