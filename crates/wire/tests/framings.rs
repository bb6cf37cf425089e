//! The chain engine, both ways, over four families that frame their elements unlike one another.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use proptest::prelude::*;
use vpnwire_wire::{
    Chain, ChainWriter, Element, Emit, EmitError, Framing, LengthError, List, Member, Parsed, Reader,
    Reserved, Writer,
};

/// Octets under a header: a member of whatever framing has such headers.
#[derive(Clone, Debug, PartialEq)]
struct Raw<'a, H>(H, &'a [u8]);

impl<H> Emit for Raw<'_, H> {
    fn wire_len(&self) -> usize {
        self.1.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.1)
    }
}

impl<'a, H: Copy, F: Framing<Header = H>> Member<'a, F> for Raw<'a, H> {
    fn header(&self) -> H {
        self.0
    }

    fn decode(element: &Element<'a, H>, _: &F) -> Self {
        Self(element.header, element.value)
    }
}

/// Type octet, length octet of the value: HSRP's TLVs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct TypeLength;

impl Framing for TypeLength {
    type Header = u8;
    type Open = Reserved<1>;
    const ELEMENT: &'static str = "TLV";
    const WITHIN: &'static str = "HSRP message";

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

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        len + 2 + value_len
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
    const WITHIN: &'static str = "ISAKMP message";

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

    fn len_with(&self, len: usize, _: (u8, u8), value_len: usize) -> usize {
        len + 4 + value_len
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
    const WITHIN: &'static str = "NHRP packet";

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

    fn len_with(&self, len: usize, _: (bool, u16), value_len: usize) -> usize {
        len + 4 + value_len
    }
}

/// Length includes the header, elements padded to four octets, padding kept: SCTP's chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Padded;

impl Framing for Padded {
    type Header = (u8, u8, [u8; 3]); // type, flags, padding
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "chunk";
    const WITHIN: &'static str = "SCTP packet";

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
        let padding = element.padding();
        vpnwire_wire::copy(&mut header.2[..padding.len()], padding).unwrap();
        Ok(Some(element.with_header(header)))
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

