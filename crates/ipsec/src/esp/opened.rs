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

/// An authentic packet, decrypted: everything its sender chose, so that it can be sealed again. It is the RFC's figure, which gets no
/// other fields, so it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Opened<'a> {
    /// The security parameters index.
    pub spi: Spi,
    /// The sequence number, whole.
    pub sequence: SequenceNumber,
    /// The initialization vector.
    pub iv: &'a [u8],
    /// The payload, in the buffer it was opened in; traffic-flow-confidentiality padding is at its end.
    pub payload: &'a [u8],
    /// The padding.
    pub padding: &'a [u8],
    /// What the payload is.
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

    /// What stands behind the payload.
    #[must_use]
    pub const fn trailer(&self) -> Trailer<'a> {
        Trailer { padding: self.padding, next_header: self.next_header }
    }

    /// Whether it is a dummy, made to hide how much is sent: to be dropped without a word (RFC 4303 section 2.6).
    #[must_use]
    pub fn is_dummy(&self) -> bool {
        self.next_header == NextHeader::NONE
    }

    /// Where in the packet the payload stands: to go on with it there, when this view of it is let go.
    #[must_use]
    pub fn payload_range(&self) -> Range<usize> {
        let start = Header::LEN.saturating_add(self.iv.len());
        start..start.saturating_add(self.payload.len())
    }

    /// The payload without, and the octets of, traffic-flow-confidentiality padding (RFC 4303 section 2.7): an inner IP packet
    /// says how long it is. In transport mode its own protocol has to, and all is payload here; so is what is no whole IP
    /// packet.
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
        // default: what ends before the length that it says is no whole packet: all of it is payload.
        self.payload.split_at_checked(inner_len).unwrap_or((self.payload, &[]))
    }

    /// Octets of padding and trailer.
    pub(crate) const fn trailer_len(&self) -> usize {
        self.padding.len().saturating_add(TRAILER_LEN)
    }

    /// Octets of payload, padding and trailer.
    fn text_len(&self) -> usize {
        self.payload.len().saturating_add(self.padding.len()).saturating_add(TRAILER_LEN)
    }

    /// Octets of the packet when it is sealed again.
    #[must_use]
    pub fn sealed_len(&self, transform: &impl Transform) -> usize {
        Layout::new(Lens::of(transform), self.payload.len(), self.padding.len())
            .map_or(usize::MAX, |layout| layout.len)
    }

    /// Where the parts stand when the packet is sealed again, with an ICV of so many octets behind them.
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

    /// Puts initialization vector, payload and padding into their places.
    pub(crate) fn write_again(&self, layout: &Layout, packet: &mut [u8]) -> Result<(), EmitError> {
        put(packet, Header::LEN, self.iv)?;
        put(packet, layout.text_offset, self.payload)?;
        put(packet, layout.padding_offset, self.padding)
    }

    /// Seals the packet once more, with the sequence number, initialization vector and padding it has, and returns how many
    /// octets it has: those it was opened from, when nothing was changed.
    ///
    /// This is for comparing and for playing back, and no SA does it: under a counter mode, a changed packet that is sealed
    /// again and *sent* has the nonce of another, and gives away both.
    ///
    /// # Errors
    /// When the buffer is too small; when initialization vector, padding or payload are not as long as the transform needs. When the
    /// transform does not take the packet, what would have been the packet is zeros.
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

/// Verifies and decrypts a packet in place without asking a window whether it was seen before: for a reader of captures, in
/// which packets may stand twice. `sequence_high` is the half of an extended sequence number that was not sent.
///
/// Padding may be anything; [`Opened::trailer`] checks it.
///
/// # Errors
/// When the packet is too short, not authentic, or its pad length is wrong.
pub fn open_without_replay_check<'a>(
    transform: &impl Transform,
    sequence_high: Option<u32>,
    packet: &'a mut [u8],
) -> Result<Opened<'a>, OpenError> {
    let (header, _) = Header::parse_prefix(packet).map_err(OpenError::from)?;
    // default: a number that is not extended has no high half.
    let sequence = SequenceNumber::from_halves(sequence_high.unwrap_or(0), header.sequence_number);
    let (iv, text) = decrypt(transform, sequence_high, packet)?;
    Ok(Opened::new(header.spi, sequence, iv, text)?)
}
