//! TCP, and ISAKMP and ESP in it.

use vpnwire_dissect::capture::LinkType;
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, ipv4};
use crate::recorder::Recorder;

/// A segment of TCP from port 4500 with these flags.
fn segment(number: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut octets = vec![0x11, 0x94, 0x9c, 0x40];
    octets.extend(number.to_be_bytes());
    octets.extend([0, 0, 0, 1, 0x50, flags, 0x20, 0, 0, 0, 0, 0]);
    octets.extend(payload);
    ipv4(6, &octets)
}

/// ESP under SPI 0x100 with a sequence number, behind its length.
fn esp(sequence_number: u8, len: u16) -> Vec<u8> {
    let mut octets = (len + 10).to_be_bytes().to_vec();
    octets.extend([0, 0, 1, 0, 0, 0, 0, sequence_number]);
    octets.resize(octets.len() + usize::from(len), 0xee);
    octets
}

struct Stream(Dissector);

impl Stream {
    fn new() -> Self {
        Self(Dissector::new(Options::default()))
    }

    fn next(&mut self, octets: &[u8]) -> Recorder {
        Recorder::next(&mut self.0, built::frame(LinkType::RAW, octets))
    }
}

const SYN: u8 = 2;
const PUSH: u8 = 0x18;

#[test]
fn a_segment_has_ports_flags_and_numbers() {
    let recorder = Recorder::of(LinkType::RAW, &segment(7, SYN, &[]));
    assert_eq!(recorder.summary, "TCP 4500 → 40000 [SYN] seq=7 win=8192 len 0");
    let pushed = Recorder::of(LinkType::RAW, &segment(7, PUSH, &[]));
    assert_eq!(pushed.summary, "TCP 4500 → 40000 [PSH, ACK] seq=7 ack=1 win=8192 len 0");
    for (name, value) in [
        ("tcp.srcport", "4500"),
        ("tcp.dstport", "40000"),
        ("tcp.seq_raw", "7"),
        ("tcp.ack_raw", "1"),
        ("tcp.hdr_len", "20"),
        ("tcp.flags", "0x0002"),
        ("tcp.flags.syn", "true"),
        ("tcp.flags.ack", "false"),
        ("tcp.window_size_value", "8192"),
    ] {
        assert_eq!(recorder.value(name), value, "{name}");
    }
    let mut cut = segment(7, PUSH, &[]);
    cut.truncate(30);
    cut[2..4].copy_from_slice(&30u16.to_be_bytes());
    let recorder = Recorder::of(LinkType::RAW, &cut);
    assert_eq!(
        recorder.fault(),
        "tcp: TCP header at offset 20 of the frame needs 20 octets, but only 10 are there"
    );
    assert_eq!(recorder.value("tcp.seq_raw"), "7");
    let mut short = segment(7, PUSH, &[]);
    short[20 + 12] = 0x40;
    let fault = Recorder::of(LinkType::RAW, &short).fault();
    assert_eq!(fault, "tcp: the tcp.hdr_len field says 16, but it must be at least 20");
}

#[test]
fn messages_stand_behind_their_lengths_rfc_9329_section_3() {
    let mut stream = Stream::new();
    stream.next(&segment(100, SYN, &[]));
    let two = [b"IKETCP".to_vec(), esp(1, 30), esp(2, 20)].concat();
    let recorder = stream.next(&segment(101, PUSH, &two));
    assert_eq!(recorder.protocols(), "raw:ip:tcp:tcpencap:tcpencap:esp:tcpencap:esp");
    assert_eq!(recorder.values("esp.sequence"), ["1", "2"]);
    assert_eq!(recorder.values("tcpencap.length"), ["40", "30"]);
    assert!(recorder.faults.is_empty());
    // Four octets of zeros stand before ISAKMP.
    let keepalive = stream.next(&segment(101 + two.len() as u32, PUSH, &[0, 6, 0, 0, 0, 0]));
    assert_eq!(keepalive.protocols(), "raw:ip:tcp:tcpencap:isakmp");
}

#[test]
fn a_message_may_cross_segments() {
    let whole = esp(9, 200);
    for cut in [1, 2, 3, 100, whole.len() - 1] {
        let mut stream = Stream::new();
        stream.next(&segment(u32::MAX - 50, SYN, &[]));
        let first = stream.next(&segment(u32::MAX - 49, PUSH, &whole[..cut]));
        assert_eq!(first.protocols(), "raw:ip:tcp:tcpencap", "{cut}");
        assert!(first.summary.ends_with(" octets of a message that is not whole yet"), "{}", first.summary);
        // The numbers wrap around on the way.
        let number = (u32::MAX - 49).wrapping_add(cut as u32);
        let again = stream.next(&segment(u32::MAX - 49, PUSH, &whole[..cut]));
        assert_eq!(again.summary, format!("TCP retransmission, {cut} octets"));
        let second = stream.next(&segment(number, PUSH, &[&whole[cut..], &esp(10, 8)].concat()));
        assert_eq!(second.values("esp.sequence"), ["9", "10"], "{cut}");
        assert!(second.faults.is_empty());
    }
}

#[test]
fn what_is_lost_is_not_joined_to_what_follows() {
    let mut stream = Stream::new();
    stream.next(&segment(1, SYN, &[]));
    stream.next(&segment(2, PUSH, &esp(1, 100)[..50]));
    let after_a_loss = stream.next(&segment(500, PUSH, &esp(7, 10)));
    assert_eq!(after_a_loss.values("esp.sequence"), ["7"]);
    // A capture may begins anywhere in a stream.
    let recorder = Recorder::of(LinkType::RAW, &segment(0x8000_0000, PUSH, &esp(3, 10)));
    assert_eq!(recorder.values("esp.sequence"), ["3"]);
    let fault = Recorder::of(LinkType::RAW, &segment(1, PUSH, &[0, 1, 9, 9])).fault();
    assert_eq!(fault, "tcpencap: the tcpencap.length field says 1, but it must be at least 2");
}
