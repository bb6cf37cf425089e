//! Wrappers of `wire`, with two framings: type and length, and next-type chaining padded to four octets.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use wire::{
    Chain, ChainWriter, Element, Elements, Emit, EmitError, Framing, InternetChecksum, LengthError, List,
    Member, Members, Parsed, Reader, Reserved, Writer,
};

/// Octets under a header: what stands in chains of both framings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Octets<'a>(u8, &'a [u8]);

impl Emit for Octets<'_> {
    fn wire_len(&self) -> usize {
        self.1.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.1)
    }
}

impl<'a, F: Framing<Header = u8>> Member<'a, F> for Octets<'a> {
    fn header(&self) -> u8 {
        self.0
    }

    fn decode(element: &Element<'a, u8>, _: &F) -> Self {
        Self(element.header, element.value)
    }
}

/// Type octet, then the length of the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tlv;

impl Framing for Tlv {
    type Header = u8;
    type Open = Reserved<1>;
    const ELEMENT: &'static str = "TLV";
    const WITHIN: &'static str = "message";

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
        let len = writer.position().saturating_sub(start).saturating_sub(2);
        writer.patch(length, [EmitError::fit_u8("length", len)?])
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        len.saturating_add(value_len).saturating_add(2)
    }
}

/// The type stands in the element before; the length counts the header; padded to four octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Next {
    next: u8,
    place: Option<Reserved<1>>,
}

impl Framing for Next {
    type Header = u8;
    type Open = (Reserved<1>, Reserved<2>);
    const ELEMENT: &'static str = "payload";
    const WITHIN: &'static str = "message";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u8>>, LengthError> {
        if self.next == 0 {
            return Ok(None);
        }
        let [next, _, high, low] = *reader.peek(Self::ELEMENT)?;
        let declared = usize::from(u16::from_be_bytes([high, low]));
        let value_len =
            declared.checked_sub(4).ok_or(reader.declared_too_short(Self::ELEMENT, 4, declared))?;
        let padding_len = declared.wrapping_neg() & 3;
        let element = reader.element(Self::ELEMENT, self.next, 4, value_len, padding_len)?;
        self.next = next;
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, kind: u8) -> Result<Self::Open, EmitError> {
        match self.place {
            Some(place) => writer.patch(place, [kind])?,
            None => self.next = kind,
        }
        let next = writer.reserve_u8()?;
        writer.u8(0)?;
        Ok((next, writer.reserve_u16()?))
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: u8,
        open: Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let (next, length) = open;
        let len = writer.position().saturating_sub(start);
        writer.patch(length, EmitError::fit_u16("length", len)?.to_be_bytes())?;
        self.place = Some(next);
        writer.pad(start, 4, 0)
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        let element = value_len.saturating_add(4);
        len.saturating_add(element.checked_next_multiple_of(4).unwrap_or(element))
    }
}

#[inline(never)]
pub fn reader_new<'a>(octets: &'a [u8], offset: usize) -> (Reader<'a>, Reader<'a>) {
    covers!(wire::reader::Reader::new, wire::reader::Reader::at);
    (Reader::new("message", octets), Reader::at("message", octets, offset))
}

#[inline(never)]
pub fn reader_state<'a>(reader: &Reader<'a>) -> (&'static str, usize, usize, bool, &'a [u8]) {
    covers!(
        wire::reader::Reader::within,
        wire::reader::Reader::offset,
        wire::reader::Reader::len,
        wire::reader::Reader::is_empty,
        wire::reader::Reader::rest
    );
    (reader.within(), reader.offset(), reader.len(), reader.is_empty(), reader.rest())
}

#[inline(never)]
pub fn reader_errors(reader: &Reader<'_>, needed: usize, declared: usize) -> (LengthError, LengthError) {
    covers!(wire::reader::Reader::too_short, wire::reader::Reader::declared_too_short);
    (reader.too_short("x", needed), reader.declared_too_short("x", needed, declared))
}

#[inline(never)]
pub fn reader_take<'a>(reader: &mut Reader<'a>, len: usize) -> Result<&'a [u8], LengthError> {
    covers!(wire::reader::Reader::take);
    reader.take("x", len)
}

#[inline(never)]
pub fn reader_array<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8; 20], LengthError> {
    covers!(wire::reader::Reader::array);
    reader.array("x")
}

