//! Wrappers of `ipsec`: ESP, replay windows, suites, bundles, tunnels, transport mode.

use std::str::FromStr;

use ::ipsec::ah::Quirks;
use ::ipsec::bundle::{self, AnyBundle, BundleSuite, InboundBundle, OutboundBundle};
use ::ipsec::esp::{
    Header, InboundSa, IvSource, OpenError, Opened, OutboundSa, Padding, PaddingError, SealError, Trailer,
};
use ::ipsec::ip::{IpError, Version};
use ::ipsec::suite::{AnyTransform, Suite};
use ::ipsec::suite::{Encryption, SuiteError};
use ::ipsec::transform::{Protected, Transform};
use ::ipsec::transport::{self, Unprotect};
use ::ipsec::tunnel::Tunnel;
use ::ipsec::tunnel::{Inner, Protection, TunnelError};
use ::ipsec::udp_encapsulation::Datagram;
use ::ipsec::{
    EmitError, Esn, LengthError, NotAuthentic, ParseError, ReplayError, ReplayWindow, SequenceNumber,
    ShapeError,
};

#[inline(never)]
pub fn header_parse(octets: &[u8]) -> Result<Header, ParseError> {
    covers!(ipsec::esp::Header::parse);
    Header::parse(octets)
}

#[inline(never)]
pub fn header_parse_prefix(octets: &[u8]) -> Result<(Header, &[u8]), ParseError> {
    covers!(ipsec::esp::Header::parse_prefix);
    Header::parse_prefix(octets)
}

#[inline(never)]
pub fn header_try_from(octets: &[u8]) -> Result<Header, ParseError> {
    covers!(ipsec::esp::Header::try_from);
    Header::try_from(octets)
}

#[inline(never)]
pub fn header_emit(header: &Header, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(ipsec::esp::Header::emit, ipsec::esp::Header::wire_len);
    header.emit(buffer).map(|len| len ^ header.wire_len())
}

#[inline(never)]
pub fn header_to_vec(header: &Header) -> Result<Vec<u8>, EmitError> {
    covers!(ipsec::esp::Header::to_vec);
    header.to_vec()
}

/// Every suite. Only the argument decides which one it is.
#[inline(never)]
pub fn seal_in_place<'b>(
    sa: &mut OutboundSa<AnyTransform>,
    buffer: &'b mut [u8],
    payload_len: usize,
    padding: Padding,
    iv: &[u8],
) -> Result<&'b mut [u8], SealError> {
    covers!(ipsec::esp::outbound::OutboundSa::seal_in_place);
    sa.seal_in_place(buffer, payload_len, padding, IvSource::Octets(iv))
}

#[inline(never)]
pub fn seal_in_place_counting<'b>(
    sa: &mut OutboundSa<AnyTransform>,
    buffer: &'b mut [u8],
    payload_len: usize,
    padding: Padding,
) -> Result<&'b mut [u8], SealError> {
    covers!(ipsec::esp::outbound::OutboundSa::seal_in_place);
    sa.seal_in_place(buffer, payload_len, padding, IvSource::Counter)
}

#[inline(never)]
pub fn open_in_place<'a>(
    sa: &mut InboundSa<AnyTransform>,
    packet: &'a mut [u8],
) -> Result<Opened<'a>, OpenError> {
    covers!(ipsec::esp::inbound::InboundSa::open_in_place);
    sa.open_in_place(packet)
}

#[inline(never)]
pub fn open_without_replay_check<'a>(
    transform: &AnyTransform,
    sequence_high: Option<u32>,
    packet: &'a mut [u8],
) -> Result<Opened<'a>, OpenError> {
    covers!(ipsec::esp::opened::open_without_replay_check);
    ::ipsec::esp::open_without_replay_check(transform, sequence_high, packet)
}

#[inline(never)]
pub fn seal_again(
    opened: &Opened<'_>,
    transform: &AnyTransform,
    esn: Esn,
    buffer: &mut [u8],
) -> Result<usize, SealError> {
    covers!(ipsec::esp::opened::Opened::seal_again, ipsec::esp::opened::Opened::sealed_len);
    let len = opened.sealed_len(transform);
    opened.seal_again(transform, esn, buffer).map(|sealed| sealed ^ len)
}

#[inline(never)]
pub fn split_traffic_flow_padding<'a>(opened: &Opened<'a>) -> (&'a [u8], &'a [u8]) {
    covers!(ipsec::esp::opened::Opened::split_traffic_flow_padding);
    opened.split_traffic_flow_padding()
}

