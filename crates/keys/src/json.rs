//! Key files in JSON: an object with the keys of ISAKMP SAs and of child SAs.

mod text;

use core::fmt;
use core::marker::PhantomData;
use std::collections::HashMap;
use std::net::IpAddr;

use ipsec::ah::Integrity;
use ipsec::suite::Suite;
use ipsec::suite::{AesKey, Authentication, Encryption, SuiteError};
use ipsec::{Esn, KeyError, Secret, Spi};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::file::{MAX_ROW_COUNT, Rows};
use crate::hexadecimal::hexadecimal;
use crate::{
    AddressPattern, AlgorithmName, Algorithms, AssociationKeys, AssociationKeysError, AssociationRow,
    IsakmpKeys, KeyFileError, KeyFileReason, PreSharedKey, esp_sa, sa_keys,
};
use text::Text;

/// The members of the file that are read. Other members are ignored.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default)]
    child: Option<Elements<Child<'a>>>,
    #[serde(default)]
    tshark_esp_sa: Elements<Text>,
    #[serde(borrow, default)]
    ike: Elements<Ike<'a>>,
    psk: Option<Text>,
}

/// The elements of an array, at most one more than is allowed. The rest is skipped, and the file is refused later.
struct Elements<T>(Vec<T>);

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Array<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Array<T> {
            type Value = Elements<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Elements<T>, A::Error> {
                let mut elements = Vec::new();
                while elements.len() <= MAX_ROW_COUNT {
                    match array.next_element()? {
                        Some(element) => elements.push(element),
                        None => return Ok(Elements(elements)),
                    }
                }
                while array.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Elements(elements))
            }
        }

        deserializer.deserialize_seq(Array(PhantomData))
    }
}

/// An ISAKMP SA. If `x` is there, the private exponent of either side, g^xy is computed from it.
#[derive(Deserialize)]
struct Ike<'a> {
    cookie_i: Option<&'a str>,
    cookie_r: Option<&'a str>,
    dh: Option<&'a str>,
    x: Option<&'a str>,
    skeyid: Option<&'a str>,
    skeyid_d: Option<&'a str>,
    skeyid_a: Option<&'a str>,
    skeyid_e: Option<&'a str>,
    ka: Option<&'a str>,
}

impl Ike<'_> {
    fn keys(&self) -> Result<IsakmpKeys, crate::KeyError> {
        // A log leaves a secret empty when it does not know it, so an empty text is not a secret of no octets.
        let octets = |digits: Option<&str>| {
            let digits = digits.map(|digits| digits.strip_prefix("0x").unwrap_or(digits));
            digits.filter(|digits| !digits.is_empty()).map(hexadecimal).transpose()
        };
        let cookie = |digits| match octets(digits)? {
            None => Ok(None),
            Some(octets) => octets.as_slice().try_into().map(Some).map_err(|_| crate::KeyError::Hexadecimal),
        };
        Ok(IsakmpKeys {
            initiator_cookie: cookie(self.cookie_i)?,
            responder_cookie: cookie(self.cookie_r)?,
            shared_secret: octets(self.dh)?,
            private_value: octets(self.x)?,
            skeyid: octets(self.skeyid)?,
            skeyid_d: octets(self.skeyid_d)?,
            skeyid_a: octets(self.skeyid_a)?,
            skeyid_e: octets(self.skeyid_e)?,
            encryption_key: octets(self.ka)?,
        })
    }
}

/// The two SAs of a quick mode. The texts are borrowed, so no copy of a key is left behind.
#[derive(Deserialize)]
struct Child<'a> {
    proto: &'a str,
    alg: Algorithm<'a>,
    spi_in: Option<&'a str>,
    spi_out: Option<&'a str>,
    enc_i: Option<&'a str>,
    enc_r: Option<&'a str>,
    auth_i: Option<&'a str>,
    auth_r: Option<&'a str>,
    src_in: Option<&'a str>,
    dst_in: Option<&'a str>,
    src_out: Option<&'a str>,
    dst_out: Option<&'a str>,
    #[serde(default)]
    udp: bool,
    #[serde(default)]
    transport: bool,
    #[serde(default)]
    esn: bool,
    #[serde(default)]
    seq_hi: u32,
}

