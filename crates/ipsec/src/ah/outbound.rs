use core::time::Duration;

use crypto::{IvRule, ShapeError};
use wire::EmitError;

use super::covered::CoverError;
use super::integrity::{MAX_ICV_LEN, check_icv_len};
use super::{Covered, Header, IntegrityAlgorithm, Quirks};
use crate::Lifetime;
use crate::NextHeader;
use crate::Spi;
use crate::ip::{Headers, IpError, Version};
use crate::place::{place, put, wipe};
use crate::sender::{Refusal, Sender};
use crate::transform::MIN_ICV_LEN;
use crate::{Esn, SequenceNumber};

/// Why a packet was not sealed. But for [`Shape`](Self::Shape), no sequence number was used for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// Index 0 is for local use and never sent, RFC 4302 section 2.4.
    #[error("an SA whose SPI is 0 must not send: 0 is for local use")]
    LocalSpi,
    /// The SA is past its hard lifetime.
    #[error("the hard lifetime of the SA is over")]
    Expired,
    /// All sequence numbers are used up, RFC 4302 section 3.3.2: another SA has to be made.
    #[error("no sequence number is left after {last}")]
    SequenceExhausted {
        /// The last one used.
        last: SequenceNumber,
    },
    /// The algorithm's initialization vector is not one that a counter makes.
    #[error("AH makes no initialization vector whose rule is {rule:?}")]
    IvRule {
        /// What it would have to be.
        rule: IvRule,
    },
    /// The values do not make the ICV field that the algorithm has, of a packet that is sealed again; or there is no room for its
    /// ICV, which is longer than that of any algorithm of AH.
    #[error("the ICV field has to have {needed} octets, and there are {available}")]
    IcvLen {
        /// Octets it has to have.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// The algorithm's ICV is shorter than any that authenticates: [`MIN_ICV_LEN`].
    #[error("an ICV of {len} octets is too short to authenticate a packet: it has at least {MIN_ICV_LEN}")]
    IcvTooShort {
        /// Octets that it has.
        len: usize,
    },
    /// The algorithm has an initialization vector that its rule does not fill: eight octets of counter, or none.
    #[error(
        "the algorithm takes an initialization vector of {needed} octets, and its rule gives {available}"
    )]
    IvLen {
        /// Octets the algorithm needs.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// The algorithm did not compute an ICV of what it said it would take. The packet was filled with zeros, and its sequence number is
    /// used up.
    #[error("the algorithm does not take packets of the lengths it asks for: {0}")]
    Shape(#[from] ShapeError),
    /// What should be sealed is no IP packet that AH takes.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The buffer has no room.
    #[error(transparent)]
    Emit(#[from] EmitError),
}

impl From<Refusal> for SealError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::LocalSpi => Self::LocalSpi,
            Refusal::Expired => Self::Expired,
            Refusal::SequenceExhausted { last } => Self::SequenceExhausted { last },
        }
    }
}

impl From<CoverError> for SealError {
    fn from(error: CoverError) -> Self {
        match error {
            CoverError::Ip(error) => Self::Ip(error),
            CoverError::IcvLen { needed, available } => Self::IcvLen { needed, available },
            // It was written just before.
            CoverError::Header(_) => Self::IcvLen { needed: 0, available: 0 },
        }
    }
}

/// An SA for packets on their way out: an integrity algorithm, the counter that no two packets share, and a lifetime. It alone changes
/// them, and neither goes back.
///
/// It cannot be cloned, for a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundSa<I> {
    integrity: I,
    sender: Sender,
    quirks: Quirks,
}

/// What an algorithm says of its lengths: asked for once for a packet, so that all of its parts agree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lens {
    pub(crate) iv: usize,
    pub(crate) icv: usize,
}

impl Lens {
    #[inline]
    pub(crate) fn of(integrity: &impl IntegrityAlgorithm) -> Self {
        Self { iv: integrity.iv_len(), icv: integrity.icv_len() }
    }

