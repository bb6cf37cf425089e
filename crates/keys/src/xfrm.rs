//! The output of `ip xfrm state`: the SAs of a Linux kernel.

use std::net::IpAddr;

use ipsec::ah::Integrity;
use ipsec::suite::IcvLen;
use ipsec::suite::Suite;
use ipsec::suite::{AesKey, Authentication, Encryption, SuiteError};
use ipsec::{Esn, KeyError, Secret, Spi};
use zeroize::Zeroizing;

use crate::file::MAX_LINE_LEN;
use crate::hexadecimal::hexadecimal;
use crate::sa_keys::Family;
use crate::{AddressPattern, Algorithms, AssociationKeys, AssociationRow, KeyFileReason};

/// Why a state in the output of `ip xfrm state` is not read. No part of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The line with the addresses, with which a state begins, is missing or wrong.
    #[error("a state must begin with a line `src ADDRESS dst ADDRESS`, but this line is another")]
    Ends,
    /// The line with the protocol and the SPI is missing or wrong.
    #[error("the state has no line `proto PROTOCOL spi SPI` with an SPI of 0x and hexadecimal digits")]
    Spi,
    /// An algorithm, its key or the length of its ICV is missing.
    #[error("the state lacks an algorithm, its key or the length of its ICV")]
    Incomplete,
    /// The kernel or `ip` was asked not to show the keys.
    #[error("the keys are hidden: run `ip xfrm state` as root and without `nokeys` to see them")]
    Hidden,
    /// A key is not hexadecimal.
    #[error("a key is not 0x and pairs of hexadecimal digits")]
    Hexadecimal,
    /// The encryption algorithm is unknown, or is not used with keys of this length.
    #[error("the encryption algorithm is not supported, or takes no key of {octets} octets")]
    Encryption {
        /// The length of the key in octets.
        octets: usize,
    },
    /// The authentication algorithm is unknown.
    #[error("the authentication algorithm is not supported")]
    Authentication,
    /// A combined mode has an ICV of a length that is not defined for it.
    #[error("the combined mode has an ICV of {bits} bits, but it must be 64, 96 or 128 bits")]
    IcvLength {
        /// The length of the ICV in bits.
        bits: usize,
    },
    /// A line is longer than any that `ip xfrm state` prints.
    #[error("the line has more than {MAX_LINE_LEN} octets, which is the most that is read of a state")]
    LineTooLong,
    /// The two algorithms cannot be combined.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// An algorithm does not accept its key.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

/// A state, as far as it has been read.
#[derive(Default)]
struct State {
    line: usize,
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    protocol: Option<u8>,
    spi: Option<Spi>,
    encryption: Option<(Encryption, Zeroizing<Vec<u8>>)>,
    authentication: Option<Mac>,
    is_encapsulated: bool,
    is_transport: bool,
    is_aligned_to_32_bits: bool,
    esn: Esn,
    sequence_high: u32,
}

/// An authentication algorithm with its key, and the length of its ICV in octets.
struct Mac {
    algorithm: Option<Authentication>,
    key: Zeroizing<Vec<u8>>,
    icv_len: usize,
}

