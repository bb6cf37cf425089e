//! The message header of the profile, which has 8 octets.

use core::net::Ipv4Addr;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ParseError;

wire::registry! {
    /// The type of a message.
    ///
    /// Type 2 is Cisco's; its other types were never published. The types from 0x80 on are this profile's.
    /// [`Record`](crate::Record) has a variant for the contents of each.
    pub struct MessageType(u8) {
        /// Adds an IKE SA. This is Cisco's type.
        ADD_IKE_SA = 2 => "HA_IKE_MSG_ADD_SA",
        /// Reports changes in an IKE SA.
        UPDATE_IKE_SA = 0x80 => "VPNWIRE_MSG_UPDATE_IKE_SA",
        /// Deletes an IKE SA.
        DELETE_IKE_SA = 0x81 => "VPNWIRE_MSG_DELETE_IKE_SA",
        /// Adds a bundle of IPsec SAs.
        ADD_SAS = 0x88 => "VPNWIRE_MSG_ADD_SAS",
        /// Replaces a bundle of IPsec SAs.
        UPDATE_SAS = 0x89 => "VPNWIRE_MSG_UPDATE_SAS",
        /// Deletes a bundle of IPsec SAs.
        DELETE_SAS = 0x8a => "VPNWIRE_MSG_DELETE_SAS",
        /// Reports new sequence numbers and lifetimes.
        REPLAY_UPDATE = 0x8b => "VPNWIRE_MSG_REPLAY_UPDATE",
        /// Asks for all records; the standby sends it.
        BULK_SYNC_REQUEST = 0x90 => "VPNWIRE_MSG_BULK_SYNC_REQUEST",
        /// Begins the transmission of all records.
        BULK_SYNC_BEGIN = 0x91 => "VPNWIRE_MSG_BULK_SYNC_BEGIN",
        /// Ends the transmission of all records.
        BULK_SYNC_END = 0x92 => "VPNWIRE_MSG_BULK_SYNC_END",
        /// Reports the sender's redundancy state.
        REDUNDANCY_STATE = 0x98 => "VPNWIRE_MSG_REDUNDANCY_STATE",
        /// Shows that the sender is alive.
        KEEPALIVE = 0x99 => "VPNWIRE_MSG_KEEPALIVE",
        /// Adds NHRP cache entries.
        ADD_NHRP_ENTRIES = 0xa0 => "VPNWIRE_MSG_ADD_NHRP_ENTRIES",
        /// Deletes NHRP cache entries.
        DELETE_NHRP_ENTRIES = 0xa1 => "VPNWIRE_MSG_DELETE_NHRP_ENTRIES",
        /// Acknowledges a message.
        ACKNOWLEDGEMENT = 0xa8 => "VPNWIRE_MSG_ACKNOWLEDGEMENT",
    }
}

impl MessageType {
    /// The first message type of this profile. Lower numbers are left to Cisco.
    pub const PROFILE: u8 = 0x80;

    /// Whether the type is this profile's and not Cisco's.
    #[must_use]
    pub const fn is_of_profile(self) -> bool {
        self.0 >= Self::PROFILE
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct HeaderLayout {
    flags: u8,
    message_type: u8,
    len: U16,
    id: [u8; 4],
}

const _: () = assert!(size_of::<HeaderLayout>() == Header::LEN);

/// The header at the front of every message. The length of the whole message is derived and is not a field.
///
/// On the wire it has 8 octets: the flags with one, the type with one, the length of the whole message, header
/// included, with two, and the ID with four. The layout is fixed, so the struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// The flags: 0x01 in Cisco's published message. Their meaning is not known, and this crate gives them none.
    pub flags: u8,
    /// The type of the message.
    pub message_type: MessageType,
    /// The virtual address of the redundancy group. The octets `04000003` are 4.0.0.3.
    pub id: Ipv4Addr,
}

impl Header {
    /// The length of the header in octets.
    pub const LEN: usize = 8;

    /// The flags in Cisco's message and in the messages of this crate.
    pub const FLAGS: u8 = 0x01;

    /// Reads a header from the front of `octets`, and returns it with the octets that follow it.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 8 octets, or the header declares a length of less than
    /// 8 octets for the whole message.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let (header, _, rest) = Self::read(octets)?;
        Ok((header, rest))
    }

    /// The length of the whole message in octets, as its header declares it. A message that was cut has fewer octets.
    ///
    /// # Errors
    /// Returns the same errors as [`parse_prefix`](Self::parse_prefix).
    pub fn declared_len(octets: &[u8]) -> Result<usize, ParseError> {
        let (_, len, _) = Self::read(octets)?;
        Ok(len)
    }

    /// Reads the header. Returns it with the length that it declares for the whole message, and the octets that follow
    /// the header.
    pub(crate) fn read(octets: &[u8]) -> Result<(Self, usize, &[u8]), ParseError> {
        let mut reader = Reader::new("HA message", octets);
        let at_header = reader;
        let layout: HeaderLayout = zerocopy::transmute!(*reader.array::<8>("HA message header")?);
        let len = usize::from(layout.len.get());
        if len < Self::LEN {
            return Err(at_header.declared_too_short("HA message", Self::LEN, len).into());
        }
        let header = Self {
            flags: layout.flags,
            message_type: MessageType(layout.message_type),
            id: Ipv4Addr::from(layout.id),
        };
        Ok((header, len, reader.rest()))
    }

    /// Writes a whole message: the header, the attributes that `attributes` writes, and then the length into the
    /// header.
    pub(crate) fn emit_message(
        self,
        writer: &mut Writer<'_>,
        attributes: impl FnOnce(&mut Writer<'_>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let start = writer.position();
        writer.u8(self.flags)?;
        writer.u8(self.message_type.0)?;
        let place = writer.reserve_u16()?;
        writer.put(&self.id.octets())?;
        attributes(writer)?;
        let len = writer.position().saturating_sub(start);
        writer.patch(place, EmitError::fit_u16("len of the HA message", len)?.to_be_bytes())
    }
}