    /// Octets of the header in a packet of this version.
    pub(crate) const fn header_len(self, version: Version, quirks: Quirks) -> usize {
        quirks.header_len(version, self.iv.saturating_add(self.icv))
    }
}

impl<I: IntegrityAlgorithm> OutboundSa<I> {
    /// An SA that has sent nothing, and has no end. Its key must be of no other SA.
    pub const fn new(spi: Spi, integrity: I, esn: Esn) -> Self {
        Self { integrity, sender: Sender::new(spi, esn), quirks: Quirks::NONE }
    }

    /// The SA with its next number after `last`: for a standby that takes over this SA, whose last number may have been this. It
    /// never goes back.
    #[must_use]
    pub fn resumed_after(mut self, last: SequenceNumber) -> Self {
        self.sender.resume_after(last);
        self
    }

    /// The SA with the limits of this lifetime, and with its usage for a standby that takes over. Limits that the SA has already stay,
    /// and so does what it has used: none lives longer for it. Counted are whole IP packets: the overhead is what is around those.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.sender.restrict(lifetime);
        self
    }

    /// The SA that does what RFC 4302 does not have.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// The security parameters index.
    pub const fn spi(&self) -> Spi {
        self.sender.spi()
    }

    /// Whether its sequence numbers are extended.
    pub const fn esn(&self) -> Esn {
        self.sender.esn()
    }

    /// The number of the last packet; zero when there was none.
    pub const fn sequence(&self) -> SequenceNumber {
        self.sender.last()
    }

    /// How much of its lifetime is used.
    pub const fn lifetime(&self) -> &Lifetime {
        self.sender.lifetime()
    }

    /// Tells how old the SA is by now. It never grows younger.
    pub fn grow(&mut self, age: Duration) {
        self.sender.grow(age);
    }

    /// Octets to leave free before a packet: those of the header in IPv6, which in IPv4 may be fewer.
    pub fn headroom(&self) -> usize {
        self.header_len(Version::V6)
    }

    /// Octets of the header in a packet of this version.
    pub fn header_len(&self, version: Version) -> usize {
        Lens::of(&self.integrity).header_len(version, self.quirks)
    }

    /// Seals the IP packet of `packet_len` octets that stands in `buffer` behind [`headroom`](Self::headroom) free octets, and
    /// returns the packet: its headers move towards the front, AH comes behind them, and length, protocol and checksum say so.
    ///
    /// That is transport mode (RFC 4302 section 3.1.1). In tunnel mode the packet has its outer header already.
    ///
    /// # Errors
    /// When there is no room, the octets are no whole IP packet, or the SA is at its end. Buffer and counter are as they were then.
    ///
    /// When the algorithm does not take the packet: all octets that would have been the packet are zeros then, and the sequence
    /// number is used up.
    pub fn seal_in_place<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
    ) -> Result<&'b mut [u8], SealError> {
        let sequence = self.sender.next()?;
        let lens = Lens::of(&self.integrity);
        let headroom = lens.header_len(Version::V6, self.quirks);
        let headers = Headers::to_insert_behind(place(buffer, headroom, packet_len)?)?;
        let header_len = lens.header_len(headers.version, self.quirks);
        let start = headroom.saturating_sub(header_len);
        let packet = place(buffer, start, header_len.saturating_add(packet_len))?;
        self.check(packet, &headers, header_len, lens)?;
        // Only an algorithm that does not keep to what it says fails from here on.
        self.sender.used(sequence);
        if let Err(error) = self.seal_behind(packet, &headers, header_len, lens, sequence) {
            wipe(packet);
            return Err(error);
        }
        self.sender.count(packet.len());
        Ok(packet)
    }

    /// Whether a packet can be sealed whose headers stand behind the octets of AH's.
    fn check(
        &self,
        packet: &[u8],
        headers: &Headers,
        header_len: usize,
        lens: Lens,
    ) -> Result<(), SealError> {
        let max = match headers.version {
            Version::V4 => usize::from(u16::MAX),
            Version::V6 => usize::from(u16::MAX).saturating_add(Version::V6.header_len()),
        };
        let len = packet.len();
        if len > max {
            return Err(IpError::TooLong { len }.into());
        }
        let needed = header_len.saturating_add(headers.len);
        let network =
            packet.get(header_len..needed).ok_or(EmitError::BufferTooSmall { needed, available: len })?;
        Covered::check(network, headers.version)?;
        let available = match self.integrity.iv_rule() {
            IvRule::None => 0,
            IvRule::NeverRepeated => size_of::<SequenceNumber>(),
            rule => return Err(SealError::IvRule { rule }),
        };
        if lens.iv != available {
            return Err(SealError::IvLen { needed: lens.iv, available });
        }
        check_icv_len(lens.icv)
    }

    /// Moves the headers to the front, and seals.
    fn seal_behind(
        &self,
        packet: &mut [u8],
        headers: &Headers,
        header_len: usize,
        lens: Lens,
        sequence: SequenceNumber,
    ) -> Result<(), SealError> {
        headers.shift(packet, header_len, 0)?;
        headers.rewrite(packet, NextHeader::AH)?;
        let parts = Parts {
            next_header: headers.next_header,
            reserved: 0,
            spi: self.sender.spi(),
            sequence,
            padding: &[],
        };
        let counter = sequence.0.to_be_bytes();
        // `check` has seen that the vector is the counter, or has no octets.
        let iv = if lens.iv == 0 { &[][..] } else { &counter };
        let implied = self.sender.esn().implied(sequence);
        parts.seal(&self.integrity, packet, headers, lens, iv, implied, self.quirks)
    }
}

