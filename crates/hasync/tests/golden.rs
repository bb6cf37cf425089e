//! Messages of known octets and known text. The facts of the first message are from Cisco's document on stateful
//! failover (12.3(11)T), `debug crypto ha`. The layout is the profile's.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use vpnwire_hasync::record::{
    Acknowledgement, BulkCounts, BulkSync, BulkSyncRequest, Counters, DeadPeer, Direction, EncapsulationMode,
    EncapsulationPorts, Exchange, Identity, IkeFeatures, IkeKeys, IkeSa, IkeSaDelete, IkeSaUpdate, IkeSuite,
    InitOrResp, IpsecSa, Keepalive, Lifetime, Listed, MessageId, NatFlags, NatState, NhrpEntries, NhrpEntry,
    NhrpFlags, NhrpParameters, PeerIdentity, Reason, Redundancy, RedundancyFlags, RedundancyState,
    ReplayUpdate, ReplayUpdates, ResultCode, RfState, SaBundle, SaBundleDelete, SaFlags, SaIdentifier,
    Takeover, Transform,
};
use vpnwire_hasync::{
    Attribute, DebugCryptoHa, Departure, Emit as _, Envelope, Header, Message, MessageType, Record, Secret,
};

/// The seventeen attributes in Cisco's output, in their order.
const ADD_SA: &str = "
    01 02 0085 04000003
    0002 0008 9B1A76AA99111A1F
    0003 0008 E2A2A35F531DEA15
    0004 0004 04000005
    0005 0004 04000003
    0006 0002 01F4
    0007 0001 00
    0008 0001 00
    0009 0001 02
    0026 0001 01
    0027 0001 11
    0028 0002 01F4
    0029 0004 04000005
    002A 0004 00000000
    002C 0004 00000000
    000B 0004 0000077F
    000C 0004 0000077F
    000D 0004 000027FF";

const DUMP: &str = "\
Sending IKE Add SA Message
HA Message 0:flags=0x01 len=394 HA_IKE_MSG_ADD_SA (2)
 ID:04000003
 attr HA_IKE_ATT_MY_COOKIE (2) len 8
 9B 1A 76 AA 99 11 1A 1F
 attr HA_IKE_ATT_HIS_COOKIE (3) len 8
 E2 A2 A3 5F 53 1D EA 15
 attr HA_IKE_ATT_SRC (4) len 4
 04 00 00 05
 attr HA_IKE_ATT_DST (5) len 4
 04 00 00 03
 attr HA_IKE_ATT_PEER_PORT (6) len 2
 01 F4
 attr HA_IKE_ATT_F_VRF (7) len 1
 00
 attr HA_IKE_ATT_INIT_OR_RESP (8) len 1
 00
 attr HA_IKE_ATT_NAT_DISCOVERY (9) len 1
 02
 attr HA_IKE_ATT_IDTYPE (38) len 1
 01
 attr HA_IKE_ATT_PROTOCOL (39) len 1
 11
 attr HA_IKE_ATT_PORT (40) len 2
 01 F4
 attr HA_IKE_ATT_ADDR (41) len 4
 04 00 00 05
 attr HA_IKE_ATT_MASK (42) len 4
 00 00 00 00
 attr HA_IKE_ATT_ID_STR (44) len 4
 00 00 00 00
 attr HA_IKE_ATT_PEERS_CAPABILITIES (11) len 4
 00 00 07 7F
 attr HA_IKE_ATT_MY_CAPABILITIES (12) len 4
 00 00 07 7F
 attr HA_IKE_ATT_STATE_MASK (13) len 4
 00 00 27 FF
...
";

const VIRTUAL: Ipv4Addr = Ipv4Addr::new(4, 0, 0, 3);
const SERIAL: u32 = 0x0102_0304;

/// Octets of a key, which no output may show.
const KEY: [u8; 24] = [0xa5; 24];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|digit| u8::try_from(digit).unwrap()).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

fn ciscos() -> IkeSa<'static> {
    let mut identity = PeerIdentity::default();
    identity.id_type = 1;
    identity.protocol = 17;
    identity.port = 500;
    identity.address = Ipv4Addr::new(4, 0, 0, 5);
    identity.mask = Ipv4Addr::UNSPECIFIED;
    identity.id_str = &[0; 4];
    let mut sa = IkeSa::default();
    sa.my_cookie = [0x9b, 0x1a, 0x76, 0xaa, 0x99, 0x11, 0x1a, 0x1f];
    sa.his_cookie = [0xe2, 0xa2, 0xa3, 0x5f, 0x53, 0x1d, 0xea, 0x15];
    sa.source = IpAddr::from([4, 0, 0, 5]);
    sa.destination = IpAddr::from([4, 0, 0, 3]);
    sa.peer_port = 500;
    sa.front_vrf = 0;
    sa.init_or_resp = InitOrResp::RESPONDER;
    sa.nat_discovery = 2;
    sa.peer_identity = identity;
    sa.peers_capabilities = 0x77f;
    sa.my_capabilities = 0x77f;
    sa.state_mask = 0x27ff;
    sa
}

