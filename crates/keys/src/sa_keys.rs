//! The keys of an SA, and which packets they are for.

use core::fmt;
use core::str::FromStr;
use std::net::IpAddr;
use std::sync::Arc;

use ipsec::ah::{AnyIntegrity, Integrity, Quirks};
use ipsec::suite::Encryption;
use ipsec::suite::{AnyTransform, Suite};
use ipsec::{Esn, KeyError, Secret, Spi};

use crate::{AssociationRow, RowError, SecretError, Unverified, esp_sa, secret};

/// The keys of one SA, or of all that the patterns hold, RFC 4301 section 4.1.
///
/// It holds key schedules and states of MACs, which are wiped when its last clone goes; the keys themselves are not kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AssociationKeys {
    /// The indices.
    pub spi: SpiPattern,
    /// Who sends.
    pub source: AddressPattern,
    /// Who receives.
    pub destination: AddressPattern,
    /// What is done to packets.
    pub algorithms: Algorithms,
    /// How wide sequence numbers are.
    pub esn: Esn,
    /// The high half that extended sequence numbers had when the keys were written down.
    pub sequence_high: u32,
}

/// What is done to the packets of an SA, under its keys.
#[derive(Clone)]
#[non_exhaustive]
pub enum Algorithms {
    /// ESP.
    Esp(Suite, Arc<AnyTransform>),
    /// ESP whose authentication key is not known: packets are decrypted and cannot be verified.
    EspUnverified(Arc<Unverified>),
    /// AH. Senders with other quirks than these are found as well.
    Ah(Integrity, Arc<AnyIntegrity>, Quirks),
}

impl Algorithms {
    /// The algorithms of a suite of ESP, with its keys.
    ///
    /// # Errors
    /// When a key has not the length its algorithm takes, or must not be used.
    pub fn esp(
        suite: Suite,
        encryption_key: Secret<'_>,
        authentication_key: Secret<'_>,
    ) -> Result<Self, KeyError> {
        Ok(Self::Esp(suite, Arc::new(suite.transform(encryption_key, authentication_key)?)))
    }

    /// Encryption alone, in front of an ICV of so many octets that cannot be verified.
    ///
    /// # Errors
    /// When the key has not the length its algorithm takes, or must not be used. Nothing is made of combined modes, which
    /// verify with the key they have.
    pub fn esp_unverified(
        encryption: Encryption,
        key: Secret<'_>,
        icv_len: usize,
    ) -> Result<Option<Self>, KeyError> {
        Ok(Unverified::new(encryption, key, icv_len)?.map(|made| Self::EspUnverified(Arc::new(made))))
    }

    /// The algorithm of AH, with its key.
    ///
    /// # Errors
    /// When the key has not the length that the algorithm takes.
    pub fn ah(integrity: Integrity, key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self::Ah(integrity, Arc::new(AnyIntegrity::new(integrity, key)?), Quirks::NONE))
    }

    /// How packets are encrypted; nothing in AH.
    #[must_use]
    pub fn encryption(&self) -> Option<Encryption> {
        match self {
            Self::Esp(suite, _) => Some(suite.encryption()),
            Self::EspUnverified(unverified) => Some(unverified.encryption()),
            Self::Ah(..) => None,
        }
    }

    /// The IP protocol they belong to.
    #[must_use]
    pub const fn protocol(&self) -> u8 {
        match self {
            Self::Esp(..) | Self::EspUnverified(_) => ipsec::esp::PROTOCOL,
            Self::Ah(..) => ipsec::ah::PROTOCOL,
        }
    }
}

impl fmt::Debug for Algorithms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Esp(suite, _) => write!(formatter, "Esp({suite})"),
            Self::EspUnverified(unverified) => fmt::Debug::fmt(unverified, formatter),
            Self::Ah(integrity, ..) => write!(formatter, "Ah({integrity})"),
        }
    }
}

