//! Rows of Wireshark's table of ESP SAs, as its preference `esp_sa` and its file of that name hold them.

use ipsec::suite::Suite;
use ipsec::suite::{Encryption, SuiteError, wireshark_encryption};
use ipsec::{Esn, KeyError, Secret};
use zeroize::Zeroizing;

use crate::file::MAX_LINE_LEN;
use crate::hexadecimal::{digits_of, sa_key};
use crate::sa_keys::{Family, high_half};
use crate::{
    AddressPattern, AlgorithmName, Algorithms, AssociationKeys, AssociationRow, KeyHint, SpiPattern,
};

/// Why a text is not a valid row of Wireshark's table of ESP SAs. No part of the text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// The row is longer than any row needs to be.
    #[error("the row has more than {MAX_LINE_LEN} octets, which is the most that is read")]
    TooLong,
    /// The row does not have eight columns, or the ten that later versions of Wireshark write.
    #[error("the row has {count} columns, but it must have 8 or 10")]
    Columns {
        /// The number of columns that the row has.
        count: usize,
    },
    /// A quotation mark is not closed, text follows a closing one, or an escape is not valid.
    #[error(
        "a quotation mark is not closed, text follows a closing quotation mark, or a backslash does not begin a \
         valid escape"
    )]
    Quotation,
    /// The first column is not an address family.
    #[error("column 1, the address family, is neither IPv4 nor IPv6")]
    Family,
    /// An address is not one of the row's family.
    #[error(
        "column {column} must be an address of the family in column 1, possibly with a prefix length or \
         wildcards, but it is not"
    )]
    Address {
        /// The number of the column, counted from 1.
        column: u8,
    },
    /// The fourth column is not an SPI.
    #[error("column 4 is not an SPI: write a number, 0x and hexadecimal digits, or *")]
    Spi,
    /// A key begins with `0x`, but is not hexadecimal.
    #[error("the key in column {column} begins with 0x, but what follows is not pairs of hexadecimal digits")]
    Key {
        /// The number of the column, counted from 1.
        column: u8,
    },
    /// The fifth column is not an encryption algorithm of this crate.
    #[error("column 5 is not the name of a supported encryption algorithm, such as AES-CBC [RFC3602]")]
    Encryption,
    /// The seventh column is not an authentication algorithm of this crate.
    #[error(
        "column 7 is not the name of a supported authentication algorithm, such as HMAC-SHA-1-96 [RFC2404]"
    )]
    Authentication,
    /// The encryption algorithm is not used with keys of this length.
    #[error("the encryption algorithm takes no key of {octets} octets")]
    EncryptionKeyLength {
        /// The length of the key in octets.
        octets: usize,
    },
    /// The two algorithms cannot be combined.
    #[error(transparent)]
    Suite(SuiteError),
    /// An algorithm does not accept its key. The error is an `ipsec::KeyError`.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The ninth column is not a width of sequence numbers.
    #[error("column 9, the width of sequence numbers, is neither 32-bit nor 64-bit")]
    Numbering,
    /// The tenth column is not a number of 32 bits.
    #[error("column 10, the high half of the sequence number, is not a number of 32 bits")]
    SequenceHigh,
}

impl RowError {
    /// Whether the row is well formed, but its algorithms or the lengths of their keys are not known.
    pub(crate) const fn leaves_out(&self) -> bool {
        matches!(
            self,
            Self::Encryption
                | Self::Authentication
                | Self::EncryptionKeyLength { .. }
                | Self::Suite(_)
                | Self::Keys(_)
        )
    }
}

/// The name of the algorithm with which the row is in error.
pub(crate) fn algorithm_name(text: &str, error: &RowError) -> Option<AlgorithmName> {
    let column = match error {
        RowError::Encryption | RowError::EncryptionKeyLength { .. } => 4,
        RowError::Authentication => 6,
        _ => return None,
    };
    AlgorithmName::of_person(columns(text).ok()?.get(column)?)
}

/// Whether a text is meant as a row. A row begins with the address family, and a secret never begins with a quotation
/// mark or `IPv`.
pub(crate) fn is_row(text: &str) -> bool {
    text.starts_with('"') || text.starts_with("IPv")
}

