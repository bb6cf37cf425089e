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

/// Why a packet was dropped: what AH has against it, or ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The IP packet, AH, or its ICV, which is over ESP as well.
    #[error("AH: {0}")]
    Ah(ah::OpenError),
    /// ESP inside AH.
    #[error("ESP: {0}")]
    Esp(esp::OpenError),
    /// AH protects something else.
    #[error("AH protects {found}, where ESP should be")]
    OtherProtocol {
        /// What it is.
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

/// Two SAs for packets on their way in: AH verifies what ESP decrypts. They alone change their windows and lifetimes, and none goes
/// back. `BLOCKS` is that of both their windows.
#[derive(Debug)]
pub struct InboundBundle<T, const BLOCKS: usize = 17> {
    transform: T,
    ah: Receiver<BLOCKS>,
    esp: Receiver<BLOCKS>,
    quirks: Quirks,
    padding_rule: PaddingRule,
}

/// Where ESP stands in a packet, and what is known of it before the ICV was looked at.
struct Places {
    headers: Headers,
    esp_offset: usize,
    text_offset: usize,
    ah: SequenceNumber,
    esp: SequenceNumber,
    esp_spi: Spi,
}

impl<T: BundleTransform, const BLOCKS: usize> InboundBundle<T, BLOCKS> {
    /// Two SAs that have received nothing, have no end, and take [monotonic](PaddingRule::Monotonic) padding.
    pub const fn new(ah: BundledSa, esp: BundledSa, transform: T) -> Self {
        Self {
            transform,
            ah: Receiver::new(ah.spi, ah.esn),
            esp: Receiver::new(esp.spi, esp.esn),
            quirks: Quirks::NONE,
            padding_rule: PaddingRule::Monotonic,
        }
    }

    /// The SAs with what these windows have accepted, of AH and of ESP: for a standby that takes them over. What the SAs accepted
    /// before stays accepted.
    #[must_use]
    pub fn with_windows(mut self, ah: &ReplayWindow<BLOCKS>, esp: &ReplayWindow<BLOCKS>) -> Self {
        self.ah.take_over(ah);
        self.esp.take_over(esp);
        self
    }

    /// The SAs with the limits of these lifetimes, and with their usage for a standby that takes them over: of AH's SA, in whole IP
    /// packets, and of ESP's, in whole IP packets without AH. Limits that an SA has already stay, and so does what it has used.
    #[must_use]
    pub fn with_lifetimes(mut self, ah: &Lifetime, esp: &Lifetime) -> Self {
        self.ah.restrict(ah);
        self.esp.restrict(esp);
        self
    }

    /// The SAs whose sender does what RFC 4302 does not have.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// The SAs of which ESP takes this padding.
    #[must_use]
    pub const fn with_padding_rule(mut self, padding_rule: PaddingRule) -> Self {
        self.padding_rule = padding_rule;
        self
    }

    /// What was accepted so far, of AH and of ESP.
    pub const fn windows(&self) -> (&ReplayWindow<BLOCKS>, &ReplayWindow<BLOCKS>) {
        (self.ah.window(), self.esp.window())
    }

    /// How much of their lifetimes is used, of AH and of ESP.
    pub const fn lifetimes(&self) -> (&Lifetime, &Lifetime) {
        (self.ah.lifetime(), self.esp.lifetime())
    }

    /// Tells how old the SAs are by now. They never grow younger.
    pub fn grow(&mut self, age: Duration) {
        self.ah.grow(age);
        self.esp.grow(age);
    }

    /// Verifies and decrypts a whole IP packet in place, and returns what it holds.
    ///
    /// It is looked at in this order: the packet's shape, that of AH and that of ESP; SPI, lifetime and sequence number of AH; of
    /// ESP; the ICV. Then it is decrypted, both numbers are accepted, its octets are counted, and ESP's trailer is looked at.
    ///
    /// # Errors
    /// Why it was dropped. Up to a wrong ICV, packet, windows and lifetimes are as they were.
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

    /// All that can be said of a packet before its ICV is looked at.
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
        // An ICV that is shorter authenticates nothing, whatever the transform says of it.
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
        // What stands in the packet's place of the ICV is zeros: they are not needed any more.
        swap(packet, icv_offset, icv)?;
        opened.map_err(|error| ah::OpenError::from(error).into())
    }
}
