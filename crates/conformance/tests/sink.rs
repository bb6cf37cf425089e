//! Checks that every `enter` has one `leave`, whatever a sink wants to know, over every file of testdata and every
//! capture.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::path::Path;

use capture::Capture;
use capture::Frame;
use dissect::sinks::{Decrypted, Filter, Output};
use dissect::{Dissector, Fault, Options, Protocol, Sink, Span, Value};
use vpnwire_conformance::{capture_files, captures};

/// A sink that counts its depth.
#[derive(Debug, Default)]
struct Depth<const FIELDS: bool> {
    depth: usize,
    entered: usize,
    output: Vec<u8>,
}

impl<const FIELDS: bool> Sink for Depth<FIELDS> {
    const FIELDS: bool = FIELDS;

    fn enter(&mut self, _: &'static Protocol, _: Span) {
        self.depth += 1;
        self.entered += 1;
    }

    fn field(&mut self, name: &'static str, _: Value<'_>, _: Span) {
        assert!(FIELDS, "{name} is shown to a sink that looks at no field");
    }

    fn fault(&mut self, _: Fault) {}

    fn leave(&mut self) {
        assert!(self.depth > 0, "more is left than was entered");
        self.depth -= 1;
    }

    fn leave_field(&mut self) {
        assert!(FIELDS, "a field is left that a sink without fields was not told of");
    }

    fn end(&mut self, frame: &Frame<'_>) {
        assert_eq!(self.depth, 0, "frame {} ends inside a protocol", frame.number);
    }
}

impl<const FIELDS: bool> Output for Depth<FIELDS> {
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}

/// Options with the keys that are beside the capture, so that decrypted packets are walked too.
fn options(path: &Path) -> Options {
    let mut options = Options::default();
    options.follow_isakmp = true;
    for end in ["esp_sa", "xfrm", "keys.json"] {
        if let Ok(octets) = std::fs::read(path.with_extension(end)) {
            options.keys.read(&octets).unwrap();
        }
    }
    options
}

/// Frames and protocols of a capture, counted by `sink`.
fn walk<S: Sink>(path: &Path, sink: &mut S) -> usize {
    let mut dissector = Dissector::new(options(path));
    // A damaged capture has the frames before the damage.
    let Ok(mut capture) = Capture::new(std::fs::File::open(path).unwrap()) else { return 0 };
    let mut frames = 0;
    while let Some(Ok(frame)) = capture.next_frame() {
        dissector.frame(frame, sink);
        frames += 1;
    }
    frames
}

fn every_enter_has_one_leave(folder: &Path) -> usize {
    let mut frame_count = 0;
    for path in capture_files(folder) {
        let mut no_fields = Depth::<false>::default();
        frame_count += walk(&path, &mut no_fields);
        let mut fields = Depth::<true>::default();
        walk(&path, &mut fields);
        let mut behind = Decrypted::new(Filter::new(Depth::<false>::default(), vec!["esp".into()]), true);
        walk(&path, &mut behind);
        let behind = behind.inner().inner().entered;
        // The parts that are entered do not depend on the sink, except for the bound on fields, which these captures
        // do not reach.
        assert_eq!([no_fields.entered, behind], [fields.entered; 2], "{}", path.display());
    }
    println!("{frame_count} frames of {}", folder.display());
    frame_count
}

#[test]
fn every_enter_has_one_leave_over_testdata() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    assert!(every_enter_has_one_leave(&folder) > 500);
}

#[needs(captures)]
#[test]
fn every_enter_has_one_leave_over_the_captures() {
    let folder = captures();
    assert!(every_enter_has_one_leave(&folder) > 5_000);
}
