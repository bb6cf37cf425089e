//! `cargo xtask compare-tshark`: what our tool says of a capture beside what tshark says.
//!
//! Per frame and per field name the ordered lists of values are compared, both ways: a field that only one side has is
//! a difference. A new protocol is a line in [`PROTOCOLS`]; fields of tshark that are no octets of the packet stand
//! in [`EXCLUDED`]; differences that are meant stand in `crates/xtask/accepted-differences.txt`.

mod accepted;
mod json;
mod keys;
mod pdml;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};

use crate::process::{self, matches};
use accepted::Accepted;
use json::Ours;
use keys::Keys;
use pdml::Theirs;

/// The version whose field names and values ours follow.
const REFERENCE: &str = "4.0.17";

/// A protocol whose fields are compared.
struct Protocol {
    /// As `--protocols` calls it, and as `frame.protocols` does.
    name: &'static str,
    /// How the names of its fields begin.
    prefixes: &'static [&'static str],
    /// Whether a run without arguments takes the captures that hold it. Carriers are in nearly all.
    selects: bool,
    /// Preferences that tshark needs for it.
    preferences: &'static [&'static str],
}

const fn carrier(name: &'static str, prefixes: &'static [&'static str]) -> Protocol {
    Protocol { name, prefixes, selects: false, preferences: &[] }
}

const fn subject(
    name: &'static str,
    prefixes: &'static [&'static str],
    preferences: &'static [&'static str],
) -> Protocol {
    Protocol { name, prefixes, selects: true, preferences }
}

/// What is compared.
const PROTOCOLS: &[Protocol] = &[
    carrier("frame", &["frame."]),
    carrier("eth", &["eth."]),
    carrier("null", &["null."]),
    carrier("raw", &["raw."]),
    carrier("vlan", &["vlan."]),
    carrier("llc", &["llc."]),
    carrier("ieee8021ad", &["ieee8021ad.", "ieee8021ah."]),
    carrier("sll", &["sll."]),
    carrier("ip", &["ip."]),
    carrier("ipv6", &["ipv6."]),
    carrier("udp", &["udp."]),
    subject("hsrp", &["hsrp.", "hsrp2."], &[]),
    subject("isakmp", &["isakmp."], &[]),
    subject("udpencap", &["udpencap."], &[]),
    subject("gre", &["gre."], &[]),
    subject("cmd", &["cmd."], &[]),
    subject("erspan", &["erspan."], &[]),
    // The authentication extension is Cisco's in nearly all captures; tshark does not guess.
    subject("nhrp", &["nhrp."], &["nhrp.auth_ext_has_addr:FALSE"]),
    subject("esp", &["esp."], &[]),
    subject("ah", &["ah."], &[]),
    // TSNs as they were sent, and nothing that comes from other packets.
    subject("sctp", &["sctp."], &["sctp.relative_tsns:FALSE", "sctp.tsn_analysis:FALSE"]),
];

/// Whether a name of `frame.protocols` is that of a protocol compared here: tshark knows many that are not ours.
fn is_compared(name: &str) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.name == name)
}

/// Whether a field is one of a carrier.
fn is_of_carrier(field: &str) -> bool {
    let mut carriers = PROTOCOLS.iter().filter(|protocol| !protocol.selects);
    carriers.any(|protocol| protocol.prefixes.iter().any(|prefix| field.starts_with(prefix)))
}

/// Whether a protocol of tshark's is one that is not dissected here. What carriers it holds are not compared: an IP
/// packet in ICMP or VXLAN is not looked into.
fn is_foreign(name: &str) -> bool {
    const NO_PROTOCOLS: [&str; 5] = ["geninfo", "fake-field-wrapper", "ethertype", "data", "_ws.*"];
    // Extension headers are named as fields of IPv6 are.
    let (protocol, _) = name.split_once('.').unwrap_or((name, ""));
    !is_compared(protocol) && !NO_PROTOCOLS.iter().any(|pattern| matches(pattern, name))
}