#[inline(never)]
pub fn reader_array_empty<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8; 0], LengthError> {
    covers!(wire::reader::Reader::array);
    reader.array("x")
}

#[inline(never)]
pub fn reader_peek<'a>(reader: &Reader<'a>) -> Result<&'a [u8; 4], LengthError> {
    covers!(wire::reader::Reader::peek);
    reader.peek("x")
}

#[inline(never)]
pub fn reader_integers(reader: &mut Reader<'_>) -> Result<(u8, u16, u32, u64), LengthError> {
    covers!(
        wire::reader::Reader::u8,
        wire::reader::Reader::u16,
        wire::reader::Reader::u32,
        wire::reader::Reader::u64
    );
    Ok((reader.u8("x")?, reader.u16("x")?, reader.u32("x")?, reader.u64("x")?))
}

#[inline(never)]
pub fn reader_element<'a>(
    reader: &mut Reader<'a>,
    header_len: usize,
    value_len: usize,
    padding_len: usize,
) -> Result<Element<'a, u16>, LengthError> {
    covers!(wire::reader::Reader::element);
    reader.element("x", 7, header_len, value_len, padding_len)
}

#[inline(never)]
pub fn length_error(error: LengthError, start: usize) -> (LengthError, &'static str, &'static str, usize) {
    covers!(
        wire::length::LengthError::element,
        wire::length::LengthError::within,
        wire::length::LengthError::offset,
        wire::length::LengthError::named,
        wire::length::LengthError::inside
    );
    let told = error.named("x").inside("frame", start);
    (told, error.element(), error.within(), told.offset())
}

#[inline(never)]
pub fn element_parts<'a>(element: &Element<'a, u16>) -> (Reader<'a>, &'a [u8], bool, Option<LengthError>) {
    covers!(
        wire::element::Element::reader,
        wire::element::Element::padding,
        wire::element::Element::is_cut,
        wire::element::Element::fault
    );
    (element.reader(), element.padding(), element.is_cut(), element.fault())
}

#[inline(never)]
pub fn element_changed<'a>(element: Element<'a, u16>) -> Element<'a, u8> {
    covers!(wire::element::Element::with_header, wire::element::Element::named);
    element.named("y").with_header(3u8)
}

#[inline(never)]
pub fn element_emit<'a>(element: &Element<'a, u8>, writer: &mut Writer<'_>) -> Result<usize, EmitError> {
    covers!(
        wire::element::Element::wire_len,
        wire::element::Element::emit_into,
        wire::list::Element::header,
        wire::list::Element::decode
    );
    element.emit_into(writer)?;
    let again = <Element<'a, u8> as Member<'a, Tlv>>::decode(element, &Tlv);
    Ok(element.wire_len() ^ usize::from(Member::<Tlv>::header(&again)))
}

#[inline(never)]
pub fn chain_parse_tlv<'a>(octets: &'a [u8], base: usize) -> Result<Chain<'a, Tlv>, LengthError> {
    covers!(wire::chain::Chain::parse);
    Chain::parse(octets, base, Tlv)
}

#[inline(never)]
pub fn chain_parse_next<'a>(
    octets: &'a [u8],
    base: usize,
    first: u8,
) -> Result<Chain<'a, Next>, LengthError> {
    covers!(wire::chain::Chain::parse);
    Chain::parse(octets, base, Next { next: first, place: None })
}

#[inline(never)]
pub fn chain_parse_until_error<'a>(
    octets: &'a [u8],
    base: usize,
    first: u8,
) -> Parsed<'a, Chain<'a, Next>, LengthError> {
    covers!(wire::chain::Chain::parse_until_error);
    Chain::parse_until_error(octets, base, Next { next: first, place: None })
}

#[inline(never)]
pub fn chain_empty_and_framed_anew<'a>(
    chain: &Chain<'a, Next>,
    first: u8,
) -> (Chain<'a, Tlv>, Option<Chain<'a, Next>>) {
    covers!(wire::chain::Chain::empty, wire::chain::Chain::with_framing);
    (Chain::empty(Tlv), chain.with_framing(Next { next: first, place: None }))
}