fn written(record: &Record<'_>, serial: Option<u32>) -> Vec<u8> {
    let envelope = Envelope::new(VIRTUAL, serial, record.clone());
    let mut buffer = vec![0xee; 4096];
    let octets = envelope.emit(&mut buffer).unwrap();
    assert_eq!(octets.len(), envelope.wire_len());
    octets.to_vec()
}

/// The record is written and read back. Writing it again gives the same octets. It conforms and shows no key.
fn both_ways(record: &Record<'_>) -> Vec<u8> {
    let octets = written(record, Some(SERIAL));
    let message = Message::parse(&octets).unwrap();
    let envelope = Envelope::new(VIRTUAL, Some(SERIAL), record.clone());
    assert_eq!(Envelope::from_message(&message), Ok(envelope.clone()));
    assert_eq!(Envelope::try_from(&message), Ok(envelope.clone()));
    let mut again = vec![0; octets.len()];
    assert_eq!(message.emit(&mut again).unwrap(), octets);
    assert_eq!(message.conformance().collect::<Vec<_>>(), []);
    for end in 0..octets.len() {
        assert!(Message::parse(&octets[..end]).is_err());
    }
    every_octet_of_a_value_is_a_field(&octets, &envelope);
    let dump = DebugCryptoHa { message: &message, number: 0, declared_len: octets.len(), prefix: "" };
    for output in [
        format!("{message:?}"),
        format!("{envelope:?}"),
        format!("{:?}", message.attributes.chain()),
        format!("{:?}", message.attributes.iter()),
        format!("{message:#x?}"),
        dump.to_string(),
    ] {
        let output: String = output.split_whitespace().collect();
        for secret in ["165,165", "0xa5,0xa5", "A5A5", "a5a5"] {
            assert!(!output.contains(secret), "{secret} in {output}");
        }
    }
    octets
}

/// Changing one octet of a value gives another record, and writing it gives that octet. No field is lost in either
/// direction.
fn every_octet_of_a_value_is_a_field(octets: &[u8], envelope: &Envelope<'_>) {
    let message = Message::parse(octets).unwrap();
    for element in message.attributes.elements() {
        let leaves: Vec<_> = match Attribute::parse(&element).unwrap() {
            Attribute::IpsecSa(inside) | Attribute::NhrpEntry(inside) => inside.elements().collect(),
            _ => vec![element],
        };
        for leaf in leaves {
            for at in leaf.value_offset..leaf.value_offset + leaf.value.len() {
                let mut changed = octets.to_vec();
                changed[at] ^= 1;
                let read = Message::parse(&changed).unwrap();
                let other = Envelope::from_message(&read).unwrap();
                assert_ne!(&other, envelope, "{} at {at}", leaf.name);
                assert_eq!(other.emit(&mut [0; 4096]).unwrap(), changed, "{} at {at}", leaf.name);
            }
        }
    }
}

#[test]
fn ciscos_seventeen_attributes_are_133_octets_and_come_back() {
    let octets = hex(ADD_SA);
    assert_eq!(octets.len(), 133);
    let message = Message::parse(&octets).unwrap();
    assert_eq!(
        message.header,
        Header { flags: 1, message_type: MessageType::ADD_IKE_SA, id: Ipv4Addr::new(4, 0, 0, 3) }
    );
    assert_eq!(message.attributes.count(), 17);
    let codes: Vec<u16> = message.attributes.iter().map(|attribute| attribute.code().0).collect();
    assert_eq!(
        codes,
        [2, 3, 4, 5, 6, 7, 8, 9, 38, 39, 40, 41, 42, 44, 11, 12, 13],
        "the codes are not in ascending order"
    );
    assert_eq!(message.attributes.iter().map(|attribute| attribute.wire_len()).sum::<usize>(), 57);
    let mut buffer = [0; 133];
    assert_eq!(message.emit(&mut buffer).unwrap(), octets);

    let envelope = Envelope::from_message(&message).unwrap();
    assert_eq!(envelope, Envelope::new(VIRTUAL, None, Record::AddIkeSa(ciscos())));
    assert_eq!(written(&envelope.record, None), octets);
    assert_eq!(message.conformance().collect::<Vec<_>>(), [Departure::NoTakeover]);
}