/// Looks at both keys of a row.
pub(crate) fn hint(text: &str) -> Option<KeyHint> {
    let columns = columns(text).ok()?;
    [5, 7].into_iter().find_map(|at| KeyHint::of_key(columns.get(at)?))
}

/// Reads one row.
pub(crate) fn row(text: &str) -> Result<AssociationRow, RowError> {
    let columns = columns(text)?;
    let cells: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    let ([family, source, destination, spi, encryption, key, authentication, mac_key], more) =
        match *cells.as_slice() {
            [a, b, c, d, e, f, g, h] => ([a, b, c, d, e, f, g, h], None),
            [a, b, c, d, e, f, g, h, width, high] => ([a, b, c, d, e, f, g, h], Some((width, high))),
            _ => return Err(RowError::Columns { count: cells.len() }),
        };
    let family = match family {
        "IPv4" => Family::V4,
        "IPv6" => Family::V6,
        _ => return Err(RowError::Family),
    };
    let address = |text, column| AddressPattern::parse(text, family).ok_or(RowError::Address { column });
    let (source, destination) = (address(source, 2)?, address(destination, 3)?);
    let spi = SpiPattern::parse(spi).ok_or(RowError::Spi)?;
    let key = sa_key(key).map_err(|_| RowError::Key { column: 6 })?;
    let mac_key = sa_key(mac_key).map_err(|_| RowError::Key { column: 8 })?;
    let (esn, sequence_high) = match more {
        None => (Esn::No, 0),
        Some((width, high)) => (width_of(width)?, number(high).ok_or(RowError::SequenceHigh)?),
    };
    let algorithms = algorithms(encryption, &key, authentication, &mac_key)?;
    // Only a suite of two algorithms has a separate authentication key.
    let mac_key = match &algorithms {
        Algorithms::Esp(suite, _) if suite.authentication().is_some() => mac_key.as_slice(),
        _ => &[],
    };
    let keys = AssociationKeys {
        spi,
        source,
        destination,
        esn,
        sequence_high: high_half(esn, sequence_high),
        ..AssociationKeys::new(ipsec::Spi::LOCAL, algorithms)
    };
    Ok(AssociationRow::new(keys, Secret::new(&key), Secret::new(mac_key)))
}

