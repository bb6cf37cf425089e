//! The records of captures: `dissect::record`.

use std::fs::File;
use std::path::Path;

use vpnwire_dissect::record::{Kind, Record, Records};
use vpnwire_dissect::{Dissector, Options};

/// Returns all records of a capture in `testdata`.
fn records(name: &str, options: Options) -> Vec<Record> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name);
    let mut capture = capture::Capture::new(File::open(path).unwrap()).unwrap();
    let mut records = Vec::new();
    let mut sink = Records::new(|record| records.push(record));
    let mut dissector = Dissector::new(options);
    while let Some(frame) = capture.next_frame() {
        dissector.frame(frame.unwrap(), &mut sink);
    }
    records
}

/// Returns the records of one kind.
macro_rules! of_kind {
    ($records:expr, $kind:ident) => {
        $records.iter().filter_map(|record| match &record.kind {
            Kind::$kind(kind) => Some((record, kind)),
            _ => None,
        })
    };
}

#[test]
fn a_failover_is_told_by_states_and_priorities() {
    let records = records("hsrp/failover-v1.pcap", Options::default());
    let coup = of_kind!(records, Hsrp)
        .find(|(_, hsrp)| hsrp.opcode.is_some_and(|opcode| opcode.name == Some("Coup")))
        .unwrap();
    assert_eq!((coup.0.frame, coup.0.number, coup.0.parent), (15, 0, None));
    assert_eq!(coup.0.source.unwrap().to_string(), "172.16.172.52");
    assert_eq!((coup.1.group, coup.1.state.unwrap().value), (Some(1), 2));
    assert_eq!(coup.1.virtual_address.unwrap().to_string(), "172.16.172.53");
    assert_eq!(records.iter().filter(|record| record.frame == 1).count(), 1, "one message, one record");
}

#[test]
fn version_2_tells_one_record_a_group_and_the_digest() {
    let records = records("hsrp/failover-v2-md5.pcapng", Options::default());
    let (_, hello) = of_kind!(records, Hsrp).find(|(_, hsrp)| hsrp.priority == Some(200)).unwrap();
    assert_eq!((hello.version, hello.group, hello.hello_time), (Some(2), Some(10), Some(3000)));
    assert_eq!(hello.digest_is_valid, None, "without keys the digest is not verified");
}

#[test]
fn payloads_know_their_message_and_transforms_their_proposal() {
    let records = records("ikev1/main-mode.pcap", Options::default());
    let first: Vec<_> = records.iter().filter(|record| record.frame == 1).collect();
    let (_, message) = of_kind!(records, Isakmp).next().unwrap();
    assert_eq!(message.initiator_cookie, Some([0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70, 0x81]));
    assert_eq!((message.is_encrypted, message.message_id, message.length), (Some(false), Some(0), Some(148)));
    let transforms: Vec<_> = of_kind!(records, Payload)
        .filter(|(record, payload)| record.frame == 1 && payload.transform_number.is_some())
        .collect();
    assert_eq!(transforms.len(), 2);
    let (record, transform) = transforms[0];
    assert_eq!(
        (transform.key_length, transform.encryption_algorithm.unwrap().name),
        (Some(256), Some("AES-CBC"))
    );
    assert_eq!((transform.life_types[0].value, &transform.life_durations[..]), (1, &[86_400][..]));
    let proposal = first.iter().find(|other| Some(other.number) == record.parent).unwrap();
    let Kind::Payload(proposal) = &proposal.kind else { panic!("{proposal:?}") };
    assert_eq!((proposal.proposal_number, proposal.protocol.unwrap().value), (Some(1), 1));
    let last = first.last().unwrap();
    assert!(matches!(last.kind, Kind::Isakmp(_)), "what holds others is given after them: {last:?}");
}

#[test]
fn a_packet_of_esp_tells_what_became_of_it() {
    let records = records("esp/tunnel.pcap", Options::default());
    let (record, sealed) = of_kind!(records, Esp).next().unwrap();
    assert_eq!((sealed.spi, sealed.sequence_number, sealed.encrypted_len), (Some(0x100), Some(1), None));
    assert_eq!((sealed.icv_is_valid, record.parent), (None, None));
    assert_eq!((sealed.decrypted_len, record.is_quoted), (None, false));
}

/// The Error Indications of the capture quote NHRP packets, so these are the records of NHRP that are quoted.
#[test]
fn a_record_in_a_quotation_says_so() {
    let records = records("nhrp/departures.pcap", Options::default());
    let quoted: Vec<_> = records.iter().filter(|record| record.is_quoted).collect();
    assert!(quoted.iter().any(|record| matches!(record.kind, Kind::Nhrp(_))), "{quoted:?}");
    for record in &quoted {
        let around = |other: &&Record| other.frame == record.frame && !other.is_quoted;
        let mut nhrp = records.iter().filter(around);
        assert!(
            nhrp.any(|other| matches!(other.kind, Kind::Nhrp(_))),
            "{record:?} is quoted by an NHRP packet"
        );
    }
}

#[test]
fn chunks_and_clients_stand_in_their_packets() {
    let sctp = records("ha/active.pcap", Options::default());
    let (record, init) = of_kind!(sctp, Chunk).next().unwrap();
    assert_eq!((record.frame, record.parent), (1, Some(0)));
    assert_eq!((init.chunk_type.unwrap().name, init.receiver_window), (Some("INIT"), Some(65_536)));
    let (_, message) = of_kind!(sctp, Ha).next().unwrap();
    assert_eq!((message.serial, message.state.unwrap().name), (Some(1), Some("ACTIVE")));
    let nhrp = records("nhrp/dmvpn.pcap", Options::default());
    let (_, packet) = of_kind!(nhrp, Nhrp).next().unwrap();
    assert_eq!(packet.source_nbma_address.unwrap().to_string(), "198.51.100.11");
    let (_, client) = of_kind!(nhrp, NhrpClient).next().unwrap();
    assert_eq!((client.holding_time, client.mtu), (Some(300), Some(1472)));
    assert!(of_kind!(nhrp, Departure).any(|(_, departure)| departure.text.contains("NAT flag")));
}

#[test]
fn what_is_cut_off_is_none_and_its_fault_has_a_record() {
    let records = records("hsrp/cut.pcap", Options::default());
    let faults: Vec<_> = of_kind!(records, Fault).collect();
    assert!(!faults.is_empty());
    for (_, fault) in &faults {
        assert!(!fault.reason.is_empty() && !fault.protocol.is_empty(), "{fault:?}");
    }
}
