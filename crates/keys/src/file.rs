//! Files of keys. The format of a file is detected from its contents.

use core::fmt;
use std::io::Read;

use crate::json::{self, ChildError};
use crate::{
    AlgorithmName, AssociationKeysError, AssociationRow, IsakmpKeys, IsakmpKeysError, KeyFileSummary,
    KeyFileWarning, KeyHint, KeyRows, PreSharedKey, ReadError, RowError, StateError, sa_keys, secret_octets,
    xfrm,
};
use crate::{charon, esp_sa, fortigate, secret};

/// What is wrong with a file of keys, and where. It repeats no text of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFileError {
    /// The line, counted from 1. It is 0 when the error concerns no particular line, which is so
    ///
    /// * when the whole file is refused: [`KeyFileReason::TooLong`], [`KeyFileReason::NotText`],
    ///   [`KeyFileReason::Empty`] and [`KeyFileReason::Unknown`];
    /// * in JSON, except for [`KeyFileReason::Json`] and most [`KeyFileReason::JsonShape`]. The other reasons of JSON have
    ///   the `number` of an element in its array instead.
    pub line: usize,
    /// The name of the algorithm or protocol that is not known. `None` when the error is another one, or when the text
    /// in its place does not look like a name and may be a key.
    pub algorithm: Option<AlgorithmName>,
    /// The rule that the file breaks.
    pub reason: KeyFileReason,
}

impl KeyFileError {
    pub(crate) fn new(line: usize, reason: impl Into<KeyFileReason>) -> Self {
        Self { line, algorithm: None, reason: reason.into() }
    }

    pub(crate) fn of(self, algorithm: Option<AlgorithmName>) -> Self {
        Self { algorithm, ..self }
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line != 0 {
            write!(formatter, "line {}: ", self.line)?;
        }
        if let Some(name) = self.algorithm {
            write!(formatter, "{name}: ")?;
        }
        self.reason.fmt(formatter)
    }
}

impl core::error::Error for KeyFileError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.reason)
    }
}

/// The length in octets of the longest file of keys that is read: 32 MiB.
pub const MAX_FILE_LEN: usize = 1 << 25;

/// The number of SAs that one file of keys may have: 262,144. Each takes about 1,300 octets of memory. Rows that are
/// [alternatives](AssociationRow::is_alternative) count here.
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
    /// The file is empty, or has only comments. A file of a known format that holds no SA is not an error: its
    /// [`count`](KeyFileSummary::count) is 0.
    #[error("the file holds no keys, only comments and empty lines")]
    Empty,
    /// The file has none of the formats that are read.
    #[error(
        "the file has none of the formats that are read, which are: the output of `ip xfrm state`; Wireshark's files \
         esp_sa and ikev1_decryption_table; secrets SPI@ADDRESS ALGORITHM:KEY, as tcpdump's option -E takes them, and \
         keys of AH in the same form; JSON with arrays ike and child; the log of strongSwan's charon with chd and ike \
         at level 4; the output of FortiOS' `diagnose vpn tunnel list` and `diagnose debug application ike -1`"
    )]
    Unknown,
    /// The file begins with a brace but is not valid JSON.
    #[error("the file begins with a brace, as JSON does, but is not valid JSON")]
    Json,
    /// A member of the JSON object has the wrong type, or `proto` or `alg` of a child is missing. The line is that
    /// of the wrong value or of the end of the child, or 0 when an element of `tshark_esp_sa` is not a row.
    #[error(
        "the JSON does not have the expected shape: an object with arrays `ike`, `child` or `tshark_esp_sa`, \
         whose members have the expected types; each element of `child` must have `proto`, a string, and `alg`, an object"
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
    /// The encryption key of an ISAKMP SA in a JSON file has a length that no cipher uses.
    #[error(
        "ike {number}: the encryption key has {octets} octets, but ciphers of IKEv1 take keys of 8, 16, 24 or 32"
    )]
    JsonEncryptionKey {
        /// The number of the ISAKMP SA, counted from 1.
        number: usize,
        /// The length of the key in octets.
        octets: usize,
    },
    /// An SA in a log is wrong.
    #[error(transparent)]
    Log(ChildError),
    /// A log names an SA whose keys it does not have.
    #[error("the log has no keys of this SA: they are logged before it, by charon at level 4 of chd and ike")]
    NoDump,
    /// A log has keys of IKEv2.
    #[error("keys of IKEv2 (SK_ei, SK_er) are not used, because only messages of IKEv1 are decrypted")]
    Ikev2,
    /// An SA is of another protocol than ESP and AH.
    #[error("the SA is of another protocol than ESP and AH, and only these two have keys")]
    Protocol,
    /// A child SA in a JSON file is of another protocol than ESP and AH.
    #[error("child {number}: the SA is of another protocol than ESP and AH, and only these two have keys")]
    ChildProtocol {
        /// The number of the child SA, counted from 1.
        number: usize,
    },
    /// A state in the output of `ip xfrm state` is wrong.
    #[error(transparent)]
    State(#[from] StateError),
}

