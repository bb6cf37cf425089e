//! The names that strongSwan and Linux have for algorithms, to read and to write them.

use ipsec::suite::{AesKey, Authentication, Encryption, IcvLen};

/// Each authentication algorithm with strongSwan's name, Linux' name, and Fortinet's name where it has one.
const AUTHENTICATIONS: [(Authentication, &str, &str, &str); 12] = [
    (Authentication::HmacMd5, "HMAC_MD5_96", "hmac(md5)", "md5"),
    (Authentication::HmacSha1, "HMAC_SHA1_96", "hmac(sha1)", "sha1"),
    (Authentication::HmacSha256, "HMAC_SHA2_256_128", "hmac(sha256)", "sha256"),
    (Authentication::HmacSha384, "HMAC_SHA2_384_192", "hmac(sha384)", "sha384"),
    (Authentication::HmacSha512, "HMAC_SHA2_512_256", "hmac(sha512)", "sha512"),
    (Authentication::AesXcbc, "AES_XCBC_96", "xcbc(aes)", ""),
    (Authentication::HmacMd5_128, "HMAC_MD5_128", "hmac(md5)", ""),
    (Authentication::HmacSha1_160, "HMAC_SHA1_160", "hmac(sha1)", ""),
    (Authentication::HmacSha256_96, "HMAC_SHA2_256_96", "hmac(sha256)", ""),
    (Authentication::HmacSha256_256, "HMAC_SHA2_256_256", "hmac(sha256)", ""),
    (Authentication::HmacSha384_384, "HMAC_SHA2_384_384", "hmac(sha384)", ""),
    (Authentication::HmacSha512_512, "HMAC_SHA2_512_512", "hmac(sha512)", ""),
];

/// Finds an authentication algorithm by strongSwan's name.
pub(crate) fn strongswan_authentication(name: &str) -> Option<Authentication> {
    AUTHENTICATIONS.iter().find(|(_, other, ..)| *other == name).map(|row| row.0)
}

/// strongSwan's name of an authentication algorithm.
pub(crate) fn strongswan_authentication_name(authentication: Authentication) -> Option<&'static str> {
    AUTHENTICATIONS.iter().find(|(other, ..)| *other == authentication).map(|row| row.1)
}

/// Finds an authentication algorithm by the name that Linux prints. The length of its ICV stands elsewhere.
pub(crate) fn linux_authentication(name: &str) -> Option<Authentication> {
    let bare = |full: &str| full.strip_prefix("hmac(").and_then(|rest| rest.strip_suffix(')')) == Some(name);
    AUTHENTICATIONS.iter().find(|(_, _, other, _)| *other == name || bare(other)).map(|row| row.0)
}

/// Linux' name of an authentication algorithm.
pub(crate) fn linux_authentication_name(authentication: Authentication) -> Option<&'static str> {
    AUTHENTICATIONS.iter().find(|(other, ..)| *other == authentication).map(|row| row.2)
}

/// The AES key that remains of `key_len` octets when the last `salt_len` are a salt.
fn aes(key_len: usize, salt_len: usize) -> Option<AesKey> {
    let len = key_len.checked_sub(salt_len)?;
    AesKey::ALL.into_iter().find(|key| key.octets() == len)
}

/// Finds an encryption algorithm by strongSwan's name and the length of its key in octets.
pub(crate) fn strongswan_encryption(name: &str, key_len: usize) -> Option<Encryption> {
    use IcvLen::{Octets8, Octets12, Octets16};
    let aes = |salt_len| aes(key_len, salt_len);
    match name {
        "NULL" => Some(Encryption::Null),
        "DES_CBC" => Some(Encryption::DesCbc),
        "3DES_CBC" => Some(Encryption::TripleDesCbc),
        "AES_CBC" => aes(0).map(Encryption::AesCbc),
        "AES_CTR" => aes(4).map(Encryption::AesCtr),
        "AES_GCM_8" => aes(4).map(|key| Encryption::AesGcm(key, Octets8)),
        "AES_GCM_12" => aes(4).map(|key| Encryption::AesGcm(key, Octets12)),
        "AES_GCM_16" => aes(4).map(|key| Encryption::AesGcm(key, Octets16)),
        "AES_CCM_8" => aes(3).map(|key| Encryption::AesCcm(key, Octets8)),
        "AES_CCM_12" => aes(3).map(|key| Encryption::AesCcm(key, Octets12)),
        "AES_CCM_16" => aes(3).map(|key| Encryption::AesCcm(key, Octets16)),
        "NULL_AES_GMAC" => aes(4).map(Encryption::AesGmac),
        "CHACHA20_POLY1305" => Some(Encryption::ChaCha20Poly1305),
        _ => None,
    }
}

