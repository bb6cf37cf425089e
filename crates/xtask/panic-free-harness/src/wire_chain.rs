//! Wrappers of `wire`: elements, chains, the chain writer.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use wire::{
    Chain, ChainWriter, Element, Elements, Emit, EmitError, LengthError, Member, Parsed, Reader, Writer,
};

use super::wire_framing::{Next, Octets, Tlv};

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
