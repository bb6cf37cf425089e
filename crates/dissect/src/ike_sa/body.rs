//! The bodies of payloads, by payload type.

use isakmp::{PayloadType, Payloads};

/// Returns the body of the first payload of a type.
pub(super) fn body<'a>(payloads: &Payloads<'a>, payload_type: PayloadType) -> Option<&'a [u8]> {
    payloads.elements().find(|element| element.header.payload_type == payload_type).map(|found| found.value)
}
