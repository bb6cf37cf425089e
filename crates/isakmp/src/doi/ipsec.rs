//! The attributes of phase 2 (RFC 2407 section 4.5) and their values.

use wire::registry;

use super::Encoding;
use super::oakley::{GroupDescription, LifeType};

/// The lifetime of an SA in seconds when the peers do not say one (RFC 2407 section 4.5).
pub const DEFAULT_LIFE_SECONDS: u64 = 28_800;

registry! {
    /// Attribute classes of phase 2 (RFC 2407 section 4.5). Numbers from 10 on are from IANA's registry.
    pub struct AttributeType(u16) {
        /// The [`LifeType`] of the duration that follows.
        SA_LIFE_TYPE = 1 => "SA-Life-Type",
        /// The duration, in the unit of the life type before it.
        SA_LIFE_DURATION = 2 => "SA-Life-Duration",
        /// The [`GroupDescription`] of the key exchange in quick mode.
        GROUP_DESCRIPTION = 3 => "Group-Description",
        /// The [`EncapsulationMode`].
        ENCAPSULATION_MODE = 4 => "Encapsulation-Mode",
        /// The [`AuthenticationAlgorithm`].
        AUTHENTICATION_ALGORITHM = 5 => "Authentication-Algorithm",
        /// The number of bits of the key, for ciphers with several key lengths.
        KEY_LENGTH = 6 => "Key-Length",
        /// The number of rounds, for ciphers with several numbers of rounds.
        KEY_ROUNDS = 7 => "Key-Rounds",
        /// The logarithm to base 2 of the size of the dictionary.
        COMPRESS_DICTIONARY_SIZE = 8 => "Compress-Dictionary-Size",
        /// A compression of a vendor.
        COMPRESS_PRIVATE_ALGORITHM = 9 => "Compress-Private-Algorithm",
        /// The [`EcnTunnel`] (RFC 3168).
        ECN_TUNNEL = 10 => "ECN-Tunnel",
        /// The [`ExtendedSequenceNumber`] (RFC 4304).
        EXTENDED_SEQUENCE_NUMBER = 11 => "Extended-Sequence-Number",
        /// The number of bits of the authentication key (RFC 4359).
        AUTHENTICATION_KEY_LENGTH = 12 => "Authentication-Key-Length",
        /// The encoding of signatures (RFC 4359).
        SIGNATURE_ENCODING_ALGORITHM = 13 => "Signature-Encoding-Algorithm",
        /// The [`AddressPreservation`] (RFC 6407).
        ADDRESS_PRESERVATION = 14 => "Address-Preservation",
        /// The [`SaDirection`] (RFC 6407).
        SA_DIRECTION = 15 => "SA-Direction",
    }
}

impl AttributeType {
    /// Returns the encoding of the class (RFC 2407 section 4.5 and the RFCs after it). `None` when the RFCs give the
    /// class no encoding.
    #[must_use]
    pub const fn encoding(self) -> Option<Encoding> {
        match self.0 {
            1 | 3..=8 | 10..=12 | 14 | 15 => Some(Encoding::Basic),
            2 | 9 | 13 => Some(Encoding::Variable),
            _ => None,
        }
    }

    /// Returns the name of a value of this class. `None` when the value has no name.
    #[must_use]
    pub const fn value_name(self, value: u16) -> Option<&'static str> {
        match self {
            Self::SA_LIFE_TYPE => LifeType(value).name(),
            Self::GROUP_DESCRIPTION => GroupDescription(value).name(),
            Self::ENCAPSULATION_MODE => EncapsulationMode(value).name(),
            Self::AUTHENTICATION_ALGORITHM => AuthenticationAlgorithm(value).name(),
            Self::ECN_TUNNEL => EcnTunnel(value).name(),
            Self::EXTENDED_SEQUENCE_NUMBER => ExtendedSequenceNumber(value).name(),
            Self::ADDRESS_PRESERVATION => AddressPreservation(value).name(),
            Self::SA_DIRECTION => SaDirection(value).name(),
            _ => None,
        }
    }
}

