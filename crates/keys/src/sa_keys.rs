//! The keys of an SA, and the packets that they are for.

use core::fmt;
use core::str::FromStr;
use std::net::IpAddr;
use std::sync::Arc;

use ipsec::ah::{AnyIntegrity, Integrity, Quirks};
use ipsec::suite::{AnyTransform, Authentication, Encryption, Suite};
use ipsec::{Esn, KeyError, Secret, Spi};

use crate::{AlgorithmName, AssociationRow, RowError, SecretError, Unverified, esp_sa, secret};

/// The keys of one SA, or of all SAs that the patterns match (RFC 4301 section 4.1).
///
/// It holds key schedules and MAC states, which are wiped when the last clone is dropped. It does not keep the keys
/// themselves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AssociationKeys {
    /// The SPIs that the keys are for.
    pub spi: SpiPattern,
    /// The addresses of the senders that the keys are for.
    pub source: AddressPattern,
    /// The addresses of the receivers that the keys are for.
    pub destination: AddressPattern,
    /// The algorithms, with their keys.
    pub algorithms: Algorithms,
    /// Whether sequence numbers have 32 or 64 bits (extended sequence numbers).
    pub esn: Esn,
    /// The high 32 bits of the extended sequence number at the time when the keys were written down.
    pub sequence_high: u32,
}

/// The algorithms of an SA, with their keys.
#[derive(Clone)]
#[non_exhaustive]
pub enum Algorithms {
    /// ESP with encryption and authentication.
    Esp(Suite, Arc<AnyTransform>),
    /// ESP whose authentication key is unknown: packets are decrypted but cannot be verified.
    EspUnverified(Arc<Unverified>),
    /// AH. Packets of senders with other quirks than these are recognized too.
    Ah(Integrity, Arc<AnyIntegrity>, Quirks),
}

impl Algorithms {
    /// Makes the algorithms of an ESP suite from its keys.
    ///
    /// # Errors
    /// Returns `ipsec::KeyError` when a key does not have the length that its algorithm needs, or must not be used.
    pub fn esp(
        suite: Suite,
        encryption_key: Secret<'_>,
        authentication_key: Secret<'_>,
    ) -> Result<Self, KeyError> {
        Ok(Self::Esp(suite, Arc::new(suite.transform(encryption_key, authentication_key)?)))
    }

    /// Makes an encryption algorithm for packets whose ICV has `icv_len` octets and cannot be verified. `None` when
    /// `encryption` is a combined mode, because a combined mode verifies with the key that it has.
    ///
    /// # Errors
    /// Returns `ipsec::KeyError` when the key does not have the length that its algorithm needs, or must not be used.
    pub fn esp_unverified(
        encryption: Encryption,
        key: Secret<'_>,
        icv_len: usize,
    ) -> Result<Option<Self>, KeyError> {
        Ok(Unverified::new(encryption, key, icv_len)?.map(|made| Self::EspUnverified(Arc::new(made))))
    }

    /// Makes an AH algorithm from its key.
    ///
    /// # Errors
    /// Returns `ipsec::KeyError` when the key does not have the length that the algorithm needs.
    pub fn ah(integrity: Integrity, key: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self::Ah(integrity, Arc::new(AnyIntegrity::new(integrity, key)?), Quirks::NONE))
    }

    /// The encryption algorithm. `None` for AH.
    #[must_use]
    pub fn encryption(&self) -> Option<Encryption> {
        match self {
            Self::Esp(suite, _) => Some(suite.encryption()),
            Self::EspUnverified(unverified) => Some(unverified.encryption()),
            Self::Ah(..) => None,
        }
    }

    /// Finds the length of ICV with which a packet of ESP is authentic under the authentication key. See
    /// `ipsec::suite::AnyTransform::matching_truncation`, which tells what each answer means. `None` also when the
    /// authentication key is not known.
    #[must_use]
    pub fn matching_truncation(&self, packet: &[u8], sequence_high: Option<u32>) -> Option<Authentication> {
        match self {
            Self::Esp(_, transform) => transform.matching_truncation(packet, sequence_high),
            _ => None,
        }
    }

    /// The number of the IP protocol, ESP or AH.
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

/// Why a text does not hold the keys of an SA. No part of the text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssociationKeysError {
    /// The text begins like a row of Wireshark's table, but is not a valid row.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The text is not a secret in tcpdump's form, for ESP or for AH.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Returns the high half that a key file names, or 0 when the SA has numbers of 32 bits, which have no high half.
pub(crate) const fn high_half(esn: Esn, high: u32) -> u32 {
    match esn {
        Esn::Yes => high,
        Esn::No => 0,
    }
}

impl AssociationKeysError {
    /// Whether the text is well formed, but its algorithm or the length of its key is not known. In a file, such an SA
    /// does not stop the others.
    pub(crate) const fn leaves_out(&self) -> bool {
        match self {
            Self::Row(error) => error.leaves_out(),
            Self::Secret(error) => error.leaves_out(),
        }
    }
}

impl AssociationKeys {
    /// The keys of the SA with this SPI, for any source and destination.
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

    /// The same keys, limited to packets for this destination. To limit them to packets from one sender too, set the field
    /// [`source`](Self::source): `keys.source = AddressPattern::from(address)`.
    #[must_use]
    pub fn to(mut self, destination: IpAddr) -> Self {
        self.destination = AddressPattern::from(destination);
        self
    }

