//! A sink that counts what frames hold: by protocol, by SA, by group of HSRP, and what is wrong by its kind.
//!
//! [`Counter`] is the sink, and [`Statistics`] is what it found. The memory is bounded by [`Limits`]: what comes after a
//! limit is counted together, as others.
//!
//! ```
//! use vpnwire_dissect::capture::{Frame, LinkType, Timestamp};
//! use vpnwire_dissect::sinks::statistics::{Counter, Limits};
//! use vpnwire_dissect::{Dissector, Options};
//!
//! // IPv4, and the headers of ESP packets 1, 2 and 4 of one SA
//! let mut dissector = Dissector::new(Options::default());
//! let mut counter = Counter::new(Limits::default());
//! for (number, sequence) in (1..).zip([1, 2, 4]) {
//!     let octets = [
//!         0x45, 0, 0, 28, 0, 0, 0, 0, 64, 50, 0, 0, 192, 0, 2, 1, 198, 51, 100, 1, //
//!         0, 0, 1, 0, 0, 0, 0, sequence,
//!     ];
//!     let time = Some(Timestamp(i128::from(number)));
//!     dissector.frame(Frame { number, time, time_digits: 9, link: LinkType::RAW, len: 28, octets: &octets }, &mut counter);
//! }
//! let statistics = counter.statistics();
//! assert_eq!(statistics.all.octets, 84);
//! let [sa] = &statistics.sas[..] else { panic!("{:?}", statistics.sas) };
//! assert_eq!((sa.spi, sa.packets.count, sa.numbers.unwrap().missing), (0x100, 3, 1));
//! ```

use core::fmt;

use capture::Frame;

use crate::record::{Collector, Hsrp, Isakmp, Kind as RecordKind, Record};
use crate::sink::{Address, Fault as ToldFault, Protocol, Reason, Sink, Span, Value, count};
use crate::sinks::Output;

mod group;
mod ipsec_sa;
mod isakmp_sa;
mod limits;
mod numbers;
mod table;
mod tally;
mod totals;
mod wording;

pub use group::{HsrpGroup, HsrpSender};
pub use ipsec_sa::{IpsecProtocol, IpsecSa};
pub use isakmp_sa::IsakmpSa;
pub use limits::Limits;
pub use numbers::SequenceNumbers;
pub use tally::{Place, Tally};
pub use totals::{ProtocolFrames, Statistics};
pub use wording::WhatIsWrong;

use group::Groups;
use ipsec_sa::{IpsecSas, Packet};
use isakmp_sa::IsakmpSas;
use wording::Wordings;

/// A sink that counts. One can take the frames of several captures, which are then counted as one.
#[derive(Debug)]
pub struct Counter {
    all: Tally,
    protocols: Vec<InFrame>,
    sas: IpsecSas,
    isakmp_sas: IsakmpSas,
    groups: Groups,
    faults: Wordings,
    departures: Wordings,
    collector: Collector,
    place: Place,
    // The number of the frame over all captures.
    number: u64,
    frame: Tally,
    is_cut: bool,
    // A receiver with the keys drops the packet, so the numbers of what it holds do not count.
    is_dropped: bool,
    // The ISAKMP message of the frame was counted.
    has_isakmp: bool,
    // The packet of ESP or AH that was entered last is malformed, or cannot be opened with the keys that are given.
    is_refused: bool,
    output: Vec<u8>,
}

/// A protocol, and the last frame that it was counted in.
#[derive(Debug)]
struct InFrame {
    frames: ProtocolFrames,
    last: u64,
}

