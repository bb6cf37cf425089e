//! The context of a negotiation: what both sides have said about the payload numbers that they use.
//!
//! Drafts of NAT traversal used other payload numbers than RFC 3947, and some of those numbers now belong to other
//! payloads. Number 15 is NAT-D between peers that speak draft 07, and GDOI's SAK between other peers. Only the vendor
//! ids tell which is meant.

use crate::payload::vendor_id::VendorId;
use crate::vendor;
use crate::{PayloadBody, PayloadType, Payloads};

/// A phase of ISAKMP (RFC 2408 section 2.3). The enum is exhaustive on purpose, because there are two phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Phase {
    /// The ISAKMP SA is negotiated.
    One,
    /// Another SA is negotiated, or a notice is sent, under the protection of the ISAKMP SA.
    Two,
}

/// The side that sent a message. The enum is exhaustive on purpose, because a negotiation has two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Role {
    /// The side that began phase 1.
    Initiator,
    /// The side that answered.
    Responder,
}

/// A generation of NAT traversal. All versions of one generation number their payloads alike.
///
/// The enum is exhaustive on purpose, because RFC 3947 was the last generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum NatTraversal {
    /// draft-ietf-ipsec-nat-t-ike-00 to -03: NAT-D is 130 and NAT-OA is 131.
    Drafts00To03,
    /// draft-ietf-ipsec-nat-t-ike-04 to -08: NAT-D is 15 and NAT-OA is 16.
    Drafts04To08,
    /// RFC 3947: NAT-D is 20 and NAT-OA is 21.
    #[default]
    Rfc3947,
}

impl NatTraversal {
    /// All generations, the oldest first.
    pub const ALL: [Self; 3] = [Self::Drafts00To03, Self::Drafts04To08, Self::Rfc3947];

    /// Returns the number of the NAT-D payload.
    #[must_use]
    pub const fn nat_detection(self) -> PayloadType {
        match self {
            Self::Drafts00To03 => PayloadType::NAT_DETECTION_DRAFT,
            Self::Drafts04To08 => PayloadType(15),
            Self::Rfc3947 => PayloadType::NAT_DETECTION,
        }
    }

    /// Returns the number of the NAT-OA payload.
    #[must_use]
    pub const fn nat_original_address(self) -> PayloadType {
        match self {
            Self::Drafts00To03 => PayloadType::NAT_ORIGINAL_ADDRESS_DRAFT,
            Self::Drafts04To08 => PayloadType(16),
            Self::Rfc3947 => PayloadType::NAT_ORIGINAL_ADDRESS,
        }
    }
}

/// The generations of NAT traversal that one side has offered. The struct is exhaustive on purpose, as
/// [`NatTraversal`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NatTraversalOffer {
    /// RFC 3947 was offered.
    pub rfc_3947: bool,
    /// One of the drafts 04 to 08 was offered.
    pub drafts_04_to_08: bool,
    /// One of the drafts 00 to 03 was offered.
    pub drafts_00_to_03: bool,
}

impl NatTraversalOffer {
    /// Returns the generations that both sides offer.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            rfc_3947: self.rfc_3947 && other.rfc_3947,
            drafts_04_to_08: self.drafts_04_to_08 && other.drafts_04_to_08,
            drafts_00_to_03: self.drafts_00_to_03 && other.drafts_00_to_03,
        }
    }

    /// Returns the newest generation that was offered. `None` when no generation was offered.
    #[must_use]
    pub const fn newest(self) -> Option<NatTraversal> {
        if self.rfc_3947 {
            Some(NatTraversal::Rfc3947)
        } else if self.drafts_04_to_08 {
            Some(NatTraversal::Drafts04To08)
        } else if self.drafts_00_to_03 {
            Some(NatTraversal::Drafts00To03)
        } else {
            None
        }
    }
}

/// The knowledge about a negotiation from its vendor ids. It decides the meaning of payload numbers.
///
/// An empty context decodes payloads by their number: 15 and 16 are then GDOI's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct NegotiationContext {
    /// The generations that the initiator has offered.
    pub initiator: NatTraversalOffer,
    /// The generations that the responder has answered with.
    pub responder: NatTraversalOffer,
}

impl NegotiationContext {
    /// The empty context, in which payloads are decoded by their number.
    pub const NONE: Self = Self {
        initiator: NatTraversalOffer { rfc_3947: false, drafts_04_to_08: false, drafts_00_to_03: false },
        responder: NatTraversalOffer { rfc_3947: false, drafts_04_to_08: false, drafts_00_to_03: false },
    };

