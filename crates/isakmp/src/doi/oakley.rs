//! The attributes of phase 1 (RFC 2409 appendix A) and their values.

use wire::registry;

use super::Encoding;

registry! {
    /// Attribute classes of phase 1 (RFC 2409 appendix A).
    pub struct AttributeType(u16) {
        /// The [`EncryptionAlgorithm`].
        ENCRYPTION_ALGORITHM = 1 => "Encryption-Algorithm",
        /// The [`HashAlgorithm`].
        HASH_ALGORITHM = 2 => "Hash-Algorithm",
        /// The [`AuthenticationMethod`].
        AUTHENTICATION_METHOD = 3 => "Authentication-Method",
        /// The [`GroupDescription`].
        GROUP_DESCRIPTION = 4 => "Group-Description",
        /// The [`GroupType`].
        GROUP_TYPE = 5 => "Group-Type",
        /// The prime of the group, or its irreducible polynomial.
        GROUP_PRIME = 6 => "Group-Prime",
        /// The first generator of the group.
        GROUP_GENERATOR_ONE = 7 => "Group-Generator-One",
        /// The second generator of the group.
        GROUP_GENERATOR_TWO = 8 => "Group-Generator-Two",
        /// The first parameter of the curve.
        GROUP_CURVE_A = 9 => "Group-Curve-A",
        /// The second parameter of the curve.
        GROUP_CURVE_B = 10 => "Group-Curve-B",
        /// The [`LifeType`] of the duration that follows.
        LIFE_TYPE = 11 => "Life-Type",
        /// The duration, in the unit of the life type before it.
        LIFE_DURATION = 12 => "Life-Duration",
        /// The pseudo-random function. No value is assigned.
        PRF = 13 => "PRF",
        /// The number of bits of the key, for ciphers with several key lengths.
        KEY_LENGTH = 14 => "Key-Length",
        /// The number of bits of the field.
        FIELD_SIZE = 15 => "Field-Size",
        /// The order of the group.
        GROUP_ORDER = 16 => "Group-Order",
    }
}

impl AttributeType {
    /// Returns the encoding of the class (RFC 2409 appendix A). `None` when the appendix does not have the class.
    #[must_use]
    pub const fn encoding(self) -> Option<Encoding> {
        match self.0 {
            1..=5 | 11 | 13..=15 => Some(Encoding::Basic),
            6..=10 | 12 | 16 => Some(Encoding::Variable),
            _ => None,
        }
    }

    /// Returns the name of a value of this class. `None` when the value has no name.
    #[must_use]
    pub const fn value_name(self, value: u16) -> Option<&'static str> {
        match self {
            Self::ENCRYPTION_ALGORITHM => EncryptionAlgorithm(value).name(),
            Self::HASH_ALGORITHM => HashAlgorithm(value).name(),
            Self::AUTHENTICATION_METHOD => AuthenticationMethod(value).name(),
            Self::GROUP_DESCRIPTION => GroupDescription(value).name(),
            Self::GROUP_TYPE => GroupType(value).name(),
            Self::LIFE_TYPE => LifeType(value).name(),
            _ => None,
        }
    }
}

registry! {
    /// Encryption Algorithm (RFC 2409 appendix A). Numbers from 7 on are from IANA's registry.
    pub struct EncryptionAlgorithm(u16) {
        /// DES in CBC mode.
        DES_CBC = 1 => "DES-CBC",
        /// IDEA in CBC mode.
        IDEA_CBC = 2 => "IDEA-CBC",
        /// Blowfish in CBC mode.
        BLOWFISH_CBC = 3 => "Blowfish-CBC",
        /// RC5 in CBC mode.
        RC5_R16_B64_CBC = 4 => "RC5-R16-B64-CBC",
        /// Triple DES in CBC mode.
        TRIPLE_DES_CBC = 5 => "3DES-CBC",
        /// CAST in CBC mode.
        CAST_CBC = 6 => "CAST-CBC",
        /// AES in CBC mode, which needs a key length.
        AES_CBC = 7 => "AES-CBC",
        /// Camellia in CBC mode, which needs a key length.
        CAMELLIA_CBC = 8 => "CAMELLIA-CBC",
    }
}

