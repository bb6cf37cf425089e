//! The command `vpnwire psk-check`.

use std::io::Read;

use dissect::sinks::Roundtrip;
use dissect::{Dissector, IncompleteExchange, IsakmpAssociation, Options};
use keys::ikev1::AggressiveMode;
use zeroize::Zeroizing;

use crate::arguments::PskCheck;
use crate::output::{Output, Stop};
use crate::secret_file::{LineError, Lines};
use crate::terminal_text::{ESCAPED_LEN, escape_octets};
use crate::{Status, complain_of, input, print, secret_file};

pub(crate) fn run(command: &PskCheck) -> Status {
    let refused = |error: &dyn std::fmt::Display| {
        complain_of(&command.word_list, error);
        Status::Refused
    };
    let words = match secret_file::open(&command.word_list) {
        Ok(words) => words,
        Err(error) => return refused(&error),
    };
    let mut options = Options::default();
    options.follow_isakmp = true;
    let mut dissector = Dissector::new(options);
    let mut status = match input::read(
        &command.file,
        &mut dissector,
        // The packets are not shown.
        &mut Roundtrip::new(false),
        &mut Output::new(),
        |_| Ok(()),
    ) {
        Ok(status) => status,
        Err(Stop(status)) => return status,
    };
    let associations: Vec<_> = dissector.isakmp_associations().collect();
    let mut exchanges: Vec<_> = associations.iter().filter_map(Exchange::of).collect();
    if exchanges.is_empty() {
        complain_of(
            &command.file,
            &"the capture holds no aggressive mode exchange with a pre-shared key, or not the first message of one",
        );
        return status.max(Status::Damaged);
    }
    // A key that was found before reading the list failed is still printed.
    if let Err(error) = search(&mut exchanges, Lines::new(words)) {
        status = status.max(refused(&error));
    }
    for exchange in &exchanges {
        status = status.max(exchange.print());
    }
    status
}

/// An exchange of aggressive mode whose pre-shared key is searched.
struct Exchange<'d> {
    cookie: u64,
    said: Result<AggressiveMode<'d>, IncompleteExchange>,
    found: Option<Zeroizing<Vec<u8>>>,
}

impl<'d> Exchange<'d> {
    /// `None` when the exchange is not an aggressive mode with a pre-shared key.
    fn of(association: &IsakmpAssociation<'d>) -> Option<Self> {
        let said = association.aggressive_mode()?;
        Some(Self { cookie: u64::from_be_bytes(association.cookies().initiator), said, found: None })
    }

    /// Keeps the word if it is the key. Returns whether the word was tried, which it is as long as no key is known.
    fn try_word(&mut self, word: &[u8]) -> bool {
        let Ok(exchange) = &self.said else { return false };
        if self.found.is_some() {
            return false;
        }
        if exchange.is_pre_shared_key(dissect::Secret::new(word)) {
            self.found = Some(Zeroizing::new(word.to_vec()));
        }
        true
    }

    fn print(&self) -> Status {
        let cookie = self.cookie;
        match (&self.said, &self.found) {
            (Err(incomplete), _) => {
                Status::Damaged.max(print(format!("{cookie:016x} {incomplete}\n").as_bytes()))
            }
            (Ok(_), None) => {
                Status::Damaged.max(print(format!("{cookie:016x} not in the list\n").as_bytes()))
            }
            (Ok(_), Some(word)) => print(&line(cookie, word)),
        }
    }
}

/// The line with the cookie and the word. A word with control characters is escaped, and its hexadecimal form follows,
/// as `--psk` takes it.
fn line(cookie: u64, word: &[u8]) -> Zeroizing<Vec<u8>> {
    // The buffer has room for the longest line, so that it is never moved: that would leave a copy of the key behind.
    let room = word.len().saturating_mul(ESCAPED_LEN + 2).saturating_add(32);
    let mut line = Zeroizing::new(Vec::with_capacity(room));
    line.extend_from_slice(format!("{cookie:016x} ").as_bytes());
    if escape_octets(&mut line, word) {
        line.extend_from_slice(b" (0x");
        let mut digits = Zeroizing::new(vec![0; word.len() * 2]);
        line.extend_from_slice(base16ct::lower::encode(word, &mut digits).unwrap_or_default());
        line.extend_from_slice(b")");
    }
    line.extend_from_slice(b"\n");
    line
}

/// Tries each word on each exchange whose key is not known yet, until every key is known. The list is read line by
/// line.
fn search(exchanges: &mut [Exchange<'_>], mut words: Lines<impl Read>) -> Result<(), LineError> {
    while let Some(word) = words.next()? {
        if word.is_empty() {
            continue;
        }
        let mut is_wanted = false;
        for exchange in &mut *exchanges {
            is_wanted |= exchange.try_word(word);
        }
        if !is_wanted {
            break;
        }
    }
    Ok(())
}
