//! Properties that hold for any octets. The tests and the fuzz targets call them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "a property fails by panicking"
)]

use std::fmt;

use crate::packet::Budget;
use crate::sink::{Address, Fault, Outcome, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value, count};
use crate::sinks::statistics::{Counter, IpsecSa, Limits, Statistics};
use crate::sinks::{Filter, Json, Line, Output, Roundtrip, Tree};
use crate::tables::{DecodeAs, Handler, Table};
use crate::{Dissector, Options};
use capture::{Frame, LinkType, Timestamp};
use keys::{AssociationKeys, IsakmpKeys};

mod balance;
#[cfg(test)]
mod tests;
mod user_messages;

pub use balance::every_enter_has_one_leave;
pub use user_messages::user_messages_come_out_whole;

/// The kind of thing that a sink was told to enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entered {
    Protocol,
    Field,
}

/// A sink that panics when the contract of a sink is violated.
#[derive(Debug)]
pub struct Watch {
    // The number of octets in each source of this frame. Empty between frames.
    sources: Vec<usize>,
    // The protocols and fields that were entered and not left, the innermost last.
    entered: Vec<Entered>,
    budget: usize,
    // The octets of output for this frame so far. This is a low estimate.
    cost: usize,
    is_spent: bool,
    pub protocols: Vec<&'static str>,
    pub fault_count: usize,
    pub frame_count: usize,
}

impl Watch {
    /// Makes a sink that also checks that the output for a frame stays within the budget, and that one fault reports
    /// that it is spent.
    #[must_use]
    pub fn with_budget(budget: usize) -> Self {
        Self {
            sources: Vec::new(),
            entered: Vec::new(),
            budget,
            cost: 0,
            is_spent: false,
            protocols: Vec::new(),
            fault_count: 0,
            frame_count: 0,
        }
    }

    fn check(&self, span: Span) {
        let Some(len) = self.sources.get(usize::from(span.source)) else {
            panic!("the source of {span:?} does not exist");
        };
        let end = span.start.checked_add(span.len);
        assert!(end.is_some_and(|end| end <= *len), "{span:?} of {len} octets");
    }

    fn pay(&mut self, cost: usize) {
        self.cost += cost;
        assert!(self.cost <= self.budget, "{} octets of output, {} allowed", self.cost, self.budget);
    }

    fn show(&mut self, span: Span) {
        self.check(span);
        assert!(!self.is_spent, "there are no reports after the fault that says that the budget is spent");
        self.pay(Budget::HEADING);
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::with_budget(Options::default().frame_budget)
    }
}

impl Sink for Watch {
    fn enter(&mut self, protocol: &'static Protocol, span: Span) {
        assert!(Handler::filters().any(|name| name == protocol.filter), "{protocol:?} is in no filter");
        self.show(span);
        self.entered.push(Entered::Protocol);
        self.protocols.push(protocol.filter);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        assert!(name.contains('.'), "{name} is not the name of a field");
        if let Value::Octets(octets) | Value::Opaque(octets) | Value::Text(octets) = value {
            assert!(octets.len() <= span.len, "{name}: {} octets of {span:?}", octets.len());
            self.pay(octets.len());
        }
        self.show(span);
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        self.field(name, value, span);
        self.entered.push(Entered::Field);
    }

    fn fault(&mut self, fault: Fault) {
        if matches!(fault.reason, Reason::Budget { .. }) {
            assert!(!std::mem::replace(&mut self.is_spent, true), "this fault is reported once");
        } else {
            self.show(fault.span);
        }
        assert!(!fault.to_string().is_empty());
        self.fault_count += 1;
    }

    fn leave(&mut self) {
        assert_eq!(self.entered.pop(), Some(Entered::Protocol), "the innermost thing is left first");
    }

    fn leave_field(&mut self) {
        assert_eq!(self.entered.pop(), Some(Entered::Field), "the innermost thing is left first");
    }

    fn begin(&mut self, frame: &Frame<'_>) {
        assert!(self.sources.is_empty(), "a frame begins before the last one has ended");
        self.sources.push(frame.octets.len());
        self.cost = 0;
        self.is_spent = false;
        self.protocols.clear();
        self.fault_count = 0;
        self.frame_count += 1;
    }

