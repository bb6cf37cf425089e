//! Delete payload (RFC 2408 section 3.15).

use core::iter::FusedIterator;

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::ParseError;
use crate::doi::{Doi, ProtocolId};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct DeleteLayout {
    doi: U32,
    protocol_id: u8,
    spi_size: u8,
    spi_count: U16,
}

const FIXED_LEN: usize = 8;
const _: () = assert!(size_of::<DeleteLayout>() == FIXED_LEN);

/// The number of octets from the SPI size to the first SPI.
const SPI_SIZE_TO_SPIS: usize = FIXED_LEN - core::mem::offset_of!(DeleteLayout, spi_size);

/// SPIs of one size, one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Spis<'a> {
    size: u8,
    count: u16,
    octets: &'a [u8],
}

impl<'a> Spis<'a> {
    /// Makes a list of SPIs of `size` octets each. `None` when the octets are not a whole number of SPIs, or when
    /// there are more than 65,535 SPIs.
    #[must_use]
    pub fn new(size: u8, octets: &'a [u8]) -> Option<Self> {
        let count = match octets.len().checked_div(usize::from(size)) {
            Some(count) => u16::try_from(count).ok()?,
            None => 0,
        };
        Self::counted(size, count, octets)
    }

    fn counted(size: u8, count: u16, octets: &'a [u8]) -> Option<Self> {
        let len = usize::from(size).saturating_mul(usize::from(count));
        // A number of SPIs without octets would have no meaning.
        let is_whole = len == octets.len() && (size != 0 || count == 0);
        is_whole.then_some(Self { size, count, octets })
    }

    /// Returns the number of octets of each SPI.
    #[must_use]
    pub const fn spi_size(&self) -> u8 {
        self.size
    }

    /// Returns the number of SPIs.
    #[must_use]
    pub const fn spi_count(&self) -> u16 {
        self.count
    }

    /// Returns the octets of all SPIs.
    #[must_use]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Returns the SPIs in their order.
    #[must_use]
    pub const fn iter(&self) -> SpiIter<'a> {
        SpiIter { size: self.size, octets: self.octets }
    }
}

impl<'a> IntoIterator for Spis<'a> {
    type Item = &'a [u8];
    type IntoIter = SpiIter<'a>;

    fn into_iter(self) -> SpiIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Spis<'a> {
    type Item = &'a [u8];
    type IntoIter = SpiIter<'a>;

    fn into_iter(self) -> SpiIter<'a> {
        self.iter()
    }
}

/// The iterator over SPIs.
#[derive(Clone, Debug)]
pub struct SpiIter<'a> {
    size: u8,
    octets: &'a [u8],
}

impl<'a> Iterator for SpiIter<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.octets.is_empty() {
            return None;
        }
        let (spi, rest) = self.octets.split_at_checked(usize::from(self.size))?;
        self.octets = rest;
        Some(spi)
    }
}

impl FusedIterator for SpiIter<'_> {}

/// The security associations that the sender has deleted (RFC 2408 section 3.15). The struct is exhaustive on purpose,
/// because the figure has no other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Delete<'a> {
    /// Domain of Interpretation.
    pub doi: Doi,
    /// Protocol-Id.
    pub protocol_id: ProtocolId,
    /// The SPIs. For ISAKMP an SPI is both cookies, 16 octets.
    pub spis: Spis<'a>,
}

impl<'a> Delete<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: DeleteLayout = transmute!(*reader.array::<FIXED_LEN>("Delete")?);
        let (size, count) = (layout.spi_size, layout.spi_count.get());
        let protocol_id = ProtocolId(layout.protocol_id);
        let (within, offset) = (reader.within(), reader.offset());
        // Where the size is wrong it explains why the octets do not fit it.
        let error = match protocol_id.spi_len().filter(|expected| *expected != usize::from(size)) {
            Some(expected) => {
                let offset = offset.saturating_sub(SPI_SIZE_TO_SPIS);
                ParseError::SpiSize { protocol_id, size, expected, within, offset }
            }
            None => ParseError::SpiCount { count, size, available: reader.len(), within, offset },
        };
        let spis = Spis::counted(size, count, reader.rest()).ok_or(error)?;
        Ok(Self { doi: Doi(layout.doi.get()), protocol_id, spis })
    }
}

