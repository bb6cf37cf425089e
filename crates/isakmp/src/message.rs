//! A whole message: header, and payloads or what hides them.

use wire::{EmitError, LengthError, Writer};

use crate::payload::{chain_len, emit_element};
use crate::{
    Departure, Flags, FramedHeader, Header, MessageWriter, NegotiationContext, ParseError, Payload,
    PayloadFraming, PayloadType, Payloads, conformance,
};

/// What follows the header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Body<'a> {
    /// Payloads. Octets after the last one are the chain's rest, and belong to the message.
    Payloads(Payloads<'a>),
    /// Octets to decrypt: the encryption flag is set.
    Encrypted(Encrypted<'a>),
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

/// An encrypted body.
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
    /// Frames the payloads of this body when it is decrypted. Offsets count from the start of the message; padding is
    /// the chain's rest.
    ///
    /// # Errors
    /// When a payload ends after the octets: with the wrong key nearly always.
    pub fn payloads<'d>(&self, decrypted: &'d [u8]) -> Result<Payloads<'d>, ParseError> {
        Ok(Payloads::parse(decrypted, FramedHeader::LEN, PayloadFraming::first(self.next_payload))?)
    }

    /// As [`payloads`](Self::payloads), for those who look at broken packets: the payloads framed before a fault, and
    /// the fault.
    #[must_use]
    pub fn payloads_until_error<'d>(&self, decrypted: &'d [u8]) -> (Payloads<'d>, Option<LengthError>) {
        let framing = PayloadFraming::first(self.next_payload);
        let read = Payloads::parse_until_error(decrypted, FramedHeader::LEN, framing);
        (read.value, read.fault)
    }
}

/// What is wrong with a message that was read in spite of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Faults {
    /// The total length is not that of the octets.
    pub length: Option<ParseError>,
    /// The chain of payloads ends early.
    pub chain: Option<LengthError>,
}

impl Faults {
    /// The first fault, if there is one.
    #[must_use]
    pub fn first(&self) -> Option<ParseError> {
        self.length.or(self.chain.map(ParseError::Length))
    }
}

/// An ISAKMP message, RFC 2408 section 3.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// Header. Where its encryption flag is set and the body is [`Body::Payloads`], the payloads are decrypted ones.
    pub header: Header,
    /// What follows it.
    pub body: Body<'a>,
}

impl<'a> Message<'a> {
    /// Decodes a message. Payloads are framed and not decoded: [`Payload::parse`] does that. Octets after the total
    /// length are left out.
    ///
    /// # Errors
    /// When the header is short, its major version not 1, its length above that of the octets or below its own, or a
    /// payload ends after the message.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        Ok(Self::parse_prefix(octets)?.0)
    }

    /// Decodes a message and returns the octets after it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        let (message, rest, faults) = Self::read(octets)?;
        match faults.first() {
            None => Ok((message, rest)),
            Some(fault) => Err(fault),
        }
    }

    /// As [`parse`](Self::parse), telling of derived values that were wrong on the wire: octets after the total length,
    /// and numbers of transforms. [`emit`](Self::emit) writes them right.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_reporting(octets: &'a [u8], report: &mut impl FnMut(Departure)) -> Result<Self, ParseError> {
        let (message, rest) = Self::parse_prefix(octets)?;
        if !rest.is_empty() {
            report(Departure::OctetsAfterMessage { count: rest.len() });
        }
        if let Body::Payloads(payloads) = &message.body {
            conformance::derived(payloads, report);
        }
        Ok(message)
    }

    /// Tells of derived values that were wrong on the wire in payloads that can be read, decrypted ones too: numbers of
    /// transforms.
    pub fn derived(&self, report: &mut impl FnMut(Departure)) {
        if let Body::Payloads(payloads) = &self.body {
            conformance::derived(payloads, report);
        }
    }

    /// Decodes as much of a message as there is, for those who look at broken packets: a length that does not fit the
    /// octets is cut to them, and payloads are framed up to the first fault.
    ///
    /// # Errors
    /// When the header is short, or its major version not 1.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<(Self, Faults), ParseError> {
        let (message, _, faults) = Self::read(octets)?;
        Ok((message, faults))
    }

    fn read(octets: &'a [u8]) -> Result<(Self, &'a [u8], Faults), ParseError> {
        let (framed, after_header) = FramedHeader::parse_prefix(octets)?;
        framed.check_version()?;
        let mut faults = Faults::default();
        let declared = framed.length;
        let body_len = usize::try_from(declared)
            .unwrap_or(usize::MAX)
            .checked_sub(FramedHeader::LEN)
            .unwrap_or_else(|| {
                faults.length = Some(ParseError::TotalLengthBelowHeader { declared });
                after_header.len()
            });
        let (body, rest) = after_header.split_at_checked(body_len).unwrap_or_else(|| {
            faults.length = Some(ParseError::TotalLength { declared, available: octets.len() });
            (after_header, &[])
        });
        let body = if framed.header.flags.contains(Flags::ENCRYPTION) {
            Body::Encrypted(Encrypted { next_payload: framed.next_payload, octets: body })
        } else {
            let framing = PayloadFraming::first(framed.next_payload);
            let wire::Parsed { value: payloads, fault, .. } =
                Payloads::parse_until_error(body, FramedHeader::LEN, framing);
            faults.chain = fault;
            Body::Payloads(payloads)
        };
        Ok((Self { header: framed.header, body }, rest, faults))
    }

    /// The payloads decoded as `context` says, each with its element; none of an encrypted body.
    pub fn payloads(
        &self,
        context: NegotiationContext,
    ) -> impl Iterator<Item = (crate::PayloadElement<'a>, Result<Payload<'a>, ParseError>)> + Clone + use<'a>
    {
        self.body
            .payloads()
            .cloned()
            .into_iter()
            .flatten()
            .map(move |element| (element, Payload::parse(&element, &context)))
    }

    /// Octets of the message.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        let body_len = match &self.body {
            Body::Payloads(payloads) => chain_len(payloads),
            Body::Encrypted(encrypted) => encrypted.octets.len(),
        };
        body_len.saturating_add(FramedHeader::LEN)
    }

    /// Encodes the message and returns its octets' number. Each payload is decoded and written from its value;
    /// unknown and malformed ones are written as they were.
    ///
    /// # Errors
    /// When the buffer is shorter than [`wire_len`](Self::wire_len), or a length does not fit its field.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        self.emit_as(&NegotiationContext::NONE, buffer)
    }

    /// As [`emit`](Self::emit), with payloads decoded as `context` says their numbers are meant.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    pub fn emit_as(&self, context: &NegotiationContext, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = Writer::for_len(buffer, self.wire_len())?;
        self.write(context, &mut writer)?;
        Ok(writer.position())
    }

    /// Encodes the message where `writer` stands.
    ///
    /// # Errors
    /// When the writer has no room, or a length does not fit its field.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.write(&NegotiationContext::NONE, writer)
    }

    fn write(&self, context: &NegotiationContext, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match &self.body {
            Body::Encrypted(Encrypted { next_payload, octets }) => {
                MessageWriter::encrypted(writer, &self.header, *next_payload, octets)
            }
            Body::Payloads(payloads) => {
                let mut message = MessageWriter::new(writer, &self.header)?;
                for element in payloads {
                    message.push_with(element.header, |writer| emit_element(&element, context, writer))?;
                }
                message.finish_with(payloads.rest())
            }
        }
    }

    /// The message's octets.
    ///
    /// # Errors
    /// When a length does not fit its field.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
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
