//! What holds for any octets; the tests and the fuzz target both call these.
#![allow(clippy::panic, missing_docs, reason = "a property fails by panicking")]

use crate::{Export, KeyRows};

#[cfg(test)]
mod tests;

/// Key files of any octets are read or refused, and what is written of them says the same when it is read again.
///
/// # Panics
/// When that does not hold.
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
        let (text, _) = rows.export(export);
        let mut again = KeyRows::default();
        // A format in which none of them can be said says nothing.
        if let Err(error) = again.read(text.as_bytes()) {
            let is_empty = !text.lines().any(|line| !line.is_empty() && !line.starts_with('#'));
            assert!(is_empty, "what was written as {export:?} is not read: {error}");
            continue;
        }
        let (text_again, refused) = again.export(export);
        assert!(refused.is_empty(), "{export:?} does not say again what it said: {} rows", refused.len());
        assert!(*text == *text_again, "{export:?} says another thing the second time");
    }
}
