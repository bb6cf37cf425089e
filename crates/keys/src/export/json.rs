//! Writes the JSON format of this project.

use core::fmt::Write as _;

use ipsec::Esn;
use ipsec::ah::Integrity;
use zeroize::Zeroizing;

use super::{ExportError, KeyRows, Refused, RefusedRow, check_encryption_key, spi_of};
use crate::hexadecimal::Hexadecimal;
use crate::names::{strongswan_authentication_name, strongswan_encryption_name};
use crate::{Algorithms, AssociationRow, IsakmpKeys};

pub(super) fn write<'r>(rows: &'r KeyRows, text: &mut String, refused: &mut Vec<Refused<'r>>) {
    text.push_str("{\n \"ike\": [");
    let mut separator = "\n";
    for keys in &rows.isakmp {
        if let Err(error) = check_encryption_key(keys) {
            refused.push(Refused { row: RefusedRow::Isakmp(keys), error });
            continue;
        }
        text.push_str(separator);
        isakmp(keys, text);
        separator = ",\n";
    }
    text.push_str("\n ],\n \"child\": [");
    separator = "\n";
    for row in rows.associations.iter().filter(|row| !row.is_alternative) {
        let before = text.len();
        text.push_str(separator);
        match child(row, text) {
            Ok(()) => separator = ",\n",
            Err(error) => {
                text.truncate(before);
                refused.push(Refused { row: RefusedRow::Association(row), error });
            }
        }
    }
    text.push_str("\n ]");
    let mut is_written = false;
    for (number, psk) in (1..).zip(&rows.pre_shared) {
        match quoted(&psk.key).filter(|_| !is_written) {
            Some(quoted) => {
                let _ = write!(text, ",\n \"psk\": {}", *quoted);
                is_written = true;
            }
            None => {
                refused.push(Refused { row: RefusedRow::PreShared(number), error: ExportError::PreShared })
            }
        }
    }
    text.push_str("\n}\n");
}

/// Writes a pre-shared key as a JSON string. `None` when the key is not text.
fn quoted(key: &[u8]) -> Option<Zeroizing<String>> {
    let key = core::str::from_utf8(key).ok()?;
    // The text has its greatest possible length from the start: six characters for each octet, and the quotation marks.
    let room = key.len().saturating_mul(6).saturating_add(2);
    let mut quoted = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *quoted, key).ok()?;
    String::from_utf8(core::mem::take(&mut *quoted)).ok().map(Zeroizing::new)
}

fn isakmp(keys: &IsakmpKeys, text: &mut String) {
    text.push_str("  {");
    let mut separator = "";
    let mut member = |name, octets: Option<&[u8]>| {
        if let Some(octets) = octets {
            let _ = write!(text, "{separator}\"{name}\": \"{}\"", Hexadecimal(octets));
            separator = ", ";
        }
    };
    member("cookie_i", keys.initiator_cookie.as_ref().map(<[u8; 8]>::as_slice));
    member("cookie_r", keys.responder_cookie.as_ref().map(<[u8; 8]>::as_slice));
    for (name, _, key) in keys.secrets() {
        member(name, key.as_ref().map(|key| key.as_slice()));
    }
    text.push('}');
}

/// Writes one SA as the outbound half of a pair, with the initiator as its sender.
fn child(row: &AssociationRow, text: &mut String) -> Result<(), ExportError> {
    let spi = spi_of(row)?.0;
    let (protocol, encryption, authentication) = match &row.keys.algorithms {
        // Without an ICV there is no authentication algorithm to be known.
        Algorithms::EspUnverified(unverified) if unverified.icv_len() == 0 => {
            ("ESP", Some(unverified.encryption()), None)
        }
        Algorithms::EspUnverified(_) => return Err(ExportError::Unverified),
        Algorithms::Esp(suite, _) => ("ESP", Some(suite.encryption()), suite.authentication()),
        Algorithms::Ah(Integrity::Mac(authentication), ..) => ("AH", None, Some(*authentication)),
        Algorithms::Ah(integrity, ..) => return Err(ExportError::Integrity(*integrity)),
    };
    let encryption = match encryption {
        Some(other) => Some(strongswan_encryption_name(other).ok_or(ExportError::Encryption(other))?),
        None => None,
    };
    let authentication = match authentication {
        Some(other) => Some(strongswan_authentication_name(other).ok_or(ExportError::Authentication(other))?),
        None => None,
    };
    let _ = write!(text, "  {{\"proto\": \"{protocol}\", \"alg\": {{");
    let mut separator = "";
    if let Some(encryption) = encryption {
        let _ = write!(text, "\"encryption\": \"{encryption}\"");
        separator = ", ";
    }
    if let Some(authentication) = authentication {
        let _ = write!(text, "{separator}\"integrity\": \"{authentication}\"");
    }
    let _ = write!(text, "}}, \"spi_out\": \"{spi:08x}\"");
    for (name, end) in [("src_out", row.source), ("dst_out", row.destination)] {
        if let Some(end) = end.single() {
            let _ = write!(text, ", \"{name}\": \"{end}\"");
        }
    }
    // When the SA has no keys at all, an empty key shows that this side is there.
    let says_none = row.encryption_key.is_empty() && row.authentication_key.is_empty();
    for (name, key) in [("enc_i", &row.encryption_key), ("auth_i", &row.authentication_key)] {
        if !key.is_empty() || says_none && name == "enc_i" {
            let _ = write!(text, ", \"{name}\": \"{}\"", Hexadecimal(key));
        }
    }
    for (name, holds) in [("udp", row.is_encapsulated), ("transport", row.is_transport)] {
        if holds {
            let _ = write!(text, ", \"{name}\": true");
        }
    }
    if row.keys.esn == Esn::Yes {
        let _ = write!(text, ", \"esn\": true, \"seq_hi\": {}", row.keys.sequence_high);
    }
    text.push('}');
    Ok(())
}