    fn end(&mut self, frame: &Frame<'_>) {
        assert_eq!(self.sources.first(), Some(&frame.octets.len()), "the frame that began ends");
        assert_eq!(self.entered, [], "everything that is entered is left");
        self.sources.clear();
    }

    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        assert_eq!(usize::from(id), self.sources.len(), "sources are numbered in their order");
        assert!(!name.is_empty());
        self.sources.push(octets.len());
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        let _ = (source.to_string(), destination.to_string());
    }

    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        let text = format!("{protocol} {text}");
        assert!(!text.chars().any(char::is_control), "{text:?} would change the terminal");
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        self.show(span);
        assert!(!text.to_string().is_empty() && !reference.is_empty());
    }

    fn wants_departures(&self) -> bool {
        true
    }

    fn decrypted(&mut self, parts: &[&[u8]]) {
        let octets = parts.concat();
        assert!(!self.sources.is_empty() && octets.len() <= usize::from(u16::MAX) + 40, "{}", octets.len());
    }

    fn wants_rebuilt(&self) -> bool {
        true
    }

    fn wants_octets(&self) -> bool {
        true
    }

    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        if self.is_spent {
            assert!(rebuilt.expected.is_empty() && rebuilt.got.is_empty(), "the octets would cost too much");
            return;
        }
        self.check(rebuilt.span);
        self.pay(rebuilt.expected.len() + rebuilt.got.len());
        assert_eq!(rebuilt.expected.len(), rebuilt.span.len, "the expected octets are those of the span");
        assert_eq!(
            rebuilt.octets_rebuilt + rebuilt.octets_copied,
            rebuilt.got.len(),
            "every octet is counted once"
        );
        assert_eq!(
            rebuilt.outcome == Outcome::Identical,
            rebuilt.expected == rebuilt.got && !is_unmade(rebuilt)
        );
    }
}

/// Whether the message was not encoded.
fn is_unmade(rebuilt: &Rebuilt<'_>) -> bool {
    matches!(rebuilt.outcome, Outcome::Undecodable | Outcome::Opaque | Outcome::Truncated)
}

/// Makes frames of any octets. Each takes a link type, the number of octets that were cut, a length, and octets.
#[must_use]
pub fn frames(octets: &[u8]) -> Vec<Frame<'_>> {
    let mut frames = Vec::new();
    let mut rest = octets;
    while let Some((&[link, cut, high, low], after)) = rest.split_first_chunk::<4>() {
        let len = usize::from(u16::from_be_bytes([high, low])).min(after.len());
        let (octets, after) = after.split_at_checked(len).unwrap_or((after, &[]));
        frames.push(Frame {
            number: u64::try_from(frames.len()).unwrap_or_default() + 1,
            time: (link != 0xff).then_some(Timestamp(i128::from(cut) << (link % 100))),
            time_digits: 9,
            link: link_type(link),
            len: octets.len() + usize::from(cut),
            octets,
        });
        rest = after;
    }
    frames
}

const LINKS: [LinkType; 10] = [
    LinkType::ETHERNET,
    LinkType::RAW,
    LinkType::NULL,
    LinkType::LOOP,
    LinkType::RAW_12,
    LinkType::RAW_14,
    LinkType::LINUX_SLL,
    LinkType::LINUX_SLL2,
    LinkType::IPV4,
    LinkType::IPV6,
];

/// From here on, each link type stands for one dissector. See [`options`].
const FIRST_HANDLER: u32 = 10_000;

fn link_type(number: u8) -> LinkType {
    let known = LINKS.len() + Handler::NAMED.len();
    let index = usize::from(number) % (known + 1);
    match LINKS.get(index) {
        Some(link) => *link,
        // The link type after the last handler is unknown.
        None => LinkType(FIRST_HANDLER + u32::try_from(index - LINKS.len()).unwrap_or_default()),
    }
}

const TUNNEL_SA: &str = "IPv4,*,*,0x0000010*,AES-CBC [RFC3602],0x000102030405060708090a0b0c0d0e0f,HMAC-SHA-1-96 [RFC2404],0x202122232425262728292a2b2c2d2e2f30313233";
const TRANSPORT_SA: &str =
    "IPv6,*,*,0x0000020*,AES-GCM [RFC4106],0x000102030405060708090a0b0c0d0e0f10111213,NULL,";
const EXTENDED_SA: &str = "IPv4,*,*,0x0000030*,AES-CBC [RFC3602],0x000102030405060708090a0b0c0d0e0f,HMAC-SHA-1-96 [RFC2404],0x202122232425262728292a2b2c2d2e2f30313233";
const ISAKMP_SA: &str = "1a2b3c4d5e6f7081,a99909b8b1259056e4f8e75647a74f80";

/// Returns options with which every dissector can be reached by a link type of its own, and with keys.
#[must_use]
pub fn options() -> Options {
    let mut options = Options::default();
    for (number, (_, handler)) in (FIRST_HANDLER..).zip(Handler::NAMED) {
        options.decode_as.push(DecodeAs { table: Table::Link, key: number, handler: *handler });
    }
    options.keys.hsrp.push("openwall".parse().unwrap());
    // These are the SAs of `testdata/esp`, and an entry without a cipher for all other SAs.
    for keys in [TUNNEL_SA, TRANSPORT_SA, &TRANSPORT_SA.replace("IPv6", "IPv4"), "none:"] {
        options.keys.associations.push(keys.parse().unwrap());
    }
    let mut extended: AssociationKeys = EXTENDED_SA.parse().unwrap();
    extended.esn = ipsec::Esn::Yes;
    options.keys.associations.push(extended);
    // This is the ISAKMP SA of `testdata/ikev1`. Messages with its cookies are decrypted, and their HASHes are
    // checked.
    let mut isakmp: IsakmpKeys = ISAKMP_SA.parse().unwrap();
    isakmp.skeyid_a = Some(vec![0x6a; 20].into());
    isakmp.skeyid_d = Some(vec![0xea; 20].into());
    options.keys.isakmp.push(isakmp);
    options.keys.isakmp.push(ISAKMP_SA.parse().unwrap());
    options
}

