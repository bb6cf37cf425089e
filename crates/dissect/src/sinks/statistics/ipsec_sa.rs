//! The SAs of ESP and AH: their packets, and what is known of them.

use super::limits::Limits;
use super::numbers::{Numbers, Occurrence, SequenceNumbers};
use super::table::Table;
use super::tally::Tally;
use crate::record::Record;
use crate::sink::Address;

/// ESP or AH.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IpsecProtocol {
    /// ESP, RFC 4303.
    Esp,
    /// AH, RFC 4302.
    Ah,
}

impl IpsecProtocol {
    /// Returns the display-filter name of the protocol.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Esp => "esp",
            Self::Ah => "ah",
        }
    }
}

/// An SA of ESP or AH: the packets that one sender sent to one receiver under one SPI.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IpsecSa {
    /// ESP or AH.
    pub protocol: IpsecProtocol,
    /// The sender.
    pub source: Option<Address>,
    /// The receiver.
    pub destination: Option<Address>,
    /// The SPI.
    pub spi: u32,
    /// All packets, also those that the receiver drops.
    pub packets: Tally,
    /// The sequence numbers; `None` when no number counts. The number of a malformed packet does not count, nor that of a
    /// packet that is not authentic under the keys that are given, nor that of a packet inside one that the receiver drops.
    pub numbers: Option<SequenceNumbers>,
    /// The packets whose number was seen before, and that no key verifies. They were replayed, or captured twice.
    pub seen_twice: u64,
    /// The packets whose number was seen before, and that are authentic: the receiver drops them.
    pub replayed: u64,
    /// The packets whose ICV is wrong under the keys that are given.
    pub wrong_icv: u64,
    /// The packets whose ICV is right.
    pub verified: u64,
    /// The packets of ESP that were decrypted, verified or not.
    pub decrypted: u64,
}

/// What is known of a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    pub(super) protocol: IpsecProtocol,
    pub(super) spi: Option<u32>,
    pub(super) number: Option<u32>,
    pub(super) is_verified: bool,
    pub(super) is_wrong: bool,
    pub(super) is_decrypted: bool,
}

/// The protocol, the SPI, the sender and the receiver.
type Identity = (IpsecProtocol, u32, Option<Address>, Option<Address>);

#[derive(Debug)]
pub(super) struct IpsecSas {
    sas: Table<Identity, (IpsecSa, Numbers)>,
    range_limit: usize,
    others: Tally,
}

impl IpsecSas {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            sas: Table::new(limits.ipsec_sas),
            range_limit: limits.number_ranges,
            others: Tally::default(),
        }
    }

    /// Counts a packet, and says whether it is authentic and has a number that was seen before. `counts` says whether
    /// its number counts.
    pub(super) fn count(&mut self, record: &Record, packet: Packet, counts: bool, frame: Tally) -> bool {
        let Packet { protocol, spi: Some(spi), number, is_verified, is_wrong, is_decrypted } = packet else {
            return false;
        };
        let (source, destination) = (record.source, record.destination);
        let made = || {
            let sa = IpsecSa {
                protocol,
                source,
                destination,
                spi,
                packets: Tally::default(),
                numbers: None,
                seen_twice: 0,
                replayed: 0,
                wrong_icv: 0,
                verified: 0,
                decrypted: 0,
            };
            (sa, Numbers::new(self.range_limit))
        };
        let Some((sa, numbers)) = self.sas.of((protocol, spi, source, destination), made) else {
            self.others.add(frame);
            return false;
        };
        sa.packets.add(frame);
        let occurrence = number.filter(|_| counts).map(|number| numbers.note(number));
        let is_again = occurrence == Some(Occurrence::Again);
        for (total, is_one) in [
            (&mut sa.seen_twice, is_again && !is_verified),
            (&mut sa.replayed, is_again && is_verified),
            (&mut sa.wrong_icv, is_wrong),
            (&mut sa.verified, is_verified),
            (&mut sa.decrypted, is_decrypted),
        ] {
            *total = total.saturating_add(u64::from(is_one));
        }
        is_again && is_verified
    }

    pub(super) fn list(&self) -> Vec<IpsecSa> {
        let known = |(sa, numbers): &(IpsecSa, Numbers)| IpsecSa { numbers: numbers.known(), ..sa.clone() };
        self.sas.values().iter().map(known).collect()
    }

    pub(super) const fn others(&self) -> Tally {
        self.others
    }
}
