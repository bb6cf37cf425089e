//! Tests the HA profile over SCTP, and the text that the profile is named after.

use std::num::NonZeroUsize;

use hasync::record::{
    Direction, EncapsulationMode, Identity, IpsecSa, Lifetime, Listed, SaBundle, SaFlags, SaIdentifier,
    Transform,
};
use hasync::{DebugCryptoHa, Emit as _, Envelope, Message, Record, Secret, profile};
use needs::needs;
use sctp::chunk::{Body, Data, PayloadProtocolIdentifier};
use sctp::udp_encapsulation::{self, Datagram};
use sctp::{Chunk, ChunkFlags, CommonHeader, EmitError, Packet, StreamSequenceNumber, Tsn};
use vpnwire_conformance::{captures, hex};

#[needs(captures)]
#[test]
fn the_debug_output_in_the_source_document_comes_out_line_for_line() {
    let folder = captures();
    let seeds = folder.parent().unwrap().join("seeds");
    let document = std::fs::read_dir(seeds)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("004_"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .expect("the document that shows the output");
    let stamp = "*Sep 28 21:27:50.899:";
    // The document has lost its line breaks. Each line begins with its time stamp, and the last line runs into the
    // dots.
    let (_, output) = document.split_once(&format!("{stamp}Sending IKE Add SA Message")).unwrap();
    let (output, _) = output.split_once("Related Commands").unwrap();
    let mut expected = vec![format!("{stamp}Sending IKE Add SA Message")];
    expected.extend(output.split(stamp).skip(1).map(|line| format!("{stamp}{line}")));
    let last = expected.pop().unwrap();
    expected.push(last.strip_suffix("...").unwrap().to_owned());
    expected.push("...".to_owned());

    // The message is made from the text: the code and the value of each attribute, in its order.
    let mut attributes = String::new();
    let mut lines = expected.iter().skip(3);
    while let (Some(head), Some(value)) = (lines.next(), lines.next()) {
        let code: u16 = head.split(['(', ')']).nth(1).unwrap().parse().unwrap();
        let len: u16 = head.rsplit(' ').next().unwrap().parse().unwrap();
        let value = value.strip_prefix(stamp).unwrap();
        attributes.push_str(&format!("{code:04x}{len:04x}{}", value.replace(' ', "")));
    }
    let octets = hex(&format!("0102{:04x}04000003{attributes}", 8 + attributes.len() / 2));
    assert_eq!(octets.len(), 133);
    let message = Message::parse(&octets).unwrap();
    assert_eq!(message.attributes.count(), 17);
    let dump = DebugCryptoHa { message: &message, number: 0, declared_len: 394, prefix: stamp }.to_string();
    assert_eq!(dump.lines().collect::<Vec<_>>(), expected);
    assert_eq!(expected.len(), 3 + 34 + 1);
}

fn bundle_of<'a>(sas: &'a [Listed<'a, IpsecSa<'a>>]) -> Vec<u8> {
    let record = Record::AddSas(SaBundle::new(1, [1; 8], [2; 8], sas.into()));
    let envelope = Envelope::new([4, 0, 0, 3].into(), Some(1), record);
    let mut octets = vec![0; envelope.wire_len()];
    envelope.emit(&mut octets).unwrap();
    octets
}

#[test]
fn a_message_larger_than_a_data_chunk_goes_over_sctp_in_ip_and_in_udp() {
    let key = [7; 36];
    let sas: Vec<_> = (0..12)
        .map(|spi| {
            let mut sa = IpsecSa::default();
            sa.identifier = SaIdentifier {
                direction: Direction(u8::try_from(spi % 2).unwrap()),
                protocol: 50,
                spi,
                destination: [10, 0, 0, 1].into(),
            };
            sa.source = [10, 0, 0, 2].into();
            sa.mode = EncapsulationMode::TUNNEL;
            sa.transform =
                Transform { identifier: 20, key_length: 256, authentication_algorithm: 0, group: 14 };
            sa.encryption_key = Secret::new(&key);
            sa.local_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[1, 1, 1, 1] };
            sa.remote_selector = Identity { id_type: 1, protocol: 0, port: 0, data: &[2, 2, 2, 2] };
            sa.lifetime = Lifetime {
                duration: std::time::Duration::from_secs(3600),
                duration_left: std::time::Duration::from_secs(3000),
                kilobytes: 0,
                kilobytes_left: 0,
            };
            sa.replay_window = 64;
            sa.flags = SaFlags::EXTENDED_SEQUENCE_NUMBERS;
            Listed::from(sa)
        })
        .collect();
    let octets = bundle_of(&sas);
    assert!(octets.len() > 1500, "{} octets", octets.len());
    let message_type = Message::parse(&octets).unwrap().header.message_type;
    let flags = if profile::is_unordered(message_type) { ChunkFlags::U } else { ChunkFlags::NONE };
    let data = Data {
        tsn: Tsn(u32::MAX),
        stream_identifier: profile::stream(message_type).0,
        stream_sequence_number: StreamSequenceNumber(3),
        payload_protocol_identifier: PayloadProtocolIdentifier(profile::PAYLOAD_PROTOCOL_IDENTIFIER),
        user_data: &octets,
    };
    let header = CommonHeader {
        source_port: profile::PORT,
        destination_port: profile::PORT,
        verification_tag: 0x0102_0304,
    };

    // Packets are filled up to an MTU. Each then goes through UDP too.
    let mut packets = Vec::new();
    let max = NonZeroUsize::new(700).unwrap();
    let mut chunks = data.fragments(flags, max).unwrap().peekable();
    while chunks.peek().is_some() {
        let mut buffer = [0; 1480];
        let packet = Packet::fill(&mut buffer, header, |packet| {
            while let Some(chunk) = chunks.peek() {
                match packet.push(chunk) {
                    Ok(_) => _ = chunks.next(),
                    Err(EmitError::BufferTooSmall { .. }) => break,
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        });
        packets.push(packet.unwrap().to_vec());
    }
    assert!(packets.len() > 1);
    let mut joined = Vec::new();
    let mut segments = profile::segments(&octets, max);
    for packet in packets {
        let mut buffer = [0; 1500];
        let datagram = Datagram {
            source_port: udp_encapsulation::PORT,
            destination_port: udp_encapsulation::PORT,
            packet: &packet,
        };
        let octets = datagram.without_checksum().emit(&mut buffer).unwrap();
        let inner = Datagram::parse(octets).unwrap().packet;
        for chunk in &Packet::parse(inner).unwrap().chunks {
            let Chunk { flags, body: Body::Data(data) } = chunk else { panic!("DATA") };
            let segment = segments.next().expect("the profile cuts as SCTP does");
            assert_eq!(segment.octets, data.user_data);
            assert_eq!(segment.beginning, flags.contains(ChunkFlags::B));
            assert_eq!(segment.ending, flags.contains(ChunkFlags::E));
            joined.extend(data.user_data);
        }
    }
    assert!(segments.next().is_none());
    assert_eq!(joined, octets);
    let message = Message::parse(&joined).unwrap();
    let Record::AddSas(bundle) = Envelope::from_message(&message).unwrap().record else { panic!("a bundle") };
    assert!(bundle.sas.iter().eq(sas));
}
