//! A whole message: its header, and its payloads or the encrypted octets that hide them.

use wire::{Elements, Emit, EmitError, LengthError, List, Members, Parsed, Writer};

use crate::header::WITHIN;
use crate::payload::framing::chain_len;
use crate::{
    Flags, FramedHeader, Header, NegotiationContext, ParseError, Payload, PayloadFraming, PayloadType,
    Payloads,
};

mod unfinished;

pub use unfinished::UnfinishedMessage;

/// The part of a message behind the header. The enum is exhaustive on purpose, because the encryption flag has two
/// values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Body<'a> {
    /// The payloads of a message that is not encrypted.
    Payloads(Payloads<'a>),
    /// Octets to decrypt. The encryption flag is set.
    Encrypted(Encrypted<'a>),
}

impl Default for Body<'_> {
    fn default() -> Self {
        Self::Payloads(Payloads::default())
    }
}

impl<'a> Body<'a> {
    /// Returns the payloads. `None` when the body is encrypted.
    #[must_use]
    pub const fn payloads(&self) -> Option<&Payloads<'a>> {
        match self {
            Self::Payloads(payloads) => Some(payloads),
            Self::Encrypted(_) => None,
        }
    }
}

/// An encrypted body. The struct is exhaustive on purpose: it has only the octets, and the type of their first
/// payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Encrypted<'a> {
    /// The type of the first payload, which stands in the clear header.
    pub next_payload: PayloadType,
    /// The encrypted octets.
    pub octets: &'a [u8],
}

impl Encrypted<'_> {
    /// Frames the payloads of this body from its decrypted octets, and returns the octets after the last payload,
    /// which are the padding of the cipher. Offsets count from the start of the message.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when a payload ends after the octets. After decryption with a wrong key this is
    /// nearly always so.
    pub fn payloads<'d>(
        &self,
        decrypted: &'d [u8],
        context: NegotiationContext,
    ) -> Result<(Payloads<'d>, &'d [u8]), ParseError> {
        Ok(self.payloads_until_error(decrypted, context).strict()?)
    }

    /// Frames the payloads as [`payloads`](Self::payloads) does, up to the first fault, and returns the fault beside
    /// them. It is for a caller that shows broken packets.
    #[must_use]
    pub fn payloads_until_error<'d>(
        &self,
        decrypted: &'d [u8],
        context: NegotiationContext,
    ) -> Parsed<'d, Payloads<'d>, LengthError> {
        let framing = PayloadFraming::first(self.next_payload).in_context(context);
        Payloads::parse_until_error(decrypted, FramedHeader::LEN, framing)
    }
}

/// An ISAKMP message (RFC 2408 section 3). The struct is exhaustive on purpose, because the figure has no other part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// The header. When its encryption flag is set and the body is [`Body::Payloads`], the payloads are decrypted
    /// ones. Such a message cannot be written, because a reader would take its octets for encrypted ones.
    pub header: Header,
    /// The part of the message behind the header.
    pub body: Body<'a>,
    /// The octets after the last payload that the total length covers: the padding of a cipher, or zeros that align
    /// the message. They are empty in a message that was read with an encrypted body.
    pub trailing: &'a [u8],
}

