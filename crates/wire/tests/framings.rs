//! The chain engine, both ways, over four families that frame their elements unlike one another.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use proptest::prelude::*;
use vpnwire_wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

/// Type octet, length octet of the value: HSRP's TLVs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct TypeLength;

impl Framing for TypeLength {
    type Header = u8;
    type Open = Reserved<1>;
    const ELEMENT: &'static str = "TLV";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u8>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [kind, length] = *reader.peek(Self::ELEMENT)?;
        reader.element(Self::ELEMENT, kind, 2, usize::from(length), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, kind: u8) -> Result<Reserved<1>, EmitError> {
        writer.u8(kind)?;
        writer.reserve_u8()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: u8,
        length: Reserved<1>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = writer.position() - start - 2;
        writer.patch(length, [EmitError::fit_u8("length", value_len)?])
    }
}

/// An element's type stands in the element before it, the first one's outside: ISAKMP's payloads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct NextType {
    next: u8,
    // Where the type of the next element goes, when writing.
    place: Option<Reserved<1>>,
}

impl Framing for NextType {
    type Header = (u8, u8); // type, reserved
    type Open = (Reserved<1>, Reserved<2>);
    const ELEMENT: &'static str = "payload";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, (u8, u8)>>, LengthError> {
        if self.next == 0 {
            return Ok(None);
        }
        let [next, reserved, high, low] = *reader.peek(Self::ELEMENT)?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let value_len = len.checked_sub(4).ok_or(reader.declared_too_short(Self::ELEMENT, 4, len))?;
        let element = reader.element(Self::ELEMENT, (self.next, reserved), 4, value_len, 0)?;
        self.next = next;
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: (u8, u8)) -> Result<Self::Open, EmitError> {
        let next = writer.reserve_u8()?;
        writer.u8(header.1)?;
        Ok((next, writer.reserve_u16()?))
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: (u8, u8),
        (next, length): Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = EmitError::fit_u16("length", writer.position() - start)?;
        writer.patch(length, len.to_be_bytes())?;
        match self.place.replace(next) {
            Some(place) => writer.patch(place, [header.0]),
            None => {
                self.next = header.0;
                Ok(())
            }
        }
    }
}

/// Flags in the upper bits of a 16-bit type, 16-bit length of the value, ended by type 0: NHRP's extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Flagged {
    ended: bool,
}

impl Framing for Flagged {
    type Header = (bool, u16); // compulsory, type
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "extension";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, (bool, u16)>>, LengthError> {
        if self.ended {
            return Ok(None);
        }
        let [a, b, c, d] = *reader.peek(Self::ELEMENT)?;
        let word = u16::from_be_bytes([a, b]);
        let header = (word & 0x8000 != 0, word & 0x3fff);
        let value_len = usize::from(u16::from_be_bytes([c, d]));
        let element = reader.element(Self::ELEMENT, header, 4, value_len, 0)?;
        self.ended = header.1 == 0;
        Ok(Some(element))
    }

    fn open(
        &mut self,
        writer: &mut Writer<'_>,
        (compulsory, kind): (bool, u16),
    ) -> Result<Reserved<2>, EmitError> {
        writer.u16(if compulsory { 0x8000 | kind } else { kind })?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: (bool, u16),
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = EmitError::fit_u16("length", writer.position() - start - 4)?;
        writer.patch(length, value_len.to_be_bytes())
    }
}

/// Length includes the header, elements padded to four octets, padding kept: SCTP's chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Padded;

impl Framing for Padded {
    type Header = (u8, u8, [u8; 3]); // type, flags, padding
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "chunk";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, Self::Header>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [kind, flags, high, low] = *reader.peek(Self::ELEMENT)?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let value_len = len.checked_sub(4).ok_or(reader.declared_too_short(Self::ELEMENT, 4, len))?;
        let padding_len = len.next_multiple_of(4) - len;
        let element = reader.element(Self::ELEMENT, (kind, flags, [0; 3]), 4, value_len, padding_len)?;
        let mut header = element.header;
        for (to, from) in header.2.iter_mut().zip(element.padding()) {
            *to = *from;
        }
        Ok(Some(Element { header, ..element }))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: Self::Header) -> Result<Reserved<2>, EmitError> {
        writer.put(&[header.0, header.1])?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: Self::Header,
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = writer.position() - start;
        writer.patch(length, EmitError::fit_u16("length", len)?.to_be_bytes())?;
        writer.put(&header.2[..len.next_multiple_of(4) - len])
    }
}

