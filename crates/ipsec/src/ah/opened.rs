use core::ops::Range;

use crypto::NotAuthentic;
use wire::Writer;

use super::outbound::{Lens, Parts};
use super::{Covered, Header, IntegrityAlgorithm, OpenError, Quirks, SealError};
use crate::NextHeader;
use crate::Spi;
use crate::ip::{Headers, IpError, Version};
use crate::place::{place, wipe};
use crate::transform::MIN_ICV_LEN;
use crate::{Esn, SequenceNumber};

/// An authentic packet. It has everything that its sender chose, so it can be sealed again. These are the fields of
/// the RFC's figure, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Opened<'a> {
    /// The headers before AH, as they arrived. The parts of them that may change on the way are not authentic.
    pub headers: &'a [u8],
    /// The reserved word, which is zero by RFC 4302.
    pub reserved: u16,
    /// The security parameters index.
    pub spi: Spi,
    /// The whole sequence number. With extended sequence numbers, it has the high half that was not sent.
    pub sequence: SequenceNumber,
    /// The initialization vector. It is empty when the algorithm has none.
    pub iv: &'a [u8],
    /// The padding that fills the ICV field after the ICV.
    pub padding: &'a [u8],
    /// The protocol of the payload.
    pub next_header: NextHeader,
    /// The protected payload.
    pub payload: &'a [u8],
}

impl<'a> Opened<'a> {
    pub(super) fn new(
        packet: &'a [u8],
        headers: &Headers,
        covered: &Covered<'a>,
        header: &Header<'a>,
        icv_len: usize,
        sequence: SequenceNumber,
        payload: &'a [u8],
    ) -> Self {
        let iv = covered.iv();
        Self {
            headers: headers.split(packet).0,
            reserved: header.reserved,
            spi: header.spi,
            sequence,
            iv,
            // default: the header has the length that the algorithm makes, so it is not shorter.
            padding: header.icv.get(iv.len().saturating_add(icv_len)..).unwrap_or_default(),
            next_header: header.next_header,
            payload,
        }
    }

    /// Returns where the payload stands in a packet of `packet_len` octets. It ends the packet.
    #[must_use]
    pub const fn payload_range(&self, packet_len: usize) -> Range<usize> {
        packet_len.saturating_sub(self.payload.len())..packet_len
    }

    /// Returns the length of the packet in octets when it is sealed again.
    #[must_use]
    pub fn sealed_len(&self, integrity: &impl IntegrityAlgorithm) -> usize {
        self.len_with(integrity.icv_len())
    }

    fn len_with(&self, icv_len: usize) -> usize {
        Header::FIXED_LEN
            .saturating_add(self.headers.len())
            .saturating_add(self.iv.len())
            .saturating_add(icv_len)
            .saturating_add(self.padding.len())
            .saturating_add(self.payload.len())
    }

    /// Seals the packet again, with the same headers, sequence number, initialization vector and padding. Returns how
    /// many octets it wrote. They equal the octets that were opened when no field was changed. The length, protocol
    /// and checksum fields of the headers are derived again.
    ///
    /// Use it to compare and to replay captures only. An SA never does this.
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer is too small, when `headers` are not the headers of an IP packet, or
    /// when initialization vector and padding do not make an ICV field of the algorithm's length. The octets of the
    /// packet are then zeros.
    pub fn seal_again(
        &self,
        integrity: &impl IntegrityAlgorithm,
        esn: Esn,
        quirks: Quirks,
        buffer: &mut [u8],
    ) -> Result<usize, SealError> {
        let lens = Lens::of(integrity);
        let needed = self.len_with(lens.icv);
        let packet = place(buffer, 0, needed)?;
        let sealed = self.seal_whole(integrity, lens, esn, quirks, packet);
        if sealed.is_err() {
            wipe(packet);
        }
        sealed.map(|()| needed)
    }

