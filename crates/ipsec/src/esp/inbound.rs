use core::time::Duration;

use crypto::NotAuthentic;
use wire::LengthError;

use super::padding::TRAILER_LEN;
use super::{Header, Opened, PaddingError, PaddingRule};
use crate::Esn;
use crate::Lifetime;
use crate::ParseError;
use crate::Spi;
use crate::receiver::{Receiver, Rejection};
use crate::transform::{MIN_ICV_LEN, Protected, Transform};
use crate::{ReplayError, ReplayWindow};

/// Why a packet was dropped, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// Too short for what the SA's transform puts into a packet.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The ciphertext does not fill its last block.
    #[error("{len} octets of ciphertext do not fill blocks of {block_len}")]
    Blocks {
        /// Octets of ciphertext.
        len: usize,
        /// Octets in a block.
        block_len: usize,
    },
    /// It is for another SA.
    #[error("the packet is for SPI {spi}, which is not that of this SA")]
    OtherSpi {
        /// The index it carries.
        spi: Spi,
    },
    /// The SA is past its hard lifetime.
    #[error("the hard lifetime of the SA is over")]
    Expired,
    /// It came before, or its number is too old to tell.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The ICV is wrong.
    #[error(transparent)]
    NotAuthentic(#[from] NotAuthentic),
    /// It is authentic, but does not end as a packet does.
    #[error(transparent)]
    Padding(#[from] PaddingError),
}

impl From<Rejection> for OpenError {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::OtherSpi { spi } => Self::OtherSpi { spi },
            Rejection::Expired => Self::Expired,
            Rejection::Replay(error) => Self::Replay(error),
        }
    }
}

impl From<ParseError> for OpenError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Length(error) => Self::Length(error),
            // A prefix has nothing behind it, and ESP no length of its own.
            ParseError::TrailingOctets { offset, len } => Self::Length(LengthError::Ends {
                within: "ESP packet",
                element: "ESP packet",
                offset,
                needed: 0,
                available: len,
            }),
            ParseError::PayloadLength { .. } => Self::Length(LengthError::Ends {
                within: "ESP packet",
                element: "ESP packet",
                offset: 0,
                needed: 0,
                available: 0,
            }),
        }
    }
}

/// Octets of ciphertext of a packet, when it is long enough for a transform's parts and fills its blocks.
#[inline]
fn check_len(transform: &impl Transform, packet: &[u8]) -> Result<usize, OpenError> {
    // An ICV that is shorter authenticates nothing, whatever the transform says of it.
    if transform.icv_len() < MIN_ICV_LEN {
        return Err(NotAuthentic.into());
    }
    let around = Header::LEN.saturating_add(transform.iv_len()).saturating_add(transform.icv_len());
    let block_len = transform.block_len();
    let needed = around.saturating_add(TRAILER_LEN.max(block_len));
    let text_len = match packet.len().checked_sub(around) {
        Some(text_len) if packet.len() >= needed => text_len,
        _ => {
            let error = LengthError::Ends {
                within: "ESP packet",
                element: "ESP packet",
                offset: 0,
                needed,
                available: packet.len(),
            };
            return Err(error.into());
        }
    };
    if text_len.checked_rem(block_len) != Some(0) {
        return Err(OpenError::Blocks { len: text_len, block_len });
    }
    Ok(text_len)
}

/// Verifies and decrypts a packet in place; returns initialization vector and text.
#[inline]
pub(super) fn decrypt<'a>(
    transform: &impl Transform,
    sequence_high: Option<u32>,
    packet: &'a mut [u8],
) -> Result<(&'a [u8], &'a [u8]), OpenError> {
    let text_len = check_len(transform, packet)?;
    let text_offset = Header::LEN.saturating_add(transform.iv_len());
    let icv_offset = text_offset.saturating_add(text_len);
    let (octets, icv) = packet.split_at_mut_checked(icv_offset).ok_or(NotAuthentic)?;
    let protected =
        Protected::new(octets, Header::LEN, text_offset, sequence_high).map_err(|_| NotAuthentic)?;
    transform.open(protected, icv)?;
    let octets = &*octets;
    let (before, text) = octets.split_at_checked(text_offset).ok_or(NotAuthentic)?;
    Ok((before.get(Header::LEN..).ok_or(NotAuthentic)?, text))
}

