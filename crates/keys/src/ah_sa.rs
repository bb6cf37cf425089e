//! Keys of AH, written as tcpdump writes secrets: `SPI@ADDRESS ALGORITHM:KEY`.

use core::str::FromStr;

use ipsec::Secret;
use ipsec::ah::{Integrity, ios_of_integrity};

use crate::secret::Written;
use crate::{Algorithms, AssociationKeys, AssociationRow, SecretError};

/// The keys of an SA of AH, for a command-line option that accepts keys of AH only.
#[derive(Clone, Debug)]
pub struct AhKeys(pub AssociationKeys);

impl FromStr for AhKeys {
    type Err = SecretError;

    /// Reads `SPI@ADDRESS ALGORITHM:KEY`. Without the address, the key is for any receiver. Without address and SPI, it
    /// is for any SA.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let written = Written::read(text)?;
        row(&written).map(|row| Self(row.keys)).map_err(|error| written.say_of_password(error))
    }
}

pub(crate) fn row(written: &Written<'_>) -> Result<AssociationRow, SecretError> {
    let integrity = Integrity::all().find(|other| name(*other) == written.algorithm);
    let integrity = integrity.ok_or(SecretError::AhAlgorithm)?;
    let algorithms = Algorithms::ah(integrity, Secret::new(&written.key))?;
    Ok(written.row(algorithms, &[], &written.key))
}

/// The keyword of Cisco IOS, or a similar one where IOS has no keyword.
fn name(integrity: Integrity) -> &'static str {
    use ipsec::suite::AesKey::{Bits128, Bits192, Bits256};
    use ipsec::suite::Authentication;
    match integrity {
        Integrity::AesGmac(Bits128) => "ah-aes-128-gmac",
        Integrity::AesGmac(Bits192) => "ah-aes-192-gmac",
        Integrity::AesGmac(Bits256) => "ah-aes-256-gmac",
        Integrity::Mac(Authentication::HmacMd5_128) => "ah-md5-128-hmac",
        Integrity::Mac(Authentication::HmacSha1_160) => "ah-sha-160-hmac",
        Integrity::Mac(Authentication::HmacSha256_96) => "ah-sha256-96-hmac",
        Integrity::Mac(Authentication::HmacSha256_256) => "ah-sha256-256-hmac",
        Integrity::Mac(Authentication::HmacSha384_384) => "ah-sha384-384-hmac",
        Integrity::Mac(Authentication::HmacSha512_512) => "ah-sha512-512-hmac",
        other => ios_of_integrity(other).unwrap_or("ah-aes-xcbc"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AddressPattern, SpiPattern};
    use ipsec::{KeyError, Spi};

    /// The part of a secret that the key store takes.
    fn secret(text: &str) -> Result<AssociationKeys, SecretError> {
        text.parse().map(|AhKeys(keys)| keys)
    }

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
        assert_eq!(count, 15);
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
            ("257 ah-md5-hmac", SecretError::Colon),
            ("x@::1 ah-md5-hmac:5ec2e7", SecretError::Spi),
            ("1@here ah-md5-hmac:5ec2e7", SecretError::Address),
            ("1 ah-md4-hmac:5ec2e7", SecretError::AhAlgorithm),
            ("1 des-cbc:5ec2e7ff", SecretError::AhAlgorithm),
            ("1 ah-md5-hmac:0x5ec2e", SecretError::Hexadecimal),
        ] {
            let error = secret(text).unwrap_err();
            assert_eq!(error, expected);
            assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
        }
        let error = secret("1 ah-md5-hmac:0x5ec2e7").unwrap_err();
        assert!(matches!(error, SecretError::Key(KeyError::Length { needed: 16, available: 3, .. })));
    }

    /// keepalived fills its passwords up with zeros, which nobody guesses.
    #[test]
    fn a_password_that_is_too_short_is_told_how_it_is_written() {
        for text in ["ah-md5-hmac:monkey", "0x101@::1 ah-md5-hmac:monkey"] {
            assert_eq!(
                secret(text).unwrap_err().to_string(),
                "the password has 6 octets, but HMAC-MD5-96 takes a key of 16: if the sender fills a shorter password up \
                 with zeros, as keepalived does, write the key as 0x, the octets of the password in hexadecimal, and \
                 zeros up to 32 digits"
            );
            assert!(matches!(
                text.parse::<AssociationKeys>().unwrap_err(),
                crate::AssociationKeysError::Secret(SecretError::Password { .. })
            ));
        }
        let padded = format!("ah-md5-hmac:0x6d6f6e6b6579{}", "00".repeat(10));
        assert_eq!(format!("{:?}", secret(&padded).unwrap().algorithms), "Ah(HMAC-MD5-96)");
    }
}
