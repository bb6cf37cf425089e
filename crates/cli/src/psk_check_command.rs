//! `vpnwire psk-check`.

use dissect::sinks::Roundtrip;
use dissect::{Dissector, Options};
use keys::Keys;
use zeroize::Zeroizing;

use crate::arguments::PskCheck;
use crate::output::{Output, Stop};
use crate::{Status, complain, input, print, secret_file};

pub(crate) fn run(command: &PskCheck) -> Status {
    let words = match secret_file::read(&command.word_list) {
        Ok(words) => words,
        Err(error) => {
            complain(format_args!("{}: {error}", command.word_list.display()));
            return Status::Refused;
        }
    };
    let mut options = Options::default();
    options.keys = Keys::default();
    options.follow_isakmp = true;
    let mut dissector = Dissector::new(options);
    let mut status = match input::read(
        &command.file,
        &mut dissector,
        // Nothing of it is shown.
        &mut Roundtrip::new(false),
        &mut Output::new(),
        |_| Ok(()),
    ) {
        Ok(status) => status,
        Err(Stop(status)) => return status,
    };
    let mut is_found = false;
    for association in dissector.isakmp_associations() {
        let cookie = u64::from_be_bytes(association.cookies().initiator);
        let exchange = match association.aggressive_mode() {
            None => continue,
            Some(Ok(exchange)) => exchange,
            Some(Err(incomplete)) => {
                is_found = true;
                status = status
                    .max(Status::Damaged)
                    .max(print(format!("{cookie:016x} {incomplete}\n").as_bytes()));
                continue;
            }
        };
        let mut lines = words.split(|octet| *octet == b'\n');
        let found = lines
            .find(|line| {
                let word = line.strip_suffix(b"\r").unwrap_or(line);
                !word.is_empty() && exchange.is_pre_shared_key(dissect::Secret::new(word))
            })
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        is_found = true;
        let said = match found {
            Some(word) => word,
            None => {
                status = status.max(Status::Damaged);
                b"not in the list"
            }
        };
        // As long as it gets, so that it is never moved: a key that was found is not left behind.
        let mut line = Zeroizing::new(Vec::with_capacity(said.len().saturating_add(18)));
        for part in [format!("{cookie:016x} ").as_bytes(), said, b"\n"] {
            line.extend_from_slice(part);
        }
        status = status.max(print(&line));
    }
    if !is_found {
        let file = command.file.display();
        complain(format_args!(
            "{file}: no aggressive mode with a pre-shared key in it, from its first message on"
        ));
        return status.max(Status::Damaged);
    }
    status
}
