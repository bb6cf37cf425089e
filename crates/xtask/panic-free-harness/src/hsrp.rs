//! Wrappers of `hsrp`.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use hsrp::authentication::AuthenticationError;
use hsrp::v1::{Advertise, Packet, Seconds};
use hsrp::v2::{GroupState, InterfaceState, IpVersion, Milliseconds};
use hsrp::{
    Authentication, AuthenticationData, ChainWriter, Context, DebugLine, Departure, Element, Emit, EmitError,
    GroupMessage, Hint, InterfaceMessage, Key, KeyChain, LengthError, Md5Authentication, Member, Message,
    NotRepresentable, ParseError, Parsed, State, Tlv, TlvFraming, TlvType, Tlvs, Version, VirtualMac, Writer,
};
use wire::{Elements, Framing, Reader};

#[inline(never)]
pub fn message_parse(octets: &[u8]) -> Result<Message<'_>, ParseError> {
    covers!(hsrp::message::Message::parse);
    Message::parse(octets)
}

#[inline(never)]
pub fn message_try_from(octets: &[u8]) -> Result<Message<'_>, ParseError> {
    covers!(hsrp::message::Message::try_from);
    Message::try_from(octets)
}

#[inline(never)]
pub fn message_parse_hinted(octets: &[u8], hint: Hint) -> Result<Message<'_>, ParseError> {
    covers!(hsrp::message::Message::parse_hinted);
    Message::parse_hinted(octets, hint)
}

#[inline(never)]
pub fn message_parse_reporting(octets: &[u8], hint: Option<Hint>) -> (Option<Departure>, bool) {
    covers!(hsrp::message::Message::parse_reporting);
    let mut last = None;
    let result = Message::parse_reporting(octets, hint, &mut |departure| last = Some(departure));
    (last, result.is_ok_and(|read| read.fault.is_none()))
}

#[inline(never)]
pub fn message_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Message<'_>, ParseError>, ParseError> {
    covers!(hsrp::message::Message::parse_until_error);
    Message::parse_until_error(octets)
}

#[inline(never)]
pub fn message_parse_prefix(octets: &[u8]) -> Result<(Message<'_>, &[u8]), ParseError> {
    covers!(hsrp::message::Message::parse_prefix);
    Message::parse_prefix(octets)
}

#[inline(never)]
pub fn message_neutral(message: &Message<'_>) -> (Version, Option<GroupMessage>, Option<InterfaceMessage>) {
    covers!(
        hsrp::neutral::Message::version,
        hsrp::neutral::Message::group_messages,
        hsrp::neutral::Message::interface_message
    );
    (message.version(), message.group_messages().last(), message.interface_message())
}

#[inline(never)]
pub fn message_authentication(message: &Message<'_>) -> Authentication {
    covers!(hsrp::neutral::Message::authentication);
    message.authentication()
}

#[inline(never)]
pub fn group_message(
    packet: &Packet,
    state: &GroupState,
) -> (Result<Packet, NotRepresentable>, Result<GroupState, NotRepresentable>) {
    covers!(
        hsrp::neutral::GroupMessage::from,
        hsrp::neutral::GroupMessage::to_v1,
        hsrp::neutral::GroupMessage::to_v2
    );
    (GroupMessage::from(state).to_v1(), GroupMessage::from(packet).to_v2())
}

#[inline(never)]
pub fn states(state: State, one: u8, two: u8) -> [Option<State>; 4] {
    covers!(
        hsrp::neutral::State::from_v1,
        hsrp::neutral::State::from_v2,
        hsrp::neutral::State::to_v1,
        hsrp::neutral::State::to_v2
    );
    [
        State::from_v1(hsrp::v1::State(one)),
        State::from_v2(hsrp::v2::State(two)),
        state.to_v1().and_then(State::from_v1),
        State::from_v2(state.to_v2()),
    ]
}

#[inline(never)]
pub fn message_tlvs<'m, 'a>(message: &'m Message<'a>) -> &'m Tlvs<'a> {
    covers!(hsrp::message::Message::tlvs);
    message.tlvs()
}

#[inline(never)]
pub fn message_to_vec(message: &Message<'_>) -> Result<Vec<u8>, EmitError> {
    covers!(wire::emit::Emit::to_vec);
    message.to_vec()
}

#[inline(never)]
pub fn message_conformance(message: &Message<'_>, context: &Context) -> Option<Departure> {
    covers!(hsrp::conformance::Message::conformance);
    message.conformance(context).last()
}

