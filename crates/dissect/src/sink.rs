//! The interface between the dissector and its output: a [`Sink`] receives protocols, fields and faults in the
//! order of the octets.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wire::LengthError;

use capture::{Frame, LinkType, Timestamp};

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
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.protocol, self.reason)
    }
}

/// The reason why something cannot be dissected.
///
/// Its text says what was found and, where it applies, what was expected. It contains no octets of the packet.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The octets end too early. The offset counts from the start of the span's source.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// A length field in a header is smaller than the header allows.
    #[error("the {field} field says {value}, but it must be at least {least}")]
    LengthField {
        /// The filter name of the field.
        field: &'static str,
        /// The value of the field.
        value: usize,
        /// The smallest value that is allowed.
        least: usize,
    },
    /// The version field holds a version that the protocol does not have.
    #[error("the version field says {0}, which this protocol does not have")]
    Version(u8),
    /// The capture has a link type that no dissector is known for.
    #[error(
        "the link type {0} is not supported: name a dissector for it with a --decode-as rule for wtap_encap"
    )]
    LinkType(LinkType),
    /// More protocols are nested than [`Options::nesting_limit`](crate::Options::nesting_limit) allows.
    #[error(
        "more than {limit} protocols are nested, so the octets inside the innermost one are not dissected"
    )]
    Nesting {
        /// The largest number of nested protocols.
        limit: usize,
    },
    /// Showing the whole frame would take more output than [`Options::frame_budget`](crate::Options::frame_budget)
    /// allows.
    #[error(
        "the output for one frame is limited to about {limit} octets, so the rest of this frame is not shown"
    )]
    Budget {
        /// The largest number of octets of output, roughly.
        limit: usize,
    },
    /// Fragments of one datagram overlap and are not identical. The datagram is discarded.
    #[error(
        "the fragment at offset {start} overlaps one that was received before, so the datagram is not reassembled"
    )]
    FragmentOverlap {
        /// The offset of the fragment in its datagram.
        start: usize,
    },
    /// A fragment reaches beyond the end that the last fragment determines, or beyond 65,535 octets.
    #[error(
        "the fragment ends at offset {end}, beyond the end of the datagram at {limit}, so the datagram is not reassembled"
    )]
    FragmentBeyondEnd {
        /// The offset at which the fragment ends.
        end: usize,
        /// The offset at which the datagram ends.
        limit: usize,
    },
    /// A fragment that is not the last one has a length that is not a multiple of 8.
    #[error("the fragment has {len} octets, but before the last fragment the length must be a multiple of 8")]
    FragmentLength {
        /// The length of the fragment.
        len: usize,
    },
    /// An HSRP message violates its format.
    #[error(transparent)]
    Hsrp(#[from] hsrp::ParseError),
    /// None of the given keys produces the digest of an HSRP message.
    #[error("the MD5 digest matches no key that was given for the group (keys tried: {keys})")]
    HsrpDigest {
        /// The number of keys that were tried.
        keys: usize,
    },
    /// The digest of an HSRP message cannot be checked with any key.
    #[error("the MD5 digest cannot be verified: {0}")]
    HsrpAuthentication(#[from] hsrp::authentication::AuthenticationError),
    /// An ISAKMP message or payload violates its format.
    #[error(transparent)]
    Isakmp(#[from] isakmp::ParseError),
    /// Fragments of an ISAKMP message do not fit together. The fragments before this one are discarded.
    #[error(transparent)]
    IsakmpFragment(#[from] isakmp::reassembly::ReassemblyError),
    /// The HASH of a message, encrypted or in the clear, is wrong: the message was changed, or the keys belong to
    /// another SA.
    #[error("{hash} is wrong: the message was changed, or the keys that were given belong to another SA")]
    IsakmpHash {
        /// The name of the HASH in RFC 2409.
        hash: &'static str,
    },
    /// Keys are given for an encrypted message, but decrypting with them yields no valid payloads.
    #[error("the message is not decrypted: no key set yields valid payloads (key sets tried: {keys})")]
    IsakmpKeys {
        /// The number of key sets that were tried.
        keys: usize,
    },
    /// The secrets that are given for an encrypted message do not yield a key, or no key of the right cipher.
    #[error(
        "the message is not decrypted: the keys that were given do not yield a key for the negotiated cipher"
    )]
    IsakmpNoKey,
    /// Keys are given for an encrypted message, but phase 1 was not seen. The initialization vectors depend on it.
    #[error(
        "the message is not decrypted: phase 1, which its initialization vectors depend on, is not in the capture"
    )]
    IsakmpPhase1,
    /// An encrypted message has no body, or its body does not consist of whole cipher blocks.
    #[error(transparent)]
    IsakmpBody(#[from] ikev1::BodyError),
    /// The octets are not a valid GRE packet.
    #[error(transparent)]
    Gre(#[from] gre::ParseError),
    /// An NHRP packet violates its format.
    #[error(transparent)]
    Nhrp(#[from] nhrp::ParseError),
    /// The octets are not a valid packet of ESP or AH.
    #[error(transparent)]
    Esp(#[from] ipsec::ParseError),
    /// An ESP packet cannot be opened with the keys that are given, or its padding is wrong.
    #[error(transparent)]
    EspOpen(#[from] ipsec::esp::OpenError),
    /// The ICV of an ESP packet is wrong: the packet was changed, or the keys belong to another SA.
    #[error(
        "the ICV matches no key that was given for the SA (keys tried: {keys}), so the packet is not decrypted"
    )]
    Icv {
        /// The number of keys that were tried.
        keys: usize,
    },
    /// An AH packet cannot be checked with the keys that are given.
    #[error(transparent)]
    AhOpen(#[from] ipsec::ah::OpenError),
    /// The ICV of an AH packet is wrong: the packet was changed in a field that must not change, or the keys belong
    /// to another SA.
    #[error("the ICV matches no key that was given for the SA (keys tried: {keys})")]
    AhIcv {
        /// The number of keys that were tried.
        keys: usize,
    },
    /// An ESP packet was decrypted without an authentication key, so nothing verifies it.
    #[error(
        "the packet is decrypted but not verified: the keys that were given contain no authentication key"
    )]
    Unverified,
    /// The receiver of an IPsec packet drops it, because its sequence number was used before or is too old.
    #[error(transparent)]
    Replay(#[from] ipsec::ReplayError),
    /// Sequence numbers were skipped: packets were lost, or they were not captured.
    #[error("sequence numbers are missing before {number} (count: {missing})")]
    SequenceGap {
        /// How many numbers were skipped.
        missing: u64,
        /// The number of the packet that follows the gap.
        number: ipsec::SequenceNumber,
    },
    /// An SCTP packet, chunk, parameter or error cause violates its format.
    #[error(transparent)]
    Sctp(#[from] sctp::ParseError),
    /// A fragment of an SCTP user message differs from a fragment that was received before under the same number.
    #[error(
        "fragment {number} of a user message was received before with other contents, so the fragments around it are discarded"
    )]
    UserMessageConflict {
        /// The TSN of the chunk, or its fragment sequence number.
        number: u32,
    },
    /// An HA message or attribute violates the HA profile of `vpnwire-hasync`.
    #[error(transparent)]
    Ha(#[from] hasync::ParseError),
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
}

/// Pieces that are written one after the other.
pub(crate) struct Parts<'a>(pub(crate) &'a [Part<'a>]);

impl fmt::Display for Parts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => formatter.write_str(text),
            Part::Number(number) => number.fmt(formatter),
            Part::Hexadecimal(number) => write!(formatter, "{number:#010x}"),
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
