//! The statistics as tables for people.

use std::fmt::Write as _;

use dissect::capture::Timestamp;
use dissect::sinks::statistics::{HsrpGroup, IpsecSa, IsakmpSa, Place, Statistics, Tally, WhatIsWrong};
use dissect::sinks::text;

use crate::terminal_text::escaped;

/// Writes the tables, with an empty line before each but the first. A table without rows is left out.
pub(super) fn text(statistics: &Statistics, names: &[String]) -> String {
    let times = Times { start: statistics.all.first };
    let mut out = String::new();
    times.heading(&mut out, statistics.all);
    let mut protocols = Table::new(&["<protocol", "frames", "octets", "first", "last"]);
    for protocol in &statistics.protocols {
        protocols.row([vec![protocol.protocol.to_owned()], times.tally(protocol.frames)].concat());
    }
    protocols.write(&mut out, "Protocols");
    ipsec(&mut out, statistics, &times);
    isakmp(&mut out, statistics, &times);
    hsrp(&mut out, statistics, &times);
    let (faults, departures) = (&statistics.faults, &statistics.departures);
    what_is_wrong(&mut out, "Faults", "protocol", faults, names);
    others(&mut out, statistics.other_faults, "faults of further kinds are", "kinds");
    what_is_wrong(&mut out, "Departures from an RFC", "reference", departures, names);
    others(&mut out, statistics.other_departures, "departures of further kinds are", "kinds");
    out
}

fn ipsec(out: &mut String, statistics: &Statistics, times: &Times) {
    let mut table = Table::new(&[
        "<protocol",
        "<source",
        "<destination",
        "<SPI",
        "packets",
        "octets",
        "first",
        "last",
        "numbers",
        "missing",
        "seen twice",
        "replayed",
        "wrong ICV",
        "verified",
        "decrypted",
    ]);
    for sa in &statistics.sas {
        let IpsecSa { protocol, source, destination, spi, packets, numbers, .. } = sa;
        let mut row = vec![protocol.name().to_owned(), or_dash(*source), or_dash(*destination)];
        row.push(format!("0x{spi:08x}"));
        row.extend(times.tally(*packets));
        match numbers {
            Some(numbers) => {
                let bound = if numbers.unjudged == 0 { "" } else { "≤" };
                row.push(format!("{}–{}", numbers.lowest, numbers.highest));
                row.push(format!("{bound}{}", numbers.missing));
            }
            None => row.extend(["-".to_owned(), "-".to_owned()]),
        }
        let counts = [sa.seen_twice, sa.replayed, sa.wrong_icv, sa.verified, sa.decrypted];
        row.extend(counts.map(|count| count.to_string()));
        table.row(row);
    }
    table.write(out, "SAs of ESP and AH");
    others(out, statistics.other_sas.count, "packets of further SAs are", "SAs");
}

fn isakmp(out: &mut String, statistics: &Statistics, times: &Times) {
    let mut table = Table::new(&[
        "<initiator cookie",
        "<responder cookie",
        "<version",
        "<source",
        "<destination",
        "messages",
        "octets",
        "first",
        "last",
        "encrypted",
    ]);
    for sa in &statistics.isakmp_sas {
        let IsakmpSa { initiator_cookie, responder_cookie, version: of_sa, .. } = sa;
        let responder = or_dash(responder_cookie.as_ref().map(cookie));
        let mut row = vec![cookie(initiator_cookie), responder, version(*of_sa)];
        row.extend([or_dash(sa.source), or_dash(sa.destination)]);
        row.extend(times.tally(sa.messages));
        row.push(sa.encrypted.to_string());
        table.row(row);
    }
    table.write(out, "ISAKMP SAs");
    others(out, statistics.other_isakmp_sas.count, "messages of further ISAKMP SAs are", "ISAKMP SAs");
}

