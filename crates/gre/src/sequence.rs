//! Sequence numbers of senders and receivers, RFC 2890 section 2.2.

use wire::Reader;

use crate::header::write_checksum;
use crate::{Header, ParseError};

/// The sequence numbers of one flow, on the sender's side. The first number is 0, and 0 follows 2^32 - 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sender {
    /// The number of the next packet.
    pub next: u32,
}

impl Sender {
    /// Returns the number for the packet that is sent now, and advances to the next one.
    #[must_use]
    pub const fn take(&mut self) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        number
    }
}

/// The sequence numbers of one flow, on the receiver's side. The default is the state before the first packet. Who joins
/// a flow that has begun, as a reader of captures does, sets `last` to the number before the first one that it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Receiver {
    /// The number of the last packet that was decapsulated. It is 2^32 - 1 before the first one.
    pub last: u32,
}

impl Default for Receiver {
    fn default() -> Self {
        Self { last: u32::MAX }
    }
}

/// The position of a received packet in its flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Arrival {
    /// The number is the next one, or the packet has no number. The receiver decapsulates the packet.
    InSequence,
    /// The number is repeated or stale: it is the last one, or one of the 2^31 - 1 before it. The receiver
    /// discards the packet silently.
    OutOfSequence,
    /// The number is a later one. The receiver may wait for the packets between.
    Gap {
        /// How many packets are missing between.
        missing: u32,
    },
}

impl Receiver {
    /// Compares a received number with the last one. It changes nothing: call [`accept`](Self::accept) after
    /// decapsulation.
    #[must_use]
    pub const fn check(&self, sequence_number: Option<u32>) -> Arrival {
        let Some(number) = sequence_number else { return Arrival::InSequence };
        // RFC 2890 section 2.2: a number counts as less than or equal when it is the last number or one of the
        // 2^31 - 1 before it, modulo 2^32.
        if self.last.wrapping_sub(number) < 1 << 31 {
            return Arrival::OutOfSequence;
        }
        match number.wrapping_sub(self.last).wrapping_sub(1) {
            0 => Arrival::InSequence,
            missing => Arrival::Gap { missing },
        }
    }

    /// Records that a packet was decapsulated. A packet without a number changes nothing.
    pub const fn accept(&mut self, sequence_number: Option<u32>) {
        if let Some(number) = sequence_number {
            self.last = number;
        }
    }
}

/// Replaces the sequence number of a packet, derives its checksum again, and returns the old number. It is meant
/// for a sender: a checksum that was wrong before is right afterwards.
///
/// The result is `None`, and nothing changes, when the packet has no sequence number.
///
/// # Errors
/// Returns the errors of [`Packet::parse`](crate::Packet::parse).
pub fn set_sequence_number(packet: &mut [u8], number: u32) -> Result<Option<u32>, ParseError> {
    let mut reader = Reader::new("GRE packet", packet);
    let (header, _) = Header::read(&mut reader)?;
    let Some(before) = header.sequence_number else { return Ok(None) };
    // The sequence number is the last word of the header.
    let offset = reader.offset().saturating_sub(4);
    let too_short = reader.too_short("GRE sequence number", 4);
    let place = packet.get_mut(offset..).and_then(|rest| rest.first_chunk_mut::<4>());
    *place.ok_or(too_short)? = number.to_be_bytes();
    if header.reserved1.is_some() {
        write_checksum(packet).map_err(|_| too_short)?;
    }
    Ok(Some(before))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Departure, Packet};

    #[test]
    fn the_first_datagram_has_number_0_rfc_2890_section_2_2() {
        let mut sender = Sender::default();
        assert_eq!([sender.take(), sender.take()], [0, 1]);
        sender.next = u32::MAX;
        assert_eq!([sender.take(), sender.take()], [u32::MAX, 0]);
    }

    #[test]
    fn a_receiver_begins_at_2_to_the_32_minus_1_rfc_2890_section_2_2() {
        let receiver = Receiver::default();
        assert_eq!(receiver.check(Some(0)), Arrival::InSequence);
        assert_eq!(receiver.check(Some(u32::MAX)), Arrival::OutOfSequence);
        assert_eq!(receiver.check(Some(1)), Arrival::Gap { missing: 1 });
    }

    #[test]
    fn stale_is_the_last_and_the_2_to_the_31_minus_1_before_it_rfc_2890_section_2_2() {
        for last in [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
            let receiver = Receiver { last };
            let at = |distance: u32| receiver.check(Some(last.wrapping_add(distance)));
            assert_eq!(at(0), Arrival::OutOfSequence);
            assert_eq!(at(1), Arrival::InSequence);
            assert_eq!(at(2), Arrival::Gap { missing: 1 });
            assert_eq!(at(1 << 31), Arrival::Gap { missing: 0x7fff_ffff });
            assert_eq!(at((1 << 31) + 1), Arrival::OutOfSequence);
            assert_eq!(at(u32::MAX), Arrival::OutOfSequence);
        }
    }

    #[test]
    fn a_packet_without_a_number_is_in_sequence_rfc_2890_section_2_2() {
        let mut receiver = Receiver { last: 7 };
        assert_eq!(receiver.check(None), Arrival::InSequence);
        receiver.accept(None);
        assert_eq!(receiver.last, 7);
        receiver.accept(Some(8));
        assert_eq!(receiver.check(Some(8)), Arrival::OutOfSequence);
    }

    #[test]
    fn a_number_changes_in_place_and_the_checksum_with_it() {
        let mut octets = [0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 1, 0x45];
        assert_eq!(set_sequence_number(&mut octets, 0xfffe_fdfc), Ok(Some(1)));
        let mut wrong = |departure: Departure| panic!("{departure}");
        let packet = Packet::parse_reporting(&octets, &mut wrong).unwrap();
        assert_eq!(packet.header.sequence_number, Some(0xfffe_fdfc));
        assert_eq!((packet.header.key, packet.payload), (Some(40), &[0x45][..]));
        let mut octets = [0x10, 0, 8, 0, 0, 0, 0, 1];
        assert_eq!(set_sequence_number(&mut octets, 2), Ok(Some(1)));
        assert_eq!(octets, [0x10, 0, 8, 0, 0, 0, 0, 2]);
        let mut octets = [0x20, 0, 8, 0, 0, 0, 0, 1];
        assert_eq!(set_sequence_number(&mut octets, 2), Ok(None));
        assert_eq!(octets, [0x20, 0, 8, 0, 0, 0, 0, 1]);
    }
}
