//! The log of strongSwan's daemon charon, which has the keys of SAs when it logs `chd` and `ike` at level 4.
//!
//! The keys of an SA are dumped before the lines that name its algorithms, its SPI and its addresses. Lines of several
//! threads are mixed, so each thread is followed by itself.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipsec::Spi;
use zeroize::Zeroizing;

use crate::described::Described;
use crate::file::{MAX_LINE_LEN, Rows};
use crate::names::{strongswan_authentication, strongswan_encryption};
use crate::{AddressPattern, AlgorithmName, ChildError, IsakmpKeys, KeyFileError, KeyFileReason};

/// The number of threads that are followed at once, which is far more than charon has.
const MAX_THREAD_COUNT: usize = 256;

/// The length in octets of the longest dump that is a key. Packets are dumped too.
const MAX_KEY_LEN: usize = 1024;

/// Whether the text has a line that dumps a key.
pub(crate) fn is_log(text: &str) -> bool {
    text.lines().any(|line| dump_of(parts(line).1).is_some_and(|(label, _)| Part::of(label).is_some()))
}

/// Reads a log. What is not known is left out, and so is what is cut: a log may begin and end anywhere.
pub(crate) fn log(text: &str, rows: &mut Rows) -> Result<(), KeyFileError> {
    let mut threads: BTreeMap<u32, Thread> = BTreeMap::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| text.len() <= MAX_LINE_LEN) {
        let (thread, message) = parts(text);
        if threads.len() >= MAX_THREAD_COUNT && !threads.contains_key(&thread) {
            for (_, ended) in core::mem::take(&mut threads) {
                ended.finish(rows)?;
            }
        }
        threads.entry(thread).or_default().take_in(line, message, rows)?;
    }
    threads.into_values().try_for_each(|thread| thread.finish(rows))
}

/// Splits a line into the number of its thread and its message: `12[CHD] <net|3> adding inbound ESP SA`. Without them,
/// the line is a message of thread 0.
fn parts(line: &str) -> (u32, &str) {
    let tagged = line.match_indices('[').find_map(|(at, _)| {
        let (before, after) = line.split_at_checked(at)?;
        // A tag has three letters. No more is looked at, because a line may have any number of brackets.
        let (tag, message) = after.strip_prefix('[')?.split_at_checked(3)?;
        let message = message.strip_prefix(']')?;
        let is_tag = tag.bytes().all(|octet| octet.is_ascii_uppercase());
        let digits = before.rsplit(|character: char| !character.is_ascii_digit()).next()?;
        is_tag.then_some((digits.parse().ok()?, message.strip_prefix(' ').unwrap_or(message)))
    });
    let (thread, message) = tagged.unwrap_or((0, line));
    // The name of the connection and the number of its IKE SA stand in front, if they are logged.
    match message.strip_prefix('<').and_then(|rest| rest.split_once("> ")) {
        Some((_, message)) => (thread, message),
        None => (thread, message),
    }
}

/// The label and length of a dump that begins: `encryption initiator key => 16 bytes @ 0x7f5c3c002a40`.
fn dump_of(message: &str) -> Option<(&str, usize)> {
    let (label, rest) = message.trim_start().split_once(" => ")?;
    let (len, _) = rest.split_once(" bytes @ ")?;
    Some((label, len.parse().ok()?))
}

/// A secret that is dumped.
#[derive(Clone, Copy)]
enum Part {
    EncryptionInitiator,
    EncryptionResponder,
    IntegrityInitiator,
    IntegrityResponder,
    Skeyid,
    SkeyidD,
    SkeyidA,
    SkeyidE,
    Ka,
    /// A key of an SA of IKEv2.
    Ikev2,
}

impl Part {
    fn of(label: &str) -> Option<Self> {
        Some(match label {
            "encryption initiator key" => Self::EncryptionInitiator,
            "encryption responder key" => Self::EncryptionResponder,
            "integrity initiator key" => Self::IntegrityInitiator,
            "integrity responder key" => Self::IntegrityResponder,
            "SKEYID" => Self::Skeyid,
            "SKEYID_d" => Self::SkeyidD,
            "SKEYID_a" => Self::SkeyidA,
            "SKEYID_e" => Self::SkeyidE,
            "encryption key Ka" => Self::Ka,
            "Sk_ei secret" | "Sk_er secret" => Self::Ikev2,
            _ => return None,
        })
    }
}

