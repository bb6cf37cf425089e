//! Reads the messages of a capture, and reassembles fragments.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use isakmp::reassembly::{Progress, Reassembly};
use isakmp::{Message, Payload, PayloadBody};
use vpnwire_conformance::{Datagram, datagrams};

/// A reassembled message, and its sender.
pub(crate) struct Sent {
    pub(crate) octets: Vec<u8>,
    pub(crate) source: Vec<u8>,
}

/// The ISAKMP message in a datagram: on port 500, or after the non-ESP marker on port 4500.
fn isakmp_octets(datagram: &Datagram) -> Option<&[u8]> {
    let on = |port| datagram.protocol == 17 && (datagram.ports.0 == port || datagram.ports.1 == port);
    if on(500) {
        Some(&datagram.payload)
    } else if on(4500) {
        datagram.payload.strip_prefix(&[0; 4])
    } else {
        None
    }
}

/// All messages of a capture, each once. A peer that repeats a message sends the same octets.
pub(crate) fn messages(path: &Path) -> Vec<Sent> {
    let mut fragments: HashMap<(Vec<u8>, u16), (Reassembly, Vec<u8>)> = HashMap::new();
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    for datagram in datagrams(path) {
        let Some(octets) = isakmp_octets(&datagram) else { continue };
        let Ok(message) = Message::parse(octets) else { continue };
        let mut octets = octets.to_vec();
        if let Some(Payload { body: PayloadBody::Fragment(fragment), .. }) = message.payloads().next() {
            let key = (datagram.source.clone(), fragment.identifier);
            let (state, buffer) =
                fragments.entry(key).or_insert_with(|| (Reassembly::new(), vec![0; 65_535]));
            let (next, progress) = state.accept(&fragment, buffer).unwrap();
            *state = next;
            match progress {
                Progress::Complete { len } => octets = buffer[..len].to_vec(),
                Progress::Incomplete => continue,
            }
        }
        if seen.insert((datagram.source.clone(), octets.clone())) {
            all.push(Sent { octets, source: datagram.source });
        }
    }
    all
}
