//! What the headers of many protocols have in common.

use wire::InternetChecksum;

use super::{Octets, Packet};
use crate::sink::{Protocol, Reason, Sink, Span, Value};

/// Returns the checksum that was found in the third and fourth octets of a message, and the one that was computed over
/// all others; `None` when the checksum is right. `sum` is the sum over what stands before the message.
pub(crate) fn wrong_checksum(mut sum: InternetChecksum, message: &Octets<'_>) -> Option<(u16, u16)> {
    sum.add(message.first(2).octets);
    sum.add(message.after(4).octets);
    let [_, _, high, low] = message.padded();
    let (found, computed) = (u16::from_be_bytes([high, low]), sum.finish());
    (!InternetChecksum::is_same(found, computed)).then_some((found, computed))
}

impl<S: Sink> Packet<'_, S> {
    /// Tells of a header that is not whole, and returns whether that is so. It is a fault unless the capture cut it.
    pub(crate) fn ends_in_header(
        &mut self,
        protocol: &'static Protocol,
        column: &'static str,
        element: &'static str,
        needed: usize,
        octets: Octets<'_>,
    ) -> bool {
        let len = octets.octets.len();
        if len >= needed {
            return false;
        }
        if !octets.cut {
            self.fault(protocol.filter, octets.too_short(element, needed), octets.whole());
        }
        self.summary(column, format_args!("cut after {len} octets"));
        true
    }

    /// Writes the summary line of a header that is cut, with its ports when they are there: UDP and TCP begin with them.
    pub(crate) fn cut_ports(&mut self, column: &'static str, octets: Octets<'_>) {
        let len = octets.octets.len();
        match octets.octets.first_chunk() {
            Some([a, b, c, d]) => {
                let (source, destination) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
                self.summary(column, format_args!("{source} → {destination}, cut after {len} octets"));
            }
            None => self.summary(column, format_args!("cut after {len} octets")),
        }
    }

    /// Shows whether a checksum is right, with what was found and computed if it is wrong. The numbers are Wireshark's.
    pub(crate) fn checksum_status(
        &mut self,
        protocol: &'static str,
        name: &'static str,
        wrong: Option<(u16, u16)>,
        span: Span,
    ) {
        self.field(name, Value::Unsigned(wrong.is_none().into()), span);
        if let Some((found, computed)) = wrong {
            self.fault(protocol, Reason::Checksum { found, computed }, span);
        }
    }
}
