//! Wrappers of `ipsec`: IP headers, their options, fragments.

use ::ipsec::fragmentation::Fragments;
use ::ipsec::ip::{IpError, OptionFraming, OptionHeader, v4, v6};
use ::ipsec::{EmitError, LengthError};
use wire::{Element, Framing, Reader, Writer};

#[inline(never)]
pub fn ipv4_parse(packet: &[u8]) -> Result<(v4::Header<'_>, &[u8]), IpError> {
    covers!(ipsec::ip::v4::Header::parse);
    v4::Header::parse(packet)
}

#[inline(never)]
pub fn ipv4_parse_prefix(packet: &[u8]) -> Result<(v4::Header<'_>, &[u8], &[u8]), IpError> {
    covers!(ipsec::ip::v4::Header::parse_prefix);
    v4::Header::parse_prefix(packet)
}

#[inline(never)]
pub fn ipv4_emit(header: &v4::Header<'_>, payload_len: usize, buffer: &mut [u8]) -> Result<usize, IpError> {
    covers!(ipsec::ip::v4::Header::emit, ipsec::ip::v4::Header::wire_len);
    header.emit(payload_len, buffer).map(|len| len ^ header.wire_len())
}

#[inline(never)]
pub fn ipv6_parse(packet: &[u8]) -> Result<(v6::Header, &[u8]), IpError> {
    covers!(ipsec::ip::v6::Header::parse);
    v6::Header::parse(packet)
}

#[inline(never)]
pub fn ipv6_parse_prefix(packet: &[u8]) -> Result<(v6::Header, &[u8], &[u8]), IpError> {
    covers!(ipsec::ip::v6::Header::parse_prefix);
    v6::Header::parse_prefix(packet)
}

#[inline(never)]
pub fn ipv6_emit(header: &v6::Header, payload_len: usize, buffer: &mut [u8]) -> Result<usize, IpError> {
    covers!(ipsec::ip::v6::Header::emit, ipsec::ip::v6::Header::wire_len);
    header.emit(payload_len, buffer).map(|len| len ^ header.wire_len())
}

#[inline(never)]
pub fn fragments_emit_next(
    fragments: &mut Fragments<'_>,
    buffer: &mut [u8],
) -> Result<Option<usize>, IpError> {
    covers!(ipsec::fragmentation::Fragments::emit_next);
    fragments.emit_next(buffer)
}

#[inline(never)]
pub fn option_framing_split<'a>(
    framing: &mut OptionFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<Element<'a, OptionHeader>>, LengthError> {
    covers!(ipsec::ip::option::OptionFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn option_framing_write(
    framing: &mut OptionFraming,
    writer: &mut Writer<'_>,
    header: OptionHeader,
    start: usize,
) -> Result<(), EmitError> {
    covers!(ipsec::ip::option::OptionFraming::open, ipsec::ip::option::OptionFraming::close);
    let open = framing.open(writer, header)?;
    framing.close(writer, header, open, start)
}

#[inline(never)]
pub fn extension_framing_split<'a>(
    framing: &mut v6::ExtensionFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<Element<'a, v6::ExtensionHeader>>, LengthError> {
    covers!(ipsec::ip::v6::ExtensionFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn extension_framing_write(
    framing: &mut v6::ExtensionFraming,
    writer: &mut Writer<'_>,
    header: v6::ExtensionHeader,
    start: usize,
) -> Result<(), EmitError> {
    covers!(ipsec::ip::v6::ExtensionFraming::open, ipsec::ip::v6::ExtensionFraming::close);
    framing.open(writer, header)?;
    framing.close(writer, header, (), start)
}
