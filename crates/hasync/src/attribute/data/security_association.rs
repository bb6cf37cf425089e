//! What names an IPsec SA, and what it was made of.

use core::net::IpAddr;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U64};

use super::{Data, fixed_layout};
use crate::ParseError;

wire::registry! {
    /// Which way the packets of an SA go.
    pub struct Direction(u8) {
        /// To the gateway.
        INBOUND = 0 => "inbound",
        /// From the gateway.
        OUTBOUND = 1 => "outbound",
    }
}

/// What tells an SA from all others of a gateway.
///
/// Its fields are those of a fixed layout, and the address: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SaIdentifier {
    /// Which way its packets go.
    pub direction: Direction,
    /// IP protocol: 50 ESP, 51 AH, 108 IPCOMP.
    pub protocol: u8,
    /// Its SPI; the CPI of IPCOMP.
    pub spi: u32,
    /// Where its packets go.
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

/// How far an SA has got: what the active sends every so many packets.
///
/// Cisco's standby prints the inbound one as `UPDATING INBOUND SA: ip = 4.0.0.3, protocol = 50, spi = B8A47EC9, NEW KB
/// LIFE = 3998772, NEW REPLAY WINDOW START = 1000,`.
///
/// Its fields are those of a fixed layout: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayUpdate {
    /// The SA.
    pub sa: SaIdentifier,
    /// Kilobytes that are left of its life.
    pub new_kilobyte_life: u32,
    /// Inbound: the new start of the replay window, that is the highest sequence number accepted. Outbound: the
    /// highest sequence number sent. All 64 bits where the SA has extended numbers.
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
    /// The UDP ports of encapsulated packets, RFC 3948.
    pub struct EncapsulationPorts in EncapsulationPortsLayout, 4 octets {
        /// Where packets of the SA come from.
        source: u16 as U16,
        /// Where they go.
        destination: u16 as U16,
    }
}

fixed_layout! {
    /// What phase 2 agreed on, in the numbers of RFC 2407 sections 4.4 and 4.5.
    pub struct Transform in TransformLayout, 8 octets {
        /// Transform identifier of the protocol: for ESP 2 DES, 3 3DES, 12 AES-CBC, 20 AES-GCM-16.
        identifier: u16 as U16,
        /// Key length in bits, 0 where the algorithm has one length.
        key_length: u16 as U16,
        /// Authentication algorithm: 1 HMAC-MD5, 2 HMAC-SHA, 0 none.
        authentication_algorithm: u16 as U16,
        /// Group of perfect forward secrecy, 0 for none.
        group: u16 as U16,
    }
}

fixed_layout! {
    /// What an SA has carried; a standby that takes over goes on counting.
    pub struct Counters in CountersLayout, 32 octets {
        /// Packets.
        packets: u64 as U64,
        /// Octets of the encapsulated packets.
        octets: u64 as U64,
        /// Packets that failed authentication.
        authentication_failures: u64 as U64,
        /// Packets that were dropped as replayed or too old.
        replays: u64 as U64,
    }
}
