//! Packets on their way out.

use core::fmt;

use crypto::{NoEntropy, Random};
use wire::EmitError;

use super::padding::{TRAILER_LEN, padding_len, write_monotonic};
use super::{Header, NextHeader};
use crate::lifetime::Lifetime;
use crate::security_association::{Refusal, Sender};
use crate::sequence::{Numbering, SequenceNumber};
use crate::spi::Spi;
use crate::transform::{IvRule, Protected, Transform};

/// What stands behind a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sealing {
    /// What the payload is.
    pub next_header: NextHeader,
    /// Octets of padding at least; what blocks need besides is added.
    pub minimum_padding: u8,
    /// Octets of traffic-flow-confidentiality padding, RFC 4303 section 2.7: zeros behind the payload, whose own length must
    /// tell where it ends.
    pub traffic_flow_padding: usize,
}

impl Sealing {
    /// No more padding than blocks need.
    #[must_use]
    pub const fn new(next_header: NextHeader) -> Self {
        Self { next_header, minimum_padding: 0, traffic_flow_padding: 0 }
    }
}

impl From<NextHeader> for Sealing {
    fn from(next_header: NextHeader) -> Self {
        Self::new(next_header)
    }
}

/// Where the initialization vector of a packet comes from.
///
/// The modes with chained blocks take the caller's: nobody may be able to foretell it. The counter modes take the SA's counter
/// and nothing else, for it never repeats. NULL has none and takes any source.
#[non_exhaustive]
pub enum IvSource<'a> {
    /// The SA's own counter.
    Counter,
    /// These octets, unforetold and not used before.
    Octets(&'a [u8]),
    /// The caller's random generator, which fills what it is given.
    Random(&'a mut dyn FnMut(&mut [u8])),
    /// As [`Random`](Self::Random), of a generator that may have nothing to give: no packet is sealed then.
    Entropy(&'a mut dyn Random),
}

impl fmt::Debug for IvSource<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Counter => "Counter",
            Self::Octets(_) => "Octets(..)",
            Self::Random(_) => "Random(..)",
            Self::Entropy(_) => "Entropy(..)",
        })
    }
}

/// A packet that was not sealed. No sequence number was used for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// Index 0 is for local use and never sent, RFC 4303 section 2.1.
    #[error("an SA whose SPI is 0 sends nothing")]
    LocalSpi,
    /// The SA is past its hard lifetime.
    #[error("the SA's lifetime is over")]
    Expired,
    /// All sequence numbers are used up, RFC 4303 section 3.3.3: another SA has to be made.
    #[error("no sequence number is left after {last}")]
    SequenceExhausted {
        /// The last one used.
        last: SequenceNumber,
    },
    /// The source does not give the initialization vector that the mode needs.
    #[error("the source of the initialization vector is not one for a mode whose rule is {rule:?}")]
    IvSource {
        /// What it has to be.
        rule: IvRule,
    },
    /// The caller's initialization vector is too short or too long.
    #[error("an initialization vector of {needed} octets, not {available}")]
    IvLen {
        /// Octets the transform needs.
        needed: usize,
        /// Octets there were.
        available: usize,
    },
    /// The caller's random generator has nothing to give.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// Payload, padding and trailer do not fill their blocks: of a packet that is sealed again.
    #[error("{len} octets of text do not fill blocks of {block_len}")]
    Blocks {
        /// Octets of text.
        len: usize,
        /// Octets in a block.
        block_len: usize,
    },
    /// More padding than its length field can count, or a length beyond all memory.
    #[error("more than 255 octets of padding")]
    PaddingTooLong,
    /// The buffer has no room for header, payload and trailer.
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

/// Where the parts of a packet stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) text_offset: usize,
    pub(crate) padding_offset: usize,
    pub(crate) trailer_offset: usize,
    pub(crate) icv_offset: usize,
    pub(crate) len: usize,
}

