//! Writes the rows of key files in the formats that are read: JSON, Wireshark's tables, tcpdump's secrets and the
//! output of `ip xfrm state`.

mod json;
mod xfrm;

use core::fmt::{self, Write as _};
use core::str::FromStr;

use ipsec::ah::Integrity;
use ipsec::suite::{AesKey, Authentication, Encryption, wireshark_authentication, wireshark_encryption};
use ipsec::{Esn, Spi};
use zeroize::Zeroizing;

use crate::hexadecimal::Hexadecimal;
use crate::{Algorithms, AssociationRow, IsakmpKeys, KeyRows};

/// More octets than a row needs in any format, without its keys. The longest row of [`esp_sa`] has 230 octets, and an
/// SA may have two of them.
const ROW_LEN: usize = 1024;

/// A format of key files that [`KeyRows::export`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Export {
    /// JSON with arrays `ike` and `child`.
    Json,
    /// Wireshark's table of ESP SAs.
    EspSa,
    /// Wireshark's table of IKEv1 keys.
    Ikev1DecryptionTable,
    /// Secrets for tcpdump's option `-E`.
    Tcpdump,
    /// The output of `ip xfrm state`.
    Xfrm,
}

impl Export {
    /// All formats.
    pub const ALL: [Self; 5] =
        [Self::Json, Self::EspSa, Self::Ikev1DecryptionTable, Self::Tcpdump, Self::Xfrm];

    /// The name of the format, which `FromStr` reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::EspSa => "esp_sa",
            Self::Ikev1DecryptionTable => "ikev1_decryption_table",
            Self::Tcpdump => "tcpdump",
            Self::Xfrm => "xfrm",
        }
    }
}

impl FromStr for Export {
    type Err = ExportError;

    fn from_str(name: &str) -> Result<Self, ExportError> {
        Self::ALL.into_iter().find(|export| export.name() == name).ok_or(ExportError::Format)
    }
}

/// Why an SA cannot be written in a format. No key is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The name is not one of a format.
    #[error("the format is not one of json, esp_sa, ikev1_decryption_table, tcpdump and xfrm")]
    Format,
    /// The format has no name for the encryption algorithm.
    #[error("{0} has no name in this format")]
    Encryption(Encryption),
    /// The format has no name for the authentication algorithm.
    #[error("{0} has no name in this format")]
    Authentication(Authentication),
    /// The format has no name for this algorithm of AH.
    #[error("{0} of AH has no name in this format")]
    Integrity(Integrity),
    /// The format has no ICV of this length in octets.
    #[error("this format cannot express an ICV of {0} octets")]
    IcvLength(usize),
    /// The format has no SAs of AH.
    #[error("this format cannot express SAs of AH")]
    Ah,
    /// The authentication algorithm is unknown, and the format needs it.
    #[error("the authentication algorithm is not known, but this format needs it")]
    Unverified,
    /// The keys are for several SPIs, and the format needs one.
    #[error("the keys are for several SPIs, but this format needs one SPI")]
    Spi,
    /// The destination is not one address, and the format needs one.
    #[error("the destination address is not known, but this format needs it")]
    Destination,
    /// The format has no extended sequence numbers.
    #[error("this format cannot express extended sequence numbers")]
    Numbering,
    /// The cookie or the encryption key is unknown, and the format needs both.
    #[error(
        "the initiator's cookie or the encryption key is not known: a capture of its phase 1 may give it"
    )]
    EncryptionKey,
    /// The encryption key of an ISAKMP SA has a length that no cipher uses, so it could not be read again.
    #[error("the encryption key has {0} octets, but ciphers of IKEv1 take keys of 8, 16, 24 or 32 octets")]
    EncryptionKeyLength(usize),
    /// The format has room for one pre-shared key, and it has to be text.
    #[error("this format can hold one pre-shared key only, and the key must be text in UTF-8")]
    PreShared,
}

/// A row that was left out of an export, and the reason.
///
/// `Display` names the SA and the reason, and shows no key.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'r> {
    /// The row that was left out.
    pub row: RefusedRow<'r>,
    /// Why the format cannot express it.
    pub error: ExportError,
}

/// A row that was left out of an export.
#[derive(Clone, Copy, Debug)]
pub enum RefusedRow<'r> {
    /// A row of ESP or AH.
    Association(&'r AssociationRow),
    /// An ISAKMP SA.
    Isakmp(&'r IsakmpKeys),
    /// A pre-shared key, by its number in `KeyRows::pre_shared`, counted from 1.
    PreShared(usize),
}

impl fmt::Display for Refused<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            RefusedRow::Association(row) => write!(formatter, "{row}: {}", self.error),
            RefusedRow::Isakmp(keys) => write!(formatter, "{keys}: {}", self.error),
            RefusedRow::PreShared(number) => write!(formatter, "pre-shared key {number}: {}", self.error),
        }
    }
}

