//! What a payload is, by number.

use wire::registry;

registry! {
    /// Next Payload, RFC 2408 section 3.1; 14 by the mode-config draft, 15 to 19 and 22 by RFC 3547 and RFC 6407, 20
    /// and 21 by RFC 3947, 130 to 132 private numbers that are in wide use.
    pub struct PayloadType(u8) {
        /// No payload follows.
        NONE = 0 => "NONE",
        /// Security Association.
        SECURITY_ASSOCIATION = 1 => "Security Association",
        /// Proposal, inside a Security Association.
        PROPOSAL = 2 => "Proposal",
        /// Transform, inside a Proposal.
        TRANSFORM = 3 => "Transform",
        /// Key Exchange.
        KEY_EXCHANGE = 4 => "Key Exchange",
        /// Identification.
        IDENTIFICATION = 5 => "Identification",
        /// Certificate.
        CERTIFICATE = 6 => "Certificate",
        /// Certificate Request.
        CERTIFICATE_REQUEST = 7 => "Certificate Request",
        /// Hash.
        HASH = 8 => "Hash",
        /// Signature.
        SIGNATURE = 9 => "Signature",
        /// Nonce.
        NONCE = 10 => "Nonce",
        /// Notification.
        NOTIFICATION = 11 => "Notification",
        /// Delete.
        DELETE = 12 => "Delete",
        /// Vendor ID.
        VENDOR_ID = 13 => "Vendor ID",
        /// Attributes: mode-config and XAUTH.
        CONFIGURATION = 14 => "Attributes",
        /// GDOI: key encryption key. NAT-D in the drafts 04 to 08 of NAT traversal.
        SA_KEK = 15 => "SA KEK",
        /// GDOI: traffic encryption key. NAT-OA in the drafts 04 to 08 of NAT traversal.
        SA_TEK = 16 => "SA TEK",
        /// GDOI: key download.
        KEY_DOWNLOAD = 17 => "Key Download",
        /// GDOI: sequence number.
        SEQUENCE_NUMBER = 18 => "Sequence Number",
        /// GDOI: proof of possession.
        PROOF_OF_POSSESSION = 19 => "Proof of Possession",
        /// NAT-D, RFC 3947.
        NAT_DETECTION = 20 => "NAT-D",
        /// NAT-OA, RFC 3947.
        NAT_ORIGINAL_ADDRESS = 21 => "NAT-OA",
        /// GDOI: group associated policy.
        GROUP_ASSOCIATED_POLICY = 22 => "Group Associated Policy",
        /// NAT-D, drafts 00 to 03 of NAT traversal.
        NAT_DETECTION_DRAFT = 130 => "NAT-D (draft)",
        /// NAT-OA, drafts 00 to 03 of NAT traversal.
        NAT_ORIGINAL_ADDRESS_DRAFT = 131 => "NAT-OA (draft)",
        /// A piece of a message, Cisco and Microsoft.
        FRAGMENT = 132 => "Fragment",
    }
}
