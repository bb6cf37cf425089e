//! What stands behind the summary of a packet in its line: that the capture cut it, what is missing before it, and its
//! first fault.

use crate::sink::{Cause, Fault};
use crate::sinks::text;
use capture::Frame;

const RED: &[u8] = b"\x1b[31m";
const PLAIN: &[u8] = b"\x1b[0m";

/// What is told of one frame beside its summary.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Remarks {
    /// How many octets are there of a frame that was cut.
    cut_at: Option<usize>,
    // The first fault of the packet itself, and their number.
    fault: Option<Fault>,
    fault_count: u64,
    // The protocol of the first fault of any cause.
    fault_in: &'static str,
    // The packets before this one that are not in the capture.
    missing: Option<Fault>,
}

impl Remarks {
    /// Nothing is told of a frame that begins, except whether it was cut.
    pub(crate) fn of(frame: &Frame<'_>) -> Self {
        Self { cut_at: frame.is_cut().then_some(frame.octets.len()), ..Self::default() }
    }

    /// Takes in a fault.
    pub(crate) fn fault(&mut self, fault: Fault) {
        if self.fault_in.is_empty() {
            self.fault_in = fault.protocol;
        }
        match fault.cause {
            Cause::Packet => {
                self.fault.get_or_insert(fault);
                self.fault_count = self.fault_count.saturating_add(1);
            }
            Cause::Missing => {
                self.missing.get_or_insert(fault);
            }
            // The frame was cut, which is told of all of it.
            Cause::Cut => {}
        }
    }

    /// Writes the short name of the protocol. Without a summary, it is that of the first fault.
    pub(crate) fn write_column(&self, out: &mut Vec<u8>, column: &str) {
        match (column, self.fault_in) {
            ("", protocol) => out.extend(protocol.bytes().map(|octet| octet.to_ascii_uppercase())),
            (column, _) => out.extend_from_slice(column.as_bytes()),
        }
    }

    /// Writes the remarks, with a space before each.
    pub(crate) fn write(&self, out: &mut Vec<u8>, colour: bool) {
        if let Some(len) = self.cut_at {
            text::append(out, format_args!(" [cut at {len} octets]"));
        }
        if let Some(Fault { reason, .. }) = self.missing {
            text::append(out, format_args!(" ({reason})"));
        }
        if let Some(fault) = self.fault {
            out.push(b' ');
            if colour {
                out.extend_from_slice(RED);
            }
            text::append(out, format_args!("[{fault}"));
            if let Some(more) = self.fault_count.checked_sub(1).filter(|more| *more > 0) {
                text::append(out, format_args!("; {more} more"));
            }
            out.push(b']');
            if colour {
                out.extend_from_slice(PLAIN);
            }
        }
    }
}
