//! The registries of the IPsec DOI (RFC 2407) and of IKE (RFC 2409 appendix A).

use wire::registry;

pub mod ipsec;
pub mod oakley;

registry! {
    /// Domain of Interpretation (RFC 2408 section 3.4). RFC 6407 assigned 2.
    pub struct Doi(u32) {
        /// ISAKMP itself.
        ISAKMP = 0 => "ISAKMP",
        /// IPsec.
        IPSEC = 1 => "IPSEC",
        /// GDOI, for the keys of groups.
        GDOI = 2 => "GDOI",
    }
}

registry! {
    /// Security Protocol Identifier (RFC 2407 section 4.4.1).
    pub struct ProtocolId(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// ISAKMP, which protects phase 1.
        ISAKMP = 1 => "PROTO_ISAKMP",
        /// AH.
        AH = 2 => "PROTO_IPSEC_AH",
        /// ESP.
        ESP = 3 => "PROTO_IPSEC_ESP",
        /// IP compression.
        IPCOMP = 4 => "PROTO_IPCOMP",
    }
}

impl ProtocolId {
    /// Returns the number of octets of an SPI of this protocol: 16 for ISAKMP (both cookies), 4 for AH and ESP. `None`
    /// when the protocol has no fixed length.
    #[must_use]
    pub const fn spi_len(self) -> Option<usize> {
        match self {
            Self::ISAKMP => Some(16),
            Self::AH | Self::ESP => Some(4),
            _ => None,
        }
    }
}

registry! {
    /// ISAKMP Transform Identifier (RFC 2407 section 4.4.2).
    pub struct IsakmpTransformId(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// IKE.
        KEY_IKE = 1 => "KEY_IKE",
    }
}

registry! {
    /// AH Transform Identifier (RFC 2407 section 4.4.3). Numbers from 5 on are from IANA's registry.
    pub struct AhTransformId(u8) {
        /// MD5.
        MD5 = 2 => "AH_MD5",
        /// SHA-1.
        SHA = 3 => "AH_SHA",
        /// DES-MAC.
        DES = 4 => "AH_DES",
        /// SHA2-256, RFC 4868.
        SHA2_256 = 5 => "AH_SHA2-256",
        /// SHA2-384, RFC 4868.
        SHA2_384 = 6 => "AH_SHA2-384",
        /// SHA2-512, RFC 4868.
        SHA2_512 = 7 => "AH_SHA2-512",
        /// RIPEMD, RFC 2857.
        RIPEMD = 8 => "AH_RIPEMD",
        /// AES-XCBC-MAC, RFC 3566.
        AES_XCBC_MAC = 9 => "AH_AES-XCBC-MAC",
        /// RSA signatures, RFC 4359.
        RSA = 10 => "AH_RSA",
        /// AES-GMAC with 128 bits, RFC 4543.
        AES_128_GMAC = 11 => "AH_AES-128-GMAC",
        /// AES-GMAC with 192 bits, RFC 4543.
        AES_192_GMAC = 12 => "AH_AES-192-GMAC",
        /// AES-GMAC with 256 bits, RFC 4543.
        AES_256_GMAC = 13 => "AH_AES-256-GMAC",
    }
}

