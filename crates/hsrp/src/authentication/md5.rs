//! The MD5 authentication TLV. It is Cisco's, and no RFC describes it.

use core::net::Ipv4Addr;

use wire::{Element, Emit, EmitError, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::DIGEST_LEN;
use crate::tlv::body;
use crate::{ParseError, TlvType};

wire::registry! {
    /// The algorithm of a digest.
    pub struct Algorithm(u8) {
        /// Keyed MD5.
        MD5 = 1 => "MD5",
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Md5AuthenticationLayout {
    algorithm: u8,
    padding: u8,
    flags: U16,
    ip_address: [u8; 4],
    key_id: U32,
    digest: [u8; DIGEST_LEN],
}

const _: () = assert!(size_of::<Md5AuthenticationLayout>() == Md5Authentication::LEN);

/// The value of an MD5 authentication TLV: 28 octets, in both versions. It is Cisco's, and no RFC describes it.
///
/// On the wire it has, in this order: algorithm and padding with one octet each, flags with two, the IP address and the
/// key identifier with four each, and the digest with 16.
///
/// Emit a message with any digest, for example that of [`unsealed`](Self::unsealed); [`seal`](super::seal) then
/// writes the right digest into its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Md5Authentication {
    /// The algorithm of the digest.
    pub algorithm: Algorithm,
    /// A reserved octet. Routers send 0, and it is kept as it is.
    pub padding: u8,
    /// Two reserved octets. Routers send 0, and they are kept as they are.
    pub flags: u16,
    /// The IP address of the sender's interface.
    pub ip_address: Ipv4Addr,
    /// The id of the key in a key chain. It is 0 when the router has a `key-string` without a chain.
    pub key_id: u32,
    /// The digest over the whole message.
    pub digest: [u8; DIGEST_LEN],
}

impl Md5Authentication {
    /// Number of octets of the value.
    pub const LEN: usize = 28;

    pub(super) const DIGEST_OFFSET: usize = core::mem::offset_of!(Md5AuthenticationLayout, digest);

    /// The TLV that a router at `ip_address` sends under the key with this id. Its digest is all zeros until
    /// [`seal`](super::seal) writes it.
    #[must_use]
    pub const fn unsealed(ip_address: Ipv4Addr, key_id: u32) -> Self {
        Self { algorithm: Algorithm::MD5, padding: 0, flags: 0, ip_address, key_id, digest: [0; DIGEST_LEN] }
    }

    /// Decodes the value of a TLV. The type of the TLV is not checked.
    ///
    /// # Errors
    /// Returns [`ParseError::TlvLength`] when the value is not 28 octets long.
    pub fn parse(element: &Element<'_, TlvType>) -> Result<Self, ParseError> {
        let layout: Md5AuthenticationLayout = zerocopy::transmute!(*body::<{ Self::LEN }>(element)?);
        Ok(Self {
            algorithm: Algorithm(layout.algorithm),
            padding: layout.padding,
            flags: layout.flags.get(),
            ip_address: Ipv4Addr::from(layout.ip_address),
            key_id: layout.key_id.get(),
            digest: layout.digest,
        })
    }
}

impl Emit for Md5Authentication {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; Self::LEN] = zerocopy::transmute!(Md5AuthenticationLayout {
            algorithm: self.algorithm.0,
            padding: self.padding,
            flags: self.flags.into(),
            ip_address: self.ip_address.octets(),
            key_id: self.key_id.into(),
            digest: self.digest,
        });
        writer.put(&octets)
    }
}
