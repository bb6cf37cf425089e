//! `vpnwire psk-check`.

use dissect::keys::Keys;
use dissect::sinks::Roundtrip;
use dissect::{Dissector, Options};
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
    // As long as it may get, so that it is never moved: a key that was found is not left behind.
    let longest = words.split(|octet| *octet == b'\n').map(<[u8]>::len).max().unwrap_or_default();
    let longest_line =
        "0123456789abcdef the exchange is incomplete: no Security Association of the responder\n";
    let line_len = longest_line.len() + longest;
    let mut text = Zeroizing::new(Vec::with_capacity(dissector.isakmp_associations().count() * line_len));
    for association in dissector.isakmp_associations() {
        let cookie = u64::from_be_bytes(association.cookies().initiator);
        let exchange = match association.aggressive_mode() {
            None => continue,
            Some(Ok(exchange)) => exchange,
            Some(Err(incomplete)) => {
                text.extend_from_slice(format!("{cookie:016x} {incomplete}\n").as_bytes());
                status = status.max(Status::Damaged);
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
        match found {
            Some(word) => {
                text.extend_from_slice(format!("{cookie:016x} ").as_bytes());
                text.extend_from_slice(word);
                text.push(b'\n');
            }
            None => {
                text.extend_from_slice(format!("{cookie:016x} not in the list\n").as_bytes());
                status = status.max(Status::Damaged);
            }
        }
    }
    if text.is_empty() {
        complain(format_args!("{}: no aggressive mode with a pre-shared key in it", command.file.display()));
        return status.max(Status::Damaged);
    }
    status.max(print(&text))
}
