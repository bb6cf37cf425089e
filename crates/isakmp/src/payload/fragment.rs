//! Fragment payload: a piece of a message that is too long for the path, as Cisco and Microsoft send it.
//!
//! No RFC describes it. The message around a fragment has the cookies and the exchange of the whole message, the next
//! payload 132, and no other payload. The fragments put together are a whole message with its own header.

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::ParseError;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct FragmentLayout {
    identifier: U16,
    number: u8,
    flags: u8,
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<FragmentLayout>() == FIXED_LEN);

/// A piece of a message. The struct is exhaustive on purpose, because Cisco's payload has no other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Fragment<'a> {
    /// The number of the message that the fragment belongs to.
    pub identifier: u16,
    /// The number of the fragment, from 1 on.
    pub number: u8,
    /// [`LAST`](Self::LAST) in the last fragment, otherwise 0.
    pub flags: u8,
    /// The octets of the fragment.
    pub data: &'a [u8],
}

impl<'a> Fragment<'a> {
    /// The flag of the last fragment.
    pub const LAST: u8 = 1;

    /// Returns whether this is the last fragment.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        self.flags & Self::LAST != 0
    }

    fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: FragmentLayout = transmute!(*reader.array::<FIXED_LEN>("Fragment")?);
        Ok(Self {
            identifier: layout.identifier.get(),
            number: layout.number,
            flags: layout.flags,
            data: reader.rest(),
        })
    }
}

impl Emit for Fragment<'_> {
    fn wire_len(&self) -> usize {
        self.data.len().saturating_add(FIXED_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] = transmute!(FragmentLayout {
            identifier: U16::new(self.identifier),
            number: self.number,
            flags: self.flags,
        });
        writer.put(&octets)?;
        writer.put(self.data)
    }
}

payload_body!(Fragment<'a>, FRAGMENT);
