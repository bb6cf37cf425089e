//! NAT-D payload (RFC 3947 section 3.2).

use wire::{Emit, EmitError, Writer};

use super::framing::{PayloadElement, check_whole};
use crate::{NatTraversal, ParseError, PayloadType};

/// A hash over both cookies, an address and a port (RFC 3947 section 3.2). It is made with the hash that was
/// negotiated in phase 1.
///
/// The first NAT-D payload of a message is about the remote end as the sender sees it, and the others are about the
/// sender's own addresses. The struct is exhaustive on purpose, because the figure has only the hash.
///
/// # Comparing the hash
/// The hash covers, one behind the other: the initiator cookie and the responder cookie with 8 octets each, the address
/// with 4 or 16 octets, and the port with 2 octets. A receiver computes two hashes, with the addresses and ports of the
/// datagram as it arrived. When the first NAT-D is not equal to the hash over the destination, there is a NAT in front
/// of the receiver. When none of the others is equal to the hash over the source, there is a NAT in front of the
/// sender. This crate has no hash functions; `vpnwire_ikev1::nat_traversal::verify_nat_detection` computes and
/// compares.
///
/// # Generations
/// The hash is the same in all generations, but the number of the payload is 130 in the drafts 00 to 03, 15 in the
/// drafts 04 to 08, and 20 in RFC 3947. A sender takes the generation of
/// [`NegotiationContext::nat_traversal`](crate::NegotiationContext::nat_traversal). A message with number 15 is read
/// as NAT-D only after [`Message::in_context`](crate::Message::in_context), with a context that has learned from the
/// vendor ids; until then the payload is [`PayloadBody::Unknown`](crate::PayloadBody::Unknown).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NatDetection<'a> {
    /// The generation of NAT traversal, which decides the number of the payload.
    pub generation: NatTraversal,
    /// The hash of the cookies, the address and the port. It has as many octets as the hash function gives: 16 with
    /// MD5, and 20 with SHA-1.
    pub hash: &'a [u8],
}

impl<'a> NatDetection<'a> {
    /// Decodes the body of a payload that was framed. The number of the payload tells its generation of NAT traversal.
    ///
    /// # Errors
    /// Returns [`ParseError::UnexpectedPayload`] when the number is not one of NAT-D's three numbers, and
    /// [`ParseError::Length`] when octets of the body are missing.
    pub fn parse(element: &PayloadElement<'a>) -> Result<Self, ParseError> {
        let (found, within, offset) = (element.header.payload_type, element.within, element.offset);
        let expected = PayloadType::NAT_DETECTION;
        let generation = NatTraversal::ALL
            .into_iter()
            .find(|generation| generation.nat_detection() == found)
            .ok_or(ParseError::UnexpectedPayload { expected, found, within, offset })?;
        check_whole(element)?;
        Ok(Self { generation, hash: element.value })
    }
}

impl Emit for NatDetection<'_> {
    fn wire_len(&self) -> usize {
        self.hash.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.hash)
    }
}
