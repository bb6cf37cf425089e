//! Keys of AH, written as tcpdump writes secrets: `SPI@ADDRESS ALGORITHM:KEY`.

use core::str::FromStr;
use std::net::IpAddr;

use ipsec::ah::Integrity;
use ipsec::{KeyError, Secret};

use super::{AddressPattern, Algorithms, AssociationKeys, AssociationRow, SpiPattern, octets_of};

/// Why text is no key of AH. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AhSecretError {
    /// There is no colon between algorithm and key.
    #[error("no ALGORITHM:KEY: a key of AH reads SPI@ADDRESS ALGORITHM:KEY")]
    Colon,
    /// What stands before the @, or in its place.
    #[error("no SPI stands before the @")]
    Spi,
    /// What stands after the @.
    #[error("no IP address stands after the @")]
    Address,
    /// The algorithm.
    #[error(
        "the algorithm is none of ah-md5-hmac, ah-sha-hmac, ah-sha256-hmac, ah-sha384-hmac, ah-sha512-hmac, \
         ah-aes-xcbc, ah-aes-128-gmac, ah-aes-192-gmac and ah-aes-256-gmac"
    )]
    Algorithm,
    /// A key that is not hexadecimal behind its 0x.
    #[error("the key after 0x is not pairs of hexadecimal digits")]
    Hexadecimal,
    /// The key is not one that the algorithm takes.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Keys of an SA of AH alone: what an option for them takes.
#[derive(Clone, Debug)]
pub struct AhKeys(pub AssociationKeys);

impl FromStr for AhKeys {
    type Err = AhSecretError;

    /// Reads `SPI@ADDRESS ALGORITHM:KEY`; without the address, whoever receives; without both, any SA.
    fn from_str(text: &str) -> Result<Self, AhSecretError> {
        secret(text).map(|row| Self(row.keys))
    }
}

/// Whether the algorithm of a secret is one of AH.
pub(super) fn is_of_ah(text: &str) -> bool {
    split(text).1.starts_with("ah-")
}

/// Which SA, and what follows.
fn split(text: &str) -> (Option<&str>, &str) {
    match text.trim().split_once(char::is_whitespace) {
        Some((id, secret)) => (Some(id), secret.trim_start()),
        None => (None, text.trim()),
    }
}

pub(super) fn secret(text: &str) -> Result<AssociationRow, AhSecretError> {
    let (id, secret) = split(text);
    let (spi, destination) = match id {
        None => (SpiPattern::ANY, AddressPattern::ANY),
        Some(id) => {
            let (spi, address) = id.split_once('@').map_or((id, None), |(spi, address)| (spi, Some(address)));
            let destination = match address {
                None => AddressPattern::ANY,
                Some(address) => {
                    AddressPattern::from(address.parse::<IpAddr>().map_err(|_| AhSecretError::Address)?)
                }
            };
            (SpiPattern::parse(spi).ok_or(AhSecretError::Spi)?, destination)
        }
    };
    let (algorithm, key) = secret.split_once(':').ok_or(AhSecretError::Colon)?;
    let integrity =
        Integrity::all().find(|other| name(*other) == algorithm).ok_or(AhSecretError::Algorithm)?;
    let key = octets_of(key).map_err(|_| AhSecretError::Hexadecimal)?;
    let algorithms = Algorithms::ah(integrity, Secret::new(&key))?;
    let keys = AssociationKeys { spi, destination, ..AssociationKeys::new(ipsec::Spi::LOCAL, algorithms) };
    Ok(AssociationRow::new(keys, &[], &key))
}

/// The word of Cisco IOS, or one like it.
fn name(integrity: Integrity) -> &'static str {
    use ipsec::suite::AesKey::{Bits128, Bits192, Bits256};
    match integrity {
        Integrity::AesGmac(Bits128) => "ah-aes-128-gmac",
        Integrity::AesGmac(Bits192) => "ah-aes-192-gmac",
        Integrity::AesGmac(Bits256) => "ah-aes-256-gmac",
        other => other.ios().unwrap_or("ah-aes-xcbc"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the key store takes of a secret.
    fn secret(text: &str) -> Result<AssociationKeys, AhSecretError> {
        super::secret(text).map(|row| row.keys)
    }
    use ipsec::Spi;

    #[test]
    fn keys_of_every_algorithm() {
        let mut count = 0;
        for integrity in Integrity::all() {
            let key = "ab".repeat(integrity.key_len());
            let keys = secret(&format!("0x101@192.168.1.2 {}:0x{key}", name(integrity))).unwrap();
            assert_eq!(format!("{:?}", keys.algorithms), format!("Ah({integrity})"));
            assert_eq!(keys.spi.single(), Some(Spi(257)));
            assert!(keys.destination.holds("192.168.1.2".parse().ok()));
            assert!(!keys.destination.holds("192.168.1.1".parse().ok()));
            count += 1;
        }
        assert_eq!(count, 9);
    }

    #[test]
    fn parts_may_be_left_out() {
        let keys = secret("257 ah-md5-hmac:sixteen octets..").unwrap();
        assert!(keys.spi.single() == Some(Spi(257)) && keys.destination == AddressPattern::ANY);
        assert_eq!(secret("ah-md5-hmac:sixteen_octets..").unwrap().spi, SpiPattern::ANY);
        let any: AssociationKeys = "0x101@::1 ah-md5-hmac:sixteen octets..".parse().unwrap();
        assert_eq!(format!("{:?}", any.algorithms), "Ah(HMAC-MD5-96)");
    }

    #[test]
    fn errors_repeat_no_key() {
        for (text, expected) in [
            ("257 ah-md5-hmac", AhSecretError::Colon),
            ("x@::1 ah-md5-hmac:5ec2e7", AhSecretError::Spi),
            ("1@here ah-md5-hmac:5ec2e7", AhSecretError::Address),
            ("1 ah-md4-hmac:5ec2e7", AhSecretError::Algorithm),
            ("1 ah-md5-hmac:0x5ec2e", AhSecretError::Hexadecimal),
        ] {
            let error = secret(text).unwrap_err();
            assert_eq!(error, expected);
            assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
        }
        let error = secret("1 ah-md5-hmac:5ec2e7").unwrap_err();
        assert!(matches!(error, AhSecretError::Key(KeyError::Length { needed: 16, available: 6, .. })));
    }
}
