//! The chunks that may share a packet, their order, and their number.

use vpnwire_sctp::chunk::{AsconfAck, Auth, Body, PayloadProtocolIdentifier, Shutdown};
use vpnwire_sctp::parameter::HmacIdentifier;
use vpnwire_sctp::{Chunk, ChunkFlags, ChunkType, Departure, Emit, EmitError, Packet, Parameters, Tsn};

use crate::{HEADER, data, departures, init};

#[test]
fn rfc_9260_6_10_init_init_ack_and_shutdown_complete_are_not_bundled() {
    let offset = 12;
    for (tag, body, chunk_type) in
        [(0, Body::Init(init()), ChunkType::INIT), (3, Body::ShutdownComplete, ChunkType::SHUTDOWN_COMPLETE)]
    {
        assert_eq!(departures(tag, &[body.clone().into()]), []);
        let bundled = departures(tag, &[body.into(), Body::CookieAck.into()]);
        assert_eq!(bundled, [Departure::Bundled { chunk_type, offset }]);
    }
    let bundled = departures(3, &[Body::InitAck(init()).into(), Body::CookieAck.into()]);
    assert!(bundled.contains(&Departure::Bundled { chunk_type: ChunkType::INIT_ACK, offset }));
}

#[test]
fn rfc_9260_6_10_control_chunks_come_before_data() {
    let found = departures(3, &[data(1, b"data"), Body::CookieAck.into()]);
    assert_eq!(found, [Departure::ControlAfterData { chunk_type: ChunkType::COOKIE_ACK, offset: 32 }]);
    assert_eq!(departures(3, &[Body::CookieAck.into(), data(1, b"data")]), []);
}

#[test]
fn rfc_9260_6_10_tsns_in_a_packet_increase() {
    assert_eq!(
        departures(3, &[data(u32::MAX, b"data"), data(0, b"data")]),
        [],
        "TSNs that wrap around are in order"
    );
    let found = departures(3, &[data(5, b"data"), data(5, b"data")]);
    assert_eq!(found, [Departure::TsnOrder { offset: 32, previous: Tsn(5), tsn: Tsn(5) }]);
}

#[test]
fn rfc_9260_3_3_7_data_is_not_bundled_with_abort_nor_shutdown() {
    let shutdown = Body::Shutdown(Shutdown { cumulative_tsn_ack: Tsn(1) });
    let found = departures(3, &[shutdown.into(), data(1, b"data")]);
    assert_eq!(found, [Departure::BundledWithData { chunk_type: ChunkType::SHUTDOWN, offset: 12 }]);
    assert_eq!(found[0].reference(), "RFC 9260 section 6.10");
}

#[test]
fn rfc_9260_5_1_cookie_echo_is_the_first_chunk() {
    let echo = || Chunk::from(Body::CookieEcho(vpnwire_sctp::chunk::CookieEcho { cookie: b"c" }));
    assert_eq!(departures(3, &[echo(), data(1, b"data")]), []);
    let found = departures(3, &[Body::CookieAck.into(), echo()]);
    assert_eq!(found, [Departure::CookieEchoNotFirst { offset: 16 }]);
}

#[test]
fn rfc_4895_5_1_auth_is_there_once_and_rfc_5061_4_1_before_asconf() {
    let auth =
        Body::Auth(Auth { shared_key_identifier: 0, hmac_identifier: HmacIdentifier::SHA_1, hmac: &[0; 20] });
    let ack = Body::AsconfAck(AsconfAck { serial_number: 1, parameters: Parameters::default() });
    assert_eq!(departures(3, &[auth.clone().into(), ack.clone().into()]), []);
    let chunk_type = ChunkType::ASCONF_ACK;
    for (chunks, expected) in [
        (vec![ack.clone().into()], Departure::NotAuthenticated { chunk_type, offset: 12 }),
        (vec![ack.into(), auth.clone().into()], Departure::NotAuthenticated { chunk_type, offset: 12 }),
        (vec![auth.clone().into(), auth.into()], Departure::SecondAuth { offset: 40 }),
    ] {
        assert_eq!(departures(3, &chunks), [expected]);
    }
}

#[test]
fn rfc_8260_2_3_1_data_and_i_data_do_not_mix() {
    use vpnwire_sctp::MessageIdentifier;
    use vpnwire_sctp::chunk::{IData, PpidOrFsn};
    let interleaved = IData {
        tsn: Tsn(2),
        stream_identifier: 0,
        reserved: 0,
        message_identifier: MessageIdentifier(0),
        ppid_or_fsn: PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier::UNSPECIFIED),
        user_data: b"data",
    };
    let chunk = Chunk { flags: ChunkFlags::B | ChunkFlags::E, body: Body::IData(interleaved) };
    assert_eq!(departures(3, std::slice::from_ref(&chunk)), []);
    let found = departures(3, &[data(1, b"data"), chunk]);
    assert_eq!(found, [Departure::MixedInterleaving { offset: 32 }]);
}

#[test]
fn rfc_9260_6_10_a_packet_is_filled_up_to_the_path_mtu_and_summed() {
    let queue: Vec<_> = (0..9).map(|tsn| data(tsn, b"123456789")).collect();
    for mtu in 12..220 {
        let mut buffer = [0xee; 256];
        let mut sent = 0;
        let octets = Packet::fill(&mut buffer[..mtu], HEADER, |packet| {
            for chunk in &queue {
                match packet.push(chunk) {
                    Ok(value) => assert_eq!(value.end - value.start, chunk.wire_len()),
                    Err(EmitError::BufferTooSmall { .. }) => break,
                    Err(error) => return Err(error),
                }
                sent += 1;
            }
            Ok(())
        });
        let octets = octets.unwrap();
        let expected = ((mtu - 12) / 28).min(queue.len());
        assert_eq!((sent, octets.len()), (expected, 12 + 28 * expected));
        let read = Packet::parse(octets).unwrap();
        assert_eq!((read.header, read.chunks), (HEADER, queue[..sent].into()));
        assert!(buffer[mtu..].iter().all(|octet| *octet == 0xee), "nothing is written behind the MTU");
    }
    // An error in the closure leaves no packet, and a header that was removed has no place for the checksum.
    let mut buffer = [0; 64];
    let refused = Packet::fill(&mut buffer, HEADER, |packet| {
        packet.push(&data(1, b"sent"))?;
        packet.push(&data(2, &[0; 64])).map(drop)
    });
    assert!(matches!(refused, Err(EmitError::BufferTooSmall { .. })));
    let emptied = Packet::fill(&mut buffer, HEADER, |packet| {
        packet.writer().truncate(3);
        Ok(())
    });
    assert_eq!(emptied.unwrap_err(), EmitError::BufferTooSmall { needed: 12, available: 3 });
}