    fn seal_whole(
        &self,
        integrity: &impl IntegrityAlgorithm,
        lens: Lens,
        esn: Esn,
        quirks: Quirks,
        packet: &mut [u8],
    ) -> Result<(), SealError> {
        let needed = packet.len();
        let mut writer = Writer::for_len(packet, needed)?;
        writer.put(self.headers)?;
        let header_len = needed.saturating_sub(self.headers.len()).saturating_sub(self.payload.len());
        writer.fill(0, header_len)?;
        writer.put(self.payload)?;
        let packet = writer.into_written();
        let headers = headers_again(packet, self.headers.len())?;
        let expected = lens.header_len(headers.version, quirks);
        if header_len != expected || headers.len != self.headers.len() {
            return Err(SealError::IcvLen { needed: expected, available: header_len });
        }
        let parts = Parts {
            next_header: self.next_header,
            reserved: self.reserved,
            spi: self.spi,
            sequence: self.sequence,
            padding: self.padding,
        };
        parts.seal(integrity, packet, &headers, lens, self.iv, esn.implied(self.sequence), quirks)
    }
}

/// Reads the headers of `len` octets at the front of a whole packet. Their length fields may be those of another
/// packet, so they are set first, because the headers are found by them.
pub(crate) fn headers_again(packet: &mut [u8], len: usize) -> Result<Headers, IpError> {
    let version = Version::of(packet)?;
    let (len, next_header_offset) = match version {
        Version::V4 => (len, crate::ip::v4::PROTOCOL_OFFSET),
        Version::V6 => (version.header_len(), crate::ip::v6::NEXT_HEADER_OFFSET),
    };
    let too_long = IpError::TooLong { len: packet.len() };
    let next_header = NextHeader(*packet.get(next_header_offset).ok_or(too_long)?);
    // The next header field of the first header keeps its value: an extension header, or AH.
    Headers { version, len, next_header, next_header_offset }.rewrite(packet, next_header)?;
    Headers::before(NextHeader::AH, packet)
}

/// Verifies the ICV of a packet.
#[inline]
pub(super) fn verify(
    integrity: &impl IntegrityAlgorithm,
    covered: &Covered<'_>,
    header: &Header<'_>,
    sequence_high: Option<u32>,
) -> Result<(), NotAuthentic> {
    let (start, icv_len) = (integrity.iv_len(), integrity.icv_len());
    // A shorter ICV does not authenticate, whatever the algorithm says of it.
    if icv_len < MIN_ICV_LEN {
        return Err(NotAuthentic);
    }
    let icv = header.icv.get(start..start.saturating_add(icv_len)).ok_or(NotAuthentic)?;
    integrity.verify(covered, sequence_high, icv)
}

/// Verifies a whole IP packet without a replay window. Use it to read captures, where a packet may occur twice.
/// `sequence_high` is the half of an extended sequence number that was not sent, or `None` when numbers are not
/// extended.
///
/// # Errors
/// Returns an [`OpenError`] when the octets are not a whole IP packet with AH, or when the packet is not authentic.
pub fn open_without_replay_check<'a>(
    integrity: &impl IntegrityAlgorithm,
    sequence_high: Option<u32>,
    quirks: Quirks,
    packet: &'a [u8],
) -> Result<Opened<'a>, OpenError> {
    let headers = Headers::before(NextHeader::AH, packet)?;
    let (covered, header, payload) =
        Covered::new(packet, &headers, integrity.iv_len(), integrity.icv_len(), quirks)?;
    verify(integrity, &covered, &header, sequence_high)?;
    // default: a number that is not extended has a high half of zero.
    let sequence = SequenceNumber::from_halves(sequence_high.unwrap_or(0), header.sequence_number);
    Ok(Opened::new(packet, &headers, &covered, &header, integrity.icv_len(), sequence, payload))
}

/// Removes AH from a packet that was opened, in transport mode. The headers move up to the payload, and their length,
/// protocol and checksum fields are set to those of a packet without AH. The result is the packet that the sender had,
/// except for what routers changed on the way, such as the TTL.
///
/// # Errors
/// Returns an [`OpenError`] when the octets are not a whole IP packet with AH.
pub fn strip_in_place(packet: &mut [u8]) -> Result<&mut [u8], OpenError> {
    let headers = Headers::before(NextHeader::AH, packet)?;
    let (header, _) = Header::parse_prefix(headers.split(packet).1)?;
    let (header_len, next_header) = (header.wire_len(), header.next_header);
    headers.shift(packet, 0, header_len).map_err(IpError::from)?;
    let len = packet.len().saturating_sub(header_len);
    let packet = place(packet, header_len, len).map_err(IpError::from)?;
    headers.rewrite(packet, next_header)?;
    Ok(packet)
}