#[test]
fn debug_crypto_ha_comes_out_line_for_line() {
    let octets = hex(ADD_SA);
    let message = Message::parse(&octets).unwrap();
    let mut dump = DebugCryptoHa { message: &message, number: 0, declared_len: 394, prefix: "" };
    assert_eq!(dump.to_string(), DUMP);
    dump.prefix = "*Sep 28 21:27:50.899:";
    let stamped: String = DUMP
        .lines()
        .map(|line| if line == "..." { "...\n".into() } else { format!("*Sep 28 21:27:50.899:{line}\n") })
        .collect();
    assert_eq!(dump.to_string(), stamped);
    dump.declared_len = message.wire_len();
    assert!(!dump.to_string().contains("..."), "nothing is missing");
}

fn ike_sa<'a>(
    message_ids: &'a [Listed<'a, MessageId>],
    exchanges: &'a [Listed<'a, Exchange<'a>>],
) -> IkeSa<'a> {
    let mut takeover = Takeover::default();
    takeover.local_port = 4500;
    takeover.local_identity = Identity { id_type: 2, protocol: 0, port: 0, data: b"hub.example" };
    takeover.suite = IkeSuite {
        encryption_algorithm: 5,
        key_length: 192,
        hash_algorithm: 2,
        prf: 4,
        group: 2,
        authentication_method: 1,
    };
    takeover.exchange_type = 2;
    takeover.keys = IkeKeys {
        skeyid: Secret::new(&KEY[..20]),
        skeyid_d: Secret::new(&KEY[..20]),
        skeyid_a: Secret::new(&KEY[..20]),
        skeyid_e: Secret::new(&KEY[..20]),
        encryption_key: Secret::new(&KEY),
    };
    takeover.phase_1_iv = &[1, 2, 3, 4, 5, 6, 7, 8];
    takeover.lifetime = Lifetime {
        duration: Duration::from_secs(86_400),
        duration_left: Duration::from_secs(86_000),
        kilobytes: 0,
        kilobytes_left: 0,
    };
    takeover.dead_peer = DeadPeer { my_sequence: 7, his_sequence: 9 };
    takeover.nat_state =
        NatState { flags: NatFlags::PEER | NatFlags::FLOATED, method: 1, keepalive: Duration::from_secs(20) };
    takeover.features = IkeFeatures::DEAD_PEER_DETECTION | IkeFeatures::NAT_TRAVERSAL;
    takeover.inside_vrf = 3;
    takeover.assigned_address = Some("10.1.1.1".parse().unwrap());
    takeover.user_name = b"alice";
    takeover.profile_name = b"vpn2-ra";
    takeover.message_ids = message_ids.into();
    takeover.exchanges = exchanges.into();
    let mut sa = ciscos();
    sa.takeover = Some(takeover);
    sa
}

fn ipsec_sa(direction: Direction, protocol: u8, spi: u32) -> IpsecSa<'static> {
    let (destination, source) = match direction {
        Direction::INBOUND => ([209, 165, 201, 3], [209, 165, 200, 225]),
        _ => ([209, 165, 200, 225], [209, 165, 201, 3]),
    };
    let mut sa = IpsecSa::default();
    sa.identifier = SaIdentifier { direction, protocol, spi, destination: IpAddr::from(destination) };
    sa.source = IpAddr::from(source);
    sa.mode = EncapsulationMode::TUNNEL;
    sa.transform = Transform { identifier: 3, key_length: 0, authentication_algorithm: 1, group: 5 };
    sa.encryption_key = if protocol == 50 { Secret::new(&KEY) } else { Secret::EMPTY };
    sa.authentication_key = Secret::new(&KEY[..16]);
    sa.local_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[192, 168, 0, 1] };
    sa.remote_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[172, 16, 0, 1] };
    sa.lifetime = Lifetime {
        duration: Duration::from_secs(3600),
        duration_left: Duration::from_secs(3542),
        kilobytes: 4_608_000,
        kilobytes_left: 4_586_265,
    };
    sa.last_kilobytes_sent = 4_586_267;
    sa.counters = Counters { packets: 4, octets: 608, authentication_failures: 3, replays: 2 };
    sa.sequence = 4;
    sa.replay_window = 1024;
    sa.flags = SaFlags::SUPPORTS_DPD;
    sa.path_mtu = 1438;
    sa.inside_vrf = 9;
    sa.crypto_map = b"to-peer-outside";
    sa
}