/// What a header of AH is made from.
pub(crate) struct Parts<'a> {
    pub(crate) next_header: NextHeader,
    pub(crate) reserved: u16,
    pub(crate) spi: Spi,
    pub(crate) sequence: SequenceNumber,
    pub(crate) padding: &'a [u8],
}

impl Parts<'_> {
    /// Writes the header behind `headers`, which say that it follows, and its ICV.
    #[allow(
        clippy::too_many_arguments,
        reason = "each is another part of what is sealed, and none belongs to another"
    )]
    pub(crate) fn seal(
        &self,
        integrity: &impl IntegrityAlgorithm,
        packet: &mut [u8],
        headers: &Headers,
        lens: Lens,
        iv: &[u8],
        sequence_high: Option<u32>,
        quirks: Quirks,
    ) -> Result<(), SealError> {
        check_icv_len(lens.icv)?;
        if iv.len() != lens.iv {
            return Err(SealError::IvLen { needed: lens.iv, available: iv.len() });
        }
        let header_len = lens.header_len(headers.version, quirks);
        self.write(place(packet, headers.len, header_len)?, iv, lens.icv)?;
        let mut icv = [0; MAX_ICV_LEN];
        let icv = place(&mut icv, 0, lens.icv)?;
        let (covered, _, _) = Covered::new(packet, headers, lens.iv, lens.icv, quirks)?;
        integrity.compute(&covered, sequence_high, icv)?;
        let icv_offset = headers.len.saturating_add(Header::FIXED_LEN).saturating_add(lens.iv);
        put(packet, icv_offset, icv)?;
        Ok(())
    }

    /// Writes the header with an ICV of zeros, as long as `octets` are.
    pub(crate) fn write(&self, octets: &mut [u8], iv: &[u8], icv_len: usize) -> Result<(), EmitError> {
        let header_len = octets.len();
        let header = Header {
            next_header: self.next_header,
            reserved: self.reserved,
            spi: self.spi,
            sequence_number: self.sequence.low(),
            icv: &[],
        };
        let fixed: [u8; Header::FIXED_LEN] = zerocopy::transmute!(header.layout(header_len)?);
        let mut writer = wire::Writer::for_len(octets, header_len)?;
        writer.put(&fixed)?;
        writer.put(iv)?;
        writer.fill(0, icv_len)?;
        writer.put(self.padding)?;
        let left = header_len.saturating_sub(writer.position());
        writer.fill(0, left)
    }
}
