//! What was read of a file of keys, and what was left out.

use core::fmt;

use crate::{AlgorithmName, KeyFileError, KeyFileReason, KeyHint};

/// The number of warnings that are listed of one file. Further ones are counted.
pub const MAX_WARNING_COUNT: usize = 64;

/// What was read of a file of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFileSummary {
    /// The number of SAs that were added, ISAKMP SAs included. Rows that are
    /// [alternatives](crate::AssociationRow::is_alternative) are other keys for an SA that is counted already, so there may be
    /// more rows than this. Pre-shared keys are not counted.
    ///
    /// It may be 0 without an error: `{}` is a file of keys in JSON that holds none, and a log may have keys without the SA
    /// that they are for.
    pub count: usize,
    /// What was left out, or is likely not meant as it is written: the first [`MAX_WARNING_COUNT`] warnings, in the
    /// order of the file.
    pub warnings: Vec<KeyFileWarning>,
    /// The number of warnings beyond those.
    pub unlisted_count: usize,
}

impl KeyFileSummary {
    pub(crate) fn warn(&mut self, warning: KeyFileWarning) {
        if self.warnings.len() < MAX_WARNING_COUNT {
            self.warnings.push(warning);
        } else {
            self.unlisted_count = self.unlisted_count.saturating_add(1);
        }
    }
}

/// Something in a file of keys that its reader should know, although the rest of the file is used. No key is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileWarning {
    /// An SA is left out, because its algorithm, the length of its key or its protocol is not known. That includes an
    /// authentication algorithm whose name is not known.
    LeftOut(KeyFileError),
    /// The packets of an SA are decrypted but cannot be verified, because its authentication algorithm is not known
    /// with an ICV of this length. It is told of SAs of ESP in the output of `ip xfrm state`, where the name of the
    /// algorithm is known. An SA of AH is left out instead, because AH does nothing but verify.
    ///
    /// Formats that say by themselves that packets are not verified give no warning: tcpdump's secrets, and Wireshark's
    /// `NULL`, `ANY … bit authentication [no checking]` and `MAC-RIPEMD-160-96 [RFC2857]`.
    Unverified {
        /// The line, counted from 1.
        line: usize,
        /// The name of the algorithm in the file, if it can be shown.
        algorithm: Option<AlgorithmName>,
        /// The length of the ICV in octets.
        icv_len: usize,
    },
    /// A key is likely not meant as it is written.
    Hint {
        /// The line, counted from 1. It is 0 when the file has no lines of its own for the SA.
        line: usize,
        /// What is likely meant.
        hint: KeyHint,
    },
}

impl fmt::Display for KeyFileWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftOut(error) => {
                let part = match error.reason {
                    KeyFileReason::JsonEncryptionKey { .. } => "the key",
                    _ => "the SA",
                };
                write!(formatter, "{error}; {part} is left out")
            }
            Self::Hint { line: 0, hint } => hint.fmt(formatter),
            Self::Hint { line, hint } => write!(formatter, "line {line}: {hint}"),
            Self::Unverified { line, algorithm, icv_len } => {
                write!(formatter, "line {line}: ")?;
                match algorithm {
                    Some(name) => write!(formatter, "{name}")?,
                    None => formatter.write_str("the authentication algorithm")?,
                }
                write!(
                    formatter,
                    " is not known with an ICV of {} bits; the packets of the SA are decrypted and not verified",
                    icv_len.saturating_mul(8)
                )
            }
        }
    }
}
