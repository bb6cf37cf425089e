//! Files of keys. The format of a file is detected from its contents.

use core::fmt;
use std::io::Read;

use crate::json::ChildError;
use crate::{
    AssociationKeysError, AssociationRow, IsakmpKeys, IsakmpKeysError, KeyRows, ReadError, RowError,
    StateError, sa_keys, secret_octets, xfrm,
};

/// What is wrong with a file of keys, and where. It repeats no text of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFileError {
    /// The line, counted from 1. It is 0 when the error concerns no particular line.
    pub line: usize,
    /// The rule that the file breaks.
    pub reason: KeyFileReason,
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => self.reason.fmt(formatter),
            line => write!(formatter, "line {line}: {}", self.reason),
        }
    }
}

impl core::error::Error for KeyFileError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.reason)
    }
}

/// The length in octets of the longest file of keys that is read: 32 MiB.
pub const MAX_FILE_LEN: usize = 1 << 25;

/// The number of SAs that one file of keys may have: 262,144. Each takes about 1,300 octets of memory.
pub const MAX_ROW_COUNT: usize = 1 << 18;

/// The length in octets of the longest line that may hold one SA or a part of one. No format needs a line of even a
/// thousand octets.
pub(crate) const MAX_LINE_LEN: usize = 1 << 13;

/// The rule that a file of keys breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileReason {
    /// The file is longer than [`MAX_FILE_LEN`].
    #[error(
        "the file has more than {MAX_FILE_LEN} octets, which is the most that is read: \
         give a file that holds keys and nothing else, or divide it"
    )]
    TooLong,
    /// The file has more SAs than [`MAX_ROW_COUNT`].
    #[error("the file has more than {MAX_ROW_COUNT} SAs, which is the most that is read: divide it")]
    TooManyRows,
    /// The file is not text.
    #[error("the file is not text in UTF-8, as a file of keys must be")]
    NotText,
    /// The file holds no keys.
    #[error("the file holds no keys, only comments and empty lines")]
    Empty,
    /// The file begins with a brace but is not valid JSON.
    #[error("the file begins with a brace, as JSON does, but is not valid JSON")]
    Json,
    /// A member of the JSON object has the wrong type or is missing.
    #[error(
        "the JSON does not have the expected shape: an object with arrays `ike`, `child` or `tshark_esp_sa`, \
         whose members have the expected types"
    )]
    JsonShape,
    /// A child SA in a JSON file is wrong.
    #[error("child {number}: {error}")]
    Child {
        /// The number of the child SA, counted from 1.
        number: usize,
        /// The rule that it breaks.
        error: ChildError,
    },
    /// A row of Wireshark's table, in a JSON file, is wrong.
    #[error("tshark_esp_sa row {number}: {error}")]
    JsonRow {
        /// The number of the row, counted from 1.
        number: usize,
        /// The rule that it breaks.
        error: RowError,
    },
    /// A row of Wireshark's ESP table, or a secret in tcpdump's form, is wrong.
    #[error(transparent)]
    Line(#[from] AssociationKeysError),
    /// A row of Wireshark's table of IKEv1 keys is wrong.
    #[error(transparent)]
    Isakmp(#[from] IsakmpKeysError),
    /// An ISAKMP SA in a JSON file is wrong.
    #[error(
        "ike {number}: a key is not pairs of hexadecimal digits, or a cookie is not sixteen hexadecimal digits"
    )]
    JsonIsakmp {
        /// The number of the ISAKMP SA, counted from 1.
        number: usize,
    },
    /// A state in the output of `ip xfrm state` is wrong.
    #[error(transparent)]
    State(#[from] StateError),
}

