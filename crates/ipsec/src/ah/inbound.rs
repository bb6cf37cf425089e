//! Packets on their way in.

use super::covered::CoverError;
use super::opened::verify;
use super::{Header, IntegrityAlgorithm, Opened, Quirks};
use crate::ip::{Headers, IpError};
use crate::lifetime::Lifetime;
use crate::replay::{ReplayError, ReplayWindow};
use crate::security_association::{Receiver, Rejection};
use crate::sequence::Numbering;
use crate::spi::Spi;
use crate::transform::NotAuthentic;
use crate::{Limit, NextHeader, ParseError};

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
    #[error("a header of {available} octets where the SA's has {needed}")]
    HeaderLen {
        /// Octets the SA's packets have.
        needed: usize,
        /// Octets there are.
        available: usize,
    },
    /// It is for another SA.
    #[error("the packet is for SPI {spi}")]
    OtherSpi {
        /// The index it carries.
        spi: Spi,
    },
    /// The SA is past its hard lifetime.
    #[error("the SA's lifetime is over")]
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

/// An SA for packets on their way in: an integrity algorithm, and the window that lets no packet in twice. `BLOCKS` is that of
/// [`ReplayWindow`]: 17 makes it 1024 wide.
#[derive(Debug)]
pub struct InboundSa<I, const BLOCKS: usize = 17> {
    integrity: I,
    receiver: Receiver<BLOCKS>,
    /// What the sender does that RFC 4302 does not have.
    pub quirks: Quirks,
    /// How much of its lifetime is used. Counted are whole IP packets: its `overhead` is what is around those.
    pub lifetime: Lifetime,
}

impl<I: IntegrityAlgorithm, const BLOCKS: usize> InboundSa<I, BLOCKS> {
    /// An SA that has received nothing.
    pub const fn new(spi: Spi, integrity: I, numbering: Numbering) -> Self {
        let lifetime = Lifetime::new(Limit::NONE, Limit::NONE, 0);
        Self { integrity, receiver: Receiver::new(spi, numbering), quirks: Quirks::NONE, lifetime }
    }

    /// The SA with this window: for who takes over from another, whose highest number was the one that the window
    /// [starts at](ReplayWindow::starting_at).
    #[must_use]
    pub const fn with_window(mut self, window: ReplayWindow<BLOCKS>) -> Self {
        self.receiver.window = window;
        self
    }

    /// The security parameters index.
    pub const fn spi(&self) -> Spi {
        self.receiver.spi
    }

    /// How wide its sequence numbers are.
    pub const fn numbering(&self) -> Numbering {
        self.receiver.numbering
    }

    /// What was accepted so far.
    pub const fn window(&self) -> &ReplayWindow<BLOCKS> {
        &self.receiver.window
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
        let (header, _) = Header::parse_prefix(packet.get(headers.len..).unwrap_or_default())?;
        let admitted = self.receiver.admit(header.spi, header.sequence_number, &self.lifetime);
        // The shape comes first: what is told of a packet does not depend on the SA's state.
        let (covered, header, payload) = super::Covered::new(
            packet,
            &headers,
            self.integrity.iv_len(),
            self.integrity.icv_len(),
            self.quirks,
        )?;
        let sequence = admitted?;
        let implied = self.receiver.numbering.implied(sequence);
        verify(&self.integrity, &covered, &header, implied)?;
        self.receiver.window.accept(sequence)?;
        self.lifetime.count(packet.len());
        Ok(Opened::new(packet, &headers, &covered, &header, self.integrity.icv_len(), sequence, payload))
    }
}
