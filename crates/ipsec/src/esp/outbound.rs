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

/// The source of a packet's initialization vector.
///
/// [`OutboundSa::iv_rule`] tells which source the SA needs:
///
/// * [`IvRule::Unpredictable`] (the CBC modes): [`Entropy`](Self::Entropy) or [`Octets`](Self::Octets), because nobody
///   may be able to predict the vector.
/// * [`IvRule::NeverRepeated`] (AES-CTR, AES-GCM, AES-CCM, AES-GMAC, ChaCha20-Poly1305): [`Counter`](Self::Counter) and no
///   other, because the counter never repeats.
/// * [`IvRule::None`] (NULL): any source. It is not used.
///
/// Another source is [`SealError::IvSource`], and nothing is sealed.
#[non_exhaustive]
pub enum IvSource<'a> {
    /// The counter of the SA.
    Counter,
    /// These octets. They must be unpredictable and not used before.
    Octets(&'a [u8]),
    /// The caller's random generator. When it fails, or fills in only zeros, no packet is sealed.
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

/// The reason why a packet was not sealed. No sequence number is used up, except for [`Shape`](Self::Shape).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// The SPI of the SA is 0, which is for local use and is never sent, RFC 4303 section 2.1.
    #[error("the SPI of the SA is 0, which is for local use and must not be sent; use 256 or more")]
    LocalSpi,
    /// The hard lifetime of the SA is over.
    #[error("the hard lifetime of the SA is over; negotiate another SA")]
    Expired,
    /// All sequence numbers are used up, RFC 4303 section 3.3.3. Another SA must be negotiated.
    #[error("no sequence number is left after {last}; negotiate another SA")]
    SequenceExhausted {
        /// The last number that was used.
        last: SequenceNumber,
    },
    /// The source is not the kind of initialization vector that the mode needs.
    #[error("the source of the initialization vector does not fit the transform, whose rule is {rule:?}")]
    IvSource {
        /// The rule of the transform's initialization vector.
        rule: IvRule,
    },
    /// The initialization vector from the caller, or the counter, does not have the length that the transform needs.
    #[error(
        "the transform takes an initialization vector of {needed} octets, but the source gives {available}"
    )]
    IvLen {
        /// The length in octets that the transform needs.
        needed: usize,
        /// The length in octets that the source gives.
        available: usize,
    },
    /// The caller's random generator could not fill the initialization vector.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// Payload, padding and trailer do not fill whole cipher blocks. Only a packet that is sealed again can have this
    /// error.
    #[error(
        "payload, padding and trailer have {len} octets, which is not a multiple of the block length of {block_len} octets"
    )]
    Blocks {
        /// The length of payload, padding and trailer in octets.
        len: usize,
        /// The block length in octets.
        block_len: usize,
    },
    /// The transform's ICV is shorter than [`MIN_ICV_LEN`], so it does not authenticate the packet.
    #[error(
        "the ICV of the transform has {len} octets, but an ICV must have at least {MIN_ICV_LEN} to authenticate a packet"
    )]
    IcvTooShort {
        /// The length of the transform's ICV in octets.
        len: usize,
    },
    /// The transform has no initialization vector, but its rule demands one.
    #[error("the transform has an initialization vector of 0 octets, but its rule {rule:?} demands one")]
    NoIv {
        /// The rule of the transform.
        rule: IvRule,
    },
    /// The packet needs more padding than the pad length field can count.
    #[error("the packet would need more than 255 octets of padding, which the pad length field cannot count")]
    PaddingTooLong,
    /// Payload and padding together are longer than any buffer can be.
    #[error("payload and padding together are longer than any buffer can be")]
    TooLong,
    /// The buffer is too short for header, payload, trailer and ICV.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The transform refused a packet of the lengths that it asks for. The packet is filled with zeros, and its
    /// sequence number is used up.
    #[error("the transform refused a packet of the lengths that it asks for: {0}")]
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