/// A chain parsed and written again element by element gives the same octets, and its offsets are true.
fn both_ways<F: Framing + PartialEq + std::fmt::Debug>(octets: &[u8], base: usize, parse: F, write: F) {
    let (chain, fault) = Chain::parse_until_error(octets, base, parse.clone());
    assert_eq!(Chain::parse(octets, base, parse).err(), fault);
    let mut buffer = vec![0; octets.len()];
    let mut writer = Writer::new(&mut buffer);
    let mut chain_writer = ChainWriter::new(&mut writer, write);
    let mut expected_offset = base;
    let mut count = 0;
    for element in &chain {
        assert_eq!(element.offset, expected_offset, "elements follow each other without a gap");
        assert_eq!(&octets[element.offset - base..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset - base..][..element.value.len()], element.value);
        expected_offset += element.octets.len();
        count += 1;
        chain_writer.push(element.header, element.value).unwrap();
    }
    assert_eq!(count, chain.element_count());
    assert_eq!(chain.iter().len(), count);
    assert_eq!(chain.rest_offset(), expected_offset);
    assert_eq!([chain.octets(), chain.rest()].concat(), octets);
    if let Some(fault) = fault {
        assert!(fault.offset >= expected_offset, "a fault lies after what was framed");
        assert!(fault.available < fault.needed, "{fault}");
    }
    // A next type or an end mark is a link to what follows: the last one is not written back from the elements.
    let written = writer.into_written();
    assert_eq!(written.len(), chain.octets().len());
    let rewritten = Chain::parse_until_error(written, base, chain.framing().clone()).0;
    assert!(rewritten.iter().map(|e| (e.value, e.offset)).eq(chain.iter().map(|e| (e.value, e.offset))));
}

proptest! {
    #[test]
    fn any_octets_both_ways(octets in prop::collection::vec(any::<u8>(), 0..200), base in 0..100_000usize, next: u8) {
        both_ways(&octets, base, TypeLength, TypeLength);
        both_ways(&octets, base, Flagged::default(), Flagged::default());
        both_ways(&octets, base, Padded, Padded);
        both_ways(&octets, base, NextType { next, place: None }, NextType::default());
    }

    #[test]
    fn short_lengths_make_long_chains(octets in prop::collection::vec(0..6u8, 0..400), next in 1..4u8) {
        both_ways(&octets, 0, TypeLength, TypeLength);
        both_ways(&octets, 0, Flagged::default(), Flagged::default());
        both_ways(&octets, 0, Padded, Padded);
        both_ways(&octets, 0, NextType { next, place: None }, NextType::default());
    }

    #[test]
    fn what_is_written_is_read_back(values in prop::collection::vec((1..=255u8, any::<u8>(), prop::collection::vec(any::<u8>(), 0..40)), 0..12)) {
        let mut buffer = [0; 2048];

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, TypeLength);
        for (kind, _, value) in &values {
            chain.push(*kind, value).unwrap();
        }
        let parsed = Chain::<TypeLength>::try_from(&*writer.into_written()).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header, e.value)).eq(values.iter().map(|v| (v.0, &*v.2))));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, NextType::default());
        for (kind, reserved, value) in &values {
            chain.push((*kind, *reserved), value).unwrap();
        }
        let first = chain.finish().next;
        let parsed = Chain::parse(writer.into_written(), 28, NextType { next: first, place: None }).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header, e.value)).eq(values.iter().map(|v| ((v.0, v.1), &*v.2))));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, Flagged::default());
        for (kind, flag, value) in &values {
            chain.push((flag & 1 == 1, u16::from(*kind)), value).unwrap();
        }
        chain.push((true, 0), &[]).unwrap();
        let parsed = Chain::<Flagged>::try_from(&*writer.into_written()).unwrap();
        prop_assert_eq!(parsed.element_count(), values.len() + 1);
        prop_assert!(parsed.iter().zip(&values).all(|(e, v)| e.header == (v.1 & 1 == 1, u16::from(v.0)) && e.value == v.2));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, Padded);
        for (kind, flags, value) in &values {
            chain.push((*kind, *flags, [0; 3]), value).unwrap();
        }
        let parsed = Chain::<Padded>::try_from(&*writer.into_written()).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header.0, e.header.1, e.value)).eq(values.iter().map(|v| (v.0, v.1, &*v.2))));
    }
}

#[test]
fn the_same_octets_come_back_to_the_octet() {
    let octets = [0x07, 0, 0, 6, 0xaa, 0xbb, 0, 0x55, 0, 4, 0xde, 0xad];
    let chain = Chain::parse(&octets, 28, NextType { next: 1, place: None }).unwrap();
    assert_eq!(chain.rest(), [0xde, 0xad]);
    assert_eq!(chain.rest_offset(), 38);
    let mut buffer = [0; 12];
    let mut writer = Writer::new(&mut buffer);
    let first = writer.reserve_u8().unwrap();
    let mut out = ChainWriter::new(&mut writer, NextType { next: 0, place: Some(first) });
    for element in &chain {
        out.push(element.header, element.value).unwrap();
    }
    assert_eq!(writer.into_written(), [&[1], chain.octets()].concat());
}

