//! Nothing is allocated, whatever is parsed or written.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use allocation_counter::measure;
use vpnwire_hasync::record::{Direction, ReplayUpdate, ReplayUpdates, SaIdentifier};
use vpnwire_hasync::{Envelope, Header, Message, Record};

#[test]
fn parse_and_emit_allocate_nothing() {
    let mut buffer = [0; 256];
    let mut again = [0; 256];
    let info = measure(|| {
        let sa = SaIdentifier {
            direction: Direction::INBOUND,
            protocol: 50,
            spi: 1,
            destination: [4, 0, 0, 3].into(),
        };
        let updates = [ReplayUpdate { sa, new_kilobyte_life: 1, new_replay: 1000 }];
        let record = Record::ReplayUpdates(ReplayUpdates { updates: (&updates).into() });
        let envelope = Envelope { flags: Header::FLAGS, id: [4, 0, 0, 3].into(), serial: Some(1) };
        let len = record.emit(&envelope, &mut buffer).unwrap();
        let message = Message::parse(buffer.get(..len).unwrap()).unwrap();
        assert_eq!(Record::parse(&message).unwrap(), (envelope, record));
        assert_eq!(message.emit(&mut again), Ok(len));
        assert_eq!(message.conformance().count(), 0);
        assert!(Message::parse(&buffer).is_err());
    });
    assert_eq!(info.count_total, 0);
}
