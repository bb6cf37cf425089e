//! A capture of what routers add to their errors, and of multicast listener discovery.

use std::net::Ipv6Addr;

use anyhow::Result;
use etherparse::PacketBuilder;
use wire::InternetChecksum;

use super::Frames;
use super::carriers::{ethernet, icmp, icmpv6, udp, written};

/// Time exceeded, and the length of the quoted packet in words: 128 octets.
const EXCEEDED: (u8, [u8; 4]) = (11, [0, 32, 0, 0]);

/// An object of the extensions.
fn object(class: u8, c_type: u8, value: &[u8]) -> Result<Vec<u8>> {
    Ok([&u16::try_from(value.len() + 4)?.to_be_bytes()[..], &[class, c_type], value].concat())
}

/// Extensions with their checksum.
fn extensions(objects: &[&[u8]]) -> Vec<u8> {
    let mut all = [&[0x20, 0, 0, 0][..], &objects.concat()].concat();
    let sum = InternetChecksum::of(&all).to_be_bytes();
    all[2..4].copy_from_slice(&sum);
    all
}

/// A record of a report.
fn record(kind: u8, group: Ipv6Addr, sources: &[Ipv6Addr], auxiliary: &[u8]) -> Result<Vec<u8>> {
    let words = u8::try_from(auxiliary.len() / 4)?;
    let count = u16::try_from(sources.len())?.to_be_bytes();
    let sources: Vec<u8> = sources.iter().flat_map(Ipv6Addr::octets).collect();
    Ok([&[kind, words][..], &count, &group.octets(), &sources, auxiliary].concat())
}

/// Errors with extensions, RFC 4884, RFC 4950 and RFC 5837.
fn errors() -> Result<Vec<Vec<u8>>> {
    let sent = udp(1000, 2000, b"data")?;
    let quoted = [&sent[..], &vec![0; 128 - sent.len()]].concat();
    let labels = object(1, 1, &[0x0f, 0xff, 0x00, 0x40, 0x00, 0x01, 0x0b, 0x3f])?;
    let router = "fe80::5:73ff:fea0:1".parse::<Ipv6Addr>()?;
    let whole = [&[0, 0, 0, 7][..], &[0, 1, 0, 0, 192, 0, 2, 1], b"\x08eth0\0\0\0", &[0, 0, 5, 0xdc]];
    let arrived = object(2, 0x0f, &whole.concat())?;
    let leaves = object(2, 0x86, &[&[0, 2, 0, 0][..], &router.octets(), b"\x08eth1\0\0\0"].concat())?;
    let unknown = object(99, 5, b"abcd")?;
    let good = extensions(&[&labels]);
    let changed = |at: usize, value: u8| {
        let mut all = good.clone();
        all[at] = value;
        all
    };
    let exceeded = |extensions: &[u8]| icmp(EXCEEDED.0, 0, EXCEEDED.1, &[&quoted[..], extensions].concat());
    let mut errors = vec![
        exceeded(&good)?,
        exceeded(&extensions(&[&arrived, &leaves, &labels, &unknown]))?,
        icmp(3, 4, [0, 32, 5, 0x78], &[&quoted[..], &good].concat())?,
        icmp(12, 0, [9, 32, 0, 0], &[&quoted[..], &good].concat())?,
        // An old sender tells no length, and quotes 128 octets.
        icmp(11, 0, [0; 4], &[&quoted[..], &good].concat())?,
        // The same with a wrong checksum: these may be octets of the packet.
        icmp(11, 0, [0; 4], &[&quoted[..], &changed(11, 0x41)].concat())?,
        exceeded(&[])?,
        // Without a checksum, with a wrong one, and of another version.
        exceeded(&[&[0x20, 0, 0, 0][..], &labels].concat())?,
        exceeded(&changed(11, 0x41))?,
        exceeded(&changed(0, 0x10))?,
        // An object with a length of 2, one that is longer than the message, and labels that are not whole.
        exceeded(&extensions(&[&[0, 2, 99, 5], b"abcd"]))?,
        exceeded(&extensions(&[&[0, 40, 1, 1], &[0x0f, 0xff, 0x01, 0x40]]))?,
        exceeded(&extensions(&[&object(1, 1, b"abcdef")?]))?,
        // Interfaces that are not whole, a name whose length is 0, and an address of an unknown family.
        exceeded(&extensions(&[&object(2, 0x0f, &[0, 0, 0, 7])?]))?,
        exceeded(&extensions(&[&object(2, 0x02, &[0, b'e', b't', b'h'])?]))?,
        exceeded(&extensions(&[&object(2, 0x04, &[0, 9, 0, 0, 1, 2, 3, 4])?]))?,
        exceeded(&[0x20, 0])?,
        // A length beyond the end, and one that is less than 128 octets.
        icmp(11, 0, [0, 48, 0, 0], &[&quoted[..], &good].concat())?,
        icmp(11, 0, [0, 7, 0, 0], &[&sent[..28], &good].concat())?,
    ];
    let sent = {
        let builder = PacketBuilder::ipv6(router.octets(), router.octets(), 64).udp(1000, 2000);
        written(|octets| builder.write(octets, b"data"))?
    };
    let quoted = [&sent[..], &vec![0; 128 - sent.len()]].concat();
    let all = extensions(&[&labels, &arrived]);
    errors = errors.into_iter().map(|packet| ethernet(0x0800, &packet)).collect();
    for (kind, word, payload) in [
        (3, [16, 0, 0, 0], [&quoted[..], &all].concat()),
        (1, [16, 0, 0, 0], [&quoted[..], &changed(11, 0x41)].concat()),
        // A packet that is too big has no place for a length.
        (2, [0, 0, 5, 0], [&quoted[..], &all].concat()),
        (1, [32, 0, 0, 0], [&quoted[..], &all].concat()),
    ] {
        errors.push(ethernet(0x86dd, &icmpv6(kind, 0, word, &payload)?));
    }
    Ok(errors)
}