registry! {
    /// Encapsulation Mode (RFC 2407 section 4.5). RFC 3947 section 5.1 assigned 3 and 4, and its drafts used 61443 and
    /// 61444.
    pub struct EncapsulationMode(u16) {
        /// Tunnel mode.
        TUNNEL = 1 => "Tunnel",
        /// Transport mode.
        TRANSPORT = 2 => "Transport",
        /// Tunnel mode in UDP.
        UDP_TUNNEL = 3 => "UDP-Encapsulated-Tunnel",
        /// Transport mode in UDP.
        UDP_TRANSPORT = 4 => "UDP-Encapsulated-Transport",
        /// Check Point's own encapsulation.
        CHECK_POINT_UDP = 61440 => "Check Point IPsec UDP encapsulation",
        /// Tunnel mode in UDP, in the drafts before RFC 3947.
        UDP_TUNNEL_DRAFT = 61443 => "UDP-Encapsulated-Tunnel (draft)",
        /// Transport mode in UDP, in the drafts before RFC 3947.
        UDP_TRANSPORT_DRAFT = 61444 => "UDP-Encapsulated-Transport (draft)",
    }
}

registry! {
    /// Authentication Algorithm (RFC 2407 section 4.5). Numbers from 5 on are from IANA's registry.
    pub struct AuthenticationAlgorithm(u16) {
        /// HMAC-MD5.
        HMAC_MD5 = 1 => "HMAC-MD5",
        /// HMAC-SHA-1.
        HMAC_SHA = 2 => "HMAC-SHA",
        /// DES-MAC.
        DES_MAC = 3 => "DES-MAC",
        /// KPDK: a hash over key, pad, data and key.
        KPDK = 4 => "KPDK",
        /// HMAC-SHA2-256.
        HMAC_SHA2_256 = 5 => "HMAC-SHA2-256",
        /// HMAC-SHA2-384.
        HMAC_SHA2_384 = 6 => "HMAC-SHA2-384",
        /// HMAC-SHA2-512.
        HMAC_SHA2_512 = 7 => "HMAC-SHA2-512",
        /// HMAC-RIPEMD.
        HMAC_RIPEMD = 8 => "HMAC-RIPEMD",
        /// AES-XCBC-MAC.
        AES_XCBC_MAC = 9 => "AES-XCBC-MAC",
        /// RSA signatures.
        SIG_RSA = 10 => "SIG-RSA",
        /// AES-GMAC with 128 bits.
        AES_128_GMAC = 11 => "AES-128-GMAC",
        /// AES-GMAC with 192 bits.
        AES_192_GMAC = 12 => "AES-192-GMAC",
        /// AES-GMAC with 256 bits.
        AES_256_GMAC = 13 => "AES-256-GMAC",
    }
}

registry! {
    /// ECN Tunnel (RFC 3168 section 9.2.1.2).
    pub struct EcnTunnel(u16) {
        /// ECN is allowed in the tunnel.
        ALLOWED = 1 => "Allowed",
        /// ECN is forbidden in the tunnel.
        FORBIDDEN = 2 => "Forbidden",
    }
}

registry! {
    /// Extended Sequence Number (RFC 4304 section 2).
    pub struct ExtendedSequenceNumber(u16) {
        /// Sequence numbers have 64 bits.
        SEQUENCE_64 = 1 => "64-bit Sequence Number",
    }
}

registry! {
    /// Address Preservation (RFC 6407 section 5.4).
    pub struct AddressPreservation(u16) {
        /// No address is preserved.
        NONE = 1 => "None",
        /// Only the source address is preserved.
        SOURCE_ONLY = 2 => "Source-Only",
        /// Only the destination address is preserved.
        DESTINATION_ONLY = 3 => "Destination-Only",
        /// Both addresses are preserved.
        SOURCE_AND_DESTINATION = 4 => "Source-And-Destination",
    }
}

registry! {
    /// SA Direction (RFC 6407 section 5.4).
    pub struct SaDirection(u16) {
        /// The SA is for the sender only.
        SENDER_ONLY = 1 => "Sender-Only",
        /// The SA is for receivers only.
        RECEIVER_ONLY = 2 => "Receiver-Only",
        /// The SA is for both directions.
        SYMMETRIC = 3 => "Symmetric",
    }
}
