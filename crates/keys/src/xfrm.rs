//! The output of `ip xfrm state`: the SAs of a Linux kernel.

use std::net::IpAddr;

use ipsec::ah::Integrity;
use ipsec::suite::IcvLen;
use ipsec::suite::Suite;
use ipsec::suite::{Authentication, Encryption, SuiteError};
use ipsec::{Esn, KeyError, Secret, Spi};
use zeroize::Zeroizing;

use crate::file::{MAX_LINE_LEN, Rows};
use crate::hexadecimal::grouped;
use crate::names::{linux_authentication, linux_combined, linux_encryption};
use crate::sa_keys::{Family, high_half};
use crate::{
    AddressPattern, AlgorithmName, Algorithms, AssociationKeys, AssociationRow, KeyFileError, KeyFileReason,
    KeyFileWarning,
};

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
    /// The authentication algorithm is not known with an ICV of this length: in AH, or when the length is not whole
    /// octets. An SA of ESP whose ICV is whole octets is used with [`KeyFileWarning::Unverified`] instead.
    #[error("the authentication algorithm is not known with an ICV of {bits} bits")]
    Truncation {
        /// The length of the ICV in bits.
        bits: usize,
    },
    /// A line is longer than any that `ip xfrm state` prints.
    #[error("the line has more than {MAX_LINE_LEN} octets, which is the most that is read of a state")]
    LineTooLong,
    /// The two algorithms cannot be combined.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// An algorithm does not accept its key. The error is an `ipsec::KeyError`.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl StateError {
    /// Whether the state is well formed, but its algorithms or the lengths of their keys are not known, or it has no
    /// keys.
    const fn leaves_out(&self) -> bool {
        !matches!(self, Self::Ends | Self::Spi | Self::Hexadecimal | Self::LineTooLong)
    }
}

/// A state, as far as it has been read.
#[derive(Default)]
struct State {
    line: usize,
    /// The first algorithm that is not known.
    fault: Option<KeyFileError>,
    /// The line of another protocol than ESP and AH, with its name.
    other: Option<(usize, Option<AlgorithmName>)>,
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
    line: usize,
    name: Option<AlgorithmName>,
}

