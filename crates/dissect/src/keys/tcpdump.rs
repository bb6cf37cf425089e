//! Secrets as tcpdump's option `-E` has them, and the files of them: an encryption algorithm and its key, none for
//! authentication.

use std::net::IpAddr;

use ipsec::suite::{AesKey, Encryption};
use ipsec::{KeyError, Secret};

use super::{AddressPattern, Algorithms, AssociationKeys, AssociationRow, SpiPattern, octets_of};

/// Why text is no secret of tcpdump's. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is no colon between algorithm and key.
    #[error("no ALGORITHM:KEY: a secret reads SPI@ADDRESS ALGORITHM:KEY")]
    Colon,
    /// What stands before the @.
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

/// Reads one secret: `SPI@ADDRESS ALGORITHM:KEY`, or the second half alone.
pub(super) fn secret(text: &str) -> Result<AssociationRow, SecretError> {
    let text = text.trim();
    if text.starts_with("ikev2 ") || text.starts_with("file ") {
        return Err(SecretError::NotRead);
    }
    let (id, secret) = match text.split_once(char::is_whitespace) {
        Some((id, secret)) if id.contains('@') => (Some(id), secret.trim_start()),
        _ => (None, text),
    };
    let (spi, destination) = match id.and_then(|id| id.split_once('@')) {
        Some((spi, address)) => (
            SpiPattern::parse(spi).ok_or(SecretError::Spi)?,
            AddressPattern::from(address.parse::<IpAddr>().map_err(|_| SecretError::Address)?),
        ),
        None => (SpiPattern::ANY, AddressPattern::ANY),
    };
    let (algorithm, key) = secret.split_once(':').ok_or(SecretError::Colon)?;
    let key = octets_of(key).map_err(|_| SecretError::Hexadecimal)?;
    let (algorithm, icv_len) = match algorithm.strip_suffix("-hmac96") {
        Some(algorithm) => (algorithm, 12),
        None => (algorithm, 0),
    };
    let encryption = encryption_of(algorithm, key.len()).ok_or(SecretError::Algorithm)?;
    // NULL has no key, and tcpdump wants some.
    let key = if encryption == Encryption::Null { &[][..] } else { &key };
    let algorithms = Algorithms::esp_unverified(encryption, Secret::new(key), icv_len)?;
    let algorithms = algorithms.ok_or(SecretError::Algorithm)?;
    let keys = AssociationKeys { spi, destination, ..AssociationKeys::new(ipsec::Spi::LOCAL, algorithms) };
    Ok(AssociationRow::new(keys, key, &[]))
}

/// The algorithm of a name, which OpenSSL or tcpdump has for it; `aes` alone has the length of its key.
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

    /// What the key store takes of a secret.
    fn secret(text: &str) -> Result<AssociationKeys, SecretError> {
        super::secret(text).map(|row| row.keys)
    }
    use ipsec::Spi;

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