/// A dump that is being read.
struct Dump {
    part: Part,
    octets: Zeroizing<Vec<u8>>,
    len: usize,
}

impl Dump {
    /// Takes in a line of the dump, `   0: 8C 0B 8F 5C ...`. `None` when the line is another.
    fn take_in(&mut self, message: &str) -> Option<()> {
        let (offset, rest) = message.trim_start().split_once(": ")?;
        if offset.parse() != Ok(self.octets.len()) {
            return None;
        }
        // A line has 16 octets. The text behind them may look like digits, so their number decides.
        let count = self.len.saturating_sub(self.octets.len()).min(16);
        let mut seen = 0_usize;
        for pair in rest.split(' ').take(count) {
            let [octet] = crate::hexadecimal::digits_of::<1>(pair)?;
            self.octets.push(octet);
            seen = seen.saturating_add(1);
        }
        (seen == count).then_some(())
    }
}

/// What one thread has logged of the SA that it makes.
#[derive(Default)]
struct Thread {
    dump: Option<Dump>,
    isakmp: IsakmpKeys,
    cookies: (Option<[u8; 8]>, Option<[u8; 8]>),
    /// The keys for encryption and integrity, of the initiator and of the responder.
    keys: [[Option<Zeroizing<Vec<u8>>>; 2]; 2],
    encryption: Option<(Option<AlgorithmName>, String)>,
    integrity: Option<(Option<AlgorithmName>, String)>,
    /// The SA that is being added: whether it is inbound, and whether it is of AH.
    adding: Option<(bool, bool)>,
}

