//! Captures of HA messages: a pair of gateways that synchronise, in SCTP in IP and in UDP, bundled and cut, and messages
//! that break rules of the profile. All keys are the octets of `vpnwire-test`, over and over.

use std::num::NonZeroUsize;
use std::time::Duration;

use ::hasync::record::{
    Acknowledgement, BulkCounts, BulkSync, BulkSyncRequest, Counters, DeadPeer, Direction, EncapsulationMode,
    EncapsulationPorts, Exchange, Identity, IkeFeatures, IkeKeys, IkeSa, IkeSaDelete, IkeSaUpdate, IkeSuite,
    InitOrResp, IpsecSa, Keepalive, Lifetime, Listed, MessageId, NatFlags, NatState, NhrpEntries, NhrpEntry,
    NhrpFlags, NhrpParameters, PeerIdentity, Reason, Redundancy, RedundancyFlags, RedundancyState,
    ReplayUpdate, ReplayUpdates, ResultCode, RfState, SaBundle, SaBundleDelete, SaFlags, SaIdentifier,
    Takeover, Transform,
};
use ::hasync::{Emit as _, Envelope, Record, Secret, profile};
use ::sctp::chunk::{Body, CookieEcho, Data, IData, Init, PayloadProtocolIdentifier, PpidOrFsn, Sack};
use ::sctp::udp_encapsulation::{self, Datagram};
use ::sctp::{Chunk, ChunkFlags, MessageIdentifier, Parameter, StreamSequenceNumber, Tsn};
use anyhow::{Context, Result};

use super::Frames;
use super::gre::in_ipv4;
use super::sctp::{Endpoint, init, packet};

// The addresses of the document: the pair shares 4.0.0.3, the peer is 4.0.0.5.
const ACTIVE: Endpoint = Endpoint { address: [4, 0, 0, 1], tag: 0x0a0a_0001 };
const STANDBY: Endpoint = Endpoint { address: [4, 0, 0, 2], tag: 0x0b0b_0002 };
const VIRTUAL: [u8; 4] = [4, 0, 0, 3];
const PEER: [u8; 4] = [4, 0, 0, 5];

const MY_COOKIE: [u8; 8] = [0x9b, 0x1a, 0x76, 0xaa, 0x99, 0x11, 0x1a, 0x1f];
const HIS_COOKIE: [u8; 8] = [0xe2, 0xa2, 0xa3, 0x5f, 0x53, 0x1d, 0xea, 0x15];

/// No key, but where one stands.
const KEY: &[u8; 36] = b"vpnwire-testvpnwire-testvpnwire-test";

fn key(len: usize) -> Secret<'static> {
    Secret::new(&KEY[..len])
}

fn written(envelope: &Envelope<'_>) -> Result<Vec<u8>> {
    let mut octets = vec![0; envelope.wire_len()];
    envelope.emit(&mut octets)?;
    Ok(octets)
}

/// What is around SCTP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    Ip,
    Udp,
}

/// Which side of the pair the capture is of: what was lost between both is not in the standby's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Active,
    Standby,
}

/// The association between both, and what has been sent.
struct Pair {
    carrier: Carrier,
    side: Side,
    frames: Frames,
    time: u64,
    tsn: [u32; 2],
    sequence: [[u16; 3]; 2],
    serial: [u32; 2],
}

impl Pair {
    fn new(carrier: Carrier, side: Side, tsn: u32) -> Self {
        Self {
            carrier,
            side,
            frames: Frames::new(),
            time: 0,
            tsn: [tsn, 500],
            sequence: [[0; 3]; 2],
            serial: [0; 2],
        }
    }

