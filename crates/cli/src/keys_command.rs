//! The command `vpnwire keys`.

use std::fmt::Write as _;
use std::path::Path;

use dissect::sinks::Roundtrip;
use dissect::{Dissector, IsakmpAssociation, Options};
use keys::{KeyRows, RowSet};

use crate::arguments::KeysOf;
use crate::key_arguments::{key_lines, warn_of_keys};
use crate::output::{Output, Stop};
use crate::{Status, complain, complain_of, input, print, secret_file};

pub(crate) fn run(command: &KeysOf) -> Status {
    match keys(command) {
        Ok(status) | Err(status) => status,
    }
}

fn keys(command: &KeysOf) -> Result<Status, Status> {
    let mut rows = RowSet::new();
    command.ike_key.iter().cloned().for_each(|keys| rows.add_isakmp(keys));
    command.psk.iter().cloned().for_each(|key| rows.add_pre_shared(key));
    for path in &command.psk_file {
        key_lines(path)?.into_iter().for_each(|key| rows.add_pre_shared(key));
    }
    for path in &command.keys {
        read(path, &mut rows)?;
    }
    let mut list = String::new();
    let mut status = Status::Fine;
    let mut derived = RowSet::new();
    for path in &command.files {
        let mut options = Options::default();
        options.keys.isakmp.clone_from(&rows.rows().isakmp);
        options.keys.pre_shared.clone_from(&rows.rows().pre_shared);
        options.follow_isakmp = true;
        options.keep_key_material = true;
        let mut dissector = Dissector::new(options);
        // The packets are not shown.
        let mut sink = Roundtrip::new(false);
        match input::read(path, &mut dissector, &mut sink, &mut Output::new(), |_| Ok(())) {
            Ok(file_status) | Err(Stop(file_status)) => status = status.max(file_status),
        }
        for association in dissector.isakmp_associations() {
            describe(&association, &mut list);
            association.keys().into_iter().for_each(|keys| derived.add_isakmp(keys));
        }
        dissector.derived_associations().iter().cloned().for_each(|row| derived.add(row));
    }
    rows.add_rows(derived.into_rows());
    let rows = rows.into_rows();
    let Some(export) = command.export else {
        if command.files.is_empty() {
            rows.isakmp.iter().for_each(|keys| line(&mut list, keys));
        }
        rows.associations.iter().for_each(|row| line(&mut list, row));
        return Ok(status.max(print(list.as_bytes())));
    };
    let (text, refused) = rows.export(export);
    for refused in &refused {
        complain(format_args!("this SA is left out of the export: {refused}"));
        status = status.max(Status::Damaged);
    }
    Ok(status.max(print(text.as_bytes())))
}

/// Adds a line to the list.
fn line(list: &mut String, what: &dyn std::fmt::Display) {
    let _ = writeln!(list, "{what}");
}

/// Adds the keys of a file.
fn read(path: &Path, rows: &mut RowSet) -> Result<(), Status> {
    let refused = |error: &dyn std::fmt::Display| {
        complain_of(path, error);
        Status::Refused
    };
    let file = secret_file::open(path).map_err(|error| refused(&error))?;
    let mut read = KeyRows::default();
    let summary = read.read_from(file).map_err(|error| refused(&secret_file::ReadFailure(&error)))?;
    warn_of_keys(path, &summary);
    rows.add_rows(read);
    Ok(())
}

/// Adds a line that says what an ISAKMP SA negotiated, and how many of its encrypted messages were read.
fn describe(association: &IsakmpAssociation<'_>, list: &mut String) {
    let cookies = association.cookies();
    let [initiator, responder] = [cookies.initiator, cookies.responder].map(u64::from_be_bytes);
    let (source, destination) = association.ends();
    let [source, destination] =
        [source, destination].map(|end| end.map_or_else(|| "*".to_owned(), |end| end.to_string()));
    let _ = write!(
        list,
        "ISAKMP {initiator:016x}:{responder:016x} {source} → {destination} {}",
        association.exchange_type()
    );
    match association.offer() {
        None => list.push_str(", no proposal was chosen"),
        Some(offer) => {
            if let Some(algorithm) = offer.encryption_algorithm {
                let _ = write!(list, ", {algorithm}");
            }
            if let Some(bits) = offer.key_length {
                let _ = write!(list, " {bits}");
            }
            if let Some(hash) = offer.hash_algorithm {
                let _ = write!(list, ", {hash}");
            }
            if let Some(method) = offer.authentication_method {
                let _ = write!(list, ", {method}");
            }
            if let Some(group) = offer.group_description {
                let _ = write!(list, ", {group}");
            }
        }
    }
    let (encrypted, decrypted) = association.message_counts();
    let _ = write!(list, ", {decrypted} of {encrypted} encrypted messages read");
    match association.quick_modes_without_secret() {
        0 => {}
        count => {
            let _ = write!(
                list,
                "; {count} quick {} a Diffie-Hellman exchange of {} own (PFS), whose secret is missing: give the keys of these SAs \
                 themselves, as `ip xfrm state` prints them",
                if count == 1 { "mode had" } else { "modes had" },
                if count == 1 { "its" } else { "their" },
            );
        }
    }
    list.push('\n');
}
