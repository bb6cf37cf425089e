//! Wrappers of `ipsec`: AH.

use ::ipsec::ah::{self, AnyIntegrity, Covered, IntegrityAlgorithm, Quirks};
use ::ipsec::ip::Version;
use ::ipsec::{EmitError, Esn, NotAuthentic, ParseError};

#[inline(never)]
pub fn ah_parse(octets: &[u8]) -> Result<ah::Header<'_>, ParseError> {
    covers!(ipsec::ah::Header::parse);
    ah::Header::parse(octets)
}

#[inline(never)]
pub fn ah_parse_prefix(octets: &[u8]) -> Result<(ah::Header<'_>, &[u8]), ParseError> {
    covers!(ipsec::ah::Header::parse_prefix);
    ah::Header::parse_prefix(octets)
}

#[inline(never)]
pub fn ah_try_from(octets: &[u8]) -> Result<ah::Header<'_>, ParseError> {
    covers!(ipsec::ah::Header::try_from);
    ah::Header::try_from(octets)
}

#[inline(never)]
pub fn ah_emit(header: &ah::Header<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(ipsec::ah::Header::emit, ipsec::ah::Header::wire_len);
    header.emit(buffer).map(|len| len ^ header.wire_len())
}

#[inline(never)]
pub fn ah_to_vec(header: &ah::Header<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(ipsec::ah::Header::to_vec);
    header.to_vec()
}

#[inline(never)]
pub fn ah_seal<'b>(
    sa: &mut ah::OutboundSa<AnyIntegrity>,
    buffer: &'b mut [u8],
    packet_len: usize,
) -> Result<&'b mut [u8], ah::SealError> {
    covers!(ipsec::ah::outbound::OutboundSa::seal_in_place);
    sa.seal_in_place(buffer, packet_len)
}

#[inline(never)]
pub fn ah_open<'a>(
    sa: &mut ah::InboundSa<AnyIntegrity>,
    packet: &'a [u8],
) -> Result<ah::Opened<'a>, ah::OpenError> {
    covers!(ipsec::ah::inbound::InboundSa::open);
    sa.open(packet)
}

#[inline(never)]
pub fn ah_open_without_replay_check<'a>(
    integrity: &AnyIntegrity,
    sequence_high: Option<u32>,
    quirks: Quirks,
    packet: &'a [u8],
) -> Result<ah::Opened<'a>, ah::OpenError> {
    covers!(ipsec::ah::opened::open_without_replay_check);
    ah::open_without_replay_check(integrity, sequence_high, quirks, packet)
}

#[inline(never)]
pub fn ah_seal_again(
    opened: &ah::Opened<'_>,
    integrity: &AnyIntegrity,
    esn: Esn,
    quirks: Quirks,
    buffer: &mut [u8],
) -> Result<usize, ah::SealError> {
    covers!(ipsec::ah::opened::Opened::seal_again, ipsec::ah::opened::Opened::sealed_len);
    let len = opened.sealed_len(integrity);
    opened.seal_again(integrity, esn, quirks, buffer).map(|sealed| sealed ^ len)
}

#[inline(never)]
pub fn integrity_verify(
    integrity: &AnyIntegrity,
    covered: &Covered<'_>,
    sequence_high: Option<u32>,
    icv: &[u8],
) -> Result<(), NotAuthentic> {
    covers!(ipsec::ah::integrity::IntegrityAlgorithm::verify);
    integrity.verify(covered, sequence_high, icv)
}

#[inline(never)]
pub fn ah_conformance(header: &ah::Header<'_>, version: Version) -> Option<ah::Departure> {
    covers!(ipsec::ah::conformance::Header::conformance);
    header.conformance(version).last()
}
