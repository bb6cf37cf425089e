use core::fmt;
use core::time::Duration;

use crypto::{IvRule, NoEntropy, Random, ShapeError};
use wire::{EmitError, copy};

use super::padding::{MAX_LEN, TRAILER_LEN, padding_len, write_monotonic};
use super::{Header, Padding};
use crate::Lifetime;
use crate::NextHeader;
use crate::Spi;
use crate::place::{place, put, wipe};
use crate::sender::{Refusal, Sender};
use crate::transform::{MIN_ICV_LEN, Protected, Transform};
use crate::{Esn, SequenceNumber};

/// Where the initialization vector of a packet comes from.
///
/// The modes with chained blocks take the caller's: nobody may be able to predict it. The counter modes take the SA's counter
/// and nothing else, for it never repeats. NULL has none and takes any source.
#[non_exhaustive]
pub enum IvSource<'a> {
    /// The SA's own counter.
    Counter,
    /// These octets, unpredictable and not used before.
    Octets(&'a [u8]),
    /// The caller's random generator. When it has nothing to give, or gives nothing but zeros, no packet is sealed.
    Entropy(&'a mut dyn Random),
}

impl fmt::Debug for IvSource<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Counter => "Counter",
            Self::Octets(_) => "Octets(..)",
            Self::Entropy(_) => "Entropy(..)",
        })
    }
}

/// Why a packet was not sealed. But for [`Shape`](Self::Shape), no sequence number was used for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// Index 0 is for local use and never sent, RFC 4303 section 2.1.
    #[error("an SA whose SPI is 0 must not send: 0 is for local use")]
    LocalSpi,
    /// The SA is past its hard lifetime.
    #[error("the hard lifetime of the SA is over")]
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
    /// The caller's initialization vector, or the counter, is too short or too long.
    #[error(
        "the transform takes an initialization vector of {needed} octets, and the source gives {available}"
    )]
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
    /// The transform's ICV is shorter than any that authenticates: [`MIN_ICV_LEN`].
    #[error("an ICV of {len} octets is too short to authenticate a packet: it has at least {MIN_ICV_LEN}")]
    IcvTooShort {
        /// Octets that it has.
        len: usize,
    },
    /// The initialization vector has no octets, though its rule says what they have to be.
    #[error("the transform's initialization vector has no octets, but its rule is {rule:?}")]
    NoIv {
        /// What it would have to be.
        rule: IvRule,
    },
    /// More padding than its length field can count.
    #[error("more than 255 octets of padding")]
    PaddingTooLong,
    /// Payload and padding are longer than any buffer can be.
    #[error("payload and padding are longer than any buffer can be")]
    TooLong,
    /// The buffer has no room for header, payload and trailer.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The transform did not seal what it said it would take. The packet was filled with zeros, and its sequence number is used up.
    #[error("the transform does not take packets of the lengths it asks for: {0}")]
    Shape(#[from] ShapeError),
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

/// What a transform says of its lengths: asked for once for a packet, so that all of its parts agree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lens {
    pub(crate) iv: usize,
    pub(crate) block: usize,
    pub(crate) icv: usize,
}

impl Lens {
    #[inline]
    pub(crate) fn of(transform: &impl Transform) -> Self {
        Self { iv: transform.iv_len(), block: transform.block_len(), icv: transform.icv_len() }
    }