    fn packet(&mut self, from_active: bool, tag: u32, chunks: &[Chunk<'_>]) -> Result<()> {
        let octets = packet(tag, chunks)?;
        let (from, to) = if from_active { (ACTIVE, STANDBY) } else { (STANDBY, ACTIVE) };
        let (protocol, payload) = match self.carrier {
            Carrier::Ip => (132, octets),
            Carrier::Udp => {
                let datagram = Datagram {
                    source_port: udp_encapsulation::PORT,
                    destination_port: udp_encapsulation::PORT,
                    packet: &octets,
                };
                let datagram = datagram.over_ipv4(from.address.into(), to.address.into());
                let mut buffer = vec![0; datagram.wire_len()];
                datagram.emit(&mut buffer)?;
                (17, buffer)
            }
        };
        self.frames.push((self.time, in_ipv4(from.address, to.address, protocol, &payload)?));
        self.time += 1_000;
        Ok(())
    }

    fn send(&mut self, from_active: bool, chunks: &[Chunk<'_>]) -> Result<()> {
        self.packet(from_active, if from_active { STANDBY.tag } else { ACTIVE.tag }, chunks)
    }

    /// The message of a record, with the next serial of its sender.
    fn message(&mut self, from_active: bool, record: &Record<'_>) -> Result<Vec<u8>> {
        let side = usize::from(!from_active);
        self.serial[side] += 1;
        written(&Envelope::new(VIRTUAL.into(), Some(self.serial[side]), record.clone()))
    }

    /// DATA chunks for a message, as the profile has them.
    fn chunks<'a>(&mut self, from_active: bool, octets: &'a [u8], max: usize) -> Result<Vec<Chunk<'a>>> {
        let side = usize::from(!from_active);
        let message_type = ::hasync::Message::parse(octets)?.header.message_type;
        let stream = profile::stream(message_type);
        let mut flags = ChunkFlags::NONE;
        let mut number = 0;
        if profile::is_unordered(message_type) {
            flags = ChunkFlags::U;
        } else {
            let sequence = &mut self.sequence[side][usize::from(stream.0)];
            number = *sequence;
            *sequence += 1;
        }
        let data = Data {
            tsn: Tsn(self.tsn[side]),
            stream_identifier: stream.0,
            stream_sequence_number: StreamSequenceNumber(number),
            payload_protocol_identifier: PayloadProtocolIdentifier(profile::PAYLOAD_PROTOCOL_IDENTIFIER),
            user_data: octets,
        };
        let chunks: Vec<_> =
            data.fragments(flags, NonZeroUsize::new(max).context("a fragment has octets")?)?.collect();
        self.tsn[side] = self.tsn[side].wrapping_add(u32::try_from(chunks.len())?);
        Ok(chunks)
    }

    /// Sends records of one packet; `lost` ones are in the active's capture alone.
    fn records(&mut self, from_active: bool, records: &[Record<'_>], lost: bool) -> Result<()> {
        let mut messages = Vec::new();
        for record in records {
            messages.push(self.message(from_active, record)?);
        }
        let mut chunks = Vec::new();
        for message in &messages {
            chunks.extend(self.chunks(from_active, message, 1_400)?);
        }
        if lost && self.side == Side::Standby {
            self.time += 1_000;
            return Ok(());
        }
        self.send(from_active, &chunks)
    }

    /// The standby has all that was sent, and would take over with it.
    fn acknowledge(&mut self, count: u32) -> Result<()> {
        let last = self.serial[0];
        let sack = Sack {
            cumulative_tsn_ack: Tsn(self.tsn[0].wrapping_sub(1)),
            a_rwnd: 65_536,
            gap_ack_blocks: (&[]).into(),
            duplicate_tsns: (&[]).into(),
        };
        let mut messages = Vec::new();
        for acknowledged in last + 1 - count..=last {
            let record = Record::Acknowledgement(Acknowledgement::new(acknowledged, ResultCode::STORED));
            messages.push(self.message(false, &record)?);
        }
        let mut chunks = vec![Body::Sack(sack).into()];
        for message in &messages {
            chunks.extend(self.chunks(false, message, 1_400)?);
        }
        self.send(false, &chunks)
    }

    fn opening(&mut self) -> Result<()> {
        let opening = Body::Init(init(ACTIVE, Tsn(self.tsn[0]))).into();
        self.packet(true, 0, &[opening])?;
        let parameters = [Parameter::StateCookie(&[0xc0; 16])];
        let answer = Init { parameters: (&parameters).into(), ..init(STANDBY, Tsn(self.tsn[1])) };
        self.send(false, &[Body::InitAck(answer).into()])?;
        self.send(true, &[Body::CookieEcho(CookieEcho { cookie: &[0xc0; 16] }).into()])?;
        self.send(false, &[Body::CookieAck.into()])
    }
}

fn state(my_state: RfState, peer_state: RfState) -> Record<'static> {
    Record::RedundancyState(Redundancy::new(RedundancyState {
        my_state,
        peer_state,
        flags: RedundancyFlags::DUPLEX | RedundancyFlags::COMMUNICATIONS,
        reserved: 0,
        unit_id: 0,
        client_count: 7,
        keep_alive_count: 0,
        client_notification_timer: Duration::from_secs(30),
        keep_alive_timer: Duration::from_secs(4),
        keep_alive_threshold: 7,
        debug_mask: 0,
    }))
}

