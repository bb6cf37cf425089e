//! Secrets as tcpdump's option `-E` has them, and the files of them: an algorithm and its key behind an SA's index and address.
//! Keys of AH are written likewise.

use std::net::IpAddr;

use ipsec::{KeyError, Secret};
use zeroize::Zeroizing;

use crate::hexadecimal::octets_of;
use crate::{AddressPattern, Algorithms, AssociationKeys, AssociationRow, SpiPattern, ah_sa, tcpdump};

/// Why text is no secret. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is no colon between algorithm and key.
    #[error("no ALGORITHM:KEY: a secret reads SPI@ADDRESS ALGORITHM:KEY")]
    Colon,
    /// What stands before the @, or in its place.
    #[error("no SPI stands before the @")]
    Spi,
    /// What stands after the @.
    #[error("no IP address stands after the @")]
    Address,
    /// The algorithm.
    #[error(
        "the algorithm is none of des-cbc, 3des-cbc, aes128-cbc, aes192-cbc, aes256-cbc and none, with or without \
         -hmac96"
    )]
    Algorithm,
    /// The algorithm of AH.
    #[error(
        "the algorithm is none of ah-md5-hmac, ah-sha-hmac, ah-sha256-hmac, ah-sha384-hmac, ah-sha512-hmac, \
         ah-aes-xcbc, ah-aes-128-gmac, ah-aes-192-gmac and ah-aes-256-gmac"
    )]
    AhAlgorithm,
    /// A key that is not hexadecimal behind its 0x.
    #[error("the key after 0x is not pairs of hexadecimal digits")]
    Hexadecimal,
    /// The key is not one that the algorithm takes.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A word that is read by tcpdump and not here.
    #[error("secrets of IKEv2 and names of other files are not read here")]
    NotRead,
}

/// A secret as it is written.
pub(crate) struct Written<'a> {
    spi: SpiPattern,
    destination: AddressPattern,
    pub(crate) algorithm: &'a str,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

impl<'a> Written<'a> {
    /// Reads `SPI@ADDRESS ALGORITHM:KEY`; without the address, whoever receives; without both, any SA.
    pub(crate) fn read(text: &'a str) -> Result<Self, SecretError> {
        let text = text.trim();
        if text.starts_with("ikev2 ") || text.starts_with("file ") {
            return Err(SecretError::NotRead);
        }
        // A key may hold blanks: the first word is an index unless a colon comes before any @.
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

    /// The SA that it is for, with its algorithms and the keys of them.
    pub(crate) fn row(&self, algorithms: Algorithms, key: &[u8], mac_key: &[u8]) -> AssociationRow {
        let keys = AssociationKeys {
            spi: self.spi,
            destination: self.destination,
            ..AssociationKeys::new(ipsec::Spi::LOCAL, algorithms)
        };
        AssociationRow::new(keys, Secret::new(key), Secret::new(mac_key))
    }
}

/// Reads one secret, of ESP or of AH.
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
