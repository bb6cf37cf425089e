//! `cargo xtask interop-scapy` checks ESP and AH against scapy: scapy opens the packets that this project seals, this
//! project opens the packets that scapy seals, and both seal to the same octets.
//!
//! A protocol has a file below `interop_scapy/` and a line in [`PROTOCOLS`]: a function that makes every case of every
//! suite and passes each to [`Tally::case`]. Keys, sequence numbers and payloads come from seeds.

mod ah;
mod esp;
mod peer;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use peer::{Answer, Association, Peer};

/// The protocols that are compared: the name, and the function that runs the cases.
const PROTOCOLS: &[(&str, fn(&mut Peer, &mut Tally) -> Result<()>)] = &[("ESP", esp::run), ("AH", ah::run)];

/// The cases that were compared.
#[derive(Debug, Default)]
struct Tally {
    /// The number of cases of each suite.
    cases: BTreeMap<String, usize>,
    /// The suites that are left out, with the reason.
    skipped: Vec<(String, String)>,
    faults: Vec<String>,
}

impl Tally {
    /// Counts a case of `suite`. An error is a fault of the case.
    fn case(&mut self, suite: &str, case: &str, result: Result<()>) {
        *self.cases.entry(suite.to_string()).or_default() += 1;
        if let Err(error) = result {
            self.faults.push(format!("{suite}, {case}: {error:#}"));
        }
    }

    /// Whether scapy has the suite. If not, the suite is noted as left out.
    fn has(&mut self, peer: &mut Peer, suite: &str, association: &Association) -> Result<bool> {
        match peer.probe(association)? {
            Answer::Done(_) => Ok(true),
            Answer::Unsupported(what) => {
                self.skip(suite, format!("scapy or its library lacks {what}"));
                Ok(false)
            }
            Answer::Refused(why) => bail!("{suite}: scapy refuses to make an SA: {why}"),
        }
    }

    fn skip(&mut self, suite: &str, why: String) {
        self.skipped.push((suite.to_string(), why));
    }

    fn count(&self) -> usize {
        self.cases.values().sum()
    }
}

/// Runs the gate.
pub(crate) fn run() -> Result<()> {
    let mut peer = Peer::start()?;
    let versions = peer.versions()?;
    let mut faults = 0;
    for (name, cells) in PROTOCOLS {
        let mut tally = Tally::default();
        cells(&mut peer, &mut tally)?;
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (suite, why) in &tally.skipped {
            reasons.entry(why).or_default().push(suite);
        }
        for (why, suites) in reasons {
            println!("{name}: {} suites skipped, {why}: {}", suites.len(), suites.join(", "));
        }
        for fault in &tally.faults {
            println!("{name}: {fault}");
        }
        println!(
            "interop-scapy {name}: {} cases of {} suites, {} faults; {versions}",
            tally.count(),
            tally.cases.len(),
            tally.faults.len()
        );
        if tally.count() == 0 {
            bail!("interop-scapy {name}: no case was compared");
        }
        faults += tally.faults.len();
    }
    if faults > 0 {
        bail!("interop-scapy: {faults} faults");
    }
    Ok(())
}
