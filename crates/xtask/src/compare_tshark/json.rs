//! The side of `vpnwire`: the objects that `vpnwire dissect --json` prints, one on each line.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Child;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::protocol::is_compared;

/// The output of `vpnwire` for one frame.
#[derive(Debug, Default)]
pub(super) struct Ours {
    pub(super) number: u64,
    pub(super) fields: BTreeMap<String, Vec<Value>>,
    /// The faults of the frame, each as `PROTOCOL: REASON`.
    pub(super) faults: Vec<String>,
}

/// Reads the whole output of the program.
pub(super) fn read(mut vpnwire: Child, holds: &dyn Fn(&str) -> bool) -> Result<Vec<Ours>> {
    let output = vpnwire.stdout.take().context("vpnwire has no output")?;
    let frames = parse(BufReader::new(output), holds)?;
    // The exit status of a capture that ends in the middle of a packet is not an error; the frames before it count.
    vpnwire.wait()?;
    Ok(frames)
}

/// Reads the lines, and keeps the fields for which `holds` is true.
pub(super) fn parse(input: impl BufRead, holds: &dyn Fn(&str) -> bool) -> Result<Vec<Ours>> {
    let mut frames = Vec::new();
    for line in input.lines() {
        let line = line?;
        let object: Value =
            serde_json::from_str(&line).with_context(|| format!("the line is not JSON: {line}"))?;
        let number =
            object["frame"].as_u64().with_context(|| format!("the line has no frame number: {line}"))?;
        let mut frame = Ours { number, faults: faults(&object), ..Ours::default() };
        for (name, values) in
            object["fields"].as_object().with_context(|| format!("the line has no fields: {line}"))?
        {
            let values = values.as_array().with_context(|| format!("{name} is not an array: {line}"))?;
            if holds(name) {
                frame.fields.insert(name.clone(), values.clone());
            }
        }
        for (name, value) in frame_fields(&object) {
            if holds(name) {
                frame.fields.entry(name.to_string()).or_insert_with(|| vec![value]);
            }
        }
        frames.push(frame);
    }
    Ok(frames)
}

fn faults(object: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let faults = object["faults"].as_array().into_iter().flatten();
    faults.map(|fault| format!("{}: {}", text(&fault["protocol"]), text(&fault["reason"]))).collect()
}

/// The values of the object outside its fields, by tshark's names.
fn frame_fields(object: &Value) -> Vec<(&'static str, Value)> {
    let mut fields = Vec::new();
    for (key, name) in [("frame", "frame.number"), ("len", "frame.len"), ("captured_len", "frame.cap_len")] {
        if !object[key].is_null() {
            fields.push((name, object[key].clone()));
        }
    }
    if let Some(epoch) = object["time"].as_str().and_then(epoch) {
        fields.push(("frame.time_epoch", json!(epoch)));
    }
    if let Some(names) = object["protocols"].as_array() {
        let names: Vec<_> = names.iter().filter_map(Value::as_str).filter(|name| is_compared(name)).collect();
        fields.push(("frame.protocols", json!(names.join(":"))));
    }
    fields
}

/// Seconds since 1970 with nine digits after the point, from an RFC 3339 time in UTC.
fn epoch(time: &str) -> Option<String> {
    let (date, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    // These are the days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468;
    Some(format!("{}.{fraction:0<9}", days * 86_400 + hour * 3600 + minute * 60 + second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_seconds() {
        // tshark -r HSRP_coup.pcap -T fields -e frame.time_epoch, and `date -u -d @N`
        assert_eq!(epoch("2008-06-19T05:52:16.041638000Z").unwrap(), "1213854736.041638000");
        assert_eq!(epoch("1970-01-01T00:00:00Z").unwrap(), "0.000000000");
        assert_eq!(epoch("2000-02-29T23:59:59.5Z").unwrap(), "951868799.500000000");
        assert_eq!(epoch("yesterday"), None);
    }

    #[test]
    fn what_stands_beside_the_fields_is_named_as_tshark_names_it() {
        let line = r#"{"frame":3,"time":"1970-01-01T00:00:01Z","len":9,"captured_len":8,"protocols":["eth","ip"],"fields":{"ip.ttl":[1]},"faults":[{"protocol":"ip","source":0,"offset":14,"len":2,"reason":"version 5"}]}"#;
        let frames = parse(line.as_bytes(), &|_| true).unwrap();
        assert_eq!(frames[0].fields["frame.protocols"], [json!("eth:ip")]);
        assert_eq!(frames[0].fields["frame.cap_len"], [json!(8)]);
        assert_eq!(frames[0].fields["frame.time_epoch"], [json!("1.000000000")]);
        assert_eq!(frames[0].fields["ip.ttl"], [json!(1)]);
        assert_eq!(frames[0].faults, ["ip: version 5"]);
        assert!(parse("{}".as_bytes(), &|_| true).is_err());
        assert!(parse("frame 1".as_bytes(), &|_| true).is_err());
    }
}
