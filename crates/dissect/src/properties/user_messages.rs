//! The property that fragments of SCTP user messages are put together to the same messages.

use std::fmt;

use sctp::chunk::{Body, Data, IData, PayloadProtocolIdentifier, PpidOrFsn};
use sctp::{Chunk, ChunkFlags, CommonHeader, Emit, MessageIdentifier, Packet, StreamSequenceNumber, Tsn};

use crate::sink::{Fault, Protocol, Sink, SourceId, Span, Value};
use crate::{Dissector, Options};
use capture::{Frame, LinkType};

/// A sink that keeps the messages that were put together.
#[derive(Default)]
struct Messages {
    messages: Vec<Vec<u8>>,
    faults: Vec<String>,
}

impl Sink for Messages {
    fn enter(&mut self, _: &'static Protocol, _: Span) {}

    fn field(&mut self, _: &'static str, _: Value<'_>, _: Span) {}

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault.to_string());
    }

    fn leave(&mut self) {}

    fn source(&mut self, _: SourceId, _: &'static str, octets: &[u8]) {
        self.messages.push(octets.to_vec());
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.messages).finish()
    }
}

/// A fragment of a message in the model.
struct Piece {
    message: usize,
    number: usize,
    count: usize,
    tsn: u32,
    octets: Vec<u8>,
}

impl Piece {
    fn chunk(&self, interleaved: bool) -> Chunk<'_> {
        let mut flags = ChunkFlags::NONE;
        if self.number == 0 {
            flags |= ChunkFlags::B;
        }
        if self.number + 1 == self.count {
            flags |= ChunkFlags::E;
        }
        let identifier = PayloadProtocolIdentifier(0x1234_5678);
        let number = u32::try_from(self.number).unwrap();
        let message = u32::try_from(self.message).unwrap();
        let body = if interleaved {
            Body::IData(IData {
                tsn: Tsn(self.tsn),
                stream_identifier: 1,
                reserved: 0,
                message_identifier: MessageIdentifier(message.wrapping_sub(2)),
                ppid_or_fsn: match number {
                    0 => PpidOrFsn::PayloadProtocolIdentifier(identifier),
                    number => PpidOrFsn::FragmentSequenceNumber(number),
                },
                user_data: &self.octets,
            })
        } else {
            Body::Data(Data {
                tsn: Tsn(self.tsn),
                stream_identifier: 1,
                stream_sequence_number: StreamSequenceNumber(u16::try_from(message).unwrap()),
                payload_protocol_identifier: identifier,
                user_data: &self.octets,
            })
        };
        Chunk { flags, body }
    }
}

/// Checks that each message is reported once, whole, and when its last fragment arrives, and that nothing else is
/// reported. The octets choose the messages and the order of their fragments. Some fragments are sent twice, and a
/// packet holds one to three chunks.
pub fn user_messages_come_out_whole(octets: &[u8]) {
    let Some((&[kind, a, b, c, d, seed], mut rest)) = octets.split_first_chunk::<6>() else { return };
    let interleaved = kind & 1 != 0;
    // In half of the runs the numbers wrap.
    let mut tsn = u32::from_be_bytes([if kind & 2 != 0 { 0xff } else { a }, 0xff, c | b, d | 0xf0]);
    let mut pieces = Vec::new();
    let mut message = 0;
    while let Some((&[shape], after)) = rest.split_first_chunk::<1>() {
        let count = usize::from(shape % 5) + 1;
        let len = (usize::from(shape / 5) % 9 + 1).min(after.len());
        let (octets, after) = after.split_at_checked(len).unwrap_or((after, &[]));
        if octets.is_empty() || message == 60 {
            break;
        }
        for number in 0..count {
            let octets: Vec<u8> = octets.iter().map(|octet| octet ^ u8::try_from(number).unwrap()).collect();
            pieces.push(Piece { message, number, count, tsn, octets });
            tsn = tsn.wrapping_add(1);
        }
        message += 1;
        rest = after;
    }
    let mut random = u64::from(seed) | 0x5851_f42d_0000_0000;
    let mut next = |bound: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % bound
    };
    for at in (1..pieces.len()).rev() {
        let other = next(at + 1);
        if let Ok([piece, other]) = pieces.get_disjoint_mut([at, other]) {
            std::mem::swap(piece, other);
        }
    }

    let mut left: Vec<usize> = vec![0; message];
    let mut whole: Vec<Vec<(usize, Vec<u8>)>> = vec![Vec::new(); message];
    for piece in &pieces {
        left[piece.message] += 1;
        whole[piece.message].push((piece.number, piece.octets.clone()));
    }
    let mut dissector = Dissector::new(Options::default());
    let mut at = 0;
    while at < pieces.len() {
        let some = pieces.iter().skip(at).take(1 + next(3));
        let mut expected = Vec::new();
        let mut chunks = Vec::new();
        for piece in some {
            at += 1;
            left[piece.message] -= 1;
            chunks.push(piece.chunk(interleaved));
            if left[piece.message] != 0 && next(4) == 0 {
                chunks.push(piece.chunk(interleaved));
            }
            if left[piece.message] == 0 && piece.count > 1 {
                let pieces = &mut whole[piece.message];
                pieces.sort();
                expected
                    .push(pieces.iter().flat_map(|(_, octets)| octets.iter().copied()).collect::<Vec<_>>());
            }
        }
        let mut sink = Messages::default();
        let packet = in_ip(&chunks);
        let frame = Frame {
            number: 1,
            time: None,
            time_digits: 9,
            link: LinkType::RAW,
            len: packet.len(),
            octets: &packet,
        };
        dissector.frame(frame, &mut sink);
        assert_eq!(sink.messages, expected);
        assert_eq!(sink.faults, [""; 0]);
    }
}

/// Returns an IPv4 packet with the chunks in an SCTP packet.
fn in_ip(chunks: &[Chunk<'_>]) -> Vec<u8> {
    let header = CommonHeader { source_port: 1, destination_port: 2, verification_tag: 3 };
    let mut buffer = [0; 1024];
    let packet = Packet { header, chunks: chunks.into() };
    let packet = packet.emit(&mut buffer).unwrap();
    let len = u16::try_from(packet.len() + 20).unwrap().to_be_bytes();
    let ip = [0x45, 0, len[0], len[1], 0, 0, 0, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    [&ip[..], packet].concat()
}
