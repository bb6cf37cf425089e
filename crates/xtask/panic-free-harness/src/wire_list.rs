//! Wrappers of `wire`: lists and members.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use wire::{Chain, Elements, Emit, EmitError, LengthError, List, Members, Parsed, Writer};

use super::wire_framing::{Next, Octets, Tlv};

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