#[test]
fn an_ike_sa_with_all_a_standby_needs_comes_back() {
    let exchanges = [
        Exchange { message_id: 0xdead_beef, exchange_type: 32, message_count: 2, iv: &[9; 8] },
        Exchange { message_id: 1, exchange_type: 5, message_count: 1, iv: &[] },
    ]
    .map(Listed::from);
    both_ways(&Record::AddIkeSa(ike_sa(&[MessageId(5), MessageId(6)].map(Listed::from), &exchanges)));
    both_ways(&Record::AddIkeSa(ike_sa(&[], &[])));
}

#[test]
fn what_changes_in_an_ike_sa_comes_back() {
    let exchanges = [Exchange { message_id: 2, exchange_type: 6, message_count: 3, iv: &[1; 16] }.into()];
    let IkeSa { my_cookie, his_cookie, .. } = ciscos();
    let mut update = IkeSaUpdate::new(my_cookie, his_cookie);
    update.dead_peer = Some(DeadPeer { my_sequence: 8, his_sequence: 9 });
    update.exchanges = (&exchanges).into();
    both_ways(&Record::UpdateIkeSa(update.clone()));
    update.peer_port = Some(40_000);
    update.state_mask = Some(1);
    both_ways(&Record::UpdateIkeSa(update));
    both_ways(&Record::DeleteIkeSa(IkeSaDelete::new(my_cookie, his_cookie, Reason::PEER_DEAD)));
}

#[test]
fn a_bundle_of_siblings_comes_back() {
    // The SPIs are those of `show crypto ipsec sa` in the same document.
    let mut natted = ipsec_sa(Direction::OUTBOUND, 51, 0x7525_1086);
    natted.encapsulation_ports = Some(EncapsulationPorts { source: 4500, destination: 4500 });
    natted.nat_original_peer = Some([192, 168, 1, 5].into());
    natted.nat_original_local = Some("2001:db8::3".parse().unwrap());
    natted.crypto_map = b"";
    natted.source = "2001:db8::1".parse().unwrap();
    let sas = [
        ipsec_sa(Direction::INBOUND, 50, 0xd3e9_abd0),
        ipsec_sa(Direction::INBOUND, 51, 0xf3ee_3620),
        ipsec_sa(Direction::OUTBOUND, 50, 0xd429_04f0),
        natted,
    ];
    let listed = sas.map(Listed::from);
    let bundle = SaBundle::new(
        11,
        hex("9263635CCA4B4E99").try_into().unwrap(),
        hex("C14E908E8EE2D79C").try_into().unwrap(),
        (&listed).into(),
    );
    both_ways(&Record::AddSas(bundle.clone()));
    both_ways(&Record::UpdateSas(bundle));
    let identifiers = sas.map(|sa| sa.identifier.into());
    for sas in [&identifiers[..], &[]] {
        let mut delete = SaBundleDelete::new(11, Reason::REKEYED);
        delete.sas = sas.into();
        both_ways(&Record::DeleteSas(delete));
    }
}