/// Reads all states and passes the rows of ESP and AH to `keys`. An error holds the number of the line that is wrong.
pub(crate) fn states(
    text: &str,
    mut keys: impl FnMut(AssociationRow) -> Result<(), KeyFileReason>,
) -> Result<(), (usize, KeyFileReason)> {
    let mut state: Option<State> = None;
    for (line, text) in (1..).zip(text.lines()) {
        let at = |error: StateError| (line, error.into());
        if text.len() > MAX_LINE_LEN {
            return Err(at(StateError::LineTooLong));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if !text.starts_with(char::is_whitespace) && !words.is_empty() {
            if let Some(whole) = state.take() {
                finish(whole, &mut keys)?;
            }
            let ["src", source, "dst", destination, ..] = *words.as_slice() else {
                return Err(at(StateError::Ends));
            };
            let destination = destination.parse().map_err(|_| at(StateError::Ends))?;
            state = Some(State {
                line,
                source: source.parse().ok(),
                destination: Some(destination),
                ..State::default()
            });
            continue;
        }
        match &mut state {
            Some(state) => state.read(&words).map_err(at)?,
            None if words.is_empty() => {}
            None => return Err(at(StateError::Ends)),
        }
    }
    state.map_or(Ok(()), |whole| finish(whole, &mut keys))
}

fn finish(
    state: State,
    keys: &mut impl FnMut(AssociationRow) -> Result<(), KeyFileReason>,
) -> Result<(), (usize, KeyFileReason)> {
    let line = state.line;
    if let Some(made) = state.keys().map_err(|error| (line, error.into()))? {
        keys(made).map_err(|reason| (line, reason))?;
    }
    Ok(())
}

impl State {
    /// Reads a line below the first.
    fn read(&mut self, words: &[&str]) -> Result<(), StateError> {
        // The flag stands in a line with other flags.
        self.is_aligned_to_32_bits |= words.contains(&"align4");
        match *words {
            ["proto", protocol, "spi", spi, ref rest @ ..] => {
                self.is_transport =
                    rest.iter().zip(rest.iter().skip(1)).any(|pair| pair == (&"mode", &"transport"));
                // Other protocols have no packets with an ICV.
                self.protocol = Some(match protocol {
                    "esp" => ipsec::esp::PROTOCOL,
                    "ah" => ipsec::ah::PROTOCOL,
                    _ => 0,
                });
                // With `-statistics`, the SPI is repeated in brackets as a decimal number.
                let digits = spi.split('(').next().and_then(|spi| spi.strip_prefix("0x"));
                let spi = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                self.spi = Some(Spi(spi.ok_or(StateError::Spi)?));
            }
            ["enc", name, ref rest @ ..] => {
                let key = key(rest)?;
                let octets = key.len();
                let encryption = encryption_of(name, octets).ok_or(StateError::Encryption { octets })?;
                self.encryption = Some((encryption, key));
            }
            ["aead", name, ref rest @ ..] => {
                let bits = bits(rest).ok_or(StateError::Incomplete)?;
                let key = key(rest)?;
                let octets = key.len();
                let icv_len = match bits {
                    64 => IcvLen::Octets8,
                    96 => IcvLen::Octets12,
                    128 => IcvLen::Octets16,
                    bits => return Err(StateError::IcvLength { bits }),
                };
                let encryption =
                    combined_of(name, octets, icv_len).ok_or(StateError::Encryption { octets })?;
                self.encryption = Some((encryption, key));
            }
            [word @ ("auth" | "auth-trunc"), name, ref rest @ ..] => {
                let algorithm = authentication_of(name);
                if algorithm.is_none() && name != "digest_null" {
                    return Err(StateError::Authentication);
                }
                // Without a length in the output, the kernel's default applies.
                let bits = match word {
                    "auth" => match algorithm {
                        Some(Authentication::HmacSha384) => 192,
                        Some(Authentication::HmacSha512) => 256,
                        _ => 96,
                    },
                    _ => bits(rest).ok_or(StateError::Incomplete)?,
                };
                let icv_len = if algorithm.is_none() { 0 } else { bits / 8 };
                self.authentication = Some(Mac { algorithm, key: key(rest)?, icv_len });
            }
            ["encap", ..] => self.is_encapsulated = true,
            ["replay-window", ref rest @ ..] if rest.contains(&"esn") => self.esn = Esn::Yes,
            _ => {
                // The line is `seq-hi 0x0, seq 0x1, oseq-hi 0x0, oseq 0x0`. It has both directions, but an SA uses one
                // of them.
                let high = |name: &str| {
                    let at = words.iter().position(|word| *word == name)?;
                    let digits = words.get(at.checked_add(1)?)?.trim_end_matches(',').strip_prefix("0x")?;
                    u32::from_str_radix(digits, 16).ok()
                };
                if let Some(seen) = high("seq-hi").max(high("oseq-hi")) {
                    self.sequence_high = seen;
                }
            }
        }
        Ok(())
    }

    /// The row of an AH SA. `None` when the ICV is truncated to a length that no RFC defines for the algorithm.
    fn of_ah(&self, spi: Spi) -> Result<Option<AssociationRow>, StateError> {
        let mac = self.authentication.as_ref().ok_or(StateError::Incomplete)?;
        let algorithm = mac.algorithm.filter(|algorithm| algorithm.icv_len() == mac.icv_len);
        let Some(algorithm) = algorithm else { return Ok(None) };
        let mut algorithms = Algorithms::ah(Integrity::Mac(algorithm), Secret::new(&mac.key))?;
        if let (Algorithms::Ah(_, _, quirks), Some(IpAddr::V4(_))) =
            (&mut algorithms, known(self.destination))
        {
            quirks.pads_to_64_bits = !self.is_aligned_to_32_bits;
        }
        let made = AssociationKeys {
            esn: self.esn,
            sequence_high: self.sequence_high,
            ..AssociationKeys::new(spi, algorithms)
        };
        let made = match known(self.destination) {
            Some(address) => made.to(address),
            None => made,
        };
        Ok(Some(self.row(made, &[], &mac.key)))
    }

    /// The row of the state. `None` when it is neither of ESP nor of AH.
    fn keys(self) -> Result<Option<AssociationRow>, StateError> {
        let (protocol, spi) = self.protocol.zip(self.spi).ok_or(StateError::Spi)?;
        if protocol == ipsec::ah::PROTOCOL {
            return self.of_ah(spi);
        }
        if protocol != ipsec::esp::PROTOCOL {
            return Ok(None);
        }
        let (encryption, octets) = self.encryption.as_ref().ok_or(StateError::Incomplete)?;
        let (encryption, key) = (*encryption, Secret::new(octets));
        let suite_of = |mac: &Mac| mac.algorithm.filter(|algorithm| algorithm.icv_len() == mac.icv_len);
        let algorithms = match &self.authentication {
            Some(mac) if suite_of(mac).is_some() => {
                let suite = Suite::new(encryption, suite_of(mac))?;
                Algorithms::esp(suite, key, Secret::new(&mac.key))?
            }
            None if encryption.icv_len().is_some() => {
                Algorithms::esp(Suite::new(encryption, None)?, key, Secret::EMPTY)?
            }
            // No suite has an ICV that is truncated to another length.
            other => {
                let icv_len = other.as_ref().map_or(0, |mac| mac.icv_len);
                let made = Algorithms::esp_unverified(encryption, key, icv_len)?;
                made.ok_or(StateError::Authentication)?
            }
        };
        let made = AssociationKeys {
            esn: self.esn,
            sequence_high: self.sequence_high,
            ..AssociationKeys::new(spi, algorithms)
        };
        // Behind a NAT, packets have another destination address.
        let destination = known(self.destination).filter(|_| !self.is_encapsulated);
        let made = match destination {
            Some(address) => AssociationKeys { destination: AddressPattern::from(address), ..made },
            None => made,
        };
        let mac_key = match (&made.algorithms, &self.authentication) {
            (Algorithms::Esp(..), Some(mac)) => mac.key.as_slice(),
            _ => &[],
        };
        Ok(Some(self.row(made, octets, mac_key)))
    }

    /// Makes the row with the addresses of the state. The keys accept any sender, because a receiver does not look an
    /// SA up by its sender.
    fn row(&self, keys: AssociationKeys, encryption_key: &[u8], authentication_key: &[u8]) -> AssociationRow {
        let pattern = |end: Option<IpAddr>| match (known(end), end) {
            (Some(address), _) => AddressPattern::from(address),
            (None, Some(IpAddr::V4(_))) => AddressPattern::any_of(Family::V4),
            (None, Some(IpAddr::V6(_))) => AddressPattern::any_of(Family::V6),
            (None, None) => AddressPattern::ANY,
        };
        AssociationRow {
            source: pattern(self.source),
            destination: pattern(self.destination),
            is_encapsulated: self.is_encapsulated,
            is_transport: self.is_transport,
            ..AssociationRow::new(keys, Secret::new(encryption_key), Secret::new(authentication_key))
        }
    }
}

/// Returns the address unless it is the unspecified one, which stands for any address of its family.
fn known(end: Option<IpAddr>) -> Option<IpAddr> {
    end.filter(|end| !end.is_unspecified())
}

/// Reads the key after an algorithm's name. It is empty when nothing follows the name.
fn key(words: &[&str]) -> Result<Zeroizing<Vec<u8>>, StateError> {
    match words.first() {
        None => Ok(Zeroizing::default()),
        Some(word) if word.starts_with("<<") => Err(StateError::Hidden),
        Some(word) => {
            let digits = word.strip_prefix("0x").ok_or(StateError::Hexadecimal)?;
            hexadecimal(digits).map_err(|_| StateError::Hexadecimal)
        }
    }
}

/// Reads the length of the ICV in bits: the last number of the line. Statistics put the key's length before it, in
/// brackets.
fn bits(words: &[&str]) -> Option<usize> {
    words.last().and_then(|word| word.parse().ok())
}

fn encryption_of(name: &str, key_len: usize) -> Option<Encryption> {
    let aes = |len| AesKey::ALL.into_iter().find(|key| key.octets() == len);
    match name {
        "cipher_null" | "ecb(cipher_null)" => Some(Encryption::Null),
        "des" | "cbc(des)" => Some(Encryption::DesCbc),
        "des3_ede" | "cbc(des3_ede)" => Some(Encryption::TripleDesCbc),
        "aes" | "cbc(aes)" => aes(key_len).map(Encryption::AesCbc),
        "rfc3686(ctr(aes))" => aes(key_len.checked_sub(4)?).map(Encryption::AesCtr),
        _ => None,
    }
}

fn combined_of(name: &str, key_len: usize, icv_len: IcvLen) -> Option<Encryption> {
    let aes = |salt_len| {
        let len = key_len.checked_sub(salt_len)?;
        AesKey::ALL.into_iter().find(|key| key.octets() == len)
    };
    match name {
        "rfc4106(gcm(aes))" => aes(4).map(|key| Encryption::AesGcm(key, icv_len)),
        "rfc4309(ccm(aes))" => aes(3).map(|key| Encryption::AesCcm(key, icv_len)),
        "rfc4543(gcm(aes))" if icv_len == IcvLen::Octets16 => aes(4).map(Encryption::AesGmac),
        _ => None,
    }
}

fn authentication_of(name: &str) -> Option<Authentication> {
    match name {
        "md5" | "hmac(md5)" => Some(Authentication::HmacMd5),
        "sha1" | "hmac(sha1)" => Some(Authentication::HmacSha1),
        "sha256" | "hmac(sha256)" => Some(Authentication::HmacSha256),
        "sha384" | "hmac(sha384)" => Some(Authentication::HmacSha384),
        "sha512" | "hmac(sha512)" => Some(Authentication::HmacSha512),
        "xcbc(aes)" => Some(Authentication::AesXcbc),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// iproute2's output. The kernel prints all six lines for most states.
    const STATES: &str = "\
src 10.99.0.1 dst 10.99.0.2
\tproto esp spi 0xc5b1ad6d reqid 1 mode tunnel
\treplay-window 0 flag af-unspec
\tauth-trunc hmac(sha256) 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 128
\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f
\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0
\tanti-replay context: seq 0x0, oseq 0x5, bitmap 0x00000000
src 2001:db8::2 dst 2001:db8::1
\tproto esp spi 0x00000100(256) reqid 1(0x00000001) mode transport
\treplay-window 32 seq 0x00000000 flag esn (0x10000000)
\taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 (160 bits) 128
\tanti-replay esn context:
\t seq-hi 0x3, seq 0x10, oseq-hi 0x0, oseq 0x0
\t replay_window 32, bitmap-length 1
\tsel src 0.0.0.0/0 dst 0.0.0.0/0
src 10.0.0.1 dst 10.0.0.2
\tproto ah spi 0x00000101 reqid 0 mode transport
\treplay-window 0
\tauth-trunc hmac(sha1) 0x000102030405060708090a0b0c0d0e0f10111213 96
src 10.0.0.1 dst 10.0.0.2
\tproto esp spi 0x00000102 reqid 0 mode transport
\tauth hmac(sha256) 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
\tenc ecb(cipher_null)
";

    fn read(text: &str) -> Result<Vec<AssociationKeys>, (usize, StateError)> {
        let mut list = Vec::new();
        let result = states(text, |row| {
            list.push(row.keys);
            Ok(())
        });
        result.map(|()| list).map_err(|(line, reason)| match reason {
            KeyFileReason::State(error) => (line, error),
            other => panic!("{other}"),
        })
    }

    #[test]
    fn states_of_esp_are_read() {
        let list = read(STATES).unwrap();
        let shown: Vec<_> = list.iter().map(|keys| format!("{:?}", keys.algorithms)).collect();
        assert_eq!(
            shown,
            [
                "Esp(AES-CBC-128 HMAC-SHA-256-128)",
                "Esp(AES-GCM-16-128)",
                "Ah(HMAC-SHA-1-96)",
                "Unverified(NULL, 12 octets of ICV)"
            ]
        );
        let Algorithms::Ah(_, _, quirks) = &list[2].algorithms else { panic!("no AH") };
        assert!(quirks.pads_to_64_bits, "no flag align4");
        assert_eq!(list[0].spi.single(), Some(Spi(0xc5b1_ad6d)));
        assert!(list[0].destination.holds("192.0.2.1".parse().ok()), "a NAT may change the address");
        assert!(!list[1].destination.holds("2001:db8::2".parse().ok()));
        assert_eq!((list[1].esn, list[1].sequence_high), (Esn::Yes, 3));
    }

    #[test]
    fn errors_name_the_line_and_repeat_no_key() {
        let with = |from: &str, to: &str| read(&STATES.replace(from, to)).unwrap_err();
        assert_eq!(with("src 10.99.0.1", "from 10.99.0.1"), (1, StateError::Ends));
        assert_eq!(with("dst 2001:db8::1", "dst 5ec2e7"), (8, StateError::Ends));
        assert_eq!(with("spi 0xc5b1ad6d", "spi 5ec2e7"), (2, StateError::Spi));
        assert_eq!(with("\tproto esp spi 0x00000102 reqid 0 mode transport\n", ""), (20, StateError::Spi));
        assert_eq!(with("cbc(aes) 0x00", "cbc(aes) 0x5ec2e700"), (5, StateError::Encryption { octets: 19 }));
        assert_eq!(with("cbc(aes) 0x00", "cbc(5ec2e7) 0x00"), (5, StateError::Encryption { octets: 16 }));
        assert_eq!(with("cbc(aes) 0x00", "cbc(aes) 0x5ec2e"), (5, StateError::Hexadecimal));
        assert_eq!(with("cbc(aes) 0x00", "cbc(aes) <<Keys hidden>> 0x00"), (5, StateError::Hidden));
        assert_eq!(with("hmac(sha256)", "hmac(5ec2e7)"), (4, StateError::Authentication));
        assert_eq!(with("(160 bits) 128", "(160 bits) 112"), (11, StateError::IcvLength { bits: 112 }));
        assert_eq!(with("1e1f 128", "1e1f"), (4, StateError::Incomplete));
        assert!(matches!(with("1e1f 128", "1e1f5ec2e7 128"), (1, StateError::Keys(_))));
        let error = with("1e1f 128", "1e1f5ec2e7 128").1;
        assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
    }
}
