//! A whole message: header, and payloads or what hides them.

use wire::{Elements, Emit, EmitError, LengthError, List, Members, Parsed, Writer};

use crate::payload::framing::chain_len;
use crate::{
    Flags, FramedHeader, Header, NegotiationContext, ParseError, Payload, PayloadFraming, PayloadType,
    Payloads,
};

mod unfinished;

pub use unfinished::UnfinishedMessage;

/// What follows the header. Exhaustive on purpose: the encryption flag has two values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Body<'a> {
    /// Payloads.
    Payloads(Payloads<'a>),
    /// Octets to decrypt: the encryption flag is set.
    Encrypted(Encrypted<'a>),
}

impl Default for Body<'_> {
    fn default() -> Self {
        Self::Payloads(Payloads::default())
    }
}

impl<'a> Body<'a> {
    /// The payloads, when they can be read.
    #[must_use]
    pub const fn payloads(&self) -> Option<&Payloads<'a>> {
        match self {
            Self::Payloads(payloads) => Some(payloads),
            Self::Encrypted(_) => None,
        }
    }
}

/// An encrypted body. Exhaustive on purpose: it is the octets, and the type of their first payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Encrypted<'a> {
    /// Type of the first payload, which stands in the clear header.
    pub next_payload: PayloadType,
    /// The octets.
    pub octets: &'a [u8],
}

impl Encrypted<'_> {
    /// Frames the payloads of this body when it is decrypted, and returns the octets after the last one, which are the
    /// cipher's padding. Offsets count from the start of the message.
    ///
    /// # Errors
    /// When a payload ends after the octets: with the wrong key nearly always.
    pub fn payloads<'d>(
        &self,
        decrypted: &'d [u8],
        context: NegotiationContext,
    ) -> Result<(Payloads<'d>, &'d [u8]), ParseError> {
        Ok(self.payloads_until_error(decrypted, context).strict()?)
    }

    /// As [`payloads`](Self::payloads), for a caller that shows broken packets: the payloads up to the first fault, and
    /// the fault.
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

/// An ISAKMP message, RFC 2408 section 3. Exhaustive on purpose: the figure has no other part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// Header. Where its encryption flag is set and the body is [`Body::Payloads`], the payloads are decrypted ones. Such a
    /// message is not written: its octets would be read as encrypted ones.
    pub header: Header,
    /// What follows it.
    pub body: Body<'a>,
    /// Octets after the last payload that the total length covers: the padding of a cipher, or zeros that align a message.
    /// A message that was read with an encrypted body has no such octets.
    pub trailing: &'a [u8],
}

impl<'a> Message<'a> {
    /// Decodes a message, in an empty context: [`in_context`](Self::in_context) gives it another. Payloads are framed and
    /// checked against the octets; each body is decoded when it is met.
    ///
    /// # Errors
    /// When the header is short, its major version not 1, its length above that of the octets or below its own, a payload
    /// ends after the message, or octets follow the message.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (message, []) => Ok(message),
            (_, rest) => Err(ParseError::TrailingOctets {
                element: "ISAKMP message",
                offset: octets.len().saturating_sub(rest.len()),
                count: rest.len(),
            }),
        }
    }

    /// Decodes a message and returns the octets after it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for octets that follow the message.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Decodes as much of a message as there is, for a caller that shows broken packets. Where the total length does not
    /// fit the octets, all of them are taken for the message; payloads are framed up to the first fault, and a payload
    /// that is cut is the last one. When both are wrong, the fault is that of the total length.
    ///
    /// # Errors
    /// When the header is short, or its major version not 1.
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
            // The octets from the fault on, and those after the message.
            Some(_) => {
                let framed_len = body.len().saturating_sub(rest.len());
                // default: never taken, the payloads stand inside what follows the header
                (&[][..], after_header.get(framed_len..).unwrap_or_default())
            }
        };
        let message = Self { header: framed.header, body: Body::Payloads(payloads), trailing };
        Ok(Parsed { value: message, rest, fault: length_fault.or(fault.map(ParseError::Length)) })
    }

    /// The same message with payloads that are decoded as `context` says their numbers are meant. Payloads that were built
    /// from values stay what they are.
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

    /// The payloads, decoded one by one; none of an encrypted body.
    #[must_use]
    pub fn payloads(&self) -> Members<'a, PayloadFraming, Payload<'a>> {
        match &self.body {
            Body::Payloads(payloads) => payloads.iter(),
            Body::Encrypted(_) => Payloads::default().iter(),
        }
    }

    /// The payloads as they were framed, with their offsets; none of an encrypted body, or of a message that was built from
    /// values.
    #[must_use]
    pub fn elements(&self) -> Elements<'a, PayloadFraming> {
        match &self.body {
            Body::Payloads(payloads) => payloads.elements(),
            Body::Encrypted(_) => Payloads::default().elements(),
        }
    }
}

/// Each payload is written from its value; unknown and malformed ones are written as they were read. The type of the first
/// payload, the links between payloads and the total length follow. The encryption flag has to say what the body is.
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
            (true, Body::Payloads(_)) => Some("they say that the body is encrypted, but it is payloads"),
            (false, Body::Encrypted(_)) => Some("they say that the body is payloads, but it is encrypted"),
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
