//! The marker of the drafts before RFC 3948: ESP on the port of ISAKMP, behind a cookie of zeros.

use crate::packet::Around;

/// What stands before ESP, draft-ietf-ipsec-udp-encaps-01 section 2.2. It stands where ISAKMP has the cookie of the
/// initiator, which is never zero (RFC 2408 section 3.1).
pub(crate) const NON_IKE_MARKER: [u8; 8] = [0; 8];

/// The port of ISAKMP.
const PORT: u16 = 500;

/// SPIs up to this one are reserved, RFC 4303 section 2.1.
const LAST_RESERVED_SPI: u32 = 255;

/// Whether the octets of a datagram are ESP behind the marker. The SPI tells them from ISAKMP without cookies.
pub(crate) fn stands_before_esp(octets: &[u8], around: &Around) -> bool {
    let is_on_port = around.ports.is_some_and(|(source, destination)| source == PORT || destination == PORT);
    let spi = octets.strip_prefix(&NON_IKE_MARKER).and_then(|esp| esp.first_chunk::<4>());
    is_on_port && spi.is_some_and(|spi| u32::from_be_bytes(*spi) > LAST_RESERVED_SPI)
}