impl KeyRows {
    /// Writes the rows in a format, with their keys. Returns the text, and the rows that the format cannot express.
    ///
    /// Kinds of rows that the format does not have are left out and are not reported: the formats for ESP have no
    /// ISAKMP SAs and no pre-shared keys, and `ikev1_decryption_table` has no ESP and AH SAs.
    #[must_use]
    pub fn export(&self, export: Export) -> (Zeroizing<String>, Vec<Refused<'_>>) {
        let mut text = Zeroizing::new(String::with_capacity(self.most_exported()));
        let mut refused = Vec::new();
        match export {
            Export::Json => json::write(self, &mut text, &mut refused),
            Export::Ikev1DecryptionTable => {
                for keys in &self.isakmp {
                    if let Err(error) = ikev1_decryption_table(keys, &mut text) {
                        refused.push(Refused { row: RefusedRow::Isakmp(keys), error });
                    }
                }
            }
            Export::EspSa | Export::Tcpdump | Export::Xfrm => {
                for row in self.associations.iter().filter(|row| !row.is_alternative) {
                    let written = match export {
                        Export::EspSa => esp_sa(row, &mut text),
                        Export::Tcpdump => tcpdump(row, &mut text),
                        _ => xfrm::write(row, &mut text),
                    };
                    if let Err(error) = written {
                        refused.push(Refused { row: RefusedRow::Association(row), error });
                    }
                }
            }
        }
        (text, refused)
    }
}

impl KeyRows {
    /// More octets than the rows need in any format. The text is therefore never moved while it grows, and no copy of a
    /// key is left behind.
    fn most_exported(&self) -> usize {
        let rows = self.associations.len().saturating_add(self.isakmp.len()).saturating_add(1);
        let of_rows = self.associations.iter().flat_map(|row| [&row.encryption_key, &row.authentication_key]);
        let of_isakmp = self.isakmp.iter().flat_map(IsakmpKeys::secrets).filter_map(|(.., key)| key.as_ref());
        let pre_shared = self.pre_shared.iter().map(|psk| &psk.key);
        let octets = of_rows.chain(of_isakmp).chain(pre_shared).map(|key| key.len());
        // An octet of a key takes two digits, and a row may be written for both families. In JSON, an octet of text
        // takes at most six characters.
        let digits = octets.fold(0usize, usize::saturating_add).saturating_mul(6);
        rows.saturating_mul(ROW_LEN).saturating_add(digits)
    }
}

/// A key as Wireshark, tcpdump and Linux write it: `0x` and digits, and no text for an empty key.
struct Key<'a>(&'a [u8]);

impl fmt::Display for Key<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(formatter, "0x{}", Hexadecimal(self.0)) }
    }
}

/// The single SPI of a row.
fn spi_of(row: &AssociationRow) -> Result<Spi, ExportError> {
    row.keys.spi.single().ok_or(ExportError::Spi)
}

/// Checks that the encryption key, if it is known, can be read again.
fn check_encryption_key(keys: &IsakmpKeys) -> Result<(), ExportError> {
    match keys.encryption_key.as_ref().map(|key| key.len()).filter(|len| !IsakmpKeys::is_key_len(*len)) {
        Some(len) => Err(ExportError::EncryptionKeyLength(len)),
        None => Ok(()),
    }
}

/// Writes a row of Wireshark's table of IKEv1 keys.
fn ikev1_decryption_table(keys: &IsakmpKeys, text: &mut String) -> Result<(), ExportError> {
    check_encryption_key(keys)?;
    let known = keys.initiator_cookie.zip(keys.encryption_key.as_ref());
    let (cookie, key) = known.ok_or(ExportError::EncryptionKey)?;
    let _ = writeln!(text, "{},{}", Hexadecimal(&cookie), Hexadecimal(key));
    Ok(())
}

