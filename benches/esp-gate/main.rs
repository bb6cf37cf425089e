//! The program that `cargo xtask bench-gate esp` runs: every suite is sealed and opened at four lengths, beside its
//! peers. With the argument `ah` after the number of rounds it is the program that `cargo xtask bench-gate ah` runs,
//! for AH and bundles.
//!
//! Prints only lines, with tabs between their fields:
//!
//! * `version TEXT`
//! * `seal|open SUITE PAYLOAD CANDIDATE NANOSECONDS RATIO RATIO`
//! * `replay ORDER - CANDIDATE NANOSECONDS RATIO RATIO`
//! * `allocations seal|open SUITE PAYLOAD COUNT`
//! * `cells COUNT`
//!
//! A ratio says how many times as long as vpnwire the candidate took, as the median of the rounds. The first ratio
//! compares with the first candidate. The second compares with the candidate whose suite is known at compile time; it is `-` when
//! no candidate is of that kind.

mod ah;
#[cfg(feature = "peers")]
mod foreign;
mod naive;
mod ours;
mod packets;
mod replay;
mod round_robin;

use ah::Protection;
use ipsec::suite::Suite;
use packets::{Geometry, PACKETS, Packets};
use round_robin::{Candidate, Timing, measure};

/// The lengths of the payload in octets.
const PAYLOADS: [usize; 4] = [64, 256, 576, 1408];

/// The nanoseconds that a candidate gets in a round.
const BUDGET: f64 = 400_000.0;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(15);
    let wanted = arguments.next().unwrap_or_default();
    #[cfg(feature = "peers")]
    println!("version\t{}", vpnwire_peers::versions());
    let mut cells = 0;
    if wanted == "ah" {
        for protection in Protection::all() {
            for payload_len in PAYLOADS {
                let plain = protection.packets(payload_len);
                let cell = Cell { subject: protection.to_string(), plain, moves_headers: true };
                cells += cell.run(|seals| protection.candidates(seals), rounds);
            }
        }
    }
    for suite in Suite::all().filter(|suite| suite.to_string().contains(&wanted)) {
        for payload_len in PAYLOADS {
            let plain = Packets::new(Geometry::new(suite, payload_len));
            let cell = Cell { subject: suite.to_string(), plain, moves_headers: false };
            cells += cell.run(|seals| candidates(suite, seals), rounds);
        }
    }
    if wanted.is_empty() || wanted == "replay" {
        for (order, timings) in replay::measure(rounds * 3) {
            print(&format!("replay\t{order}\t-"), &timings);
        }
    }
    println!("cells\t{cells}");
}

fn candidates(suite: Suite, seals: bool) -> Vec<Box<dyn Candidate>> {
    let mut candidates = ours::candidates(suite, seals);
    candidates.extend(naive::candidate(suite, seals));
    #[cfg(feature = "peers")]
    candidates.extend(foreign::candidates(suite, seals));
    candidates
}

/// The packets of one length under one suite.
struct Cell {
    subject: String,
    plain: Packets,
    /// Whether padding moves the headers of a packet, so that each run needs new packets.
    moves_headers: bool,
}

impl Cell {
    /// Measures both directions.
    fn run(&self, candidates: impl Fn(bool) -> Vec<Box<dyn Candidate>>, rounds: usize) -> usize {
        // All other candidates must make the same octets of the packets as vpnwire.
        let mut sealed = self.plain.clone();
        assert!(candidates(true)[0].run(&mut sealed), "{}: nothing was sealed", self.subject);
        for seals in [true, false] {
            self.direction(candidates(seals), &sealed, seals, rounds);
        }
        2
    }

    fn direction(
        &self,
        mut candidates: Vec<Box<dyn Candidate>>,
        sealed: &Packets,
        seals: bool,
        rounds: usize,
    ) {
        let what = format!("{}\t{}", self.subject, self.plain.geometry.payload_len);
        let direction = if seals { "seal" } else { "open" };
        for candidate in &mut candidates {
            self.check(candidate.as_mut(), sealed, seals);
        }
        let master = if seals { self.moves_headers.then_some(&self.plain) } else { Some(sealed) };
        let mut packets = self.plain.clone();
        if let Some(master) = master {
            packets.restore(master);
        }
        for candidate in candidates.iter_mut().filter(|candidate| candidate.name().starts_with(ours::CHOSEN))
        {
            candidate.make_ready();
            let mut good = false;
            let counted = allocation_counter::measure(|| good = candidate.run(&mut packets));
            assert!(good);
            println!("allocations\t{direction}\t{what}\t{}", counted.count_total);
            if let Some(master) = master {
                packets.restore(master);
            }
        }
        let timings = measure(&mut candidates, &mut packets, master, rounds, BUDGET);
        print(&format!("{direction}\t{what}"), &timings);
    }

    /// Checks that a candidate seals or opens to the same octets as all others, and that it does not open a changed
    /// packet.
    fn check(&self, candidate: &mut dyn Candidate, sealed: &Packets, seals: bool) {
        let Self { subject, plain, .. } = self;
        let name = candidate.name();
        candidate.make_ready();
        let mut packets = if seals { plain.clone() } else { sealed.clone() };
        assert!(candidate.run(&mut packets), "{subject}: {name}: a packet did not come out");
        let mut expected = sealed.clone();
        for index in 0..PACKETS {
            if seals {
                assert!(
                    packets.packet(index) == expected.packet(index),
                    "{subject}: {name}: packet {index} differs"
                );
            } else {
                assert!(
                    packets.payload(index) == plain.payload(index),
                    "{subject}: {name}: payload {index} differs"
                );
            }
        }
        if !seals {
            let mut changed = sealed.clone();
            let last = changed.geometry.len - 1;
            changed.packet(PACKETS - 1)[last] ^= 1;
            candidate.make_ready();
            assert!(!candidate.run(&mut changed), "{subject}: {name}: a changed packet opened");
        }
    }
}

fn print(what: &str, timings: &[Timing]) {
    let known = timings.iter().find(|timing| timing.name == ours::KNOWN);
    for timing in timings {
        let ratio = timing.ratio(&timings[0]);
        let known = known.map_or("-".to_string(), |known| format!("{:.4}", timing.ratio(known)));
        println!("{what}\t{}\t{:.2}\t{ratio:.4}\t{known}", timing.name, timing.median());
    }
}
