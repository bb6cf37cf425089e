//! Packets on their way out.

use crypto::IvRule;
use wire::EmitError;

use super::covered::CoverError;
use super::integrity::{MAX_ICV_LEN, check_icv_len};
use super::{Covered, Header, IntegrityAlgorithm, Quirks};
use crate::ip::{Headers, IpError, Version};
use crate::lifetime::Lifetime;
use crate::security_association::{Refusal, Sender};
use crate::sequence::{Numbering, SequenceNumber};
use crate::spi::Spi;
use crate::{Limit, NextHeader};

/// A packet that was not sealed. No sequence number was used for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// Index 0 is for local use and never sent, RFC 4302 section 2.4.
    #[error("an SA whose SPI is 0 sends nothing")]
    LocalSpi,
    /// The SA is past its hard lifetime.
    #[error("the SA's lifetime is over")]
    Expired,
    /// All sequence numbers are used up, RFC 4302 section 3.3.2: another SA has to be made.
    #[error("no sequence number is left after {last}")]
    SequenceExhausted {
        /// The last one used.
        last: SequenceNumber,
    },
    /// The algorithm's initialization vector is not one that a counter makes.
    #[error("AH has no initialization vector whose rule is {rule:?}")]
    IvRule {
        /// What it would have to be.
        rule: IvRule,
    },
    /// The values do not make the ICV field that the algorithm has, of a packet that is sealed again; or there is no room for its
    /// ICV, which is longer than that of any algorithm of AH.
    #[error("an ICV field of {needed} octets, not {available}")]
    IcvLen {
        /// Octets it has to have.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
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

/// An SA for packets on their way out: an integrity algorithm, and the counter that no two packets share.
///
/// It cannot be cloned, for a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundSa<I> {
    integrity: I,
    sender: Sender,
    /// What is done that RFC 4302 does not have.
    pub quirks: Quirks,
    /// How much of its lifetime is used. Counted are whole IP packets: its `overhead` is what is around those.
    pub lifetime: Lifetime,
}

impl<I: IntegrityAlgorithm> OutboundSa<I> {
    /// An SA that has sent nothing. Its key must be of no other SA.
    pub const fn new(spi: Spi, integrity: I, numbering: Numbering) -> Self {
        let lifetime = Lifetime::new(Limit::NONE, Limit::NONE, 0);
        Self { integrity, sender: Sender::new(spi, numbering), quirks: Quirks::NONE, lifetime }
    }

    /// The SA with its next number after `last`: for who takes over from another, whose last number may have been this. It
    /// never goes back.
    #[must_use]
    pub fn resumed_after(mut self, last: SequenceNumber) -> Self {
        self.sender.resume_after(last);
        self
    }

    /// The security parameters index.
    pub const fn spi(&self) -> Spi {
        self.sender.spi
    }

    /// How wide its sequence numbers are.
    pub const fn numbering(&self) -> Numbering {
        self.sender.numbering
    }

    /// The number of the last packet; zero when there was none.
    pub const fn sequence(&self) -> SequenceNumber {
        self.sender.last
    }

    /// Octets to leave free before a packet: those of the header in IPv6, which in IPv4 may be fewer.
    pub fn headroom(&self) -> usize {
        self.header_len(Version::V6)
    }

    /// Octets of the header in a packet of this version.
    pub fn header_len(&self, version: Version) -> usize {
        let field = self.integrity.iv_len().saturating_add(self.integrity.icv_len());
        self.quirks.header_len(version, field)
    }

