//! Wrappers of `wire`: readers, writers, lengths, checksums.

use wire::{Element, Emit, EmitError, InternetChecksum, LengthError, Reader, Reserved, Writer};

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
