//! Secrets as tcpdump's option `-E` and its files of secrets hold them: the SPI and address of an SA, followed by an
//! algorithm and its key. Keys of AH are written in the same form.

use std::net::IpAddr;

use ipsec::{KeyError, Secret};
use zeroize::Zeroizing;

use crate::hexadecimal::sa_key;
use crate::{
    AddressPattern, AlgorithmName, Algorithms, AssociationKeys, AssociationRow, KeyHint, SpiPattern, ah_sa,
    tcpdump,
};

/// Why a text is not a valid secret. No part of the text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is no colon between the algorithm and the key.
    #[error("there is no colon between algorithm and key: a secret is written SPI@ADDRESS ALGORITHM:KEY")]
    Colon,
    /// The text before the `@`, or the first word when there is no `@`, is not a valid SPI.
    #[error(
        "the text before the @, or before the algorithm, is not an SPI: write a number, 0x and hexadecimal digits, or *"
    )]
    Spi,
    /// The text after the `@` is not an IP address.
    #[error("the text after the @ is not an IP address")]
    Address,
    /// The encryption algorithm is unknown, or is not used with keys of this length.
    #[error(
        "the algorithm is not one of des-cbc, 3des-cbc, aes128-cbc, aes192-cbc, aes256-cbc and none, with or \
         without -hmac96 after it"
    )]
    Algorithm,
    /// The algorithm is not one of AH.
    #[error(
        "the algorithm is not one of ah-md5-hmac, ah-sha-hmac, ah-sha256-hmac, ah-sha384-hmac, ah-sha512-hmac, \
         ah-aes-xcbc, ah-aes-128-gmac, ah-aes-192-gmac and ah-aes-256-gmac, or, for an ICV of another length, \
         ah-md5-128-hmac, ah-sha-160-hmac, ah-sha256-96-hmac, ah-sha256-256-hmac, ah-sha384-384-hmac and \
         ah-sha512-512-hmac"
    )]
    AhAlgorithm,
    /// The key begins with `0x`, but is not hexadecimal.
    #[error("the key begins with 0x, but what follows is not pairs of hexadecimal digits")]
    Hexadecimal,
    /// The algorithm does not accept the key. The error is an `ipsec::KeyError`.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key is a password that is shorter than the key of the algorithm.
    #[error(
        "the password has {available} octets, but {algorithm} takes a key of {needed}: if the sender fills a shorter \
         password up with zeros, as keepalived does, write the key as 0x, the octets of the password in hexadecimal, \
         and zeros up to {} digits", needed.saturating_mul(2)
    )]
    Password {
        /// The RFC name of the algorithm.
        algorithm: &'static str,
        /// The length in octets that the algorithm takes.
        needed: usize,
        /// The length of the password in octets.
        available: usize,
    },
    /// tcpdump reads this form of secret, but this crate does not.
    #[error("secrets of IKEv2 and names of other files are not supported: give SPI@ADDRESS ALGORITHM:KEY")]
    NotRead,
}

impl SecretError {
    /// Whether the secret is well formed, but its algorithm or the length of its key is not known.
    pub(crate) const fn leaves_out(&self) -> bool {
        matches!(
            self,
            Self::Algorithm | Self::AhAlgorithm | Self::Key(_) | Self::Password { .. } | Self::NotRead
        )
    }
}

/// Whether a line is meant as a secret: it has an algorithm and a key after a colon, and either the algorithm is known
/// by its name or the SA by its SPI.
pub(crate) fn is_meant(line: &str) -> bool {
    if line.starts_with("ikev2 ") || line.starts_with("file ") {
        return true;
    }
    // default: `split` gives at least one piece.
    let entry = line.split(',').next().unwrap_or_default().trim();
    let (id, secret) = parts(entry);
    let is_spi =
        id.is_some_and(|id| SpiPattern::parse(id.split_once('@').map_or(id, |(spi, _)| spi)).is_some());
    let algorithm = secret.split_once(':').map(|(algorithm, _)| algorithm);
    let is_name = |name: &str| !name.contains(' ') && AlgorithmName::of_person(name).is_some();
    is_spi || algorithm.is_some_and(is_name)
}

