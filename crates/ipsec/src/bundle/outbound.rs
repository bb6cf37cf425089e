use wire::EmitError;

use super::{BundleTransform, Sibling};
use crate::ah::covered::{CoverError, PutAside};
use crate::ah::integrity::{MAX_ICV_LEN, check_icv_len};
use crate::ah::outbound::Parts;
use crate::ah::{self, Quirks};
use crate::esp::outbound::{Layout, write_iv};
use crate::esp::padding::write_monotonic;
use crate::esp::{self, IvSource};
use crate::ip::{Headers, IpError, Version};
use crate::lifetime::Lifetime;
use crate::security_association::Sender;
use crate::sequence::SequenceNumber;
use crate::transform::Protected;
use crate::{Limit, NextHeader};

/// A packet that was not sealed. No sequence number of either SA was used for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// The SA of AH, or what it makes of the IP packet.
    #[error("AH: {0}")]
    Ah(ah::SealError),
    /// The SA of ESP.
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

/// Two SAs for packets on their way out: ESP encrypts, AH around it authenticates.
///
/// They cannot be cloned, for a clone would use the same numbers again.
#[derive(Debug)]
pub struct OutboundBundle<T> {
    transform: T,
    ah: Sender,
    esp: Sender,
    /// What AH does that RFC 4302 does not have.
    pub quirks: Quirks,
    /// How much of the lifetime of AH's SA is used, in whole IP packets.
    pub ah_lifetime: Lifetime,
    /// How much of the lifetime of ESP's SA is used, in whole IP packets without AH.
    pub esp_lifetime: Lifetime,
}

/// Where the parts of a bundle's packet stand.
struct Places {
    /// Where in the buffer the packet begins.
    start: usize,
    /// Where in the packet ESP begins.
    esp_offset: usize,
    layout: Layout,
    /// Octets of the packet.
    len: usize,
}

impl<T: BundleTransform> OutboundBundle<T> {
    /// Two SAs that have sent nothing. Their keys must be of no others.
    pub const fn new(ah: Sibling, esp: Sibling, transform: T) -> Self {
        let lifetime = Lifetime::new(Limit::NONE, Limit::NONE, 0);
        Self {
            transform,
            ah: Sender::new(ah.spi, ah.numbering),
            esp: Sender::new(esp.spi, esp.numbering),
            quirks: Quirks::NONE,
            ah_lifetime: lifetime,
            esp_lifetime: lifetime,
        }
    }

    /// The SAs with their next numbers after these, of AH and of ESP: for who takes over from another. They never go back.
    #[must_use]
    pub fn resumed_after(mut self, ah: SequenceNumber, esp: SequenceNumber) -> Self {
        self.ah.resume_after(ah);
        self.esp.resume_after(esp);
        self
    }

    /// The numbers of the last packet, of AH and of ESP.
    pub const fn sequences(&self) -> (SequenceNumber, SequenceNumber) {
        (self.ah.last, self.esp.last)
    }

    /// Octets to leave free before a packet.
    pub fn headroom(&self) -> usize {
        self.ah_len(Version::V6).saturating_add(self.esp_headroom())
    }

    /// Octets to leave free behind a packet of that many: padding and trailer. It depends on how long the packet's headers are,
    /// and is what the longest need.
    pub fn tailroom(&self) -> usize {
        self.transform.block_len().max(4).saturating_add(1)
    }

    fn ah_len(&self, version: Version) -> usize {
        self.quirks.header_len(version, self.transform.icv_len())
    }

    fn esp_headroom(&self) -> usize {
        esp::Header::LEN.saturating_add(self.transform.iv_len())
    }

    fn places(&self, headers: &Headers, packet_len: usize) -> Option<Places> {
        let payload_len = packet_len.checked_sub(headers.len)?;
        let layout = Layout::in_bundle(&self.transform, payload_len)?;
        let ah_len = self.ah_len(headers.version);
        let start = self.headroom().checked_sub(ah_len.checked_add(self.esp_headroom())?)?;
        let esp_offset = headers.len.checked_add(ah_len)?;
        let len = esp_offset.checked_add(layout.len)?;
        Some(Places { start, esp_offset, layout, len })
    }

