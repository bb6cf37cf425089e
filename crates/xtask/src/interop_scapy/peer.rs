//! A scapy process that is asked line by line.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

/// The Python program that scapy runs.
const SCRIPT: &str = include_str!("peer.py");

/// A running scapy.
pub(super) struct Peer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The answer of scapy to a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Scapy did what was asked.
    Done(String),
    /// Scapy does not have the algorithm.
    Unsupported(String),
    /// Scapy refused, with its reason.
    Refused(String),
}

/// An SA with scapy's names. A part that is not used is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Association {
    /// `ESP` or `AH`.
    pub(super) protocol: &'static str,
    pub(super) encryption: Option<&'static str>,
    pub(super) encryption_key: Vec<u8>,
    pub(super) icv_len: Option<usize>,
    pub(super) authentication: Option<&'static str>,
    pub(super) authentication_key: Vec<u8>,
}

/// A packet that scapy is asked to seal or to open under an SA.
#[derive(Clone, Debug)]
pub(super) struct Job<'a> {
    pub(super) association: &'a Association,
    /// The outer header of tunnel mode.
    pub(super) tunnel: Option<&'a [u8]>,
    pub(super) spi: u32,
    pub(super) sequence: u32,
    /// The high half of an extended sequence number.
    pub(super) sequence_high: Option<u32>,
    pub(super) iv: Option<&'a [u8]>,
    /// The IP packet.
    pub(super) packet: &'a [u8],
}

impl Peer {
    /// Starts scapy.
    pub(super) fn start() -> Result<Self> {
        let mut child = Command::new("python3")
            .args(["-W", "ignore", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("python3 cannot be started")?;
        let requests = child.stdin.take().context("python3 has no standard input")?;
        let answers = BufReader::new(child.stdout.take().context("python3 has no standard output")?);
        Ok(Self { child, requests, answers })
    }

    /// The versions of scapy and of the libraries that it uses.
    pub(super) fn versions(&mut self) -> Result<String> {
        match self.ask("versions")? {
            Answer::Done(versions) => Ok(versions),
            other => bail!("scapy answers {other:?} when it is asked for its version"),
        }
    }

    /// Whether scapy has the algorithms of an SA.
    pub(super) fn probe(&mut self, association: &Association) -> Result<Answer> {
        self.ask(&format!("probe {}", association.fields()))
    }

    /// Seals an IP packet.
    pub(super) fn seal(&mut self, job: &Job<'_>) -> Result<Answer> {
        self.ask(&format!("seal {}", job.fields()))
    }

    /// Opens an IP packet.
    pub(super) fn open(&mut self, job: &Job<'_>) -> Result<Answer> {
        self.ask(&format!("open {}", job.fields()))
    }

    fn ask(&mut self, request: &str) -> Result<Answer> {
        writeln!(self.requests, "{request}").context("scapy has ended")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        answer(line.trim_end()).with_context(|| format!("scapy answers {line:?}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Scapy ends when its input is closed. If it failed, an answer has shown it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answer(line: &str) -> Option<Answer> {
    if let Some(field) = line.strip_prefix("ok ") {
        Some(Answer::Done(field.to_string()))
    } else if let Some(why) = line.strip_prefix("no unsupported ") {
        Some(Answer::Unsupported(why.to_string()))
    } else {
        line.strip_prefix("no refused ").map(|why| Answer::Refused(why.to_string()))
    }
}

impl Association {
    fn fields(&self) -> String {
        format!(
            "{} {} {} {} {} {}",
            self.protocol,
            self.encryption.unwrap_or("-"),
            hexadecimal(&self.encryption_key),
            number(self.icv_len),
            self.authentication.unwrap_or("-"),
            hexadecimal(&self.authentication_key)
        )
    }
}

impl Job<'_> {
    fn fields(&self) -> String {
        format!(
            "{} {} {} {} {} {} {}",
            self.association.fields(),
            hexadecimal(self.tunnel.unwrap_or_default()),
            self.spi,
            self.sequence,
            number(self.sequence_high),
            hexadecimal(self.iv.unwrap_or_default()),
            hexadecimal(self.packet)
        )
    }
}

fn number(value: Option<impl ToString>) -> String {
    value.map_or("-".to_string(), |value| value.to_string())
}

/// Octets in the form that scapy is given.
fn hexadecimal(octets: &[u8]) -> String {
    if octets.is_empty() {
        return "-".to_string();
    }
    octets.iter().fold(String::new(), |mut text, octet| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{octet:02x}");
        text
    })
}

/// Octets in the form that scapy returns.
pub(super) fn octets(text: &str) -> Result<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        bail!("{text:?} is not in hexadecimal");
    }
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_there_and_back() {
        assert_eq!(hexadecimal(&[0, 0xfe, 7]), "00fe07");
        assert_eq!(octets("00fe07").unwrap(), [0, 0xfe, 7]);
        assert_eq!((hexadecimal(&[]).as_str(), octets("").unwrap()), ("-", Vec::new()));
        assert!(octets("0").is_err() && octets("0g").is_err());
    }

    #[test]
    fn answers_are_told_apart() {
        assert_eq!(answer("ok 00"), Some(Answer::Done("00".to_string())));
        assert_eq!(answer("no unsupported DES"), Some(Answer::Unsupported("DES".to_string())));
        assert_eq!(answer("no refused E: x"), Some(Answer::Refused("E: x".to_string())));
        assert_eq!((answer(""), answer("Traceback")), (None, None));
    }
}