    fn len_with(&self, len: usize, _: Self::Header, value_len: usize) -> usize {
        len + (4 + value_len).next_multiple_of(4)
    }
}

/// A chain parsed and written again element by element gives the same octets, and its offsets are true.
fn both_ways<F: Framing + PartialEq + std::fmt::Debug>(octets: &[u8], base: usize, parse: F, write: F) {
    let Parsed { value: chain, rest, fault } = Chain::parse_until_error(octets, base, parse.clone());
    assert_eq!(Chain::parse(octets, base, parse).err(), fault);
    assert_eq!(chain.rest(), rest);
    let mut buffer = vec![0; octets.len() + 4];
    let mut writer = Writer::new(&mut buffer);
    let mut chain_writer = ChainWriter::new(&mut writer, write.clone());
    let mut expected_offset = base;
    let is_cut = chain.is_cut();
    let (mut count, mut unpadded, mut cut) = (0, 0, false);
    for element in &chain {
        assert!(!cut && unpadded == 0, "only the last element lacks octets");
        assert_eq!(element.offset, expected_offset, "elements follow each other without a gap");
        assert_eq!(&octets[element.offset - base..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset - base..][..element.value.len()], element.value);
        expected_offset += element.octets.len();
        count += 1;
        (cut, unpadded) = (element.is_cut(), element.missing_padding);
        assert_eq!(element.fault(), fault.filter(|_| cut));
        if cut {
            let error = EmitError::CutElement { element: element.name, missing: element.missing };
            assert_eq!(chain_writer.push(&element), Err(error), "a part is not written as a whole");
            let list = List::<F, Element<'_, F::Header>>::from(chain.clone());
            let mut room = vec![0; octets.len() + 4];
            assert_eq!(list.emit_chain(&mut Writer::new(&mut room), write.clone()).err(), Some(error));
            continue;
        }
        let start = chain_writer.writer().position();
        let value = chain_writer.push(&element).unwrap();
        assert_eq!(
            (value.start - start, value.len()),
            (element.value_offset - element.offset, element.value.len())
        );
    }
    assert_eq!((count, cut), (chain.element_count(), is_cut));
    assert_eq!(chain.iter().len(), count);
    assert_eq!(chain.rest_offset(), expected_offset);
    assert_eq!([chain.octets(), chain.rest()].concat(), octets);
    match fault {
        Some(LengthError::Ends { offset, needed, available, .. }) => {
            assert!(cut || offset == expected_offset, "a header that is cut lies behind what was framed");
            assert!(available < needed && offset + available == base + octets.len());
        }
        Some(LengthError::Declared { offset, least, declared, .. }) => {
            assert_eq!(offset, expected_offset);
            assert!(declared < least && !cut);
        }
        None => assert!(!cut),
    }
    // A next type or an end mark is a link to what follows: the last one is not written back from the elements.
    let written = writer.into_written();
    if !cut {
        let list = List::<F, Element<'_, F::Header>>::from(chain.clone());
        assert_eq!(list.chain_len(&write), written.len());
        assert_eq!(written.len(), chain.octets().len() + unpadded);
        let rewritten = Chain::parse_until_error(written, base, chain.framing().clone()).value;
        assert!(rewritten.iter().map(|e| (e.value, e.offset)).eq(chain.iter().map(|e| (e.value, e.offset))));
    }
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
            chain.push(&Raw(*kind, value)).unwrap();
        }
        let parsed = Chain::<TypeLength>::try_from(&*writer.into_written()).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header, e.value)).eq(values.iter().map(|v| (v.0, &*v.2))));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, NextType::default());
        for (kind, reserved, value) in &values {
            chain.push(&Raw((*kind, *reserved), value)).unwrap();
        }
        let first = chain.finish().next;
        let parsed = Chain::parse(writer.into_written(), 28, NextType { next: first, place: None }).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header, e.value)).eq(values.iter().map(|v| ((v.0, v.1), &*v.2))));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, Flagged::default());
        for (kind, flag, value) in &values {
            chain.push(&Raw((flag & 1 == 1, u16::from(*kind)), value)).unwrap();
        }
        chain.push(&Raw((true, 0), &[])).unwrap();
        let parsed = Chain::<Flagged>::try_from(&*writer.into_written()).unwrap();
        prop_assert_eq!(parsed.element_count(), values.len() + 1);
        prop_assert!(parsed.iter().zip(&values).all(|(e, v)| e.header == (v.1 & 1 == 1, u16::from(v.0)) && e.value == v.2));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, Padded);
        for (kind, flags, value) in &values {
            chain.push(&Raw((*kind, *flags, [0; 3]), value)).unwrap();
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
        out.push(&element).unwrap();
    }
    assert_eq!(writer.into_written(), [&[1], chain.octets()].concat());
}

/// A member that holds a list of members: the parameters of a chunk, the transforms of a proposal.
#[derive(Clone)]
struct Nested<'a>(List<'a, TypeLength, Raw<'a, u8>>);

impl Emit for Nested<'_> {
    fn wire_len(&self) -> usize {
        self.0.wire_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.0.emit_into(writer)
    }
}

impl<'a> Member<'a, Padded> for Nested<'a> {
    fn header(&self) -> (u8, u8, [u8; 3]) {
        (2, 0, [0; 3])
    }

    fn decode(element: &Element<'a, (u8, u8, [u8; 3])>, _: &Padded) -> Self {
        Self(List::parse_until_error(element.value, element.value_offset, TypeLength).value)
    }
}

#[test]
fn lists_nest_without_allocation_and_a_list_read_equals_the_list_built() {
    let tlvs = [Raw(3, b"x"), Raw(4, b"")];
    let nested = [Nested((&tlvs).into()), Nested(List::default())];
    let built = List::<Padded, _>::from(&nested);
    let mut buffer = [0; 64];
    let octets = &*built.emit(&mut buffer).unwrap();
    assert_eq!(octets, [2, 0, 0, 9, 3, 1, b'x', 4, 0, 0, 0, 0, 2, 0, 0, 4]);
    let read = List::<Padded, Nested<'_>>::parse(octets, 0, Padded).unwrap();
    assert_eq!((read.count(), built.count(), read.iter().len()), (2, 2, 2));
    assert!(read.iter().map(|n| n.0).eq(built.iter().map(|n| n.0)));
    assert_ne!(read.iter().next().unwrap().0, List::from(&[Raw(3, b"y"), Raw(4, b"")]));
    assert_eq!(read.chain().unwrap().iter().next().unwrap().value_offset, 4);
    assert!(built.chain().is_none() && built.elements().next().is_none());
    assert!(built.emit(&mut [0; 15]).is_err());
    let mut again = [0; 64];
    assert_eq!(read.emit(&mut again).unwrap(), octets);
}

