//! The profile's use of SCTP: streams and segments.

use std::num::NonZeroUsize;

use vpnwire_hasync::MessageType;
use vpnwire_hasync::profile::{self, Stream};

#[test]
fn messages_of_one_stream_keep_their_order_and_updates_need_none() {
    for message_type in MessageType::NAMED {
        let stream = profile::stream(*message_type);
        assert!(stream.name().is_some() && stream.0 < Stream::COUNT);
        assert_eq!(profile::is_unordered(*message_type), stream == Stream::UPDATES);
    }
    assert_eq!(profile::stream(MessageType::BULK_SYNC_END), profile::stream(MessageType::ADD_SAS));
    assert_eq!(profile::PAYLOAD_PROTOCOL_IDENTIFIER.to_be_bytes(), *b"vpHA");
}

#[test]
fn a_long_message_is_cut_into_segments() {
    let octets: Vec<u8> = (0..100).collect();
    let max = |max| NonZeroUsize::new(max).unwrap();
    let segments: Vec<_> = profile::segments(&octets, max(40)).collect();
    let flags: Vec<_> = segments.iter().map(|segment| (segment.beginning, segment.ending)).collect();
    assert_eq!(flags, [(true, false), (false, false), (false, true)]);
    assert_eq!(profile::segments(&octets, max(100)).count(), 1);
}