impl Layout {
    /// The layout for so many octets of payload (with traffic-flow padding) and padding.
    pub(crate) fn new(transform: &impl Transform, payload_len: usize, padding_len: usize) -> Option<Self> {
        Self::with_icv(transform, transform.icv_len(), payload_len, padding_len)
    }

    /// The layout with an ICV of that many octets.
    fn with_icv(
        transform: &impl Transform,
        icv_len: usize,
        payload_len: usize,
        padding_len: usize,
    ) -> Option<Self> {
        let text_offset = Header::LEN.checked_add(transform.iv_len())?;
        let padding_offset = text_offset.checked_add(payload_len)?;
        let trailer_offset = padding_offset.checked_add(padding_len)?;
        let icv_offset = trailer_offset.checked_add(TRAILER_LEN)?;
        let len = icv_offset.checked_add(icv_len)?;
        Some(Self { text_offset, padding_offset, trailer_offset, icv_offset, len })
    }

    /// The layout of a packet that is sealed with `sealing`.
    pub(crate) fn sealed(transform: &impl Transform, payload_len: usize, sealing: &Sealing) -> Option<Self> {
        let len = payload_len.checked_add(sealing.traffic_flow_padding)?;
        let padding_len = padding_len(len, transform.block_len(), sealing.minimum_padding.into())?;
        Self::new(transform, len, padding_len)
    }

    /// The layout of a packet whose ICV is that of AH around it, and that has none.
    pub(crate) fn in_bundle(transform: &impl Transform, payload_len: usize) -> Option<Self> {
        let padding_len = padding_len(payload_len, transform.block_len(), 0)?;
        Self::with_icv(transform, 0, payload_len, padding_len)
    }
}

impl Layout {
    /// Writes header and trailer around what stands in `packet`.
    #[inline]
    pub(crate) fn write_header_and_trailer(
        &self,
        packet: &mut [u8],
        header: Header,
        next_header: NextHeader,
    ) {
        let padding_len = self.trailer_offset.saturating_sub(self.padding_offset);
        if let Some(start) = packet.first_chunk_mut() {
            *start = header.octets();
        }
        if let Some(trailer) = packet.get_mut(self.trailer_offset..).and_then(|rest| rest.first_chunk_mut()) {
            *trailer = [u8::try_from(padding_len).unwrap_or(u8::MAX), next_header.0];
        }
    }
}

/// Writes header and trailer around what stands in `packet`, and seals it. The initialization vector, the payload and the
/// padding are there already.
#[inline]
pub(crate) fn seal(
    transform: &impl Transform,
    packet: &mut [u8],
    layout: &Layout,
    header: Header,
    sequence_high: Option<u32>,
    next_header: NextHeader,
) {
    layout.write_header_and_trailer(packet, header, next_header);
    let (octets, icv) = packet.split_at_mut_checked(layout.icv_offset).unwrap_or_default();
    if let Some(protected) = Protected::new(octets, Header::LEN, layout.text_offset, sequence_high) {
        transform.seal(protected, icv);
    }
}

/// Octets of an ESP packet around `payload_len` octets, without an IP header; nothing when there is no such packet.
///
/// With DES or 3DES and an ICV of 96 bits, a payload of 100 octets makes 132, and 152 with an IPv4 header.
#[must_use]
pub fn sealed_len(transform: &impl Transform, payload_len: usize, sealing: &Sealing) -> Option<usize> {
    Layout::sealed(transform, payload_len, sealing).map(|layout| layout.len)
}

/// An SA for packets on their way out: a transform, and the counter that no two packets share.
///
/// It cannot be cloned, for a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundSa<T> {
    transform: T,
    sender: Sender,
    /// How much of its lifetime is used.
    pub lifetime: Lifetime,
}