impl Emit for Delete<'_> {
    fn wire_len(&self) -> usize {
        self.spis.octets.len().saturating_add(FIXED_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] = transmute!(DeleteLayout {
            doi: U32::new(self.doi.0),
            protocol_id: self.protocol_id.0,
            spi_size: self.spis.size,
            spi_count: U16::new(self.spis.count),
        });
        writer.put(&octets)?;
        writer.put(self.spis.octets)
    }
}

payload_body!(Delete<'a>, DELETE);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PayloadType;
    use crate::payload::tests::element_at;
    use std::string::ToString;
    use std::vec::Vec;

    /// DOI 1, ESP, and two SPIs of four octets.
    const TWO: [u8; 16] = [0, 0, 0, 1, 3, 4, 0, 2, 0xea, 0x8c, 0x83, 0xc1, 0x5b, 0x23, 0xf2, 0x2e];

    #[test]
    fn several_spis_both_ways() {
        let value = Delete::parse_body(&TWO).unwrap();
        let spis: Vec<_> = value.spis.iter().collect();
        assert_eq!(spis, [[0xea, 0x8c, 0x83, 0xc1], [0x5b, 0x23, 0xf2, 0x2e]]);
        assert_eq!(value.emit(&mut [0; 16]).unwrap(), TWO);
        assert_eq!(Spis::new(4, value.spis.octets()), Some(value.spis));
        assert_eq!(Spis::new(3, value.spis.octets()), None);
    }

    #[test]
    fn a_count_that_lies_is_an_error() {
        for count in [0, 1, 3, 255] {
            let mut body = TWO;
            body[7] = count;
            assert_eq!(
                Delete::parse(&element_at(PayloadType::DELETE, &body, 32)),
                Err(ParseError::SpiCount {
                    count: u16::from(count),
                    size: 4,
                    available: 8,
                    within: "ISAKMP message",
                    offset: 40
                })
            );
        }
    }

    #[test]
    fn rfc_2408_section_3_15_a_wrong_spi_size_is_told_and_not_the_count() {
        // One SPI of no octets of ISAKMP, whose SPI is both cookies. It was told as a count that does not fit.
        let none = [0, 0, 0, 1, 1, 0, 0, 1];
        let error = Delete::parse(&element_at(PayloadType::DELETE, &none, 52)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the SPI size at offset 57 of the ISAKMP message is 0, but an SPI of PROTO_ISAKMP has 16 octets"
        );
        let error = Delete::parse_body(&none).unwrap_err();
        assert!(
            error.to_string().starts_with("the SPI size at offset 5 of the payload body is 0"),
            "{error}"
        );
        // Four octets, and cookies behind them.
        let body = [&[0, 0, 0, 1, 1, 4, 0, 1][..], &[7; 16]].concat();
        assert!(matches!(Delete::parse_body(&body), Err(ParseError::SpiSize { size: 4, expected: 16, .. })));
        let body = [&[0, 0, 0, 1, 3, 16, 0, 1][..], &[7; 4]].concat();
        assert!(matches!(Delete::parse_body(&body), Err(ParseError::SpiSize { size: 16, expected: 4, .. })));
        // A size that fits its protocol leaves the count to be wrong, and so does a protocol of unknown size.
        for protocol in [3, 99] {
            let body = [&[0, 0, 0, 1, protocol, 4, 0, 2][..], &[7; 4]].concat();
            assert!(matches!(Delete::parse_body(&body), Err(ParseError::SpiCount { count: 2, size: 4, .. })));
        }
    }

    #[test]
    fn sixty_five_thousand_spis_of_no_octets_are_an_error() {
        let body = [0, 0, 0, 1, 99, 0, 0xff, 0xff];
        assert!(matches!(
            Delete::parse_body(&body),
            Err(ParseError::SpiCount { count: 0xffff, size: 0, .. })
        ));
        assert_eq!(Delete::parse_body(&[0, 0, 0, 1, 3, 0, 0, 0]).unwrap().spis.iter().count(), 0);
        assert_eq!(Delete::parse_body(&[0, 0, 0, 1, 3, 9, 0, 0]).unwrap().spis.spi_size(), 9);
    }
}
