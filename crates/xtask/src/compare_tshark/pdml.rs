//! The side of tshark: the fields of each packet of a PDML stream.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Child;

use anyhow::{Context, Result};
use quick_xml::events::{BytesStart, Event};

use super::protocol::{is_carrier, is_compared, is_foreign, is_of_carrier};
use super::values::Shown;

/// The output of tshark for one frame.
#[derive(Debug, Default)]
pub(super) struct Theirs {
    pub(super) number: u64,
    /// The protocols, as in `frame.protocols`.
    pub(super) protocols: String,
    pub(super) fields: BTreeMap<String, Vec<Shown>>,
    pub(super) is_malformed: bool,
    /// Whether the capture has fewer octets of the frame than were on the wire.
    pub(super) is_cut: bool,
    len: String,
    /// The number of values that are left out: those of carriers inside protocols that `vpnwire` does not dissect.
    pub(super) foreign: usize,
    is_in_foreign: bool,
}

/// Reads the whole output of the program.
pub(super) fn read(mut tshark: Child, holds: &dyn Fn(&str) -> bool) -> Result<Vec<Theirs>> {
    let output = tshark.stdout.take().context("tshark has no output")?;
    let frames = parse(BufReader::new(output), holds)?;
    // The exit status of a capture that ends in the middle of a packet is not an error; the frames before it count.
    tshark.wait()?;
    Ok(frames)
}

/// Reads a PDML stream, and keeps the fields for which `holds` is true.
pub(super) fn parse(input: impl BufRead, holds: &dyn Fn(&str) -> bool) -> Result<Vec<Theirs>> {
    let mut reader = quick_xml::Reader::from_reader(input);
    reader.config_mut().check_end_names = false;
    let mut frames = Vec::new();
    let mut frame = Theirs::default();
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).context("tshark's PDML")? {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                b"packet" => frame = Theirs::default(),
                b"proto" => {
                    let attributes = Attributes::of(&tag);
                    frame.is_malformed |= attributes.name.starts_with("_ws.malformed");
                    frame.is_in_foreign |= is_foreign(&attributes.name);
                }
                b"field" => frame.field(Attributes::of(&tag), holds),
                _ => {}
            },
            Event::End(tag) if tag.name().as_ref() == b"packet" => frames.push(std::mem::take(&mut frame)),
            Event::Eof => return Ok(frames),
            _ => {}
        }
        buffer.clear();
    }
}

#[derive(Default)]
struct Attributes {
    name: String,
    shown: Shown,
    is_hidden: bool,
}

impl Attributes {
    fn of(tag: &BytesStart<'_>) -> Self {
        let mut found = Self::default();
        for attribute in tag.attributes().with_checks(false).flatten() {
            let text = || match attribute.unescape_value() {
                Ok(text) => text.into_owned(),
                Err(_) => String::from_utf8_lossy(&attribute.value).into_owned(),
            };
            match attribute.key.as_ref() {
                b"name" => found.name = text(),
                b"show" => found.shown.show = text(),
                b"value" => found.shown.value = text(),
                b"hide" => found.is_hidden = &*attribute.value == b"yes",
                _ => {}
            }
        }
        found
    }
}

impl Theirs {
    fn field(&mut self, mut attributes: Attributes, holds: &dyn Fn(&str) -> bool) {
        match attributes.name.as_str() {
            "num" => self.number = attributes.shown.show.parse().unwrap_or(self.number),
            "frame.len" => self.len.clone_from(&attributes.shown.show),
            "frame.cap_len" => self.is_cut = self.len != attributes.shown.show,
            "frame.protocols" => {
                let mut is_in_foreign = false;
                let kept = attributes.shown.show.split(':').filter(|name| {
                    is_in_foreign |= is_foreign(name);
                    is_compared(name) && !(is_in_foreign && is_carrier(name))
                });
                let kept: Vec<_> = kept.collect();
                self.protocols = kept.join(":");
                attributes.shown.show = self.protocols.clone();
            }
            name => self.is_malformed |= name.starts_with("_ws.malformed"),
        }
        if attributes.is_hidden || !holds(&attributes.name) {
            return;
        }
        if self.is_in_foreign && is_of_carrier(&attributes.name) {
            self.foreign += 1;
        } else {
            self.fields.entry(attributes.name).or_default().push(attributes.shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_fields_are_left_out_and_nested_ones_are_not() {
        let text = r#"<pdml><packet><proto name="geninfo"><field name="num" show="7"/></proto>
            <proto name="x"><field name="x.a" show="1"><field name="x.b" show="it&#x27;s &lt;b&gt;" value="6974"/></field>
            <field name="x.c" hide="yes" show="3"/></proto><proto name="fake-field-wrapper"><field name="x.d" value="0b"/>
            </proto><proto name="_ws.malformed"/></packet><packet><field name="num" show="8"/></packet></pdml>"#;
        let frames = parse(text.as_bytes(), &|name| name.starts_with("x.")).unwrap();
        assert_eq!(frames.len(), 2);
        assert_eq!((frames[0].number, frames[1].number), (7, 8));
        assert!(frames[0].is_malformed && !frames[1].is_malformed);
        let names: Vec<_> = frames[0].fields.keys().map(String::as_str).collect();
        assert_eq!(names, ["x.a", "x.b", "x.d"]);
        assert_eq!(
            frames[0].fields["x.b"],
            [Shown { show: "it's <b>".to_string(), value: "6974".to_string() }]
        );
        assert_eq!(frames[0].fields["x.d"][0].value, "0b");
    }

    #[test]
    fn carriers_in_a_protocol_not_dissected_here_are_counted_and_left_out() {
        let text = r#"<pdml><packet><proto name="geninfo"><field name="num" show="1"/></proto><proto name="frame">
            <field name="frame.protocols" show="eth:ethertype:ip:vxlan:ip:udp:hsrp"/></proto>
            <proto name="ip"><field name="ip.ttl" show="1"/></proto><proto name="vxlan"><proto name="ip">
            <field name="ip.ttl" show="2"/></proto></proto><proto name="hsrp"><field name="hsrp.group" show="3"/></proto>
            </packet><packet><proto name="ip"><field name="ip.ttl" show="4"/></proto></packet></pdml>"#;
        let frames = parse(text.as_bytes(), &|_| true).unwrap();
        let shown = |frame: usize, name: &str| -> Vec<_> {
            frames[frame].fields[name].iter().map(|shown| shown.show.clone()).collect()
        };
        assert_eq!(frames[0].protocols, "eth:ip:hsrp");
        assert_eq!((shown(0, "ip.ttl"), frames[0].foreign), (vec!["1".to_string()], 1));
        assert_eq!(shown(0, "hsrp.group"), ["3"], "what is looked for is found anywhere");
        assert_eq!((shown(1, "ip.ttl"), frames[1].foreign), (vec!["4".to_string()], 0));
    }
}
