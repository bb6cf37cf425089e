use super::{Authentication, Encryption, IcvLen, Suite, SuiteError};

/// Returns the name of an encryption algorithm in Wireshark's table of ESP SAs. `None` when the table does not have
/// the algorithm. [`Suite::from_wireshark`] lists the names.
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
        Encryption::ChaCha20Poly1305 => Some("ChaCha20 with Poly1305 [RFC7634]"),
        _ => None,
    }
}

/// Returns the name of an authentication algorithm in Wireshark's table of ESP SAs. `None` when the table does not
/// have the algorithm. [`Suite::from_wireshark`] lists the names.
#[must_use]
pub const fn wireshark_authentication(authentication: Authentication) -> Option<&'static str> {
    match authentication {
        Authentication::HmacMd5 => Some("HMAC-MD5-96 [RFC2403]"),
        Authentication::HmacSha1 => Some("HMAC-SHA-1-96 [RFC2404]"),
        Authentication::HmacSha256_96 => Some("HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]"),
        Authentication::HmacSha256 => Some("HMAC-SHA-256-128 [RFC4868]"),
        Authentication::HmacSha384 => Some("HMAC-SHA-384-192 [RFC4868]"),
        Authentication::HmacSha512 => Some("HMAC-SHA-512-256 [RFC4868]"),
        _ => None,
    }
}

impl Suite {
    /// Reads a suite from an entry of Wireshark's table of ESP SAs: the names of its two algorithms and the length of
    /// the encryption key in octets. The table tells the length of an AES key in no other way.
    ///
    /// The names must be written exactly as Wireshark writes them. Those of encryption, with the lengths in octets of
    /// their keys (a salt of 4 octets is the end of the key):
    ///
    /// * `NULL` (0)
    /// * `DES-CBC [RFC2405]` (8)
    /// * `TripleDES-CBC [RFC2451]` (24)
    /// * `AES-CBC [RFC3602]` (16, 24 or 32)
    /// * `AES-CTR [RFC3686]` (20, 28 or 36, with the salt)
    /// * `AES-GCM [RFC4106]`, `AES-GCM with 8 octet ICV [RFC4106]`, `AES-GCM with 12 octet ICV [RFC4106]` and
    ///   `AES-GCM with 16 octet ICV [RFC4106]` (20, 28 or 36, with the salt)
    /// * `ChaCha20 with Poly1305 [RFC7634]` (36, with the salt)
    ///
    /// Those of authentication:
    ///
    /// * `NULL`, for a combined mode
    /// * `HMAC-MD5-96 [RFC2403]`
    /// * `HMAC-SHA-1-96 [RFC2404]`
    /// * `HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]`
    /// * `HMAC-SHA-256-128 [RFC4868]`
    /// * `HMAC-SHA-384-192 [RFC4868]`
    /// * `HMAC-SHA-512-256 [RFC4868]`
    /// * `ANY 64 bit authentication [no checking]`, and the same with 96 and 128 bits, for a combined mode
    ///
    /// `AES-GCM [RFC4106]` does not name the length of its ICV. It has 16 octets, unless the authentication is named
    /// `ANY 64 bit authentication [no checking]` or with another number of bits, which is then the length of the ICV.
    ///
    /// # Errors
    /// Returns [`SuiteError::UnknownWord`] when a name is not known (word 0 is the encryption, word 1 the
    /// authentication), [`SuiteError::KeyLen`] when the algorithm takes no key of this length, and
    /// [`SuiteError::Unauthenticated`] when neither algorithm authenticates.
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
        // default: Wireshark's `AES-GCM [RFC4106]` without a length stands for 16 octets.
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