impl Thread {
    fn take_in(&mut self, line: usize, message: &str, rows: &mut Rows) -> Result<(), KeyFileError> {
        if let Some(dump) = &mut self.dump {
            let is_taken = dump.take_in(message).is_some();
            if !is_taken {
                self.dump = None;
            } else if dump.octets.len() == dump.len {
                if let Some(dump) = self.dump.take() {
                    self.keep(dump.part, dump.octets, rows)?;
                }
                return Ok(());
            } else {
                return Ok(());
            }
        }
        if let Some((label, len)) = dump_of(message) {
            let part = Part::of(label).filter(|_| (1..=MAX_KEY_LEN).contains(&len));
            if let Some(Part::Ikev2) = part {
                rows.leave_out(KeyFileError::new(line, KeyFileReason::Ikev2));
            }
            let octets = Zeroizing::new(Vec::with_capacity(len.min(MAX_KEY_LEN)));
            self.dump = part.map(|part| Dump { part, octets, len });
            return Ok(());
        }
        self.take_cookies(message);
        let words: Vec<&str> = message.split_whitespace().collect();
        match *words.as_slice() {
            ["using", name, "for", "encryption"] => {
                self.encryption = Some((AlgorithmName::of_program(name), name.to_owned()));
                self.integrity = None;
            }
            ["using", name, "for", "integrity"] => {
                self.integrity = Some((AlgorithmName::of_program(name), name.to_owned()));
            }
            ["adding" | "registering", direction, protocol, "SA"] => {
                self.adding = Some((direction == "inbound", protocol == "AH"));
            }
            ["SPI", spi, "src", source, "dst", destination, ..] => {
                let digits = spi.trim_end_matches(',').strip_prefix("0x");
                let spi = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                if let Some((spi, (is_inbound, is_ah))) = spi.zip(self.adding.take()) {
                    let ends = [source, destination].map(|end| end.parse().ok());
                    self.add(line, Spi(spi), ends, is_inbound, is_ah, rows)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes the cookies of a line such as `checkout IKEv1 SA with SPIs 620270aca82ca7ad_i 0000000000000000_r`.
    fn take_cookies(&mut self, message: &str) {
        let cookie = |end: &str| {
            let mut words = message.split_whitespace().map(|word| word.trim_end_matches('*'));
            let octets =
                words.find_map(|word| crate::hexadecimal::digits_of::<8>(word.strip_suffix(end)?))?;
            Some(octets).filter(|octets| *octets != [0; 8])
        };
        if let Some(initiator) = cookie("_i") {
            self.cookies = (Some(initiator), cookie("_r"));
        }
    }

    fn keep(&mut self, part: Part, octets: Zeroizing<Vec<u8>>, rows: &mut Rows) -> Result<(), KeyFileError> {
        let [encryption, integrity] = &mut self.keys;
        let isakmp = &mut self.isakmp;
        match part {
            Part::EncryptionInitiator => {
                *encryption = [Some(octets), None];
                *integrity = [None, None];
            }
            Part::EncryptionResponder => encryption[1] = Some(octets),
            Part::IntegrityInitiator => integrity[0] = Some(octets),
            Part::IntegrityResponder => integrity[1] = Some(octets),
            // SKEYID is logged first, and with it another SA begins.
            Part::Skeyid => {
                self.finish_isakmp(rows)?;
                self.isakmp.skeyid = Some(octets);
            }
            Part::SkeyidD => isakmp.skeyid_d = Some(octets),
            Part::SkeyidA => isakmp.skeyid_a = Some(octets),
            Part::SkeyidE => isakmp.skeyid_e = Some(octets),
            Part::Ka if IsakmpKeys::is_key_len(octets.len()) => isakmp.encryption_key = Some(octets),
            Part::Ka | Part::Ikev2 => {}
        }
        if self.isakmp.has_secret() && self.isakmp.initiator_cookie.is_none() {
            (self.isakmp.initiator_cookie, self.isakmp.responder_cookie) = self.cookies;
        }
        Ok(())
    }

    /// Adds the rows of an SA. The log does not say which side writes it, so the SA gets the keys of both: a packet is
    /// authentic under one of them only.
    fn add(
        &self,
        line: usize,
        spi: Spi,
        ends: [Option<IpAddr>; 2],
        is_inbound: bool,
        is_ah: bool,
        rows: &mut Rows,
    ) -> Result<(), KeyFileError> {
        // Outbound packets are taken to be the initiator's.
        let sides = if is_inbound { [1, 0] } else { [0, 1] };
        let mut is_alternative = false;
        for side in sides {
            let described = match self.described(side, is_ah) {
                Ok(Some(described)) => described,
                Ok(None) => continue,
                Err(error) => {
                    let name = match error {
                        ChildError::Encryption { .. } => self.encryption.as_ref().and_then(|(name, _)| *name),
                        ChildError::Authentication => self.integrity.as_ref().and_then(|(name, _)| *name),
                        _ => None,
                    };
                    rows.leave_out(KeyFileError::new(line, KeyFileReason::Log(error)).of(name));
                    return Ok(());
                }
            };
            let mut row = described.row(spi);
            let [source, destination] = ends.map(|end| end.map_or(AddressPattern::ANY, AddressPattern::from));
            (row.source, row.destination, row.is_alternative) = (source, destination, is_alternative);
            is_alternative = true;
            rows.push(row).map_err(|reason| KeyFileError::new(line, reason))?;
        }
        if !is_alternative {
            rows.leave_out(KeyFileError::new(line, KeyFileReason::NoDump));
        }
        Ok(())
    }

    /// The algorithms with the keys of one side. `None` when the log has no keys of it.
    fn described(&self, side: usize, is_ah: bool) -> Result<Option<Described>, ChildError> {
        let [encryption_key, integrity_key] =
            self.keys.each_ref().map(|sides| sides.get(side).and_then(Option::clone));
        if encryption_key.is_none() && integrity_key.is_none() {
            return Ok(None);
        }
        let authentication = match &self.integrity {
            Some((_, name)) => Some(strongswan_authentication(name).ok_or(ChildError::Authentication)?),
            None => None,
        };
        // default: an algorithm without a key has none that is dumped.
        let (encryption_key, integrity_key) =
            (encryption_key.unwrap_or_default(), integrity_key.unwrap_or_default());
        if is_ah {
            let authentication = authentication.ok_or(ChildError::Authentication)?;
            return Described::ah(authentication, integrity_key).map(Some);
        }
        let octets = encryption_key.len();
        let name = self.encryption.as_ref().map_or("NULL", |(_, name)| name);
        let encryption = strongswan_encryption(name, octets).ok_or(ChildError::Encryption { octets })?;
        Described::esp(encryption, encryption_key, authentication, integrity_key).map(Some)
    }

    fn finish_isakmp(&mut self, rows: &mut Rows) -> Result<(), KeyFileError> {
        let keys = core::mem::take(&mut self.isakmp);
        if keys.has_secret() {
            rows.push_isakmp(keys).map_err(|reason| KeyFileError::new(0, reason))?;
        }
        Ok(())
    }

    fn finish(mut self, rows: &mut Rows) -> Result<(), KeyFileError> {
        self.finish_isakmp(rows)
    }
}

#[cfg(test)]
mod tests;