#[test]
fn an_element_that_does_not_fit_leaves_no_trace() {
    let mut buffer = [0; 13];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, NextType::default());
    assert_eq!(chain.push(&Raw((1, 0), b"abcd")), Ok(4..8));
    assert_eq!(
        chain.push(&Raw((2, 0), b"efgh")),
        Err(EmitError::BufferTooSmall { needed: 16, available: 13 })
    );
    chain.push(&Raw((3, 0), b"i")).unwrap();
    assert_eq!(writer.into_written(), [3, 0, 0, 8, b'a', b'b', b'c', b'd', 0, 0, 0, 5, b'i']);
    let mut buffer = [0; 300];
    let mut writer = Writer::new(&mut buffer);
    let error = ChainWriter::new(&mut writer, TypeLength).push(&Raw(1, &[0; 256])).unwrap_err();
    assert_eq!(error, EmitError::FieldOverflow { field: "length", value: 256, max: 255 });
    assert_eq!(writer.position(), 0);
}

#[test]
fn a_chain_that_ends_inside_a_value_keeps_what_there_is_of_it() {
    let octets = [1, 1, 0xaa, 2, 5, 0xbb];
    let error = Chain::<TypeLength>::try_from(&octets[..]).unwrap_err();
    let within = "HSRP message";
    assert_eq!(error, LengthError::Ends { element: "TLV", within, offset: 3, needed: 7, available: 3 });
    let read = Chain::parse_until_error(&octets, 20, TypeLength);
    assert_eq!(read.fault, Some(error.inside(within, 20)));
    let elements = read.value.iter().map(|e| (e.header, e.value, e.missing)).collect::<Vec<_>>();
    assert_eq!(elements, [(1, &[0xaa][..], 0), (2, &[0xbb][..], 4)]);
    assert!(read.rest.is_empty());
}

#[test]
fn a_chain_that_ends_inside_a_header_keeps_what_came_before() {
    let read = Chain::parse_until_error(&[1, 1, 0xaa, 2], 20, TypeLength);
    let within = "HSRP message";
    assert_eq!(
        read.fault,
        Some(LengthError::Ends { element: "TLV", within, offset: 23, needed: 2, available: 1 })
    );
    assert_eq!(read.value.iter().map(|e| e.value).collect::<Vec<_>>(), [[0xaa]]);
    assert_eq!((read.rest, read.value.rest_offset()), (&[2][..], 23));
}

#[test]
fn a_last_element_without_its_padding_is_whole() {
    let chain = Chain::<Padded>::try_from(&[7, 0, 0, 5, 0xaa, 0][..]).unwrap();
    let element = chain.iter().next().unwrap();
    assert_eq!((element.value, element.padding(), element.missing_padding), (&[0xaa][..], &[0][..], 2));
    assert!(!element.is_cut());
}

#[test]
fn a_length_below_the_header_is_a_fault_and_not_a_loop() {
    let octets = [0, 0, 0, 0, 9, 9, 9, 9];
    let error = Chain::parse(&octets, 0, Padded).unwrap_err();
    let within = "SCTP packet";
    assert_eq!(error, LengthError::Declared { element: "chunk", within, offset: 0, least: 4, declared: 0 });
}

/// Another's framing: it changes its state and moves the reader before it fails. Each element counts those before it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Eager {
    met: u8,
}