#[inline(never)]
pub fn sealed_len(transform: &AnyTransform, payload_len: usize, padding: &Padding) -> Option<usize> {
    covers!(ipsec::esp::outbound::sealed_len);
    ::ipsec::esp::sealed_len(transform, payload_len, padding)
}

#[inline(never)]
pub fn trailer_split(text: &[u8]) -> Result<(&[u8], Trailer<'_>), PaddingError> {
    covers!(ipsec::esp::padding::Trailer::split);
    Trailer::split(text)
}

#[inline(never)]
pub fn trailer_check_monotonic(trailer: &Trailer<'_>) -> Result<(), PaddingError> {
    covers!(ipsec::esp::padding::Trailer::check_monotonic);
    trailer.check_monotonic()
}

#[inline(never)]
pub fn window_check(window: &ReplayWindow<17>, number: SequenceNumber) -> Result<(), ReplayError> {
    covers!(ipsec::replay::ReplayWindow::check);
    window.check(number)
}

#[inline(never)]
pub fn window_accept(window: &mut ReplayWindow<17>, number: SequenceNumber) -> Result<(), ReplayError> {
    covers!(ipsec::replay::ReplayWindow::accept);
    window.accept(number)
}

#[inline(never)]
pub fn window_accept_narrow(window: &mut ReplayWindow<2>, number: SequenceNumber) -> Result<(), ReplayError> {
    covers!(ipsec::replay::ReplayWindow::accept);
    window.accept(number)
}

#[inline(never)]
pub fn window_infer(window: &ReplayWindow<17>, esn: Esn, low: u32) -> Result<SequenceNumber, ReplayError> {
    covers!(ipsec::replay::ReplayWindow::infer);
    window.infer(esn, low)
}

#[inline(never)]
pub fn infer_esn(highest: SequenceNumber, low: u32, width: u32) -> SequenceNumber {
    covers!(ipsec::sequence::infer_esn);
    ::ipsec::infer_esn(highest, low, width)
}

#[inline(never)]
pub fn matching_truncation(
    transform: &AnyTransform,
    packet: &[u8],
    high: Option<u32>,
) -> Option<::ipsec::suite::Authentication> {
    covers!(ipsec::suite::truncation::AnyTransform::matching_truncation);
    transform.matching_truncation(packet, high)
}

#[inline(never)]
pub fn suite_from_str(name: &str) -> Result<Suite, SuiteError> {
    covers!(ipsec::suite::Suite::from_str);
    Suite::from_str(name)
}

#[inline(never)]
pub fn suite_encryption(suite: Suite, bundle: BundleSuite) -> (Encryption, Encryption) {
    covers!(ipsec::suite::Suite::encryption, ipsec::bundle::BundleSuite::encryption);
    (suite.encryption(), bundle.encryption())
}

/// The call goes through a reference, so that the transforms of [`AnyTransform`] are reached one by one.
#[inline(never)]
pub fn transform_seal(
    transform: &AnyTransform,
    protected: Protected<'_>,
    icv: &mut [u8],
) -> Result<(), ShapeError> {
    covers!(
        ipsec::transform::EncryptThenMac::seal,
        ipsec::transform::combined::AesGcm::seal,
        ipsec::transform::combined::AesGmac::seal,
        ipsec::transform::combined::AesCcm::seal,
        ipsec::transform::combined::ChaCha20Poly1305::seal,
    );
    transform.seal(protected, icv)
}

#[inline(never)]
pub fn transform_open(
    transform: &AnyTransform,
    protected: Protected<'_>,
    icv: &[u8],
) -> Result<(), NotAuthentic> {
    covers!(
        ipsec::transform::EncryptThenMac::open,
        ipsec::transform::combined::AesGcm::open,
        ipsec::transform::combined::AesGmac::open,
        ipsec::transform::combined::AesCcm::open,
        ipsec::transform::combined::ChaCha20Poly1305::open,
    );
    transform.open(protected, icv)
}

#[inline(never)]
pub fn bundle_transform(
    transform: &AnyBundle,
    protected: Protected<'_>,
    icv: &mut [u8],
) -> Result<(), ShapeError> {
    covers!(ipsec::bundle::AnyBundle::seal);
    transform.seal(protected, icv)
}

