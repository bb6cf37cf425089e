//! NAT-D payload, RFC 3947 section 3.2.

use wire::{Emit, EmitError, Writer};

use super::framing::{PayloadElement, check_whole};
use crate::{NatTraversal, ParseError, PayloadType};

/// Hash over both cookies, an address and a port, RFC 3947 section 3.2: the negotiated phase 1 hash.
///
/// The first one of a message is of the remote end as the sender sees it, the others of the sender's own addresses. Exhaustive
/// on purpose: the figure has this one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NatDetection<'a> {
    /// The generation of NAT traversal, which gives the payload its number.
    pub generation: NatTraversal,
    /// HASH of the address and port.
    pub hash: &'a [u8],
}

impl<'a> NatDetection<'a> {
    /// Decodes the body of a payload that was framed. Its number says which generation of NAT traversal it is of.
    ///
    /// # Errors
    /// When the number is not one of NAT-D's three, or octets of the body are missing.
    pub fn parse(element: &PayloadElement<'a>) -> Result<Self, ParseError> {
        let (found, offset) = (element.header.payload_type, element.offset);
        let expected = PayloadType::NAT_DETECTION;
        let generation = NatTraversal::ALL
            .into_iter()
            .find(|generation| generation.nat_detection() == found)
            .ok_or(ParseError::UnexpectedPayload { expected, found, offset })?;
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