    /// The same keys with sequence numbers of this width.
    #[must_use]
    pub const fn numbered(mut self, esn: Esn) -> Self {
        self.esn = esn;
        self
    }

    /// Whether the keys are for a packet with this IP protocol and SPI. The source and destination in `network` are
    /// compared too, unless it is `None`.
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

    /// Reads a row of Wireshark's table of ESP SAs, or a secret in tcpdump's form, `SPI@ADDRESS ALGORITHM:KEY`. A secret
    /// of ESP has no key for authentication, so it becomes [`Algorithms::EspUnverified`]. When its algorithm is one of AH
    /// (`ah-sha-hmac`), it is the key of an AH SA. The front page lists the names of the algorithms.
    fn from_str(text: &str) -> Result<Self, AssociationKeysError> {
        row(text).map(|row| row.keys)
    }
}

/// Reads the same texts as `from_str`, and keeps the octets of the keys.
pub(crate) fn row(text: &str) -> Result<AssociationRow, AssociationKeysError> {
    let text = text.trim();
    Ok(if esp_sa::is_row(text) { esp_sa::row(text)? } else { secret::row(text)? })
}

/// The name of the algorithm with which the text is in error.
pub(crate) fn algorithm_name(text: &str, error: &AssociationKeysError) -> Option<AlgorithmName> {
    match error {
        AssociationKeysError::Row(error) => esp_sa::algorithm_name(text, error),
        AssociationKeysError::Secret(_) => secret::algorithm_name(text),
    }
}

/// The SPIs that keys are for: one SPI, or all SPIs whose digits match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpiPattern {
    spi: u32,
    mask: u32,
}

impl SpiPattern {
    /// The pattern that matches every SPI.
    pub const ANY: Self = Self { spi: 0, mask: 0 };

    /// The pattern that matches this SPI alone.
    #[must_use]
    pub const fn exactly(spi: Spi) -> Self {
        Self { spi: spi.0, mask: u32::MAX }
    }

    /// Whether the pattern matches this SPI.
    #[must_use]
    pub const fn holds(&self, spi: Spi) -> bool {
        (self.spi ^ spi.0) & self.mask == 0
    }

    /// The SPI, if the pattern matches one SPI alone. `None` when it matches more.
    #[must_use]
    pub const fn single(&self) -> Option<Spi> {
        if self.mask == u32::MAX { Some(Spi(self.spi)) } else { None }
    }

    /// Reads `*`, a decimal number, or `0x` and hexadecimal digits, any of which may be `*`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::ANY);
        }
        let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) else {
            return text.parse().ok().map(|spi| Self::exactly(Spi(spi)));
        };
        let (spi, mask) = digits_of(digits, 8)?;
        let (spi, mask) = (u32::try_from(spi).ok()?, u32::try_from(mask).ok()?);
        // Leading digits that are not written are zeros.
        let written = u32::try_from(digits.len()).ok()?.saturating_mul(4);
        Some(Self { spi, mask: mask | u32::MAX.checked_shl(written).unwrap_or(0) })
    }
}

/// Reads hexadecimal digits, any of which may be `*`. Returns their value, and a mask of the bits that are given.
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

/// The addresses that keys are for: all addresses, all of one family, or those that match wherever the pattern has no
/// wildcard.
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
    /// The pattern that matches every address.
    pub const ANY: Self = Self { family: None, bits: 0, mask: 0 };

    pub(crate) const fn any_of(family: Family) -> Self {
        Self { family: Some(family), bits: 0, mask: 0 }
    }

    /// Whether the pattern matches this address. An unknown address (`None`) always matches.
    #[must_use]
    pub fn holds(&self, address: Option<IpAddr>) -> bool {
        let (Some(family), Some(address)) = (self.family, address) else { return true };
        let (its_family, bits) = Family::of(address);
        family == its_family && (bits ^ self.bits) & self.mask == 0
    }

    /// Reads an address of this family, an address with a prefix length after `/`, or an address with wildcards. A `*`
    /// stands for a whole group or, in IPv6, for one digit of a group that is written with four digits.
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
    /// Writes what the parser reads: `*`, or `0x` and eight digits, with `*` for each digit that may have any value.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mask == 0 {
            return formatter.write_str("*");
        }
        formatter.write_str("0x")?;
        digits_to(formatter, self.spi.into(), self.mask.into(), 8)
    }
}

/// Writes `count` hexadecimal digits, with `*` for each digit that the mask leaves open.
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
    /// The address, if the pattern matches one address alone. `None` when it matches more.
    #[must_use]
    pub fn single(&self) -> Option<IpAddr> {
        let family = self.family?;
        (self.ones() == family.width()).then(|| family.address(self.bits))
    }

    /// Whether the pattern is for IPv6. `None` when it matches addresses of both families.
    #[must_use]
    pub fn is_v6(&self) -> Option<bool> {
        self.family.map(|family| family == Family::V6)
    }

    /// The number of leading bits of an address that have to match. It is lower than the number of all such bits when
    /// they are not contiguous.
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
    /// Writes the forms of Wireshark's table: `*`, an address, an address with a prefix length, or an address with `*`
    /// in it.
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
mod tests;