#[inline(never)]
pub fn bundle_transform_open(
    transform: &AnyBundle,
    protected: Protected<'_>,
    icv: &[u8],
) -> Result<(), NotAuthentic> {
    covers!(ipsec::bundle::AnyBundle::open);
    transform.open(protected, icv)
}

#[inline(never)]
pub fn protected_split<'a>(protected: &'a mut Protected<'_>) -> (&'a [u8], &'a mut [u8]) {
    covers!(ipsec::transform::Protected::split);
    protected.split()
}

#[inline(never)]
pub fn datagram_parse(datagram: &[u8]) -> Result<Datagram<'_>, LengthError> {
    covers!(ipsec::udp_encapsulation::Datagram::parse);
    Datagram::parse(datagram)
}

#[inline(never)]
pub fn datagram_try_from(datagram: &[u8]) -> Result<Datagram<'_>, LengthError> {
    covers!(ipsec::udp_encapsulation::Datagram::try_from);
    Datagram::try_from(datagram)
}

#[inline(never)]
pub fn datagram_emit(datagram: &Datagram<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(ipsec::udp_encapsulation::Datagram::emit, ipsec::udp_encapsulation::Datagram::wire_len);
    datagram.emit(buffer).map(|len| len ^ datagram.wire_len())
}

#[inline(never)]
pub fn tunnel_seal<'b>(
    tunnel: &Tunnel,
    sa: &mut OutboundSa<AnyTransform>,
    buffer: &'b mut [u8],
    inner_len: usize,
    identification: u16,
) -> Option<&'b mut [u8]> {
    covers!(ipsec::tunnel::Tunnel::seal_in_place);
    tunnel.seal_in_place(sa, buffer, inner_len, identification, IvSource::Counter).ok()
}

#[inline(never)]
pub fn tunnel_open<'a>(
    tunnel: &Tunnel,
    sa: &mut InboundSa<AnyTransform>,
    packet: &'a mut [u8],
) -> Result<&'a mut [u8], TunnelError<<InboundSa<AnyTransform> as Unprotect>::Error>> {
    covers!(ipsec::tunnel::Tunnel::open_in_place);
    tunnel.open_in_place(sa, packet)
}

#[inline(never)]
pub fn tunnel_header(
    tunnel: &Tunnel,
    inner: &Inner,
    inner_len: usize,
    identification: u16,
    buffer: &mut [u8],
) -> Result<usize, IpError> {
    covers!(ipsec::tunnel::Tunnel::emit_outer_header, ipsec::tunnel::Inner::next_header);
    let next_header = usize::from(inner.next_header().0);
    tunnel.emit_outer_header(inner, inner_len, identification, buffer).map(|len| len ^ next_header)
}

#[inline(never)]
pub fn protection_sealed_len(protection: Protection, version: Version, payload_len: usize) -> Option<usize> {
    covers!(ipsec::tunnel::length::Protection::sealed_len);
    protection.sealed_len(version, payload_len)
}

#[inline(never)]
pub fn transport_open<'a>(
    sa: &mut InboundSa<AnyTransform>,
    packet: &'a mut [u8],
) -> Result<&'a mut [u8], <InboundSa<AnyTransform> as Unprotect>::Error> {
    covers!(ipsec::transport::open_in_place);
    transport::open_in_place(sa, packet)
}

#[inline(never)]
pub fn bundle_seal<'b>(
    bundle: &mut OutboundBundle<AnyBundle>,
    buffer: &'b mut [u8],
    packet_len: usize,
    iv: &[u8],
) -> Result<&'b mut [u8], bundle::SealError> {
    covers!(ipsec::bundle::outbound::OutboundBundle::seal_in_place);
    bundle.seal_in_place(buffer, packet_len, IvSource::Octets(iv))
}

#[inline(never)]
pub fn bundle_open<'a>(
    bundle: &mut InboundBundle<AnyBundle>,
    packet: &'a mut [u8],
) -> Result<bundle::Opened<'a>, bundle::OpenError> {
    covers!(ipsec::bundle::inbound::InboundBundle::open_in_place);
    bundle.open_in_place(packet)
}

#[inline(never)]
pub fn bundle_seal_again(
    opened: &bundle::Opened<'_>,
    transform: &AnyBundle,
    esn: Esn,
    quirks: Quirks,
    buffer: &mut [u8],
) -> Result<usize, bundle::SealError> {
    covers!(ipsec::bundle::opened::Opened::seal_again);
    opened.seal_again(transform, esn, quirks, buffer)
}