/// Whether a protocol is a carrier.
fn is_carrier(name: &str) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.name == name && !protocol.selects)
}

/// Fields that are not compared, and why: tshark makes them up, or shows again what another field shows.
const EXCLUDED: &[(&str, &str)] = &[
    ("_ws.*", "remarks of tshark's"),
    ("*_resolved", "names from tshark's tables"),
    ("*.checksum.status", "a verdict; validation is off in tshark by default"),
    ("*.checksum_calculated", "a verdict"),
    ("*.stream", "a number tshark gives to a conversation"),
    ("*.time_relative", "from other frames"),
    ("*.time_delta", "from other frames"),
    ("frame.time", "frame.time_epoch in words"),
    ("frame.time_delta_displayed", "from other frames"),
    ("frame.offset_shift", "of the display"),
    ("frame.marked", "of the display"),
    ("frame.ignored", "of the display"),
    ("frame.encap_type", "tshark's own number of the link type"),
    ("frame.interface_*", "of the file"),
    ("frame.section_number", "of the file"),
    ("frame.comment*", "of the file"),
    ("frame.packet_flags*", "of the file"),
    ("frame.packet_id", "of the file"),
    ("frame.drop_count", "of the file"),
    ("frame.p2p_dir", "of the file"),
    ("frame.coloring_rule.*", "of the display"),
    ("eth.addr", "eth.src and eth.dst again"),
    ("eth.*.oui", "a part of eth.src and eth.dst"),
    ("eth.*lg", "a bit of eth.src and eth.dst"),
    ("eth.*ig", "a bit of eth.src and eth.dst"),
    ("ip.addr", "ip.src and ip.dst again"),
    ("ip.host", "ip.src and ip.dst again"),
    ("ip.*_host", "ip.src and ip.dst again"),
    ("ip.fragment", "numbers of other frames"),
    ("ip.fragments", "a heading"),
    ("ip.fragment.*", "from other frames"),
    ("ip.reassembled*", "from other frames"),
    ("ip.geoip.*", "from a database"),
    ("ipv6.addr", "ipv6.src and ipv6.dst again"),
    ("ipv6.host", "ipv6.src and ipv6.dst again"),
    ("ipv6.*_host", "ipv6.src and ipv6.dst again"),
    ("ipv6.fragment", "numbers of other frames"),
    ("ipv6.fragments", "a heading"),
    ("ipv6.fragment.*", "from other frames"),
    ("ipv6.reassembled*", "from other frames"),
    ("ipv6.geoip.*", "from a database"),
    ("ipv6.*_slaac_mac", "a part of ipv6.src and ipv6.dst"),
    ("ipv6.slaac_mac", "a part of ipv6.src and ipv6.dst"),
    ("ipv6.*_isatap_ipv4", "a part of ipv6.src and ipv6.dst"),
    ("eth.fcs*", "a guess: the capture does not say whether frames hold their check sequence"),
    ("eth.len.past_end", "a remark of tshark's"),
    ("eth.src_not_group", "a remark of tshark's"),
    ("ip.bogus_ip_version", "a remark of tshark's"),
    ("ip.opt.*", "options are shown as octets, in ip.options"),
    ("ip.options", "a heading to tshark, octets to us"),
    ("ip.options.*", "options are shown as octets, in ip.options"),
    ("ip.cur_rt", "options are shown as octets, in ip.options"),
    ("ip.empty_rt", "options are shown as octets, in ip.options"),
    ("ip.rec_rt", "options are shown as octets, in ip.options"),
    ("ip.src_rt", "options are shown as octets, in ip.options"),
    ("ip.ttl.*", "remarks of tshark's"),
    ("ipv6.opt", "options of extension headers are not taken apart"),
    ("ipv6.opt.*", "options of extension headers are not taken apart"),
    ("ipv6.routing.deprecated", "a remark of tshark's"),
    ("ipv6.routing.src.*", "addresses of routing headers are not taken apart"),
    ("ipv6.plen_zero", "a remark of tshark's"),
    ("*.chksum.status", "a verdict"),
    ("gre.checksum.incorrect", "a remark of tshark's"),
    ("erspan.version.unknown", "a remark of tshark's"),
    ("nhrp.hdr.*.invalid", "a remark of tshark's"),
    ("nhrp.hdr.bad_checksum", "a remark of tshark's"),
    ("nhrp.ext.not_allowed", "a remark of tshark's"),
    ("nhrp.ext.malformed", "a remark of tshark's"),
    ("nhrp.ext.extra", "a remark of tshark's"),
    ("udp.length.bad", "a remark of tshark's"),
    ("udp.checksum.zero", "a remark of tshark's"),
    ("sctp.port", "sctp.srcport and sctp.dstport again"),
    ("sctp.assoc_index", "a number tshark gives to an association"),
    ("sctp.initiate_tag", "sctp.init_initiate_tag and sctp.initack_initiate_tag again"),
    ("sctp.sack_number_of_tsns_gap_acked", "a sum"),
    ("sctp.fragments", "a heading"),
    ("sctp.fragment", "numbers of other frames"),
    ("sctp.reassembled_in", "the number of another frame"),
    ("sctp.duplicate", "the number of another frame"),
    ("sctp.*.expert", "a remark of tshark's"),
    ("sctp.*.bad", "a remark of tshark's"),
    ("sctp.sack_gap_block_malformed", "a remark of tshark's"),
    ("sctp.sack_gap_block_out_of_order", "a remark of tshark's"),
    ("sctp.sack_number_of_tsns_gap_acked.100", "a remark of tshark's"),
    ("sctp.checksum.algorithm", "a verdict"),
    ("udp.port", "udp.srcport and udp.dstport again"),
    ("udp.payload", "octets that the protocol in it shows"),
    ("udp.possible_traceroute", "a guess"),
    ("isakmp.vid_string", "a name from tshark's table; ours is another table"),
    ("isakmp.fragments", "a heading"),
    ("isakmp.fragment", "numbers of other frames"),
    ("isakmp.fragment.*", "from other frames"),
    ("isakmp.reassembled.*", "from other frames"),
    ("isakmp.payloadlength.invalid", "a remark of tshark's"),
];

