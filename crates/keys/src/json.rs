//! Key files in JSON: an object with the keys of ISAKMP SAs and of child SAs.

mod text;

use core::fmt;
use core::marker::PhantomData;
use std::collections::HashMap;
use std::net::IpAddr;

use ipsec::suite::SuiteError;
use ipsec::{Esn, KeyError, Spi};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::described::Described;
use crate::file::{MAX_ROW_COUNT, Rows};
use crate::hexadecimal::grouped;
use crate::names::{strongswan_authentication, strongswan_encryption};
use crate::{
    AddressPattern, AlgorithmName, AssociationKeysError, AssociationRow, IsakmpKeys, KeyFileError,
    KeyFileReason, KeyFileWarning, KeyHint, PreSharedKey, esp_sa, sa_keys,
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
            digits.filter(|digits| !matches!(*digits, "" | "0x")).map(grouped).transpose()
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
    /// The encryption algorithm is unknown, or is not used with keys of this length. 0 octets mean that the key is
    /// missing: `enc_i` beside `auth_i`, or `enc_r` beside `auth_r`.
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
    /// An algorithm does not accept its key. The error is an `ipsec::KeyError`.
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
        if let Some(hint) = KeyHint::of(text) {
            rows.warn(KeyFileWarning::Hint { line: 0, hint });
        }
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
                (row.keys.esn, row.keys.sequence_high) = (esn, sa_keys::high_half(esn, self.seq_hi));
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
        let key = grouped(digits).map_err(|_| ChildError::Hexadecimal)?;
        let name = self.alg.integrity.ok_or(ChildError::Authentication)?;
        let authentication = strongswan_authentication(name).ok_or(ChildError::Authentication)?;
        Described::ah(authentication, key).map(Some)
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
            // default: a key that is not there is that of an algorithm without a key.
            grouped(digits.unwrap_or_default()).map_err(|_| ChildError::Hexadecimal)
        };
        let (encryption_key, authentication_key) = (key(encryption_key)?, key(authentication_key)?);
        let octets = encryption_key.len();
        let encryption = strongswan_encryption(self.alg.encryption.unwrap_or("NULL"), octets)
            .ok_or(ChildError::Encryption { octets })?;
        let authentication = match self.alg.integrity {
            None => None,
            Some(name) => Some(strongswan_authentication(name).ok_or(ChildError::Authentication)?),
        };
        Described::esp(encryption, encryption_key, authentication, authentication_key).map(Some)
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

#[cfg(test)]
mod tests;