fn lifetime(duration: u64, kilobytes: u32) -> Lifetime {
    Lifetime {
        duration: Duration::from_secs(duration),
        duration_left: Duration::from_secs(duration - 100),
        kilobytes,
        kilobytes_left: kilobytes / 2,
    }
}

/// The facts of the document's seventeen attributes.
fn ciscos() -> IkeSa<'static> {
    let mut identity = PeerIdentity::default();
    identity.id_type = 1;
    identity.protocol = 17;
    identity.port = 500;
    identity.address = PEER.into();
    identity.id_str = &[0; 4];
    let mut sa = IkeSa::default();
    sa.my_cookie = MY_COOKIE;
    sa.his_cookie = HIS_COOKIE;
    sa.source = PEER.into();
    sa.destination = VIRTUAL.into();
    sa.peer_port = 500;
    sa.init_or_resp = InitOrResp::RESPONDER;
    sa.nat_discovery = 2;
    sa.peer_identity = identity;
    sa.peers_capabilities = 0x77f;
    sa.my_capabilities = 0x77f;
    sa.state_mask = 0x27ff;
    sa
}

fn address_identity(address: &[u8]) -> Identity<'_> {
    Identity { id_type: 1, protocol: 17, port: 500, data: address }
}

fn ike_sa<'a>(
    message_ids: &'a [Listed<'a, MessageId>],
    exchanges: &'a [Listed<'a, Exchange<'a>>],
) -> IkeSa<'a> {
    let mut takeover = Takeover::default();
    takeover.local_port = 500;
    takeover.local_identity = address_identity(&VIRTUAL);
    takeover.suite = IkeSuite {
        encryption_algorithm: 7,
        key_length: 256,
        hash_algorithm: 2,
        prf: 0,
        group: 14,
        authentication_method: 1,
    };
    takeover.exchange_type = 2;
    takeover.keys = IkeKeys {
        skeyid: key(20),
        skeyid_d: key(20),
        skeyid_a: key(20),
        skeyid_e: key(20),
        encryption_key: key(32),
    };
    takeover.phase_1_iv = &[0x11; 16];
    takeover.lifetime = lifetime(86_400, 0);
    takeover.dead_peer = DeadPeer { my_sequence: 0x100, his_sequence: 0x200 };
    takeover.nat_state = NatState { flags: NatFlags::PEER, method: 1, keepalive: Duration::from_secs(20) };
    takeover.features = IkeFeatures::DEAD_PEER_DETECTION | IkeFeatures::NAT_TRAVERSAL;
    takeover.assigned_address = Some([10, 9, 8, 7].into());
    takeover.user_name = b"alice";
    takeover.profile_name = b"remote access";
    takeover.message_ids = message_ids.into();
    takeover.exchanges = exchanges.into();
    let mut sa = ciscos();
    sa.takeover = Some(takeover);
    sa
}

fn identifier(direction: Direction, spi: u32) -> SaIdentifier {
    let destination = if direction == Direction::INBOUND { VIRTUAL } else { PEER };
    SaIdentifier { direction, protocol: 50, spi, destination: destination.into() }
}

fn ipsec_sa(direction: Direction, spi: u32) -> IpsecSa<'static> {
    let source = if direction == Direction::INBOUND { PEER } else { VIRTUAL };
    let mut sa = IpsecSa::default();
    sa.identifier = identifier(direction, spi);
    sa.source = source.into();
    sa.mode = EncapsulationMode::TUNNEL;
    sa.transform = Transform { identifier: 3, key_length: 0, authentication_algorithm: 1, group: 0 };
    sa.encryption_key = key(24);
    sa.authentication_key = key(16);
    sa.local_selector = Identity { id_type: 4, protocol: 0, port: 0, data: &[10, 1, 0, 0, 255, 255, 0, 0] };
    sa.remote_selector = Identity { id_type: 4, protocol: 0, port: 0, data: &[10, 2, 0, 0, 255, 255, 0, 0] };
    sa.lifetime = lifetime(3_600, 4_608_000);
    sa.last_kilobytes_sent = 3_998_772;
    sa.counters = Counters { packets: 1_000, octets: 152_000, authentication_failures: 0, replays: 3 };
    sa.sequence = 1_000;
    sa.replay_window = 64;
    sa.flags = SaFlags::SUPPORTS_DPD;
    sa.path_mtu = 1_500;
    sa.crypto_map = b"vpn";
    sa
}