/// Splits a secret into its SPI and address, if they are there, and the rest.
fn parts(text: &str) -> (Option<&str>, &str) {
    // A key may contain blanks, so the first word is an SPI only if no colon comes before its first `@`.
    let is_id = |word: &str| !word.split_once('@').map_or(word, |(spi, _)| spi).contains(':');
    match text.split_once(char::is_whitespace) {
        Some((id, secret)) if is_id(id) => (Some(id), secret.trim_start()),
        _ => (None, text),
    }
}

/// Looks at the key of a secret.
pub(crate) fn hint(text: &str) -> Option<KeyHint> {
    KeyHint::of_key(parts(text).1.split_once(':')?.1)
}

/// The name of a secret's algorithm.
pub(crate) fn algorithm_name(text: &str) -> Option<AlgorithmName> {
    AlgorithmName::of_person(Written::read(text).ok()?.algorithm)
}

/// A secret, split into its parts.
pub(crate) struct Written<'a> {
    spi: SpiPattern,
    destination: AddressPattern,
    pub(crate) algorithm: &'a str,
    pub(crate) key: Zeroizing<Vec<u8>>,
    /// Whether the key is written as text.
    is_text: bool,
}

impl<'a> Written<'a> {
    /// Reads `SPI@ADDRESS ALGORITHM:KEY`. Without the address, the secret is for any receiver. Without address and SPI,
    /// it is for any SA.
    pub(crate) fn read(text: &'a str) -> Result<Self, SecretError> {
        let text = text.trim();
        if text.starts_with("ikev2 ") || text.starts_with("file ") {
            return Err(SecretError::NotRead);
        }
        let (id, secret) = parts(text);
        let (spi, address) = match id.map(|id| id.split_once('@').ok_or(id)) {
            None => (SpiPattern::ANY, None),
            Some(Err(spi)) => (SpiPattern::parse(spi).ok_or(SecretError::Spi)?, None),
            Some(Ok((spi, address))) => (SpiPattern::parse(spi).ok_or(SecretError::Spi)?, Some(address)),
        };
        let destination = match address {
            None => AddressPattern::ANY,
            Some(address) => address.parse::<IpAddr>().map_err(|_| SecretError::Address)?.into(),
        };
        let (algorithm, key) = secret.split_once(':').ok_or(SecretError::Colon)?;
        let octets = sa_key(key).map_err(|_| SecretError::Hexadecimal)?;
        let is_text = octets.as_slice() == key.as_bytes();
        Ok(Self { spi, destination, algorithm, key: octets, is_text })
    }

    /// Says of a password that is too short how it is written.
    pub(crate) fn say_of_password(&self, error: SecretError) -> SecretError {
        match error {
            SecretError::Key(KeyError::Length { algorithm, needed, available })
                if self.is_text && available < needed && available > 0 =>
            {
                SecretError::Password { algorithm, needed, available }
            }
            error => error,
        }
    }

    /// Makes the row of the SA that the secret is for, from its algorithms and their keys.
    pub(crate) fn row(&self, algorithms: Algorithms, key: &[u8], mac_key: &[u8]) -> AssociationRow {
        let keys = AssociationKeys {
            spi: self.spi,
            destination: self.destination,
            ..AssociationKeys::new(ipsec::Spi::LOCAL, algorithms)
        };
        AssociationRow::new(keys, Secret::new(key), Secret::new(mac_key))
    }
}

/// Reads one secret of ESP or of AH.
pub(crate) fn row(text: &str) -> Result<AssociationRow, SecretError> {
    let written = Written::read(text)?;
    let row =
        if written.algorithm.starts_with("ah-") { ah_sa::row(&written) } else { tcpdump::row(&written) };
    row.map_err(|error| written.say_of_password(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_is_an_index_unless_a_colon_comes_before_any_at() {
        let read =
            |text: &str| row(text).map(|row| (row.keys.spi.single().map(|spi| spi.0), row.keys.destination));
        let to = |address: &str| AddressPattern::from(address.parse::<IpAddr>().unwrap());
        for algorithm in ["des-cbc:one eigh", "des-cbc:a@b c:de", "ah-md5-hmac:sixteen octets.."] {
            assert_eq!(read(algorithm), Ok((None, AddressPattern::ANY)));
            assert_eq!(read(&format!("257 {algorithm}")), Ok((Some(257), AddressPattern::ANY)));
            assert_eq!(read(&format!("0x101@::1  {algorithm}")), Ok((Some(257), to("::1"))));
        }
        assert_eq!(read("a@b des-cbc:12345678"), Err(SecretError::Spi));
    }
}