    /// Adds one vendor id that `sender` sent to the context.
    pub fn learn(&mut self, sender: Role, vendor_id: &VendorId<'_>) {
        let offer = match sender {
            Role::Initiator => &mut self.initiator,
            Role::Responder => &mut self.responder,
        };
        match vendor::nat_traversal(vendor_id.vendor_id) {
            Some(NatTraversal::Rfc3947) => offer.rfc_3947 = true,
            Some(NatTraversal::Drafts04To08) => offer.drafts_04_to_08 = true,
            Some(NatTraversal::Drafts00To03) => offer.drafts_00_to_03 = true,
            None => {}
        }
    }

    /// Adds every vendor id of a message that `sender` sent to the context. Call it before the payloads of that
    /// message are decoded, because in aggressive mode the vendor ids stand beside the payloads that they explain.
    /// [`Message::in_context`](crate::Message::in_context) then gives the context to the message.
    pub fn learn_from(&mut self, sender: Role, payloads: &Payloads<'_>) {
        match payloads {
            Payloads::Framed(chain) => {
                // A vendor id is all of its body, so nothing else has to be decoded.
                for element in chain {
                    if element.header.payload_type == PayloadType::VENDOR_ID && !element.is_cut() {
                        self.learn(sender, &VendorId { vendor_id: element.value });
                    }
                }
            }
            Payloads::Values(payloads) => {
                for payload in *payloads {
                    if let PayloadBody::VendorId(vendor_id) = &payload.body {
                        self.learn(sender, vendor_id);
                    }
                }
            }
        }
    }

    /// Returns the newest generation that both sides speak. `None` until both sides have offered the same generation.
    #[must_use]
    pub const fn nat_traversal(&self) -> Option<NatTraversal> {
        self.initiator.and(self.responder).newest()
    }

    /// Returns the payload type that is meant by `number`. NAT-D and NAT-OA of every generation are returned as RFC
    /// 3947's 20 and 21.
    ///
    /// 15 and 16 mean NAT traversal when either side has offered one of the drafts 04 to 08. All other numbers have
    /// only one meaning, whatever was offered.
    #[must_use]
    pub const fn meaning(&self, number: PayloadType) -> PayloadType {
        let drafts_04_to_08 = self.initiator.drafts_04_to_08 || self.responder.drafts_04_to_08;
        match number.0 {
            15 if drafts_04_to_08 => PayloadType::NAT_DETECTION,
            16 if drafts_04_to_08 => PayloadType::NAT_ORIGINAL_ADDRESS,
            130 => PayloadType::NAT_DETECTION,
            131 => PayloadType::NAT_ORIGINAL_ADDRESS,
            _ => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor_id(known: &'static vendor::KnownVendorId) -> VendorId<'static> {
        VendorId { vendor_id: known.octets }
    }

    #[test]
    fn payload_15_is_nat_detection_where_draft_07_was_offered() {
        let mut context = NegotiationContext::NONE;
        assert_eq!(context.meaning(PayloadType(15)), PayloadType::SA_KEK);
        context.learn(Role::Initiator, &vendor_id(&vendor::NAT_T_07));
        assert_eq!(context.meaning(PayloadType(15)), PayloadType::NAT_DETECTION);
        assert_eq!(context.meaning(PayloadType(16)), PayloadType::NAT_ORIGINAL_ADDRESS);
        assert_eq!(context.nat_traversal(), None, "the responder has not answered");
        context.learn(Role::Responder, &vendor_id(&vendor::NAT_T_07));
        assert_eq!(context.nat_traversal(), Some(NatTraversal::Drafts04To08));
    }

    #[test]
    fn the_newest_that_both_offer_is_spoken() {
        let mut context = NegotiationContext::NONE;
        for known in [&vendor::RFC_3947, &vendor::NAT_T_03, &vendor::NAT_T_02_NEWLINE, &vendor::DPD] {
            context.learn(Role::Initiator, &vendor_id(known));
        }
        context.learn(Role::Responder, &vendor_id(&vendor::NAT_T_03));
        assert_eq!(context.nat_traversal(), Some(NatTraversal::Drafts00To03));
        assert_eq!(context.nat_traversal().unwrap().nat_detection(), PayloadType(130));
        context.learn(Role::Responder, &vendor_id(&vendor::RFC_3947));
        assert_eq!(context.nat_traversal(), Some(NatTraversal::Rfc3947));
        assert_eq!(NatTraversal::Rfc3947.nat_original_address(), PayloadType(21));
        assert_eq!(context.meaning(PayloadType(15)), PayloadType::SA_KEK, "GDOI's, by number");
    }

    #[test]
    fn numbers_of_one_meaning_need_no_context() {
        let context = NegotiationContext::NONE;
        for (number, meaning) in [(20, 20), (21, 21), (130, 20), (131, 21), (13, 13), (200, 200)] {
            assert_eq!(context.meaning(PayloadType(number)), PayloadType(meaning));
        }
    }
}