/// An SA behind a NAT, with a combined mode.
fn natted(direction: Direction, spi: u32) -> IpsecSa<'static> {
    let mut sa = ipsec_sa(direction, spi);
    sa.mode = EncapsulationMode::UDP_ENCAPSULATED_TUNNEL;
    sa.encapsulation_ports = Some(EncapsulationPorts { source: 4500, destination: 4500 });
    sa.nat_original_peer = Some([192, 168, 1, 5].into());
    sa.nat_original_local = Some(VIRTUAL.into());
    sa.transform = Transform { identifier: 20, key_length: 256, authentication_algorithm: 0, group: 14 };
    sa.encryption_key = key(36);
    sa.authentication_key = Secret::EMPTY;
    sa.flags = SaFlags::EXTENDED_SEQUENCE_NUMBERS;
    sa.crypto_map = b"";
    sa
}

fn bundle<'a>(bundle_id: u32, sas: &'a [Listed<'a, IpsecSa<'a>>]) -> SaBundle<'a> {
    SaBundle::new(bundle_id, MY_COOKIE, HIS_COOKIE, sas.into())
}

/// The numbers of the document: four updates of an inbound SA, at every 1,000 packets.
const UPDATES: [(u32, u64); 4] =
    [(3_998_772, 1_000), (3_998_624, 2_000), (3_998_476, 3_000), (3_998_327, 4_000)];