    /// Whether the ICV is one: nothing is encrypted that is not authenticated.
    #[inline]
    pub(crate) const fn check_icv(self) -> Result<(), SealError> {
        if self.icv < MIN_ICV_LEN { Err(SealError::IcvTooShort { len: self.icv }) } else { Ok(()) }
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
    pub(crate) fn new(lens: Lens, payload_len: usize, padding_len: usize) -> Option<Self> {
        let text_offset = Header::LEN.checked_add(lens.iv)?;
        let padding_offset = text_offset.checked_add(payload_len)?;
        let trailer_offset = padding_offset.checked_add(padding_len)?;
        let icv_offset = trailer_offset.checked_add(TRAILER_LEN)?;
        let len = icv_offset.checked_add(lens.icv)?;
        Some(Self { text_offset, padding_offset, trailer_offset, icv_offset, len })
    }

    /// The layout of a packet that is sealed with `padding`.
    pub(crate) fn padded(lens: Lens, payload_len: usize, padding: &Padding) -> Option<Self> {
        let len = payload_len.checked_add(padding.traffic_flow_len)?;
        let padding_len = padding_len(len, lens.block, padding.minimum_len.into())?;
        Self::new(lens, len, padding_len)
    }

    /// The layout of a packet whose ICV is that of AH around it, and that has none.
    pub(crate) fn in_bundle(lens: Lens, payload_len: usize) -> Option<Self> {
        let padding_len = padding_len(payload_len, lens.block, 0)?;
        Self::new(Lens { icv: 0, ..lens }, payload_len, padding_len)
    }

    const fn padding_len(&self) -> usize {
        self.trailer_offset.saturating_sub(self.padding_offset)
    }

    /// Writes 1, 2, 3 and so on into the place of the padding.
    #[inline]
    pub(crate) fn write_padding(&self, packet: &mut [u8]) -> Result<(), EmitError> {
        write_monotonic(place(packet, self.padding_offset, self.padding_len())?)
    }

    /// Writes header and trailer around what stands in `packet`.
    #[inline]
    pub(crate) fn write_header_and_trailer(
        &self,
        packet: &mut [u8],
        header: Header,
        next_header: NextHeader,
    ) -> Result<(), EmitError> {
        let value = self.padding_len();
        let overflow = EmitError::FieldOverflow { field: "ESP pad length", value, max: MAX_LEN };
        let pad_len = u8::try_from(value).map_err(|_| overflow)?;
        put(packet, 0, &header.octets())?;
        put(packet, self.trailer_offset, &[pad_len, next_header.0])
    }
}

/// Writes header and trailer around what stands in `packet`, and seals it. The initialization vector, the payload and the
/// padding are there already. A packet that is not sealed is filled with zeros.
#[inline]
pub(crate) fn seal(
    transform: &impl Transform,
    packet: &mut [u8],
    layout: &Layout,
    header: Header,
    sequence_high: Option<u32>,
    next_header: NextHeader,
) -> Result<(), SealError> {
    let sealed = seal_or_leave(transform, packet, layout, header, sequence_high, next_header);
    if sealed.is_err() {
        wipe(packet);
    }
    sealed
}

#[inline(always)]
fn seal_or_leave(
    transform: &impl Transform,
    packet: &mut [u8],
    layout: &Layout,
    header: Header,
    sequence_high: Option<u32>,
    next_header: NextHeader,
) -> Result<(), SealError> {
    layout.write_header_and_trailer(packet, header, next_header)?;
    let available = packet.len();
    let too_small = EmitError::BufferTooSmall { needed: layout.icv_offset, available };
    let (octets, icv) = packet.split_at_mut_checked(layout.icv_offset).ok_or(too_small)?;
    transform.seal(Protected::new(octets, Header::LEN, layout.text_offset, sequence_high)?, icv)?;
    Ok(())
}

/// Octets of an ESP packet around `payload_len` octets, without an IP header; nothing when there is no such packet.
///
/// With DES or 3DES and an ICV of 96 bits, a payload of 100 octets makes 132, and 152 with an IPv4 header.
#[must_use]
pub fn sealed_len(transform: &impl Transform, payload_len: usize, padding: &Padding) -> Option<usize> {
    Layout::padded(Lens::of(transform), payload_len, padding).map(|layout| layout.len)
}

/// An SA for packets on their way out: a transform, the counter that no two packets share, and a lifetime. It alone changes them, and
/// neither goes back.
///
/// It cannot be cloned, for a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundSa<T> {
    transform: T,
    sender: Sender,
}

impl<T: Transform> OutboundSa<T> {
    /// An SA that has sent nothing, and has no end. Its keys must be of no other SA.
    pub const fn new(spi: Spi, transform: T, esn: Esn) -> Self {
        Self { transform, sender: Sender::new(spi, esn) }
    }

    /// The SA with its next number after `last`: for a standby that takes over this SA, whose last number may have been this. It
    /// never goes back.
    #[must_use]
    pub fn resumed_after(mut self, last: SequenceNumber) -> Self {
        self.sender.resume_after(last);
        self
    }

    /// The SA with the limits of this lifetime, and with its usage for a standby that takes over. Limits that the SA has already stay,
    /// and so does what it has used: none lives longer for it.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.sender.restrict(lifetime);
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

    /// What the initialization vector of its packets has to be, and so which [`IvSource`] gives it.
    pub fn iv_rule(&self) -> IvRule {
        self.transform.iv_rule()
    }

