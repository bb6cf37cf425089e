//! The interface between the dissector and its output: a [`Sink`] receives protocols, fields and faults in the
//! order of the octets.

mod reason;

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use capture::{Frame, Timestamp};

pub use reason::Reason;

/// The number of the octets that a span refers to. 0 is the frame; each reassembly or decryption adds one.
pub type SourceId = u16;

/// A range of octets in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The source that holds the octets.
    pub source: SourceId,
    /// The offset of the first octet from the start of the source.
    pub start: usize,
    /// The number of octets in the range.
    pub len: usize,
}

/// A protocol with its names for filters and for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Protocol {
    /// The display-filter name, for example `hsrp`.
    pub filter: &'static str,
    /// The full name, which the tree shows.
    pub title: &'static str,
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A number that is shown in decimal.
    Unsigned(u64),
    /// A number that is shown in hexadecimal, with this many digits.
    Hexadecimal(u64, u8),
    /// A number from a registry, with its name; `None` when the registry has no name for it.
    Named(u64, Option<&'static str>),
    /// A number that can be negative.
    Signed(i64),
    /// A flag.
    Boolean(bool),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A MAC address.
    Mac([u8; 6]),
    /// Octets that are text. Trailing NULs do not belong to the text.
    Text(&'a [u8]),
    /// A name that stands for the octets, taken from a table.
    Name(&'static str),
    /// Octets with a meaning in their protocol, for example a cookie, a digest or an initialization vector.
    Octets(&'a [u8]),
    /// Octets that no handler dissected: a payload without a dissector, a trailer, the value of an unknown element,
    /// ciphertext. Their meaning is unknown, and they may be keys. A sink shows only their number, and the octets
    /// themselves only when the user asked for them.
    Opaque(&'a [u8]),
    /// A point in time.
    Time(Timestamp),
}

impl Value<'_> {
    /// Returns the value as a sink shows it. `with_octets` says whether the user asked for octets that no handler
    /// dissected.
    pub(crate) const fn shown(self, with_octets: bool) -> Self {
        match self {
            Self::Opaque(octets) if with_octets => Self::Octets(octets),
            value => value,
        }
    }
}

/// Converts a number of octets to the value of a field.
pub(crate) fn count(octets: usize) -> u64 {
    // default: a count that does not fit in a u64 is larger than any number of octets
    u64::try_from(octets).unwrap_or(u64::MAX)
}

impl From<IpAddr> for Value<'_> {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::Ipv4(address),
            IpAddr::V6(address) => Self::Ipv6(address),
        }
    }
}

/// Something that cannot be dissected as it should be: what it is and where. The rest of the packet is still shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// The filter name of the protocol in which it was found.
    pub protocol: &'static str,
    /// The reason, which says what is wrong.
    pub reason: Reason,
    /// The octets that are wrong.
    pub span: Span,
    /// Where its cause lies.
    pub cause: Cause,
}

/// Where the cause of a fault lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The packet is broken, or its receiver refuses it.
    #[default]
    Packet,
    /// The capture ends inside the packet, because frames were cut to a snap length. The packet itself may be whole.
    Cut,
    /// Packets before this one are not in the capture: they were lost, or they were not captured.
    Missing,
}

impl Cause {
    /// Returns the name that machine-readable output has for it: `packet`, `cut` or `missing`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Packet => "packet",
            Self::Cut => "cut",
            Self::Missing => "missing",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.protocol, self.reason)
    }
}

/// One endpoint of a packet. Sinks that write one line per packet show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A MAC address.
    Mac([u8; 6]),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mac([a, b, c, d, e, f]) => {
                write!(formatter, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
            }
            Self::Ip(address) => address.fmt(formatter),
        }
    }
}

/// A piece of a summary line. The lines of the most frequent packets are built from these pieces, which is much
/// cheaper than formatting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that is written unchanged.
    Text(&'a str),
    /// A number that is written in decimal.
    Number(u64),
    /// A number that is written in hexadecimal: `0x` and eight digits.
    Hexadecimal(u32),
    /// An IP address.
    Ip(IpAddr),
}

/// Pieces that are written one after the other.
pub(crate) struct Parts<'a>(pub(crate) &'a [Part<'a>]);

impl fmt::Display for Parts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => formatter.write_str(text),
            Part::Number(number) => number.fmt(formatter),
            Part::Hexadecimal(number) => write!(formatter, "{number:#010x}"),
            Part::Ip(address) => address.fmt(formatter),
        })
    }
}

/// The result of decoding a message and encoding it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The encoder produced the same octets.
    Identical,
    /// The encoder produced other octets, and only because a derived value was wrong in the packet.
    Corrected,
    /// The encoder produced other octets. This is a defect of the codec.
    Different,
    /// The message could not be decoded.
    Undecodable,
    /// The message is encrypted, and there is no key for it.
    Opaque,
    /// The capture ends before the message does, so the message was not encoded again.
    Truncated,
}

