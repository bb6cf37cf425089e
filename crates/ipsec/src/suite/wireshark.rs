use super::{Authentication, Encryption, IcvLen, Suite, SuiteError};

/// The name of an encryption algorithm in Wireshark's table of ESP SAs; nothing where it has none.
#[must_use]
pub const fn wireshark_encryption(encryption: Encryption) -> Option<&'static str> {
    match encryption {
        Encryption::Null => Some("NULL"),
        Encryption::DesCbc => Some("DES-CBC [RFC2405]"),
        Encryption::TripleDesCbc => Some("TripleDES-CBC [RFC2451]"),
        Encryption::AesCbc(_) => Some("AES-CBC [RFC3602]"),
        Encryption::AesCtr(_) => Some("AES-CTR [RFC3686]"),
        Encryption::AesGcm(_, IcvLen::Octets8) => Some("AES-GCM with 8 octet ICV [RFC4106]"),
        Encryption::AesGcm(_, IcvLen::Octets12) => Some("AES-GCM with 12 octet ICV [RFC4106]"),
        Encryption::AesGcm(_, IcvLen::Octets16) => Some("AES-GCM with 16 octet ICV [RFC4106]"),
        _ => None,
    }
}

/// The name of an authentication algorithm in Wireshark's table of ESP SAs; nothing where it has none.
#[must_use]
pub const fn wireshark_authentication(authentication: Authentication) -> Option<&'static str> {
    match authentication {
        Authentication::HmacMd5 => Some("HMAC-MD5-96 [RFC2403]"),
        Authentication::HmacSha1 => Some("HMAC-SHA-1-96 [RFC2404]"),
        Authentication::HmacSha256 => Some("HMAC-SHA-256-128 [RFC4868]"),
        Authentication::HmacSha384 => Some("HMAC-SHA-384-192 [RFC4868]"),
        Authentication::HmacSha512 => Some("HMAC-SHA-512-256 [RFC4868]"),
        _ => None,
    }
}

impl Suite {
    /// The suite of an entry in Wireshark's table of ESP SAs, from its two names and the length of the encryption key, of which
    /// alone the table tells how long an AES key is.
    ///
    /// `AES-GCM [RFC4106]` without a length has an ICV of 16 octets, or that of an authentication named
    /// `ANY 64 bit authentication [no checking]` and its like.
    ///
    /// # Errors
    /// When a name is not known (word 0 is the encryption, 1 the authentication), the key has no length that fits, or nothing
    /// authenticates.
    pub fn from_wireshark(
        encryption: &str,
        authentication: &str,
        encryption_key_len: usize,
    ) -> Result<Self, SuiteError> {
        const GCM: &str = "AES-GCM [RFC4106]";
        let icv_len = match authentication.strip_prefix("ANY ").and_then(|rest| rest.split_once(' ')) {
            Some(("64", _)) => Some(IcvLen::Octets8),
            Some(("96", _)) => Some(IcvLen::Octets12),
            Some(("128", _)) => Some(IcvLen::Octets16),
            Some(_) => return Err(SuiteError::UnknownWord { word: 1 }),
            None => None,
        };
        // default: what the table says of AES-GCM without a length.
        let gcm_icv_len = icv_len.unwrap_or(IcvLen::Octets16);
        let mut named = Encryption::all().filter(|other| {
            wireshark_encryption(*other) == Some(encryption)
                || encryption == GCM && matches!(other, Encryption::AesGcm(_, len) if *len == gcm_icv_len)
        });
        let first = named.clone().next().ok_or(SuiteError::UnknownWord { word: 0 })?;
        let error = SuiteError::KeyLen { encryption: first, octets: encryption_key_len };
        let found = named.find(|other| other.key_len() == encryption_key_len).ok_or(error)?;
        let combined = found.icv_len().is_some();
        let authentication = match authentication {
            "NULL" => None,
            _ if combined && icv_len.is_some() => None,
            name => Some(
                Authentication::ALL
                    .into_iter()
                    .find(|other| wireshark_authentication(*other) == Some(name))
                    .ok_or(SuiteError::UnknownWord { word: 1 })?,
            ),
        };
        Self::new(found, authentication)
    }
}
