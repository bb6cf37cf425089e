//! Keys on the command line and in files that an option names: how they are read, and what is warned of.

use std::ffi::OsStr;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::str::FromStr;

use clap::builder::TypedValueParser;
use clap::error::{Error, ErrorKind};
use clap::{Arg, Command};
use keys::{KeyFileSummary, KeyHint};

use crate::secret_file::Lines;
use crate::{Status, complain, complain_of, secret_file};

/// The number of keys that a file of --hsrp-key-file or --psk-file may have.
const MAX_KEY_COUNT: usize = 1 << 16;

/// Reads a file that has one key on each line. Empty lines are skipped. There are no comments, because a key may begin
/// with any character.
pub(crate) fn key_lines<K: FromStr<Err: fmt::Display>>(path: &Path) -> Result<Vec<K>, Status> {
    let refused = |error: &dyn fmt::Display| {
        complain_of(path, error);
        Status::Refused
    };
    let mut lines = Lines::new(secret_file::open(path).map_err(|error| refused(&error))?);
    let mut keys = Vec::new();
    loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) if keys.is_empty() => {
                return Err(refused(&"the file holds no key, but it must have one key on each line"));
            }
            Ok(None) => return Ok(keys),
            Err(error) => return Err(refused(&error)),
        };
        if line.is_empty() {
            continue;
        }
        if keys.len() == MAX_KEY_COUNT {
            return Err(refused(&format_args!(
                "the file has more than {MAX_KEY_COUNT} keys, which is the most that is read: divide it into several files"
            )));
        }
        let key = match std::str::from_utf8(line) {
            Ok(text) => text.parse::<K>().map_err(|error| error.to_string()),
            Err(_) => Err(NOT_UTF_8.to_owned()),
        };
        let key = key.map_err(|error| format!("line {}: {error}", lines.number()));
        keys.push(key.map_err(|error| refused(&error))?);
    }
}

const NOT_UTF_8: &str = "the key is not UTF-8: write it in hexadecimal, with 0x before the digits";

/// Warns about keys of a file that are not used, or that are probably not meant as they are written.
pub(crate) fn warn_of_keys(path: &Path, summary: &KeyFileSummary) {
    for warning in &summary.warnings {
        complain_of(path, warning);
    }
    if summary.unlisted_count > 0 {
        complain_of(path, &format_args!("there are {} more warnings", summary.unlisted_count));
    }
}

/// Reads a key. A key that is not valid is not repeated in the error, as it would be by clap's own parsers.
#[derive(Clone, Debug)]
pub(crate) struct KeyParser<K> {
    hints: bool,
    kind: PhantomData<fn() -> K>,
}

impl<K> KeyParser<K> {
    pub(crate) const fn new() -> Self {
        Self { hints: false, kind: PhantomData }
    }

    /// Warns of a key of an SA that is likely not meant as it is written.
    pub(crate) const fn with_hints() -> Self {
        Self { hints: true, kind: PhantomData }
    }
}

impl<K> TypedValueParser for KeyParser<K>
where
    K: FromStr<Err: fmt::Display> + Clone + Send + Sync + 'static,
{
    type Value = K;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, key: &OsStr) -> Result<K, Error> {
        let refuse = |reason: &dyn fmt::Display| {
            let option = argument.map(ToString::to_string).unwrap_or_default();
            Error::raw(
                ErrorKind::ValueValidation,
                format!("invalid value for '{option}': {reason}\n\nFor more information, try '--help'.\n"),
            )
            .with_cmd(command)
        };
        let key = key.to_str().ok_or_else(|| refuse(&NOT_UTF_8))?;
        if let Some(hint) = KeyHint::of(key).filter(|_| self.hints) {
            complain(format_args!("{}: {hint}", argument.map(ToString::to_string).unwrap_or_default()));
        }
        key.parse().map_err(|error| refuse(&error))
    }
}
