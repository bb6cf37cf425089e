//! Where dissection goes: a [`Sink`] is told of protocols, fields and faults in the order of the octets.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wire::LengthError;

use capture::{Frame, LinkType, Timestamp};

/// Which octets a span counts in: 0 is the frame, each reassembly or decryption adds one.
pub type SourceId = u16;

/// A run of octets of one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// First octet, from the start of the source.
    pub start: usize,
    /// Octets in the run.
    pub len: usize,
}

/// A protocol as it is named to people and in filters.
#[derive(Debug, PartialEq, Eq)]
pub struct Protocol {
    /// The display-filter name: `hsrp`.
    pub filter: &'static str,
    /// The name in full, for the tree.
    pub title: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A number people read in decimal.
    Unsigned(u64),
    /// A number people read in hexadecimal, with this many digits.
    Hexadecimal(u64, u8),
    /// A number of a registry, with its name where it has one.
    Named(u64, Option<&'static str>),
    /// A number that can be negative.
    Signed(i64),
    /// A bit.
    Boolean(bool),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A MAC address.
    Mac([u8; 6]),
    /// Octets that are text; trailing NULs are no part of it.
    Text(&'a [u8]),
    /// What a table calls the octets.
    Name(&'static str),
    /// Octets that are a value of their protocol: a cookie, a digest, an initialization vector.
    Octets(&'a [u8]),
    /// Octets that nobody took apart: a payload without a dissector, a trailer, the value of an unknown element, ciphertext. What is
    /// in them is not known, and may be keys: a sink shows their number, and the octets where it was asked for them.
    Opaque(&'a [u8]),
    /// A moment.
    Time(Timestamp),
}

impl Value<'_> {
    /// The value as a sink shows it that was asked for octets which nobody took apart, or was not.
    pub(crate) const fn shown(self, with_octets: bool) -> Self {
        match self {
            Self::Opaque(octets) if with_octets => Self::Octets(octets),
            value => value,
        }
    }
}

/// A count of octets as the value of a field.
pub(crate) fn count(octets: usize) -> u64 {
    // default: a count that no u64 holds is above that of any octets
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

/// Something that cannot be dissected as it should: what and where. The rest of the packet is shown all the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// Filter name of the protocol that met it.
    pub protocol: &'static str,
    /// What is wrong.
    pub reason: Reason,
    /// The octets that are.
    pub span: Span,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.protocol, self.reason)
    }
}

/// Why something cannot be dissected.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Octets ended too early; the offset counts from the start of the span's source.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// A header's own length field is below or beyond what it can be.
    #[error("{field} is {value}, at least {least} needed")]
    LengthField {
        /// The field.
        field: &'static str,
        /// What it says.
        value: usize,
        /// The least it can say.
        least: usize,
    },
    /// A version that the header's protocol does not have.
    #[error("version {0}")]
    Version(u8),
    /// The capture's link type is none that is looked into here.
    #[error("link type {} ({}) is not looked into", .0.0, .0.name().unwrap_or("it has no name here"))]
    LinkType(LinkType),
    /// Protocols nest deeper than the dissector goes.
    #[error("more than {limit} protocols nest: not looked into further")]
    Nesting {
        /// The bound.
        limit: usize,
    },
    /// Telling all of the frame would cost more than the dissector spends on one.
    #[error(
        "what can be told of one frame is bounded to about {limit} octets of output, and the rest of this one is not shown"
    )]
    Budget {
        /// The bound.
        limit: usize,
    },
    /// Fragments of one datagram overlap and differ in extent; the datagram is given up.
    #[error("fragment at {start} overlaps one received before: the datagram is not reassembled")]
    FragmentOverlap {
        /// Offset of the fragment in its datagram.
        start: usize,
    },
    /// A fragment reaches beyond the end that the last fragment set, or beyond 65,535 octets.
    #[error("fragment ends at {end}, beyond the datagram's {limit} octets: the datagram is not reassembled")]
    FragmentBeyondEnd {
        /// Where it ends.
        end: usize,
        /// Where the datagram ends.
        limit: usize,
    },
    /// A fragment other than the last has a length that is no multiple of 8.
    #[error("fragment of {len} octets with more to come: no multiple of 8")]
    FragmentLength {
        /// Its length.
        len: usize,
    },
    /// An HSRP message breaks its format.
    #[error(transparent)]
    Hsrp(#[from] hsrp::ParseError),
    /// An HSRP digest that none of the given keys makes.
    #[error("the MD5 digest matches no key given for the group, of {keys}")]
    HsrpDigest {
        /// How many keys were tried.
        keys: usize,
    },
    /// An HSRP digest that no key can be tried on.
    #[error("the MD5 digest is not verified: {0}")]
    HsrpAuthentication(#[from] hsrp::authentication::AuthenticationError),
    /// An ISAKMP message or payload breaks its format.
    #[error(transparent)]
    Isakmp(#[from] isakmp::ParseError),
    /// Fragments of an ISAKMP message do not go together: those before this one are given up.
    #[error(transparent)]
    IsakmpFragment(#[from] isakmp::reassembly::ReassemblyError),
    /// The HASH of a decrypted message, or of one in the clear, is wrong: it was changed, or the keys are others.
    #[error("{hash} is wrong under the keys given")]
    IsakmpHash {
        /// Which one, as RFC 2409 calls it.
        hash: &'static str,
    },
    /// Keys are given for an encrypted message, and none of them makes payloads of it.
    #[error("not decrypted: no payloads under the keys given, of {keys}")]
    IsakmpKeys {
        /// How many sets of keys were tried.
        keys: usize,
    },
    /// What is given for an encrypted message is not enough for a key, or not of its cipher.
    #[error("not decrypted: what is given makes no key of the cipher that was negotiated")]
    IsakmpNoKey,
    /// Keys are given for an encrypted message, and phase 1, which its vectors come from, was not seen.
    #[error("not decrypted: phase 1 is not in the capture")]
    IsakmpPhase1,
    /// An encrypted message without a body, or with one that does not fill its blocks.
    #[error(transparent)]
    IsakmpBody(#[from] ikev1::BodyError),
    /// Octets that are no GRE packet.
    #[error(transparent)]
    Gre(#[from] gre::ParseError),
    /// An NHRP packet breaks its format.
    #[error(transparent)]
    Nhrp(#[from] nhrp::ParseError),
    /// Octets that are no packet of ESP or AH.
    #[error(transparent)]
    Esp(#[from] ipsec::ParseError),
    /// An ESP packet cannot be opened with the keys given, or its padding is wrong.
    #[error(transparent)]
    EspOpen(#[from] ipsec::esp::OpenError),
    /// The ICV of a packet of IPsec is wrong: it was changed, or the keys are others.
    #[error("the ICV matches no key given for the SA, of {keys}: not decrypted")]
    Icv {
        /// How many keys were tried.
        keys: usize,
    },
    /// A packet of AH cannot be looked at with the keys given.
    #[error(transparent)]
    AhOpen(#[from] ipsec::ah::OpenError),
    /// The ICV of a packet of AH is wrong: it was changed where nothing may change it, or the keys are others.
    #[error("the ICV is wrong under the keys given, of {keys}")]
    AhIcv {
        /// How many keys were tried.
        keys: usize,
    },
    /// A packet of IPsec was decrypted without an authentication key.
    #[error("decrypted, not verified: the keys have none for authentication")]
    Unverified,
    /// A packet of IPsec that its receiver drops, for its sequence number came before or is too old.
    #[error(transparent)]
    Replay(#[from] ipsec::ReplayError),
    /// Sequence numbers were left out: packets were lost, or not captured.
    #[error("{missing} missing before sequence number {number}")]
    SequenceGap {
        /// How many.
        missing: u64,
        /// The number that came instead.
        number: ipsec::SequenceNumber,
    },
    /// An SCTP packet, chunk, parameter or cause breaks its format.
    #[error(transparent)]
    Sctp(#[from] sctp::ParseError),
    /// A fragment of an SCTP user message differs from what was received under its number before.
    #[error("fragment {number} of a user message is not what it was before: those around it are given up")]
    UserMessageConflict {
        /// TSN of the chunk, or fragment sequence number.
        number: u32,
    },
    /// An HA message or attribute breaks the profile.
    #[error(transparent)]
    Ha(#[from] hasync::ParseError),
}

/// A packet's endpoints, for those who show one line a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A piece of a line. Lines that every other packet has are put together from these, at a fraction of what formatting
/// costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text as it is.
    Text(&'a str),
    /// A number in decimal.
    Number(u64),
    /// A number in hexadecimal: 0x and eight digits.
    Hexadecimal(u32),
}

/// Parts one after the other.
struct Parts<'a>(&'a [Part<'a>]);

impl fmt::Display for Parts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => formatter.write_str(text),
            Part::Number(number) => number.fmt(formatter),
            Part::Hexadecimal(number) => write!(formatter, "{number:#010x}"),
        })
    }
}

/// What became of a message that was decoded and encoded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same octets.
    Identical,
    /// Other octets, and only because a derived value was wrong on the wire.
    Corrected,
    /// Other octets: a defect of the codec.
    Different,
    /// It could not be decoded.
    Undecodable,
    /// It is ciphertext, and there is no key.
    Opaque,
    /// The capture was cut before its end: not looked at.
    Truncated,
}

/// A message decoded and encoded again. `Debug` tells how many octets there are, but not which, because they may be keys.
#[derive(Clone, Copy)]
pub struct Rebuilt<'a> {
    /// Filter name of its protocol.
    pub protocol: &'static str,
    /// Where it stands.
    pub span: Span,
    /// What became of it.
    pub outcome: Outcome,
    /// Octets that were made from values.
    pub octets_rebuilt: usize,
    /// Octets that were copied, their type being unknown.
    pub octets_copied: usize,
    /// The octets as received, which may be keys; empty where the frame has cost enough.
    pub expected: &'a [u8],
    /// The octets as emitted, which may be keys; empty where there are none.
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
/// For each frame: `begin`, then any number of the others, then `end`. Every `enter` has one `leave`, and every `enter_field` has
/// one `leave_field`, whatever the sink looks at; they nest. All methods but the first four have a default, which is empty but for
/// `enter_field` and `summary_parts`: a sink that overrides `enter_field` overrides `leave_field` too.
pub trait Sink {
    /// Whether fields are looked at. Where they are not, `field`, `enter_field` and `leave_field` are never called, and no field
    /// counts against the bound on fields.
    const FIELDS: bool = true;

    /// A protocol begins; it holds the span's octets.
    fn enter(&mut self, protocol: &'static Protocol, span: Span);

    /// A field of the protocol that was entered last.
    fn field(&mut self, name: &'static str, value: Value<'_>, span: Span);

    /// Something is wrong.
    fn fault(&mut self, fault: Fault);

    /// The protocol entered last ends.
    fn leave(&mut self);

    /// A field that holds other fields: the next ones, up to its `leave_field`.
    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.field(name, value, span);
    }

    /// The field entered last ends.
    fn leave_field(&mut self) {}

    /// A frame begins.
    fn begin(&mut self, frame: &Frame<'_>) {
        let _ = frame;
    }

    /// The frame ends.
    fn end(&mut self, frame: &Frame<'_>) {
        let _ = frame;
    }

    /// Octets that spans from now on refer to by `id`.
    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        let _ = (id, name, octets);
    }

    /// Who sent the packet to whom, as far as dissected; a later call overrides an earlier one.
    fn endpoints(&mut self, source: Address, destination: Address) {
        let _ = (source, destination);
    }

    /// What the packet says in a line, under a protocol's short name; a later call overrides an earlier one.
    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        let _ = (protocol, text);
    }

    /// As `summary`, with the text in pieces.
    fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        self.summary(protocol, format_args!("{}", Parts(parts)));
    }

    /// The packet decodes, but departs from its RFC.
    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        let _ = (text, reference, span);
    }

    /// Whether the lines are wanted that a router would print: making them costs time.
    fn wants_debug_lines(&self) -> bool {
        false
    }

    /// Lines that a router would print of the message under its debug command, each ended by a newline.
    fn debug_lines(&mut self, lines: fmt::Arguments<'_>) {
        let _ = lines;
    }

    /// Whether octets that nobody took apart are shown, which costs more than their number.
    fn wants_octets(&self) -> bool {
        false
    }

    /// Whether departures are wanted: looking for them costs time.
    fn wants_departures(&self) -> bool {
        false
    }

    /// A packet that was decrypted, as an IP packet of its own: what a tunnel carries, or the packet as it was before
    /// transport mode. Of packets in one another each is told, the innermost last.
    fn decrypted(&mut self, parts: &[&[u8]]) {
        let _ = parts;
    }

    /// Whether messages are to be encoded again and reported to `rebuilt`.
    fn wants_rebuilt(&self) -> bool {
        false
    }

    /// A message was encoded again.
    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        let _ = rebuilt;
    }
}
