//! Client information entries: the bindings that requests, replies and several extensions carry.

use core::mem::size_of;
use core::time::Duration;

use wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{NbmaAddress, ParseError, TypeLength};

/// RFC 2332 section 5.2.0.1, before the addresses.
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
    /// Code of a client information entry, RFC 2332 sections 5.2.2 and 5.2.4: 0, or why not.
    pub struct CieCode(u8) {
        /// Positive.
        SUCCESS = 0 => "Success",
        /// Refused for policy or routing.
        ADMINISTRATIVELY_PROHIBITED = 4 => "Administratively Prohibited",
        /// Not enough resources.
        INSUFFICIENT_RESOURCES = 5 => "Insufficient Resources",
        /// The number FRR and opennhrp have for 12; not the RFC's.
        NO_BINDING_FRR = 11 => "No Binding Exists (FRR)",
        /// The server knows no binding.
        NO_BINDING = 12 => "No Internetworking Layer Address to NBMA Address Binding Exists",
        /// Bindings exist, none of them unique.
        BINDING_NOT_UNIQUE = 13 => "Binding Exists But Is Not Unique",
        /// A unique binding of this address is registered already.
        ALREADY_REGISTERED = 14 => "Unique Internetworking Layer Address Already Registered",
    }
}

/// What precedes the addresses of an entry, as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CieHeader {
    /// Code.
    pub code: CieCode,
    /// Prefix Length.
    pub prefix_length: u8,
    /// Unused.
    pub unused: u16,
    /// Maximum Transmission Unit.
    pub maximum_transmission_unit: u16,
    /// Holding Time in seconds.
    pub holding_time: u16,
    /// Cli Addr T/L.
    pub client_address: TypeLength,
    /// Cli `SAddr` T/L.
    pub client_subaddress: TypeLength,
    /// Cli Proto Len.
    pub client_protocol_len: u8,
    /// Preference.
    pub preference: u8,
}

impl CieHeader {
    /// Octets before the addresses.
    pub const LEN: usize = 12;

    /// Decodes what precedes the addresses and returns what follows it: for those who look at an entry that is cut.
    ///
    /// # Errors
    /// When there are less than 12 octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), LengthError> {
        let mut reader = Reader::new("NHRP packet", octets);
        let layout: CieLayout = zerocopy::transmute!(*reader.array::<{ Self::LEN }>(CieFraming::ELEMENT)?);
        Ok((Self::of(&layout), reader.rest()))
    }

    fn addresses_len(&self) -> usize {
        self.client_address
            .address_len()
            .saturating_add(self.client_subaddress.address_len())
            .saturating_add(usize::from(self.client_protocol_len))
    }

    fn of(layout: &CieLayout) -> Self {
        Self {
            code: CieCode(layout.code),
            prefix_length: layout.prefix_length,
            unused: layout.unused.get(),
            maximum_transmission_unit: layout.maximum_transmission_unit.get(),
            holding_time: layout.holding_time.get(),
            client_address: TypeLength(layout.client_address),
            client_subaddress: TypeLength(layout.client_subaddress),
            client_protocol_len: layout.client_protocol_len,
            preference: layout.preference,
        }
    }
}

impl CieLayout {
    fn of(header: CieHeader) -> Self {
        Self {
            code: header.code.0,
            prefix_length: header.prefix_length,
            unused: U16::new(header.unused),
            maximum_transmission_unit: U16::new(header.maximum_transmission_unit),
            holding_time: U16::new(header.holding_time),
            client_address: header.client_address.0,
            client_subaddress: header.client_subaddress.0,
            client_protocol_len: header.client_protocol_len,
            preference: header.preference,
        }
    }
}

/// Twelve octets, the lengths of three addresses among them, then the addresses; to the end of the octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CieFraming;

impl Framing for CieFraming {
    type Header = CieHeader;
    type Open = ();
    const ELEMENT: &'static str = "client information entry";
    const WITHIN: &'static str = "NHRP packet";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, CieHeader>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let layout: CieLayout = zerocopy::transmute!(*reader.peek::<{ CieHeader::LEN }>(Self::ELEMENT)?);
        let header = CieHeader::of(&layout);
        reader.element(Self::ELEMENT, header, CieHeader::LEN, header.addresses_len(), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: CieHeader) -> Result<(), EmitError> {
        writer.put(CieLayout::of(header).as_bytes())
    }

    fn close(&mut self, _: &mut Writer<'_>, _: CieHeader, (): (), _: usize) -> Result<(), EmitError> {
        // The header has the lengths already: they come from the addresses themselves.
        Ok(())
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        len.saturating_add(value_len).saturating_add(CieHeader::LEN)
    }
}

/// A run of client information entries; [`Cie::all`] gives them decoded.
pub type Cies<'a> = Chain<'a, CieFraming>;

