//! Networks that Cisco Unity sends through the tunnel, or past it.
//!
//! Each record is an address and a mask, and mostly six octets of protocol and ports follow, which are mostly zero.
//! Some senders leave those six octets out.

use core::iter::FusedIterator;
use core::net::Ipv4Addr;

use wire::{Emit, EmitError, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::ParseError;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ShortLayout {
    address: [u8; 4],
    mask: [u8; 4],
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct LongLayout {
    address: [u8; 4],
    mask: [u8; 4],
    protocol: U16,
    source_port: U16,
    destination_port: U16,
}

const _: () = assert!(size_of::<ShortLayout>() == SplitNetwork::SHORT_LEN);
const _: () = assert!(size_of::<LongLayout>() == SplitNetwork::LONG_LEN);

/// The protocol and the ports of a record: the six octets after the mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SplitPorts {
    /// The IP protocol, 0 for any.
    pub protocol: u16,
    /// The source port, 0 for any.
    pub source_port: u16,
    /// The destination port, 0 for any.
    pub destination_port: u16,
}

/// A network of `UNITY_SPLIT_INCLUDE` or `UNITY_SPLIT_EXCLUDE`. The struct is exhaustive on purpose, because records
/// have only two lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SplitNetwork {
    /// The address of the network.
    pub address: Ipv4Addr,
    /// The mask of the network.
    pub mask: Ipv4Addr,
    /// The protocol and the ports. `None` in records of eight octets.
    pub ports: Option<SplitPorts>,
}

impl SplitNetwork {
    /// The number of octets of a record without protocol and ports.
    pub const SHORT_LEN: usize = 8;
    /// The number of octets of a record with protocol and ports.
    pub const LONG_LEN: usize = 14;
}

impl Emit for SplitNetwork {
    fn wire_len(&self) -> usize {
        match self.ports {
            None => Self::SHORT_LEN,
            Some(_) => Self::LONG_LEN,
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let (address, mask) = (self.address.octets(), self.mask.octets());
        match self.ports {
            None => {
                let octets: [u8; Self::SHORT_LEN] = transmute!(ShortLayout { address, mask });
                writer.put(&octets)
            }
            Some(ports) => {
                let octets: [u8; Self::LONG_LEN] = transmute!(LongLayout {
                    address,
                    mask,
                    protocol: U16::new(ports.protocol),
                    source_port: U16::new(ports.source_port),
                    destination_port: U16::new(ports.destination_port),
                });
                writer.put(&octets)
            }
        }
    }
}

impl SplitNetwork {
    fn short(octets: [u8; Self::SHORT_LEN]) -> Self {
        let layout: ShortLayout = transmute!(octets);
        Self { address: layout.address.into(), mask: layout.mask.into(), ports: None }
    }

    fn long(octets: [u8; Self::LONG_LEN]) -> Self {
        let layout: LongLayout = transmute!(octets);
        let ports = SplitPorts {
            protocol: layout.protocol.get(),
            source_port: layout.source_port.get(),
            destination_port: layout.destination_port.get(),
        };
        Self { address: layout.address.into(), mask: layout.mask.into(), ports: Some(ports) }
    }

    /// Returns whether the ones of the mask stand before its zeros.
    fn has_prefix(&self) -> bool {
        let mask = u32::from(self.mask);
        mask.leading_ones() == mask.count_ones()
    }
}

/// A list of networks, as the value of an attribute holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SplitNetworks<'a> {
    has_ports: bool,
    octets: &'a [u8],
}

impl<'a> SplitNetworks<'a> {
    /// Decodes the value of an attribute.
    ///
    /// The length tells the form of the records. A multiple of 56 fits both forms. It is then taken for records of 14
    /// octets, unless only records of 8 octets have masks that are prefixes.
    ///
    /// # Errors
    /// Returns [`ParseError::SplitNetworks`] when the length is a multiple of neither 14 nor 8.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (_, after_long) = octets.as_chunks::<{ SplitNetwork::LONG_LEN }>();
        let (_, after_short) = octets.as_chunks::<{ SplitNetwork::SHORT_LEN }>();
        let long = Self { has_ports: true, octets };
        let short = Self { has_ports: false, octets };
        let prefixes = |list: Self| list.iter().all(|network| network.has_prefix());
        match (after_long.is_empty(), after_short.is_empty()) {
            (true, true) if !prefixes(long) && prefixes(short) => Ok(short),
            (true, _) => Ok(long),
            (false, true) => Ok(short),
            (false, false) => Err(ParseError::SplitNetworks { len: octets.len() }),
        }
    }

    /// Returns the networks in their order.
    #[must_use]
    pub const fn iter(&self) -> SplitNetworkIter<'a> {
        SplitNetworkIter { has_ports: self.has_ports, octets: self.octets }
    }
}

