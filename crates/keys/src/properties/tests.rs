//! The properties for the key files in `testdata`, and for damaged copies of them.

use std::path::Path;

use proptest::prelude::*;

use super::*;

/// Every key file in `testdata`, and texts in formats that no file there has.
fn key_files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut files: Vec<String> = [
        "0x100@10.0.0.1 des-cbc:12345678,257@10.0.0.1 none:,0x1@::1 3des-cbc-hmac96:123456789012345678901234",
        "0x100@10.0.0.2 ah-md5-hmac:0x000102030405060708090a0b0c0d0e0f\n",
        "ab3e0f1f8bc3be8e,000102030405060708090a0b0c0d0e0f\n",
    ]
    .map(str::to_owned)
    .to_vec();
    for folder in ["esp", "ikev1"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end != "pcap") {
                files.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

#[test]
fn key_files_of_testdata_come_back() {
    let files = key_files();
    assert_eq!(files.len(), 3 + 4 + 2);
    for file in files {
        let count = KeyRows::default().read(file.as_bytes()).unwrap().count;
        assert!(count > 0);
        key_files_come_back(file.as_bytes());
    }
}

proptest! {
    /// The files are damaged: lines are left out or repeated, the text is cut, and octets are changed.
    #[test]
    fn key_files_that_are_nearly_right_come_back(
        which in any::<prop::sample::Index>(),
        lines in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\n]"), 0..4),
        is_whole in any::<bool>(),
    ) {
        let files = key_files();
        let file = which.get(&files);
        let all: Vec<&str> = file.lines().collect();
        let text = if is_whole {
            file.clone()
        } else {
            lines.iter().map(|line| *line.get(&all)).collect::<Vec<_>>().join("\n")
        };
        let mut octets = text.into_bytes();
        for (at, to) in changes {
            let at = at.index(octets.len());
            octets[at] = to.as_bytes()[0];
        }
        key_files_come_back(&octets);
    }
}