/// A client information entry, RFC 2332 section 5.2.0.1: a binding of a protocol address to an NBMA address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cie<'a> {
    /// Zero, or in a reply why not.
    pub code: CieCode,
    /// How many leading bits of the protocol address count; 0 is the same as 255, all.
    pub prefix_length: u8,
    /// To be sent as zero and ignored; kept.
    pub unused: u16,
    /// MTU of the client in octets; 0 is the default.
    pub maximum_transmission_unit: u16,
    /// How long the binding is valid: whole seconds, 65,535 at most. A fraction is not sent.
    pub holding_time: Duration,
    /// Client NBMA Address.
    pub client_nbma_address: NbmaAddress<'a>,
    /// Client NBMA Subaddress.
    pub client_nbma_subaddress: NbmaAddress<'a>,
    /// Client Protocol Address, 255 octets at most.
    pub client_protocol_address: &'a [u8],
    /// The higher, the better.
    pub preference: u8,
}

impl<'a> Cie<'a> {
    /// The entries of a chain, decoded.
    pub fn all(cies: &Cies<'a>) -> impl Iterator<Item = Self> + Clone + use<'a> {
        cies.iter().map(Self::from)
    }

    /// Writes entries into `buffer` and frames them: how a chain is built from values.
    ///
    /// # Errors
    /// When they do not fit the buffer, or an address or holding time its field.
    pub fn chain<'b, 'c>(
        buffer: &'b mut [u8],
        cies: impl IntoIterator<Item = Cie<'c>>,
    ) -> Result<Cies<'b>, EmitError> {
        let mut writer = Writer::new(buffer);
        for cie in cies {
            cie.emit_into(&mut writer)?;
        }
        // What was just written has no fault.
        Ok(Cies::parse_until_error(writer.into_written(), 0, CieFraming).value)
    }

    /// Decodes one entry and nothing after it.
    ///
    /// # Errors
    /// When the octets end too early, or go on after the entry.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (cie, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            Ok(cie)
        } else {
            let count = rest.len();
            Err(ParseError::TrailingOctets { offset: octets.len().saturating_sub(count), count })
        }
    }

    /// Decodes one entry and returns what follows it.
    ///
    /// # Errors
    /// When the octets end too early.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        let mut reader = Reader::new("NHRP packet", octets);
        match CieFraming.split(&mut reader)? {
            Some(element) => Ok((element.into(), reader.rest())),
            None => Err(reader.too_short(CieFraming::ELEMENT, CieHeader::LEN).into()),
        }
    }

    /// Octets of the entry.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        CieHeader::LEN
            .saturating_add(self.client_nbma_address.octets.len())
            .saturating_add(self.client_nbma_subaddress.octets.len())
            .saturating_add(self.client_protocol_address.len())
    }

    pub(crate) fn header(&self) -> Result<CieHeader, EmitError> {
        let holding_time = usize::try_from(self.holding_time.as_secs()).unwrap_or(usize::MAX);
        Ok(CieHeader {
            code: self.code,
            prefix_length: self.prefix_length,
            unused: self.unused,
            maximum_transmission_unit: self.maximum_transmission_unit,
            holding_time: EmitError::fit_u16("Holding Time", holding_time)?,
            client_address: self.client_nbma_address.type_length()?,
            client_subaddress: self.client_nbma_subaddress.type_length()?,
            client_protocol_len: EmitError::fit_u8("Cli Proto Len", self.client_protocol_address.len())?,
            preference: self.preference,
        })
    }

    /// Writes the entry to the front of `buffer`, and returns how many octets that were.
    ///
    /// # Errors
    /// When it does not fit the buffer, or an address or the holding time its field.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = Writer::for_len(buffer, self.wire_len())?;
        self.emit_into(&mut writer)?;
        Ok(writer.position())
    }

    /// Writes the entry where `writer` stands.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let header = self.header()?;
        ChainWriter::new(writer, CieFraming).push_with(header, |writer| {
            writer.put(self.client_nbma_address.octets)?;
            writer.put(self.client_nbma_subaddress.octets)?;
            writer.put(self.client_protocol_address)
        })
    }

    /// The entry in octets of its own.
    ///
    /// # Errors
    /// When an address or the holding time does not fit its field.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
    }
}

impl<'a> From<Element<'a, CieHeader>> for Cie<'a> {
    /// Decodes an element of a chain, whose framing has seen to it that the addresses are there. An element made by hand
    /// whose value is too short for its header has empty addresses.
    fn from(element: Element<'a, CieHeader>) -> Self {
        let header = element.header;
        let mut reader = element.reader();
        let mut nbma = |type_length: TypeLength| NbmaAddress {
            reserved: type_length.reserved(),
            e164: type_length.e164(),
            octets: reader.take("address", type_length.address_len()).unwrap_or_default(),
        };
        Self {
            code: header.code,
            prefix_length: header.prefix_length,
            unused: header.unused,
            maximum_transmission_unit: header.maximum_transmission_unit,
            holding_time: Duration::from_secs(u64::from(header.holding_time)),
            client_nbma_address: nbma(header.client_address),
            client_nbma_subaddress: nbma(header.client_subaddress),
            client_protocol_address: reader
                .take("address", usize::from(header.client_protocol_len))
                .unwrap_or_default(),
            preference: header.preference,
        }
    }
}