impl Framing for Eager {
    type Header = u8; // how many came before
    type Open = u8;
    const ELEMENT: &'static str = "counted element";
    const WITHIN: &'static str = "packet";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u8>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let before = self.met;
        self.met += 1;
        let mut ahead = *reader;
        let length = ahead.u8(Self::ELEMENT)?;
        if length == 0xff {
            reader.u8(Self::ELEMENT)?;
            return Err(reader.declared_too_short(Self::ELEMENT, 1, 0));
        }
        reader.element(Self::ELEMENT, before, 1, usize::from(length), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, _: u8) -> Result<u8, EmitError> {
        self.met += 1;
        writer.u8(0)?;
        Ok(self.met)
    }

    fn close(&mut self, writer: &mut Writer<'_>, _: u8, _: u8, start: usize) -> Result<(), EmitError> {
        self.met += 1;
        let len = EmitError::fit_u8("length", writer.position() - start - 1)?;
        writer.written_mut()[start] = len;
        Ok(())
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        len + 1 + value_len
    }
}

#[test]
fn what_a_framing_changed_before_it_failed_is_forgotten_when_reading() {
    let octets = [1, 0xaa, 0, 0xff, 9];
    let read = Chain::parse_until_error(&octets, 0, Eager::default());
    assert_eq!(read.fault.map(|fault| fault.offset()), Some(4));
    assert_eq!((read.value.octets(), read.rest), (&octets[..3], &octets[3..]));
    for _ in 0..2 {
        let met = read.value.iter().map(|e| (e.header, e.value)).collect::<Vec<_>>();
        assert_eq!(
            met,
            [(0, &[0xaa][..]), (1, &[][..])],
            "iteration begins where the chain began, each time"
        );
    }
    assert_eq!(read.value.framing(), &Eager { met: 0 });
    assert_eq!(read.value.iter().len(), 2);
}

#[test]
fn what_a_framing_changed_before_it_failed_is_forgotten_when_writing() {
    let mut buffer = [9; 4];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, Eager::default());
    chain.push(&Raw(0, b"ab")).unwrap();
    assert!(chain.push(&Raw(0, b"c")).is_err(), "the value does not fit: `open` had run");
    chain.push(&Raw(0, b"")).unwrap();
    assert!(chain.push(&Raw(0, b"")).is_err(), "the header does not fit");
    assert_eq!(chain.finish(), Eager { met: 4 }, "two elements opened and closed");
    assert_eq!(writer.into_written(), [2, b'a', b'b', 0]);
    let mut buffer = [0; 300];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, Eager::default());
    assert!(chain.push(&Raw(0, &[0; 256])).is_err(), "`close` fails");
    assert_eq!(chain.finish(), Eager { met: 0 });
    assert_eq!(writer.position(), 0);
}

/// A framing with a defect: it returns an element and takes nothing.
#[derive(Clone)]
struct Stuck;

impl Framing for Stuck {
    type Header = ();
    type Open = ();
    const ELEMENT: &'static str = "stuck element";
    const WITHIN: &'static str = "packet";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, ()>>, LengthError> {
        reader.element(Self::ELEMENT, (), 0, 0, 0).map(Some)
    }

    fn open(&mut self, _: &mut Writer<'_>, (): ()) -> Result<(), EmitError> {
        Ok(())
    }

    fn close(&mut self, _: &mut Writer<'_>, (): (), (): (), _: usize) -> Result<(), EmitError> {
        Ok(())
    }

    fn len_with(&self, len: usize, (): (), value_len: usize) -> usize {
        len + value_len
    }
}

#[test]
fn a_framing_that_takes_nothing_is_stopped() {
    let error = Chain::parse(&[1, 2, 3], 5, Stuck).unwrap_err();
    let (element, within) = ("stuck element", "packet");
    assert_eq!(error, LengthError::Declared { element, within, offset: 5, least: 1, declared: 0 });
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
    // Octets that are framed otherwise: the second extension has no whole header.
    let cut = [0x80, 3, 0, 0, 0x80, 4, 0];
    let cut = Chain::parse_until_error(&cut, 0, Flagged::default());
    assert!(cut.fault.is_some());
    let whole = Chain::parse_until_error(cut.value.octets(), 0, Flagged::default()).value;
    assert_ne!(cut.value, whole, "what is left over counts");
}