/// Why text is not the keys of an SA. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssociationKeysError {
    /// It begins like a row of Wireshark's table, and is none.
    #[error(transparent)]
    Row(#[from] RowError),
    /// It is no secret of tcpdump's, nor one of AH.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl AssociationKeys {
    /// The keys of the SA with this index, whoever its ends are.
    #[must_use]
    pub const fn new(spi: Spi, algorithms: Algorithms) -> Self {
        Self {
            spi: SpiPattern::exactly(spi),
            source: AddressPattern::ANY,
            destination: AddressPattern::ANY,
            algorithms,
            esn: Esn::No,
            sequence_high: 0,
        }
    }

    /// The same for packets to this address alone.
    #[must_use]
    pub fn to(mut self, destination: IpAddr) -> Self {
        self.destination = AddressPattern::from(destination);
        self
    }

    /// The same with sequence numbers of this width.
    #[must_use]
    pub const fn numbered(mut self, esn: Esn) -> Self {
        self.esn = esn;
        self
    }

    /// Whether they are for a packet of this protocol and index, between these addresses where they are known.
    #[must_use]
    pub fn fit(&self, protocol: u8, spi: Spi, network: Option<(IpAddr, IpAddr)>) -> bool {
        let (source, destination) = network.unzip();
        self.algorithms.protocol() == protocol
            && self.spi.holds(spi)
            && self.source.holds(source)
            && self.destination.holds(destination)
    }
}

impl FromStr for AssociationKeys {
    type Err = AssociationKeysError;

    /// Reads a row of Wireshark's table of ESP SAs, or a secret of tcpdump's: `SPI@ADDRESS ALGORITHM:KEY`. One whose algorithm is
    /// of AH (`ah-sha-hmac`) has the key of an SA of AH.
    fn from_str(text: &str) -> Result<Self, AssociationKeysError> {
        row(text).map(|row| row.keys)
    }
}

/// The same, with the octets of the keys.
pub(crate) fn row(text: &str) -> Result<AssociationRow, AssociationKeysError> {
    let text = text.trim();
    // A row begins with the family; tcpdump's secrets have neither quotes nor commas in front.
    let is_row = text.starts_with('"') || text.get(..4).is_some_and(|start| start.starts_with("IPv"));
    Ok(if is_row { esp_sa::row(text)? } else { secret::row(text)? })
}

/// Which indices keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpiPattern {
    spi: u32,
    mask: u32,
}

impl SpiPattern {
    /// All of them.
    pub const ANY: Self = Self { spi: 0, mask: 0 };

    /// One of them.
    #[must_use]
    pub const fn exactly(spi: Spi) -> Self {
        Self { spi: spi.0, mask: u32::MAX }
    }

    /// Whether this is one.
    #[must_use]
    pub const fn holds(&self, spi: Spi) -> bool {
        (self.spi ^ spi.0) & self.mask == 0
    }

    /// The index, where it is one.
    #[must_use]
    pub const fn single(&self) -> Option<Spi> {
        if self.mask == u32::MAX { Some(Spi(self.spi)) } else { None }
    }

    /// Reads `*`, a number, or `0x` and digits of which some are `*`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::ANY);
        }
        let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) else {
            return text.parse().ok().map(|spi| Self::exactly(Spi(spi)));
        };
        let (spi, mask) = digits_of(digits, 8)?;
        let (spi, mask) = (u32::try_from(spi).ok()?, u32::try_from(mask).ok()?);
        // Digits that are not written are zeros.
        let written = u32::try_from(digits.len()).ok()?.saturating_mul(4);
        Some(Self { spi, mask: mask | u32::MAX.checked_shl(written).unwrap_or(0) })
    }
}

/// Hexadecimal digits, any of which may be `*`: their value, and which bits of it count.
fn digits_of(digits: &str, most: usize) -> Option<(u64, u64)> {
    if digits.is_empty() || digits.len() > most {
        return None;
    }
    digits.chars().try_fold((0u64, 0u64), |(value, mask), digit| {
        let (digit, bits) = match digit {
            '*' => (0, 0),
            digit => (digit.to_digit(16)?, 15),
        };
        Some((value.checked_mul(16)? | u64::from(digit), mask.checked_mul(16)? | bits))
    })
}

/// Which addresses keys are for: all, those of a family, or those whose bits are right where the pattern has no wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressPattern {
    family: Option<Family>,
    bits: u128,
    mask: u128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

impl Family {
    const fn width(self) -> u32 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    fn address(self, bits: u128) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(u32::try_from(bits & u128::from(u32::MAX)).unwrap_or(0).into()),
            Self::V6 => IpAddr::V6(bits.into()),
        }
    }

    fn of(address: IpAddr) -> (Self, u128) {
        match address {
            IpAddr::V4(address) => (Self::V4, u128::from(address.to_bits())),
            IpAddr::V6(address) => (Self::V6, address.to_bits()),
        }
    }
}