/// Multicast listener discovery, RFC 2710 and RFC 3810.
fn listeners() -> Result<Vec<Vec<u8>>> {
    let group = "ff02::66".parse::<Ipv6Addr>()?;
    let everything = Ipv6Addr::UNSPECIFIED.octets();
    let sources = ["2001:db8::1".parse::<Ipv6Addr>()?, "2001:db8::2".parse::<Ipv6Addr>()?];
    let addresses = sources.map(|source| source.octets()).concat();
    let joins = record(4, group, &[], &[])?;
    let many =
        [joins.clone(), record(1, group, &sources, &[])?, record(9, group, &sources[..1], b"auxiliar")?];
    let query = |delay: u16, group: [u8; 16], rest: &[u8]| {
        let [high, low] = delay.to_be_bytes();
        icmpv6(130, 0, [high, low, 0, 0], &[&group[..], rest].concat())
    };
    let report = |count: u8, records: &[u8]| icmpv6(143, 0, [0, 0, 0, count], records);
    let messages = [
        query(10_000, everything, &[])?,
        icmpv6(131, 0, [0; 4], &group.octets())?,
        icmpv6(132, 0, [0; 4], &group.octets())?,
        query(10_000, everything, &[0x02, 125, 0, 0])?,
        // A delay of 54752 milliseconds and an interval of 448 seconds, with an exponent each.
        query(0x8abc, group.octets(), &[&[0x0a, 0x9c, 0, 2][..], &addresses].concat())?,
        report(1, &joins)?,
        report(3, &many.concat())?,
        report(0, &[])?,
        // Octets behind a message.
        query(1000, group.octets(), &[&[2, 125, 0, 1][..], &addresses].concat())?,
        report(1, &[&joins[..], b"xyz"].concat())?,
        // Fewer sources, records and octets than a message says.
        query(1000, group.octets(), &[&[2, 125, 0, 5][..], &addresses].concat())?,
        report(4, &joins)?,
        report(1, &[&[1, 0, 0, 3][..], &group.octets(), &addresses].concat())?,
        report(1, &[&[1, 200, 0, 0][..], &group.octets()].concat())?,
        report(1, &[4, 0, 0])?,
        icmpv6(130, 0, [0x27, 0x10, 0, 0], &group.octets()[..9])?,
        query(1000, group.octets(), &[2, 125])?,
    ];
    Ok(messages.iter().map(|message| ethernet(0x86dd, message)).collect())
}

/// Errors with extensions, and the messages of multicast listeners.
pub(super) fn additions() -> Result<Frames> {
    Ok((0..).step_by(100_000).zip([errors()?, listeners()?].concat()).collect())
}