impl KeyRows {
    /// Adds the rows in a file and returns the number of SAs that the file holds. The file may have any format that
    /// [`Keys::read`](crate::Keys::read) reads.
    ///
    /// # Errors
    /// Returns [`KeyFileError`] when the file has none of these formats, when an entry is wrong, or when the file is
    /// longer than [`MAX_FILE_LEN`] or has more SAs than [`MAX_ROW_COUNT`]. In that case no key of the file is added.
    pub fn read(&mut self, octets: &[u8]) -> Result<usize, KeyFileError> {
        let whole = |reason| KeyFileError { line: 0, reason };
        if octets.len() > MAX_FILE_LEN {
            return Err(whole(KeyFileReason::TooLong));
        }
        let text = core::str::from_utf8(octets).map_err(|_| whole(KeyFileReason::NotText))?;
        // Some editors put a byte order mark in front of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let first = first.ok_or_else(|| whole(KeyFileReason::Empty))?;
        if first.starts_with('{') {
            return self.read_json(text);
        }
        let mut rows = Rows::default();
        if first.starts_with("src ") {
            xfrm::states(text, |row| rows.push(row))
                .map_err(|(line, reason)| KeyFileError { line, reason })?;
        } else {
            for (line, text) in (1..).zip(text.lines().map(str::trim)) {
                if text.is_empty() || text.starts_with('#') {
                    continue;
                }
                let at = |reason| KeyFileError { line, reason };
                if IsakmpKeys::is_row(text) {
                    let keys = text.parse().map_err(|error: IsakmpKeysError| at(error.into()))?;
                    rows.push_isakmp(keys).map_err(at)?;
                    continue;
                }
                let is_row = text.starts_with('"') || text.starts_with("IPv");
                for entry in text.split(',').take(if is_row { 0 } else { usize::MAX }) {
                    rows.push(parse(entry, line)?).map_err(at)?;
                }
                if is_row {
                    rows.push(parse(text, line)?).map_err(at)?;
                }
            }
        }
        Ok(rows.move_to(self))
    }

    /// Does the same as [`read`](Self::read) with the octets that a reader gives. It reads at most one octet more than
    /// [`MAX_FILE_LEN`].
    ///
    /// # Errors
    /// Returns [`ReadError::File`] when [`read`](Self::read) refuses the file, and [`ReadError::Io`] when the reader
    /// fails.
    pub fn read_from(&mut self, reader: impl Read) -> Result<usize, ReadError> {
        let octets = secret_octets::read(reader)?;
        Ok(self.read(&octets)?)
    }
}

/// The rows of a file, held back until the whole file is known to be right.
#[derive(Default)]
pub(crate) struct Rows {
    associations: Vec<AssociationRow>,
    isakmp: Vec<IsakmpKeys>,
}

impl Rows {
    pub(crate) fn push(&mut self, row: AssociationRow) -> Result<(), KeyFileReason> {
        self.check_room()?;
        self.associations.push(row);
        Ok(())
    }

    pub(crate) fn push_isakmp(&mut self, keys: IsakmpKeys) -> Result<(), KeyFileReason> {
        self.check_room()?;
        self.isakmp.push(keys);
        Ok(())
    }

    const fn count(&self) -> usize {
        self.associations.len().saturating_add(self.isakmp.len())
    }

    const fn check_room(&self) -> Result<(), KeyFileReason> {
        if self.count() < MAX_ROW_COUNT { Ok(()) } else { Err(KeyFileReason::TooManyRows) }
    }

    /// Appends these rows to `rows` and returns how many they are.
    pub(crate) fn move_to(mut self, rows: &mut KeyRows) -> usize {
        let count = self.count();
        rows.associations.append(&mut self.associations);
        rows.isakmp.append(&mut self.isakmp);
        count
    }
}