impl Counter {
    /// Makes a sink that has counted nothing.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            all: Tally::default(),
            protocols: Vec::new(),
            sas: IpsecSas::new(limits),
            isakmp_sas: IsakmpSas::new(limits.isakmp_sas),
            groups: Groups::new(limits),
            faults: Wordings::new(limits.kinds),
            departures: Wordings::new(limits.kinds),
            collector: Collector::new(),
            place: Place::default(),
            number: 0,
            frame: Tally::default(),
            is_cut: false,
            is_dropped: false,
            has_isakmp: false,
            is_refused: false,
            output: Vec::new(),
        }
    }

    /// Sets the number of the capture that the following frames are in. Places have it, so that a frame can be found.
    pub const fn set_file(&mut self, file: usize) {
        self.place.file = file;
    }

    /// Returns what was counted so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        Statistics {
            all: self.all,
            protocols: self.protocols.iter().map(|protocol| protocol.frames).collect(),
            sas: self.sas.list(),
            other_sas: self.sas.others(),
            isakmp_sas: self.isakmp_sas.list(),
            other_isakmp_sas: self.isakmp_sas.others(),
            hsrp_groups: self.groups.list(),
            other_hsrp_groups: self.groups.others(),
            faults: self.faults.list(),
            other_faults: self.faults.others(),
            departures: self.departures.list(),
            other_departures: self.departures.others(),
        }
    }

    fn enter_one(&mut self, protocol: &'static Protocol, is_quoted: bool) {
        let name = protocol.filter;
        let at = match self.protocols.iter().position(|known| known.frames.protocol == name) {
            Some(at) => at,
            None => {
                let frames = ProtocolFrames { protocol: name, frames: Tally::default() };
                self.protocols.push(InFrame { frames, last: 0 });
                self.protocols.len().saturating_sub(1)
            }
        };
        if let Some(known) = self.protocols.get_mut(at).filter(|known| known.last != self.number) {
            known.last = self.number;
            known.frames.frames.add(self.frame);
        }
        if matches!(name, "esp" | "ah") {
            self.is_refused = false;
        }
        self.collector.enter(protocol, is_quoted);
    }

    /// Counts what a record is of. What another packet quotes was counted when it was sent, if it was captured.
    fn count(&mut self, record: Option<Record>) {
        let Some(record) = record.filter(|record| !record.is_quoted) else { return };
        match &record.kind {
            RecordKind::Esp(esp) => {
                let packet = Packet {
                    protocol: IpsecProtocol::Esp,
                    spi: esp.spi,
                    number: esp.sequence_number,
                    is_verified: esp.icv_is_valid == Some(true),
                    is_wrong: esp.icv_is_valid == Some(false) && esp.is_unverified != Some(true),
                    is_decrypted: esp.decrypted_len.is_some(),
                };
                self.count_ipsec(&record, packet);
            }
            RecordKind::Ah(ah) => {
                let packet = Packet {
                    protocol: IpsecProtocol::Ah,
                    spi: ah.spi,
                    number: ah.sequence_number,
                    is_verified: ah.icv_is_valid == Some(true),
                    is_wrong: ah.icv_is_valid == Some(false),
                    is_decrypted: false,
                };
                self.count_ipsec(&record, packet);
            }
            RecordKind::Isakmp(message) => self.count_isakmp(&record, message),
            RecordKind::Hsrp(message) => self.count_hsrp(&record, message),
            _ => {}
        }
    }

    fn count_ipsec(&mut self, record: &Record, packet: Packet) {
        let is_refused = self.is_refused && !packet.is_verified && !packet.is_decrypted;
        let counts = !(self.is_dropped || is_refused);
        let is_replayed = self.sas.count(record, packet, counts, self.frame);
        self.is_dropped |= is_refused || is_replayed;
    }

    fn count_isakmp(&mut self, record: &Record, message: &Isakmp) {
        // A frame has one message. The second is what its fragment completed.
        if !std::mem::replace(&mut self.has_isakmp, true) {
            self.isakmp_sas.count(record, message, self.frame);
        }
    }

    fn count_hsrp(&mut self, record: &Record, message: &Hsrp) {
        self.groups.count(record, message, self.frame);
    }
}

impl Sink for Counter {
    fn begin(&mut self, frame: &Frame<'_>) {
        self.number = self.number.saturating_add(1);
        self.place.frame = frame.number;
        self.frame = Tally { count: 1, octets: count(frame.len), first: frame.time, last: frame.time };
        self.all.add(self.frame);
        self.is_cut = frame.is_cut();
        self.is_dropped = false;
        self.has_isakmp = false;
        self.is_refused = false;
        self.collector.begin(frame);
    }

    fn enter(&mut self, protocol: &'static Protocol, _: Span) {
        self.enter_one(protocol, false);
    }

    fn enter_quoted(&mut self, protocol: &'static Protocol, _: Span) {
        self.enter_one(protocol, true);
    }

    fn leave(&mut self) {
        let record = self.collector.leave();
        self.count(record);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        self.collector.take(name, value);
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, _: Span) {
        self.collector.enter_field(name, value);
    }

    fn leave_field(&mut self) {
        self.leave();
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.collector.endpoints(source, destination);
    }

    fn fault(&mut self, fault: ToldFault) {
        self.is_refused |= match fault.reason {
            Reason::Icv { .. } | Reason::AhIcv { .. } | Reason::EspOpen(_) | Reason::AhOpen(_) => true,
            // A packet that the capture cut was not malformed when it was sent.
            Reason::Esp(_) => !self.is_cut,
            _ => false,
        };
        self.faults.count(fault.protocol, format_args!("{}", fault.reason), self.place);
    }

    fn wants_departures(&self) -> bool {
        true
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, _: Span) {
        self.departures.count(reference, text, self.place);
    }
}

impl Output for Counter {
    /// Nothing is collected here: what was counted is in [`Counter::statistics`].
    fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }
}
