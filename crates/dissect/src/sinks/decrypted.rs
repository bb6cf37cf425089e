//! A sink that keeps decrypted packets, so that they can be written to a capture of their own.

use core::fmt;

use super::passing::Passing;
use crate::sink::Sink;
use crate::sinks::Output;
use capture::{Frame, LinkType, Timestamp};

/// Passes everything to the next sink, and keeps the IP packet that was decrypted in a frame. When several such
/// packets are nested, the innermost is kept.
pub struct Decrypted<S> {
    inner: S,
    keeps: bool,
    // The packet. It is empty when nothing was decrypted in the frame.
    packet: Vec<u8>,
    number: u64,
    time: Option<Timestamp>,
}

/// The packet is plaintext, so it is not shown.
impl<S: fmt::Debug> fmt::Debug for Decrypted<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Decrypted")
            .field("inner", &self.inner)
            .field("packet_len", &self.packet.len())
            .finish_non_exhaustive()
    }
}

/// The latest time that a pcap record can hold, because its seconds have 32 bits.
const LATEST: Timestamp = Timestamp(4_294_967_295_999_999_999);

impl<S> Decrypted<S> {
    /// Makes a sink in front of `inner`. It keeps packets when `keeps` is true.
    #[must_use]
    pub const fn new(inner: S, keeps: bool) -> Self {
        Self { inner, keeps, packet: Vec::new(), number: 0, time: None }
    }

    /// Returns the next sink.
    pub const fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the packet that was decrypted in the last frame, as raw IP, with the number and the time of that frame.
    /// The time is limited to what pcap can hold, and it is that of 1970 when the frame has none. `None` when nothing
    /// was decrypted in the frame.
    #[must_use]
    pub fn packet(&self) -> Option<Frame<'_>> {
        let octets = &self.packet[..];
        let time = || self.time.unwrap_or(Timestamp(0)).clamp(Timestamp(0), LATEST);
        (!octets.is_empty()).then(|| Frame {
            number: self.number,
            time: Some(time()),
            time_digits: 9,
            link: LinkType::RAW,
            len: octets.len(),
            octets,
        })
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
        self.packet.clear();
        self.number = frame.number;
        self.time = frame.time;
    }

    fn sees_decrypted(&mut self, parts: &[&[u8]]) {
        if self.keeps {
            // The packet that was kept before is the one around this one.
            self.packet.clear();
            for part in parts {
                self.packet.extend_from_slice(part);
            }
        }
    }
}

impl<S: Output> Output for Decrypted<S> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.inner.output()
    }
}
