//! Follows the tunnels in a capture with the keys of a key log. It prints what was negotiated, which HASHes are right,
//! who asked whether the peer is alive, and what was deleted. At the end it prints each SA with its suite, its
//! packets, and the packets that were lost or replayed.
//!
//! `cargo run -p vpnwire-examples --bin follow -- testdata/ikev1/main-mode.pcap testdata/ikev1/main-mode.keys.json`
//!
//! The key log is any file that `vpnwire dissect --keys` reads. Without a key log, only messages that are not
//! encrypted are followed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs::File;

use capture::Capture;
use capture::{Frame, Timestamp};
use dissect::Address;
use dissect::{Dissector, Fault, Options, Protocol, Reason, Sink, Span, Value};
use keys::Keys;

/// The numbers on the wire that distinguish messages: RFC 2408 section 3.1, RFC 2409 appendix A and RFC 3706 section
/// 5.
const QUICK_MODE: u64 = 32;
const PROPOSAL_PAYLOAD: u64 = 2;
const ARE_YOU_THERE: u64 = 36136;
const ARE_YOU_THERE_ACK: u64 = 36137;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: follow CAPTURE [KEYS]...")?;
    let mut options = Options::default();
    options.follow_isakmp = true;
    options.keys = Keys::default();
    for path in arguments {
        let octets = std::fs::read(&path)?;
        options.keys.read(&octets).map_err(|error| format!("{path}: {error}"))?;
    }
    let mut dissector = Dissector::new(options);
    let mut capture = Capture::new(File::open(path)?)?;
    let mut log = Log::default();
    while let Some(frame) = capture.next_frame() {
        dissector.frame(frame?, &mut log);
    }
    println!("ISAKMP SAs:");
    for sa in dissector.isakmp_associations() {
        let ikev1::Cookies { initiator, responder } = sa.cookies();
        let (initiator, responder) = (u64::from_be_bytes(initiator), u64::from_be_bytes(responder));
        let ends = [sa.ends().0, sa.ends().1].map(|end| end.map_or("?".to_owned(), |end| end.to_string()));
        let (encrypted, decrypted) = sa.message_counts();
        println!("  {initiator:016x}:{responder:016x} {} → {}", ends[0], ends[1]);
        if let Some(offer) = sa.offer() {
            let method = offer.authentication_method.map(|method| method.to_string());
            let group = offer.group_description.map(|group| group.to_string());
            println!(
                "    {}, {}, {}, {}",
                offer.cipher().map_or("an unknown cipher".to_owned(), |cipher| format!("{cipher:?}")),
                offer.hash().map_or("an unknown hash".to_owned(), |hash| format!("{hash:?}")),
                method.as_deref().unwrap_or("no method"),
                group.as_deref().unwrap_or("no group"),
            );
        }
        let hashes = log.hashes.get(&initiator).copied().unwrap_or_default();
        println!(
            "    {decrypted} of {encrypted} encrypted messages read; {} HASHes right, {} wrong",
            hashes.right, hashes.wrong
        );
        let Questions { asked, answered } = log.questions.get(&initiator).copied().unwrap_or_default();
        if asked != 0 {
            println!("    {asked} times asked whether the peer is there, {answered} answers");
        }
    }
    print!("{log}");
    Ok(())
}

/// The numbers of right and wrong HASHes of an ISAKMP SA.
#[derive(Clone, Copy, Default)]
struct Hashes {
    right: u64,
    wrong: u64,
}

/// The messages of dead peer detection of an ISAKMP SA.
#[derive(Clone, Copy, Default)]
struct Questions {
    asked: u64,
    answered: u64,
}

/// A proposal of a quick mode.
#[derive(Clone, Default)]
struct Proposal {
    number: u64,
    protocol: u64,
    spi: Option<u32>,
    // The suite of the first transform.
    suite: Vec<String>,
    transforms: usize,
}

/// One direction of an SA, with its packets.
#[derive(Default)]
struct Sa {
    negotiated: Option<(String, String)>,
    deleted: Option<String>,
    sender: Option<String>,
    packets: u64,
    verified: u64,
    bad: u64,
    missing: u64,
    dropped: u64,
}

/// The IP protocol number and the SPI.
type Identity = (u64, u32);

/// The state after the frames that were read.
#[derive(Default)]
struct Log {
    start: Option<Timestamp>,
    hashes: BTreeMap<u64, Hashes>,
    questions: BTreeMap<u64, Questions>,
    // The proposals of the first message of each quick mode.
    proposed: BTreeMap<(u64, u64), Vec<Proposal>>,
    sas: BTreeMap<Identity, Sa>,
    message: Message,
    packet: Option<Packet>,
    ends: Option<(Address, Address)>,
}

