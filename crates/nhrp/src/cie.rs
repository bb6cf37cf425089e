//! Client information entries: the bindings that requests, replies and several extensions carry.

use core::mem::size_of;

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{FixedPart, NbmaAddress, Seconds, TypeLength};

/// The part of a client information entry in front of its addresses (RFC 2332 section 5.2.0.1).
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct CieLayout {
    code: u8,
    prefix_length: u8,
    unused: U16,
    maximum_transmission_unit: U16,
    holding_time: U16,
    client_address: u8,
    client_subaddress: u8,
    client_protocol_len: u8,
    preference: u8,
}

const _: () = assert!(size_of::<CieLayout>() == CieHeader::LEN);

wire::registry! {
    /// Code of a client information entry (RFC 2332 sections 5.2.2 and 5.2.4): 0 for success, or the reason for a
    /// refusal. The codes of Error Indications are another registry, [`ErrorCode`](crate::ErrorCode).
    pub struct CieCode(u8) {
        /// The request succeeded.
        SUCCESS = 0 => "Success",
        /// The server refuses the request because of policy or routing.
        ADMINISTRATIVELY_PROHIBITED = 4 => "Administratively Prohibited",
        /// The server does not have enough resources.
        INSUFFICIENT_RESOURCES = 5 => "Insufficient Resources",
        /// FRR and opennhrp send this number when they know no binding. The RFC's number is 12.
        NO_BINDING_FRR = 11 => "No Binding Exists (FRR)",
        /// The server knows no binding of the address.
        NO_BINDING = 12 => "No Internetworking Layer Address to NBMA Address Binding Exists",
        /// Bindings of the address exist, but none of them is unique.
        BINDING_NOT_UNIQUE = 13 => "Binding Exists But Is Not Unique",
        /// A unique binding of this address is already registered.
        ALREADY_REGISTERED = 14 => "Unique Internetworking Layer Address Already Registered",
    }
}

/// The fields of an entry in front of its addresses (RFC 2332 section 5.2.0.1). The struct is exhaustive, because the
/// RFC fixes its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CieHeader {
    /// Code: 0, or the reason for a refusal.
    pub code: CieCode,
    /// Prefix Length: the number of leading bits of the protocol address that count.
    pub prefix_length: u8,
    /// Unused: a sender writes zero.
    pub unused: u16,
    /// Maximum Transmission Unit, in octets.
    pub maximum_transmission_unit: u16,
    /// Holding Time: the time for which the binding is valid.
    pub holding_time: Seconds,
    /// Cli Addr T/L: the type and the length of the client's NBMA address.
    pub client_address: TypeLength,
    /// Cli `SAddr` T/L: the type and the length of the client's NBMA subaddress.
    pub client_subaddress: TypeLength,
    /// Cli Proto Len: the number of octets of the protocol address. The field holds at most 255, so a longer address
    /// cannot be sent.
    pub client_protocol_len: usize,
    /// Preference: a higher value is better.
    pub preference: u8,
}

impl CieHeader {
    /// The number of octets in front of the addresses.
    pub const LEN: usize = 12;

    /// Decodes the 12 octets in front of the addresses and returns the octets that follow them. It is for a caller
    /// that shows an entry that was cut.
    ///
    /// # Errors
    /// Returns [`LengthError`] when there are fewer than 12 octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), LengthError> {
        let mut reader = Reader::new(CieFraming::WITHIN, octets);
        let layout: CieLayout = zerocopy::transmute!(*reader.array::<{ Self::LEN }>(CieFraming::ELEMENT)?);
        Ok((Self::of(&layout), reader.rest()))
    }

    const fn addresses_len(&self) -> usize {
        self.client_address
            .address_len
            .saturating_add(self.client_subaddress.address_len)
            .saturating_add(self.client_protocol_len)
    }

    fn of(layout: &CieLayout) -> Self {
        Self {
            code: CieCode(layout.code),
            prefix_length: layout.prefix_length,
            unused: layout.unused.get(),
            maximum_transmission_unit: layout.maximum_transmission_unit.get(),
            holding_time: Seconds(layout.holding_time.get()),
            client_address: layout.client_address.into(),
            client_subaddress: layout.client_subaddress.into(),
            client_protocol_len: usize::from(layout.client_protocol_len),
            preference: layout.preference,
        }
    }
}

impl CieLayout {
    fn of(header: CieHeader) -> Result<Self, EmitError> {
        Ok(Self {
            code: header.code.0,
            prefix_length: header.prefix_length,
            unused: U16::new(header.unused),
            maximum_transmission_unit: U16::new(header.maximum_transmission_unit),
            holding_time: U16::new(header.holding_time.0),
            client_address: header.client_address.octet()?,
            client_subaddress: header.client_subaddress.octet()?,
            client_protocol_len: EmitError::fit_u8("Cli Proto Len", header.client_protocol_len)?,
            preference: header.preference,
        })
    }
}

/// The framing of client information entries: twelve octets, which hold the lengths of three addresses, and then the
/// addresses. The entries go on to the end of the octets.
///
/// The framing has no state, and it stays a unit struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CieFraming;

