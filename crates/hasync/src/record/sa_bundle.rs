//! Bundles of IPsec SAs: siblings of one negotiation live and die together.

use super::declaration::record;
use super::{IpsecSa, Reason, SaIdentifier};

record! {
    /// The IPsec SAs of one negotiation: inbound and outbound, of each protocol.
    #[non_exhaustive]
    pub struct SaBundle<'a>: new {
        /// The active's number of the bundle.
        bundle_id: required u32 = BUNDLE_ID,
        /// Own cookie of the IKE SA that negotiated it; zeros where that is gone, as a standby of Cisco's prints.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie of that IKE SA.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The SAs.
        sas: one_or_more IpsecSa<'a> = IPSEC_SA,
    }
}

record! {
    /// A bundle is gone: all its SAs at once.
    #[non_exhaustive]
    pub struct SaBundleDelete<'a>: new {
        /// The active's number of the bundle.
        bundle_id: required u32 = BUNDLE_ID,
        /// Why.
        reason: required Reason = REASON,
        /// Its SAs, for a standby that no longer knows the number.
        sas: zero_or_more SaIdentifier = SA_IDENTIFIER,
    }
}