registry! {
    /// Hash Algorithm (RFC 2409 appendix A). Numbers from 4 on are from IANA's registry.
    pub struct HashAlgorithm(u16) {
        /// MD5.
        MD5 = 1 => "MD5",
        /// SHA-1.
        SHA = 2 => "SHA",
        /// Tiger.
        TIGER = 3 => "Tiger",
        /// SHA2-256.
        SHA2_256 = 4 => "SHA2-256",
        /// SHA2-384.
        SHA2_384 = 5 => "SHA2-384",
        /// SHA2-512.
        SHA2_512 = 6 => "SHA2-512",
    }
}

registry! {
    /// Authentication Method (RFC 2409 appendix A). RFC 4754 assigned 9 to 11. The hybrid and XAUTH methods are from
    /// their drafts.
    pub struct AuthenticationMethod(u16) {
        /// A pre-shared key.
        PRE_SHARED_KEY = 1 => "pre-shared key",
        /// DSS signatures.
        DSS_SIGNATURES = 2 => "DSS signatures",
        /// RSA signatures.
        RSA_SIGNATURES = 3 => "RSA signatures",
        /// Encryption with RSA.
        RSA_ENCRYPTION = 4 => "Encryption with RSA",
        /// Revised encryption with RSA.
        RSA_REVISED_ENCRYPTION = 5 => "Revised encryption with RSA",
        /// ECDSA with SHA-256 on P-256.
        ECDSA_256 = 9 => "ECDSA with SHA-256 on the P-256 curve",
        /// ECDSA with SHA-384 on P-384.
        ECDSA_384 = 10 => "ECDSA with SHA-384 on the P-384 curve",
        /// ECDSA with SHA-512 on P-521.
        ECDSA_521 = 11 => "ECDSA with SHA-512 on the P-521 curve",
        /// Hybrid authentication with RSA. XAUTH alone authenticates the initiator.
        HYBRID_INIT_RSA = 64221 => "HybridInitRSA",
        /// Hybrid authentication with RSA, with the roles of the two sides exchanged.
        HYBRID_RESP_RSA = 64222 => "HybridRespRSA",
        /// Hybrid authentication with DSS. XAUTH alone authenticates the initiator.
        HYBRID_INIT_DSS = 64223 => "HybridInitDSS",
        /// Hybrid authentication with DSS, with the roles of the two sides exchanged.
        HYBRID_RESP_DSS = 64224 => "HybridRespDSS",
        /// A pre-shared key, then XAUTH of the initiator.
        XAUTH_INIT_PRE_SHARED = 65001 => "XAUTHInitPreShared",
        /// A pre-shared key, then XAUTH of the responder.
        XAUTH_RESP_PRE_SHARED = 65002 => "XAUTHRespPreShared",
        /// DSS signatures, then XAUTH of the initiator.
        XAUTH_INIT_DSS = 65003 => "XAUTHInitDSS",
        /// DSS signatures, then XAUTH of the responder.
        XAUTH_RESP_DSS = 65004 => "XAUTHRespDSS",
        /// RSA signatures, then XAUTH of the initiator.
        XAUTH_INIT_RSA = 65005 => "XAUTHInitRSA",
        /// RSA signatures, then XAUTH of the responder.
        XAUTH_RESP_RSA = 65006 => "XAUTHRespRSA",
        /// RSA encryption, then XAUTH of the initiator.
        XAUTH_INIT_RSA_ENCRYPTION = 65007 => "XAUTHInitRSAEncryption",
        /// RSA encryption, then XAUTH of the responder.
        XAUTH_RESP_RSA_ENCRYPTION = 65008 => "XAUTHRespRSAEncryption",
        /// Revised RSA encryption, then XAUTH of the initiator.
        XAUTH_INIT_RSA_REVISED_ENCRYPTION = 65009 => "XAUTHInitRSARevisedEncryption",
        /// Revised RSA encryption, then XAUTH of the responder.
        XAUTH_RESP_RSA_REVISED_ENCRYPTION = 65010 => "XAUTHRespRSARevisedEncryption",
    }
}