impl Framing for CieFraming {
    type Header = CieHeader;
    type Open = ();
    const ELEMENT: &'static str = "client information entry";
    const WITHIN: &'static str = FixedPart::WITHIN;

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, CieHeader>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let layout: CieLayout = zerocopy::transmute!(*reader.peek::<{ CieHeader::LEN }>(Self::ELEMENT)?);
        let header = CieHeader::of(&layout);
        reader.element(Self::ELEMENT, header, CieHeader::LEN, header.addresses_len(), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: CieHeader) -> Result<(), EmitError> {
        writer.put(CieLayout::of(header)?.as_bytes())
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: CieHeader,
        (): (),
        start: usize,
    ) -> Result<(), EmitError> {
        // The header holds the lengths already. An entry that is cut has fewer octets, and must not be sent as if it
        // were whole.
        let written = writer.position().saturating_sub(start).saturating_sub(CieHeader::LEN);
        let told = header.addresses_len();
        if written == told {
            return Ok(());
        }
        let (value, max) = (written.max(told), written.min(told));
        Err(EmitError::FieldOverflow { field: "length of the client addresses", value, max })
    }

    fn len_with(&self, len: usize, _: CieHeader, value_len: usize) -> usize {
        len.saturating_add(value_len).saturating_add(CieHeader::LEN)
    }
}

/// A list of client information entries. It holds entries that were read from a packet, or values that a packet is
/// built from.
pub type Cies<'a> = List<'a, CieFraming, Cie<'a>>;

/// A client information entry (RFC 2332 section 5.2.0.1). It binds a protocol address to an NBMA address.
///
/// [`Emit`] writes the addresses only. The header in front of them is written when the entry is a member of [`Cies`].
/// The struct is exhaustive, because the RFC fixes all fields but [`missing`](Self::missing).
///
/// In the default every number is 0 and every address is empty. So its code is [`CieCode::SUCCESS`], all bits of the
/// protocol address count, the MTU is the default one, and the holding time is 0 s: give it one, because a binding
/// with this time is not valid for any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cie<'a> {
    /// 0, or, in a reply, the reason for a refusal.
    pub code: CieCode,
    /// The number of leading bits of the protocol address that count. 0 means the same as 255: all bits count.
    pub prefix_length: u8,
    /// The unused field. A sender writes zero and a receiver ignores it; a received value is kept.
    pub unused: u16,
    /// The MTU of the client in octets. 0 stands for the default MTU.
    pub maximum_transmission_unit: u16,
    /// The time for which the binding is valid.
    pub holding_time: Seconds,
    /// Client NBMA Address, at most 63 octets.
    pub client_nbma_address: NbmaAddress<'a>,
    /// Client NBMA Subaddress, at most 63 octets.
    pub client_nbma_subaddress: NbmaAddress<'a>,
    /// Client Protocol Address, at most 255 octets.
    pub client_protocol_address: &'a [u8],
    /// The preference of this entry over others. A higher value is better.
    pub preference: u8,
    /// The number of octets of the addresses that were missing when the entry was read. It is 0 in an entry that is
    /// whole. An entry that lacks octets is not written.
    pub missing: usize,
}

impl Cie<'_> {
    /// Checks that all addresses of the entry can be sent.
    pub(crate) fn check(&self) -> Result<(), EmitError> {
        CieLayout::of(self.header()).map(drop)
    }
}

/// Writes the three addresses, one after the other.
impl Emit for Cie<'_> {
    fn wire_len(&self) -> usize {
        self.header().addresses_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.missing != 0 {
            return Err(EmitError::CutElement { element: CieFraming::ELEMENT, missing: self.missing });
        }
        writer.put(self.client_nbma_address.octets)?;
        writer.put(self.client_nbma_subaddress.octets)?;
        writer.put(self.client_protocol_address)
    }
}

impl<'a> Member<'a, CieFraming> for Cie<'a> {
    fn header(&self) -> CieHeader {
        CieHeader {
            code: self.code,
            prefix_length: self.prefix_length,
            unused: self.unused,
            maximum_transmission_unit: self.maximum_transmission_unit,
            holding_time: self.holding_time,
            client_address: self.client_nbma_address.type_length(),
            client_subaddress: self.client_nbma_subaddress.type_length(),
            client_protocol_len: self.client_protocol_address.len(),
            preference: self.preference,
        }
    }

    /// Decodes an entry. When the entry is cut, only the addresses that are whole are kept. The address that is cut
    /// and those behind it are empty, because half an address would be another address. [`Element::value`] holds all
    /// octets that are there.
    fn decode(element: &Element<'a, CieHeader>, _: &CieFraming) -> Self {
        let header = element.header;
        let mut rest = Some(element.value);
        let mut address = |len: usize| match rest.and_then(|octets| octets.split_at_checked(len)) {
            Some((octets, behind)) => {
                rest = Some(behind);
                octets
            }
            None => {
                rest = None;
                &[]
            }
        };
        let mut nbma = |TypeLength { reserved, e164, address_len }| NbmaAddress {
            reserved,
            e164,
            octets: address(address_len),
        };
        Self {
            code: header.code,
            prefix_length: header.prefix_length,
            unused: header.unused,
            maximum_transmission_unit: header.maximum_transmission_unit,
            holding_time: header.holding_time,
            client_nbma_address: nbma(header.client_address),
            client_nbma_subaddress: nbma(header.client_subaddress),
            client_protocol_address: address(header.client_protocol_len),
            preference: header.preference,
            missing: element.missing,
        }
    }
}

/// Returns the number of octets of the entries as they are sent. For entries that were read, it is known without
/// decoding them again.
pub(crate) fn entries_len(cies: &Cies<'_>) -> usize {
    match cies.chain() {
        Some(chain) if !chain.is_cut() => chain.octets().len(),
        _ => cies.wire_len(),
    }
}

#[cfg(test)]
mod tests;
