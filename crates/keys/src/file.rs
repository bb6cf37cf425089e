//! Files of keys, whose format is told from what they hold.

use core::fmt;

use crate::json::ChildError;
use crate::{
    AssociationKeysError, AssociationRow, IsakmpKeys, IsakmpKeysError, KeyRows, RowError, StateError,
    sa_keys, xfrm,
};

/// What is wrong with a file of keys, and where. Nothing of the file is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFileError {
    /// The line, from 1; 0 where it is none in particular.
    pub line: usize,
    /// What is wrong.
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

/// What is wrong with a file of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileReason {
    /// The file is no text.
    #[error("it is no text in UTF-8")]
    NotText,
    /// There is nothing in it.
    #[error("no keys: the file holds nothing but comments")]
    Empty,
    /// It begins with a brace, and is no JSON.
    #[error("it begins like JSON and is none")]
    Json,
    /// A value is not what it should be.
    #[error("the JSON has no keys in the shape that is known here: ike, child or tshark_esp_sa")]
    JsonShape,
    /// A child SA.
    #[error("child {number}: {error}")]
    Child {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        error: ChildError,
    },
    /// A row of Wireshark's table in a JSON file.
    #[error("tshark_esp_sa row {number}: {error}")]
    JsonRow {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        error: RowError,
    },
    /// A row of Wireshark's table, or a secret of tcpdump's.
    #[error(transparent)]
    Line(#[from] AssociationKeysError),
    /// A row of Wireshark's table of IKEv1 keys.
    #[error(transparent)]
    Isakmp(#[from] IsakmpKeysError),
    /// An ISAKMP SA in a JSON file.
    #[error("ike {number}: a key or cookie is not pairs of hexadecimal digits")]
    JsonIsakmp {
        /// Which one, from 1.
        number: usize,
    },
    /// A state that `ip xfrm state` printed.
    #[error(transparent)]
    State(#[from] StateError),
}

impl KeyRows {
    /// Takes in a file of keys, and returns how many SAs it has keys of: in each format that [`Keys::read`](crate::Keys::read) reads.
    ///
    /// # Errors
    /// When it is none of these, or an entry is wrong; no key of it is taken in then.
    pub fn read(&mut self, octets: &[u8]) -> Result<usize, KeyFileError> {
        let whole = |reason| KeyFileError { line: 0, reason };
        let text = core::str::from_utf8(octets).map_err(|_| whole(KeyFileReason::NotText))?;
        // What some editors put in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let first = first.ok_or_else(|| whole(KeyFileReason::Empty))?;
        if first.starts_with('{') {
            return self.read_json(text);
        }
        let (mut read, mut isakmp) = (Vec::new(), Vec::new());
        if first.starts_with("src ") {
            xfrm::states(text, |keys| read.push(keys))
                .map_err(|(line, error)| KeyFileError { line, reason: error.into() })?;
        } else {
            for (line, text) in (1..).zip(text.lines().map(str::trim)) {
                if text.is_empty() || text.starts_with('#') {
                    continue;
                }
                if IsakmpKeys::is_row(text) {
                    isakmp.push(
                        text.parse()
                            .map_err(|error: IsakmpKeysError| KeyFileError { line, reason: error.into() })?,
                    );
                    continue;
                }
                let is_row = text.starts_with('"') || text.starts_with("IPv");
                for entry in text.split(',').take(if is_row { 0 } else { usize::MAX }) {
                    read.push(parse(entry, line)?);
                }
                if is_row {
                    read.push(parse(text, line)?);
                }
            }
        }
        let count = read.len().saturating_add(isakmp.len());
        self.associations.append(&mut read);
        self.isakmp.append(&mut isakmp);
        Ok(count)
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
        assert_eq!(read("").unwrap_err().to_string(), "no keys: the file holds nothing but comments");
        assert_eq!(read("# a\n \n").unwrap_err().reason, KeyFileReason::Empty);
        assert_eq!(Keys::default().read(&[0xff, 0xd8]).unwrap_err().reason, KeyFileReason::NotText);
        let error = read(&format!("{ROW}\n\n{ROW},more,and,more\n")).unwrap_err();
        assert_eq!(error.to_string(), "line 3: 11 columns in the row, not 8 or 10");
        let error = read("0x100@10.0.0.1 none:\nletmein\n").unwrap_err();
        assert_eq!(
            error,
            KeyFileError { line: 2, reason: AssociationKeysError::from(SecretError::Colon).into() }
        );
        assert!(read("{\n\"child\": [\n").unwrap_err().to_string().starts_with("line "));
    }

    #[test]
    fn a_file_that_is_wrong_gives_no_key() {
        let mut keys = Keys::default();
        keys.read(ROW.as_bytes()).unwrap();
        keys.read(format!("{ROW}\nx").as_bytes()).unwrap_err();
        assert_eq!(keys.associations.len(), 1);
    }
}
