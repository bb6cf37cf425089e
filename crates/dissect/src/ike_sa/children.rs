//! The ESP and AH SAs that a quick mode makes, as rows of a table of keys.

use std::net::IpAddr;

use ikev1::proposal::ipsec::Offer;
use ikev1::transcript::{Child, QuickMode};
use ikev1::transform::{AhAttributes, EspAttributes};
use ikev1::{Secret, Skeyid};
use ipsec::suite::{Suite, SuiteError};
use ipsec::{Esn, Spi};
use isakmp::Role;
use isakmp::doi::ipsec::EncapsulationMode;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};

use keys::{AddressPattern, Algorithms, AssociationKeys, AssociationRow};

/// Returns the keys of both directions for each protocol. `ends` are the addresses of the second message. There are no
/// keys when the quick mode has its own key exchange, because no log contains its shared secret.
pub(super) fn rows(
    skeyid_d: &Skeyid,
    quick_mode: &QuickMode,
    (responder, initiator): (Option<IpAddr>, Option<IpAddr>),
) -> Vec<AssociationRow> {
    let Ok(children) = quick_mode.children(None) else { return Vec::new() };
    let rows = children.flatten().filter_map(|child| {
        let mut row = row(skeyid_d, &child)?;
        let (source, destination) = match child.destination {
            Role::Initiator => (responder, initiator),
            Role::Responder => (initiator, responder),
        };
        let pattern = |end: Option<IpAddr>| end.map_or(AddressPattern::ANY, AddressPattern::from);
        (row.source, row.destination) = (pattern(source), pattern(destination));
        row.is_encapsulated = child.offer.encapsulation_mode.is_some_and(is_in_udp);
        row.is_transport = child.offer.encapsulation_mode.is_some_and(is_transport);
        Some(row)
    });
    rows.collect()
}

/// Returns the keys of one SA.
fn row(skeyid_d: &Skeyid, child: &Child<'_>) -> Option<AssociationRow> {
    let offer = &child.offer;
    let keymat = child.keymat(skeyid_d).ok()?;
    let (algorithms, encryption_key) = match child.protocol_id {
        ProtocolId::ESP => (esp(offer, keymat.encryption(), keymat.authentication())?, keymat.encryption()),
        ProtocolId::AH => {
            let attributes =
                AhAttributes::new(AhTransformId(offer.transform_id), offer.authentication_algorithm);
            let integrity = attributes.integrity().ok()?;
            (Algorithms::ah(integrity, keymat.authentication()).ok()?, Secret::EMPTY)
        }
        _ => return None,
    };
    let esn = if offer.extended_sequence_number { Esn::Yes } else { Esn::No };
    let keys = AssociationKeys::new(Spi(child.spi), algorithms).numbered(esn);
    Some(AssociationRow::new(keys, encryption_key, keymat.authentication()))
}

/// Returns the algorithms of an ESP SA. Without an authentication algorithm, as in a bundle with AH, packets have no
/// ICV.
fn esp(offer: &Offer, encryption_key: Secret<'_>, authentication_key: Secret<'_>) -> Option<Algorithms> {
    let attributes = EspAttributes::new(
        EspTransformId(offer.transform_id),
        offer.key_length,
        offer.authentication_algorithm,
    );
    let suite = Suite::new(attributes.encryption().ok()?, attributes.authentication().ok()?);
    match suite {
        Ok(suite) => Algorithms::esp(suite, encryption_key, authentication_key).ok(),
        Err(SuiteError::Unauthenticated { encryption }) => {
            Algorithms::esp_unverified(encryption, encryption_key, 0).ok()?
        }
        Err(_) => None,
    }
}

const fn is_in_udp(mode: EncapsulationMode) -> bool {
    matches!(
        mode,
        EncapsulationMode::UDP_TUNNEL
            | EncapsulationMode::UDP_TRANSPORT
            | EncapsulationMode::UDP_TUNNEL_DRAFT
            | EncapsulationMode::UDP_TRANSPORT_DRAFT
    )
}

const fn is_transport(mode: EncapsulationMode) -> bool {
    matches!(
        mode,
        EncapsulationMode::TRANSPORT
            | EncapsulationMode::UDP_TRANSPORT
            | EncapsulationMode::UDP_TRANSPORT_DRAFT
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ikev1::keymat::KeyLengths;
    use isakmp::doi::EspTransformId;
    use isakmp::doi::ipsec::AuthenticationAlgorithm as Attribute;

    /// The cases are transform sets such as `ah-md5-hmac esp-3des`, and peers that leave attributes out.
    #[test]
    fn what_is_left_out_of_an_offer_has_a_meaning() {
        let key = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
        let made = |transform_id: EspTransformId, key_length, authentication_algorithm| {
            let mut offer = Offer::default();
            offer.transform_id = transform_id.0;
            offer.key_length = key_length;
            offer.authentication_algorithm = authentication_algorithm;
            let lengths = KeyLengths::esp(transform_id, key_length, authentication_algorithm).unwrap();
            let encryption_key = Secret::new(&key[..lengths.encryption()]);
            let authentication_key = Secret::new(&key[..lengths.authentication()]);
            format!("{:?}", esp(&offer, encryption_key, authentication_key).unwrap())
        };
        let sha = Some(Attribute::HMAC_SHA);
        assert_eq!(made(EspTransformId::TRIPLE_DES, None, None), "Unverified(3DES-CBC, 0 octets of ICV)");
        assert_eq!(made(EspTransformId::NULL, None, None), "Unverified(NULL, 0 octets of ICV)");
        assert_eq!(made(EspTransformId::AES_CBC, None, sha), "Esp(AES-CBC-128 HMAC-SHA-1-96)");
        assert_eq!(made(EspTransformId::AES_CBC, Some(0), None), "Unverified(AES-CBC-128, 0 octets of ICV)");
        assert_eq!(made(EspTransformId::AES_CBC, Some(192), sha), "Esp(AES-CBC-192 HMAC-SHA-1-96)");
    }
}