/// A standby comes up, is told all there is, and is kept up to date until the active's SAs are gone.
pub(super) fn synchronisation(carrier: Carrier, side: Side) -> Result<Frames> {
    let mut pair = Pair::new(carrier, side, 0xffff_fffa);
    pair.opening()?;
    pair.records(true, &[state(RfState::ACTIVE, RfState::STANDBY_COLD)], false)?;
    pair.records(false, &[state(RfState::STANDBY_COLD, RfState::ACTIVE)], false)?;
    let mut request = BulkSyncRequest::default();
    request.stamp = Some([0x5a; 16]);
    pair.records(false, &[Record::BulkSyncRequest(request)], false)?;
    let counts = BulkCounts { ike_sas: 1, bundles: 2, nhrp_entries: 2 };
    let exchanges =
        [Exchange { message_id: 0x9bb7_e83a, exchange_type: 32, message_count: 1, iv: &[0x22; 16] }.into()];
    let ids = [MessageId(0x5e7a_d670), MessageId(0xa783_873e)].map(Listed::from);
    pair.records(
        true,
        &[Record::BulkSyncBegin(BulkSync::new(counts)), Record::AddIkeSa(ike_sa(&ids, &exchanges))],
        false,
    )?;
    let first = [ipsec_sa(Direction::INBOUND, 0xb8a4_7ec9), ipsec_sa(Direction::OUTBOUND, 0xd429_04f0)]
        .map(Listed::from);
    pair.records(true, &[Record::AddSas(bundle(1, &first))], false)?;
    let second =
        [natted(Direction::INBOUND, 0x8d70_e8a3), natted(Direction::OUTBOUND, 0x8382_7275)].map(Listed::from);
    pair.records(true, &[Record::AddSas(bundle(2, &second))], true)?;
    let entry = |last: u8, claimed: Option<[u8; 4]>| {
        let parameters = NhrpParameters {
            network_id: 1,
            tunnel_key: 1_000,
            flags: NhrpFlags::REGISTERED | NhrpFlags::UNIQUE,
            prefix_length: 32,
            preference: 0,
            mtu: 1_472,
            holding_time: Duration::from_secs(300),
            expires_in: Duration::from_secs(250),
        };
        let mut entry = NhrpEntry::new([10, 0, 0, last].into(), [198, 51, 100, last].into(), parameters);
        entry.claimed_nbma_address = claimed.map(Into::into);
        Listed::from(entry)
    };
    let entries = [entry(11, None), entry(12, Some([192, 168, 1, 12]))];
    pair.records(true, &[Record::AddNhrpEntries(NhrpEntries::new((&entries).into()))], false)?;
    pair.records(true, &[Record::BulkSyncEnd(BulkSync::new(counts))], false)?;
    pair.acknowledge(3)?;
    pair.records(false, &[state(RfState::STANDBY_HOT, RfState::ACTIVE)], false)?;

    for (number, (new_kilobyte_life, new_replay)) in UPDATES.into_iter().enumerate() {
        let inbound =
            ReplayUpdate { sa: identifier(Direction::INBOUND, 0xb8a4_7ec9), new_kilobyte_life, new_replay };
        let outbound = ReplayUpdate {
            sa: identifier(Direction::OUTBOUND, 0xd429_04f0),
            new_kilobyte_life: new_kilobyte_life - 7,
            new_replay: new_replay * 100,
        };
        let (inbound, outbound) = ([inbound.into()], [outbound.into()]);
        // Two messages in one packet: either may have to be sent again.
        let updates =
            [&inbound, &outbound].map(|updates| Record::ReplayUpdates(ReplayUpdates::new(updates.into())));
        pair.records(true, &updates, number == 3)?;
    }
    pair.records(true, &[Record::Keepalive(Keepalive::new(1))], false)?;
    pair.records(false, &[Record::Keepalive(Keepalive::new(1))], false)?;
    let mut change = IkeSaUpdate::new(MY_COOKIE, HIS_COOKIE);
    change.peer_port = Some(4500);
    change.lifetime = Some(lifetime(86_400, 0));
    change.dead_peer = Some(DeadPeer { my_sequence: 0x101, his_sequence: 0x200 });
    pair.records(true, &[Record::UpdateIkeSa(change), Record::UpdateSas(bundle(1, &first))], false)?;
    let third = [ipsec_sa(Direction::INBOUND, 0xd3e9_abd0).into()];
    pair.records(true, &[Record::AddSas(bundle(3, &third))], false)?;
    let gone_sas = [identifier(Direction::INBOUND, 0xd3e9_abd0).into()];
    let mut gone = SaBundleDelete::new(3, Reason::REKEYED);
    gone.sas = (&gone_sas).into();
    pair.records(true, &[Record::DeleteSas(gone)], true)?;
    let mut other = ciscos();
    (other.my_cookie, other.his_cookie) = ([0x77; 8], [0x88; 8]);
    pair.records(true, &[Record::AddIkeSa(other)], false)?;
    let delete = IkeSaDelete::new([0x77; 8], [0x88; 8], Reason::PEER_DEAD);
    pair.records(true, &[Record::DeleteIkeSa(delete)], false)?;
    pair.records(true, &[Record::DeleteNhrpEntries(NhrpEntries::new((&entries[..1]).into()))], false)?;
    Ok(pair.frames)
}

/// Messages that are cut: the document's seventeen attributes in one chunk, a bundle over many DATA chunks around the
/// wrap of TSNs, out of order and with one sent twice, then two bundles that interleave in I-DATA.
pub(super) fn fragments() -> Result<Frames> {
    let mut pair = Pair::new(Carrier::Ip, Side::Active, 0xffff_fffd);
    let octets = written(&Envelope::new(VIRTUAL.into(), None, Record::AddIkeSa(ciscos())))?;
    let chunks = pair.chunks(true, &octets, 1_400)?;
    pair.send(true, &chunks)?;

    let sas: Vec<_> =
        (0..8).map(|spi| ipsec_sa(Direction(u8::try_from(spi % 2).unwrap_or(0)), spi).into()).collect();
    let octets = pair.message(true, &Record::AddSas(bundle(4, &sas)))?;
    let chunks = pair.chunks(true, &octets, 400)?;
    for order in [&chunks[3..], &chunks[1..2], &chunks[1..2], &chunks[..1], &chunks[2..3]] {
        for two in order.chunks(2) {
            pair.send(true, two)?;
        }
    }
    let messages =
        [(21, 5, &sas[..3]), (22, 6, &sas[3..])].map(|(message, id, sas)| (message, bundle(id, sas)));
    let mut pieces = Vec::new();
    for (message, bundle) in messages {
        pieces.push((message, pair.message(true, &Record::AddSas(bundle))?));
    }
    let mut tsn = pair.tsn[0];
    let longest = pieces.iter().map(|(_, octets)| octets.len().div_ceil(500)).max().unwrap_or(0);
    for round in 0..longest {
        for (message, octets) in &pieces {
            let Some(segment) = profile::segments(octets, NonZeroUsize::MIN.saturating_add(499)).nth(round)
            else {
                continue;
            };
            let mut flags = ChunkFlags::NONE;
            if segment.beginning {
                flags |= ChunkFlags::B;
            }
            if segment.ending {
                flags |= ChunkFlags::E;
            }
            let ppid_or_fsn = if segment.beginning {
                PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier(
                    profile::PAYLOAD_PROTOCOL_IDENTIFIER,
                ))
            } else {
                PpidOrFsn::FragmentSequenceNumber(u32::try_from(round)?)
            };
            let data = IData {
                tsn: Tsn(tsn),
                stream_identifier: 1,
                reserved: 0,
                message_identifier: MessageIdentifier(*message),
                ppid_or_fsn,
                user_data: segment.octets,
            };
            tsn = tsn.wrapping_add(1);
            pair.send(true, &[Chunk { flags, body: Body::IData(data) }])?;
        }
    }
    Ok(pair.frames)
}

