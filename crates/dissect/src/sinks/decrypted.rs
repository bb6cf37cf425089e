//! Collects the packets that were decrypted, as records of a capture.

use super::passing::Passing;
use crate::sink::Sink;
use crate::sinks::Output;
use capture::{Frame, Timestamp};

/// Passes everything on, and collects the IP packets that were decrypted, in the format of pcap: raw IP, with the times of the
/// frames they came in. Of packets in one another, the innermost is collected.
#[derive(Debug)]
pub struct Decrypted<S> {
    inner: S,
    // Records; none are collected when there is nowhere to.
    records: Option<Vec<u8>>,
    // How much there was when the frame began, and the time of the frame.
    kept_len: usize,
    time: Option<Timestamp>,
}

/// Octets of a packet at the most, as the file's header says: more than any IP packet has.
const SNAP_LEN: u32 = 262_144;

/// The link type of raw IP.
const RAW: u32 = 101;

impl<S> Decrypted<S> {
    /// The header of a file of such records: nanoseconds, raw IP.
    pub const FILE_HEADER: [u8; 24] = {
        let ([a, b, c, d], [e, f, g, h], [i, j, k, l]) =
            (0xa1b2_3c4d_u32.to_le_bytes(), SNAP_LEN.to_le_bytes(), RAW.to_le_bytes());
        [a, b, c, d, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, e, f, g, h, i, j, k, l]
    };

    /// A sink that collects when told so.
    #[must_use]
    pub const fn new(inner: S, collect: bool) -> Self {
        let records = if collect { Some(Vec::new()) } else { None };
        Self { inner, records, kept_len: 0, time: None }
    }

    /// The sink behind.
    pub const fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The records collected since they were last cleared; nothing when none are collected.
    pub const fn records(&mut self) -> Option<&mut Vec<u8>> {
        self.records.as_mut()
    }
}

impl<S: Sink> Passing for Decrypted<S> {
    type Inner = S;

    fn passes_to(&self) -> &S {
        &self.inner
    }

    fn passes_to_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    fn sees_begin(&mut self, frame: &Frame<'_>) {
        self.kept_len = self.records.as_ref().map_or(0, Vec::len);
        self.time = frame.time;
    }

    fn sees_decrypted(&mut self, parts: &[&[u8]]) {
        if let Some(records) = &mut self.records {
            // The one around this one.
            records.truncate(self.kept_len);
            let nanoseconds = self.time.map_or(0, |time| time.0.max(0));
            let seconds = nanoseconds.checked_div(1_000_000_000).unwrap_or_default();
            let nanoseconds = nanoseconds.checked_rem(1_000_000_000).unwrap_or_default();
            let len = parts.iter().fold(0usize, |len, part| len.saturating_add(part.len()));
            let len = u32::try_from(len).unwrap_or(u32::MAX);
            for word in [
                u32::try_from(seconds).unwrap_or(u32::MAX),
                u32::try_from(nanoseconds).unwrap_or_default(),
                len,
                len,
            ] {
                records.extend_from_slice(&word.to_le_bytes());
            }
            for part in parts {
                records.extend_from_slice(part);
            }
        }
    }
}

impl<S: Output> Output for Decrypted<S> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.inner.output()
    }
}