#[derive(Deserialize)]
struct Algorithm<'a> {
    encryption: Option<&'a str>,
    integrity: Option<&'a str>,
}

/// The algorithms of one direction, and the keys that they were made from.
struct Described {
    algorithms: Algorithms,
    encryption_key: Zeroizing<Vec<u8>>,
    authentication_key: Zeroizing<Vec<u8>>,
}

impl Described {
    fn row(&self, spi: Spi) -> AssociationRow {
        let keys = AssociationKeys::new(spi, self.algorithms.clone());
        AssociationRow::new(keys, Secret::new(&self.encryption_key), Secret::new(&self.authentication_key))
    }
}

/// Why a child SA in a key file is wrong. No part of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChildError {
    /// An SPI is not hexadecimal.
    #[error("spi_in or spi_out is not a number of 32 bits in hexadecimal digits")]
    Spi,
    /// A key is not hexadecimal.
    #[error("a key is not pairs of hexadecimal digits")]
    Hexadecimal,
    /// The encryption algorithm is unknown, or is not used with keys of this length.
    #[error("the encryption algorithm is not supported, or takes no key of {octets} octets")]
    Encryption {
        /// The length of the key in octets.
        octets: usize,
    },
    /// The authentication algorithm is missing or unknown.
    #[error("the authentication algorithm is missing or not supported")]
    Authentication,
    /// The two algorithms cannot be combined.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// An algorithm does not accept its key.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl ChildError {
    /// Whether the child is well formed, but its algorithms or the lengths of their keys are not known.
    const fn leaves_out(&self) -> bool {
        !matches!(self, Self::Spi | Self::Hexadecimal)
    }
}

/// Reads a key file in JSON.
pub(crate) fn read(text: &str, rows: &mut Rows) -> Result<(), KeyFileError> {
    let whole = |reason| KeyFileError::new(0, reason);
    let file: File<'_> = serde_json::from_str(text).map_err(|error| {
        // The message of `serde_json` is not used, because it quotes the text.
        let reason = if error.is_data() { KeyFileReason::JsonShape } else { KeyFileReason::Json };
        KeyFileError::new(error.line(), reason)
    })?;
    let children = file.child.unwrap_or_default().0;
    let ends = Ends::of(&children);
    for (number, text) in (1..).zip(&file.tshark_esp_sa.0) {
        let text = text.as_str();
        let mut row = match sa_keys::row(text) {
            Ok(row) => row,
            Err(AssociationKeysError::Secret(_)) => return Err(whole(KeyFileReason::JsonShape)),
            Err(AssociationKeysError::Row(error)) => {
                let found = whole(KeyFileReason::JsonRow { number, error });
                if !error.leaves_out() {
                    return Err(found);
                }
                rows.leave_out(found.of(esp_sa::algorithm_name(text, &error)));
                continue;
            }
        };
        let said = row.keys.spi.single().and_then(|spi| ends.by_spi.get(&spi.0));
        // The table is for ESP, but some files list SAs of AH in it too.
        if said.is_some_and(|said| said.is_other) {
            continue;
        }
        // The rows are for all addresses. The children state the addresses of the SA.
        if let Some(said) = said.filter(|_| row.destination.single().is_none()) {
            said.say(&mut row);
        }
        rows.push(row).map_err(whole)?;
    }
    // The rows repeat what the ESP children state, and are more reliable: they say which key is whose.
    let has_rows = !file.tshark_esp_sa.0.is_empty();
    for (number, child) in (1..).zip(&children) {
        if child.proto == "ESP" && has_rows {
            continue;
        }
        if !matches!(child.proto, "ESP" | "AH") {
            let found = whole(KeyFileReason::ChildProtocol { number });
            rows.leave_out(found.of(AlgorithmName::of_person(child.proto)));
            continue;
        }
        match child.rows() {
            Ok(made) => made.into_iter().try_for_each(|row| rows.push(row)).map_err(whole)?,
            Err(error) => {
                let found = whole(KeyFileReason::Child { number, error });
                if !error.leaves_out() {
                    return Err(found);
                }
                rows.leave_out(found.of(child.algorithm_name(error)));
            }
        }
    }
    for (number, ike) in (1..).zip(&file.ike.0) {
        let mut keys = ike.keys().map_err(|_| whole(KeyFileReason::JsonIsakmp { number }))?;
        let len = keys.encryption_key.as_ref().map(|key| key.len());
        if let Some(octets) = len.filter(|len| !IsakmpKeys::is_key_len(*len)) {
            rows.leave_out(whole(KeyFileReason::JsonEncryptionKey { number, octets }));
            keys.encryption_key = None;
            if !keys.has_secret() {
                continue;
            }
        }
        rows.push_isakmp(keys).map_err(whole)?;
    }
    if let Some(psk) = file.psk.filter(|psk| !psk.as_str().is_empty()) {
        rows.push_pre_shared(PreSharedKey { key: Zeroizing::new(psk.as_str().as_bytes().to_vec()) });
    }
    Ok(())
}

