//! The data that identifies an IPsec SA, its transform and its counters.

use core::net::IpAddr;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U64};

use super::{Data, fixed_layout};
use crate::ParseError;

wire::registry! {
    /// The direction of the packets of an SA.
    pub struct Direction(u8) {
        /// Packets are sent to the gateway.
        INBOUND = 0 => "inbound",
        /// Packets are sent by the gateway.
        OUTBOUND = 1 => "outbound",
    }
}

/// The identifier of an SA, which distinguishes it from all other SAs of a gateway.
///
/// On the wire it has the direction with one octet, the protocol with one, the SPI with four, and then the destination
/// with 4 or 16. The struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SaIdentifier {
    /// The direction of the packets.
    pub direction: Direction,
    /// The IP protocol: 50 is ESP, 51 is AH, 108 is IPCOMP.
    pub protocol: u8,
    /// The SPI, or the CPI of IPCOMP.
    pub spi: u32,
    /// The destination address of the packets.
    pub destination: IpAddr,
}

impl Data<'_> for SaIdentifier {
    fn read(name: &'static str, mut reader: Reader<'_>) -> Result<Self, ParseError> {
        let [direction, protocol] = *reader.array(name)?;
        let spi = reader.u32("SPI")?;
        Ok(Self {
            direction: Direction(direction),
            protocol,
            spi,
            destination: IpAddr::read("destination of the SA", reader)?,
        })
    }

    fn len(&self) -> usize {
        self.destination.len().saturating_add(6)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(&[self.direction.0, self.protocol])?;
        writer.u32(self.spi)?;
        self.destination.write(writer)
    }

    fn unset() -> Self {
        Self { direction: Direction(0), protocol: 0, spi: 0, destination: IpAddr::unset() }
    }
}

/// The progress of an SA, which the active sends after a certain number of packets.
///
/// Cisco's standby prints the inbound update as `UPDATING INBOUND SA: ip = 4.0.0.3, protocol = 50, spi = B8A47EC9, NEW
/// KB LIFE = 3998772, NEW REPLAY WINDOW START = 1000,`.
///
/// On the wire it has the remaining kilobytes with four octets, the new replay number with eight, and then the
/// [`SaIdentifier`] with the octets that are left. The struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayUpdate {
    /// The SA.
    pub sa: SaIdentifier,
    /// The remaining lifetime in kilobytes.
    pub new_kilobyte_life: u32,
    /// For an inbound SA, the new start of the replay window, which is the highest sequence number accepted. For an
    /// outbound SA, the highest sequence number sent. It has all 64 bits when the SA has extended sequence numbers.
    pub new_replay: u64,
}

impl Data<'_> for ReplayUpdate {
    fn read(name: &'static str, mut reader: Reader<'_>) -> Result<Self, ParseError> {
        let new_kilobyte_life = reader.u32(name)?;
        let new_replay = reader.u64("new replay number")?;
        Ok(Self { sa: SaIdentifier::read(name, reader)?, new_kilobyte_life, new_replay })
    }

    fn len(&self) -> usize {
        self.sa.len().saturating_add(12)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.new_kilobyte_life)?;
        writer.u64(self.new_replay)?;
        self.sa.write(writer)
    }

    fn unset() -> Self {
        Self { sa: SaIdentifier::unset(), new_kilobyte_life: 0, new_replay: 0 }
    }
}

fixed_layout! {
    /// The UDP ports of encapsulated packets (RFC 3948).
    pub struct EncapsulationPorts in EncapsulationPortsLayout, 4 octets {
        /// The source port of the packets.
        source: u16 as U16,
        /// The destination port of the packets.
        destination: u16 as U16,
    }
}

fixed_layout! {
    /// The algorithms that phase 2 agreed on, in the numbers of RFC 2407 sections 4.4 and 4.5.
    pub struct Transform in TransformLayout, 8 octets {
        /// The transform identifier of the protocol. For ESP, 2 is DES, 3 is 3DES, 12 is AES-CBC, 20 is AES-GCM-16.
        identifier: u16 as U16,
        /// The key length in bits, or 0 when the algorithm has only one length.
        key_length: u16 as U16,
        /// The authentication algorithm: 1 is HMAC-MD5, 2 is HMAC-SHA, 0 means no authentication.
        authentication_algorithm: u16 as U16,
        /// The Diffie-Hellman group for perfect forward secrecy, or 0 when there is no such group.
        group: u16 as U16,
    }
}

fixed_layout! {
    /// The counters of an SA. A standby that takes over continues to count from them.
    pub struct Counters in CountersLayout, 32 octets {
        /// The number of packets.
        packets: u64 as U64,
        /// The number of octets of the encapsulated packets.
        octets: u64 as U64,
        /// The number of packets that failed authentication.
        authentication_failures: u64 as U64,
        /// The number of packets that were dropped because they were replayed or too old.
        replays: u64 as U64,
    }
}
