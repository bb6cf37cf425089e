//! The header and the list of payloads of IKEv2 messages (RFC 7296 section 3).
//!
//! IKEv2 has the same generic payload header, whose reserved octet contains the critical bit. Bodies are not decoded.

use wire::{Chain, Parsed, registry};

use crate::header::WITHIN;
use crate::{FramedHeader, ParseError, PayloadElement, PayloadFraming};

registry! {
    /// Exchange Type of IKEv2 (RFC 7296 section 3.1). RFC 5723 assigned 38.
    pub struct ExchangeType(u8) {
        /// The first exchange of a negotiation.
        IKE_SA_INIT = 34 => "IKE_SA_INIT",
        /// The second exchange, which authenticates both sides.
        IKE_AUTH = 35 => "IKE_AUTH",
        /// Negotiates a further SA.
        CREATE_CHILD_SA = 36 => "CREATE_CHILD_SA",
        /// Sends notices.
        INFORMATIONAL = 37 => "INFORMATIONAL",
        /// Resumes a session.
        IKE_SESSION_RESUME = 38 => "IKE_SESSION_RESUME",
    }
}

registry! {
    /// Next Payload of IKEv2 (RFC 7296 section 3.2). RFC 6467 assigned 49, and RFC 7383 assigned 53.
    pub struct PayloadType(u8) {
        /// No payload follows.
        NONE = 0 => "No Next Payload",
        /// Security Association.
        SECURITY_ASSOCIATION = 33 => "Security Association",
        /// Key Exchange.
        KEY_EXCHANGE = 34 => "Key Exchange",
        /// Identification - Initiator.
        IDENTIFICATION_INITIATOR = 35 => "Identification - Initiator",
        /// Identification - Responder.
        IDENTIFICATION_RESPONDER = 36 => "Identification - Responder",
        /// Certificate.
        CERTIFICATE = 37 => "Certificate",
        /// Certificate Request.
        CERTIFICATE_REQUEST = 38 => "Certificate Request",
        /// Authentication.
        AUTHENTICATION = 39 => "Authentication",
        /// Nonce.
        NONCE = 40 => "Nonce",
        /// Notify.
        NOTIFY = 41 => "Notify",
        /// Delete.
        DELETE = 42 => "Delete",
        /// Vendor ID.
        VENDOR_ID = 43 => "Vendor ID",
        /// Traffic Selector - Initiator.
        TRAFFIC_SELECTOR_INITIATOR = 44 => "Traffic Selector - Initiator",
        /// Traffic Selector - Responder.
        TRAFFIC_SELECTOR_RESPONDER = 45 => "Traffic Selector - Responder",
        /// Encrypted and Authenticated.
        ENCRYPTED = 46 => "Encrypted and Authenticated",
        /// Configuration.
        CONFIGURATION = 47 => "Configuration",
        /// Extensible Authentication.
        EXTENSIBLE_AUTHENTICATION = 48 => "Extensible Authentication",
        /// Generic Secure Password Method.
        SECURE_PASSWORD = 49 => "Generic Secure Password Method",
        /// Encrypted and Authenticated Fragment.
        ENCRYPTED_FRAGMENT = 53 => "Encrypted and Authenticated Fragment",
    }
}

/// The critical bit in the reserved octet of a payload header, RFC 7296 section 3.2.
pub const CRITICAL: u8 = 0x80;

/// Returns whether the critical bit of a payload is set.
#[must_use]
pub const fn is_critical(element: &PayloadElement<'_>) -> bool {
    element.header.reserved & CRITICAL != 0
}

/// Returns whether the chain ends with a payload of this type. The next payload of an encrypted payload is the first
/// payload inside it, so the chain outside ends.
pub(crate) fn ends_chain(payload_type: crate::PayloadType) -> bool {
    matches!(PayloadType(payload_type.0), PayloadType::ENCRYPTED | PayloadType::ENCRYPTED_FRAGMENT)
}

/// The header and the list of payloads of an IKEv2 message. The struct is exhaustive on purpose, because the figure
/// has no other part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// The header. Its cookies are SPIs, and its exchange is an [`ExchangeType`] of this module.
    pub header: FramedHeader,
    /// The payloads, framed but not decoded. Their types are a [`PayloadType`] of this module. An encrypted payload is
    /// the last one.
    pub payloads: Chain<'a, PayloadFraming>,
}