#[inline(never)]
pub fn parsed_strict<'a>(
    parsed: Parsed<'a, Chain<'a, Tlv>, LengthError>,
) -> Result<(usize, &'a [u8]), LengthError> {
    covers!(wire::parsed::Parsed::strict, wire::parsed::Parsed::map);
    parsed.map(|chain| chain.element_count()).strict()
}

#[inline(never)]
pub fn chain_try_from(octets: &[u8]) -> Result<Chain<'_, Tlv>, LengthError> {
    covers!(wire::chain::Chain::try_from);
    Chain::try_from(octets)
}

#[inline(never)]
pub fn chain_default<'a>() -> Chain<'a, Next> {
    covers!(wire::chain::Chain::default);
    Chain::default()
}

#[inline(never)]
pub fn chain_iterators<'a>(
    chain: Chain<'a, Next>,
) -> (Elements<'a, Next>, Elements<'a, Next>, Elements<'a, Next>) {
    covers!(wire::chain::Chain::iter, wire::chain::Chain::into_iter);
    (chain.iter(), (&chain).into_iter(), chain.into_iter())
}

#[inline(never)]
pub fn elements_next_tlv<'a>(elements: &mut Elements<'a, Tlv>) -> Option<Element<'a, u8>> {
    covers!(wire::chain::Elements::next);
    elements.next()
}

#[inline(never)]
pub fn elements_next_chained<'a>(elements: &mut Elements<'a, Next>) -> Option<Element<'a, u8>> {
    covers!(wire::chain::Elements::next);
    elements.next()
}

#[inline(never)]
pub fn elements_count(elements: Elements<'_, Next>) -> (usize, (usize, Option<usize>)) {
    covers!(wire::chain::Elements::size_hint);
    (elements.len(), elements.size_hint())
}

#[inline(never)]
pub fn chain_parts<'a>(
    chain: &Chain<'a, Next>,
) -> (usize, bool, bool, Next, usize, &'a [u8], &'a [u8], usize) {
    covers!(
        wire::chain::Chain::element_count,
        wire::chain::Chain::is_empty,
        wire::chain::Chain::is_cut,
        wire::chain::Chain::framing,
        wire::chain::Chain::offset,
        wire::chain::Chain::octets,
        wire::chain::Chain::rest,
        wire::chain::Chain::rest_offset
    );
    (
        chain.element_count(),
        chain.is_empty(),
        chain.is_cut(),
        *chain.framing(),
        chain.offset(),
        chain.octets(),
        chain.rest(),
        chain.rest_offset(),
    )
}

#[inline(never)]
pub fn chain_eq(left: &Chain<'_, Next>, right: &Chain<'_, Next>) -> bool {
    covers!(wire::chain::Chain::eq);
    left.eq(right)
}

#[inline(never)]
pub fn chain_hash(chain: &Chain<'_, Next>, hasher: &mut DefaultHasher) -> u64 {
    covers!(wire::chain::Chain::hash);
    chain.hash(hasher);
    hasher.finish()
}

#[inline(never)]
pub fn chain_writer_push_tlv(writer: &mut Writer<'_>, kind: u8, value: &[u8]) -> Result<usize, EmitError> {
    covers!(
        wire::chain_writer::ChainWriter::new,
        wire::chain_writer::ChainWriter::push,
        wire::chain_writer::ChainWriter::writer
    );
    let mut chain = ChainWriter::new(writer, Tlv);
    let place = chain.push(&Octets(kind, value))?;
    chain.writer().u32(7)?;
    Ok(place.start ^ place.end)
}

#[inline(never)]
pub fn chain_writer_push_chained(writer: &mut Writer<'_>, kind: u8, value: &[u8]) -> Result<Next, EmitError> {
    covers!(wire::chain_writer::ChainWriter::push, wire::chain_writer::ChainWriter::finish);
    let mut chain = ChainWriter::new(writer, Next::default());
    chain.push(&Octets(kind, value))?;
    chain.push(&Octets(1, value))?;
    Ok(chain.finish())
}

#[inline(never)]
pub fn list_parse<'a>(octets: &'a [u8], base: usize) -> Result<List<'a, Tlv, Octets<'a>>, LengthError> {
    covers!(wire::list::List::parse);
    List::parse(octets, base, Tlv)
}

#[inline(never)]
pub fn list_parse_until_error<'a>(
    octets: &'a [u8],
    base: usize,
) -> Parsed<'a, List<'a, Tlv, Octets<'a>>, LengthError> {
    covers!(wire::list::List::parse_until_error);
    List::parse_until_error(octets, base, Tlv)
}

