//! What Fortinet's gateways print of SAs and their keys: `diagnose vpn tunnel list`, and the log of
//! `diagnose debug application ike -1`.

use std::net::{IpAddr, SocketAddr};

use ipsec::Spi;
use ipsec::suite::{AesKey, Authentication, Encryption, IcvLen};
use zeroize::Zeroizing;

use crate::described::Described;
use crate::file::{MAX_LINE_LEN, Rows};
use crate::hexadecimal::{digits_of, grouped};
use crate::names::{fortios_authentication, fortios_encryption};
use crate::{AddressPattern, AlgorithmName, ChildError, IsakmpKeys, KeyFileError, KeyFileReason};

/// Whether the text has a line that states the keys of an SA.
pub(crate) fn is_output(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("dec: spi=") || line.starts_with("enc: spi=") || is_debug(line)
    })
}

/// Whether a line of the log of IKE has keys.
fn is_debug(line: &str) -> bool {
    let has_spi = line.contains(" IPsec SA dec spi ") || line.contains(" IPsec SA enc spi ");
    has_spi || line.contains(" ISAKMP SA ") && line.contains(" key ") || is_ikev2(line)
}

/// Whether a line of the log of IKE has keys of IKEv2.
fn is_ikev2(line: &str) -> bool {
    line.contains(" IKE SA ") && [" SK_ei ", " SK_er "].iter().any(|name| line.contains(name))
}

/// Reads the output. What is not known is left out, and so is what is cut.
pub(crate) fn output(text: &str, rows: &mut Rows) -> Result<(), KeyFileError> {
    let mut tunnel = Tunnel::default();
    let mut sa: Option<Sa> = None;
    // The transform that the log of IKE named last.
    let mut transform = None;
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| text.len() <= MAX_LINE_LEN) {
        if is_ikev2(text) {
            rows.leave_out(KeyFileError::new(line, KeyFileReason::Ikev2));
            continue;
        }
        if is_debug(text) {
            debug(line, text, transform, rows)?;
            continue;
        }
        if text.contains("trans_id") {
            transform = if text.contains("3DES") { Some("3des") } else { Some("aes") };
        }
        tunnel.take_in(text);
        for word in text.split_whitespace() {
            if let "dec:" | "enc:" = word {
                if let Some(whole) = sa.take() {
                    whole.finish(&tunnel, rows)?;
                }
                sa = Some(Sa::new(line, word == "dec:"));
            } else if let Some(sa) = &mut sa {
                sa.take_in(word);
            }
        }
        // A tunnel begins, so the SAs of the one before it end.
        if let Some(next) = Tunnel::begun_by(text) {
            if let Some(whole) = sa.take() {
                whole.finish(&tunnel, rows)?;
            }
            tunnel = next;
        }
    }
    sa.map_or(Ok(()), |whole| whole.finish(&tunnel, rows))
}

/// The addresses of a tunnel.
#[derive(Default)]
struct Tunnel {
    local: Option<IpAddr>,
    remote: Option<IpAddr>,
    is_encapsulated: bool,
}

impl Tunnel {
    /// Reads the line `name=TO_HQ ver=1 serial=1 192.0.2.1:0->198.51.100.2:0 ...`.
    fn begun_by(text: &str) -> Option<Self> {
        text.trim_start().strip_prefix("name=")?;
        let (local, remote) = text.split_whitespace().find_map(|word| word.split_once("->"))?;
        // IPv6 addresses stand without brackets.
        let address = |end: &str| {
            let of_socket = end.parse::<SocketAddr>().ok().map(|end| end.ip());
            of_socket.or_else(|| end.rsplit_once(':')?.0.parse().ok())
        };
        Some(Self { local: address(local), remote: address(remote), is_encapsulated: false })
    }

    /// Takes in `natt: mode=none draft=0 ...`.
    fn take_in(&mut self, text: &str) {
        if let Some(rest) = text.trim_start().strip_prefix("natt:") {
            let mode = rest.split_whitespace().find_map(|word| word.strip_prefix("mode="));
            self.is_encapsulated = mode.is_some_and(|mode| mode != "none");
        }
    }
}