/// The ISAKMP message of the frame.
#[derive(Default)]
struct Message {
    ends: Option<(Address, Address)>,
    summary: String,
    cookie: u64,
    exchange_type: u64,
    message_id: u64,
    // These belong to the payload or proposal that is being read.
    payload: u64,
    proposals: Vec<Proposal>,
    hash: Option<bool>,
    notification: Option<u64>,
    deletes_of: u64,
    deleted: Vec<Identity>,
    faults: Vec<String>,
}

/// The IPsec packet in the frame.
struct Packet {
    protocol: u64,
    spi: u32,
    ends: Option<(Address, Address)>,
    is_good: Option<bool>,
    missing: u64,
    is_dropped: bool,
}

impl Sink for Log {
    fn begin(&mut self, frame: &Frame<'_>) {
        self.start = self.start.or(frame.time);
        (self.message, self.packet, self.ends) = (Message::default(), None, None);
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.ends = Some((source, destination));
    }

    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        match protocol.filter {
            "isakmp" => self.message.ends = self.ends,
            // Of nested ESP or AH packets the outermost counts, because that is the one that is lost or replayed.
            "esp" | "ah" if self.packet.is_none() => {
                let protocol = if protocol.filter == "esp" { 3 } else { 2 };
                let (spi, ends) = (0, self.ends);
                self.packet =
                    Some(Packet { protocol, spi, ends, is_good: None, missing: 0, is_dropped: false });
            }
            _ => {}
        }
    }

    fn leave(&mut self) {}

    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        if protocol == "ISAKMP" {
            self.message.summary = text.to_string();
        }
    }

    fn fault(&mut self, fault: Fault) {
        match (fault.reason, &mut self.packet) {
            (Reason::SequenceGap { missing, .. }, Some(packet)) => packet.missing += missing,
            (Reason::Replay(_), Some(packet)) => packet.is_dropped = true,
            _ if fault.protocol == "isakmp" => self.message.faults.push(fault.reason.to_string()),
            _ => {}
        }
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        if name.starts_with("isakmp.") {
            self.message.field(name, value);
        } else if let Some(packet) = &mut self.packet {
            match (name, value) {
                ("esp.spi" | "ah.spi", Value::Hexadecimal(spi, _)) if packet.spi == 0 => {
                    packet.spi = u32::try_from(spi).unwrap_or_default();
                }
                ("esp.icv_good" | "ah.icv_good", Value::Boolean(is_good)) if packet.is_good.is_none() => {
                    packet.is_good = Some(is_good);
                }
                _ => {}
            }
        }
    }

    fn end(&mut self, frame: &Frame<'_>) {
        let seconds = frame.time.zip(self.start).map_or(0, |(now, start)| now.0 - start.0);
        let time = format!("{}.{:06}", seconds / 1_000_000_000, seconds / 1000 % 1_000_000);
        let message = std::mem::take(&mut self.message);
        if !message.summary.is_empty() {
            self.take(&time, message);
        }
        if let Some(packet) = self.packet.take() {
            let sa = self.sas.entry((packet.protocol, packet.spi)).or_default();
            sa.sender = Some(Ends(packet.ends).to_string());
            sa.packets += 1;
            sa.verified += u64::from(packet.is_good == Some(true));
            sa.bad += u64::from(packet.is_good == Some(false));
            sa.missing += packet.missing;
            sa.dropped += u64::from(packet.is_dropped);
        }
    }
}

impl Message {
    fn field(&mut self, name: &'static str, value: Value<'_>) {
        let number = match value {
            Value::Named(number, _) | Value::Unsigned(number) | Value::Hexadecimal(number, _) => number,
            Value::Octets(octets) => {
                octets.iter().take(8).fold(0, |number, octet| number << 8 | u64::from(*octet))
            }
            _ => 0,
        };
        let proposal = self.proposals.last_mut();
        match (name, value, proposal) {
            ("isakmp.ispi", ..) => self.cookie = number,
            ("isakmp.exchangetype", ..) => self.exchange_type = number,
            ("isakmp.messageid", ..) => self.message_id = number,
            ("isakmp.typepayload", ..) => {
                self.payload = number;
                if number == PROPOSAL_PAYLOAD {
                    self.proposals.push(Proposal::default());
                }
            }
            ("isakmp.hash.verified", Value::Boolean(is_right), _) => self.hash = Some(is_right),
            ("isakmp.notify.msgtype", ..) => self.notification = Some(number),
            ("isakmp.delete.protoid", ..) => self.deletes_of = number,
            ("isakmp.delete.spi", ..) => {
                if let Ok(spi) = u32::try_from(number) {
                    self.deleted.push((self.deletes_of, spi));
                }
            }
            ("isakmp.prop.number", _, Some(proposal)) => proposal.number = number,
            ("isakmp.prop.protoid", _, Some(proposal)) => proposal.protocol = number,
            ("isakmp.spi", _, Some(proposal)) if self.payload == PROPOSAL_PAYLOAD => {
                proposal.spi = u32::try_from(number).ok();
            }
            ("isakmp.trans.number", _, Some(proposal)) => proposal.transforms += 1,
            (
                "isakmp.trans.id"
                | "isakmp.ipsec.attr.key_length"
                | "isakmp.ipsec.attr.auth_algorithm"
                | "isakmp.ipsec.attr.encap_mode"
                | "isakmp.ipsec.attr.group_description",
                value,
                Some(proposal),
            ) if proposal.transforms == 1 => proposal.suite.push(match value {
                Value::Named(_, Some(name)) => name.to_owned(),
                _ => number.to_string(),
            }),
            _ => {}
        }
    }
}