/// Checks that several frames through one dissector with small bounds keep the contract of a sink, and that every sink
/// writes its format.
pub fn dissection_is_total(octets: &[u8]) {
    let frames = frames(octets);
    let mut options = options();
    // The bounds are either small or the default. Testing both would take twice the time.
    if octets.len().is_multiple_of(2) {
        options.nesting_limit = 5;
        options.frame_budget = 4096;
        options.datagram_limit = 2;
    }
    every_enter_has_one_leave(&frames, &options);
    walk(&frames, &options, Watch::with_budget(options.frame_budget));
}

fn walk(frames: &[Frame<'_>], options: &Options, mut watch: Watch) {
    let dissector = || Dissector::new(options.clone());
    let (mut first, mut second, mut third, mut fourth, mut fifth) =
        (dissector(), dissector(), dissector(), dissector(), dissector());
    let (mut sixth, mut counter) = (dissector(), Counter::new(Limits::default()));
    let mut line = Line::new(false);
    let mut tree = Tree::new(false, true);
    let mut json = Json::new();
    let mut filter = Filter::new(Json::new(), vec!["udp".to_owned()]);
    for frame in frames {
        first.frame(*frame, &mut watch);
        sixth.frame(*frame, &mut counter);
        let text = text(&mut second, frame, &mut line);
        assert_eq!(text.lines().count(), 1, "{text:?} is a line");
        assert!(
            !text.trim_end_matches('\n').chars().any(char::is_control),
            "{text:?} would change the terminal"
        );
        let text = self::text(&mut third, frame, &mut tree);
        assert!(text.starts_with("Frame ") && text.ends_with("\n\n"), "{text:?}");
        assert!(!text.contains('\x1b'), "{text:?} would change the terminal");
        let text = self::text(&mut fourth, frame, &mut json);
        let object: serde_json::Value = serde_json::from_str(&text).unwrap();
        let kept = self::text(&mut fifth, frame, &mut filter);
        // A sink that wants more spends the budget of a frame earlier.
        if !watch.is_spent {
            assert_eq!(object["protocols"], serde_json::json!(watch.protocols));
            assert_eq!(object["faults"].as_array().unwrap().len(), watch.fault_count);
            assert_eq!(kept.is_empty(), !watch.protocols.contains(&"udp"), "the filter keeps what holds UDP");
        }
        assert!(kept.is_empty() || kept == text, "{kept} and {text} are of one frame");
    }
    assert_eq!(watch.frame_count, frames.len());
    counts_add_up(&counter.statistics(), frames);
}

/// Checks that no count is greater than what it is a part of.
fn counts_add_up(statistics: &Statistics, frames: &[Frame<'_>]) {
    let octets = frames.iter().map(|frame| count(frame.len)).sum::<u64>();
    assert_eq!((statistics.all.count, statistics.all.octets), (count(frames.len()), octets));
    for protocol in &statistics.protocols {
        assert!(
            protocol.frames.count <= statistics.all.count && protocol.frames.octets <= octets,
            "{protocol:?}"
        );
    }
    for sa in &statistics.sas {
        let IpsecSa { packets, seen_twice, replayed, wrong_icv, verified, .. } = sa;
        assert!(seen_twice + replayed + wrong_icv <= packets.count, "{sa:?}");
        assert!(replayed <= verified && verified + wrong_icv <= packets.count, "{sa:?}");
        assert!(
            sa.numbers.is_none_or(|numbers| numbers.missing <= numbers.highest - numbers.lowest),
            "{sa:?}"
        );
    }
}

fn text(dissector: &mut Dissector, frame: &Frame<'_>, sink: &mut impl Output) -> String {
    dissector.frame(*frame, sink);
    String::from_utf8(std::mem::take(sink.output())).unwrap()
}

/// Checks that every message that is decoded and encoded again has the same octets, except for derived values that
/// were wrong.
pub fn rebuilt_is_never_different(octets: &[u8]) {
    let mut dissector = Dissector::new(options());
    let mut sink = Roundtrip::new(true);
    sink.set_file("octets");
    for frame in frames(octets) {
        dissector.frame(frame, &mut sink);
    }
    assert!(!sink.any_different(), "{}", String::from_utf8_lossy(sink.output()));
    for (protocol, counts) in sink.counts() {
        let sum = counts.identical + counts.corrected + counts.different + counts.undecodable + counts.opaque;
        assert_eq!(counts.seen, sum, "{protocol}");
    }
}