impl AddressPattern {
    /// All addresses.
    pub const ANY: Self = Self { family: None, bits: 0, mask: 0 };

    pub(crate) const fn any_of(family: Family) -> Self {
        Self { family: Some(family), bits: 0, mask: 0 }
    }

    /// Whether this is one; an address that is not known is.
    #[must_use]
    pub fn holds(&self, address: Option<IpAddr>) -> bool {
        let (Some(family), Some(address)) = (self.family, address) else { return true };
        let (its_family, bits) = Family::of(address);
        family == its_family && (bits ^ self.bits) & self.mask == 0
    }

    /// Reads an address of a family, one with `/` and the length of a prefix, or one in which `*` stands for groups or, in
    /// IPv6, for digits of groups that are written in full.
    pub(crate) fn parse(text: &str, family: Family) -> Option<Self> {
        if text == "*" {
            return Some(Self::any_of(family));
        }
        let (address, prefix) = match text.split_once('/') {
            Some((address, len)) => {
                let len = len.parse::<u32>().ok().filter(|len| *len <= family.width())?;
                (address, family.width().checked_sub(len)?)
            }
            None => (text, 0),
        };
        let prefix_mask = u128::MAX.checked_shl(prefix).unwrap_or(0);
        if let Ok(address) = address.parse::<IpAddr>() {
            let (its_family, bits) = Family::of(address);
            return (its_family == family).then_some(Self { family: Some(family), bits, mask: prefix_mask });
        }
        let (separator, group_count, group_bits) = match family {
            Family::V4 => ('.', 4, 8),
            Family::V6 => (':', 8, 16),
        };
        if address.split(separator).count() != group_count {
            return None;
        }
        let (mut bits, mut mask) = (0u128, 0u128);
        for group in address.split(separator) {
            let (value, counts) = match (group, family) {
                ("*", _) => (0, 0),
                (group, Family::V4) => (u64::from(group.parse::<u8>().ok()?), 0xff),
                (group, Family::V6) if group.contains('*') => {
                    if group.len() == 4 {
                        digits_of(group, 4)?
                    } else {
                        return None;
                    }
                }
                (group, Family::V6) => (digits_of(group, 4)?.0, 0xffff),
            };
            bits = bits.checked_shl(group_bits)? | u128::from(value);
            mask = mask.checked_shl(group_bits)? | u128::from(counts);
        }
        Some(Self { family: Some(family), bits, mask: mask & prefix_mask })
    }
}

impl fmt::Display for SpiPattern {
    /// As the constructor reads it: `*`, or `0x` and eight digits, `*` for those that do not count.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mask == 0 {
            return formatter.write_str("*");
        }
        formatter.write_str("0x")?;
        digits_to(formatter, self.spi.into(), self.mask.into(), 8)
    }
}

/// So many hexadecimal digits, `*` for those whose bits do not count.
fn digits_to(formatter: &mut fmt::Formatter<'_>, value: u64, mask: u64, count: u32) -> fmt::Result {
    for place in (0..count).rev() {
        let digit = |number: u64| number.checked_shr(place.saturating_mul(4)).unwrap_or(0) & 15;
        match digit(mask) {
            0 => formatter.write_str("*")?,
            _ => write!(formatter, "{:x}", digit(value))?,
        }
    }
    Ok(())
}

impl AddressPattern {
    /// The address, where it is one.
    #[must_use]
    pub fn single(&self) -> Option<IpAddr> {
        let family = self.family?;
        (self.ones() == family.width()).then(|| family.address(self.bits))
    }

    /// Whether it is of IPv6; nothing where it holds addresses of both families.
    #[must_use]
    pub fn is_v6(&self) -> Option<bool> {
        self.family.map(|family| family == Family::V6)
    }

    /// The bits of the family's addresses that count, from the first on; less where they are not one run.
    const fn ones(&self) -> u32 {
        match self.family {
            Some(family) => {
                let unused = 128u32.saturating_sub(family.width());
                self.mask.wrapping_shl(unused).leading_ones()
            }
            None => 0,
        }
    }
}