    /// Seals the IP packet of `packet_len` octets that stands in `buffer` behind [`headroom`](Self::headroom) free octets, and
    /// returns the packet: its headers, AH, ESP.
    ///
    /// # Errors
    /// When there is no room, the octets are no whole IP packet, or an SA is at its end. Packet and counters are as they were; of
    /// the free octets, those of the initialization vector may have been written.
    pub fn seal_in_place<'b>(
        &mut self,
        buffer: &'b mut [u8],
        packet_len: usize,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], SealError> {
        let ah_sequence = self.ah.next(&self.ah_lifetime).map_err(ah::SealError::from)?;
        let esp_sequence = self.esp.next(&self.esp_lifetime).map_err(esp::SealError::from)?;
        let (headroom, available) = (self.headroom(), buffer.len());
        let needed = headroom.saturating_add(packet_len);
        let packet = buffer.get(headroom..needed).ok_or(EmitError::BufferTooSmall { needed, available })?;
        let headers = Headers::to_insert_behind(packet)?;
        PutAside::check(packet.get(..headers.len).unwrap_or_default(), &headers)?;
        let places = self.places(&headers, packet_len).ok_or(esp::SealError::PaddingTooLong)?;
        check_len(&headers, &places)?;
        check_icv_len(self.transform.icv_len())?;
        let (start, end) = (places.start, places.start.saturating_add(places.len));
        let packet =
            buffer.get_mut(start..end).ok_or(EmitError::BufferTooSmall { needed: end, available })?;
        let layout = &places.layout;

        // The vector's place is free only when the headers have moved; it is made before anything is changed.
        let mut vector = [0; MAX_IV_LEN];
        let vector = vector.get_mut(..self.transform.iv_len()).unwrap_or_default();
        write_iv(vector, self.transform.iv_rule(), iv, esp_sequence)?;
        let from = headroom.saturating_sub(start);
        headers.shift(packet, from, 0);
        headers.rewrite(packet, NextHeader::AH)?;
        let parts = Parts {
            next_header: NextHeader::ESP,
            reserved: 0,
            spi: self.ah.spi,
            sequence: ah_sequence,
            padding: &[],
        };
        let ah_len = self.ah_len(headers.version);
        parts.write(
            packet.get_mut(headers.len..).unwrap_or_default(),
            ah_len,
            &[],
            self.transform.icv_len(),
        )?;
        let octets = packet.get_mut(places.esp_offset..).unwrap_or_default();
        let place = octets.get_mut(esp::Header::LEN..).unwrap_or_default();
        for (to, from) in place.iter_mut().zip(vector.iter()) {
            *to = *from;
        }
        write_monotonic(octets.get_mut(layout.padding_offset..layout.trailer_offset).unwrap_or_default());
        let header = esp::Header { spi: self.esp.spi, sequence_number: esp_sequence.low() };
        layout.write_header_and_trailer(octets, header, headers.next_header);

        let implied = self.ah.numbering.implied(ah_sequence);
        seal(&self.transform, packet, &headers, places.esp_offset, implied, self.quirks)?;
        self.ah.used(ah_sequence);
        self.esp.used(esp_sequence);
        self.ah_lifetime.count(packet.len());
        self.esp_lifetime.count(packet.len().saturating_sub(ah_len));
        Ok(packet)
    }
}

/// The longest initialization vector.
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

/// Encrypts and authenticates a packet in which all but ICV and ciphertext stands.
fn seal(
    transform: &impl BundleTransform,
    packet: &mut [u8],
    headers: &Headers,
    esp_offset: usize,
    sequence_high: Option<u32>,
    quirks: Quirks,
) -> Result<(), CoverError> {
    let mut aside = PutAside::swap_in(packet, headers, quirks)?;
    let mut icv = [0; MAX_ICV_LEN];
    let icv = icv.get_mut(..transform.icv_len()).unwrap_or_default();
    let iv_offset = esp_offset.saturating_add(esp::Header::LEN);
    let text_offset = iv_offset.saturating_add(transform.iv_len());
    if let Some(protected) = Protected::new(packet, iv_offset, text_offset, sequence_high) {
        transform.seal(protected, icv);
    }
    aside.swap(packet);
    let icv_offset = headers.len.saturating_add(ah::Header::FIXED_LEN);
    for (to, from) in packet.get_mut(icv_offset..).unwrap_or_default().iter_mut().zip(icv.iter()) {
        *to = *from;
    }
    Ok(())
}