impl<'a> TryFrom<&'a [u8]> for Cie<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// Writes the entries of a chain, each from its decoded value.
pub(crate) fn emit_all(cies: &Cies<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    Cie::all(cies).try_for_each(|cie| cie.emit_into(writer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// An entry in the shape IOS sends in a Resolution Reply; the octets counted off the figure of RFC 2332.
    const ENTRY: [u8; 20] = [0, 0x20, 0, 0, 5, 0xea, 0x1c, 0x20, 4, 0, 4, 0, 192, 0, 2, 2, 10, 0, 0, 2];

    #[test]
    fn an_entry_goes_both_ways() {
        let cie = Cie::parse(&ENTRY).unwrap();
        assert_eq!(
            cie,
            Cie {
                prefix_length: 32,
                maximum_transmission_unit: 1514,
                holding_time: Duration::from_secs(7200),
                client_nbma_address: NbmaAddress::new(&[192, 0, 2, 2]),
                client_protocol_address: &[10, 0, 0, 2],
                ..Cie::default()
            }
        );
        let mut buffer = [0xaa; 20];
        assert_eq!(cie.emit(&mut buffer), Ok(20));
        assert_eq!(buffer, ENTRY);
        assert_eq!(cie.emit(&mut [0; 19]), Err(EmitError::BufferTooSmall { needed: 20, available: 19 }));
    }

    #[test]
    fn subaddresses_and_all_bits_are_kept() {
        let octets = [14, 1, 2, 3, 4, 5, 6, 7, 0xc1, 0x42, 3, 9, 0xa, 0xb, 0xb, 0xc, 0xc, 0xc];
        let cie = Cie::parse(&octets).unwrap();
        assert_eq!(cie.code, CieCode::ALREADY_REGISTERED);
        assert_eq!(cie.client_nbma_address, NbmaAddress { reserved: true, e164: true, octets: &[0xa] });
        assert_eq!(
            cie.client_nbma_subaddress,
            NbmaAddress { reserved: false, e164: true, octets: &[0xb; 2] }
        );
        assert_eq!(cie.client_protocol_address, [0xc; 3]);
        let mut buffer = [0; 18];
        cie.emit(&mut buffer).unwrap();
        assert_eq!(buffer, octets);
    }

    #[test]
    fn several_entries_are_a_chain_built_and_read() {
        let cie = Cie::parse(&ENTRY).unwrap();
        let bare = Cie { holding_time: Duration::from_secs(60), ..Cie::default() };
        let mut buffer = [0; 64];
        let cies = Cie::chain(&mut buffer, [cie, bare, cie]).unwrap();
        assert_eq!(cies.octets().len(), 52);
        assert_eq!(Cie::all(&cies).collect::<Vec<_>>(), [cie, bare, cie]);
        assert_eq!(cies.iter().map(|element| element.offset).collect::<Vec<_>>(), [0, 20, 32]);
        assert!(Cie::chain(&mut [0; 51], [cie, bare, cie]).is_err());
    }

    #[test]
    fn address_lengths_beyond_the_entry_are_a_fault() {
        let mut octets = ENTRY;
        octets[8] = 5;
        assert_eq!(
            Cie::parse(&octets),
            Err(LengthError::Ends {
                within: "NHRP packet",
                element: "client information entry",
                offset: 0,
                needed: 21,
                available: 20
            }
            .into())
        );
        assert_eq!(
            Cie::parse(&ENTRY[..11]).unwrap_err(),
            LengthError::Ends {
                within: "NHRP packet",
                element: "client information entry",
                offset: 0,
                needed: 12,
                available: 11
            }
            .into()
        );
        assert_eq!(
            Cie::parse(&[&ENTRY[..], &[0]].concat()),
            Err(ParseError::TrailingOctets { offset: 20, count: 1 })
        );
        assert!(Cie::parse(&[]).is_err());
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        let field = |cie: Cie<'_>| match cie.emit(&mut [0; 400]) {
            Err(EmitError::FieldOverflow { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            field(Cie { holding_time: Duration::from_secs(65_536), ..Cie::default() }),
            "Holding Time"
        );
        assert_eq!(field(Cie { client_protocol_address: &[0; 256], ..Cie::default() }), "Cli Proto Len");
        let client_nbma_subaddress = NbmaAddress::new(&[0; 64]);
        assert_eq!(field(Cie { client_nbma_subaddress, ..Cie::default() }), "NBMA address length");
    }
}
