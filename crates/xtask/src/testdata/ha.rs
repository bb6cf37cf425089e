//! Captures of HA messages: a pair of gateways that synchronise, in SCTP over IP and over UDP, with messages that are
//! bundled and fragmented, and messages that break rules of the profile. All keys are the octets of `vpnwire-test`,
//! repeated.

mod pair;
mod sa;

use std::num::NonZeroUsize;
use std::time::Duration;

use ::hasync::record::{
    BulkCounts, BulkSync, BulkSyncRequest, DeadPeer, Direction, Exchange, IkeSaDelete, IkeSaUpdate,
    Keepalive, Listed, MessageId, NhrpEntries, NhrpEntry, NhrpFlags, NhrpParameters, Reason, Redundancy,
    RedundancyFlags, RedundancyState, ReplayUpdate, ReplayUpdates, RfState, SaBundleDelete,
};
use ::hasync::{Envelope, Record, profile};
use ::sctp::chunk::{Body, Data, IData, PayloadProtocolIdentifier, PpidOrFsn};
use ::sctp::{Chunk, ChunkFlags, MessageIdentifier, StreamSequenceNumber, Tsn};
use anyhow::Result;

use super::Frames;
pub(super) use pair::{Carrier, Side};
use pair::{Pair, VIRTUAL, written};
use sa::{HIS_COOKIE, MY_COOKIE, bundle, ciscos, identifier, ike_sa, ipsec_sa, lifetime, natted};

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

/// The sequence numbers of the document: four updates of an inbound SA, one for every 1,000 packets.
const UPDATES: [(u32, u64); 4] =
    [(3_998_772, 1_000), (3_998_624, 2_000), (3_998_476, 3_000), (3_998_327, 4_000)];

/// A standby starts, receives all SAs, and is kept up to date until the active gateway's SAs are deleted.
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
        // Two messages are in one packet. Either may have to be sent again.
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

/// Messages in fragments: the document's seventeen attributes in one chunk, then a bundle over many DATA chunks around
/// the wrap of TSNs, out of order and with one chunk sent twice, then two bundles that interleave in I-DATA.
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
    // A message without a serial number, one of unknown type, and unknown attributes of both ranges.
    send(&[1, 0x99, 0, 16, 4, 0, 0, 3, 0x80, 0x72, 0, 4, 0, 0, 0, 1])?;
    send(&[1, 77, 0, 16, 4, 0, 0, 3, 0, 10, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5])?;
    send(&[&[1, 0x99, 0, 32], &keepalive[4..], &[0x80, 0xff, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5]].concat())?;
    // A value of the wrong length, an attribute that occurs twice, and a missing attribute.
    send(&[1, 0x99, 0, 15, 4, 0, 0, 3, 0x80, 0x72, 0, 3, 0, 0, 1])?;
    send(&[&[1, 0x99, 0, 32], &keepalive[4..], &[0x80, 0x72, 0, 4, 0, 0, 0, 2]].concat())?;
    send(&[1, 0xa8, 0, 8, 4, 0, 0, 3])?;
    // Nested attributes that end too early.
    send(&[1, 0x88, 0, 18, 4, 0, 0, 3, 0x80, 0x40, 0, 6, 0x80, 0x46, 0, 9, 0xa5, 0xa5])?;
    // Three wrong lengths (after the end of the octets, before their end, and less than the header), an attribute that
    // ends after its message, and a header that is cut.
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

/// The HA messages that an SCTP packet holds whole.
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
