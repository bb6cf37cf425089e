//! INIT and INIT ACK (RFC 9260 sections 3.3.2 and 3.3.3).

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::parameters::parse_parameters;
use crate::{Parameters, ParseError, Tsn, tlv};

/// The length in octets of the value's fixed part.
const HEADER_LEN: usize = 16;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct InitLayout {
    initiate_tag: U32,
    a_rwnd: U32,
    outbound_streams: U16,
    inbound_streams: U16,
    initial_tsn: U32,
}

const _: () = assert!(size_of::<InitLayout>() == HEADER_LEN);

/// An INIT, which starts an association (RFC 9260 section 3.3.2), or the INIT ACK that answers it (section 3.3.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Init<'a> {
    /// Initiate Tag: the verification tag of all packets to the sender of this chunk. It must not be 0.
    pub initiate_tag: u32,
    /// Advertised Receiver Window Credit in octets. It must be at least 1500.
    pub a_rwnd: u32,
    /// Number of Outbound Streams. It must not be 0.
    pub outbound_streams: u16,
    /// Number of Inbound Streams. It must not be 0.
    pub inbound_streams: u16,
    /// Initial TSN: the TSN of the sender's first DATA chunk.
    pub initial_tsn: Tsn,
    /// Addresses, extensions and, in an INIT ACK, the State Cookie.
    pub parameters: Parameters<'a>,
}

impl<'a> Init<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: InitLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("INIT or INIT ACK")?);
        Ok(Self {
            initiate_tag: layout.initiate_tag.get(),
            a_rwnd: layout.a_rwnd.get(),
            outbound_streams: layout.outbound_streams.get(),
            inbound_streams: layout.inbound_streams.get(),
            initial_tsn: Tsn(layout.initial_tsn.get()),
            parameters: parse_parameters(reader)?,
        })
    }
}

impl Emit for Init<'_> {
    fn wire_len(&self) -> usize {
        tlv::run_len(&self.parameters).saturating_add(HEADER_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; HEADER_LEN] = zerocopy::transmute!(InitLayout {
            initiate_tag: self.initiate_tag.into(),
            a_rwnd: self.a_rwnd.into(),
            outbound_streams: self.outbound_streams.into(),
            inbound_streams: self.inbound_streams.into(),
            initial_tsn: self.initial_tsn.0.into(),
        });
        writer.put(&octets)?;
        tlv::emit_run(&self.parameters, writer)
    }
}