impl<'a> Message<'a> {
    /// Decodes a message in an empty context; [`in_context`](Self::in_context) gives it another context. Payloads are
    /// framed and checked against the octets at once, but each body is decoded when it is met.
    ///
    /// `Ok` says nothing about the bodies. One that is malformed is
    /// [`PayloadBody::Malformed`](crate::PayloadBody::Malformed), and a malformed proposal or transform inside a
    /// security association is [`Nested::Malformed`](crate::Nested::Malformed).
    ///
    /// # Errors
    /// Returns [`ParseError`] when the header is short, when its major version is not 1, when the total length is
    /// above the number of octets or below the length of the header, when a payload ends after the message, or when
    /// octets follow the message.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (message, []) => Ok(message),
            (_, rest) => Err(ParseError::TrailingOctets {
                element: "ISAKMP message",
                within: WITHIN,
                offset: octets.len().saturating_sub(rest.len()),
                count: rest.len(),
            }),
        }
    }

    /// Decodes a message and returns the octets after it.
    ///
    /// # Errors
    /// Returns [`ParseError`] in the same cases as [`parse`](Self::parse), except that octets may follow the message.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Decodes as much of a message as there is. It is for a caller that shows broken packets. When the total length
    /// does not fit the octets, all of them are taken for the message. Payloads are framed up to the first fault, and
    /// a payload that is cut is the last one. When both are wrong, the total length is the fault.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the header is short, or when its major version is not 1.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let (framed, after_header) = FramedHeader::parse_prefix(octets)?;
        framed.check_version()?;
        let (body, behind, length_fault) = framed.body(after_header);
        if framed.header.flags.contains(Flags::ENCRYPTION) {
            let encrypted = Encrypted { next_payload: framed.next_payload, octets: body };
            let message = Self { header: framed.header, body: Body::Encrypted(encrypted), trailing: &[] };
            return Ok(Parsed { value: message, rest: behind, fault: length_fault });
        }
        let framing = PayloadFraming::first(framed.next_payload);
        let Parsed { value: payloads, rest, fault } =
            Payloads::parse_until_error(body, FramedHeader::LEN, framing);
        let (trailing, rest) = match fault {
            None => (rest, behind),
            // The rest is the octets from the fault on, with those after the message.
            Some(_) => {
                let framed_len = body.len().saturating_sub(rest.len());
                // default: never taken, the payloads stand inside what follows the header
                (&[][..], after_header.get(framed_len..).unwrap_or_default())
            }
        };
        let message = Self { header: framed.header, body: Body::Payloads(payloads), trailing };
        Ok(Parsed { value: message, rest, fault: length_fault.or(fault.map(ParseError::Length)) })
    }

    /// Returns the same message with the payload numbers decoded as they are meant in `context`. Payloads that were
    /// built from values stay as they are.
    #[must_use]
    pub fn in_context(self, context: NegotiationContext) -> Self {
        let body = match self.body {
            Body::Payloads(List::Framed(chain)) if *chain.framing().context() != context => {
                // default: never taken, a context changes what numbers mean and never where a payload ends
                let again = chain.with_framing(chain.framing().in_context(context)).unwrap_or(chain);
                Body::Payloads(List::Framed(again))
            }
            other => other,
        };
        Self { body, ..self }
    }

    /// Returns the payloads, decoded one by one. An encrypted body has no payloads here.
    #[must_use]
    pub fn payloads(&self) -> Members<'a, PayloadFraming, Payload<'a>> {
        match &self.body {
            Body::Payloads(payloads) => payloads.iter(),
            Body::Encrypted(_) => Payloads::default().iter(),
        }
    }

    /// Returns the payloads as they were framed, with their offsets. An encrypted body has no elements, and neither
    /// has a message that was built from values.
    ///
    /// The header of an element keeps the number of the wire, whatever the context is: a NAT-D of draft 07 has the type
    /// 15 here, which prints as `SA KEK`, while [`payloads`](Self::payloads) decodes it as NAT-D.
    /// [`NegotiationContext::meaning`] returns the type that is meant.
    #[must_use]
    pub fn elements(&self) -> Elements<'a, PayloadFraming> {
        match &self.body {
            Body::Payloads(payloads) => payloads.elements(),
            Body::Encrypted(_) => Payloads::default().elements(),
        }
    }
}

/// Writes each payload from its value. Unknown and malformed payloads are written as they were read. The type of the
/// first payload, the links between payloads and the total length are derived. The encryption flag must fit the body.
impl Emit for Message<'_> {
    fn wire_len(&self) -> usize {
        let body_len = match &self.body {
            Body::Payloads(payloads) => chain_len(payloads),
            Body::Encrypted(encrypted) => encrypted.octets.len(),
        };
        body_len.saturating_add(self.trailing.len()).saturating_add(FramedHeader::LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let reason = match (self.header.flags.contains(Flags::ENCRYPTION), &self.body) {
            (true, Body::Payloads(_)) => Some("the encryption flag is set, but the body is payloads"),
            (false, Body::Encrypted(_)) => Some("the encryption flag is clear, but the body is encrypted"),
            (true, Body::Encrypted(_)) | (false, Body::Payloads(_)) => None,
        };
        if let Some(reason) = reason {
            return Err(EmitError::Contradiction { field: "Flags", reason });
        }
        match &self.body {
            Body::Payloads(payloads) => {
                let (message, framing) = UnfinishedMessage::begin(writer, &self.header)?;
                payloads.emit_chain(writer, framing)?;
                writer.put(self.trailing)?;
                message.finish(writer)
            }
            Body::Encrypted(Encrypted { next_payload, octets }) => {
                let length = EmitError::fit_u32("Length", self.wire_len())?;
                let framed = FramedHeader { header: self.header, next_payload: *next_payload, length };
                framed.write(writer)?;
                writer.put(octets)?;
                writer.put(self.trailing)
            }
        }
    }
}

impl<'a> TryFrom<&'a [u8]> for Message<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests;
