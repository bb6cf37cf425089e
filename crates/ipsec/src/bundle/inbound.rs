use core::time::Duration;

use crypto::NotAuthentic;

use super::{BundleTransform, BundledSa, Opened};
use crate::Lifetime;
use crate::ReplayWindow;
use crate::SequenceNumber;
use crate::Spi;
use crate::ah::covered::{CoverError, PutAside};
use crate::ah::integrity::MAX_ICV_LEN;
use crate::ah::{self, Quirks};
use crate::esp::padding::TRAILER_LEN;
use crate::esp::{self, PaddingRule};
use crate::ip::{Headers, IpError};
use crate::place::{place, swap};
use crate::receiver::Receiver;
use crate::transform::{MIN_ICV_LEN, Protected};
use crate::{LengthError, NextHeader, ParseError};

/// The reason why a bundle dropped a packet: the error of its AH part or of its ESP part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The IP packet, AH or the ICV is wrong. The ICV covers ESP as well.
    #[error("AH: {0}")]
    Ah(ah::OpenError),
    /// ESP inside AH is wrong.
    #[error("ESP: {0}")]
    Esp(esp::OpenError),
    /// AH protects a protocol that is not ESP.
    #[error("AH protects {found}, but in a bundle it must protect ESP")]
    OtherProtocol {
        /// The protocol that AH protects.
        found: NextHeader,
    },
}

impl From<ah::OpenError> for OpenError {
    fn from(error: ah::OpenError) -> Self {
        Self::Ah(error)
    }
}

impl From<esp::OpenError> for OpenError {
    fn from(error: esp::OpenError) -> Self {
        Self::Esp(error)
    }
}

impl From<IpError> for OpenError {
    fn from(error: IpError) -> Self {
        Self::Ah(error.into())
    }
}

impl From<wire::EmitError> for OpenError {
    fn from(error: wire::EmitError) -> Self {
        IpError::from(error).into()
    }
}

impl From<ParseError> for OpenError {
    fn from(error: ParseError) -> Self {
        Self::Ah(error.into())
    }
}

impl From<CoverError> for OpenError {
    fn from(error: CoverError) -> Self {
        Self::Ah(error.into())
    }
}

/// The two receiving SAs of a bundle: AH verifies and ESP decrypts. Only the SAs themselves change their windows and
/// lifetimes, and none of them goes back.
///
/// `BLOCKS` is that of [`ReplayWindow`], for both windows. The default of 17 makes windows of 1024 numbers. Rust uses
/// the default only where the type is written out with `<…>`, so write `InboundBundle::<_>::new(..)`, or
/// `InboundBundle::<_, 65>::new(..)` for another width. Without it, the compiler says that it cannot infer `BLOCKS`
/// (E0284).
#[derive(Debug)]
pub struct InboundBundle<T, const BLOCKS: usize = 17> {
    transform: T,
    ah: Receiver<BLOCKS>,
    esp: Receiver<BLOCKS>,
    quirks: Quirks,
    padding_rule: PaddingRule,
}

/// The place of ESP in a packet, and what is known of the packet before the ICV is checked.
struct Places {
    headers: Headers,
    esp_offset: usize,
    text_offset: usize,
    ah: SequenceNumber,
    esp: SequenceNumber,
    esp_spi: Spi,
}

impl<T: BundleTransform, const BLOCKS: usize> InboundBundle<T, BLOCKS> {
    /// Makes two SAs that have received nothing. Their lifetimes have no limits, and padding must be
    /// [monotonic](PaddingRule::Monotonic).
    pub const fn new(ah: BundledSa, esp: BundledSa, transform: T) -> Self {
        Self {
            transform,
            ah: Receiver::new(ah.spi, ah.esn),
            esp: Receiver::new(esp.spi, esp.esn),
            quirks: Quirks::NONE,
            padding_rule: PaddingRule::Monotonic,
        }
    }