/// Messages that break rules of the profile.
pub(super) fn departures() -> Result<Frames> {
    let mut pair = Pair::new(Carrier::Ip, Side::Active, 1);
    let keepalive = pair.message(true, &Record::Keepalive(Keepalive::new(7)))?;
    let mut send = |octets: &[u8]| -> Result<()> {
        let data = Data {
            tsn: Tsn(pair.tsn[0]),
            stream_identifier: 0,
            stream_sequence_number: StreamSequenceNumber(0),
            payload_protocol_identifier: PayloadProtocolIdentifier(profile::PAYLOAD_PROTOCOL_IDENTIFIER),
            user_data: octets,
        };
        pair.tsn[0] += 1;
        pair.send(true, &[Chunk { flags: ChunkFlags::B | ChunkFlags::E, body: Body::Data(data) }])
    };
    // No serial, an unknown type, unknown attributes in both ranges.
    send(&[1, 0x99, 0, 16, 4, 0, 0, 3, 0x80, 0x72, 0, 4, 0, 0, 0, 1])?;
    send(&[1, 77, 0, 16, 4, 0, 0, 3, 0, 10, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5])?;
    send(&[&[1, 0x99, 0, 32], &keepalive[4..], &[0x80, 0xff, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5]].concat())?;
    // A value of the wrong length, an attribute twice, one that is missing.
    send(&[1, 0x99, 0, 15, 4, 0, 0, 3, 0x80, 0x72, 0, 3, 0, 0, 1])?;
    send(&[&[1, 0x99, 0, 32], &keepalive[4..], &[0x80, 0x72, 0, 4, 0, 0, 0, 2]].concat())?;
    send(&[1, 0xa8, 0, 8, 4, 0, 0, 3])?;
    // Attributes inside that end too early.
    send(&[1, 0x88, 0, 18, 4, 0, 0, 3, 0x80, 0x40, 0, 6, 0x80, 0x46, 0, 9, 0xa5, 0xa5])?;
    // A length beyond the octets, one before their end, one below the header; an attribute that ends behind the message;
    // a header that is cut.
    let changed = |at: usize, to: u8| {
        let mut octets = keepalive.clone();
        octets[at] = to;
        octets
    };
    send(&changed(3, 40))?;
    send(&[&keepalive[..], &[1, 2, 3]].concat())?;
    send(&changed(3, 5))?;
    send(&changed(11, 200))?;
    send(&keepalive[..5])?;
    Ok(pair.frames)
}

/// The HA messages that are whole in an SCTP packet.
pub(super) fn messages(packet: &[u8]) -> Vec<Vec<u8>> {
    let Ok(read) = ::sctp::Packet::parse_until_error(packet) else { return Vec::new() };
    let data = read.value.chunks.iter().filter_map(|chunk| match chunk.body {
        Body::Data(data) => Some(data),
        _ => None,
    });
    data.filter(|data| data.payload_protocol_identifier.0 == profile::PAYLOAD_PROTOCOL_IDENTIFIER)
        .map(|data| data.user_data.to_vec())
        .collect()
}