fn width_of(text: &str) -> Result<Esn, RowError> {
    match text {
        "32-bit" | "" => Ok(Esn::No),
        "64-bit" => Ok(Esn::Yes),
        _ => Err(RowError::Numbering),
    }
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        _ if text.is_empty() => Some(0),
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Makes the algorithms from two names of the table. An authentication algorithm that is not supported here is accepted
/// if the length of its ICV is known; packets are then decrypted and not verified.
fn algorithms(
    encryption: &str,
    key: &[u8],
    authentication: &str,
    mac_key: &[u8],
) -> Result<Algorithms, RowError> {
    let is_combined = |encryption: Encryption| encryption.icv_len().is_some();
    let suite = Suite::from_wireshark(encryption, authentication, key.len());
    let unknown = match suite {
        Ok(suite) => {
            // A combined mode has no second key, even if the column holds one.
            let mac_key = if is_combined(suite.encryption()) { &[][..] } else { mac_key };
            return Ok(Algorithms::esp(suite, Secret::new(key), Secret::new(mac_key))?);
        }
        Err(error) => error,
    };
    match unknown {
        SuiteError::UnknownWord { word: 0 } => Err(RowError::Encryption),
        SuiteError::KeyLen { .. } => Err(RowError::EncryptionKeyLength { octets: key.len() }),
        SuiteError::UnknownWord { .. } | SuiteError::Unauthenticated { .. } => {
            let icv_len = icv_len_of(authentication).ok_or(RowError::Authentication)?;
            let named = Encryption::all().find(|other| {
                wireshark_encryption(*other) == Some(encryption) && other.key_len() == key.len()
            });
            let encryption = named.ok_or(RowError::Encryption)?;
            let made = Algorithms::esp_unverified(encryption, Secret::new(key), icv_len)?;
            made.ok_or(RowError::Authentication)
        }
        error => Err(RowError::Suite(error)),
    }
}

/// The length in octets of an ICV that this crate cannot verify: no authentication, an unspecified algorithm, or one of
/// a draft. `None` when the name is unknown.
fn icv_len_of(authentication: &str) -> Option<usize> {
    if authentication == "NULL" {
        return Some(0);
    }
    if let Some(rest) = authentication.strip_prefix("ANY ") {
        let (bits, _) = rest.split_once(' ')?;
        return bits.parse::<usize>().ok().filter(|bits| bits.is_multiple_of(8)).map(|bits| bits / 8);
    }
    match authentication {
        "MAC-RIPEMD-160-96 [RFC2857]" => Some(12),
        _ => None,
    }
}

/// Splits a row into columns. They are separated by commas, may stand in quotation marks, and may hold Wireshark's
/// escapes.
fn columns(text: &str) -> Result<Vec<Zeroizing<String>>, RowError> {
    // Each column has room for the rest of the row, so the row must be short.
    if text.len() > MAX_LINE_LEN {
        return Err(RowError::TooLong);
    }
    let mut columns = Vec::new();
    let mut rest = text.trim();
    loop {
        // The column has room for all the text that is left, so it is never moved and leaves no copy behind.
        let mut column = Zeroizing::new(String::with_capacity(rest.len()));
        rest = rest.trim_start();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = unquote(quoted, &mut column)?.trim_start();
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (bare, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            column.push_str(bare.trim());
            rest = after;
        }
        columns.push(column);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.is_empty() => return Ok(columns),
            None => return Err(RowError::Quotation),
        }
    }
}