    /// Octets to leave free before a payload.
    pub fn headroom(&self) -> usize {
        Header::LEN.saturating_add(self.transform.iv_len())
    }

    /// Octets to leave free behind a payload of this length: padding, trailer and ICV.
    pub fn tailroom(&self, payload_len: usize) -> usize {
        self.tailroom_for(payload_len, &Padding::new(NextHeader::NONE))
    }

    /// As [`tailroom`](Self::tailroom), with more padding than blocks need. Of padding that no packet can have, it returns
    /// what none has room for.
    pub fn tailroom_for(&self, payload_len: usize, padding: &Padding) -> usize {
        Layout::padded(Lens::of(&self.transform), payload_len, padding).map_or(usize::MAX, |layout| {
            layout.len.saturating_sub(layout.text_offset).saturating_sub(payload_len)
        })
    }

    /// Seals the payload that stands in `buffer` behind [`headroom`](Self::headroom) free octets, `payload_len` of it, and
    /// returns the packet: from the start of the buffer to the end of the ICV.
    ///
    /// # Errors
    /// When there is no room, the source of the initialization vector does not fit the mode or has nothing to give, or the SA is
    /// at its end. The payload and the counter are as they were then; what a source wrote before it failed is in the headroom.
    ///
    /// When the transform does not take the packet: all octets that would have been the packet are zeros then, the payload among
    /// them, and the sequence number is used up.
    #[inline]
    pub fn seal_in_place<'b>(
        &mut self,
        buffer: &'b mut [u8],
        payload_len: usize,
        padding: impl Into<Padding>,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], SealError> {
        let padding = padding.into();
        let sequence = self.sender.next()?;
        let lens = Lens::of(&self.transform);
        lens.check_icv()?;
        let layout = Layout::padded(lens, payload_len, &padding)
            .ok_or_else(|| too_long(payload_len.saturating_add(padding.traffic_flow_len)))?;
        let packet = place(buffer, 0, layout.len)?;
        write_iv(place(packet, Header::LEN, lens.iv)?, self.transform.iv_rule(), iv, sequence)?;
        self.sender.used(sequence);

        let payload_end = layout.text_offset.saturating_add(payload_len);
        place(packet, payload_end, padding.traffic_flow_len)?.fill(0);
        layout.write_padding(packet)?;
        let header = Header { spi: self.sender.spi(), sequence_number: sequence.low() };
        let sequence_high = self.sender.esn().implied(sequence);
        seal(&self.transform, packet, &layout, header, sequence_high, padding.next_header)?;
        self.sender.count(packet.len());
        Ok(packet)
    }
}

/// Why no packet has `len` octets of payload and traffic-flow padding.
#[cold]
pub(crate) const fn too_long(len: usize) -> SealError {
    // More than memory holds, by far; what is in a buffer has too much padding.
    if len > usize::MAX >> 2 { SealError::TooLong } else { SealError::PaddingTooLong }
}

/// Octets of the counter that a counter mode takes as its initialization vector.
const COUNTER_LEN: usize = 8;

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
        (IvRule::None, _) if needed == 0 => Ok(()),
        (IvRule::Unpredictable, _) if needed == 0 => Err(SealError::NoIv { rule }),
        (IvRule::Unpredictable, IvSource::Octets(octets)) => {
            copy(place, octets).map_err(|_| SealError::IvLen { needed, available: octets.len() })
        }
        (IvRule::Unpredictable, IvSource::Entropy(source)) => {
            // A source that says it filled them and did not: that is no entropy either.
            place.fill(0);
            source.fill(place)?;
            if place.iter().all(|octet| *octet == 0) { Err(NoEntropy.into()) } else { Ok(()) }
        }
        // RFC 3686, 4106, 4309 and 4543 let any value be, so long as it does not repeat: sequence numbers do not. A vector that
        // has no room for all of the number would.
        (IvRule::NeverRepeated, IvSource::Counter) => {
            let error = SealError::IvLen { needed, available: COUNTER_LEN };
            let front_len = needed.checked_sub(COUNTER_LEN).ok_or(error)?;
            let (front, octets) = place.split_at_mut_checked(front_len).ok_or(error)?;
            front.fill(0);
            copy(octets, &sequence.0.to_be_bytes()).map_err(|_| error)
        }
        (rule, _) => Err(SealError::IvSource { rule }),
    }
}