/// Fields that have no value with tshark: it is compared how many there are, not what ours say.
const WITHOUT_VALUE: &[&str] = &[
    "isakmp.*.attr",
    "isakmp.id.data",
    "isakmp.cert.data",
    "isakmp.enc.data",
    "isakmp.ike.nat_keepalive",
    "udpencap.*",
    "esp.sequence-analysis.wrong-sequence-number",
];

/// Every field equals tshark's, both ways, but for the accepted differences.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Captures; without any, those of ../shared/captures and testdata that hold a protocol compared here.
    files: Vec<PathBuf>,
    /// Compares the fields of these protocols only.
    #[arg(long, value_delimiter = ',')]
    protocols: Vec<String>,
    /// Prints every difference, not only the first of each field.
    #[arg(long)]
    all: bool,
    /// Takes this program instead of building `vpnwire`.
    #[arg(long)]
    vpnwire: Option<PathBuf>,
}

/// One difference in one field of one frame.
#[derive(Debug)]
struct Difference {
    file: String,
    frame: u64,
    field: String,
    protocols: String,
    ours: String,
    theirs: String,
    is_malformed: bool,
    with_keys: bool,
    /// All that ours says of the frame.
    our_frame: Arc<Ours>,
    is_cut: bool,
}

#[derive(Debug, Default)]
struct Report {
    files: usize,
    /// Files compared once more with keys on both sides.
    keyed: usize,
    frames: usize,
    malformed: usize,
    values: usize,
    /// Values of carriers inside protocols that are not dissected here.
    foreign: usize,
    differences: Vec<Difference>,
}

/// Which fields are looked at.
struct Scope {
    prefixes: Vec<&'static str>,
}

