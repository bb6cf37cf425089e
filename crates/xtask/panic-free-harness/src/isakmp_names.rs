//! Wrappers of `isakmp`: registries, vendor IDs, contexts, and the lines that IOS prints.

use isakmp::doi::{Encoding, ProtocolId, ipsec, oakley};
use isakmp::payload::notification::NotifyType;
use isakmp::payload::situation::SituationFlags;
use isakmp::payload::vendor_id::VendorId;
use isakmp::vendor::{self, KnownVendorId};
use isakmp::{
    Departure, NatTraversal, NatTraversalOffer, NegotiationContext, PayloadElement, PayloadType, Payloads,
    Role, doi, ikev2, ios,
};

#[inline(never)]
pub fn departure_reference(departure: &Departure) -> (&'static str, bool) {
    covers!(isakmp::conformance::Departure::reference, isakmp::conformance::Departure::is_corrected);
    (departure.reference(), departure.is_corrected())
}

#[inline(never)]
pub fn context_learn(context: &mut NegotiationContext, sender: Role, vendor_id: &VendorId<'_>) {
    covers!(isakmp::context::NegotiationContext::learn);
    context.learn(sender, vendor_id);
}

#[inline(never)]
pub fn context_learn_from(context: &mut NegotiationContext, sender: Role, payloads: &Payloads<'_>) {
    covers!(isakmp::context::NegotiationContext::learn_from);
    context.learn_from(sender, payloads);
}

#[inline(never)]
pub fn context_meaning(
    context: &NegotiationContext,
    number: PayloadType,
) -> (PayloadType, Option<NatTraversal>) {
    covers!(isakmp::context::NegotiationContext::meaning, isakmp::context::NegotiationContext::nat_traversal);
    (context.meaning(number), context.nat_traversal())
}

#[inline(never)]
pub fn nat_traversal(
    generation: NatTraversal,
    left: NatTraversalOffer,
    right: NatTraversalOffer,
) -> (PayloadType, PayloadType, NatTraversalOffer, Option<NatTraversal>) {
    covers!(
        isakmp::context::NatTraversal::nat_detection,
        isakmp::context::NatTraversal::nat_original_address,
        isakmp::context::NatTraversalOffer::and,
        isakmp::context::NatTraversalOffer::newest
    );
    (generation.nat_detection(), generation.nat_original_address(), left.and(right), left.newest())
}

#[inline(never)]
pub fn transform_name(protocol_id: ProtocolId, transform_id: u8) -> (Option<&'static str>, Option<usize>) {
    covers!(isakmp::doi::transform_name, isakmp::doi::ProtocolId::spi_len);
    (doi::transform_name(protocol_id, transform_id), protocol_id.spi_len())
}

#[inline(never)]
pub fn phase_1_attribute_type(
    attribute_type: oakley::AttributeType,
    value: u16,
) -> (Option<Encoding>, Option<&'static str>) {
    covers!(isakmp::doi::oakley::AttributeType::encoding, isakmp::doi::oakley::AttributeType::value_name);
    (attribute_type.encoding(), attribute_type.value_name(value))
}

#[inline(never)]
pub fn phase_2_attribute_type(
    attribute_type: ipsec::AttributeType,
    value: u16,
) -> (Option<Encoding>, Option<&'static str>) {
    covers!(isakmp::doi::ipsec::AttributeType::encoding, isakmp::doi::ipsec::AttributeType::value_name);
    (attribute_type.encoding(), attribute_type.value_name(value))
}

#[inline(never)]
pub fn notify_type(notify_type: NotifyType, left: SituationFlags, right: SituationFlags) -> (bool, bool) {
    covers!(
        isakmp::payload::notification::NotifyType::is_error,
        isakmp::payload::situation::SituationFlags::contains
    );
    (notify_type.is_error(), left.contains(right))
}

#[inline(never)]
pub fn vendor_identify(vendor_id: &[u8]) -> Option<&'static KnownVendorId> {
    covers!(isakmp::vendor::identify);
    vendor::identify(vendor_id)
}

#[inline(never)]
pub fn vendor_id_known(vendor_id: &VendorId<'_>) -> Option<&'static KnownVendorId> {
    covers!(isakmp::payload::vendor_id::VendorId::known);
    vendor_id.known()
}

#[inline(never)]
pub fn vendor_nat_traversal(vendor_id: &[u8]) -> Option<NatTraversal> {
    covers!(isakmp::vendor::nat_traversal);
    vendor::nat_traversal(vendor_id)
}

#[inline(never)]
pub fn known_vendor_id<'a>(known: &KnownVendorId, vendor_id: &'a [u8]) -> (bool, Option<&'a [u8]>) {
    covers!(isakmp::vendor::KnownVendorId::matches, isakmp::vendor::KnownVendorId::suffix);
    (known.matches(vendor_id), known.suffix(vendor_id))
}

#[inline(never)]
pub fn vendor_cisco_ios(vendor_id: &[u8], cookie: [u8; 8]) -> (bool, [u8; 8], Option<u8>) {
    covers!(isakmp::vendor::is_cisco_ios, isakmp::vendor::ios_prefix, isakmp::vendor::ios_major);
    (vendor::is_cisco_ios(vendor_id, cookie), vendor::ios_prefix(cookie), vendor::ios_major(vendor_id))
}

#[inline(never)]
pub fn ios_names(known: &KnownVendorId) -> Option<&'static str> {
    covers!(isakmp::ios::vendor_name);
    ios::vendor_name(known)
}

#[inline(never)]
pub fn ikev2_is_critical(element: &PayloadElement<'_>) -> bool {
    covers!(isakmp::ikev2::is_critical);
    ikev2::is_critical(element)
}