/// An SA for packets on their way in: a transform, the window that lets no packet in twice, and a lifetime. It alone changes them,
/// and neither goes back. `BLOCKS` is that of [`ReplayWindow`]: 17 makes it 1024 wide.
#[derive(Debug)]
pub struct InboundSa<T, const BLOCKS: usize = 17> {
    transform: T,
    receiver: Receiver<BLOCKS>,
    padding_rule: PaddingRule,
}

impl<T: Transform, const BLOCKS: usize> InboundSa<T, BLOCKS> {
    /// An SA that has received nothing, has no end, and takes [monotonic](PaddingRule::Monotonic) padding.
    pub const fn new(spi: Spi, transform: T, esn: Esn) -> Self {
        Self { transform, receiver: Receiver::new(spi, esn), padding_rule: PaddingRule::Monotonic }
    }

    /// The SA with what this window has accepted: for a standby that takes over this SA, whose highest number was the one that the
    /// window [starts at](ReplayWindow::starting_at). What the SA accepted before stays accepted.
    #[must_use]
    pub fn with_window(mut self, window: &ReplayWindow<BLOCKS>) -> Self {
        self.receiver.take_over(window);
        self
    }

    /// The SA with the limits of this lifetime, and with its usage for a standby that takes over. Limits that the SA has already stay,
    /// and so does what it has used: none lives longer for it.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.receiver.restrict(lifetime);
        self
    }

    /// The SA that takes this padding.
    #[must_use]
    pub const fn with_padding_rule(mut self, padding_rule: PaddingRule) -> Self {
        self.padding_rule = padding_rule;
        self
    }

    /// The security parameters index.
    pub const fn spi(&self) -> Spi {
        self.receiver.spi()
    }

    /// Whether its sequence numbers are extended.
    pub const fn esn(&self) -> Esn {
        self.receiver.esn()
    }

    /// What was accepted so far.
    pub const fn window(&self) -> &ReplayWindow<BLOCKS> {
        self.receiver.window()
    }

    /// How much of its lifetime is used.
    pub const fn lifetime(&self) -> &Lifetime {
        self.receiver.lifetime()
    }

    /// Tells how old the SA is by now. It never grows younger.
    pub fn grow(&mut self, age: Duration) {
        self.receiver.grow(age);
    }

    /// Verifies and decrypts a packet in place, from its SPI to its ICV, and returns what it holds.
    ///
    /// It is looked at in this order: length, SPI, lifetime, sequence number, ICV; then it is decrypted, its number is
    /// accepted, its octets are counted, and its trailer is looked at (RFC 4303 section 3.4).
    ///
    /// # Errors
    /// Why it was dropped. Up to a wrong ICV, packet, window and lifetime are as they were. A wrong trailer is found in a
    /// packet that is authentic: its number is accepted, it counts, and it is dropped.
    #[inline]
    pub fn open_in_place<'a>(&mut self, packet: &'a mut [u8]) -> Result<Opened<'a>, OpenError> {
        let (header, _) = Header::parse_prefix(packet)?;
        check_len(&self.transform, packet)?;
        let sequence = self.receiver.admit(header.spi, header.sequence_number)?;
        let len = packet.len();
        let (iv, text) = decrypt(&self.transform, self.receiver.esn().implied(sequence), packet)?;
        self.receiver.accept(sequence, len)?;
        let opened = Opened::new(header.spi, sequence, iv, text)?;
        if self.padding_rule == PaddingRule::Monotonic {
            opened.trailer().check_monotonic()?;
        }
        Ok(opened)
    }
}