#[inline(never)]
pub fn departure_reference(departure: &Departure) -> &'static str {
    covers!(hsrp::conformance::departure::Departure::reference);
    departure.reference()
}

#[inline(never)]
pub fn packet_parse(octets: &[u8]) -> Result<Packet, ParseError> {
    covers!(hsrp::v1::packet::Packet::parse);
    Packet::parse(octets)
}

#[inline(never)]
pub fn packet_try_from(octets: &[u8]) -> Result<Packet, ParseError> {
    covers!(hsrp::v1::packet::Packet::try_from);
    Packet::try_from(octets)
}

#[inline(never)]
pub fn packet_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Packet, ParseError>, ParseError> {
    covers!(hsrp::v1::packet::Packet::parse_until_error);
    Packet::parse_until_error(octets)
}

#[inline(never)]
pub fn packet_parse_prefix(octets: &[u8]) -> Result<(Packet, &[u8]), ParseError> {
    covers!(hsrp::v1::packet::Packet::parse_prefix);
    Packet::parse_prefix(octets)
}

#[inline(never)]
pub fn packet_default() -> Packet {
    covers!(hsrp::v1::packet::Packet::default);
    Packet::default()
}

#[inline(never)]
pub fn seconds(seconds: Seconds, duration: Duration) -> (Duration, Duration, Option<Seconds>) {
    covers!(
        hsrp::v1::packet::Seconds::duration,
        hsrp::v1::packet::Duration::from,
        hsrp::v1::packet::Seconds::from_duration
    );
    (seconds.duration(), Duration::from(seconds), Seconds::from_duration(duration))
}

#[inline(never)]
pub fn advertise_parse(octets: &[u8]) -> Result<Advertise, ParseError> {
    covers!(hsrp::v1::advertise::Advertise::parse);
    Advertise::parse(octets)
}

#[inline(never)]
pub fn advertise_try_from(octets: &[u8]) -> Result<Advertise, ParseError> {
    covers!(hsrp::v1::advertise::Advertise::try_from);
    Advertise::try_from(octets)
}

#[inline(never)]
pub fn advertise_parse_reporting(octets: &[u8]) -> (Option<Departure>, Result<Advertise, ParseError>) {
    covers!(hsrp::v1::advertise::Advertise::parse_reporting);
    let mut last = None;
    let result = Advertise::parse_reporting(octets, &mut |departure| last = Some(departure));
    (last, result)
}

#[inline(never)]
pub fn advertise_default() -> Advertise {
    covers!(hsrp::v1::advertise::Advertise::default);
    Advertise::default()
}

#[inline(never)]
pub fn advertise_parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Advertise, ParseError>, ParseError> {
    covers!(hsrp::v1::advertise::Advertise::parse_until_error);
    Advertise::parse_until_error(octets)
}

#[inline(never)]
pub fn advertise_parse_prefix(octets: &[u8]) -> Result<(Advertise, &[u8]), ParseError> {
    covers!(hsrp::v1::advertise::Advertise::parse_prefix);
    Advertise::parse_prefix(octets)
}

#[inline(never)]
pub fn tlvs_parse(octets: &[u8], base: usize) -> Result<Tlvs<'_>, LengthError> {
    covers!(hsrp::tlv::TlvFraming::split);
    let mut framing = TlvFraming;
    framing.split(&mut Reader::new("HSRP message", octets))?;
    Tlvs::parse(octets, base, framing)
}

#[inline(never)]
pub fn tlvs_next<'a>(elements: &mut Elements<'a, TlvFraming>) -> Option<Element<'a, TlvType>> {
    covers!(wire::chain::Elements::next);
    elements.next()
}

#[inline(never)]
pub fn tlv_parse<'a>(element: &Element<'a, TlvType>) -> Result<Tlv<'a>, ParseError> {
    covers!(hsrp::tlv::Tlv::parse);
    Tlv::parse(element)
}

#[inline(never)]
pub fn tlv_framing(writer: &mut Writer<'_>, tlv_type: TlvType, start: usize) -> Result<(), EmitError> {
    covers!(hsrp::tlv::TlvFraming::open, hsrp::tlv::TlvFraming::close, hsrp::tlv::TlvFraming::len_with);
    let mut framing = TlvFraming;
    let open = framing.open(writer, tlv_type)?;
    framing.close(writer, tlv_type, open, framing.len_with(start, tlv_type, 0))
}

