//! Typed records of what a sink is told: one for each message, payload, chunk, packet of IPsec and fault, for reports and tables.
//!
//! [`Records`] is a sink. It reads the fields that the dissector tells, and gives each [`Record`] away as soon as it is complete, so
//! that a capture of any size needs the memory of one frame. A field that a packet does not have, or that was cut off, is `None`.
//!
//! ```
//! use vpnwire_dissect::capture::{Frame, LinkType, Timestamp};
//! use vpnwire_dissect::record::{Kind, Records};
//! use vpnwire_dissect::{Dissector, Options};
//!
//! // IPv4, UDP, and the HSRP Hello of an active router with priority 200
//! let octets = [
//!     0x45, 0xc0, 0, 48, 0, 0, 0, 0, 1, 17, 0x99, 0x2e, 172, 16, 172, 52, 224, 0, 0, 2, //
//!     0x07, 0xc1, 0x07, 0xc1, 0, 28, 0, 0, //
//!     0, 0, 16, 3, 10, 200, 1, 0, b'c', b'i', b's', b'c', b'o', 0, 0, 0, 172, 16, 172, 53,
//! ];
//! let frame = Frame { number: 1, time: Some(Timestamp(0)), time_digits: 9, link: LinkType::RAW, len: 48, octets: &octets };
//! let mut priorities = Vec::new();
//! let mut sink = Records::new(|record| {
//!     if let Kind::Hsrp(hello) = record.kind {
//!         priorities.push((record.frame, hello.priority));
//!     }
//! });
//! Dissector::new(Options::default()).frame(frame, &mut sink);
//! assert_eq!(priorities, [(1, Some(200))]);
//! ```

use capture::Timestamp;

use crate::sink::{Address, Span};

mod collector;
mod kinds;
mod value;

pub(crate) use collector::Collector;
pub use collector::Records;
pub use kinds::{Ah, Chunk, Esp, Ha, Hsrp, Isakmp, Nhrp, NhrpClient, Payload, Sctp};
pub use value::Number;

/// One thing that a frame holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// Number of the frame, from 1.
    pub frame: u64,
    /// When the frame was captured; `None` when the capture does not say.
    pub time: Option<Timestamp>,
    /// Number of the record in its frame, from 0, in the order in which the things in it begin.
    pub number: u32,
    /// Number of the record that this one stands inside: of the ISAKMP message around a payload, of the SCTP packet around a chunk, of
    /// the ESP packet around what was decrypted. It is given away after this one.
    pub parent: Option<u32>,
    /// The sender of the innermost IP packet around the thing, or of the link where there is no IP.
    pub source: Option<Address>,
    /// The receiver, as `source`.
    pub destination: Option<Address>,
    /// Whether it stands in a packet that another one quotes: it was sent elsewhere, and perhaps earlier.
    pub is_quoted: bool,
    /// What it is.
    pub kind: Kind,
}

/// What a record is of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// An HSRP message of one group.
    Hsrp(Hsrp),
    /// An ISAKMP message.
    Isakmp(Box<Isakmp>),
    /// A payload of an ISAKMP message, or a proposal or transform inside of one.
    Payload(Box<Payload>),
    /// A packet of ESP.
    Esp(Esp),
    /// A packet of AH.
    Ah(Ah),
    /// An NHRP packet.
    Nhrp(Box<Nhrp>),
    /// A client information entry of an NHRP packet.
    NhrpClient(NhrpClient),
    /// An SCTP packet.
    Sctp(Sctp),
    /// A chunk of an SCTP packet.
    Chunk(Box<Chunk>),
    /// An HA synchronisation message.
    Ha(Box<Ha>),
    /// A part that cannot be dissected as it should.
    Fault(Fault),
    /// A part that decodes and departs from its RFC.
    Departure(Departure),
}

/// What cannot be dissected as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Display-filter name of the protocol that met it: `esp`.
    pub protocol: &'static str,
    /// What is wrong, as text.
    pub reason: String,
    /// The octets that are wrong.
    pub span: Span,
    /// Where the cause lies: in the packet, or in what the capture lacks.
    pub cause: crate::Cause,
}

/// What decodes and departs from its RFC.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Departure {
    /// What departs, as text.
    pub text: String,
    /// The RFC and section that it departs from.
    pub reference: &'static str,
    /// The octets that depart.
    pub span: Span,
}
