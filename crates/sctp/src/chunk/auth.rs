//! AUTH (RFC 4895 section 5).

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ParseError;
use crate::parameter::HmacIdentifier;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct AuthLayout {
    shared_key_identifier: U16,
    hmac_identifier: U16,
}

const _: () = assert!(size_of::<AuthLayout>() == 4);

/// An AUTH, which authenticates the chunks that follow it in the packet (RFC 4895 section 5).
///
/// The HMAC covers this chunk, with zeros in place of the HMAC, and all chunks that follow in the packet. Their octets
/// are in the elements of [`Chunks::elements`](crate::Chunks::elements).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Auth<'a> {
    /// The number of the shared key.
    pub shared_key_identifier: u16,
    /// The HMAC algorithm.
    pub hmac_identifier: HmacIdentifier,
    /// The HMAC: 20 octets with SHA-1, 32 octets with SHA-256.
    pub hmac: &'a [u8],
}

impl<'a> Auth<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: AuthLayout = zerocopy::transmute!(*reader.array::<4>("AUTH")?);
        Ok(Self {
            shared_key_identifier: layout.shared_key_identifier.get(),
            hmac_identifier: HmacIdentifier(layout.hmac_identifier.get()),
            hmac: reader.rest(),
        })
    }
}

impl Emit for Auth<'_> {
    fn wire_len(&self) -> usize {
        self.hmac.len().saturating_add(4)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; 4] = zerocopy::transmute!(AuthLayout {
            shared_key_identifier: self.shared_key_identifier.into(),
            hmac_identifier: self.hmac_identifier.0.into(),
        });
        writer.put(&octets)?;
        writer.put(self.hmac)
    }
}