    /// Seals the IP packet of `packet_len` octets that stands in `buffer` behind [`headroom`](Self::headroom) free octets, and
    /// returns the packet: its headers move towards the front, AH comes behind them, and length, protocol and checksum say so.
    ///
    /// That is transport mode (RFC 4302 section 3.1.1). In tunnel mode the packet has its outer header already.
    ///
    /// # Errors
    /// When there is no room, the octets are no whole IP packet, or the SA is at its end. Buffer and counter are as they were.
    pub fn seal_in_place<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
    ) -> Result<&'b mut [u8], SealError> {
        let sequence = self.sender.next(&self.lifetime)?;
        let (headroom, available) = (self.headroom(), buffer.len());
        let needed = headroom.saturating_add(packet_len);
        let packet = buffer.get(headroom..needed).ok_or(EmitError::BufferTooSmall { needed, available })?;
        let headers = Headers::to_insert_behind(packet)?;
        let header_len = self.header_len(headers.version);
        let start = headroom.saturating_sub(header_len);
        let packet = buffer.get_mut(start..needed).unwrap_or_default();
        self.seal_behind(packet, &headers, header_len, sequence)?;
        Ok(packet)
    }

    /// Moves the headers to the front, and seals.
    fn seal_behind(
        &mut self,
        packet: &mut [u8],
        headers: &Headers,
        header_len: usize,
        sequence: SequenceNumber,
    ) -> Result<(), SealError> {
        let max = match headers.version {
            Version::V4 => usize::from(u16::MAX),
            Version::V6 => usize::from(u16::MAX).saturating_add(Version::V6.header_len()),
        };
        if packet.len() > max {
            return Err(IpError::TooLong { len: packet.len() }.into());
        }
        let network_end = header_len.saturating_add(headers.len);
        Covered::check(packet.get(header_len..network_end).unwrap_or_default(), headers.version)?;
        if self.integrity.iv_rule() == IvRule::Unpredictable {
            return Err(SealError::IvRule { rule: IvRule::Unpredictable });
        }
        check_icv_len(self.integrity.icv_len())?;
        // Nothing fails from here on.
        headers.shift(packet, header_len, 0);
        self.seal_at(packet, headers, sequence)?;
        self.sender.used(sequence);
        self.lifetime.count(packet.len());
        Ok(())
    }

    fn seal_at(
        &self,
        packet: &mut [u8],
        headers: &Headers,
        sequence: SequenceNumber,
    ) -> Result<(), SealError> {
        headers.rewrite(packet, NextHeader::AH)?;
        let header = Parts {
            next_header: headers.next_header,
            reserved: 0,
            spi: self.sender.spi,
            sequence,
            padding: &[],
        };
        let octets = sequence.0.to_be_bytes();
        let iv = match self.integrity.iv_rule() {
            IvRule::None => &[][..],
            IvRule::NeverRepeated => &octets,
            rule => return Err(SealError::IvRule { rule }),
        };
        let implied = self.sender.numbering.implied(sequence);
        header.seal(&self.integrity, packet, headers, iv, implied, self.quirks)
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
    pub(crate) fn seal(
        &self,
        integrity: &impl IntegrityAlgorithm,
        packet: &mut [u8],
        headers: &Headers,
        iv: &[u8],
        sequence_high: Option<u32>,
        quirks: Quirks,
    ) -> Result<(), SealError> {
        let (iv_len, icv_len) = (integrity.iv_len(), integrity.icv_len());
        check_icv_len(icv_len)?;
        let header_len = quirks.header_len(headers.version, iv_len.saturating_add(icv_len));
        self.write(packet.get_mut(headers.len..).unwrap_or_default(), header_len, iv, icv_len)?;
        let mut icv = [0; MAX_ICV_LEN];
        let icv = icv.get_mut(..icv_len).unwrap_or_default();
        let (covered, _, _) = Covered::new(packet, headers, iv_len, icv_len, quirks)?;
        integrity.compute(&covered, sequence_high, icv);
        let icv_offset = headers.len.saturating_add(Header::FIXED_LEN).saturating_add(iv_len);
        let place = packet.get_mut(icv_offset..).unwrap_or_default();
        for (to, from) in place.iter_mut().zip(icv.iter()) {
            *to = *from;
        }
        Ok(())
    }

    /// Writes the header with an ICV of zeros.
    pub(crate) fn write(
        &self,
        buffer: &mut [u8],
        header_len: usize,
        iv: &[u8],
        icv_len: usize,
    ) -> Result<(), EmitError> {
        let header = Header {
            next_header: self.next_header,
            reserved: self.reserved,
            spi: self.spi,
            sequence_number: self.sequence.low(),
            icv: &[],
        };
        let fixed: [u8; Header::FIXED_LEN] = zerocopy::transmute!(header.layout(header_len)?);
        let mut writer = wire::Writer::for_len(buffer, header_len)?;
        writer.put(&fixed)?;
        writer.put(iv)?;
        writer.fill(0, icv_len)?;
        writer.put(self.padding)?;
        let left = header_len.saturating_sub(writer.position());
        writer.fill(0, left)
    }
}