#[test]
fn elements_nest_without_allocation() {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    let mut outer = ChainWriter::new(&mut writer, NextType::default());
    outer
        .push_with((1, 0), |writer| {
            let mut middle = ChainWriter::new(writer, Padded);
            middle.push_with((2, 0, [0; 3]), |writer| ChainWriter::new(writer, TypeLength).push(3, b"x"))
        })
        .unwrap();
    assert_eq!(writer.into_written(), [0, 0, 0, 12, 2, 0, 0, 7, 3, 1, b'x', 0]);
}

#[test]
fn an_element_that_does_not_fit_leaves_no_trace() {
    let mut buffer = [0; 13];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, NextType::default());
    chain.push((1, 0), b"abcd").unwrap();
    assert_eq!(chain.push((2, 0), b"efgh"), Err(EmitError::BufferTooSmall { needed: 16, available: 13 }));
    chain.push((3, 0), b"i").unwrap();
    assert_eq!(writer.into_written(), [3, 0, 0, 8, b'a', b'b', b'c', b'd', 0, 0, 0, 5, b'i']);
    let mut buffer = [0; 300];
    let mut writer = Writer::new(&mut buffer);
    let error = ChainWriter::new(&mut writer, TypeLength).push(1, &[0; 256]).unwrap_err();
    assert_eq!(error, EmitError::FieldOverflow { field: "length", value: 256, max: 255 });
    assert_eq!(writer.position(), 0);
}

#[test]
fn a_chain_that_ends_inside_an_element_keeps_what_came_before() {
    let octets = [1, 1, 0xaa, 2, 5, 0xbb];
    let error = Chain::<TypeLength>::try_from(&octets[..]).unwrap_err();
    assert_eq!(error, LengthError { element: "TLV", offset: 3, needed: 7, available: 3 });
    let (chain, fault) = Chain::parse_until_error(&octets, 20, TypeLength);
    assert_eq!(fault, Some(LengthError { offset: 23, ..error }));
    assert_eq!(chain.iter().map(|e| e.value).collect::<Vec<_>>(), [[0xaa]]);
    assert_eq!(chain.rest(), [2, 5, 0xbb]);
}

#[test]
fn a_length_below_the_header_is_a_fault_and_not_a_loop() {
    let octets = [0, 0, 0, 0, 9, 9, 9, 9];
    let error = Chain::parse(&octets, 0, Padded).unwrap_err();
    assert_eq!(error, LengthError { element: "chunk", offset: 0, needed: 4, available: 0 });
}

/// A framing with a defect: it returns an element and takes nothing.
#[derive(Clone)]
struct Stuck;

impl Framing for Stuck {
    type Header = ();
    type Open = ();
    const ELEMENT: &'static str = "stuck element";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, ()>>, LengthError> {
        reader.element(Self::ELEMENT, (), 0, 0, 0).map(Some)
    }

    fn open(&mut self, _: &mut Writer<'_>, (): ()) -> Result<(), EmitError> {
        Ok(())
    }

    fn close(&mut self, _: &mut Writer<'_>, (): (), (): (), _: usize) -> Result<(), EmitError> {
        Ok(())
    }
}

#[test]
fn a_framing_that_takes_nothing_is_stopped() {
    let error = Chain::parse(&[1, 2, 3], 5, Stuck).unwrap_err();
    assert_eq!(error, LengthError { element: "stuck element", offset: 5, needed: 1, available: 0 });
}

#[test]
fn iterators_are_fused_and_exact() {
    let chain = Chain::<TypeLength>::try_from(&[1, 0, 2, 0][..]).unwrap();
    let mut elements = chain.iter();
    assert_eq!(elements.len(), 2);
    assert!(elements.next().is_some() && elements.next().is_some());
    assert!(elements.next().is_none() && elements.next().is_none());
    assert_eq!(elements.len(), 0);
    assert_eq!(chain.clone(), chain);
    assert!(Chain::<TypeLength>::default().is_empty());
}

#[test]
fn chains_are_equal_by_octets_and_framing_and_not_by_place() {
    let octets = [7, 0, 0, 4, 0, 0, 0, 4];
    let of = |next, base| Chain::parse(&octets, base, NextType { next, place: None }).unwrap();
    assert_eq!(of(3, 0), of(3, 28), "where a chain stands in its message does not count");
    assert_ne!(of(3, 0), of(4, 0), "the type of the first element stands before the chain");
    // Octets that are framed otherwise: the length of the second extension reaches behind the end.
    let cut = [0x80, 3, 0, 0, 0x80, 4, 0, 9];
    let (cut, fault) = Chain::parse_until_error(&cut, 0, Flagged::default());
    assert!(fault.is_some());
    let whole = Chain::parse_until_error(cut.octets(), 0, Flagged::default()).0;
    assert_ne!(cut, whole, "what is left over counts");
}
