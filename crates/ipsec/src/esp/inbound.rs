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

/// The reason why an SA dropped a packet. The SA checks in the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The packet is too short for the header, initialization vector, trailer and ICV of the SA's transform.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// The ciphertext does not fill whole cipher blocks.
    #[error(
        "the ciphertext has {len} octets, which is not a multiple of the block length of {block_len} octets"
    )]
    Blocks {
        /// The length of the ciphertext in octets.
        len: usize,
        /// The block length of the cipher in octets.
        block_len: usize,
    },
    /// The packet carries the SPI of another SA.
    #[error("the packet is for SPI {spi}, which is not the SPI of this SA")]
    OtherSpi {
        /// The SPI that the packet carries.
        spi: Spi,
    },
    /// The hard lifetime of the SA is over.
    #[error("the hard lifetime of the SA is over")]
    Expired,
    /// The packet was accepted before, or its sequence number is too old for the replay window.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The ICV is wrong: the packet was changed on the way, or was sealed with another key.
    #[error(transparent)]
    NotAuthentic(#[from] NotAuthentic),
    /// The packet is authentic, but its padding or pad length is wrong. The packet is decrypted, its number is accepted and
    /// its octets count.
    #[error(transparent)]
    Padding(#[from] PaddingError),
}

impl OpenError {
    /// Tells whether the ICV of the packet was verified and is right. Only [`Padding`](Self::Padding) says so: the octets
    /// are those that the sender sealed, but what they decrypt to does not end like a packet of ESP. Most likely the
    /// cipher or its key is not that of the sender; otherwise the sender pads in another way ([`PaddingRule::Any`]
    /// accepts it).
    ///
    /// All other errors give `false`, also those of checks that come before the ICV, such as
    /// [`Replay`](Self::Replay): the ICV of such a packet was not computed, so it may be right or wrong.
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        matches!(self, Self::Padding(_))
    }
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
            // ESP has no length field of its own, so nothing follows a prefix.
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

/// Returns the length of the ciphertext, when the packet is long enough for the parts of the transform and the
/// ciphertext fills whole blocks.
#[inline]
fn check_len(transform: &impl Transform, packet: &[u8]) -> Result<usize, OpenError> {
    // A shorter ICV does not authenticate, whatever the transform says of it.
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

/// Verifies and decrypts a packet in place. Returns the initialization vector and the decrypted text.
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

/// A receiving SA of ESP: a transform, a replay window and a lifetime. Only the SA itself changes window and
/// lifetime, and neither goes back.
///
/// `BLOCKS` is that of [`ReplayWindow`]. The default of 17 makes a window of 1024 numbers. Rust uses the default only
/// where the type is written out with `<…>`, so write `InboundSa::<_>::new(..)`, or `InboundSa::<_, 65>::new(..)` for
/// another width. Without it, the compiler says that it cannot infer `BLOCKS` (E0284).
#[derive(Debug)]
pub struct InboundSa<T, const BLOCKS: usize = 17> {
    transform: T,
    receiver: Receiver<BLOCKS>,
    padding_rule: PaddingRule,
}

impl<T: Transform, const BLOCKS: usize> InboundSa<T, BLOCKS> {
    /// Makes an SA that has received nothing. Its lifetime has no limits, and padding must be
    /// [monotonic](PaddingRule::Monotonic).
    pub const fn new(spi: Spi, transform: T, esn: Esn) -> Self {
        Self { transform, receiver: Receiver::new(spi, esn), padding_rule: PaddingRule::Monotonic }
    }

    /// Adds the numbers that `window` has accepted, for a standby that takes over this SA. A standby that knows only
    /// the highest number uses a window that [starts at](ReplayWindow::starting_at) it. What the SA itself accepted
    /// before stays accepted.
    #[must_use]
    pub fn with_window(mut self, window: &ReplayWindow<BLOCKS>) -> Self {
        self.receiver.take_over(window);
        self
    }

    /// Adds the limits of `lifetime`, and takes its usage where that is greater, for a standby that takes over this
    /// SA. The limits that the SA already has stay, so no SA lives longer because of this call.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.receiver.restrict(lifetime);
        self
    }

    /// Sets which padding the SA accepts.
    #[must_use]
    pub const fn with_padding_rule(mut self, padding_rule: PaddingRule) -> Self {
        self.padding_rule = padding_rule;
        self
    }

    /// Returns the security parameters index.
    pub const fn spi(&self) -> Spi {
        self.receiver.spi()
    }

    /// Tells whether the sequence numbers are extended.
    pub const fn esn(&self) -> Esn {
        self.receiver.esn()
    }

    /// Returns the replay window: the numbers that the SA has accepted.
    pub const fn window(&self) -> &ReplayWindow<BLOCKS> {
        self.receiver.window()
    }

    /// Returns the lifetime, which tells how much of it is used.
    pub const fn lifetime(&self) -> &Lifetime {
        self.receiver.lifetime()
    }

    /// Sets the age of the SA. A smaller age than before is ignored.
    pub fn grow(&mut self, age: Duration) {
        self.receiver.grow(age);
    }

    /// Opens a packet in place: verifies and decrypts it, and returns its parts. The packet reaches from its SPI to
    /// the end of its ICV, without an IP header.
    ///
    /// The SA checks in this order (RFC 4303 section 3.4): length, SPI, lifetime, sequence number, ICV. Then it
    /// decrypts the packet, accepts its number, counts its octets, and checks its trailer.
    ///
    /// `Ok` shows that the key for authentication is right. With a wrong key of a separate cipher, about one packet in 256
    /// still has a trailer that looks right, and its payload is then noise.
    ///
    /// # Errors
    /// Returns an [`OpenError`] that says why the packet was dropped. Packet, window and lifetime are then unchanged,
    /// except for [`OpenError::Padding`]: such a packet is authentic, so its number is accepted and its octets count.
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