/// strongSwan's name of an encryption algorithm.
pub(crate) const fn strongswan_encryption_name(encryption: Encryption) -> Option<&'static str> {
    Some(match encryption {
        Encryption::Null => "NULL",
        Encryption::DesCbc => "DES_CBC",
        Encryption::TripleDesCbc => "3DES_CBC",
        Encryption::AesCbc(_) => "AES_CBC",
        Encryption::AesCtr(_) => "AES_CTR",
        Encryption::AesGcm(_, IcvLen::Octets8) => "AES_GCM_8",
        Encryption::AesGcm(_, IcvLen::Octets12) => "AES_GCM_12",
        Encryption::AesGcm(_, IcvLen::Octets16) => "AES_GCM_16",
        Encryption::AesCcm(_, IcvLen::Octets8) => "AES_CCM_8",
        Encryption::AesCcm(_, IcvLen::Octets12) => "AES_CCM_12",
        Encryption::AesCcm(_, IcvLen::Octets16) => "AES_CCM_16",
        Encryption::AesGmac(_) => "NULL_AES_GMAC",
        Encryption::ChaCha20Poly1305 => "CHACHA20_POLY1305",
        _ => return None,
    })
}

/// Finds an encryption algorithm without authentication by Linux' name and the length of its key in octets.
pub(crate) fn linux_encryption(name: &str, key_len: usize) -> Option<Encryption> {
    match name {
        "cipher_null" | "ecb(cipher_null)" => Some(Encryption::Null),
        "des" | "cbc(des)" => Some(Encryption::DesCbc),
        "des3_ede" | "cbc(des3_ede)" => Some(Encryption::TripleDesCbc),
        "aes" | "cbc(aes)" => aes(key_len, 0).map(Encryption::AesCbc),
        "rfc3686(ctr(aes))" => aes(key_len, 4).map(Encryption::AesCtr),
        _ => None,
    }
}

/// Finds a combined mode by Linux' name, the length of its key and the length of its ICV.
pub(crate) fn linux_combined(name: &str, key_len: usize, icv_len: IcvLen) -> Option<Encryption> {
    match name {
        "rfc4106(gcm(aes))" => aes(key_len, 4).map(|key| Encryption::AesGcm(key, icv_len)),
        "rfc4309(ccm(aes))" => aes(key_len, 3).map(|key| Encryption::AesCcm(key, icv_len)),
        "rfc4543(gcm(aes))" if icv_len == IcvLen::Octets16 => aes(key_len, 4).map(Encryption::AesGmac),
        "rfc7539esp(chacha20,poly1305)" if icv_len == IcvLen::Octets16 => Some(Encryption::ChaCha20Poly1305),
        _ => None,
    }
}

/// Linux' name of an encryption algorithm.
pub(crate) const fn linux_encryption_name(encryption: Encryption) -> Option<&'static str> {
    Some(match encryption {
        Encryption::Null => "ecb(cipher_null)",
        Encryption::DesCbc => "cbc(des)",
        Encryption::TripleDesCbc => "cbc(des3_ede)",
        Encryption::AesCbc(_) => "cbc(aes)",
        Encryption::AesCtr(_) => "rfc3686(ctr(aes))",
        Encryption::AesGcm(..) => "rfc4106(gcm(aes))",
        Encryption::AesCcm(..) => "rfc4309(ccm(aes))",
        Encryption::AesGmac(_) => "rfc4543(gcm(aes))",
        Encryption::ChaCha20Poly1305 => "rfc7539esp(chacha20,poly1305)",
        _ => return None,
    })
}

/// Finds an authentication algorithm by Fortinet's name.
pub(crate) fn fortios_authentication(name: &str) -> Option<Authentication> {
    AUTHENTICATIONS.iter().find(|(.., other)| !name.is_empty() && *other == name).map(|row| row.0)
}

/// Finds an encryption algorithm by Fortinet's name and the length of its key in octets.
pub(crate) fn fortios_encryption(name: &str, key_len: usize) -> Option<Encryption> {
    match name {
        "null" => Some(Encryption::Null),
        "des" => Some(Encryption::DesCbc),
        "3des" => Some(Encryption::TripleDesCbc),
        "aes" | "aes128" | "aes192" | "aes256" => aes(key_len, 0).map(Encryption::AesCbc),
        "aes-gcm" | "aesgcm" | "aes128gcm" | "aes256gcm" => {
            aes(key_len, 4).map(|key| Encryption::AesGcm(key, IcvLen::Octets16))
        }
        "chacha20poly1305" | "chacha20-poly1305" => Some(Encryption::ChaCha20Poly1305),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_and_written() {
        for authentication in Authentication::ALL {
            let name = strongswan_authentication_name(authentication).unwrap();
            assert_eq!(strongswan_authentication(name), Some(authentication));
            let name = linux_authentication_name(authentication).unwrap();
            assert_eq!(linux_authentication(name), Some(authentication.of_rfc()));
        }
        assert_eq!(linux_authentication("sha256"), Some(Authentication::HmacSha256));
        for encryption in Encryption::all() {
            let name = strongswan_encryption_name(encryption).unwrap();
            assert_eq!(strongswan_encryption(name, encryption.key_len()), Some(encryption));
            let (name, len) = (linux_encryption_name(encryption).unwrap(), encryption.key_len());
            let icv_len = IcvLen::ALL.into_iter().find(|len| Some(len.octets()) == encryption.icv_len());
            assert_eq!(
                icv_len.map_or_else(
                    || linux_encryption(name, len),
                    |icv_len| linux_combined(name, len, icv_len)
                ),
                Some(encryption)
            );
        }
    }
}
