//! Runs all candidates of a cell by turns in one process.

use std::time::Instant;

use crate::packets::{PACKETS, Packets};

/// A candidate, which seals or opens a set of packets.
pub trait Candidate {
    fn name(&self) -> &'static str;

    /// Prepares a run without being timed: a window is emptied.
    fn make_ready(&mut self) {}

    /// Seals or opens all packets. Returns false when one of them fails.
    fn run(&mut self, packets: &mut Packets) -> bool;
}

/// The nanoseconds for one packet, in each round.
pub struct Timing {
    pub name: &'static str,
    pub rounds: Vec<f64>,
}

impl Timing {
    /// The median of the nanoseconds.
    pub fn median(&self) -> f64 {
        median(self.rounds.clone())
    }

    /// The median of the ratios to `other` in the same round.
    pub fn ratio(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(this, other)| this / other).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => values[len / 2],
        len => (values[len / 2 - 1] + values[len / 2]) / 2.0,
    }
}

/// Times `rounds` rounds, with `budget` nanoseconds for each candidate in a round. Packets to open are restored from
/// `master` before each run, which is not timed.
pub fn measure(
    candidates: &mut [Box<dyn Candidate>],
    packets: &mut Packets,
    master: Option<&Packets>,
    rounds: usize,
    budget: f64,
) -> Vec<Timing> {
    let mut timings: Vec<Timing> =
        candidates.iter().map(|candidate| Timing { name: candidate.name(), rounds: Vec::new() }).collect();
    let mut repetitions = vec![1usize; candidates.len()];
    for round in 0..=rounds {
        for turn in 0..candidates.len() {
            // Each round begins with another candidate.
            let index = (turn + round) % candidates.len();
            let candidate = &mut candidates[index];
            let mut once = || {
                if let Some(master) = master {
                    packets.restore(master);
                }
                candidate.make_ready();
                let begin = Instant::now();
                let good = candidate.run(packets);
                let taken = begin.elapsed();
                assert!(good, "{}: a packet did not come out", candidate.name());
                taken.as_nanos() as f64
            };
            if repetitions[index] > 1 || round == 0 {
                // The first run is not timed, because caches and predictors are still those of the candidate before.
                once();
            }
            let taken: f64 = (0..repetitions[index]).map(|_| once()).sum();
            if round == 0 {
                repetitions[index] = ((budget / taken) as usize).clamp(1, 1000);
            } else {
                timings[index].rounds.push(taken / (repetitions[index] * PACKETS) as f64);
            }
        }
    }
    timings
}
