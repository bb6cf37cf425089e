//! Secrets in tcpdump's form: an encryption algorithm and its key, without a key for authentication.

use ipsec::Secret;
use ipsec::suite::{AesKey, Encryption};

use crate::secret::Written;
use crate::{Algorithms, AssociationRow, SecretError};

pub(crate) fn row(written: &Written<'_>) -> Result<AssociationRow, SecretError> {
    let (algorithm, icv_len) = match written.algorithm.strip_suffix("-hmac96") {
        Some(algorithm) => (algorithm, 12),
        None => (written.algorithm, 0),
    };
    let encryption = encryption_of(algorithm, written.key.len()).ok_or(SecretError::Algorithm)?;
    // NULL has no key, but tcpdump requires one to be written.
    let key = if encryption == Encryption::Null { &[][..] } else { &written.key };
    let algorithms = Algorithms::esp_unverified(encryption, Secret::new(key), icv_len)?;
    Ok(written.row(algorithms.ok_or(SecretError::Algorithm)?, key, &[]))
}

/// Finds an algorithm by the name that OpenSSL or tcpdump gives it. For `aes` alone, the length of the key decides.
fn encryption_of(name: &str, key_len: usize) -> Option<Encryption> {
    let name = name.strip_suffix("-cbc").unwrap_or(name);
    let aes = match name {
        "none" => return Some(Encryption::Null),
        "des" => return Some(Encryption::DesCbc),
        "3des" | "des3" | "des-ede3" => return Some(Encryption::TripleDesCbc),
        "aes" | "rijndael" => AesKey::ALL.into_iter().find(|key| key.octets() == key_len)?,
        "aes128" | "aes-128" => AesKey::Bits128,
        "aes192" | "aes-192" => AesKey::Bits192,
        "aes256" | "aes-256" => AesKey::Bits256,
        _ => return None,
    };
    Some(Encryption::AesCbc(aes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AddressPattern, AssociationKeys, SpiPattern, secret::row};
    use ipsec::Spi;

    /// The part of a secret that the key store takes.
    fn secret(text: &str) -> Result<AssociationKeys, SecretError> {
        row(text).map(|row| row.keys)
    }

    #[test]
    fn secrets_with_and_without_an_address() {
        let keys = secret(
            "0x12345678@192.1.2.45 3des-cbc-hmac96:0x4043434545464649494a4a4c4c4f4f515152525454575758",
        )
        .unwrap();
        assert_eq!(keys.spi.single(), Some(Spi(0x1234_5678)));
        assert!(
            keys.destination.holds("192.1.2.45".parse().ok())
                && !keys.destination.holds("192.1.2.46".parse().ok())
        );
        assert_eq!(format!("{:?}", keys.algorithms), "Unverified(3DES-CBC, 12 octets of ICV)");
        let keys = secret("des-cbc:oneeight").unwrap();
        assert!(keys.spi == SpiPattern::ANY && keys.destination == AddressPattern::ANY);
        for (name, expected) in [
            ("aes-cbc-hmac96:0x000102030405060708090a0b0c0d0e0f", "AES-CBC-128, 12"),
            ("aes256-cbc:thirty-two octets of a secret --", "AES-CBC-256, 0"),
            ("none:", "NULL, 0"),
            ("none-hmac96:0x00", "NULL, 12"),
        ] {
            let shown = format!("{:?}", secret(name).unwrap().algorithms);
            assert!(shown.contains(expected), "{name}: {shown}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_repeat_no_key() {
        for (text, error) in [
            ("0x5ec2e7", SecretError::Colon),
            ("0x100@10.0.0.1", SecretError::Colon),
            ("0x5ec2e7g@10.0.0.1 des-cbc:12345678", SecretError::Spi),
            ("0x100@5ec2e7 des-cbc:12345678", SecretError::Address),
            ("0x100@10.0.0.1 5ec2e7:0x00", SecretError::Algorithm),
            ("0x100@10.0.0.1 blowfish-cbc:5ec2e7", SecretError::Algorithm),
            ("0x100@10.0.0.1 aes-cbc:5ec2e7", SecretError::Algorithm),
            ("0x100@10.0.0.1 des-cbc:0x5ec2e", SecretError::Hexadecimal),
            ("ikev2 I 5ec2e7", SecretError::NotRead),
        ] {
            assert_eq!(secret(text).err(), Some(error), "{text}");
            assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
        }
        assert!(matches!(secret("1@10.0.0.1 des-cbc:0x5ec2e7").err(), Some(SecretError::Key(_))));
    }
}
