//! Attributes of phase 1, RFC 2409 appendix A, and their values.

use wire::registry;

use super::Encoding;

registry! {
    /// Attribute classes of phase 1, RFC 2409 appendix A.
    pub struct AttributeType(u16) {
        /// [`EncryptionAlgorithm`].
        ENCRYPTION_ALGORITHM = 1 => "Encryption-Algorithm",
        /// [`HashAlgorithm`].
        HASH_ALGORITHM = 2 => "Hash-Algorithm",
        /// [`AuthenticationMethod`].
        AUTHENTICATION_METHOD = 3 => "Authentication-Method",
        /// [`GroupDescription`].
        GROUP_DESCRIPTION = 4 => "Group-Description",
        /// [`GroupType`].
        GROUP_TYPE = 5 => "Group-Type",
        /// Prime, or irreducible polynomial.
        GROUP_PRIME = 6 => "Group-Prime",
        /// First generator.
        GROUP_GENERATOR_ONE = 7 => "Group-Generator-One",
        /// Second generator.
        GROUP_GENERATOR_TWO = 8 => "Group-Generator-Two",
        /// First parameter of the curve.
        GROUP_CURVE_A = 9 => "Group-Curve-A",
        /// Second parameter of the curve.
        GROUP_CURVE_B = 10 => "Group-Curve-B",
        /// [`LifeType`] of the duration that follows.
        LIFE_TYPE = 11 => "Life-Type",
        /// Duration, in the units of the type before.
        LIFE_DURATION = 12 => "Life-Duration",
        /// Pseudo-random function: none is assigned.
        PRF = 13 => "PRF",
        /// Bits of the key, for ciphers with several lengths.
        KEY_LENGTH = 14 => "Key-Length",
        /// Bits of the field.
        FIELD_SIZE = 15 => "Field-Size",
        /// Order of the group.
        GROUP_ORDER = 16 => "Group-Order",
    }
}

impl AttributeType {
    /// How the class is encoded, RFC 2409 appendix A; nothing for a class that is not in it.
    #[must_use]
    pub const fn encoding(self) -> Option<Encoding> {
        match self.0 {
            1..=5 | 11 | 13..=15 => Some(Encoding::Basic),
            6..=10 | 12 | 16 => Some(Encoding::Variable),
            _ => None,
        }
    }

    /// Name of a value of this class.
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
    /// Encryption Algorithm, RFC 2409 appendix A; from 7 on IANA's registry.
    pub struct EncryptionAlgorithm(u16) {
        /// DES.
        DES_CBC = 1 => "DES-CBC",
        /// IDEA.
        IDEA_CBC = 2 => "IDEA-CBC",
        /// Blowfish.
        BLOWFISH_CBC = 3 => "Blowfish-CBC",
        /// RC5.
        RC5_R16_B64_CBC = 4 => "RC5-R16-B64-CBC",
        /// Triple DES.
        TRIPLE_DES_CBC = 5 => "3DES-CBC",
        /// CAST.
        CAST_CBC = 6 => "CAST-CBC",
        /// AES: needs a key length.
        AES_CBC = 7 => "AES-CBC",
        /// Camellia: needs a key length.
        CAMELLIA_CBC = 8 => "CAMELLIA-CBC",
    }
}

registry! {
    /// Hash Algorithm, RFC 2409 appendix A; from 4 on IANA's registry.
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
    /// Authentication Method, RFC 2409 appendix A; 9 to 11 by RFC 4754; hybrid and XAUTH methods by their drafts.
    pub struct AuthenticationMethod(u16) {
        /// Pre-shared key.
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
        /// Hybrid, RSA: the initiator is authenticated by XAUTH only.
        HYBRID_INIT_RSA = 64221 => "HybridInitRSA",
        /// Hybrid, RSA.
        HYBRID_RESP_RSA = 64222 => "HybridRespRSA",
        /// Hybrid, DSS.
        HYBRID_INIT_DSS = 64223 => "HybridInitDSS",
        /// Hybrid, DSS.
        HYBRID_RESP_DSS = 64224 => "HybridRespDSS",
        /// Pre-shared key, then XAUTH of the initiator.
        XAUTH_INIT_PRE_SHARED = 65001 => "XAUTHInitPreShared",
        /// Pre-shared key, then XAUTH of the responder.
        XAUTH_RESP_PRE_SHARED = 65002 => "XAUTHRespPreShared",
        /// DSS, then XAUTH of the initiator.
        XAUTH_INIT_DSS = 65003 => "XAUTHInitDSS",
        /// DSS, then XAUTH of the responder.
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
    /// Group Description, RFC 2409 section 6; 5 and 14 to 18 by RFC 3526, 19 to 21 by RFC 5903, 22 to 26 by RFC 5114, 27 to
    /// 30 by RFC 6932, 31 and 32 as in RFC 8031.
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
    /// Group Type, RFC 2409 appendix A.
    pub struct GroupType(u16) {
        /// Modular exponentiation.
        MODP = 1 => "MODP",
        /// Elliptic curve over a prime field.
        ECP = 2 => "ECP",
        /// Elliptic curve over a binary field.
        EC2N = 3 => "EC2N",
    }
}

registry! {
    /// Life Type, RFC 2409 appendix A and RFC 2407 section 4.5.
    pub struct LifeType(u16) {
        /// Seconds.
        SECONDS = 1 => "seconds",
        /// Kilobytes.
        KILOBYTES = 2 => "kilobytes",
    }
}
