//! Parsing and writing allocate nothing.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use allocation_counter::measure;
use vpnwire_hasync::record::{Direction, ReplayUpdate, ReplayUpdates, SaIdentifier};
use vpnwire_hasync::{Emit as _, Envelope, Message, Record};

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
        let updates = [ReplayUpdate { sa, new_kilobyte_life: 1, new_replay: 1000 }.into()];
        let record = Record::ReplayUpdates(ReplayUpdates::new((&updates).into()));
        let envelope = Envelope::new([4, 0, 0, 3].into(), Some(1), record);
        let octets = &*envelope.emit(&mut buffer).unwrap();
        let message = Message::parse(octets).unwrap();
        assert_eq!(Envelope::from_message(&message), Ok(envelope));
        assert_eq!(message.emit(&mut again).unwrap(), octets);
        let cut = Message::parse_until_error(octets.get(..20).unwrap()).unwrap();
        assert!(cut.fault.is_some() && cut.value.attributes.iter().count() == 2);
        assert_eq!(message.conformance().count(), 0);
        assert!(Message::parse(&buffer).is_err());
    });
    assert_eq!(info.count_total, 0);
}
