//! The SAs that the pair synchronises.

use std::time::Duration;

use ::hasync::Secret;
use ::hasync::record::{
    Counters, DeadPeer, Direction, EncapsulationMode, EncapsulationPorts, Exchange, Identity, IkeFeatures,
    IkeKeys, IkeSa, IkeSuite, InitOrResp, IpsecSa, Lifetime, Listed, MessageId, NatFlags, NatState,
    PeerIdentity, SaBundle, SaFlags, SaIdentifier, Takeover, Transform,
};

use super::pair::{PEER, VIRTUAL};

pub(super) const MY_COOKIE: [u8; 8] = [0x9b, 0x1a, 0x76, 0xaa, 0x99, 0x11, 0x1a, 0x1f];
pub(super) const HIS_COOKIE: [u8; 8] = [0xe2, 0xa2, 0xa3, 0x5f, 0x53, 0x1d, 0xea, 0x15];

/// Octets for the keys of the SAs. They are not secret.
const KEY: &[u8; 36] = b"vpnwire-testvpnwire-testvpnwire-test";

fn key(len: usize) -> Secret<'static> {
    Secret::new(&KEY[..len])
}

pub(super) fn lifetime(duration: u64, kilobytes: u32) -> Lifetime {
    Lifetime {
        duration: Duration::from_secs(duration),
        duration_left: Duration::from_secs(duration - 100),
        kilobytes,
        kilobytes_left: kilobytes / 2,
    }
}

/// The values of the document's seventeen attributes.
pub(super) fn ciscos() -> IkeSa<'static> {
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

pub(super) fn ike_sa<'a>(
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

pub(super) fn identifier(direction: Direction, spi: u32) -> SaIdentifier {
    let destination = if direction == Direction::INBOUND { VIRTUAL } else { PEER };
    SaIdentifier { direction, protocol: 50, spi, destination: destination.into() }
}

pub(super) fn ipsec_sa(direction: Direction, spi: u32) -> IpsecSa<'static> {
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

/// An SA behind a NAT, with a combined-mode algorithm.
pub(super) fn natted(direction: Direction, spi: u32) -> IpsecSa<'static> {
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

pub(super) fn bundle<'a>(bundle_id: u32, sas: &'a [Listed<'a, IpsecSa<'a>>]) -> SaBundle<'a> {
    SaBundle::new(bundle_id, MY_COOKIE, HIS_COOKIE, sas.into())
}