#[inline(never)]
pub fn group_state_parse(element: &Element<'_, TlvType>) -> Result<GroupState, ParseError> {
    covers!(hsrp::v2::group_state::GroupState::parse);
    GroupState::parse(element)
}

#[inline(never)]
pub fn group_state_addresses(state: &GroupState, address: IpAddr) -> (Option<IpAddr>, [u8; 16], IpVersion) {
    covers!(
        hsrp::v2::group_state::GroupState::virtual_address,
        hsrp::v2::group_state::virtual_ip,
        hsrp::v2::group_state::IpVersion::of
    );
    (state.virtual_address(), hsrp::v2::virtual_ip(address), IpVersion::of(address))
}

#[inline(never)]
pub fn group_state_default() -> GroupState {
    covers!(hsrp::v2::group_state::GroupState::default);
    GroupState::default()
}

#[inline(never)]
pub fn milliseconds(time: Milliseconds, duration: Duration) -> (Duration, Duration, Option<Milliseconds>) {
    covers!(
        hsrp::v2::group_state::Milliseconds::duration,
        hsrp::v2::group_state::Duration::from,
        hsrp::v2::group_state::Milliseconds::from_duration
    );
    (time.duration(), Duration::from(time), Milliseconds::from_duration(duration))
}

#[inline(never)]
pub fn interface_state_parse(element: &Element<'_, TlvType>) -> Result<InterfaceState, ParseError> {
    covers!(hsrp::v2::interface_state::InterfaceState::parse);
    InterfaceState::parse(element)
}

#[inline(never)]
pub fn md5_authentication_parse(element: &Element<'_, TlvType>) -> Result<Md5Authentication, ParseError> {
    covers!(hsrp::authentication::md5::Md5Authentication::parse);
    Md5Authentication::parse(element)
}

#[inline(never)]
pub fn md5_authentication_unsealed(address: Ipv4Addr, key_id: u32) -> Md5Authentication {
    covers!(hsrp::authentication::md5::Md5Authentication::unsealed);
    Md5Authentication::unsealed(address, key_id)
}

#[inline(never)]
pub fn digest(octets: &[u8], key: Key<'_>) -> Result<[u8; 16], AuthenticationError> {
    covers!(hsrp::authentication::digest);
    hsrp::authentication::digest(octets, key)
}

#[inline(never)]
pub fn verify(octets: &[u8], key: Key<'_>) -> Result<(), AuthenticationError> {
    covers!(hsrp::authentication::verify);
    hsrp::authentication::verify(octets, key)
}

#[inline(never)]
pub fn seal(octets: &mut [u8], key: Key<'_>) -> Result<(), AuthenticationError> {
    covers!(hsrp::authentication::seal);
    hsrp::authentication::seal(octets, key)
}

#[inline(never)]
pub fn key_chain_verify(chain: &KeyChain<'_>, octets: &[u8]) -> Result<(), AuthenticationError> {
    covers!(hsrp::authentication::KeyChain::verify);
    chain.verify(octets)
}

#[inline(never)]
pub fn key_chain_seal(chain: &KeyChain<'_>, octets: &mut [u8]) -> Result<(), AuthenticationError> {
    covers!(hsrp::authentication::KeyChain::seal);
    chain.seal(octets)
}

#[inline(never)]
pub fn key_chain_keys<'a>(chain: &KeyChain<'a>, key_id: u32) -> Option<Key<'a>> {
    covers!(hsrp::authentication::key::KeyChain::keys);
    chain.keys(key_id).last()
}

#[inline(never)]
pub fn keys<'a>(octets: &'a [u8], text: &'a str) -> [Key<'a>; 3] {
    covers!(hsrp::authentication::key::Key::new, hsrp::authentication::key::Key::from);
    [Key::new(octets), Key::from(octets), Key::from(text)]
}

#[inline(never)]
pub fn authentication_data(data: &AuthenticationData, text: &str) -> (Option<AuthenticationData>, usize) {
    covers!(
        hsrp::authentication::text::AuthenticationData::from_text,
        hsrp::authentication::text::AuthenticationData::password,
        hsrp::authentication::text::AuthenticationData::default
    );
    let other = AuthenticationData::from_text(text);
    (other, data.password().len() ^ AuthenticationData::default().password().len())
}