#[test]
fn a_replay_update_has_ciscos_facts() {
    // Cisco prints: UPDATING INBOUND SA: ip = 4.0.0.3, protocol = 50, spi = B8A47EC9, NEW KB LIFE = 3998772, NEW REPLAY
    // WINDOW START = 1000,
    let update = ReplayUpdate {
        sa: SaIdentifier {
            direction: Direction::INBOUND,
            protocol: 50,
            spi: 0xb8a4_7ec9,
            destination: IpAddr::from([4, 0, 0, 3]),
        },
        new_kilobyte_life: 3_998_772,
        new_replay: 1000,
    };
    let extended = ReplayUpdate {
        sa: SaIdentifier { direction: Direction::OUTBOUND, ..update.sa },
        new_replay: (1 << 32) + 5,
        ..update
    };
    let updates = [update, extended].map(Listed::from);
    let octets = both_ways(&Record::ReplayUpdates(ReplayUpdates::new((&updates).into())));
    assert_eq!(
        octets,
        hex("01 8B 0044 04000003
             8000 0004 01020304
             8060 0016 003D0434 00000000000003E8 00 32 B8A47EC9 04000003
             8060 0016 003D0434 0000000100000005 01 32 B8A47EC9 04000003")
    );
}

#[test]
fn redundancy_states_as_shown() {
    // Cisco prints, as `show redundancy states`: my state = 13 -ACTIVE, peer state = 8 -STANDBY HOT, client count = 7 …
    let state = RedundancyState {
        my_state: RfState::ACTIVE,
        peer_state: RfState::STANDBY_HOT,
        flags: RedundancyFlags::DUPLEX | RedundancyFlags::MANUAL_SWACT | RedundancyFlags::COMMUNICATIONS,
        reserved: 0,
        unit_id: 0,
        client_count: 7,
        keep_alive_count: 0,
        client_notification_timer: Duration::from_millis(30_000),
        keep_alive_timer: Duration::from_millis(4_000),
        keep_alive_threshold: 7,
        debug_mask: 0,
    };
    let octets = both_ways(&Record::RedundancyState(Redundancy::new(state)));
    assert_eq!(
        octets[16..],
        hex("8070 001C 0D 08 0D 00 00000000 0007 0000 00007530 00000FA0 00000007 00000000")
    );
    for (number, name) in [(13, "ACTIVE"), (8, "STANDBY HOT"), (14, "ACTIVE_EXTRALOAD"), (4, "STANDBY COLD")]
    {
        assert_eq!(RfState(number).to_string(), name);
    }
    assert!(RfState::STANDBY_HOT.may_take_over() && !RfState::STANDBY_COLD_BULK.may_take_over());
    assert!(RfState::ACTIVE_EXTRALOAD.is_active() && !RfState::STANDBY_HOT.is_active());
}

#[test]
fn all_other_records_come_back() {
    let stamp = hex("74BA7027 9C4F7F81 3A7013C9 6522E776").try_into().unwrap();
    let mut request = BulkSyncRequest::default();
    both_ways(&Record::BulkSyncRequest(request));
    request.stamp = Some(stamp);
    both_ways(&Record::BulkSyncRequest(request));
    let counts = BulkCounts { ike_sas: 1, bundles: 2, nhrp_entries: 3 };
    both_ways(&Record::BulkSyncBegin(BulkSync::new(counts)));
    both_ways(&Record::BulkSyncEnd(BulkSync::new(counts)));
    both_ways(&Record::Keepalive(Keepalive::new(u32::MAX)));
    let parameters = NhrpParameters {
        network_id: 1,
        tunnel_key: 0,
        flags: NhrpFlags::REGISTERED | NhrpFlags::UNIQUE | NhrpFlags::NAT,
        prefix_length: 32,
        preference: 0,
        mtu: 1440,
        holding_time: Duration::from_secs(600),
        expires_in: Duration::from_secs(599),
    };
    let known = NhrpEntry::new([192, 168, 1, 3].into(), [209, 168, 202, 130].into(), parameters);
    let mut behind_nat = known;
    behind_nat.claimed_nbma_address = Some("10.0.0.6".parse().unwrap());
    let entries = [behind_nat, known].map(Listed::from);
    both_ways(&Record::AddNhrpEntries(NhrpEntries::new((&entries).into())));
    both_ways(&Record::DeleteNhrpEntries(NhrpEntries::new((&entries).into())));
    both_ways(&Record::Acknowledgement(Acknowledgement::new(7, ResultCode::STORED)));
}

#[test]
fn every_field_counts() {
    // Changing a field of a record changes its octets. A longer name changes the lengths around it.
    let base = ike_sa(&[], &[]);
    let octets = written(&Record::AddIkeSa(base.clone()), None);
    let mut changed = base;
    let takeover = changed.takeover.as_mut().unwrap();
    takeover.user_name = b"alice.";
    let longer = written(&Record::AddIkeSa(changed), None);
    assert_eq!(longer.len(), octets.len() + 1);
    assert_eq!(u16::from_be_bytes([longer[2], longer[3]]), u16::try_from(longer.len()).unwrap());
    let message = Message::parse(&longer).unwrap();
    assert!(message.attributes.iter().any(|attribute| attribute == Attribute::UserName(b"alice.")));
}

#[cfg(feature = "serde")]
#[test]
fn serialised_records_and_messages_show_no_key() {
    let sas = [ipsec_sa(Direction::INBOUND, 50, 1).into()];
    let bundle = SaBundle::new(1, [1; 8], [2; 8], (&sas).into());
    for record in [Record::AddSas(bundle), Record::AddIkeSa(ike_sa(&[], &[]))] {
        let octets = written(&record, Some(SERIAL));
        let message = Message::parse(&octets).unwrap();
        for output in [serde_json::to_string(&record).unwrap(), serde_json::to_string(&message).unwrap()] {
            assert!(!output.contains("165,165"), "{output}");
            assert!(output.contains("my_cookie") || output.contains("MyCookie"), "{output}");
        }
    }
}