/// Reads all states. Those with an algorithm that is not known, and those of other protocols than ESP and AH, are left
/// out.
pub(crate) fn states(text: &str, rows: &mut Rows) -> Result<(), KeyFileError> {
    let mut state: Option<State> = None;
    for (line, text) in (1..).zip(text.lines()) {
        let at = |error: StateError| KeyFileError::new(line, error);
        if text.len() > MAX_LINE_LEN {
            return Err(at(StateError::LineTooLong));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if !text.starts_with(char::is_whitespace) && !words.is_empty() {
            if let Some(whole) = state.take() {
                finish(whole, rows)?;
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
            Some(state) => state.take_in(line, &words)?,
            None if words.is_empty() => {}
            None => return Err(at(StateError::Ends)),
        }
    }
    state.map_or(Ok(()), |whole| finish(whole, rows))
}

fn finish(state: State, rows: &mut Rows) -> Result<(), KeyFileError> {
    if let Some((line, name)) = state.other {
        rows.leave_out(KeyFileError::new(line, KeyFileReason::Protocol).of(name));
        return Ok(());
    }
    if let Some(fault) = state.fault {
        rows.leave_out(fault);
        return Ok(());
    }
    let line = state.line;
    match state.row() {
        Ok(row) => {
            if let (Algorithms::EspUnverified(unverified), Some(mac)) =
                (&row.keys.algorithms, &state.authentication)
                && mac.algorithm.is_some()
            {
                let icv_len = unverified.icv_len();
                rows.warn(KeyFileWarning::Unverified { line: mac.line, algorithm: mac.name, icv_len });
            }
            rows.push(row).map_err(|reason| KeyFileError::new(line, reason))
        }
        Err(error) if error.leaves_out() => {
            let name = state.authentication.as_ref().and_then(|mac| mac.name);
            let name = name.filter(|_| matches!(error, StateError::Truncation { .. }));
            rows.leave_out(KeyFileError::new(line, error).of(name));
            Ok(())
        }
        Err(error) => Err(KeyFileError::new(line, error)),
    }
}

impl State {
    /// Takes in a line below the first. An algorithm that is not known is remembered.
    fn take_in(&mut self, line: usize, words: &[&str]) -> Result<(), KeyFileError> {
        let Err(error) = self.read(line, words) else { return Ok(()) };
        let found = KeyFileError::new(line, error);
        if !error.leaves_out() {
            return Err(found);
        }
        let name = words.get(1).filter(|_| !matches!(error, StateError::Hidden | StateError::Incomplete));
        let name = name.and_then(|name| AlgorithmName::of_program(name));
        self.fault = self.fault.or(Some(found.of(name)));
        Ok(())
    }

    fn read(&mut self, line: usize, words: &[&str]) -> Result<(), StateError> {
        // The flag stands in a line with other flags.
        self.is_aligned_to_32_bits |= words.contains(&"align4");
        match *words {
            ["proto", protocol, "spi", spi, ref rest @ ..] => {
                self.is_transport =
                    rest.iter().zip(rest.iter().skip(1)).any(|pair| pair == (&"mode", &"transport"));
                match protocol {
                    "esp" | "50" => self.protocol = Some(ipsec::esp::PROTOCOL),
                    "ah" | "51" => self.protocol = Some(ipsec::ah::PROTOCOL),
                    // Compression has algorithms and no keys; the rest (4, route2, hao) has neither.
                    _ => self.other = Some((line, AlgorithmName::of_program(protocol))),
                }
                // With `-statistics`, the SPI is repeated in brackets as a decimal number.
                let digits = spi.split('(').next().and_then(|spi| spi.strip_prefix("0x"));
                let spi = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                self.spi = Some(Spi(spi.ok_or(StateError::Spi)?));
            }
            ["enc", name, ref rest @ ..] => {
                let key = key(rest)?;
                let octets = key.len();
                let encryption = linux_encryption(name, octets).ok_or(StateError::Encryption { octets })?;
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
                    linux_combined(name, octets, icv_len).ok_or(StateError::Encryption { octets })?;
                self.encryption = Some((encryption, key));
            }
            [word @ ("auth" | "auth-trunc"), name, ref rest @ ..] => {
                let algorithm = linux_authentication(name);
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
                // An ICV is whole octets. Rounding would make an SA that no file describes.
                if algorithm.is_some() && !bits.is_multiple_of(8) {
                    return Err(StateError::Truncation { bits });
                }
                let icv_len = if algorithm.is_none() { 0 } else { bits / 8 };
                let (key, name) = (key(rest)?, AlgorithmName::of_program(name));
                self.authentication = Some(Mac { algorithm, key, icv_len, line, name });
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

    /// The row of an AH SA.
    fn of_ah(&self, spi: Spi) -> Result<AssociationRow, StateError> {
        let mac = self.authentication.as_ref().ok_or(StateError::Incomplete)?;
        let algorithm = mac.algorithm.ok_or(StateError::Incomplete)?;
        let error = StateError::Truncation { bits: mac.icv_len.saturating_mul(8) };
        let algorithm = algorithm.truncated(mac.icv_len).ok_or(error)?;
        let mut algorithms = Algorithms::ah(Integrity::Mac(algorithm), Secret::new(&mac.key))?;
        if let (Algorithms::Ah(_, _, quirks), Some(IpAddr::V4(_))) =
            (&mut algorithms, known(self.destination))
        {
            quirks.pads_to_64_bits = !self.is_aligned_to_32_bits;
        }
        let made = AssociationKeys {
            esn: self.esn,
            sequence_high: high_half(self.esn, self.sequence_high),
            ..AssociationKeys::new(spi, algorithms)
        };
        let made = match known(self.destination) {
            Some(address) => made.to(address),
            None => made,
        };
        Ok(self.with_ends(made, &[], &mac.key))
    }

    /// The row of the state.
    fn row(&self) -> Result<AssociationRow, StateError> {
        let (protocol, spi) = self.protocol.zip(self.spi).ok_or(StateError::Spi)?;
        if protocol == ipsec::ah::PROTOCOL {
            return self.of_ah(spi);
        }
        let (encryption, octets) = self.encryption.as_ref().ok_or(StateError::Incomplete)?;
        let (encryption, key) = (*encryption, Secret::new(octets));
        let suite_of = |mac: &Mac| mac.algorithm.and_then(|algorithm| algorithm.truncated(mac.icv_len));
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
            sequence_high: high_half(self.esn, self.sequence_high),
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
        Ok(self.with_ends(made, octets, mac_key))
    }

    /// Makes the row with the addresses of the state. The keys accept any sender, because a receiver does not look an
    /// SA up by its sender.
    fn with_ends(
        &self,
        keys: AssociationKeys,
        encryption_key: &[u8],
        authentication_key: &[u8],
    ) -> AssociationRow {
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
        // An empty key: what follows is its length or that of the ICV.
        Some(word) if word.starts_with('(') || word.bytes().all(|octet| octet.is_ascii_digit()) => {
            Ok(Zeroizing::default())
        }
        Some(word) if word.starts_with("<<") => Err(StateError::Hidden),
        Some(first) if first.starts_with("0x") => {
            // A key that was copied in groups has each of them marked; what else follows is a length.
            let groups = words.iter().take_while(|word| word.starts_with("0x"));
            let room = groups.clone().map(|group| group.len()).fold(0, usize::saturating_add);
            let mut text = Zeroizing::new(String::with_capacity(room));
            groups.for_each(|group| text.push_str(group.strip_prefix("0x").unwrap_or(group)));
            grouped(&text).map_err(|_| StateError::Hexadecimal)
        }
        Some(_) => Err(StateError::Hexadecimal),
    }
}

/// Reads the length of the ICV in bits: the last number of the line. Statistics put the key's length before it, in
/// brackets.
fn bits(words: &[&str]) -> Option<usize> {
    words.last().and_then(|word| word.parse().ok())
}

#[cfg(test)]
mod tests;