impl Child<'_> {
    /// The SPIs of both SAs, each with the addresses of its SA.
    fn ends(&self) -> impl Iterator<Item = (Spi, End<'_>)> {
        let ends = [(self.spi_in, self.src_in, self.dst_in), (self.spi_out, self.src_out, self.dst_out)];
        ends.into_iter().filter_map(|(spi, source, destination)| {
            let is_other = self.proto != "ESP";
            let (is_encapsulated, is_transport) = (self.udp, self.transport);
            Some((
                spi.and_then(spi_of)?,
                End { source, destination, is_encapsulated, is_transport, is_other },
            ))
        })
    }

    /// The rows of both SAs. Each SA gets the sender's keys, and the other side's keys as an alternative: the file does
    /// not say from which side `in` and `out` are seen, and a packet is authentic under one key only.
    fn rows(&self) -> Result<Vec<AssociationRow>, ChildError> {
        let mut rows = Vec::new();
        let (initiators, responders) = match self.proto {
            "ESP" => (self.algorithms(self.enc_i, self.auth_i)?, self.algorithms(self.enc_r, self.auth_r)?),
            "AH" => (self.of_ah(self.auth_i)?, self.of_ah(self.auth_r)?),
            _ => return Ok(rows),
        };
        let esn = if self.esn { Esn::Yes } else { Esn::No };
        // Outbound packets are taken to be the initiator's, unless the file says otherwise.
        let candidates =
            [(self.spi_in, [&responders, &initiators]), (self.spi_out, [&initiators, &responders])];
        for (spi, candidates) in candidates {
            let Some(spi) = spi else { continue };
            let spi = spi_of(spi).ok_or(ChildError::Spi)?;
            let mut is_alternative = false;
            for algorithms in candidates.into_iter().flatten() {
                let mut row = algorithms.row(spi);
                (row.keys.esn, row.keys.sequence_high) = (esn, self.seq_hi);
                // When two SAs have the same SPI, the later one counts.
                if let Some((_, end)) = self.ends().filter(|(other, _)| *other == spi).last() {
                    end.say(&mut row);
                }
                row.is_alternative = is_alternative;
                is_alternative = true;
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// The name of the algorithm that is in error.
    fn algorithm_name(&self, error: ChildError) -> Option<AlgorithmName> {
        let name = match error {
            ChildError::Encryption { .. } => self.alg.encryption,
            ChildError::Authentication => self.alg.integrity,
            _ => None,
        };
        AlgorithmName::of_person(name?)
    }

    /// The algorithm of AH with the key of one side. `None` when that side has no key.
    fn of_ah(&self, key: Option<&str>) -> Result<Option<Described>, ChildError> {
        let Some(digits) = key else { return Ok(None) };
        let key = hexadecimal(digits.strip_prefix("0x").unwrap_or(digits));
        let key = key.map_err(|_| ChildError::Hexadecimal)?;
        let name = self.alg.integrity.ok_or(ChildError::Authentication)?;
        let authentication = authentication_of(name).ok_or(ChildError::Authentication)?;
        let algorithms = Algorithms::ah(Integrity::Mac(authentication), Secret::new(&key))?;
        Ok(Some(Described { algorithms, encryption_key: Zeroizing::default(), authentication_key: key }))
    }

    /// The algorithms with the keys of one side. `None` when that side has no key.
    fn algorithms(
        &self,
        encryption_key: Option<&str>,
        authentication_key: Option<&str>,
    ) -> Result<Option<Described>, ChildError> {
        if encryption_key.is_none() && authentication_key.is_none() {
            return Ok(None);
        }
        let key = |digits: Option<&str>| {
            let digits = digits.unwrap_or_default();
            hexadecimal(digits.strip_prefix("0x").unwrap_or(digits)).map_err(|_| ChildError::Hexadecimal)
        };
        let (encryption_key, authentication_key) = (key(encryption_key)?, key(authentication_key)?);
        let octets = encryption_key.len();
        let encryption = encryption_of(self.alg.encryption.unwrap_or("NULL"), octets)
            .ok_or(ChildError::Encryption { octets })?;
        let authentication = match self.alg.integrity {
            None => None,
            Some(name) => Some(authentication_of(name).ok_or(ChildError::Authentication)?),
        };
        let (encryption_secret, authentication_secret) =
            (Secret::new(&encryption_key), Secret::new(&authentication_key));
        let algorithms = match Suite::new(encryption, authentication) {
            // ESP without an ICV is valid: AH authenticates the packets of a bundle, for example.
            Err(SuiteError::Unauthenticated { encryption }) if authentication_key.is_empty() => {
                let made = Algorithms::esp_unverified(encryption, encryption_secret, 0)?;
                made.ok_or(ChildError::Authentication)?
            }
            suite => Algorithms::esp(suite?, encryption_secret, authentication_secret)?,
        };
        Ok(Some(Described { algorithms, encryption_key, authentication_key }))
    }
}

/// The addresses and the mode of an SA.
#[derive(Clone, Copy)]
struct End<'a> {
    source: Option<&'a str>,
    destination: Option<&'a str>,
    is_encapsulated: bool,
    is_transport: bool,
    /// Whether the SA is of another protocol than ESP.
    is_other: bool,
}

impl End<'_> {
    fn say(&self, row: &mut AssociationRow) {
        let pattern = |end: Option<&str>| {
            end.and_then(|end| end.parse::<IpAddr>().ok()).map_or(AddressPattern::ANY, AddressPattern::from)
        };
        (row.source, row.destination) = (pattern(self.source), pattern(self.destination));
        (row.is_encapsulated, row.is_transport) = (self.is_encapsulated, self.is_transport);
    }
}