fn parse(text: &str, line: usize) -> Result<AssociationRow, KeyFileError> {
    sa_keys::row(text).map_err(|error| KeyFileError { line, reason: error.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keys, SecretError};

    const ROW: &str = r#""IPv4","*","*","0x100","NULL","","HMAC-MD5-96 [RFC2403]","sixteen octets..""#;

    fn read(text: &str) -> Result<usize, KeyFileError> {
        let mut keys = Keys::default();
        let result = keys.read(text.as_bytes());
        assert_eq!(*result.as_ref().unwrap_or(&0), keys.associations.len());
        result
    }

    #[test]
    fn formats_are_told_from_the_content() {
        assert_eq!(read(&format!("# This file is automatically generated\n{ROW}\n\n{ROW}\r\n")), Ok(2));
        assert_eq!(
            read("\u{feff}# a comment\n\n0x100@10.0.0.1 des-cbc:\x012345678,257@10.0.0.1 none:\n"),
            Ok(2)
        );
        assert_eq!(read(" {\"child\": []}"), Ok(0));
        let state = "src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x00000102 reqid 0 mode transport\n\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f\n";
        assert_eq!(read(state), Ok(1));
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(
            read("").unwrap_err().to_string(),
            "the file holds no keys, only comments and empty lines"
        );
        assert_eq!(read("# a\n \n").unwrap_err().reason, KeyFileReason::Empty);
        assert_eq!(Keys::default().read(&[0xff, 0xd8]).unwrap_err().reason, KeyFileReason::NotText);
        let error = read(&format!("{ROW}\n\n{ROW},more,and,more\n")).unwrap_err();
        assert_eq!(error.to_string(), "line 3: the row has 11 columns, but it must have 8 or 10");
        let error = read("0x100@10.0.0.1 none:\nletmein\n").unwrap_err();
        assert_eq!(
            error,
            KeyFileError { line: 2, reason: AssociationKeysError::from(SecretError::Colon).into() }
        );
        assert!(read("{\n\"child\": [\n").unwrap_err().to_string().starts_with("line "));
    }

    /// The reader never ends. The octets are not all held, and no key is added.
    #[test]
    fn a_file_without_end_is_refused_at_the_limit() {
        let mut rows = KeyRows::default();
        let mut refused = None;
        let info = allocation_counter::measure(|| refused = rows.read_from(std::io::repeat(b'0')).err());
        let error = refused.unwrap().to_string();
        assert!(error.contains("more than 33554432 octets") && error.contains("divide it"), "{error}");
        assert!(info.bytes_max < 2 * MAX_FILE_LEN as u64, "{info:?}");
        let at_the_limit = vec![b'#'; MAX_FILE_LEN];
        assert_eq!(
            rows.read(&at_the_limit).unwrap_err().reason,
            KeyFileReason::Empty,
            "a file of exactly the longest length is read"
        );
    }

    #[test]
    fn a_file_of_too_many_rows_is_refused_in_every_format() {
        let of_rows = "none:,".repeat(MAX_ROW_COUNT);
        assert_eq!(read(of_rows.trim_end_matches(',')), Ok(MAX_ROW_COUNT));
        let too_many = |text: &str| {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains("more than 262144 SAs"), "{error}");
            assert_eq!(error.reason, KeyFileReason::TooManyRows);
        };
        too_many(&format!("{of_rows}none:"));
        too_many(&"ab3e0f1f8bc3be8e,0001020304050607\n".repeat(MAX_ROW_COUNT + 1));
        too_many(&"src 1.1.1.1 dst ::1\n\tproto esp spi 0x1\n\tenc cipher_null\n".repeat(MAX_ROW_COUNT + 1));
        for (member, row) in [
            ("ike", "{}"),
            ("child", r#"{"proto":"ESP","alg":{},"spi_in":"1","enc_i":""}"#),
            ("tshark_esp_sa", r#""IPv4,*,*,*,NULL,,NULL,""#),
        ] {
            too_many(&format!("{{\"{member}\":[{}{row}]}}", format!("{row},").repeat(MAX_ROW_COUNT)));
        }
    }

    /// A line that is too long is refused before its parts are copied.
    #[test]
    fn lines_too_long_for_a_row_are_refused() {
        let long = ",".repeat(100_000);
        assert!(read(&format!("IPv4{long}")).unwrap_err().to_string().contains("8192 octets"));
        let long = "\ta".repeat(100_000);
        let error = read(&format!("src 1.1.1.1 dst ::1\n{long}")).unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.to_string().contains("8192 octets"), "{error}");
        // A line of tcpdump's secrets may be longer, because it holds many.
        assert_eq!(read("none:,".repeat(10_000).trim_end_matches(',')), Ok(10_000));
    }

    #[test]
    fn a_file_that_is_wrong_gives_no_key() {
        let mut keys = Keys::default();
        keys.read(ROW.as_bytes()).unwrap();
        keys.read(format!("{ROW}\nx").as_bytes()).unwrap_err();
        assert_eq!(keys.associations.len(), 1);
    }
}