registry! {
    /// Group Description (RFC 2409 section 6). RFC 3526 assigned 5 and 14 to 18, RFC 5903 assigned 19 to 21, RFC 5114
    /// assigned 22 to 26, and RFC 6932 assigned 27 to 30. 31 and 32 are as in RFC 8031.
    pub struct GroupDescription(u16) {
        /// 768-bit MODP.
        MODP_768 = 1 => "768-bit MODP",
        /// 1024-bit MODP.
        MODP_1024 = 2 => "1024-bit MODP",
        /// EC2N over GF(2^155).
        EC2N_155 = 3 => "EC2N over GF(2^155)",
        /// EC2N over GF(2^185).
        EC2N_185 = 4 => "EC2N over GF(2^185)",
        /// 1536-bit MODP.
        MODP_1536 = 5 => "1536-bit MODP",
        /// 2048-bit MODP.
        MODP_2048 = 14 => "2048-bit MODP",
        /// 3072-bit MODP.
        MODP_3072 = 15 => "3072-bit MODP",
        /// 4096-bit MODP.
        MODP_4096 = 16 => "4096-bit MODP",
        /// 6144-bit MODP.
        MODP_6144 = 17 => "6144-bit MODP",
        /// 8192-bit MODP.
        MODP_8192 = 18 => "8192-bit MODP",
        /// 256-bit random ECP.
        ECP_256 = 19 => "256-bit random ECP",
        /// 384-bit random ECP.
        ECP_384 = 20 => "384-bit random ECP",
        /// 521-bit random ECP.
        ECP_521 = 21 => "521-bit random ECP",
        /// 1024-bit MODP with a subgroup of 160 bits.
        MODP_1024_160 = 22 => "1024-bit MODP with 160-bit prime order subgroup",
        /// 2048-bit MODP with a subgroup of 224 bits.
        MODP_2048_224 = 23 => "2048-bit MODP with 224-bit prime order subgroup",
        /// 2048-bit MODP with a subgroup of 256 bits.
        MODP_2048_256 = 24 => "2048-bit MODP with 256-bit prime order subgroup",
        /// 192-bit random ECP.
        ECP_192 = 25 => "192-bit random ECP",
        /// 224-bit random ECP.
        ECP_224 = 26 => "224-bit random ECP",
        /// 224-bit Brainpool ECP.
        BRAINPOOL_224 = 27 => "224-bit Brainpool ECP",
        /// 256-bit Brainpool ECP.
        BRAINPOOL_256 = 28 => "256-bit Brainpool ECP",
        /// 384-bit Brainpool ECP.
        BRAINPOOL_384 = 29 => "384-bit Brainpool ECP",
        /// 512-bit Brainpool ECP.
        BRAINPOOL_512 = 30 => "512-bit Brainpool ECP",
        /// Curve25519.
        CURVE25519 = 31 => "Curve25519",
        /// Curve448.
        CURVE448 = 32 => "Curve448",
    }
}

registry! {
    /// Group Type (RFC 2409 appendix A).
    pub struct GroupType(u16) {
        /// A modular exponentiation group.
        MODP = 1 => "MODP",
        /// An elliptic curve over a prime field.
        ECP = 2 => "ECP",
        /// An elliptic curve over a binary field.
        EC2N = 3 => "EC2N",
    }
}

registry! {
    /// Life Type (RFC 2409 appendix A and RFC 2407 section 4.5).
    pub struct LifeType(u16) {
        /// The life duration counts seconds.
        SECONDS = 1 => "seconds",
        /// The life duration counts kilobytes.
        KILOBYTES = 2 => "kilobytes",
    }
}
