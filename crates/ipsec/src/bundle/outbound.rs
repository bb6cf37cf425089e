use core::time::Duration;

use crypto::IvRule;
use wire::EmitError;

use super::{BundleTransform, BundledSa};
use crate::Lifetime;
use crate::NextHeader;
use crate::SequenceNumber;
use crate::ah::covered::{CoverError, PutAside};
use crate::ah::integrity::{MAX_ICV_LEN, check_icv_len};
use crate::ah::outbound::Parts;
use crate::ah::{self, Quirks};
use crate::esp::outbound::{Layout, Lens, too_long, write_iv};
use crate::esp::{self, IvSource};
use crate::ip::{Headers, IpError, Version};
use crate::place::{place, put, wipe};
use crate::sender::Sender;
use crate::transform::Protected;

/// The reason why a packet was not sealed. Neither SA uses up a sequence number, except for
/// [`esp::SealError::Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// The SA of AH cannot send, or AH cannot protect the IP packet.
    #[error("AH: {0}")]
    Ah(ah::SealError),
    /// The SA of ESP cannot send, or cannot seal the packet.
    #[error("ESP: {0}")]
    Esp(esp::SealError),
}

impl From<ah::SealError> for SealError {
    fn from(error: ah::SealError) -> Self {
        Self::Ah(error)
    }
}

impl From<esp::SealError> for SealError {
    fn from(error: esp::SealError) -> Self {
        Self::Esp(error)
    }
}

impl From<IpError> for SealError {
    fn from(error: IpError) -> Self {
        Self::Ah(error.into())
    }
}

impl From<CoverError> for SealError {
    fn from(error: CoverError) -> Self {
        Self::Ah(error.into())
    }
}

impl From<EmitError> for SealError {
    fn from(error: EmitError) -> Self {
        Self::Ah(error.into())
    }
}

/// The two sending SAs of a bundle: ESP encrypts, and AH around it authenticates. Only the SAs themselves change
/// their counters and lifetimes, and none of them goes back.
///
/// They cannot be cloned, because a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundBundle<T> {
    transform: T,
    ah: Sender,
    esp: Sender,
    quirks: Quirks,
}

/// The places of the parts of a bundle's packet.
pub(super) struct Places {
    /// The offset in the buffer at which the packet begins.
    pub(super) start: usize,
    /// The length of AH in octets.
    pub(super) ah_len: usize,
    /// The offset in the packet at which ESP begins.
    pub(super) esp_offset: usize,
    /// The places of the parts of ESP.
    pub(super) layout: Layout,
    /// The length of the packet in octets.
    pub(super) len: usize,
}

/// Returns how many octets to leave free before a packet.
const fn headroom_of(lens: Lens, quirks: Quirks) -> usize {
    quirks.header_len(Version::V6, lens.icv).saturating_add(esp::Header::LEN).saturating_add(lens.iv)
}

impl Places {
    fn new(headers: &Headers, packet_len: usize, lens: Lens, quirks: Quirks) -> Option<Self> {
        let payload_len = packet_len.checked_sub(headers.len)?;
        let layout = Layout::in_bundle(lens, payload_len)?;
        let ah_len = quirks.header_len(headers.version, lens.icv);
        let esp_headroom = esp::Header::LEN.checked_add(lens.iv)?;
        let start = headroom_of(lens, quirks).checked_sub(ah_len.checked_add(esp_headroom)?)?;
        let esp_offset = headers.len.checked_add(ah_len)?;
        let len = esp_offset.checked_add(layout.len)?;
        Some(Self { start, ah_len, esp_offset, layout, len })
    }
}

impl<T: BundleTransform> OutboundBundle<T> {
    /// Makes two SAs that have sent nothing. Their lifetimes have no limits. No other SA may have the same keys.
    pub const fn new(ah: BundledSa, esp: BundledSa, transform: T) -> Self {
        Self {
            transform,
            ah: Sender::new(ah.spi, ah.esn),
            esp: Sender::new(esp.spi, esp.esn),
            quirks: Quirks::NONE,
        }
    }

    /// Continues the counters after these numbers of AH and ESP, for a standby that takes over the SAs. The counters
    /// never go back.
    #[must_use]
    pub fn resumed_after(mut self, ah: SequenceNumber, esp: SequenceNumber) -> Self {
        self.ah.resume_after(ah);
        self.esp.resume_after(esp);
        self
    }

    /// Adds the limits of these lifetimes, and takes their usage where that is greater, for a standby that takes over
    /// the SAs. The SA of AH counts whole IP packets; the SA of ESP counts whole IP packets without AH. The limits
    /// that an SA already has stay, so no SA lives longer because of this call.
    #[must_use]
    pub fn with_lifetimes(mut self, ah: &Lifetime, esp: &Lifetime) -> Self {
        self.ah.restrict(ah);
        self.esp.restrict(esp);
        self
    }

    /// Sets the quirks of AH, for a receiver that expects them.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Returns the numbers of the last packet, of AH and of ESP, or zeros before the first.
    pub const fn sequences(&self) -> (SequenceNumber, SequenceNumber) {
        (self.ah.last(), self.esp.last())
    }

    /// Returns the lifetimes of AH and ESP, which tell how much of them is used.
    pub const fn lifetimes(&self) -> (&Lifetime, &Lifetime) {
        (self.ah.lifetime(), self.esp.lifetime())
    }

    /// Sets the age of both SAs. A smaller age than before is ignored.
    pub fn grow(&mut self, age: Duration) {
        self.ah.grow(age);
        self.esp.grow(age);
    }

