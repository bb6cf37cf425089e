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

/// The reason why a packet was not sealed. No sequence number is used up, except for [`Shape`](Self::Shape).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// The SPI of the SA is 0, which is for local use and is never sent, RFC 4302 section 2.4.
    #[error("the SPI of the SA is 0, which is for local use and must not be sent; use 256 or more")]
    LocalSpi,
    /// The hard lifetime of the SA is over.
    #[error("the hard lifetime of the SA is over; negotiate another SA")]
    Expired,
    /// All sequence numbers are used up, RFC 4302 section 3.3.2. Another SA must be negotiated.
    #[error("no sequence number is left after {last}; negotiate another SA")]
    SequenceExhausted {
        /// The last number that was used.
        last: SequenceNumber,
    },
    /// The algorithm needs an initialization vector that the counter cannot give.
    #[error(
        "AH takes initialization vectors from the counter only, but the rule of the algorithm is {rule:?}"
    )]
    IvRule {
        /// The rule of the algorithm's initialization vector.
        rule: IvRule,
    },
    /// The ICV field does not have the length that the algorithm needs. Either the values of a packet that is sealed
    /// again do not make it, or the algorithm's ICV is longer than [`MAX_ICV_LEN`](super::MAX_ICV_LEN).
    #[error("the ICV field must have {needed} octets, but has {available}")]
    IcvLen {
        /// The length in octets that is needed.
        needed: usize,
        /// The length in octets that there is.
        available: usize,
    },
    /// The algorithm's ICV is shorter than [`MIN_ICV_LEN`], so it does not authenticate the packet.
    #[error(
        "the ICV of the algorithm has {len} octets, but an ICV must have at least {MIN_ICV_LEN} to authenticate a packet"
    )]
    IcvTooShort {
        /// The length of the algorithm's ICV in octets.
        len: usize,
    },
    /// The length of the algorithm's initialization vector does not fit its rule: eight octets of counter, or no
    /// octets.
    #[error(
        "the algorithm takes an initialization vector of {needed} octets, but its rule gives {available}"
    )]
    IvLen {
        /// The length in octets that the algorithm needs.
        needed: usize,
        /// The length in octets that the rule gives.
        available: usize,
    },
    /// The algorithm refused a packet of the lengths that it asks for. The packet is filled with zeros, and its
    /// sequence number is used up.
    #[error("the algorithm refused a packet of the lengths that it asks for: {0}")]
    Shape(#[from] ShapeError),
    /// The octets to seal are not an IP packet that AH can protect.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The buffer is too short.
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
            // The header was written just before, so this does not occur.
            CoverError::Header(_) => Self::IcvLen { needed: 0, available: 0 },
        }
    }
}

/// A sending SA of AH: an integrity algorithm, the counter of sequence numbers and a lifetime. Only the SA itself
/// changes counter and lifetime, and neither goes back.
///
/// It cannot be cloned, because a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundSa<I> {
    integrity: I,
    sender: Sender,
    quirks: Quirks,
}

/// The lengths that an algorithm states. They are read once for each packet, so that all parts of the packet agree.
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

    /// Returns the length in octets of the header in a packet of this IP version.
    pub(crate) const fn header_len(self, version: Version, quirks: Quirks) -> usize {
        quirks.header_len(version, self.iv.saturating_add(self.icv))
    }
}

impl<I: IntegrityAlgorithm> OutboundSa<I> {
    /// Makes an SA that has sent nothing. Its lifetime has no limits. No other SA may have the same key.
    pub const fn new(spi: Spi, integrity: I, esn: Esn) -> Self {
        Self { integrity, sender: Sender::new(spi, esn), quirks: Quirks::NONE }
    }

    /// Continues the counter after `last`, for a standby that takes over this SA. `last` must be at least the last
    /// number that the other router may have sent. The counter never goes back.
    #[must_use]
    pub fn resumed_after(mut self, last: SequenceNumber) -> Self {
        self.sender.resume_after(last);
        self
    }

    /// Adds the limits of `lifetime`, and takes its usage where that is greater, for a standby that takes over this
    /// SA. The limits that the SA already has stay, so no SA lives longer because of this call. The SA counts whole
    /// IP packets, so the overhead is only what is around those.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.sender.restrict(lifetime);
        self
    }

    /// Sets the quirks of this SA, for a receiver that expects them.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Returns the security parameters index.
    pub const fn spi(&self) -> Spi {
        self.sender.spi()
    }

    /// Tells whether the sequence numbers are extended.
    pub const fn esn(&self) -> Esn {
        self.sender.esn()
    }

    /// Returns the number of the last packet, or zero before the first.
    pub const fn sequence(&self) -> SequenceNumber {
        self.sender.last()
    }

    /// Returns the lifetime, which tells how much of it is used.
    pub const fn lifetime(&self) -> &Lifetime {
        self.sender.lifetime()
    }

    /// Sets the age of the SA. A smaller age than before is ignored.
    pub fn grow(&mut self, age: Duration) {
        self.sender.grow(age);
    }

    /// Returns how many octets to leave free before a packet of either IP version: the length of AH in IPv6. In an IPv4
    /// packet, AH may be shorter; the sealed packet then does not begin at the start of the buffer. Nothing needs to be
    /// free behind the packet.
    pub fn headroom(&self) -> usize {
        self.header_len(Version::V6)
    }

    /// Returns the length in octets of the header in a packet of this IP version.
    pub fn header_len(&self, version: Version) -> usize {
        Lens::of(&self.integrity).header_len(version, self.quirks)
    }

    /// Seals an IP packet in place. The packet of `packet_len` octets stands in `buffer` behind
    /// [`headroom`](Self::headroom) free octets. Its headers move towards the front, AH follows them, and their
    /// length, protocol and checksum fields are set. Returns the sealed packet, which ends where the packet ended.
    ///
    /// This is transport mode (RFC 4302 section 3.1.1). In tunnel mode, the packet already has its outer header.
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer has no room, when the octets are not a whole IP packet, or when the SA
    /// is at its end. Buffer and counter are then unchanged.
    ///
    /// Returns [`SealError::Shape`] when the algorithm refuses the packet. All octets of the packet are then zeros,
    /// and the sequence number is used up.
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
        // From here on, only an algorithm that breaks its own statements can fail.
        self.sender.used(sequence);
        if let Err(error) = self.seal_behind(packet, &headers, header_len, lens, sequence) {
            wipe(packet);
            return Err(error);
        }
        self.sender.count(packet.len());
        Ok(packet)
    }

    /// Checks that a packet can be sealed. Its headers stand behind the octets for AH.
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
        // `check` has found that the vector is the counter, or is empty.
        let iv = if lens.iv == 0 { &[][..] } else { &counter };
        let implied = self.sender.esn().implied(sequence);
        parts.seal(&self.integrity, packet, headers, lens, iv, implied, self.quirks)
    }
}

/// The values that a header of AH is made from.
pub(crate) struct Parts<'a> {
    pub(crate) next_header: NextHeader,
    pub(crate) reserved: u16,
    pub(crate) spi: Spi,
    pub(crate) sequence: SequenceNumber,
    pub(crate) padding: &'a [u8],
}

impl Parts<'_> {
    /// Writes AH and its ICV behind `headers`, which already name AH as the next protocol.
    #[allow(
        clippy::too_many_arguments,
        reason = "each parameter is a different part of the packet, and no two belong together"
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

    /// Writes the header with an ICV of zeros. The header fills `octets`.
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