impl fmt::Display for AddressPattern {
    /// As rows of Wireshark's table have it: `*`, an address, one with the length of a prefix, or one with `*` in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(family) = self.family.filter(|_| self.mask != 0) else { return formatter.write_str("*") };
        let (width, ones) = (family.width(), self.ones());
        if ones == width {
            return family.address(self.bits).fmt(formatter);
        }
        let within = u128::MAX.checked_shr(128u32.saturating_sub(width)).unwrap_or(0);
        if (self.mask & within).count_ones() == ones {
            return write!(formatter, "{}/{ones}", family.address(self.bits));
        }
        let (separator, group_bits) = match family {
            Family::V4 => (".", 8),
            Family::V6 => (":", 16u32),
        };
        let mut place = width;
        while let Some(below) = place.checked_sub(group_bits) {
            let group =
                |number: u128| u64::try_from(number.checked_shr(below).unwrap_or(0) & 0xffff).unwrap_or(0);
            if place != width {
                formatter.write_str(separator)?;
            }
            match (family, group(self.mask) & 0xff) {
                (Family::V4, 0) => formatter.write_str("*")?,
                (Family::V4, _) => write!(formatter, "{}", group(self.bits) & 0xff)?,
                (Family::V6, _) if group(self.mask) == 0 => formatter.write_str("*")?,
                (Family::V6, _) => digits_to(formatter, group(self.bits), group(self.mask), 4)?,
            }
            place = below;
        }
        Ok(())
    }
}

impl From<IpAddr> for AddressPattern {
    fn from(address: IpAddr) -> Self {
        let (family, bits) = Family::of(address);
        Self { family: Some(family), bits, mask: u128::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn indices_are_numbers_with_wildcards() {
        assert_eq!(SpiPattern::parse("0x12345678"), Some(SpiPattern::exactly(Spi(0x1234_5678))));
        assert_eq!(SpiPattern::parse("256"), Some(SpiPattern::exactly(Spi(256))));
        assert_eq!(SpiPattern::parse("0x100"), Some(SpiPattern::exactly(Spi(256))));
        let some = SpiPattern::parse("0x12**5678").unwrap();
        assert!(
            some.holds(Spi(0x1234_5678)) && some.holds(Spi(0x12ff_5678)) && !some.holds(Spi(0x1334_5678))
        );
        let some = SpiPattern::parse("0x1*").unwrap();
        assert!(some.holds(Spi(0x1f)) && !some.holds(Spi(0x10f)), "digits that are not written are zeros");
        assert!(SpiPattern::parse("*").unwrap().holds(Spi(7)) && SpiPattern::ANY.single().is_none());
        for wrong in ["", "0x", "0x123456789", "x", "-1", "4294967296", "0x12g4"] {
            assert_eq!(SpiPattern::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn addresses_have_prefixes_and_wildcards() {
        let v4 = |text| AddressPattern::parse(text, Family::V4);
        let v6 = |text| AddressPattern::parse(text, Family::V6);
        let any = v4("*").unwrap();
        assert!(any.holds(address("192.0.2.1")) && any.holds(None) && !any.holds(address("2001:db8::1")));
        let one = v4("192.0.2.1").unwrap();
        assert!(one.holds(address("192.0.2.1")) && !one.holds(address("192.0.2.2")) && one.holds(None));
        let net = v4("192.0.2.128/25").unwrap();
        assert!(net.holds(address("192.0.2.200")) && !net.holds(address("192.0.2.1")));
        assert!(v4("192.0.2.128/0").unwrap().holds(address("10.0.0.1")));
        let group = v4("192.*.2.*").unwrap();
        assert!(group.holds(address("192.7.2.9")) && !group.holds(address("192.7.3.9")));
        let net = v6("2001:db8::/32").unwrap();
        assert!(net.holds(address("2001:db8:1::7")) && !net.holds(address("2001:db9::7")));
        let digit = v6("2001:0db*:0:0:0:0:0:*").unwrap();
        assert!(digit.holds(address("2001:dbf::9")) && !digit.holds(address("2001:dcf::9")));
        for wrong in ["192.0.2", "192.0.2.1.1", "192.0.2.256", "2001:db8::1", "192.0.2.1/33", "", "a.b.c.d"] {
            assert_eq!(v4(wrong), None, "{wrong}");
        }
        for wrong in ["192.0.2.1", "2001:db8::*", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:b*", "::/129"] {
            assert_eq!(v6(wrong), None, "{wrong}");
        }
    }
}
