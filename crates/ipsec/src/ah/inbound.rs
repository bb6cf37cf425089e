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

/// Why a packet was dropped, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// It is no whole IP packet in which AH follows the IP header and the extension headers before it.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The header of AH is too short for itself, or the packet for it.
    #[error(transparent)]
    Header(#[from] ParseError),
    /// The header is not as long as the SA's algorithm makes it, RFC 4302 section 3.3.3.2.1.
    #[error("the header has {available} octets, and those of this SA have {needed}")]
    HeaderLen {
        /// Octets the SA's packets have.
        needed: usize,
        /// Octets there are.
        available: usize,
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

/// An SA for packets on their way in: an integrity algorithm, the window that lets no packet in twice, and a lifetime. It alone changes
/// them, and neither goes back. `BLOCKS` is that of [`ReplayWindow`]: 17 makes it 1024 wide.
#[derive(Debug)]
pub struct InboundSa<I, const BLOCKS: usize = 17> {
    integrity: I,
    receiver: Receiver<BLOCKS>,
    quirks: Quirks,
}

impl<I: IntegrityAlgorithm, const BLOCKS: usize> InboundSa<I, BLOCKS> {
    /// An SA that has received nothing, and has no end.
    pub const fn new(spi: Spi, integrity: I, esn: Esn) -> Self {
        Self { integrity, receiver: Receiver::new(spi, esn), quirks: Quirks::NONE }
    }

    /// The SA with what this window has accepted: for a standby that takes over this SA, whose highest number was the one that the
    /// window [starts at](ReplayWindow::starting_at). What the SA accepted before stays accepted.
    #[must_use]
    pub fn with_window(mut self, window: &ReplayWindow<BLOCKS>) -> Self {
        self.receiver.take_over(window);
        self
    }

    /// The SA with the limits of this lifetime, and with its usage for a standby that takes over. Limits that the SA has already stay,
    /// and so does what it has used: none lives longer for it. Counted are whole IP packets: the overhead is what is around those.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.receiver.restrict(lifetime);
        self
    }

    /// The SA whose sender does what RFC 4302 does not have.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
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

    /// Verifies a whole IP packet and returns what its AH protects. Nothing is decrypted, so nothing in it changes;
    /// [`strip_in_place`](super::strip_in_place) takes the header out.
    ///
    /// It is looked at in this order: the packet's shape (a fragment is none, RFC 4302 section 3.4.1), SPI, lifetime, sequence
    /// number, ICV; then its number is accepted and its octets are counted.
    ///
    /// # Errors
    /// Why it was dropped; window and lifetime are as they were.
    pub fn open<'a>(&mut self, packet: &'a [u8]) -> Result<Opened<'a>, OpenError> {
        let headers = Headers::before(NextHeader::AH, packet)?;
        let (header, _) = Header::parse_prefix(headers.split(packet).1)?;
        let admitted = self.receiver.admit(header.spi, header.sequence_number);
        // The shape comes first: what is told of a packet does not depend on the SA's state.
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
