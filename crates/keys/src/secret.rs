//! Secrets as tcpdump's option `-E` and its files of secrets hold them: the SPI and address of an SA, followed by an
//! algorithm and its key. Keys of AH are written in the same form.

use std::net::IpAddr;

use ipsec::{KeyError, Secret};
use zeroize::Zeroizing;

use crate::hexadecimal::octets_of;
use crate::{
    AddressPattern, AlgorithmName, Algorithms, AssociationKeys, AssociationRow, SpiPattern, ah_sa, tcpdump,
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
         ah-aes-xcbc, ah-aes-128-gmac, ah-aes-192-gmac and ah-aes-256-gmac"
    )]
    AhAlgorithm,
    /// The key begins with `0x`, but is not hexadecimal.
    #[error("the key begins with 0x, but what follows is not pairs of hexadecimal digits")]
    Hexadecimal,
    /// The algorithm does not accept the key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// tcpdump reads this form of secret, but this crate does not.
    #[error("secrets of IKEv2 and names of other files are not supported: give SPI@ADDRESS ALGORITHM:KEY")]
    NotRead,
}

impl SecretError {
    /// Whether the secret is well formed, but its algorithm or the length of its key is not known.
    pub(crate) const fn leaves_out(&self) -> bool {
        matches!(self, Self::Algorithm | Self::AhAlgorithm | Self::Key(_) | Self::NotRead)
    }
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
}

impl<'a> Written<'a> {
    /// Reads `SPI@ADDRESS ALGORITHM:KEY`. Without the address, the secret is for any receiver. Without address and SPI,
    /// it is for any SA.
    pub(crate) fn read(text: &'a str) -> Result<Self, SecretError> {
        let text = text.trim();
        if text.starts_with("ikev2 ") || text.starts_with("file ") {
            return Err(SecretError::NotRead);
        }
        // A key may contain blanks, so the first word is an SPI only if no colon comes before its first `@`.
        let is_id = |word: &str| !word.split_once('@').map_or(word, |(spi, _)| spi).contains(':');
        let (id, secret) = match text.split_once(char::is_whitespace) {
            Some((id, secret)) if is_id(id) => (Some(id), secret.trim_start()),
            _ => (None, text),
        };
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
        let key = octets_of(key).map_err(|_| SecretError::Hexadecimal)?;
        Ok(Self { spi, destination, algorithm, key })
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
    if written.algorithm.starts_with("ah-") { ah_sa::row(&written) } else { tcpdump::row(&written) }
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
