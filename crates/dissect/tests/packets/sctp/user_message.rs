//! User messages that are put together from fragments.

use sctp::chunk::{Body, IData, PayloadProtocolIdentifier, PpidOrFsn};
use sctp::{Chunk, ChunkFlags, MessageIdentifier, Tsn};
use vpnwire_dissect::Dissector;

use super::{PPID, data, dissector, next, one, options, packet};
use crate::built::HELLO;

#[test]
fn fragments_make_the_message_in_any_order_across_the_wrap() {
    let pieces = [
        data(u32::MAX, PPID, ChunkFlags::B, &HELLO[..7]),
        data(0, PPID, ChunkFlags::NONE, &HELLO[7..13]),
        data(1, PPID, ChunkFlags::E, &HELLO[13..]),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1]] {
        let mut dissector = dissector();
        for (count, index) in order.iter().enumerate() {
            // Each fragment comes twice. Numbers of other associations do not matter.
            let octets = packet(1, &[pieces[*index].clone()]);
            let elsewhere = next(&mut dissector, &packet(2, &[pieces[*index].clone()]));
            let recorder = next(&mut dissector, &octets);
            if count < 2 {
                assert_eq!(recorder.protocols(), "raw:ip:sctp");
                assert_eq!(next(&mut dissector, &octets).protocols(), "raw:ip:sctp");
                assert_eq!(elsewhere.values("sctp.user_data"), [""; 0]);
            } else {
                assert_eq!(recorder.protocols(), "raw:ip:sctp:hsrp");
                assert_eq!(recorder.sources[1], ("reassembled SCTP user message", HELLO.to_vec()));
                assert_eq!(recorder.octets("hsrp.opcode"), &HELLO[1..2]);
            }
        }
    }
    // All fragments are in one packet.
    assert_eq!(one(&packet(1, &pieces)).protocols(), "raw:ip:sctp:hsrp");
}

#[test]
fn interleaved_messages_are_told_apart() {
    let piece = |tsn, message, number: u32, flags: ChunkFlags, user_data| {
        let ppid_or_fsn = match number {
            0 => PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier(PPID)),
            number => PpidOrFsn::FragmentSequenceNumber(number),
        };
        let data = IData {
            tsn: Tsn(tsn),
            stream_identifier: 3,
            reserved: 0,
            message_identifier: MessageIdentifier(message),
            ppid_or_fsn,
            user_data,
        };
        Chunk { flags, body: Body::IData(data) }
    };
    let mut dissector = dissector();
    for chunks in [
        [
            piece(1, 1, 0, ChunkFlags::B, &HELLO[..5]),
            piece(2, 2, 0, ChunkFlags::B | ChunkFlags::U, &HELLO[..9]),
        ],
        [piece(3, 2, 1, ChunkFlags::E, &HELLO[9..]), piece(4, 3, 0, ChunkFlags::B, b"odd")],
    ] {
        let recorder = next(&mut dissector, &packet(1, &chunks));
        assert_eq!(recorder.protocols(), "raw:ip:sctp", "ordered and unordered messages are numbered apart");
    }
    let end = piece(5, 2, 1, ChunkFlags::E | ChunkFlags::U, &HELLO[9..]);
    assert_eq!(next(&mut dissector, &packet(1, &[end])).protocols(), "raw:ip:sctp:hsrp");
    let end = piece(6, 1, 1, ChunkFlags::E, &HELLO[5..]);
    let recorder = next(&mut dissector, &packet(1, &[end]));
    assert_eq!(recorder.protocols(), "raw:ip:sctp:hsrp");
    assert_eq!(recorder.value("sctp.data_fsn"), "1");
}

#[test]
fn what_is_collected_is_bounded_and_the_oldest_goes_first() {
    let mut options = options();
    options.user_message_limit = 1_000;
    let mut dissector = Dissector::new(options);
    next(&mut dissector, &packet(1, &[data(1, PPID, ChunkFlags::B, &HELLO[..9])]));
    for tsn in 0..20 {
        next(&mut dissector, &packet(2, &[data(tsn * 2, PPID, ChunkFlags::NONE, b"noise")]));
    }
    let end = packet(1, &[data(2, PPID, ChunkFlags::E, &HELLO[9..])]);
    assert_eq!(next(&mut dissector, &end).protocols(), "raw:ip:sctp", "its beginning is forgotten");
    let pieces = [data(7, PPID, ChunkFlags::B, &HELLO[..9]), data(8, PPID, ChunkFlags::E, &HELLO[9..])];
    assert_eq!(next(&mut dissector, &packet(3, &pieces)).protocols(), "raw:ip:sctp:hsrp");
}

#[test]
fn a_fragment_that_contradicts_is_a_fault() {
    let mut dissector = dissector();
    next(&mut dissector, &packet(1, &[data(1, PPID, ChunkFlags::B, b"one")]));
    let recorder = next(&mut dissector, &packet(1, &[data(1, PPID, ChunkFlags::B, b"two")]));
    assert!(
        recorder
            .fault()
            .starts_with("sctp: fragment 1 of a user message was received before with other contents")
    );
}

/// A damaged copy comes between the fragments of a message. Its receiver drops it.
#[test]
fn a_damaged_packet_takes_no_part_in_a_message() {
    let mut dissector = dissector();
    let pieces = [(7, ChunkFlags::B, &HELLO[..9]), (8, ChunkFlags::E, &HELLO[9..])];
    let [first, last] = pieces.map(|(tsn, flags, octets)| packet(3, &[data(tsn, PPID, flags, octets)]));
    next(&mut dissector, &first);
    let mut damaged = first;
    damaged[28] ^= 1;
    let mut end = last.clone();
    end[28] ^= 1;
    for octets in [&damaged, &end] {
        let shown = next(&mut dissector, octets);
        assert!(shown.fault().starts_with("sctp: the checksum is "), "{}", shown.fault());
        assert_eq!(shown.protocols(), "raw:ip:sctp", "it completes nothing");
    }
    assert_eq!(next(&mut dissector, &last).protocols(), "raw:ip:sctp:hsrp", "and spoils nothing");
}
