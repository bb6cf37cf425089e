//! The name of an algorithm as a file states it, for messages that say which algorithm is not supported.

use core::fmt;

/// The name of an algorithm or of a protocol that a file of keys states, copied so that a warning can show it.
///
/// A file that is shifted by a column may have a key in the place of a name. Therefore a text is not taken for a name
/// when it has more than [`AlgorithmName::MAX_LEN`] octets, has other characters than names have, or has a word of
/// hexadecimal digits as keys are made of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlgorithmName {
    octets: [u8; Self::MAX_LEN],
    len: u8,
}

/// Words that names of algorithms have in the tools whose files are read, in lower case and without the numbers behind
/// them.
const WORDS: &str = "aes ah any aria arc authenc blake blowfish camellia cbc ccm chacha cipher cmac comp crc cts ctr \
    deflate des digest dh dstopts ecb ede esp gcm gmac gost hao hmac iiv ipcomp ipip kasumi keyed \
    kuznyechik lzjh lzs md none null pcbc poly rc rfc rijndael rmd ripemd salsa serpent sha skipjack sm \
    streebog triple tripledes twofish xcbc";

impl AlgorithmName {
    /// The length in octets of the longest name that is shown.
    pub const MAX_LEN: usize = 54;

    /// Takes a name from a place where a program writes nothing but names.
    pub(crate) fn of_program(text: &str) -> Option<Self> {
        let is_hexadecimal = |word: &str| {
            let digits = word.strip_prefix("0x").unwrap_or(word);
            word.len() >= 6 && digits.bytes().all(|octet| octet.is_ascii_hexdigit())
        };
        let is_of_names = |octet: u8| octet.is_ascii_alphanumeric() || b" ()[],_-/&".contains(&octet);
        let mut words = text.split(|character: char| !character.is_ascii_alphanumeric());
        if text.is_empty() || !text.bytes().all(is_of_names) || words.any(is_hexadecimal) {
            return None;
        }
        let mut octets = [0; Self::MAX_LEN];
        let place = octets.get_mut(..text.len())?;
        place.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        Some(Self { octets, len: u8::try_from(text.len()).ok()? })
    }

    /// Takes a name from a place where a person writes. At least one of its words must be one that names have, because
    /// the text may be a password in the wrong place.
    pub(crate) fn of_person(text: &str) -> Option<Self> {
        let mut words = text.split(|character: char| !character.is_ascii_alphanumeric());
        let is_known = |word: &str| {
            let stem = word.trim_end_matches(|character: char| character.is_ascii_digit());
            let stem = stem.trim_start_matches(|character: char| character.is_ascii_digit());
            WORDS.split(' ').any(|known| stem.eq_ignore_ascii_case(known))
        };
        if words.any(is_known) { Self::of_program(text) } else { None }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // default: the octets are those of a text in ASCII, and the length is that of the text.
        self.octets
            .get(..usize::from(self.len))
            .and_then(|octets| core::str::from_utf8(octets).ok())
            .unwrap_or_default()
    }
}

impl fmt::Display for AlgorithmName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for AlgorithmName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AlgorithmName({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_keys_in_their_place_are_not() {
        for name in [
            "rfc7539esp(chacha20,poly1305)",
            "cbc(camellia)",
            "hmac(rmd160)",
            "des3_ede",
            "CAMELLIA_CBC",
            "HMAC_SHA2_256_96",
            "TWOFISH-CBC",
            "ANY 96 bit authentication [no checking]",
            "AES-GCM with IIV and 16 octet ICV [RFC4106 & RFC8750]",
            "blowfish-cbc",
        ] {
            assert_eq!(AlgorithmName::of_program(name).unwrap().to_string(), name);
        }
        for name in ["CAMELLIA_CBC", "HMAC_SHA2_256_96", "TWOFISH-CBC", "blowfish-cbc", "3des"] {
            assert_eq!(AlgorithmName::of_person(name).unwrap().as_str(), name);
        }
        let long = "a".repeat(AlgorithmName::MAX_LEN + 1);
        for key in
            ["", "0x000102030405060708090a0b0c0d0e0f", "5ec2e7", "hmac(5ec2e7)", "p\u{e4}ss", "p@ss", &long]
        {
            assert_eq!(AlgorithmName::of_program(key), None, "{key}");
        }
        for key in ["monkey", "letmein", "correct horse", "sixteen octets"] {
            assert_eq!(AlgorithmName::of_person(key), None, "{key}");
        }
    }
}