/// The lengths that a transform states. They are read once for each packet, so that all parts of the packet agree.
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

    /// Checks that the ICV is long enough: nothing is encrypted that is not authenticated.
    #[inline]
    pub(crate) const fn check_icv(self) -> Result<(), SealError> {
        if self.icv < MIN_ICV_LEN { Err(SealError::IcvTooShort { len: self.icv }) } else { Ok(()) }
    }
}

/// The places of the parts of a packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) text_offset: usize,
    pub(crate) padding_offset: usize,
    pub(crate) trailer_offset: usize,
    pub(crate) icv_offset: usize,
    pub(crate) len: usize,
}

impl Layout {
    /// Makes the layout for `payload_len` octets of payload (with traffic-flow padding) and `padding_len` octets of
    /// padding.
    pub(crate) fn new(lens: Lens, payload_len: usize, padding_len: usize) -> Option<Self> {
        let text_offset = Header::LEN.checked_add(lens.iv)?;
        let padding_offset = text_offset.checked_add(payload_len)?;
        let trailer_offset = padding_offset.checked_add(padding_len)?;
        let icv_offset = trailer_offset.checked_add(TRAILER_LEN)?;
        let len = icv_offset.checked_add(lens.icv)?;
        Some(Self { text_offset, padding_offset, trailer_offset, icv_offset, len })
    }

    /// Makes the layout of a packet that is sealed with `padding`.
    pub(crate) fn padded(lens: Lens, payload_len: usize, padding: &Padding) -> Option<Self> {
        let len = payload_len.checked_add(padding.traffic_flow_len)?;
        let padding_len = padding_len(len, lens.block, padding.minimum_len.into())?;
        Self::new(lens, len, padding_len)
    }

    /// Makes the layout of a packet in a bundle: it has no ICV of its own, because AH around it has one.
    pub(crate) fn in_bundle(lens: Lens, payload_len: usize) -> Option<Self> {
        let padding_len = padding_len(payload_len, lens.block, 0)?;
        Self::new(Lens { icv: 0, ..lens }, payload_len, padding_len)
    }

    const fn padding_len(&self) -> usize {
        self.trailer_offset.saturating_sub(self.padding_offset)
    }

    /// Writes 1, 2, 3 and so on to the place of the padding.
    #[inline]
    pub(crate) fn write_padding(&self, packet: &mut [u8]) -> Result<(), EmitError> {
        write_monotonic(place(packet, self.padding_offset, self.padding_len())?)
    }

    /// Writes the header and the trailer around the text in `packet`.
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

/// Writes the header and the trailer around the text in `packet`, and seals it. The initialization vector, the
/// payload and the padding must already be there. A packet that is not sealed is filled with zeros.
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

/// Returns the length in octets of the ESP packet around a payload of `payload_len` octets, without an IP header.
/// `None` when such a packet is not possible.
///
/// With DES or 3DES and an ICV of 96 bits, a payload of 100 octets becomes an ESP packet of 132, and 152 with an IPv4
/// header.
#[must_use]
pub fn sealed_len(transform: &impl Transform, payload_len: usize, padding: &Padding) -> Option<usize> {
    Layout::padded(Lens::of(transform), payload_len, padding).map(|layout| layout.len)
}

/// A sending SA of ESP: a transform, the counter of sequence numbers and a lifetime. Only the SA itself changes
/// counter and lifetime, and neither goes back.
///
/// It cannot be cloned, because a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundSa<T> {
    transform: T,
    sender: Sender,
}

impl<T: Transform> OutboundSa<T> {
    /// Makes an SA that has sent nothing. Its lifetime has no limits. No other SA may have the same keys.
    pub const fn new(spi: Spi, transform: T, esn: Esn) -> Self {
        Self { transform, sender: Sender::new(spi, esn) }
    }