impl Log {
    fn take(&mut self, time: &str, message: Message) {
        let mut line = format!("{time} {}: {}", Ends(message.ends), message.summary);
        if let Some(is_right) = message.hash {
            let hashes = self.hashes.entry(message.cookie).or_default();
            hashes.right += u64::from(is_right);
            hashes.wrong += u64::from(!is_right);
            line += if is_right { "; HASH is right" } else { "; HASH IS WRONG" };
        }
        for fault in &message.faults {
            line += &format!("; {fault}");
        }
        println!("{line}");
        // A message with a wrong HASH changes no SA. A message whose HASH cannot be checked is accepted.
        if message.hash == Some(false) {
            return;
        }
        let questions = self.questions.entry(message.cookie).or_default();
        match message.notification {
            Some(ARE_YOU_THERE) => questions.asked += 1,
            Some(ARE_YOU_THERE_ACK) => questions.answered += 1,
            _ => {}
        }
        for identity in message.deleted {
            self.sas.entry(identity).or_default().deleted = Some(time.to_owned());
        }
        if message.exchange_type == QUICK_MODE && !message.proposals.is_empty() {
            let exchange = (message.cookie, message.message_id);
            match self.proposed.get(&exchange) {
                // A repeated first message makes the same proposals again.
                Some(first)
                    if first.iter().map(|one| one.spi).ne(message.proposals.iter().map(|one| one.spi)) =>
                {
                    self.agree(time, &first.clone(), &message.proposals);
                }
                _ => {
                    self.proposed.insert(exchange, message.proposals);
                }
            }
        }
    }

    /// Each side has sent the SPI for packets to itself, and the responder has chosen a proposal.
    fn agree(&mut self, time: &str, first: &[Proposal], second: &[Proposal]) {
        for chosen in second {
            let of_protocol = |own: &&Proposal| own.protocol == chosen.protocol;
            let own = first.iter().filter(of_protocol).find(|own| own.number == chosen.number);
            let own = own.or_else(|| first.iter().find(of_protocol));
            for spi in own.and_then(|own| own.spi).into_iter().chain(chosen.spi) {
                let sa = self.sas.entry((chosen.protocol, spi)).or_default();
                sa.negotiated.get_or_insert_with(|| (time.to_owned(), chosen.suite.join(" ")));
            }
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "SAs of IPsec:")?;
        for ((protocol, spi), sa) in &self.sas {
            let protocol = if *protocol == 3 { "ESP" } else { "AH" };
            let sender = sa.sender.as_deref().unwrap_or("nobody sent");
            write!(formatter, "  {protocol} {spi:#010x} {sender}: ")?;
            match &sa.negotiated {
                Some((time, suite)) => write!(formatter, "{suite}, from {time}")?,
                None => write!(formatter, "its negotiation was not read")?,
            }
            if let Some(time) = &sa.deleted {
                write!(formatter, " to {time}")?;
            }
            let Sa { packets, verified, bad, missing, dropped, .. } = sa;
            write!(formatter, "\n    {packets} packets, {verified} verified")?;
            for (count, what) in
                [(bad, "with a wrong ICV"), (missing, "lost"), (dropped, "replayed or too old")]
            {
                if *count != 0 {
                    write!(formatter, ", {count} {what}")?;
                }
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

/// The sender and the receiver.
struct Ends(Option<(Address, Address)>);

impl fmt::Display for Ends {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((source, destination)) => write!(formatter, "{source} → {destination}"),
            None => formatter.write_str("someone"),
        }
    }
}