/// Reads up to the closing quotation mark, and returns the text that follows it.
fn unquote<'a>(text: &'a str, column: &mut String) -> Result<&'a str, RowError> {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Ok(characters.as_str()),
            '\\' => match characters.next() {
                Some('x') => {
                    let (digits, after) =
                        characters.as_str().split_at_checked(2).ok_or(RowError::Quotation)?;
                    column.push(char::from(u8::from_be_bytes(digits_of(digits).ok_or(RowError::Quotation)?)));
                    characters = after.chars();
                }
                Some(escaped @ ('"' | '\\')) => column.push(escaped),
                _ => return Err(RowError::Quotation),
            },
            other => column.push(other),
        }
    }
    Err(RowError::Quotation)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The part of a row that the key store takes.
    fn row(text: &str) -> Result<AssociationKeys, RowError> {
        super::row(text).map(|row| row.keys)
    }

    const KEY: &str = "0x000102030405060708090a0b0c0d0e0f";
    const MAC: &str = "0x000102030405060708090a0b0c0d0e0f10111213";

    fn row_of(
        encryption: &str,
        key: &str,
        authentication: &str,
        mac_key: &str,
    ) -> Result<AssociationKeys, RowError> {
        row(&format!(
            r#""IPv4","*","10.0.0.2","0x100","{encryption}","{key}","{authentication}","{mac_key}""#
        ))
    }

    #[test]
    fn a_row_is_read_quoted_and_bare() {
        let quoted = row_of("AES-CBC [RFC3602]", KEY, "HMAC-SHA-1-96 [RFC2404]", MAC).unwrap();
        assert_eq!(format!("{:?}", quoted.algorithms), "Esp(AES-CBC-128 HMAC-SHA-1-96)");
        assert_eq!(quoted.spi.single(), Some(ipsec::Spi(256)));
        let bare =
            row(&format!("IPv4, * ,10.0.0.2,0x100, AES-CBC [RFC3602],{KEY},HMAC-SHA-1-96 [RFC2404],{MAC}"));
        assert_eq!((bare.unwrap().destination, quoted.esn), (quoted.destination, Esn::No));
        let long = row(&format!(
            r#""IPv6","*","*","*","AES-CBC [RFC3602]","{KEY}","HMAC-SHA-1-96 [RFC2404]","{MAC}","64-bit","0x7""#
        ))
        .unwrap();
        assert_eq!((long.esn, long.sequence_high), (Esn::Yes, 7));
        let escaped = row_of(
            "AES-CBC [RFC3602]",
            r"sixteen octets\x21!",
            "HMAC-SHA-1-96 [RFC2404]",
            r#"twenty\"octets\\of key"#,
        );
        escaped.unwrap();
    }

    #[test]
    fn what_does_not_authenticate_is_not_verified() {
        for (authentication, icv_len) in [
            ("NULL", 0),
            ("ANY 96 bit authentication [no checking]", 12),
            ("ANY 256 bit authentication [no checking]", 32),
            ("MAC-RIPEMD-160-96 [RFC2857]", 12),
        ] {
            let keys = row_of("AES-CBC [RFC3602]", KEY, authentication, "").unwrap();
            assert!(
                matches!(&keys.algorithms, Algorithms::EspUnverified(unverified) if unverified.icv_len() == icv_len),
                "{authentication}"
            );
        }
        // A combined mode authenticates by itself and has no second key.
        let salted = format!("{KEY}aabbccdd");
        for authentication in ["NULL", "ANY 128 bit authentication [no checking]"] {
            let keys = row_of("AES-GCM [RFC4106]", &salted, authentication, "0x00").unwrap();
            assert_eq!(format!("{:?}", keys.algorithms), "Esp(AES-GCM-16-128)");
        }
    }

    /// Wireshark's names. The packets were once decrypted and not verified, and the cipher was refused.
    #[test]
    fn sha_256_of_the_draft_and_chacha20_are_verified() {
        let mac = format!("0x{}", "48".repeat(32));
        let draft = "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]";
        let keys = row_of("AES-CBC [RFC3602]", KEY, draft, &mac).unwrap();
        assert_eq!(format!("{:?}", keys.algorithms), "Esp(AES-CBC-128 HMAC-SHA-256-96)");
        for authentication in ["NULL", "ANY 128 bit authentication [no checking]"] {
            let keys =
                row_of("ChaCha20 with Poly1305 [RFC7634]", &format!("{mac}aabbccdd"), authentication, "");
            assert_eq!(format!("{:?}", keys.unwrap().algorithms), "Esp(ChaCha20-Poly1305)");
        }
    }

    #[test]
    fn errors_name_the_column_and_repeat_no_key() {
        let sha1 = "HMAC-SHA-1-96 [RFC2404]";
        let aes = "AES-CBC [RFC3602]";
        let cells = |at: usize, cell: &str| {
            let mut cells = ["IPv4", "*", "*", "0x100", aes, KEY, sha1, MAC].map(str::to_owned);
            cells[at] = cell.to_owned();
            row(&cells.join(",")).unwrap_err()
        };
        assert_eq!(cells(0, "IPv5"), RowError::Family);
        assert_eq!(cells(1, "10.0.0"), RowError::Address { column: 2 });
        assert_eq!(cells(2, "::1"), RowError::Address { column: 3 });
        assert_eq!(cells(3, "0x"), RowError::Spi);
        assert_eq!(cells(4, "AES"), RowError::Encryption);
        assert_eq!(cells(5, "0x5ec"), RowError::Key { column: 6 });
        assert_eq!(cells(5, "0x5ec2e7"), RowError::EncryptionKeyLength { octets: 3 });
        assert_eq!(cells(6, "HMAC"), RowError::Authentication);
        assert_eq!(cells(7, "0xsecret"), RowError::Key { column: 8 });
        assert!(matches!(cells(7, "0x5ec2e7"), RowError::Keys(_)));
        assert_eq!(cells(7, "a,b"), RowError::Columns { count: 9 });
        assert_eq!(row("\"IPv4").unwrap_err(), RowError::Quotation);
        for (at, cell) in
            [(5, "0x5ec2e7"), (7, "0x5ec2e7"), (7, "0x5ec2e"), (4, "5ec2e7"), (6, "5ec2e7"), (3, "5ec2e7")]
        {
            let error = cells(at, cell);
            assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
        }
    }
}
