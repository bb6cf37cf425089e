use core::time::Duration;

use crypto::NotAuthentic;

use super::covered::CoverError;
use super::opened::verify;
use super::{Header, IntegrityAlgorithm, Opened, Quirks};
use crate::Esn;
use crate::Lifetime;
use crate::Spi;
use crate::ip::{Headers, IpError};
use crate::receiver::{Receiver, Rejection};
use crate::{NextHeader, ParseError};
use crate::{ReplayError, ReplayWindow};

/// The reason why an SA dropped a packet. The SA checks in the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The octets are not a whole IP packet that has AH after the IP header and the extension headers.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The length field of AH is too small for its fixed part, or the packet ends before AH does.
    #[error(transparent)]
    Header(#[from] ParseError),
    /// The header does not have the length that the SA's algorithm makes, RFC 4302 section 3.3.3.2.1.
    #[error(
        "the header of AH has {available} octets, but the algorithm of this SA makes headers of {needed}"
    )]
    HeaderLen {
        /// The length in octets of the headers of this SA.
        needed: usize,
        /// The length in octets of the header in the packet.
        available: usize,
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
}

impl From<CoverError> for OpenError {
    fn from(error: CoverError) -> Self {
        match error {
            CoverError::Ip(error) => Self::Ip(error),
            CoverError::Header(error) => Self::Header(error),
            CoverError::IcvLen { needed, available } => Self::HeaderLen { needed, available },
        }
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

/// A receiving SA of AH: an integrity algorithm, a replay window and a lifetime. Only the SA itself changes window
/// and lifetime, and neither goes back.
///
/// `BLOCKS` is that of [`ReplayWindow`]. The default of 17 makes a window of 1024 numbers. Rust uses the default only
/// where the type is written out with `<…>`, so write `InboundSa::<_>::new(..)`, or `InboundSa::<_, 65>::new(..)` for
/// another width. Without it, the compiler says that it cannot infer `BLOCKS` (E0284).
#[derive(Debug)]
pub struct InboundSa<I, const BLOCKS: usize = 17> {
    integrity: I,
    receiver: Receiver<BLOCKS>,
    quirks: Quirks,
}

impl<I: IntegrityAlgorithm, const BLOCKS: usize> InboundSa<I, BLOCKS> {
    /// Makes an SA that has received nothing. Its lifetime has no limits.
    pub const fn new(spi: Spi, integrity: I, esn: Esn) -> Self {
        Self { integrity, receiver: Receiver::new(spi, esn), quirks: Quirks::NONE }
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
    /// SA. The limits that the SA already has stay, so no SA lives longer because of this call. The SA counts whole
    /// IP packets, so the overhead is only what is around those.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.receiver.restrict(lifetime);
        self
    }

    /// Sets the quirks of the sender of this SA's packets.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
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

    /// Verifies a whole IP packet and returns the parts that AH protects. AH does not encrypt, so the packet is not
    /// changed. [`strip_in_place`](super::strip_in_place) removes the header afterwards.
    ///
    /// The SA checks in this order: the shape of the packet (it must not be a fragment, RFC 4302 section 3.4.1), SPI,
    /// lifetime, sequence number, ICV. Then it accepts the number and counts the octets.
    ///
    /// # Errors
    /// Returns an [`OpenError`] that says why the packet was dropped. Window and lifetime are then unchanged.
    pub fn open<'a>(&mut self, packet: &'a [u8]) -> Result<Opened<'a>, OpenError> {
        let headers = Headers::before(NextHeader::AH, packet)?;
        let (header, _) = Header::parse_prefix(headers.split(packet).1)?;
        let admitted = self.receiver.admit(header.spi, header.sequence_number);
        // The shape is checked first, so that this error does not depend on the state of the SA.
        let (covered, header, payload) = super::Covered::new(
            packet,
            &headers,
            self.integrity.iv_len(),
            self.integrity.icv_len(),
            self.quirks,
        )?;
        let sequence = admitted?;
        let implied = self.receiver.esn().implied(sequence);
        verify(&self.integrity, &covered, &header, implied)?;
        self.receiver.accept(sequence, packet.len())?;
        Ok(Opened::new(packet, &headers, &covered, &header, self.integrity.icv_len(), sequence, payload))
    }
}