/// Writes a row of Wireshark's table. When the address family is unknown, it writes one row for each family.
fn esp_sa(row: &AssociationRow, text: &mut String) -> Result<(), ExportError> {
    let any_of = |icv_len: usize| match icv_len {
        0 => Ok("NULL"),
        8 => Ok("ANY 64 bit authentication [no checking]"),
        12 => Ok("ANY 96 bit authentication [no checking]"),
        16 => Ok("ANY 128 bit authentication [no checking]"),
        24 => Ok("ANY 192 bit authentication [no checking]"),
        32 => Ok("ANY 256 bit authentication [no checking]"),
        other => Err(ExportError::IcvLength(other)),
    };
    let (encryption, authentication) = match &row.keys.algorithms {
        Algorithms::Ah(..) => return Err(ExportError::Ah),
        Algorithms::Esp(suite, _) => {
            let name = |authentication: Authentication| {
                wireshark_authentication(authentication).ok_or(ExportError::Authentication(authentication))
            };
            (suite.encryption(), suite.authentication().map_or(Ok("NULL"), name)?)
        }
        Algorithms::EspUnverified(unverified) => (unverified.encryption(), any_of(unverified.icv_len())?),
    };
    let encryption = wireshark_encryption(encryption).ok_or(ExportError::Encryption(encryption))?;
    let (spi, source, destination) = (row.keys.spi, row.keys.source, row.keys.destination);
    let family = destination.is_v6().or(source.is_v6()).or(row.destination.is_v6()).or(row.source.is_v6());
    for (is_v6, name) in [(false, "IPv4"), (true, "IPv6")] {
        if family.is_some_and(|family| family != is_v6) {
            continue;
        }
        let (key, mac_key) = (Key(&row.encryption_key), Key(&row.authentication_key));
        let _ = write!(
            text,
            r#""{name}","{source}","{destination}","{spi}","{encryption}","{key}","{authentication}","{mac_key}""#
        );
        if row.keys.esn == Esn::Yes {
            let _ = write!(text, r#","64-bit","{:#x}""#, row.keys.sequence_high);
        }
        text.push('\n');
    }
    Ok(())
}

/// Writes a secret in tcpdump's form, which has no key for authentication.
fn tcpdump(row: &AssociationRow, text: &mut String) -> Result<(), ExportError> {
    let (encryption, icv_len) = match &row.keys.algorithms {
        Algorithms::Ah(..) => return Err(ExportError::Ah),
        Algorithms::Esp(suite, _) => {
            (suite.encryption(), suite.authentication().map_or(0, Authentication::icv_len))
        }
        Algorithms::EspUnverified(unverified) => (unverified.encryption(), unverified.icv_len()),
    };
    let name = match encryption {
        Encryption::Null => "none",
        Encryption::DesCbc => "des-cbc",
        Encryption::TripleDesCbc => "3des-cbc",
        Encryption::AesCbc(AesKey::Bits128) => "aes128-cbc",
        Encryption::AesCbc(AesKey::Bits192) => "aes192-cbc",
        Encryption::AesCbc(AesKey::Bits256) => "aes256-cbc",
        other => return Err(ExportError::Encryption(other)),
    };
    let hmac = match icv_len {
        0 => "",
        12 => "-hmac96",
        other => return Err(ExportError::IcvLength(other)),
    };
    if row.keys.esn == Esn::Yes {
        return Err(ExportError::Numbering);
    }
    let spi = spi_of(row)?.0;
    let destination = row.destination.single().ok_or(ExportError::Destination)?;
    let _ = writeln!(text, "{spi:#010x}@{destination} {name}{hmac}:{}", Key(&row.encryption_key));
    Ok(())
}

impl fmt::Display for AssociationRow {
    /// Writes the protocol, the SPI, the addresses and the algorithms, but no key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = if self.keys.algorithms.protocol() == ipsec::ah::PROTOCOL { "AH" } else { "ESP" };
        write!(formatter, "{protocol} {} {} → {} ", self.keys.spi, self.source, self.destination)?;
        match &self.keys.algorithms {
            Algorithms::Esp(suite, _) => suite.fmt(formatter)?,
            Algorithms::EspUnverified(unverified) => write!(
                formatter,
                "{}, {} octets of ICV that cannot be verified",
                unverified.encryption(),
                unverified.icv_len()
            )?,
            Algorithms::Ah(integrity, ..) => integrity.fmt(formatter)?,
        }
        if self.keys.esn == Esn::Yes {
            formatter.write_str(", extended sequence numbers")?;
        }
        Ok(())
    }
}

impl fmt::Display for IsakmpKeys {
    /// Writes the cookies and the names of the known secrets, but no key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ISAKMP ")?;
        for (cookie, behind) in [(self.initiator_cookie, ":"), (self.responder_cookie, " ")] {
            match cookie {
                Some(cookie) => write!(formatter, "{}{behind}", Hexadecimal(&cookie))?,
                None => write!(formatter, "*{behind}")?,
            }
        }
        let mut separator = "known: ";
        for (_, name, _) in self.secrets().iter().filter(|(.., key)| key.is_some()) {
            write!(formatter, "{separator}{name}")?;
            separator = ", ";
        }
        if separator == ", " { Ok(()) } else { formatter.write_str("no key known") }
    }
}

#[cfg(test)]
mod tests;
