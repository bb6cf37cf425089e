//! Wrappers of `ipsec`.

use ipsec::esp::{
    Header, InboundSa, IvSource, NextHeader, OpenError, Opened, OutboundSa, PaddingError, SealError, Sealing, Trailer,
    open_without_replay_check, padding, sealed_len,
};
use ipsec::suite::{
    Aes128CbcHmacMd5, Aes128CbcHmacSha1, Aes128CbcHmacSha256, AesKey, AnyMac, Authentication, AuthenticationAlgorithm,
    DesCbcHmacMd5, Encryption, EspTransform, IkeAttributes, IosSpelling, SuiteError, TripleDesCbcHmacSha1, Aes128Gcm,
};
use ipsec::transform::{AesCcm, AesGcm, AesGmac, IcvLen};
use ipsec::{
    AnyTransform, EmitError, IvRule, KeyError, Lifetime, Limit, NotAuthentic, Numbering, ParseError, Protected,
    ReplayError, ReplayWindow, Secret, SequenceNumber, Spi, Stage, Suite, Transform, infer_esn,
};
use crypto::cipher::{Aes128, Aes192, Aes256};

#[inline(never)]
pub fn header_parse(octets: &[u8]) -> Result<Header, ParseError> {
    covers!(ipsec::esp::Header::parse);
    Header::parse(octets)
}

#[inline(never)]
pub fn header_emit(header: &Header, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(ipsec::esp::Header::emit);
    header.emit(buffer)
}

#[inline(never)]
pub fn trailer_split(octets: &[u8]) -> Result<(&[u8], Trailer<'_>), PaddingError> {
    covers!(ipsec::esp::padding::Trailer::split);
    Trailer::split(octets)
}

#[inline(never)]
pub fn trailer_check_monotonic(trailer: &Trailer<'_>) -> Result<(), PaddingError> {
    covers!(ipsec::esp::padding::Trailer::check_monotonic);
    trailer.check_monotonic()
}

#[inline(never)]
pub fn open_des_md5<'a>(sa: &mut InboundSa<DesCbcHmacMd5, 17>, packet: &'a mut [u8]) -> Result<Opened<'a>, OpenError> {
    covers!(ipsec::esp::inbound::InboundSa::open_in_place);
    sa.open_in_place(packet)
}
#[inline(never)]
pub fn open_aes_sha1<'a>(sa: &mut InboundSa<Aes128CbcHmacSha1, 17>, packet: &'a mut [u8]) -> Result<Opened<'a>, OpenError> {
    covers!(ipsec::esp::inbound::InboundSa::open_in_place);
    sa.open_in_place(packet)
}
#[inline(never)]
pub fn open_gcm<'a>(sa: &mut InboundSa<Aes128Gcm, 17>, packet: &'a mut [u8]) -> Result<Opened<'a>, OpenError> {
    covers!(ipsec::esp::inbound::InboundSa::open_in_place);
    sa.open_in_place(packet)
}
#[inline(never)]
pub fn open_any<'a>(sa: &mut InboundSa<AnyTransform, 17>, packet: &'a mut [u8]) -> Result<Opened<'a>, OpenError> {
    covers!(ipsec::esp::inbound::InboundSa::open_in_place);
    sa.open_in_place(packet)
}
#[inline(never)]
pub fn seal_aes_sha1<'a>(sa: &mut OutboundSa<Aes128CbcHmacSha1>, buffer: &'a mut [u8], len: usize, sealing: Sealing, iv: &[u8]) -> Result<&'a mut [u8], SealError> {
    covers!(ipsec::esp::outbound::OutboundSa::seal_in_place);
    sa.seal_in_place(buffer, len, sealing, IvSource::Octets(iv))
}
#[inline(never)]
pub fn seal_any<'a>(sa: &mut OutboundSa<AnyTransform>, buffer: &'a mut [u8], len: usize, sealing: Sealing, iv: &[u8]) -> Result<&'a mut [u8], SealError> {
    covers!(ipsec::esp::outbound::OutboundSa::seal_in_place);
    sa.seal_in_place(buffer, len, sealing, IvSource::Octets(iv))
}
#[inline(never)]
pub fn suite_transform(suite: &Suite, one: Secret<'_>, two: Secret<'_>) -> Result<AnyTransform, KeyError> {
    covers!(ipsec::suite::Suite::transform);
    suite.transform(one, two)
}
#[inline(never)]
pub fn suite_from_str(name: &str) -> Result<Suite, SuiteError> {
    covers!(ipsec::suite::Suite::from_str);
    name.parse()
}
#[inline(never)]
pub fn suite_from_ios(name: &str) -> Result<Suite, SuiteError> {
    covers!(ipsec::suite::ios::Suite::from_ios);
    Suite::from_ios(name)
}
#[inline(never)]
pub fn suite_from_wireshark(one: &str, two: &str, len: usize) -> Result<Suite, SuiteError> {
    covers!(ipsec::suite::wireshark::Suite::from_wireshark);
    Suite::from_wireshark(one, two, len)
}
#[inline(never)]
pub fn suite_from_ike(attributes: IkeAttributes) -> Result<Suite, SuiteError> {
    covers!(ipsec::suite::ike::Suite::from_ike);
    Suite::from_ike(attributes)
}
#[inline(never)]
pub fn seal_again(opened: &Opened<'_>, transform: &AnyTransform, numbering: Numbering, buffer: &mut [u8]) -> Result<usize, SealError> {
    covers!(ipsec::esp::opened::Opened::seal_again);
    opened.seal_again(transform, numbering, buffer)
}
#[inline(never)]
pub fn window_accept(window: &mut ReplayWindow<17>, number: SequenceNumber) -> Result<(), ReplayError> {
    covers!(ipsec::replay::ReplayWindow::accept);
    window.accept(number)
}
#[inline(never)]
pub fn window_infer(window: &ReplayWindow<17>, numbering: Numbering, low: u32) -> Result<SequenceNumber, ReplayError> {
    covers!(ipsec::replay::ReplayWindow::infer);
    window.infer(numbering, low)
}
