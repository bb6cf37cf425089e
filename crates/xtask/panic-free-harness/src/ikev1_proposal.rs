//! Wrappers of `ikev1`: proposals, the choice among them, and their attributes.

use crypto::HashAlgorithm;
use ikev1::proposal::ipsec;
use ikev1::proposal::isakmp as phase_1;
use ikev1::proposal::{Reason, Refused};
use ikev1::{Cipher, UnsupportedAlgorithm};
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId};
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;

#[inline(never)]
pub fn isakmp_offer(
    transform: &Transform<'_>,
) -> (phase_1::Offer, Result<Cipher, UnsupportedAlgorithm>, Result<HashAlgorithm, UnsupportedAlgorithm>) {
    covers!(
        ikev1::proposal::isakmp::Offer::from_transform,
        ikev1::proposal::isakmp::Offer::cipher,
        ikev1::proposal::isakmp::Offer::hash,
    );
    let offer = phase_1::Offer::from_transform(transform);
    (offer, offer.cipher(), offer.hash())
}

#[inline(never)]
pub fn isakmp_check(policy: &phase_1::Policy, offer: &phase_1::Offer) -> Result<(), Reason> {
    covers!(ikev1::proposal::isakmp::Policy::check);
    policy.check(offer)
}

#[inline(never)]
pub fn isakmp_choose<'a>(
    association: &SecurityAssociation<'a>,
    policies: &[phase_1::Policy],
) -> (Option<phase_1::Chosen<'a>>, Option<Refused>) {
    covers!(ikev1::proposal::isakmp::choose);
    let mut last = None;
    let chosen = phase_1::choose(association, policies, &mut |refused| last = Some(refused));
    (chosen, last)
}

#[inline(never)]
pub fn ipsec_offer(transform: &Transform<'_>) -> ipsec::Offer {
    covers!(ikev1::proposal::ipsec::Offer::from_transform);
    ipsec::Offer::from_transform(transform)
}

#[inline(never)]
pub fn ipsec_check(
    policy: &ipsec::Policy<'_>,
    protocol: &ipsec::Protocol,
    offer: &ipsec::Offer,
) -> Result<(), Reason> {
    covers!(ikev1::proposal::ipsec::Policy::check);
    policy.check(protocol, offer)
}

#[inline(never)]
pub fn ipsec_choose<'a>(
    association: &SecurityAssociation<'a>,
    policies: &[ipsec::Policy<'_>],
) -> (Option<ipsec::Chosen<'a>>, Option<Refused>) {
    covers!(ikev1::proposal::ipsec::choose);
    let mut last = None;
    let chosen = ipsec::choose(association, policies, &mut |refused| last = Some(refused));
    (chosen, last)
}

#[inline(never)]
pub fn esp_attributes(
    transform_id: EspTransformId,
    key_length: Option<u16>,
    authentication_algorithm: Option<AuthenticationAlgorithm>,
) -> (
    Result<ikev1::transform::Encryption, UnsupportedAlgorithm>,
    Result<Option<ikev1::transform::Authentication>, UnsupportedAlgorithm>,
) {
    covers!(
        ikev1::transform::EspAttributes::new,
        ikev1::transform::EspAttributes::encryption,
        ikev1::transform::EspAttributes::authentication
    );
    let attributes = ikev1::transform::EspAttributes::new(transform_id, key_length, authentication_algorithm);
    (attributes.encryption(), attributes.authentication())
}

#[inline(never)]
pub fn esp_attributes_of(
    encryption: ikev1::transform::Encryption,
    authentication: Option<ikev1::transform::Authentication>,
) -> Option<ikev1::transform::EspAttributes> {
    covers!(ikev1::transform::EspAttributes::of);
    ikev1::transform::EspAttributes::of(encryption, authentication)
}

#[inline(never)]
pub fn ah_attributes(
    transform_id: AhTransformId,
    authentication_algorithm: Option<AuthenticationAlgorithm>,
) -> Result<ikev1::transform::Integrity, UnsupportedAlgorithm> {
    covers!(ikev1::transform::AhAttributes::new, ikev1::transform::AhAttributes::integrity);
    let attributes = ikev1::transform::AhAttributes::new(transform_id, authentication_algorithm);
    attributes.integrity()
}

#[inline(never)]
pub fn ah_attributes_of_transform(
    attributes: &ikev1::transform::AhAttributes,
) -> Result<ikev1::transform::Integrity, UnsupportedAlgorithm> {
    covers!(ikev1::transform::AhAttributes::of_transform);
    attributes.of_transform()
}

#[inline(never)]
pub fn ah_attributes_of(integrity: ikev1::transform::Integrity) -> Option<ikev1::transform::AhAttributes> {
    covers!(ikev1::transform::AhAttributes::of);
    ikev1::transform::AhAttributes::of(integrity)
}
