use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// The sources of this crate, without tests.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !["fields", "record", "tests", "properties", "display_filter"].contains(&stem) {
                sources(&path, found);
            }
        } else if !["fields", "tests", "properties"].contains(&stem) {
            let text = fs::read_to_string(&path).unwrap();
            found.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
}

#[test]
fn every_name_in_the_sources_has_its_line() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let known: BTreeSet<_> = all().map(|field| field.name).collect();
    let starts: BTreeSet<_> =
        known.iter().filter_map(|name| name.split_once('.')).map(|(start, _)| start).collect();
    let mut count = 0;
    for text in &texts {
        // Every second piece between quotation marks is a literal.
        for literal in text.split('"').skip(1).step_by(2) {
            let is_name = literal.split('.').all(|part| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            });
            if is_name && literal.split_once('.').is_some_and(|(start, _)| starts.contains(start)) {
                // `--decode-as` calls a table so.
                assert!(
                    known.contains(literal) || literal == "sctp.ppi" || literal == "ip.proto",
                    "{literal}"
                );
                count += 1;
            }
        }
    }
    assert!(count > 600, "{count} names looked at");
}

#[test]
fn a_name_stands_once_and_has_a_document() {
    let mut seen = BTreeSet::new();
    for field in all() {
        assert!(seen.insert(field.name), "{} twice", field.name);
        assert!(
            !field.reference.is_empty()
                || field.name.starts_with("frame")
                || field.name.starts_with('_')
                || field.name == "raw",
            "{} has no document",
            field.name
        );
        for part in field.parts {
            assert_eq!(find(part).map(|part| part.kind), Some(field.kind), "{part}");
        }
    }
}

#[test]
fn a_wrong_name_is_answered_by_the_nearest() {
    assert_eq!(nearest("hsrp.stat"), Some("hsrp.state"));
    assert_eq!(nearest("ip.adr"), Some("ip.addr"));
    assert_eq!(nearest("isakmp.ispy"), Some("isakmp.ispi"));
    assert_eq!(nearest(&"x".repeat(1000)), None);
}