/// One direction of a tunnel, as far as it has been read.
struct Sa {
    line: usize,
    is_inbound: bool,
    spi: Option<u32>,
    /// The names and keys of encryption and authentication.
    algorithms: [(String, Zeroizing<String>, usize); 2],
    /// The number of algorithms that were named.
    count: usize,
    /// Whether octets of the last named algorithm's key are still to come.
    is_in_key: bool,
}

impl Sa {
    fn new(line: usize, is_inbound: bool) -> Self {
        let none = || (String::new(), Zeroizing::default(), 0);
        Self { line, is_inbound, spi: None, algorithms: [none(), none()], count: 0, is_in_key: false }
    }

    fn take_in(&mut self, word: &str) {
        if let Some(digits) = word.strip_prefix("spi=") {
            self.spi = u32::from_str_radix(digits.strip_prefix("0x").unwrap_or(digits), 16).ok();
        } else if let Some(name) = word.strip_prefix("esp=") {
            self.named(0, name);
        } else if let Some(name) = word.strip_prefix("ah=") {
            self.named(1, name);
        } else if let Some(last) = self.count.checked_sub(1).and_then(|at| self.algorithms.get_mut(at)) {
            if let Some(len) = word.strip_prefix("key=") {
                // No key has more octets. The text has its whole length from the start, and is never moved.
                last.2 = len.parse().unwrap_or(0).min(128);
                last.1 = Zeroizing::new(String::with_capacity(last.2.saturating_mul(2)));
                self.is_in_key = last.2 > 0;
            } else if self.is_in_key {
                // A terminal may have divided a long key into lines.
                let digits = word.strip_prefix("0x").unwrap_or(word);
                let room = last.2.saturating_mul(2).saturating_sub(last.1.len());
                if digits.len() <= room && digits.bytes().all(|octet| octet.is_ascii_hexdigit()) {
                    last.1.push_str(digits);
                    self.is_in_key = digits.len() < room;
                } else {
                    self.is_in_key = false;
                }
            }
        }
    }

    fn named(&mut self, at: usize, name: &str) {
        if let Some(place) = self.algorithms.get_mut(at) {
            *place = (name.to_owned(), Zeroizing::default(), 0);
        }
        (self.count, self.is_in_key) = (at.saturating_add(1), false);
    }

    fn finish(self, tunnel: &Tunnel, rows: &mut Rows) -> Result<(), KeyFileError> {
        let [(encryption, key, len), (authentication, mac_key, mac_len)] = &self.algorithms;
        let whole = |digits: &str, len: usize| {
            let octets = grouped(digits).ok().filter(|octets| octets.len() == len);
            octets.ok_or(ChildError::Hexadecimal)
        };
        let described = || {
            let (key, mac_key) = (whole(key, *len)?, whole(mac_key, *mac_len)?);
            let known = fortios_encryption(encryption, *len);
            let encryption = known.ok_or(ChildError::Encryption { octets: *len })?;
            let authentication = match authentication.as_str() {
                "" | "null" => None,
                name => Some(fortios_authentication(name).ok_or(ChildError::Authentication)?),
            };
            Described::esp(encryption, key, authentication, mac_key)
        };
        let described = match described() {
            Ok(described) => described,
            Err(error) => {
                let name = match error {
                    ChildError::Encryption { .. } => AlgorithmName::of_program(encryption),
                    ChildError::Authentication => AlgorithmName::of_program(authentication),
                    _ => None,
                };
                rows.leave_out(KeyFileError::new(self.line, KeyFileReason::Log(error)).of(name));
                return Ok(());
            }
        };
        let Some(spi) = self.spi else {
            rows.leave_out(KeyFileError::new(self.line, KeyFileReason::Log(ChildError::Spi)));
            return Ok(());
        };
        let mut row = described.row(Spi(spi));
        let ends =
            if self.is_inbound { [tunnel.remote, tunnel.local] } else { [tunnel.local, tunnel.remote] };
        let [source, destination] = ends.map(|end| end.map_or(AddressPattern::ANY, AddressPattern::from));
        (row.source, row.destination, row.is_encapsulated) = (source, destination, tunnel.is_encapsulated);
        rows.push(row).map_err(|reason| KeyFileError::new(self.line, reason))
    }
}

