//! Bundles of IPsec SAs. The SAs of one negotiation live and die together.

use super::declaration::record;
use super::{IpsecSa, Reason, SaIdentifier};

record! {
    /// The IPsec SAs of one negotiation: inbound and outbound, for each protocol.
    #[non_exhaustive]
    pub struct SaBundle<'a>: new {
        /// The number that the active gave the bundle.
        bundle_id: required u32 = BUNDLE_ID,
        /// The own cookie of the IKE SA that negotiated the bundle. It is zeros when that IKE SA is gone, as Cisco's
        /// standby prints it.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie of that IKE SA.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The SAs.
        sas: one_or_more IpsecSa<'a> = IPSEC_SA,
    }
}

record! {
    /// The deletion of a bundle with all its SAs.
    #[non_exhaustive]
    pub struct SaBundleDelete<'a>: new {
        /// The number that the active gave the bundle.
        bundle_id: required u32 = BUNDLE_ID,
        /// The reason for the deletion.
        reason: required Reason = REASON,
        /// The SAs of the bundle, for a standby that no longer knows the number.
        sas: zero_or_more SaIdentifier = SA_IDENTIFIER,
    }
}