#[inline(never)]
pub fn list_from<'a>(
    chain: Chain<'a, Tlv>,
    values: &'a [Octets<'a>],
    two: &'a [Octets<'a>; 2],
) -> [List<'a, Tlv, Octets<'a>>; 4] {
    covers!(wire::list::List::from, wire::list::List::default);
    [List::from(chain), List::from(values), List::from(two), List::default()]
}

#[inline(never)]
pub fn list_parts<'l, 'a>(
    list: &'l List<'a, Tlv, Octets<'a>>,
) -> (Option<&'l Chain<'a, Tlv>>, Elements<'a, Tlv>, usize, bool) {
    covers!(
        wire::list::List::chain,
        wire::list::List::elements,
        wire::list::List::count,
        wire::list::List::is_empty
    );
    (list.chain(), list.elements(), list.count(), list.is_empty())
}

#[inline(never)]
pub fn list_iterators<'a>(
    list: List<'a, Tlv, Octets<'a>>,
) -> (Members<'a, Tlv, Octets<'a>>, Members<'a, Tlv, Octets<'a>>, Members<'a, Tlv, Octets<'a>>) {
    covers!(wire::list::List::iter, wire::list::List::into_iter);
    (list.iter(), (&list).into_iter(), list.into_iter())
}

#[inline(never)]
pub fn members_next<'a>(
    members: &mut Members<'a, Tlv, Octets<'a>>,
) -> (Option<Octets<'a>>, (usize, Option<usize>)) {
    covers!(wire::list::Members::next, wire::list::Members::size_hint);
    (members.next(), members.size_hint())
}

#[inline(never)]
pub fn list_emit(list: &List<'_, Tlv, Octets<'_>>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(wire::list::List::wire_len, wire::list::List::emit_into);
    let mut writer = Writer::new(buffer);
    list.emit_into(&mut writer)?;
    Ok(list.emit(buffer)?.len() ^ list.wire_len())
}

#[inline(never)]
pub fn list_emit_chain(
    list: &List<'_, Next, Octets<'_>>,
    writer: &mut Writer<'_>,
) -> Result<(Next, usize), EmitError> {
    covers!(wire::list::List::emit_chain, wire::list::List::chain_len);
    Ok((list.emit_chain(writer, Next::default())?, list.chain_len(&Next::default())))
}

#[inline(never)]
pub fn list_eq<'a>(left: &List<'a, Tlv, Octets<'a>>, right: &List<'a, Tlv, Octets<'a>>) -> bool {
    covers!(wire::list::List::eq);
    left.eq(right)
}

#[inline(never)]
pub fn list_hash<'a>(list: &List<'a, Tlv, Octets<'a>>, hasher: &mut DefaultHasher) -> u64 {
    covers!(wire::list::List::hash);
    list.hash(hasher);
    hasher.finish()
}

#[inline(never)]
pub fn octets_emit(octets: &[u8], buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(wire::emit::Emit::emit, wire::emit::T::wire_len, wire::emit::T::emit_into);
    let borrowed = &octets;
    let mut writer = Writer::new(buffer);
    <&&[u8] as Emit>::emit_into(&borrowed, &mut writer)?;
    Ok(octets.emit(buffer)?.len() ^ <&&[u8] as Emit>::wire_len(&borrowed))
}

#[inline(never)]
pub fn octets_to_vec(octets: &[u8]) -> Result<Vec<u8>, EmitError> {
    covers!(wire::emit::Emit::to_vec);
    Emit::to_vec(octets)
}

#[inline(never)]
pub fn checksum_of(octets: &[u8]) -> u16 {
    covers!(wire::checksum::InternetChecksum::of);
    InternetChecksum::of(octets)
}

#[inline(never)]
pub fn checksum_is_same(a: u16, b: u16) -> bool {
    covers!(wire::checksum::InternetChecksum::is_same);
    InternetChecksum::is_same(a, b)
}

#[inline(never)]
pub fn copy(to: &mut [u8], from: &[u8]) -> Result<(), wire::UnequalLengths> {
    covers!(wire::copy::copy);
    wire::copy(to, from)
}

