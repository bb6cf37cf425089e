//! The types of payloads, by number.

use wire::registry;

registry! {
    /// Next Payload (RFC 2408 section 3.1). 14 is from the mode-config draft, 15 to 19 and 22 are from RFC 3547 and
    /// RFC 6407, 20 and 21 are from RFC 3947, and 130 to 132 are private numbers in wide use.
    pub struct PayloadType(u8) {
        /// No payload follows.
        NONE = 0 => "NONE",
        /// Security Association.
        SECURITY_ASSOCIATION = 1 => "Security Association",
        /// Proposal, which stands inside a Security Association.
        PROPOSAL = 2 => "Proposal",
        /// Transform, which stands inside a Proposal.
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
        /// The Attributes payload of mode-config and XAUTH.
        CONFIGURATION = 14 => "Attributes",
        /// The key encryption key of GDOI. In the drafts 04 to 08 of NAT traversal the number is NAT-D.
        SA_KEK = 15 => "SA KEK",
        /// The traffic encryption key of GDOI. In the drafts 04 to 08 of NAT traversal the number is NAT-OA.
        SA_TEK = 16 => "SA TEK",
        /// The key download of GDOI.
        KEY_DOWNLOAD = 17 => "Key Download",
        /// The sequence number of GDOI.
        SEQUENCE_NUMBER = 18 => "Sequence Number",
        /// The proof of possession of GDOI.
        PROOF_OF_POSSESSION = 19 => "Proof of Possession",
        /// NAT-D (RFC 3947).
        NAT_DETECTION = 20 => "NAT-D",
        /// NAT-OA (RFC 3947).
        NAT_ORIGINAL_ADDRESS = 21 => "NAT-OA",
        /// The group associated policy of GDOI.
        GROUP_ASSOCIATED_POLICY = 22 => "Group Associated Policy",
        /// NAT-D in the drafts 00 to 03 of NAT traversal.
        NAT_DETECTION_DRAFT = 130 => "NAT-D (draft)",
        /// NAT-OA in the drafts 00 to 03 of NAT traversal.
        NAT_ORIGINAL_ADDRESS_DRAFT = 131 => "NAT-OA (draft)",
        /// A piece of a message, as Cisco and Microsoft send it.
        FRAGMENT = 132 => "Fragment",
    }
}