impl<'a> Message<'a> {
    /// Frames a message with major version 2.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the header is short, when the version is another one, when the total length is
    /// above the number of octets or below the length of the header, when a payload ends after the message, or when
    /// octets follow the message.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (message, []) => Ok(message),
            (_, rest) => Err(ParseError::TrailingOctets {
                element: "IKEv2 message",
                within: WITHIN,
                offset: octets.len().saturating_sub(rest.len()),
                count: rest.len(),
            }),
        }
    }

    /// Frames a message and returns the octets after it.
    ///
    /// # Errors
    /// Returns [`ParseError`] in the same cases as [`parse`](Self::parse), except that octets may follow the message.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Frames as much of a message as there is. It is for a caller that shows broken packets. When the total length
    /// does not fit the octets, all of them are taken for the message. Payloads are framed up to the first fault. When
    /// both are wrong, the total length is the fault.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the header is short, or when the version is another one.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let (header, after_header) = FramedHeader::parse_prefix(octets)?;
        if header.header.version.major() != 2 {
            return Err(ParseError::Version { version: header.header.version, offset: 17 });
        }
        let (body, behind, length_fault) = header.body(after_header);
        let framing = PayloadFraming::ikev2(header.next_payload);
        let Parsed { value: payloads, fault, .. } =
            Chain::parse_until_error(body, FramedHeader::LEN, framing);
        // The rest is the octets from the fault on, with those after the message.
        let rest = match fault {
            // default: never taken, the payloads stand inside what follows the header
            Some(_) => after_header.get(payloads.octets().len()..).unwrap_or_default(),
            None => behind,
        };
        let fault = length_fault.or(fault.map(ParseError::Length));
        Ok(Parsed { value: Self { header, payloads }, rest, fault })
    }
}

impl<'a> TryFrom<&'a [u8]> for Message<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// Returns a header, a critical Vendor ID of two octets, and an Encrypted payload with the next payload Notify.
    fn message() -> Vec<u8> {
        let mut octets = std::vec![0; 28];
        (octets[16], octets[17], octets[18], octets[27]) = (43, 0x20, 37, 28 + 6 + 8);
        octets.extend([46, 0x80, 0, 6, 0xca, 0xfe]);
        octets.extend([41, 0, 0, 8, 1, 2, 3, 4]);
        octets
    }

    #[test]
    fn an_encrypted_payload_ends_the_chain() {
        let octets = message();
        let message = Message::parse(&octets).unwrap();
        let elements: Vec<_> = message.payloads.iter().collect();
        assert_eq!(elements.len(), 2);
        assert!(is_critical(&elements[0]) && !is_critical(&elements[1]));
        assert_eq!(PayloadType(elements[1].header.payload_type.0), PayloadType::ENCRYPTED);
        assert_eq!(crate::payload::next_payload(&elements[1]).0, PayloadType::NOTIFY.0);
        assert_eq!(ExchangeType(message.header.header.exchange_type.0), ExchangeType::INFORMATIONAL);
    }

    #[test]
    fn other_versions_and_lengths_are_errors() {
        let mut octets = message();
        octets[17] = 0x10;
        assert!(matches!(Message::parse(&octets), Err(ParseError::Version { .. })));
        octets[17] = 0x20;
        octets[27] += 1;
        let error = ParseError::TotalLength { declared: 43, available: 42 };
        assert_eq!(Message::parse(&octets), Err(error));
        assert_eq!(Message::parse_until_error(&octets).unwrap().fault, Some(error));
        octets[27] = 27;
        let error = ParseError::TotalLengthBelowHeader { declared: 27 };
        assert_eq!(Message::parse(&octets), Err(error));
        let parsed = Message::parse_until_error(&octets).unwrap();
        assert_eq!((parsed.value.payloads.element_count(), parsed.fault), (2, Some(error)));
        octets[27] = 28 + 6 + 7;
        let Parsed { value, rest, fault } = Message::parse_until_error(&octets).unwrap();
        let cut = value.payloads.iter().nth(1).unwrap();
        assert_eq!((cut.value, cut.missing), (&[1, 2, 3][..], 1));
        assert_eq!((fault, rest), (cut.fault().map(ParseError::Length), &[4][..]));
    }

    #[test]
    fn octets_after_the_message_are_an_error_and_the_rest() {
        let mut octets = message();
        octets.extend([7, 7]);
        let element = "IKEv2 message";
        assert_eq!(
            Message::parse(&octets),
            Err(ParseError::TrailingOctets { element, within: "ISAKMP message", offset: 42, count: 2 })
        );
        let (message, rest) = Message::parse_prefix(&octets).unwrap();
        assert_eq!((message.payloads.element_count(), rest), (2, &[7, 7][..]));
    }
}