impl<T: Transform> OutboundSa<T> {
    /// An SA that has sent nothing. Its keys must be of no other SA.
    pub const fn new(spi: Spi, transform: T, numbering: Numbering) -> Self {
        let lifetime = Lifetime::new(crate::Limit::NONE, crate::Limit::NONE, 0);
        Self { transform, sender: Sender::new(spi, numbering), lifetime }
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

    /// Octets to leave free before a payload.
    pub fn headroom(&self) -> usize {
        Header::LEN.saturating_add(self.transform.iv_len())
    }

    /// Octets to leave free behind a payload of this length: padding, trailer and ICV.
    pub fn tailroom(&self, payload_len: usize) -> usize {
        self.tailroom_for(payload_len, &Sealing::new(NextHeader::NONE))
    }

    /// As [`tailroom`](Self::tailroom), with more padding than blocks need. Of padding that no packet can have, it returns
    /// what none has room for.
    pub fn tailroom_for(&self, payload_len: usize, sealing: &Sealing) -> usize {
        Layout::sealed(&self.transform, payload_len, sealing).map_or(usize::MAX, |layout| {
            layout.len.saturating_sub(layout.text_offset).saturating_sub(payload_len)
        })
    }

    /// Seals the payload that stands in `buffer` behind [`headroom`](Self::headroom) free octets, `payload_len` of it, and
    /// returns the packet: from the start of the buffer to the end of the ICV.
    ///
    /// # Errors
    /// When there is no room, the source of the initialization vector does not fit the mode or has nothing to give, or the SA is
    /// at its end. The buffer and the counter are as they were; what a source wrote before it failed is in the headroom.
    #[inline]
    pub fn seal_in_place<'b>(
        &mut self,
        buffer: &'b mut [u8],
        payload_len: usize,
        sealing: impl Into<Sealing>,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], SealError> {
        let sealing = sealing.into();
        let sequence = self.sender.next(&self.lifetime)?;
        let layout =
            Layout::sealed(&self.transform, payload_len, &sealing).ok_or(SealError::PaddingTooLong)?;
        let available = buffer.len();
        let packet = buffer
            .get_mut(..layout.len)
            .ok_or(EmitError::BufferTooSmall { needed: layout.len, available })?;
        let place = packet.get_mut(Header::LEN..layout.text_offset).unwrap_or_default();
        write_iv(place, self.transform.iv_rule(), iv, sequence)?;
        self.sender.used(sequence);

        let payload_end = layout.text_offset.saturating_add(payload_len);
        packet.get_mut(payload_end..layout.padding_offset).unwrap_or_default().fill(0);
        write_monotonic(packet.get_mut(layout.padding_offset..layout.trailer_offset).unwrap_or_default());
        let header = Header { spi: self.sender.spi, sequence_number: sequence.low() };
        let sequence_high = self.sender.numbering.implied(sequence);
        seal(&self.transform, packet, &layout, header, sequence_high, sealing.next_header);
        self.lifetime.count(packet.len());
        Ok(packet)
    }
}

/// Writes the initialization vector, when the source gives what the rule asks for.
#[inline]
pub(crate) fn write_iv(
    place: &mut [u8],
    rule: IvRule,
    source: IvSource<'_>,
    sequence: SequenceNumber,
) -> Result<(), SealError> {
    let needed = place.len();
    match (rule, source) {
        (IvRule::None, _) => {}
        (IvRule::Unpredictable, IvSource::Octets(octets)) => {
            if octets.len() != needed {
                return Err(SealError::IvLen { needed, available: octets.len() });
            }
            for (to, from) in place.iter_mut().zip(octets) {
                *to = *from;
            }
        }
        (IvRule::Unpredictable, IvSource::Random(fill)) => fill(place),
        (IvRule::Unpredictable, IvSource::Entropy(source)) => source.fill(place)?,
        // RFC 3686, 4106, 4309 and 4543 let any value be, so long as it does not repeat: sequence numbers do not.
        (IvRule::NeverRepeated, IvSource::Counter) => {
            let octets = sequence.0.to_be_bytes();
            for (to, from) in place.iter_mut().rev().zip(octets.iter().rev()) {
                *to = *from;
            }
        }
        (rule, _) => return Err(SealError::IvSource { rule }),
    }
    Ok(())
}