impl Scope {
    fn new(protocols: &[String]) -> Result<Self> {
        let mut prefixes = Vec::new();
        for name in protocols {
            if !PROTOCOLS.iter().any(|protocol| protocol.name == name) {
                bail!("no protocol {name} in the table of those compared");
            }
        }
        for protocol in PROTOCOLS {
            if protocols.is_empty() || protocols.iter().any(|name| name == protocol.name) {
                prefixes.extend(protocol.prefixes);
            }
        }
        Ok(Self { prefixes })
    }

    fn holds(&self, field: &str) -> bool {
        self.prefixes.iter().any(|prefix| field.starts_with(prefix))
            && !EXCLUDED.iter().any(|(excluded, _)| matches(excluded, field))
    }
}

/// Runs the gate.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Some(version) = process::first_line("tshark", &["--version"]) else {
        bail!("tshark is not installed")
    };
    println!("{version} (reference {REFERENCE})");
    let scope = Scope::new(&arguments.protocols)?;
    let vpnwire = match &arguments.vpnwire {
        Some(path) => path.clone(),
        None => {
            process::check(process::cargo(&process::root()).args([
                "build",
                "--quiet",
                "--release",
                "--package",
                "vpnwire",
            ]))?;
            process::metadata()?.target_directory.into_std_path_buf().join("release/vpnwire")
        }
    };
    let is_full = arguments.files.is_empty() && arguments.protocols.is_empty();
    let mut candidates = arguments.files.clone();
    let folders = [process::root().join("../shared/captures"), process::root().join("testdata")];
    if candidates.is_empty() {
        for folder in &folders {
            if folder.is_dir() {
                candidates.extend(captures(folder)?);
            } else {
                println!("no captures at {}", folder.display());
            }
        }
    }
    // However a capture was named, it goes by its path below the folders.
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let roots = folders.each_ref().map(|folder| whole(folder));
    let name = |path: &Path| {
        let path = whole(path);
        let below = roots.iter().find_map(|root| path.strip_prefix(root).ok());
        below.unwrap_or(&path).display().to_string()
    };

    let report = Mutex::new(Report::default());
    let failed: Mutex<Option<anyhow::Error>> = Mutex::new(None);
    let turn = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|threads| {
        for _ in 0..workers {
            threads.spawn(|| {
                while let Some(file) = candidates.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    let result = one_file(arguments, &scope, &vpnwire, file, &name(file));
                    match result.with_context(|| file.display().to_string()) {
                        Ok(None) => {}
                        Ok(Some(one)) => {
                            let mut report = report.lock().unwrap();
                            report.files += 1;
                            report.keyed += one.keyed;
                            report.frames += one.frames;
                            report.malformed += one.malformed;
                            report.values += one.values;
                            report.foreign += one.foreign;
                            report.differences.extend(one.differences);
                        }
                        Err(error) => {
                            failed.lock().unwrap().get_or_insert(error);
                        }
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap() {
        return Err(error);
    }
    let list = process::root().join("crates/xtask/accepted-differences.txt");
    let accepted = accepted::parse(&std::fs::read_to_string(&list).unwrap_or_default())?;
    conclude(report.into_inner().unwrap(), &accepted, is_full, arguments.all)
}

/// The comparison of one capture; nothing when it was not named and holds no protocol that selects it.
fn one_file(
    arguments: &Arguments,
    scope: &Scope,
    vpnwire: &Path,
    file: &Path,
    name: &str,
) -> Result<Option<Report>> {
    if arguments.files.is_empty() && !holds_subject(file, &arguments.protocols)? {
        return Ok(None);
    }
    let mut report = Report::default();
    let keys = Keys::of(file, name)?;
    for keys in [Keys::default()].into_iter().chain(keys) {
        let theirs = pdml::read(tshark(file, &keys)?, &|field| scope.holds(field))?;
        let ours = json::read(dissect(vpnwire, file, &keys)?, &|field| scope.holds(field))?;
        report.keyed += usize::from(!keys.is_empty());
        compare(name, !keys.is_empty(), ours, theirs, &mut report);
    }
    Ok(Some(report))
}

/// Takes the accepted differences away, prints the others, and fails when there are any or nothing was compared.
fn conclude(mut report: Report, accepted: &[Accepted], is_full: bool, print_all: bool) -> Result<()> {
    report.differences.sort_by(|a, b| (&a.field, &a.file, a.frame).cmp(&(&b.field, &b.file, b.frame)));
    let mut counts = vec![0; accepted.len()];
    let mut open: Vec<&Difference> = Vec::new();
    for difference in &report.differences {
        let mut is_accepted = false;
        for (entry, count) in accepted.iter().zip(&mut counts) {
            if entry.matches(difference) {
                *count += 1;
                is_accepted = true;
            }
        }
        if !is_accepted {
            open.push(difference);
        }
    }
    let mut by_field: BTreeMap<&str, usize> = BTreeMap::new();
    for difference in &open {
        let count = by_field.entry(&difference.field).or_default();
        *count += 1;
        if print_all || *count <= 3 {
            println!(
                "{}{} frame {} {}: ours [{}], tshark [{}] ({})",
                difference.file,
                if difference.with_keys { " with keys" } else { "" },
                difference.frame,
                difference.field,
                difference.ours,
                difference.theirs,
                difference.protocols
            );
        }
    }
    for (field, count) in &by_field {
        println!("{count:>8} differences in {field}");
    }
    let mut unused = 0;
    for (entry, count) in accepted.iter().zip(&counts) {
        if *count == 0 && is_full {
            unused += 1;
            println!("line {} of the accepted differences matches nothing: {}", entry.line, entry.text);
        } else if *count > 0 {
            println!("accepted {count:>6}: {}", entry.text);
        }
    }
    println!(
        "compare-tshark: {} files, {} of them with keys too, {} frames ({} of them malformed to tshark), {} values in \
         fields, {} differences accepted, {} open; {} values inside of protocols not dissected here left out",
        report.files,
        report.keyed,
        report.frames,
        report.malformed,
        report.values,
        report.differences.len() - open.len(),
        open.len(),
        report.foreign
    );
    if report.files == 0 || report.frames == 0 || report.values == 0 {
        bail!("compare-tshark: nothing was compared");
    }
    if !open.is_empty() || unused > 0 {
        bail!("compare-tshark: {} differences, {unused} accepted differences that are none", open.len());
    }
    Ok(())
}

fn compare(file: &str, with_keys: bool, ours: Vec<Ours>, theirs: Vec<Theirs>, report: &mut Report) {
    let mut ours: BTreeMap<u64, Ours> = ours.into_iter().map(|frame| (frame.number, frame)).collect();
    let mut theirs: BTreeMap<u64, Theirs> = theirs.into_iter().map(|frame| (frame.number, frame)).collect();
    let numbers: BTreeSet<u64> = ours.keys().chain(theirs.keys()).copied().collect();
    report.files = 1;
    for number in numbers {
        report.frames += 1;
        let (our_frame, their_frame) = match (ours.remove(&number), theirs.remove(&number)) {
            (Some(ours), Some(theirs)) => (Arc::new(ours), theirs),
            (ours, theirs) => {
                let presence = |is_there: bool| if is_there { "present" } else { "absent" }.to_string();
                report.differences.push(Difference {
                    file: file.to_string(),
                    frame: number,
                    field: "frame".to_string(),
                    protocols: theirs.as_ref().map(|frame| frame.protocols.clone()).unwrap_or_default(),
                    ours: presence(ours.is_some()),
                    theirs: presence(theirs.is_some()),
                    is_malformed: false,
                    with_keys,
                    our_frame: Arc::new(ours.unwrap_or_default()),
                    is_cut: false,
                });
                continue;
            }
        };
        report.malformed += usize::from(their_frame.is_malformed);
        report.foreign += their_frame.foreign;
        let names: BTreeSet<&String> = our_frame.fields.keys().chain(their_frame.fields.keys()).collect();
        for name in names {
            let ours = our_frame.fields.get(name).map(Vec::as_slice).unwrap_or_default();
            let theirs = their_frame.fields.get(name).map(Vec::as_slice).unwrap_or_default();
            report.values += ours.len().max(theirs.len());
            let has_value = !WITHOUT_VALUE.iter().any(|pattern| matches(pattern, name));
            let is_same = ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| !has_value && theirs.is_empty() || values::same(ours, theirs));
            if !is_same {
                report.differences.push(Difference {
                    file: file.to_string(),
                    frame: number,
                    field: name.clone(),
                    protocols: their_frame.protocols.clone(),
                    ours: values::joined(ours),
                    theirs: theirs.iter().map(values::theirs).collect::<Vec<_>>().join(" "),
                    is_malformed: their_frame.is_malformed,
                    with_keys,
                    our_frame: Arc::clone(&our_frame),
                    is_cut: their_frame.is_cut,
                });
            }
        }
    }
}

/// A tshark that reads no settings of whoever runs it.
fn plain_tshark(file: &Path) -> Command {
    let mut command = Command::new("tshark");
    command
        .env("WIRESHARK_CONFIG_DIR", std::env::temp_dir().join("vpnwire-no-wireshark-settings"))
        .env("TZ", "UTC")
        .env("LC_ALL", "C.UTF-8")
        .arg("-n")
        .arg("-r")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn tshark(file: &Path, keys: &Keys) -> Result<std::process::Child> {
    let mut command = plain_tshark(file);
    command.args(["-T", "pdml"]);
    for preference in PROTOCOLS.iter().flat_map(|protocol| protocol.preferences) {
        command.args(["-o", preference]);
    }
    command.args(keys.for_tshark());
    command.spawn().context("tshark does not start")
}

fn dissect(vpnwire: &Path, file: &Path, keys: &Keys) -> Result<std::process::Child> {
    Command::new(vpnwire)
        .args(["dissect", "--json", "--octets"])
        .args(keys.for_vpnwire())
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} does not start", vpnwire.display()))
}

/// Whether a frame of the capture holds one of the protocols that select captures; tshark says so.
fn holds_subject(file: &Path, protocols: &[String]) -> Result<bool> {
    let output = plain_tshark(file).args(["-T", "fields", "-e", "frame.protocols"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split([':', '\n']).any(|name| {
        PROTOCOLS.iter().any(|protocol| {
            protocol.name == name
                && if protocols.is_empty() {
                    protocol.selects
                } else {
                    protocols.iter().any(|named| named == name)
                }
        })
    }))
}

/// Every capture below a folder.
fn captures(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if [".pcap", ".cap", ".pcapng", ".pcap.gz", ".pcapng.gz"]
                .iter()
                .any(|end| name.ends_with(end))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDML: &str = r#"<?xml version="1.0"?>
<pdml><packet>
<proto name="geninfo"><field name="num" show="1"/></proto>
<proto name="frame"><field name="frame.number" show="1"/><field name="frame.len" show="62"/>
<field name="frame.protocols" show="eth:ethertype:ip:udp:hsrp"/></proto>
<proto name="eth"><field name="eth.dst" show="01:00:5e:00:00:02" value="01005e000002">
<field name="eth.dst_resolved" hide="yes" show="x"/><field name="eth.lg" show="0"/></field></proto>
<proto name="hsrp"><field name="hsrp.opcode" show="0" value="00"/><field name="hsrp.virt_ip" show="10.0.0.1"/>
<field name="hsrp2.id" show="0x0a"/><field name="hsrp2.id" show="11"/><field name="" show="Text"/></proto>
</packet></pdml>"#;

    const JSON: &str = r#"{"frame":1,"time":"2008-06-19T05:52:16.041638000Z","len":62,"captured_len":62,"protocols":["eth","ip","udp","hsrp"],"fields":{"eth.dst":["01:00:5e:00:00:02"],"hsrp.opcode":[0],"hsrp.virt_ip":["10.0.0.1"],"hsrp2.id":[10,11]},"faults":[]}"#;

    fn report(json: &str, pdml: &str) -> Report {
        let scope = Scope::new(&["eth".to_string(), "hsrp".to_string()]).unwrap();
        let holds = |field: &str| scope.holds(field);
        let ours = json::parse(json.as_bytes(), &holds).unwrap();
        let theirs = pdml::parse(pdml.as_bytes(), &holds).unwrap();
        let mut report = Report::default();
        compare("a/b.pcap", false, ours, theirs, &mut report);
        report
    }

    fn differences(json: &str, pdml: &str) -> Vec<String> {
        let report = report(json, pdml);
        let list = report.differences.iter();
        list.map(|d| format!("{}: [{}] [{}]", d.field, d.ours, d.theirs)).collect()
    }

    #[test]
    fn equal_frames_are_equal() {
        assert_eq!(differences(JSON, PDML), Vec::<String>::new());
        let report = report(JSON, PDML);
        assert_eq!((report.frames, report.values), (1, 5));
    }

    #[test]
    fn a_field_missing_on_either_side_is_a_difference() {
        assert_eq!(
            differences(&JSON.replace(r#","hsrp.virt_ip":["10.0.0.1"]"#, ""), PDML),
            ["hsrp.virt_ip: [] [10.0.0.1]"]
        );
        assert_eq!(
            differences(JSON, &PDML.replace(r#"<field name="hsrp.virt_ip" show="10.0.0.1"/>"#, "")),
            ["hsrp.virt_ip: [10.0.0.1] []"]
        );
    }

    #[test]
    fn order_and_count_of_values_matter() {
        assert_eq!(differences(&JSON.replace("[10,11]", "[11,10]"), PDML), ["hsrp2.id: [11 10] [0x0a 11]"]);
        assert_eq!(differences(&JSON.replace("[10,11]", "[10]"), PDML), ["hsrp2.id: [10] [0x0a 11]"]);
        assert_eq!(
            differences(&JSON.replace("[10,11]", "[10,11,12]"), PDML),
            ["hsrp2.id: [10 11 12] [0x0a 11]"]
        );
    }

    #[test]
    fn a_wrong_value_is_a_difference() {
        assert_eq!(differences(&JSON.replace(":[0]", ":[1]"), PDML), ["hsrp.opcode: [1] [0]"]);
        assert_eq!(
            differences(&JSON.replace("00:00:02", "00:00:03"), PDML),
            ["eth.dst: [01:00:5e:00:00:03] [01:00:5e:00:00:02]"]
        );
    }

    #[test]
    fn a_frame_missing_on_either_side_is_a_difference() {
        assert_eq!(differences("", PDML), ["frame: [absent] [present]"]);
        assert_eq!(differences(JSON, "<pdml></pdml>"), ["frame: [present] [absent]"]);
    }

    #[test]
    fn an_open_difference_fails_and_an_accepted_one_does_not() {
        let json = JSON.replace(":[0]", ":[1]");
        let accepted =
            accepted::parse("hsrp.opcode | file=b.pcap,theirs=0 | RFC 2281 section 5.1: made up").unwrap();
        assert!(conclude(report(&json, PDML), &[], true, false).is_err());
        assert!(conclude(report(&json, PDML), &accepted, true, false).is_ok());
        assert!(conclude(report(&json.replace("[10,11]", "[1]"), PDML), &accepted, true, false).is_err());
    }

    #[test]
    fn an_accepted_difference_that_matches_nothing_fails_a_full_run() {
        let accepted = accepted::parse("hsrp.opcode | * | RFC 2281 section 5.1: made up").unwrap();
        assert!(conclude(report(JSON, PDML), &accepted, true, false).is_err());
        assert!(conclude(report(JSON, PDML), &accepted, false, false).is_ok());
    }

    #[test]
    fn comparing_nothing_fails() {
        assert!(conclude(report("", "<pdml></pdml>"), &[], false, false).is_err());
        assert!(conclude(report(JSON, PDML), &[], false, false).is_ok());
        assert!(Scope::new(&["nonesuch".to_string()]).is_err());
    }
}