registry! {
    /// ESP Transform Identifier (RFC 2407 section 4.4.4). Numbers from 12 on are from IANA's registry.
    pub struct EspTransformId(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// DES-CBC with a 64-bit IV.
        DES_IV64 = 1 => "ESP_DES_IV64",
        /// DES-CBC.
        DES = 2 => "ESP_DES",
        /// Triple DES in CBC mode.
        TRIPLE_DES = 3 => "ESP_3DES",
        /// RC5.
        RC5 = 4 => "ESP_RC5",
        /// IDEA.
        IDEA = 5 => "ESP_IDEA",
        /// CAST.
        CAST = 6 => "ESP_CAST",
        /// Blowfish.
        BLOWFISH = 7 => "ESP_BLOWFISH",
        /// Triple IDEA.
        TRIPLE_IDEA = 8 => "ESP_3IDEA",
        /// DES-CBC with a 32-bit IV.
        DES_IV32 = 9 => "ESP_DES_IV32",
        /// RC4.
        RC4 = 10 => "ESP_RC4",
        /// No encryption.
        NULL = 11 => "ESP_NULL",
        /// AES-CBC, RFC 3602.
        AES_CBC = 12 => "ESP_AES-CBC",
        /// AES-CTR, RFC 3686.
        AES_CTR = 13 => "ESP_AES-CTR",
        /// AES-CCM with an ICV of 8 octets, RFC 4309.
        AES_CCM_8 = 14 => "ESP_AES-CCM_8",
        /// AES-CCM with an ICV of 12 octets, RFC 4309.
        AES_CCM_12 = 15 => "ESP_AES-CCM_12",
        /// AES-CCM with an ICV of 16 octets, RFC 4309.
        AES_CCM_16 = 16 => "ESP_AES-CCM_16",
        /// AES-GCM with an ICV of 8 octets, RFC 4106.
        AES_GCM_8 = 18 => "ESP_AES-GCM_8",
        /// AES-GCM with an ICV of 12 octets, RFC 4106.
        AES_GCM_12 = 19 => "ESP_AES-GCM_12",
        /// AES-GCM with an ICV of 16 octets, RFC 4106.
        AES_GCM_16 = 20 => "ESP_AES-GCM_16",
        /// SEED-CBC, RFC 4196.
        SEED_CBC = 21 => "ESP_SEED_CBC",
        /// Camellia, RFC 4312.
        CAMELLIA = 22 => "ESP_CAMELLIA",
        /// AES-GMAC (RFC 4543), which does not encrypt.
        NULL_AUTH_AES_GMAC = 23 => "ESP_NULL_AUTH_AES-GMAC",
    }
}

registry! {
    /// IPCOMP Transform Identifier (RFC 2407 section 4.4.5). RFC 3051 assigned 4.
    pub struct IpcompTransformId(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// A compression of a vendor.
        OUI = 1 => "IPCOMP_OUI",
        /// DEFLATE.
        DEFLATE = 2 => "IPCOMP_DEFLATE",
        /// LZS.
        LZS = 3 => "IPCOMP_LZS",
        /// LZJH.
        LZJH = 4 => "IPCOMP_LZJH",
    }
}

/// Returns the name of a transform, which depends on the protocol it is proposed for. `None` when the number has no
/// name.
#[must_use]
pub const fn transform_name(protocol_id: ProtocolId, transform_id: u8) -> Option<&'static str> {
    match protocol_id {
        ProtocolId::ISAKMP => IsakmpTransformId(transform_id).name(),
        ProtocolId::AH => AhTransformId(transform_id).name(),
        ProtocolId::ESP => EspTransformId(transform_id).name(),
        ProtocolId::IPCOMP => IpcompTransformId(transform_id).name(),
        _ => None,
    }
}

/// The format in which an attribute has to be encoded (RFC 2407 section 4.5 and RFC 2409 appendix A). The enum is
/// exhaustive on purpose, because there are two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Encoding {
    /// The basic format: two octets, never with a length.
    Basic,
    /// The variable format. The basic format is allowed when the value fits.
    Variable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transform_is_named_by_its_protocol() {
        assert_eq!(transform_name(ProtocolId::ISAKMP, 1), Some("KEY_IKE"));
        assert_eq!(transform_name(ProtocolId::AH, 3), Some("AH_SHA"));
        assert_eq!(transform_name(ProtocolId::ESP, 3), Some("ESP_3DES"));
        assert_eq!(transform_name(ProtocolId::IPCOMP, 3), Some("IPCOMP_LZS"));
        assert_eq!(transform_name(ProtocolId(9), 3), None);
    }
}