#[inline(never)]
pub fn authentication_data_matches(left: &AuthenticationData, right: &AuthenticationData) -> bool {
    covers!(hsrp::authentication::text::AuthenticationData::matches);
    left.matches(right)
}

#[inline(never)]
pub fn virtual_mac_to_mac(mac: VirtualMac) -> (Option<[u8; 6]>, u16) {
    covers!(hsrp::virtual_mac::VirtualMac::to_mac, hsrp::virtual_mac::VirtualMac::group);
    (mac.to_mac(), mac.group())
}

#[inline(never)]
pub fn virtual_mac_from_mac(mac: [u8; 6]) -> Option<VirtualMac> {
    covers!(hsrp::virtual_mac::VirtualMac::from_mac);
    VirtualMac::from_mac(mac)
}

#[inline(never)]
pub fn hint_from_destination(address: IpAddr, port: u16) -> Option<Hint> {
    covers!(hsrp::hint::Hint::from_destination);
    Hint::from_destination(address, port)
}

#[inline(never)]
pub fn debug_line_v1(packet: &Packet, source: IpAddr, mac: [u8; 6]) -> DebugLine {
    covers!(hsrp::debug_line::DebugLine::v1, hsrp::debug_line::DebugLine::outgoing);
    DebugLine::v1(packet, source, mac).outgoing()
}

#[inline(never)]
pub fn debug_line_v2(state: &GroupState, source: IpAddr) -> DebugLine {
    covers!(hsrp::debug_line::DebugLine::v2);
    DebugLine::v2(state, source)
}

#[inline(never)]
pub fn debug_line_tlv(tlv: &Tlv<'_>, source: IpAddr) -> Option<DebugLine> {
    covers!(hsrp::debug_line::DebugLine::tlv);
    DebugLine::tlv(tlv, source)
}

#[inline(never)]
pub fn message_emit(value: &Message<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::message::Message::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn message_emit_into(value: &Message<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hsrp::message::Message::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn packet_emit(value: &Packet, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::v1::packet::Packet::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn packet_emit_into(value: &Packet, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hsrp::v1::packet::Packet::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn advertise_emit(value: &Advertise, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::v1::advertise::Advertise::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn advertise_emit_into(value: &Advertise, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hsrp::v1::advertise::Advertise::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn tlv_emit(value: &Tlv<'_>, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::tlv::Tlv::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn tlv_emit_into(value: &Tlv<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hsrp::tlv::Tlv::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn group_state_emit(value: &GroupState, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::v2::group_state::GroupState::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn group_state_emit_into(value: &GroupState, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hsrp::v2::group_state::GroupState::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn interface_state_emit(value: &InterfaceState, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::v2::interface_state::InterfaceState::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn interface_state_emit_into(value: &InterfaceState, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    covers!(hsrp::v2::interface_state::InterfaceState::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn md5_authentication_emit(value: &Md5Authentication, buffer: &mut [u8]) -> Result<usize, EmitError> {
    covers!(hsrp::authentication::md5::Md5Authentication::wire_len);
    Ok(value.emit(buffer)?.len() ^ value.wire_len())
}

#[inline(never)]
pub fn md5_authentication_emit_into(
    value: &Md5Authentication,
    writer: &mut Writer<'_>,
) -> Result<(), EmitError> {
    covers!(hsrp::authentication::md5::Md5Authentication::emit_into);
    value.emit_into(writer)
}

#[inline(never)]
pub fn tlv_member<'a>(tlv: &Tlv<'_>, element: &Element<'a, TlvType>) -> (TlvType, Tlv<'a>, TlvType) {
    covers!(hsrp::tlv::Tlv::header, hsrp::tlv::Tlv::decode, hsrp::tlv::Tlv::tlv_type);
    (Member::<TlvFraming>::header(tlv), Tlv::decode(element, &TlvFraming), tlv.tlv_type())
}

#[inline(never)]
pub fn tlvs_push(writer: &mut Writer<'_>, tlv: &Tlv<'_>) -> Result<(), EmitError> {
    covers!(wire::chain_writer::ChainWriter::push);
    ChainWriter::new(writer, TlvFraming).push(tlv).map(drop)
}

#[inline(never)]
pub fn transport_of(address: IpAddr) -> (IpVersion, Option<bool>) {
    covers!(hsrp::transport::ip_version, hsrp::transport::may_send);
    (hsrp::transport::ip_version(address), hsrp::transport::may_send(address))
}
