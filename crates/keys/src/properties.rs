//! Properties that hold for any input. The tests and the fuzz target call them.
#![allow(clippy::panic, missing_docs, reason = "a property fails by panicking")]

use crate::hexadecimal::Hexadecimal;
use crate::{Algorithms, Export, KeyRows, Refused, RefusedRow};

#[cfg(test)]
mod tests;

/// Checks that a file of any octets is either read or refused, and that an export of a file that was read means the
/// same when it is read again.
///
/// # Panics
/// Panics when that does not hold.
pub fn key_files_come_back(octets: &[u8]) {
    let mut rows = KeyRows::default();
    let read = rows.read(octets);
    if let Err(error) = read {
        assert!(
            !format!("{error} {error:?}").is_empty()
                && rows.associations.is_empty()
                && rows.isakmp.is_empty()
        );
        return;
    }
    for export in Export::ALL {
        let (text, refused) = rows.export(export);
        let mut again = KeyRows::default();
        // An export holds no row when its format can express none of the rows.
        if let Err(error) = again.read(text.as_bytes()) {
            let is_empty = !text.lines().any(|line| !line.is_empty() && !line.starts_with('#'));
            assert!(is_empty, "the export as {export:?} cannot be read again: {error}");
            continue;
        }
        assert_eq!(said(&again, export, &[]), said(&rows, export, &refused), "{export:?}");
        let (text_again, refused) = again.export(export);
        assert!(refused.is_empty(), "{export:?} refuses {} rows that it wrote before", refused.len());
        assert!(*text == *text_again, "{export:?} writes a different text the second time");
    }
}

/// What the rows say, as far as the format can express it, without the rows that were refused.
fn said(rows: &KeyRows, export: Export, refused: &[Refused<'_>]) -> Vec<String> {
    let mut all = Vec::new();
    let has_isakmp = matches!(export, Export::Json | Export::Ikev1DecryptionTable);
    for keys in rows.isakmp.iter().filter(|_| has_isakmp) {
        let is_refused = |refused: &Refused<'_>| matches!(refused.row, RefusedRow::Isakmp(row) if core::ptr::eq(row, keys));
        if refused.iter().any(is_refused) {
            continue;
        }
        let mut text = format!("{:?}", keys.initiator_cookie);
        for (_, name, key) in keys.secrets() {
            let is_written = export == Export::Json || name == "encryption key";
            if let Some(key) = key.as_ref().filter(|_| is_written) {
                text += &format!(" {name} {}", Hexadecimal(key));
            }
        }
        all.push(text);
    }
    for row in rows.associations.iter().filter(|row| !row.is_alternative) {
        let is_refused = |refused: &Refused<'_>| matches!(refused.row, RefusedRow::Association(other) if core::ptr::eq(other, row));
        if export == Export::Ikev1DecryptionTable || refused.iter().any(is_refused) {
            continue;
        }
        let keys = &row.keys;
        let mac_key = Hexadecimal(&row.authentication_key);
        let text =
            format!("{} {} {} ", keys.spi, keys.algorithms.protocol(), Hexadecimal(&row.encryption_key));
        all.push(match (export, &keys.algorithms) {
            // tcpdump has no authentication, and thus only the length of the ICV.
            (Export::Tcpdump, Algorithms::Esp(suite, _)) => {
                format!("{text}{}, {}", suite.encryption(), suite.icv_len())
            }
            (Export::Tcpdump, Algorithms::EspUnverified(unverified)) => {
                format!("{text}{}, {}", unverified.encryption(), unverified.icv_len())
            }
            (_, algorithms) => {
                format!("{text}{mac_key} {algorithms:?} {:?} {:#x}", keys.esn, keys.sequence_high)
            }
        });
    }
    // A row for both families is written once for each.
    all.sort_unstable();
    all.dedup();
    all
}
