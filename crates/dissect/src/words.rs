//! The fields of a header by the place of their words. A field is shown when all its octets are present.

use core::ops::{Deref, DerefMut};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// A header whose fields are shown one after the other.
pub(crate) struct Words<'w, 'p, 'o, S> {
    packet: &'w mut Packet<'p, S>,
    octets: Octets<'o>,
}

impl<'p, S> Deref for Words<'_, 'p, '_, S> {
    type Target = Packet<'p, S>;

    fn deref(&self) -> &Self::Target {
        self.packet
    }
}

impl<S> DerefMut for Words<'_, '_, '_, S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.packet
    }
}

impl<'w, 'p, 'o, S: Sink> Words<'w, 'p, 'o, S> {
    pub(crate) const fn new(packet: &'w mut Packet<'p, S>, octets: Octets<'o>) -> Self {
        Self { packet, octets }
    }

    /// Returns the number in the word of `LEN` octets at an offset; 0 when it is cut.
    pub(crate) fn word<const LEN: usize>(&self, offset: usize) -> u64 {
        let octets = self.octets.octets.get(offset..).and_then(|octets| octets.first_chunk::<LEN>());
        octets.map_or(0, |octets| octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
    }

    /// Shows the number under a mask in the word of `LEN` octets at an offset, and returns it.
    pub(crate) fn bits<const LEN: usize>(&mut self, name: &'static str, offset: usize, mask: u64) -> u64 {
        let value = (self.word::<LEN>(offset) & mask) >> mask.trailing_zeros();
        self.packet.part(name, Value::Unsigned(value), &self.octets, offset, LEN);
        value
    }

    /// Shows the word as a number in decimal, and returns it.
    pub(crate) fn number<const LEN: usize>(&mut self, name: &'static str, offset: usize) -> u64 {
        self.bits::<LEN>(name, offset, u64::MAX)
    }

    /// Shows the word as a number in hexadecimal, and returns it.
    pub(crate) fn hexadecimal<const LEN: usize>(&mut self, name: &'static str, offset: usize) -> u64 {
        let value = self.word::<LEN>(offset);
        // default: never taken, because a word has at most 8 octets
        let digits = u8::try_from(LEN.saturating_mul(2)).unwrap_or(16);
        self.packet.part(name, Value::Hexadecimal(value, digits), &self.octets, offset, LEN);
        value
    }

    /// Shows whether a bit under a mask is set.
    pub(crate) fn flag<const LEN: usize>(&mut self, name: &'static str, offset: usize, mask: u64) {
        let is_set = self.word::<LEN>(offset) & mask != 0;
        self.packet.part(name, Value::Boolean(is_set), &self.octets, offset, LEN);
    }

    /// Shows octets with a meaning, such as a reserved word.
    pub(crate) fn octets(&mut self, name: &'static str, offset: usize, len: usize) {
        let octets = self.octets.after(offset).first(len);
        if octets.octets.len() == len {
            self.packet.field(name, Value::Octets(octets.octets), octets.whole());
        }
    }

    /// Shows a MAC address, and returns it if it is whole.
    pub(crate) fn mac(&mut self, name: &'static str, offset: usize) -> Option<[u8; 6]> {
        let address = *self.octets.octets.get(offset..)?.first_chunk()?;
        self.packet.field(name, Value::Mac(address), self.octets.span(offset, 6));
        Some(address)
    }

    /// Shows an IPv4 address, and returns it if it is whole.
    pub(crate) fn ipv4(&mut self, name: &'static str, offset: usize) -> Option<Ipv4Addr> {
        let address = Ipv4Addr::from(*self.octets.octets.get(offset..)?.first_chunk::<4>()?);
        self.packet.field(name, Value::Ipv4(address), self.octets.span(offset, 4));
        Some(address)
    }

    /// Shows an IPv6 address, and returns it if it is whole.
    pub(crate) fn ipv6(&mut self, name: &'static str, offset: usize) -> Option<Ipv6Addr> {
        let address = Ipv6Addr::from(*self.octets.octets.get(offset..)?.first_chunk::<16>()?);
        self.packet.field(name, Value::Ipv6(address), self.octets.span(offset, 16));
        Some(address)
    }
}
