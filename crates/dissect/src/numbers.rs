//! Numbers at fixed places, which are shown as far as they are present.

use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// A function that returns a registry's name for a number.
pub(crate) type Registry = fn(u64) -> Option<&'static str>;

/// The way in which a number is read, and its length.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Decimal(usize),
    Hexadecimal(usize),
    Named(usize, Registry),
}

impl Form {
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Decimal(len) | Self::Hexadecimal(len) | Self::Named(len, _) => len,
        }
    }
}

/// Returns the number in `len` octets; `None` when they are not all present.
pub(crate) fn number(octets: &[u8], offset: usize, len: usize) -> Option<u64> {
    let octets = octets.get(offset..)?.get(..len)?;
    Some(octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
}

/// Shows numbers, each with its name, place and form.
pub(crate) fn show<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    list: &[(&'static str, usize, Form)],
) {
    if !packet.wants_fields() {
        return;
    }
    for (name, offset, form) in list {
        let Some(number) = number(octets.octets, *offset, form.len()) else { break };
        let value = match form {
            Form::Decimal(_) => Value::Unsigned(number),
            Form::Hexadecimal(len) => Value::Hexadecimal(number, digits(*len)),
            Form::Named(_, registry) => Value::Named(number, registry(number)),
        };
        packet.field(name, value, octets.span(*offset, form.len()));
    }
}

/// Shows numbers of one size up to the end of the octets, each with its name from a registry.
pub(crate) fn list<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    name: &'static str,
    len: usize,
    registry: Registry,
) {
    if !packet.wants_fields() {
        return;
    }
    let mut offset = 0usize;
    while let Some(item) = number(octets.octets, offset, len.max(1)) {
        packet.field(name, Value::Named(item, registry(item)), octets.span(offset, len));
        offset = offset.saturating_add(len.max(1));
    }
}

fn digits(len: usize) -> u8 {
    u8::try_from(len.saturating_mul(2)).unwrap_or(u8::MAX)
}