fn hsrp(out: &mut String, statistics: &Statistics, times: &Times) {
    let mut table = Table::new(&[
        "version",
        "group",
        "<virtual address",
        "<sender",
        "<last state",
        "priority",
        "messages",
        "octets",
        "first",
        "last",
    ]);
    for group in &statistics.hsrp_groups {
        let HsrpGroup { version, group: number, virtual_address, senders, other_senders, .. } = group;
        let virtual_address = or_dash(*virtual_address);
        let row = |sender: [String; 3], messages: Tally| {
            let start = vec![version.to_string(), number.to_string(), virtual_address.clone()];
            [start, sender.to_vec(), times.tally(messages)].concat()
        };
        for sender in senders {
            let state =
                sender.state.map(|state| state.name.map_or_else(|| state.value.to_string(), str::to_owned));
            let priority = or_dash(sender.priority);
            table.row(row([or_dash(sender.address), or_dash(state), priority], sender.messages));
        }
        if other_senders.count != 0 {
            table.row(row(["others".to_owned(), "-".to_owned(), "-".to_owned()], *other_senders));
        }
    }
    table.write(out, "HSRP groups");
    others(out, statistics.other_hsrp_groups.count, "messages of further groups are", "groups");
}

fn what_is_wrong(out: &mut String, title: &str, origin: &str, kinds: &[WhatIsWrong], names: &[String]) {
    let origin = format!("<{origin}");
    let mut table = Table::new(&[&origin, "count", "<first in", "<what is wrong"]);
    for kind in kinds {
        let place = place(kind.first, names);
        table.row(vec![kind.origin.to_owned(), kind.count.to_string(), place, escaped(&kind.text)]);
    }
    table.write(out, title);
}

/// Writes how many are not in the table because of its limit.
fn others(out: &mut String, count: u64, what: &str, limited: &str) {
    if count != 0 {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "Others: {count} {what} not listed, because there are too many {limited}.");
    }
}

/// Times from the first frame on.
struct Times {
    start: Option<Timestamp>,
}

impl Times {
    fn heading(&self, out: &mut String, all: Tally) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{} frames, {} octets", all.count, all.octets);
        if let Some(start) = self.start {
            let mut time = Vec::new();
            text::rfc3339(&mut time, start);
            let (time, seconds) = (String::from_utf8_lossy(&time), self.since(all.last));
            let _ = write!(out, ", from {time} for {seconds} s");
        }
        out.push('\n');
    }

    fn since(&self, time: Option<Timestamp>) -> String {
        let (Some(Timestamp(time)), Some(Timestamp(start))) = (time, self.start) else {
            return "-".to_owned();
        };
        let mut seconds = Vec::new();
        text::seconds(&mut seconds, time.saturating_sub(start), 6, 0);
        String::from_utf8_lossy(&seconds).into_owned()
    }

    /// The cells of a count: how many, octets, first and last time.
    fn tally(&self, tally: Tally) -> Vec<String> {
        let numbers = [tally.count.to_string(), tally.octets.to_string()];
        [numbers, [self.since(tally.first), self.since(tally.last)]].concat()
    }
}

/// Lines of cells, in columns as wide as their widest cell.
struct Table {
    headings: Vec<String>,
    is_text: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings. A column of text has `<` before its heading; the others hold numbers.
    fn new(headings: &[&str]) -> Self {
        Self {
            headings: headings.iter().map(|heading| heading.trim_start_matches('<').to_owned()).collect(),
            is_text: headings.iter().map(|heading| heading.starts_with('<')).collect(),
            rows: Vec::new(),
        }
    }

    fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn write(&self, out: &mut String, title: &str) {
        if self.rows.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{title}");
        let all = || std::iter::once(&self.headings).chain(&self.rows);
        let width = |column: usize| {
            let cells = all().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..self.headings.len()).map(width).collect();
        for row in all() {
            let mut line = String::new();
            for ((cell, width), is_text) in row.iter().zip(&widths).zip(&self.is_text) {
                let _ = match is_text {
                    true => write!(line, "{cell:<width$}  "),
                    false => write!(line, "{cell:>width$}  "),
                };
            }
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
}

/// A cookie in hexadecimal.
pub(super) fn cookie(octets: &[u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(*octets))
}

/// The version of ISAKMP, as in 1.0.
pub(super) fn version(octet: u8) -> String {
    format!("{}.{}", octet >> 4, octet & 0x0f)
}

/// A cell with a value, or with a dash when it is not known.
fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// A frame, with its file when there are several.
fn place(Place { file, frame, .. }: Place, names: &[String]) -> String {
    match names.get(file).filter(|_| names.len() > 1) {
        Some(name) => format!("frame {frame} of {name}"),
        None => format!("frame {frame}"),
    }
}