/// A message that was decoded and encoded again. `Debug` shows how many octets there are, but not the octets,
/// because they may be keys.
#[derive(Clone, Copy)]
pub struct Rebuilt<'a> {
    /// The filter name of the protocol.
    pub protocol: &'static str,
    /// The place of the message.
    pub span: Span,
    /// The result.
    pub outcome: Outcome,
    /// The number of octets that were made from values.
    pub octets_rebuilt: usize,
    /// The number of octets that were copied because their type is unknown.
    pub octets_copied: usize,
    /// The octets as they were received, which may be keys. Empty when the budget of the frame is spent.
    pub expected: &'a [u8],
    /// The octets as they were encoded, which may be keys. Empty when the message was not encoded or when the
    /// budget is spent.
    pub got: &'a [u8],
}

impl fmt::Debug for Rebuilt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Rebuilt")
            .field("protocol", &self.protocol)
            .field("span", &self.span)
            .field("outcome", &self.outcome)
            .field("octets_rebuilt", &self.octets_rebuilt)
            .field("octets_copied", &self.octets_copied)
            .field("expected_len", &self.expected.len())
            .field("got_len", &self.got.len())
            .finish_non_exhaustive()
    }
}

/// Receives what a dissector finds, in the order of the octets.
///
/// For each frame the dissector calls `begin`, then any number of the other methods, then `end`. Each `enter` is
/// followed by one `leave`, and each `enter_field` by one `leave_field`, and the pairs are nested. This holds for
/// every sink. All methods except the first four have a default, and the defaults are empty except for
/// `enter_field`, `enter_quoted` and `summary_parts`. A sink that overrides `enter_field` must override `leave_field`
/// too.
pub trait Sink {
    /// Whether the sink reads fields. If it is `false`, `field`, `enter_field` and `leave_field` are never called,
    /// and fields do not count against the budget of the frame.
    const FIELDS: bool = true;

    /// A protocol begins. The span covers its octets.
    fn enter(&mut self, protocol: &'static Protocol, span: Span);

    /// A field of the protocol that was entered last.
    fn field(&mut self, name: &'static str, value: Value<'_>, span: Span);

    /// Something in the packet is wrong.
    fn fault(&mut self, fault: Fault);

    /// The protocol that was entered last ends.
    fn leave(&mut self);

    /// A protocol begins in a packet that another one quotes, such as the packet in an NHRP Error Indication. It was sent
    /// elsewhere, and perhaps earlier. `leave` ends it, as after `enter`.
    fn enter_quoted(&mut self, protocol: &'static Protocol, span: Span) {
        self.enter(protocol, span);
    }

    /// A field begins that contains other fields: all fields up to its `leave_field`.
    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.field(name, value, span);
    }

    /// The field that was entered last ends.
    fn leave_field(&mut self) {}

    /// A frame begins.
    fn begin(&mut self, frame: &Frame<'_>) {
        let _ = frame;
    }

    /// The frame ends.
    fn end(&mut self, frame: &Frame<'_>) {
        let _ = frame;
    }

    /// New octets, for example of a reassembled datagram. Later spans refer to them by `id`.
    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        let _ = (id, name, octets);
    }

    /// The sender and the receiver of the packet, as far as it is dissected. A later call replaces an earlier one.
    fn endpoints(&mut self, source: Address, destination: Address) {
        let _ = (source, destination);
    }

    /// One line about the packet, with the short name of a protocol. A later call replaces an earlier one.
    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        let _ = (protocol, text);
    }

    /// The same as `summary`, with the text in pieces.
    fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        self.summary(protocol, format_args!("{}", Parts(parts)));
    }

    /// The packet can be decoded, but it departs from its RFC. `reference` names the RFC and the section.
    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        let _ = (text, reference, span);
    }

    /// Whether the sink wants the lines that a router would print. Making them takes time.
    fn wants_debug_lines(&self) -> bool {
        false
    }

    /// The lines that a router would print for the message under its debug command, each with a newline at the end.
    fn debug_lines(&mut self, lines: fmt::Arguments<'_>) {
        let _ = lines;
    }

    /// Whether the sink shows octets that no handler dissected. They cost more of the budget than their number
    /// does.
    fn wants_octets(&self) -> bool {
        false
    }

    /// Whether the sink wants the fields of the protocol with this filter name. If it does not, `field`, `enter_field` and
    /// `leave_field` are not called for them, and they do not count against the budget of the frame.
    fn wants_fields(&mut self, protocol: &'static str) -> bool {
        let _ = protocol;
        true
    }

    /// Whether the sink wants departures. Looking for them takes time.
    fn wants_departures(&self) -> bool {
        false
    }

    /// A decrypted packet, as an IP packet of its own: the packet in a tunnel, or the packet as it was before
    /// transport mode was applied. When such packets are nested, there is one call for each, and the innermost is
    /// the last.
    fn decrypted(&mut self, parts: &[&[u8]]) {
        let _ = parts;
    }

    /// Whether messages are encoded again and reported to `rebuilt`.
    fn wants_rebuilt(&self) -> bool {
        false
    }

    /// A message was encoded again.
    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        let _ = rebuilt;
    }
}