    /// Continues the counter after `last`, for a standby that takes over this SA. `last` must be at least the last
    /// number that the other router may have sent. The counter never goes back.
    #[must_use]
    pub fn resumed_after(mut self, last: SequenceNumber) -> Self {
        self.sender.resume_after(last);
        self
    }

    /// Adds the limits of `lifetime`, and takes its usage where that is greater, for a standby that takes over this
    /// SA. The limits that the SA already has stay, so no SA lives longer because of this call.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: &Lifetime) -> Self {
        self.sender.restrict(lifetime);
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

    /// Returns the rule for the initialization vector of this SA's packets. It tells which [`IvSource`] to use.
    pub fn iv_rule(&self) -> IvRule {
        self.transform.iv_rule()
    }

    /// Returns how many octets to leave free before the payload, for the header and the initialization vector.
    pub fn headroom(&self) -> usize {
        Header::LEN.saturating_add(self.transform.iv_len())
    }

    /// Returns how many octets to leave free behind a payload of this length, for padding, trailer and ICV.
    ///
    /// Payload, padding and trailer (2 octets) fill up to a multiple of the cipher's block length, or of 4 where that is
    /// greater; the ICV follows. A shorter payload may need more padding. The greater of 4 and the block length, plus 1,
    /// plus the length of the ICV, is enough for every payload.
    pub fn tailroom(&self, payload_len: usize) -> usize {
        self.tailroom_for(payload_len, &Padding::new(NextHeader::NONE))
    }

    /// Returns the same as [`tailroom`](Self::tailroom) for a packet with more padding than the blocks need. For
    /// padding that no packet can have, the result is greater than any buffer.
    pub fn tailroom_for(&self, payload_len: usize, padding: &Padding) -> usize {
        Layout::padded(Lens::of(&self.transform), payload_len, padding).map_or(usize::MAX, |layout| {
            layout.len.saturating_sub(layout.text_offset).saturating_sub(payload_len)
        })
    }

    /// Seals a payload in place. The payload of `payload_len` octets stands in `buffer` behind
    /// [`headroom`](Self::headroom) free octets, and [`tailroom`](Self::tailroom) free octets follow it. Returns the
    /// packet: from the start of the buffer to the end of the ICV, without an IP header.
    ///
    /// `padding` says what the payload is. Usually it is the [`NextHeader`] alone, which becomes a [`Padding`] of no more
    /// octets than the blocks need: [`NextHeader::IPV4`] for an inner packet of a tunnel, [`NextHeader::TCP`] for the
    /// payload of an IP packet in transport mode. `iv` must be the source that [`iv_rule`](Self::iv_rule) asks for.
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer has no room, when the source of the initialization vector does not fit
    /// the mode or fails, or when the SA is at its end. Payload and counter are then unchanged; octets that the
    /// source wrote before it failed are in the headroom.
    ///
    /// Returns [`SealError::Shape`] when the transform refuses the packet. All octets of the packet, the payload
    /// included, are then zeros, and the sequence number is used up.
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

/// Returns the reason why no packet can have `len` octets of payload and traffic-flow padding.
#[cold]
pub(crate) const fn too_long(len: usize) -> SealError {
    // This is far more than memory holds. Whatever is in a buffer can only have too much padding.
    if len > usize::MAX >> 2 { SealError::TooLong } else { SealError::PaddingTooLong }
}

/// The length in octets of the counter that a counter mode uses as initialization vector.
const COUNTER_LEN: usize = 8;

/// Writes the initialization vector, when the source gives what the rule demands.
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
            // A source that reports success without filling the octets has no entropy either.
            place.fill(0);
            source.fill(place)?;
            if place.iter().all(|octet| *octet == 0) { Err(NoEntropy.into()) } else { Ok(()) }
        }
        // RFC 3686, 4106, 4309 and 4543 allow any value that does not repeat, and sequence numbers do not. A vector
        // too short for the whole number would repeat.
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