#[inline(never)]
pub fn copy_error(error: wire::UnequalLengths) -> EmitError {
    covers!(wire::copy::EmitError::from);
    EmitError::from(error)
}

#[inline(never)]
pub fn checksum_in_pieces(sum: &mut InternetChecksum, octets: &[u8]) -> (InternetChecksum, u16) {
    covers!(
        wire::checksum::InternetChecksum::new,
        wire::checksum::InternetChecksum::add,
        wire::checksum::InternetChecksum::finish
    );
    sum.add(octets);
    (InternetChecksum::new(), sum.finish())
}

#[inline(never)]
pub fn fit(value: usize) -> Result<(u8, u16, u32), EmitError> {
    covers!(
        wire::length::EmitError::fit_u8,
        wire::length::EmitError::fit_u16,
        wire::length::EmitError::fit_u32
    );
    Ok((EmitError::fit_u8("x", value)?, EmitError::fit_u16("x", value)?, EmitError::fit_u32("x", value)?))
}

#[inline(never)]
pub fn writer_new(buffer: &mut [u8]) -> Writer<'_> {
    covers!(wire::writer::Writer::new);
    Writer::new(buffer)
}

#[inline(never)]
pub fn writer_for_len(buffer: &mut [u8], len: usize) -> Result<Writer<'_>, EmitError> {
    covers!(wire::writer::Writer::for_len);
    Writer::for_len(buffer, len)
}

#[inline(never)]
pub fn writer_written<'w>(writer: &'w mut Writer<'_>) -> (usize, usize, &'w mut [u8]) {
    covers!(wire::writer::Writer::position, wire::writer::Writer::written, wire::writer::Writer::written_mut);
    (writer.position(), writer.written().len(), writer.written_mut())
}

#[inline(never)]
pub fn writer_into_written(writer: Writer<'_>) -> &mut [u8] {
    covers!(wire::writer::Writer::into_written);
    writer.into_written()
}

#[inline(never)]
pub fn writer_truncate(writer: &mut Writer<'_>, position: usize) {
    covers!(wire::writer::Writer::truncate);
    writer.truncate(position);
}

#[inline(never)]
pub fn writer_next<'w>(writer: &'w mut Writer<'_>, len: usize) -> Result<&'w mut [u8], EmitError> {
    covers!(wire::writer::Writer::next);
    writer.next(len)
}

#[inline(never)]
pub fn writer_put(writer: &mut Writer<'_>, octets: &[u8]) -> Result<(), EmitError> {
    covers!(wire::writer::Writer::put);
    writer.put(octets)
}

#[inline(never)]
pub fn writer_fill(writer: &mut Writer<'_>, value: u8, len: usize) -> Result<(), EmitError> {
    covers!(wire::writer::Writer::fill);
    writer.fill(value, len)
}

#[inline(never)]
pub fn writer_integers(writer: &mut Writer<'_>, value: u64) -> Result<(), EmitError> {
    covers!(
        wire::writer::Writer::u8,
        wire::writer::Writer::u16,
        wire::writer::Writer::u32,
        wire::writer::Writer::u64
    );
    writer.u8(value as u8)?;
    writer.u16(value as u16)?;
    writer.u32(value as u32)?;
    writer.u64(value)
}

#[inline(never)]
pub fn writer_reserve(
    writer: &mut Writer<'_>,
) -> Result<(Reserved<1>, Reserved<2>, Reserved<4>, Reserved<16>), EmitError> {
    covers!(
        wire::writer::Writer::reserve,
        wire::writer::Writer::reserve_u8,
        wire::writer::Writer::reserve_u16,
        wire::writer::Writer::reserve_u32
    );
    Ok((writer.reserve_u8()?, writer.reserve_u16()?, writer.reserve_u32()?, writer.reserve()?))
}

#[inline(never)]
pub fn writer_patch(
    writer: &mut Writer<'_>,
    reserved: Reserved<4>,
    octets: [u8; 4],
) -> Result<(), EmitError> {
    covers!(wire::writer::Writer::patch);
    writer.patch(reserved, octets)
}

#[inline(never)]
pub fn writer_pad(
    writer: &mut Writer<'_>,
    start: usize,
    alignment: usize,
    value: u8,
) -> Result<(), EmitError> {
    covers!(wire::writer::Writer::pad);
    writer.pad(start, alignment, value)
}
