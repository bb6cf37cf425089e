use core::ops::Range;

use wire::EmitError;

use super::Header;
use super::inbound::{OpenError, decrypt};
use super::outbound::{Layout, Lens, SealError, seal};
use super::padding::{MAX_LEN, TRAILER_LEN, Trailer};
use crate::NextHeader;
use crate::Spi;
use crate::place::{place, put};
use crate::transform::Transform;
use crate::{Esn, SequenceNumber};

/// An authentic packet after decryption. It has everything that its sender chose, so it can be sealed again. These
/// are the fields of the RFC's figure, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Opened<'a> {
    /// The security parameters index.
    pub spi: Spi,
    /// The whole sequence number. With extended sequence numbers, it has the high half that was not sent.
    pub sequence: SequenceNumber,
    /// The initialization vector.
    pub iv: &'a [u8],
    /// The payload, where it stands in the packet's buffer. Any traffic-flow-confidentiality padding is still at its
    /// end.
    pub payload: &'a [u8],
    /// The padding.
    pub padding: &'a [u8],
    /// The protocol of the payload.
    pub next_header: NextHeader,
}

impl<'a> Opened<'a> {
    pub(crate) fn new(
        spi: Spi,
        sequence: SequenceNumber,
        iv: &'a [u8],
        text: &'a [u8],
    ) -> Result<Self, super::PaddingError> {
        let (payload, Trailer { padding, next_header }) = Trailer::split(text)?;
        Ok(Self { spi, sequence, iv, payload, padding, next_header })
    }

    /// Returns the trailer that followed the payload.
    #[must_use]
    pub const fn trailer(&self) -> Trailer<'a> {
        Trailer { padding: self.padding, next_header: self.next_header }
    }

    /// Tells whether the packet is a dummy that hides how much is sent. Drop it without a report (RFC 4303 section
    /// 2.6).
    #[must_use]
    pub fn is_dummy(&self) -> bool {
        self.next_header == NextHeader::NONE
    }

    /// Returns where in the packet the payload stands. Use it to go on with the packet's own buffer.
    #[must_use]
    pub fn payload_range(&self) -> Range<usize> {
        let start = Header::LEN.saturating_add(self.iv.len());
        start..start.saturating_add(self.payload.len())
    }

    /// Splits the payload from its traffic-flow-confidentiality padding, RFC 4303 section 2.7. Returns the payload
    /// without padding, and the padding.
    ///
    /// The split is at the length that an inner IP packet states. In transport mode only the upper protocol knows its
    /// length, so everything is payload. The same holds for an inner packet that is not a whole IP packet.
    #[must_use]
    pub fn split_traffic_flow_padding(&self) -> (&'a [u8], &'a [u8]) {
        let inner_len = match (self.next_header, self.payload) {
            (NextHeader::IPV4, [0x45..=0x4f, _, high, low, ..]) => {
                usize::from(u16::from_be_bytes([*high, *low])).max(20)
            }
            (NextHeader::IPV6, [0x60..=0x6f, _, _, _, high, low, ..]) => {
                usize::from(u16::from_be_bytes([*high, *low])).saturating_add(40)
            }
            _ => self.payload.len(),
        };
        // default: an inner packet that ends before its stated length is not whole, and all of it is payload.
        self.payload.split_at_checked(inner_len).unwrap_or((self.payload, &[]))
    }

    /// Returns the length of padding and trailer in octets.
    pub(crate) const fn trailer_len(&self) -> usize {
        self.padding.len().saturating_add(TRAILER_LEN)
    }

    /// Returns the length of payload, padding and trailer in octets.
    fn text_len(&self) -> usize {
        self.payload.len().saturating_add(self.padding.len()).saturating_add(TRAILER_LEN)
    }

    /// Returns the length of the packet in octets when it is sealed again.
    #[must_use]
    pub fn sealed_len(&self, transform: &impl Transform) -> usize {
        Layout::new(Lens::of(transform), self.payload.len(), self.padding.len())
            .map_or(usize::MAX, |layout| layout.len)
    }

    /// Returns where the parts stand when the packet is sealed again, with an ICV of `icv_len` octets behind them.
    pub(crate) fn layout_again(&self, lens: Lens, icv_len: usize) -> Result<Layout, SealError> {
        let (needed, available) = (lens.iv, self.iv.len());
        if needed != available {
            return Err(SealError::IvLen { needed, available });
        }
        let (text_len, block_len) = (self.text_len(), lens.block);
        if text_len.checked_rem(block_len) != Some(0) {
            return Err(SealError::Blocks { len: text_len, block_len });
        }
        if self.padding.len() > MAX_LEN {
            return Err(SealError::PaddingTooLong);
        }
        let lens = Lens { icv: icv_len, ..lens };
        Layout::new(lens, self.payload.len(), self.padding.len()).ok_or(SealError::TooLong)
    }

    /// Writes the initialization vector, the payload and the padding to their places.
    pub(crate) fn write_again(&self, layout: &Layout, packet: &mut [u8]) -> Result<(), EmitError> {
        put(packet, Header::LEN, self.iv)?;
        put(packet, layout.text_offset, self.payload)?;
        put(packet, layout.padding_offset, self.padding)
    }

    /// Seals the packet again, with the same sequence number, initialization vector and padding. Returns how many
    /// octets it wrote. They equal the octets that were opened when no field was changed.
    ///
    /// Use it to compare and to replay captures only. An SA never does this: in a counter mode, a changed packet that
    /// is sealed again and *sent* reuses the nonce of the first, and that reveals the text of both.
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer is too small, or when the initialization vector, the padding or the
    /// payload does not have a length that the transform needs. Returns [`SealError::Shape`] when the transform does
    /// not take the packet; the octets of the packet are then zeros.
    pub fn seal_again(
        &self,
        transform: &impl Transform,
        esn: Esn,
        buffer: &mut [u8],
    ) -> Result<usize, SealError> {
        let lens = Lens::of(transform);
        lens.check_icv()?;
        let layout = self.layout_again(lens, lens.icv)?;
        let packet = place(buffer, 0, layout.len)?;
        self.write_again(&layout, packet)?;
        let header = Header { spi: self.spi, sequence_number: self.sequence.low() };
        seal(transform, packet, &layout, header, esn.implied(self.sequence), self.next_header)?;
        Ok(layout.len)
    }
}

/// Opens a packet in place without a replay window. Use it to read captures, where a packet may occur twice.
/// `sequence_high` is the half of an extended sequence number that was not sent, or `None` when numbers are not
/// extended.
///
/// Any padding is accepted. Check it with [`Trailer::check_monotonic`] of [`Opened::trailer`].
///
/// # Errors
/// Returns an [`OpenError`] when the packet is too short, is not authentic, or has a wrong pad length.
pub fn open_without_replay_check<'a>(
    transform: &impl Transform,
    sequence_high: Option<u32>,
    packet: &'a mut [u8],
) -> Result<Opened<'a>, OpenError> {
    let (header, _) = Header::parse_prefix(packet).map_err(OpenError::from)?;
    // default: a number that is not extended has a high half of zero.
    let sequence = SequenceNumber::from_halves(sequence_high.unwrap_or(0), header.sequence_number);
    let (iv, text) = decrypt(transform, sequence_high, packet)?;
    Ok(Opened::new(header.spi, sequence, iv, text)?)
}