/// The facts that the children state for each SPI. Looking them up keeps reading linear in the number of rows.
struct Ends<'a> {
    by_spi: HashMap<u32, End<'a>>,
}

impl<'a> Ends<'a> {
    fn of(children: &'a [Child<'_>]) -> Self {
        let mut by_spi: HashMap<u32, End<'a>> = HashMap::new();
        for (spi, end) in children.iter().flat_map(Child::ends) {
            // The last child counts, but another protocol in any child is remembered.
            let is_other = by_spi.get(&spi.0).is_some_and(|known| known.is_other) || end.is_other;
            by_spi.insert(spi.0, End { is_other, ..end });
        }
        Self { by_spi }
    }
}

/// Reads an SPI in hexadecimal digits.
fn spi_of(text: &str) -> Option<Spi> {
    u32::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok().map(Spi)
}

/// Finds an encryption algorithm by strongSwan's name for it.
fn encryption_of(name: &str, key_len: usize) -> Option<Encryption> {
    use ipsec::suite::IcvLen::{Octets8, Octets12, Octets16};
    let aes = |salt_len| {
        let len = key_len.checked_sub(salt_len)?;
        AesKey::ALL.into_iter().find(|key| key.octets() == len)
    };
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
        _ => None,
    }
}

fn authentication_of(name: &str) -> Option<Authentication> {
    match name {
        "HMAC_MD5_96" => Some(Authentication::HmacMd5),
        "HMAC_SHA1_96" => Some(Authentication::HmacSha1),
        "HMAC_SHA2_256_128" => Some(Authentication::HmacSha256),
        "HMAC_SHA2_384_192" => Some(Authentication::HmacSha384),
        "HMAC_SHA2_512_256" => Some(Authentication::HmacSha512),
        "AES_XCBC_96" => Some(Authentication::AesXcbc),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