impl KeyRows {
    /// Adds the rows in a file and returns how many SAs they are, and what was left out. The file may have any format
    /// that [`Keys::read`](crate::Keys::read) reads.
    ///
    /// An SA whose algorithm, key length or protocol is not known is left out with a warning, and all others are used.
    ///
    /// # Errors
    /// Returns [`KeyFileError`] when the file has none of these formats, when an entry is malformed, when there are SAs
    /// but every one would be left out, or when the file is longer than [`MAX_FILE_LEN`] or has more SAs than
    /// [`MAX_ROW_COUNT`]. In that case no key of the file is added. A file of a known format without any SA is not an
    /// error, so look at [`KeyFileSummary::count`] too.
    pub fn read(&mut self, octets: &[u8]) -> Result<KeyFileSummary, KeyFileError> {
        let whole = |reason| KeyFileError::new(0, reason);
        if octets.len() > MAX_FILE_LEN {
            return Err(whole(KeyFileReason::TooLong));
        }
        let text = core::str::from_utf8(octets).map_err(|_| whole(KeyFileReason::NotText))?;
        // Some editors put a byte order mark in front of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let first = first.ok_or_else(|| whole(KeyFileReason::Empty))?;
        let mut rows = Rows::default();
        if first.starts_with('{') {
            json::read(text, &mut rows)?;
        } else if first.starts_with("src ") {
            xfrm::states(text, &mut rows)?;
        } else if IsakmpKeys::is_row(first) || esp_sa::is_row(first) || secret::is_meant(first) {
            lines(text, &mut rows)?;
        } else if fortigate::is_output(text) {
            fortigate::output(text, &mut rows)?;
        } else if charon::is_log(text) {
            charon::log(text, &mut rows)?;
        } else {
            return Err(whole(KeyFileReason::Unknown));
        }
        rows.move_to(self)
    }

    /// Does the same as [`read`](Self::read) with the octets that a reader gives. It reads at most one octet more than
    /// [`MAX_FILE_LEN`].
    ///
    /// # Errors
    /// Returns [`ReadError::File`] when [`read`](Self::read) refuses the file, and [`ReadError::Io`] when the reader
    /// fails.
    pub fn read_from(&mut self, reader: impl Read) -> Result<KeyFileSummary, ReadError> {
        let octets = secret_octets::read(reader)?;
        Ok(self.read(&octets)?)
    }
}

/// Reads a file that has an SA on each line: rows of Wireshark's tables, and secrets, of which a line may hold several.
fn lines(text: &str, rows: &mut Rows) -> Result<(), KeyFileError> {
    for (line, text) in (1..).zip(text.lines().map(str::trim)) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if IsakmpKeys::is_row(text) {
            match text.parse::<IsakmpKeys>() {
                Ok(keys) => rows.push_isakmp(keys).map_err(|reason| KeyFileError::new(line, reason))?,
                Err(error @ IsakmpKeysError::KeyLength(_)) => rows.leave_out(KeyFileError::new(line, error)),
                Err(error) => return Err(KeyFileError::new(line, error)),
            }
            continue;
        }
        let is_row = esp_sa::is_row(text);
        for entry in text.split(',').take(if is_row { 0 } else { usize::MAX }) {
            rows.push_line(entry, line)?;
        }
        if is_row {
            rows.push_line(text, line)?;
        }
    }
    Ok(())
}

/// The rows of a file, held back until the whole file is known to be right.
#[derive(Default)]
pub(crate) struct Rows {
    associations: Vec<AssociationRow>,
    isakmp: Vec<IsakmpKeys>,
    pre_shared: Vec<PreSharedKey>,
    summary: KeyFileSummary,
    first_left_out: Option<KeyFileError>,
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

    pub(crate) fn push_pre_shared(&mut self, key: PreSharedKey) {
        self.pre_shared.push(key);
    }

    /// Adds the row or the secret in a line, unless it is to be left out.
    fn push_line(&mut self, text: &str, line: usize) -> Result<(), KeyFileError> {
        if let Some(hint) = KeyHint::of(text) {
            self.warn(KeyFileWarning::Hint { line, hint });
        }
        match sa_keys::row(text) {
            Ok(row) => self.push(row).map_err(|reason| KeyFileError::new(line, reason)),
            Err(error) if error.leaves_out() => {
                let name = sa_keys::algorithm_name(text, &error);
                self.leave_out(KeyFileError::new(line, error).of(name));
                Ok(())
            }
            Err(error) => Err(KeyFileError::new(line, error)),
        }
    }

    /// Leaves an SA or a key out for this reason, and warns.
    pub(crate) fn leave_out(&mut self, error: KeyFileError) {
        self.first_left_out = self.first_left_out.or(Some(error));
        self.warn(KeyFileWarning::LeftOut(error));
    }

    pub(crate) fn warn(&mut self, warning: KeyFileWarning) {
        self.summary.warn(warning);
    }

    const fn row_count(&self) -> usize {
        self.associations.len().saturating_add(self.isakmp.len())
    }

    const fn check_room(&self) -> Result<(), KeyFileReason> {
        if self.row_count() < MAX_ROW_COUNT { Ok(()) } else { Err(KeyFileReason::TooManyRows) }
    }

    /// Appends these rows to `rows` and returns how many SAs they are for. When everything was left out, the first reason is an
    /// error.
    fn move_to(mut self, rows: &mut KeyRows) -> Result<KeyFileSummary, KeyFileError> {
        let alternatives = self.associations.iter().filter(|row| row.is_alternative).count();
        let count = self.row_count().saturating_sub(alternatives);
        match self.first_left_out {
            Some(error) if count == 0 && self.pre_shared.is_empty() => return Err(error),
            _ => {}
        }
        rows.associations.append(&mut self.associations);
        rows.isakmp.append(&mut self.isakmp);
        for key in self.pre_shared {
            if !rows.pre_shared.contains(&key) {
                rows.pre_shared.push(key);
            }
        }
        Ok(KeyFileSummary { count, ..self.summary })
    }
}

#[cfg(test)]
mod tests;