/// The word after `name`.
fn after<'a>(words: &[&'a str], name: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| *word == name)?;
    words.get(at.checked_add(1)?).copied()
}

/// Reads a key as the log of IKE writes it: `16:0F1E...`, after its number of octets.
fn counted(text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, ChildError> {
    let Some(text) = text else { return Ok(Zeroizing::default()) };
    let (len, digits) = text.split_once(':').ok_or(ChildError::Hexadecimal)?;
    let octets = grouped(digits).ok().filter(|octets| len.parse() == Ok(octets.len()));
    octets.ok_or(ChildError::Hexadecimal)
}

/// Reads a line of the log of IKE. It names no algorithms, so the lengths of the keys tell them.
fn debug(line: usize, text: &str, transform: Option<&str>, rows: &mut Rows) -> Result<(), KeyFileError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let left_out = |error| KeyFileError::new(line, KeyFileReason::Log(error));
    let full = |reason| KeyFileError::new(line, reason);
    let key = match counted(after(&words, "key")) {
        Ok(key) => key,
        Err(error) => {
            rows.leave_out(left_out(error));
            return Ok(());
        }
    };
    if let Some(cookies) = text.split_once(" ISAKMP SA ").and_then(|(_, rest)| rest.split_once('/')) {
        let cookie = |digits: &str| digits.get(..16).and_then(digits_of::<8>);
        if !IsakmpKeys::is_key_len(key.len()) {
            rows.leave_out(full(crate::IsakmpKeysError::KeyLength(key.len()).into()));
            return Ok(());
        }
        let keys = IsakmpKeys {
            initiator_cookie: cookie(cookies.0),
            responder_cookie: cookie(cookies.1),
            encryption_key: Some(key),
            ..IsakmpKeys::default()
        };
        return rows.push_isakmp(keys).map_err(full);
    }
    let spi = after(&words, "spi").and_then(|spi| u32::from_str_radix(spi, 16).ok());
    let made = spi.ok_or(ChildError::Spi).and_then(|spi| {
        let mac_key = counted(after(&words, "auth"))?;
        let authentication = match mac_key.len() {
            0 => None,
            len => {
                let of_len = Authentication::ALL.into_iter().find(|other| other.key_len() == len);
                Some(of_len.ok_or(ChildError::Authentication)?)
            }
        };
        let mut made = Vec::new();
        for encryption in encryptions(key.len(), authentication.is_some(), transform) {
            let row = Described::esp(encryption, key.clone(), authentication, mac_key.clone())?.row(Spi(spi));
            made.push(row);
        }
        if made.is_empty() { Err(ChildError::Encryption { octets: key.len() }) } else { Ok(made) }
    });
    match made {
        Ok(made) => {
            let mut is_alternative = false;
            for mut row in made {
                row.is_alternative = is_alternative;
                is_alternative = true;
                rows.push(row).map_err(full)?;
            }
        }
        Err(error) => rows.leave_out(left_out(error)),
    }
    Ok(())
}

/// The encryption algorithms whose key has this length, the likeliest first.
fn encryptions(key_len: usize, is_separate: bool, transform: Option<&str>) -> Vec<Encryption> {
    let aes = |salt_len: usize| {
        let len = key_len.checked_sub(salt_len)?;
        AesKey::ALL.into_iter().find(|key| key.octets() == len)
    };
    let all = if is_separate {
        let named =
            if key_len == 24 && transform == Some("3des") { Some(Encryption::TripleDesCbc) } else { None };
        let of_len = match key_len {
            0 => Some(Encryption::Null),
            8 => Some(Encryption::DesCbc),
            _ => aes(0).map(Encryption::AesCbc),
        };
        let other = if key_len == 24 { Some(Encryption::TripleDesCbc) } else { None };
        [named, of_len, other.filter(|_| named.is_none())]
    } else {
        let chacha = if key_len == 36 { Some(Encryption::ChaCha20Poly1305) } else { None };
        [aes(4).map(|key| Encryption::AesGcm(key, IcvLen::Octets16)), chacha, None]
    };
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
