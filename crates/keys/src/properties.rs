//! Properties that hold for any input. The tests and the fuzz target call them.
#![allow(clippy::panic, missing_docs, reason = "a property fails by panicking")]

use crate::{Export, KeyRows};

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
        let (text, _) = rows.export(export);
        let mut again = KeyRows::default();
        // An export holds no row when its format can express none of the rows.
        if let Err(error) = again.read(text.as_bytes()) {
            let is_empty = !text.lines().any(|line| !line.is_empty() && !line.starts_with('#'));
            assert!(is_empty, "the export as {export:?} cannot be read again: {error}");
            continue;
        }
        let (text_again, refused) = again.export(export);
        assert!(refused.is_empty(), "{export:?} refuses {} rows that it wrote before", refused.len());
        assert!(*text == *text_again, "{export:?} writes a different text the second time");
    }
}