    /// Returns the rule for the initialization vector of ESP's packets. It tells which [`IvSource`] to use.
    pub fn iv_rule(&self) -> IvRule {
        self.transform.iv_rule()
    }

    /// Returns how many octets to leave free before a packet.
    pub fn headroom(&self) -> usize {
        headroom_of(Lens::of(&self.transform), self.quirks)
    }

    /// Returns how many octets to leave free behind a packet, for padding and trailer. (The ICV is in AH, in front.) The
    /// number depends on the headers of the packet, so this is the greatest: the block length of the cipher, or 4 where
    /// that is greater, plus 1.
    pub fn tailroom(&self) -> usize {
        self.transform.block_len().max(4).saturating_add(1)
    }

    /// Seals an IP packet in place. The packet of `packet_len` octets stands in `buffer` behind
    /// [`headroom`](Self::headroom) free octets, and up to [`tailroom`](Self::tailroom) free octets follow it. Returns the
    /// sealed packet: its headers, AH, ESP.
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer has no room, when the octets are not a whole IP packet, or when an SA
    /// is at its end. Packet and counters are then unchanged.
    ///
    /// Returns [`esp::SealError::Shape`] inside [`SealError::Esp`] when the transform refuses the packet. All octets
    /// of the packet are then zeros, and both sequence numbers are used up.
    pub fn seal_in_place<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], SealError> {
        let ah_sequence = self.ah.next().map_err(ah::SealError::from)?;
        let esp_sequence = self.esp.next().map_err(esp::SealError::from)?;
        let lens = Lens::of(&self.transform);
        let headroom = headroom_of(lens, self.quirks);
        let packet = place(buffer, headroom, packet_len)?;
        let headers = Headers::to_insert_behind(packet)?;
        PutAside::check(headers.split(packet).0, &headers)?;
        let places =
            Places::new(&headers, packet_len, lens, self.quirks).ok_or_else(|| too_long(packet_len))?;
        check_len(&headers, &places)?;
        check_icv_len(lens.icv)?;
        let packet = place(buffer, places.start, places.len)?;

        // The place of the vector is free only after the headers have moved, so the vector is made here, before
        // anything is changed.
        let mut vector = [0; MAX_IV_LEN];
        let too_long = esp::SealError::IvLen { needed: lens.iv, available: MAX_IV_LEN };
        let vector = vector.get_mut(..lens.iv).ok_or(too_long)?;
        write_iv(vector, self.transform.iv_rule(), iv, esp_sequence)?;
        self.ah.used(ah_sequence);
        self.esp.used(esp_sequence);
        let from = headroom.saturating_sub(places.start);
        if let Err(error) = self.seal(packet, &headers, &places, from, vector) {
            wipe(packet);
            return Err(error);
        }
        self.ah.count(packet.len());
        self.esp.count(packet.len().saturating_sub(places.ah_len));
        Ok(packet)
    }

    /// Moves the headers from `from` to the front, writes AH and the header and trailer of ESP, and seals with the
    /// last numbers.
    fn seal(
        &self,
        packet: &mut [u8],
        headers: &Headers,
        places: &Places,
        from: usize,
        vector: &[u8],
    ) -> Result<(), SealError> {
        headers.shift(packet, from, 0)?;
        headers.rewrite(packet, NextHeader::AH)?;
        let layout = &places.layout;
        let octets = place(packet, places.esp_offset, layout.len)?;
        put(octets, esp::Header::LEN, vector)?;
        layout.write_padding(octets)?;
        let header = esp::Header { spi: self.esp.spi(), sequence_number: self.esp.last().low() };
        layout.write_header_and_trailer(octets, header, headers.next_header)?;
        let parts = Parts {
            next_header: NextHeader::ESP,
            reserved: 0,
            spi: self.ah.spi(),
            sequence: self.ah.last(),
            padding: &[],
        };
        let implied = self.ah.esn().implied(self.ah.last());
        seal_around(&self.transform, packet, headers, places, &parts, implied, self.quirks)
    }
}

/// Writes AH between `headers` and ESP, and seals both. ESP stands in `packet` in clear.
pub(super) fn seal_around(
    transform: &impl BundleTransform,
    packet: &mut [u8],
    headers: &Headers,
    places: &Places,
    parts: &Parts<'_>,
    implied: Option<u32>,
    quirks: Quirks,
) -> Result<(), SealError> {
    let icv_len = transform.icv_len();
    check_icv_len(icv_len)?;
    parts.write(place(packet, headers.len, places.ah_len)?, &[], icv_len)?;
    let mut aside = PutAside::swap_in(packet, headers, quirks)?;
    let mut icv = [0; MAX_ICV_LEN];
    let icv = place(&mut icv, 0, icv_len)?;
    let iv_offset = places.esp_offset.saturating_add(esp::Header::LEN);
    let text_offset = places.esp_offset.saturating_add(places.layout.text_offset);
    let protected = Protected::new(packet, iv_offset, text_offset, implied).map_err(esp::SealError::from)?;
    transform.seal(protected, icv).map_err(esp::SealError::from)?;
    aside.swap(packet)?;
    put(packet, headers.len.saturating_add(ah::Header::FIXED_LEN), icv)?;
    Ok(())
}

/// The length in octets of the longest initialization vector.
const MAX_IV_LEN: usize = 16;

fn check_len(headers: &Headers, places: &Places) -> Result<(), IpError> {
    let beyond = match headers.version {
        Version::V4 => 0,
        Version::V6 => Version::V6.header_len(),
    };
    if places.len.saturating_sub(beyond) > usize::from(u16::MAX) {
        return Err(IpError::TooLong { len: places.len });
    }
    Ok(())
}