/// Writes the records as they were read.
impl Emit for SplitNetworks<'_> {
    fn wire_len(&self) -> usize {
        self.octets.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.octets)
    }
}

impl<'a> IntoIterator for SplitNetworks<'a> {
    type Item = SplitNetwork;
    type IntoIter = SplitNetworkIter<'a>;

    fn into_iter(self) -> SplitNetworkIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &SplitNetworks<'a> {
    type Item = SplitNetwork;
    type IntoIter = SplitNetworkIter<'a>;

    fn into_iter(self) -> SplitNetworkIter<'a> {
        self.iter()
    }
}

/// The iterator over networks.
#[derive(Clone, Debug)]
pub struct SplitNetworkIter<'a> {
    has_ports: bool,
    octets: &'a [u8],
}

impl Iterator for SplitNetworkIter<'_> {
    type Item = SplitNetwork;

    fn next(&mut self) -> Option<SplitNetwork> {
        if self.has_ports {
            let (record, rest) = self.octets.split_first_chunk()?;
            self.octets = rest;
            Some(SplitNetwork::long(*record))
        } else {
            let (record, rest) = self.octets.split_first_chunk()?;
            self.octets = rest;
            Some(SplitNetwork::short(*record))
        }
    }
}

impl FusedIterator for SplitNetworkIter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const RECORD: [u8; 14] = [10, 1, 0, 0, 255, 255, 0, 0, 0, 6, 0, 0, 0, 80];

    fn rewritten(octets: &[u8]) -> Vec<u8> {
        let mut buffer = [0; 256];
        let mut writer = Writer::new(&mut buffer);
        for network in SplitNetworks::parse(octets).unwrap() {
            network.emit_into(&mut writer).unwrap();
        }
        writer.written().to_vec()
    }

    #[test]
    fn records_of_14_and_of_8_octets() {
        let network = SplitNetworks::parse(&RECORD).unwrap().iter().next().unwrap();
        assert_eq!((network.address, network.mask), ([10, 1, 0, 0].into(), [255, 255, 0, 0].into()));
        assert_eq!(network.ports.unwrap(), SplitPorts { protocol: 6, source_port: 0, destination_port: 80 });
        for len in [14, 28, 42, 70] {
            let octets: Vec<u8> = RECORD.iter().copied().cycle().take(len).collect();
            assert_eq!(SplitNetworks::parse(&octets).unwrap().iter().count(), len / 14);
            assert_eq!(rewritten(&octets), octets);
        }
        for len in [8, 16, 24] {
            let octets: Vec<u8> = RECORD[..8].iter().copied().cycle().take(len).collect();
            assert_eq!(SplitNetworks::parse(&octets).unwrap().iter().count(), len / 8);
            assert_eq!(rewritten(&octets), octets);
        }
    }

    #[test]
    fn fifty_six_octets_are_told_by_their_masks() {
        let long: Vec<u8> = RECORD.iter().copied().cycle().take(56).collect();
        assert_eq!(SplitNetworks::parse(&long).unwrap().iter().count(), 4);
        let short: Vec<u8> = RECORD[..8].iter().copied().cycle().take(56).collect();
        assert_eq!(SplitNetworks::parse(&short).unwrap().iter().count(), 7);
        assert_eq!(SplitNetworks::parse(&[]).unwrap().iter().count(), 0);
    }

    #[test]
    fn fifty_six_octets_whose_masks_tell_nothing_are_records_of_14() {
        // Masks of zeros are prefixes in both forms; 0x55 in every octet is a prefix in neither.
        for octet in [0, 0x55] {
            let octets = [octet; 56];
            let networks = SplitNetworks::parse(&octets).unwrap();
            assert_eq!(networks.iter().count(), 4, "{octet:#x}");
            assert!(networks.iter().all(|network| network.ports.is_some()));
            assert_eq!(rewritten(&octets), octets);
        }
    }

    #[test]
    fn a_record_is_as_long_as_what_is_written_of_it() {
        for len in [8, 14] {
            let octets = &RECORD[..len];
            let networks = SplitNetworks::parse(octets).unwrap();
            let network = networks.iter().next().unwrap();
            assert_eq!((network.wire_len(), networks.wire_len()), (len, len));
            assert_eq!(network.emit(&mut [0; 14]).unwrap(), octets);
        }
        // A mask with a one behind a zero is not a prefix.
        for (mask, is_prefix) in
            [([0; 4], true), ([255; 4], true), ([255, 0, 1, 0], false), ([127, 255, 0, 0], false)]
        {
            let network = SplitNetwork { address: [0; 4].into(), mask: mask.into(), ports: None };
            assert_eq!(network.has_prefix(), is_prefix, "{mask:?}");
        }
    }

    #[test]
    fn other_lengths_are_an_error() {
        assert_eq!(SplitNetworks::parse(&[0; 9]), Err(ParseError::SplitNetworks { len: 9 }));
    }
}