    /// Adds the numbers that these windows of AH and ESP have accepted, for a standby that takes over the SAs. What
    /// the SAs themselves accepted before stays accepted.
    #[must_use]
    pub fn with_windows(mut self, ah: &ReplayWindow<BLOCKS>, esp: &ReplayWindow<BLOCKS>) -> Self {
        self.ah.take_over(ah);
        self.esp.take_over(esp);
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

    /// Sets the quirks of the sender of AH.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Sets which padding of ESP is accepted.
    #[must_use]
    pub const fn with_padding_rule(mut self, padding_rule: PaddingRule) -> Self {
        self.padding_rule = padding_rule;
        self
    }

    /// Returns the replay windows of AH and ESP.
    pub const fn windows(&self) -> (&ReplayWindow<BLOCKS>, &ReplayWindow<BLOCKS>) {
        (self.ah.window(), self.esp.window())
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

    /// Opens a whole IP packet in place: verifies and decrypts it, and returns its parts.
    ///
    /// The SAs check in this order: the shape of the packet, of AH and of ESP; then SPI, lifetime and sequence number
    /// of AH; then those of ESP; then the ICV. After that the packet is decrypted, both numbers are accepted, its
    /// octets count, and the trailer of ESP is checked.
    ///
    /// # Errors
    /// Returns an [`OpenError`] that says why the packet was dropped. Packet, windows and lifetimes are then
    /// unchanged, except when the trailer is wrong: such a packet is authentic, so its numbers are accepted and its
    /// octets count.
    pub fn open_in_place<'a>(&mut self, packet: &'a mut [u8]) -> Result<Opened<'a>, OpenError> {
        let places = self.admit(packet)?;
        let len = packet.len();
        self.verify_and_decrypt(packet, &places)?;
        let ah_len = places.esp_offset.saturating_sub(places.headers.len);
        self.ah.accept(places.ah, len).map_err(ah::OpenError::from)?;
        self.esp.accept(places.esp, len.saturating_sub(ah_len)).map_err(esp::OpenError::from)?;

        let packet = &*packet;
        let iv_offset = places.esp_offset.saturating_add(esp::Header::LEN);
        let not_there = esp::OpenError::from(NotAuthentic);
        let iv = packet.get(iv_offset..places.text_offset).ok_or(not_there)?;
        let text = packet.get(places.text_offset..).ok_or(not_there)?;
        let esp = esp::Opened::new(places.esp_spi, places.esp, iv, text).map_err(esp::OpenError::from)?;
        if self.padding_rule == PaddingRule::Monotonic {
            esp.trailer().check_monotonic().map_err(esp::OpenError::from)?;
        }
        let (headers, rest) = places.headers.split(packet);
        let (header, _) = ah::Header::parse_prefix(rest)?;
        let padding = header.icv.get(self.transform.icv_len()..).ok_or(not_there)?;
        Ok(Opened { headers, reserved: header.reserved, spi: header.spi, sequence: places.ah, padding, esp })
    }

    /// Checks everything that can be checked before the ICV.
    fn admit(&self, packet: &[u8]) -> Result<Places, OpenError> {
        let headers = Headers::before(NextHeader::AH, packet)?;
        let (header, rest) = ah::Header::parse_prefix(headers.split(packet).1)?;
        let (needed, available) =
            (self.quirks.header_len(headers.version, self.transform.icv_len()), header.wire_len());
        if needed != available {
            return Err(ah::OpenError::HeaderLen { needed, available }.into());
        }
        if header.next_header != NextHeader::ESP {
            return Err(OpenError::OtherProtocol { found: header.next_header });
        }
        let esp_offset = headers.len.saturating_add(available);
        let text_offset = esp_offset.saturating_add(esp::Header::LEN).saturating_add(self.transform.iv_len());
        let block_len = self.transform.block_len();
        let shortest = text_offset.saturating_add(TRAILER_LEN.max(block_len));
        if packet.len() < shortest {
            let (needed, available) = (shortest.saturating_sub(esp_offset), rest.len());
            let error = LengthError::Ends {
                within: "ESP packet",
                element: "ESP packet",
                offset: esp_offset,
                needed,
                available,
            };
            return Err(esp::OpenError::from(error).into());
        }
        let text_len = packet.len().saturating_sub(text_offset);
        if text_len.checked_rem(block_len) != Some(0) {
            return Err(esp::OpenError::Blocks { len: text_len, block_len }.into());
        }
        let (esp_header, _) = esp::Header::parse_prefix(rest)?;
        let ah = self.ah.admit(header.spi, header.sequence_number).map_err(ah::OpenError::from)?;
        let esp = self.esp.admit(esp_header.spi, esp_header.sequence_number).map_err(esp::OpenError::from)?;
        Ok(Places { headers, esp_offset, text_offset, ah, esp, esp_spi: esp_header.spi })
    }

    fn verify_and_decrypt(&self, packet: &mut [u8], places: &Places) -> Result<(), OpenError> {
        // A shorter ICV does not authenticate, whatever the transform says of it.
        if self.transform.icv_len() < MIN_ICV_LEN {
            return Err(ah::OpenError::from(NotAuthentic).into());
        }
        let mut aside = PutAside::swap_in(packet, &places.headers, self.quirks)?;
        let mut icv = [0; MAX_ICV_LEN];
        let icv = place(&mut icv, 0, self.transform.icv_len())?;
        let icv_offset = places.headers.len.saturating_add(ah::Header::FIXED_LEN);
        swap(packet, icv_offset, icv)?;
        let iv_offset = places.esp_offset.saturating_add(esp::Header::LEN);
        let implied = self.ah.esn().implied(places.ah);
        let opened = match Protected::new(packet, iv_offset, places.text_offset, implied) {
            Ok(protected) => self.transform.open(protected, icv),
            Err(_) => Err(NotAuthentic),
        };
        aside.swap(packet)?;
        // The place of the ICV in the packet holds zeros now, which are not needed any more.
        swap(packet, icv_offset, icv)?;
        opened.map_err(|error| ah::OpenError::from(error).into())
    }
}
