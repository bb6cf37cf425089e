//! The message header of the profile: 8 octets.

use core::net::Ipv4Addr;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ParseError;

wire::registry! {
    /// What a message is about.
    ///
    /// Number 2 is Cisco's; its other numbers were never seen. Those from 0x80 on are this profile's.
    pub struct MessageType(u8) {
        /// An IKE SA. Cisco's.
        ADD_IKE_SA = 2 => "HA_IKE_MSG_ADD_SA",
        /// What has changed in an IKE SA.
        UPDATE_IKE_SA = 0x80 => "VPNWIRE_MSG_UPDATE_IKE_SA",
        /// An IKE SA is gone.
        DELETE_IKE_SA = 0x81 => "VPNWIRE_MSG_DELETE_IKE_SA",
        /// A bundle of IPsec SAs.
        ADD_SAS = 0x88 => "VPNWIRE_MSG_ADD_SAS",
        /// The same, to take the place of what is known of the bundle.
        UPDATE_SAS = 0x89 => "VPNWIRE_MSG_UPDATE_SAS",
        /// A bundle of IPsec SAs is gone.
        DELETE_SAS = 0x8a => "VPNWIRE_MSG_DELETE_SAS",
        /// Sequence numbers and lifetimes have moved on.
        REPLAY_UPDATE = 0x8b => "VPNWIRE_MSG_REPLAY_UPDATE",
        /// The standby asks for all there is.
        BULK_SYNC_REQUEST = 0x90 => "VPNWIRE_MSG_BULK_SYNC_REQUEST",
        /// All there is comes now.
        BULK_SYNC_BEGIN = 0x91 => "VPNWIRE_MSG_BULK_SYNC_BEGIN",
        /// All there is has come.
        BULK_SYNC_END = 0x92 => "VPNWIRE_MSG_BULK_SYNC_END",
        /// The sender's redundancy state.
        REDUNDANCY_STATE = 0x98 => "VPNWIRE_MSG_REDUNDANCY_STATE",
        /// The sender is there.
        KEEPALIVE = 0x99 => "VPNWIRE_MSG_KEEPALIVE",
        /// NHRP cache entries.
        ADD_NHRP_ENTRIES = 0xa0 => "VPNWIRE_MSG_ADD_NHRP_ENTRIES",
        /// NHRP cache entries are gone.
        DELETE_NHRP_ENTRIES = 0xa1 => "VPNWIRE_MSG_DELETE_NHRP_ENTRIES",
        /// A message has arrived.
        ACKNOWLEDGEMENT = 0xa8 => "VPNWIRE_MSG_ACKNOWLEDGEMENT",
    }
}

impl MessageType {
    /// Numbers from here on are this profile's; those below are left to Cisco.
    pub const PROFILE: u8 = 0x80;

    /// Whether the number is of this profile and not Cisco's.
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

/// What begins every message: flags, type, the length of the whole message (derived, no field here), id.
///
/// Its fields are those of a fixed layout of 8 octets: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// 0x01 in the one message of Cisco's that was published; what it means is not known, and here nothing.
    pub flags: u8,
    /// What the message is about.
    pub message_type: MessageType,
    /// The virtual address of the redundancy group: `04000003` is 4.0.0.3.
    pub id: Ipv4Addr,
}

impl Header {
    /// Octets of a header.
    pub const LEN: usize = 8;

    /// The flags that Cisco's message has, and messages of this crate.
    pub const FLAGS: u8 = 0x01;

    /// Takes a header off the front.
    ///
    /// # Errors
    /// When there are fewer than 8 octets, or the length that the header declares for the whole message is below that.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let (header, _, rest) = Self::read(octets)?;
        Ok((header, rest))
    }

    /// Octets of the whole message that these octets begin, as its header declares them: a message that was cut has
    /// fewer.
    ///
    /// # Errors
    /// As [`parse_prefix`](Self::parse_prefix).
    pub fn declared_len(octets: &[u8]) -> Result<usize, ParseError> {
        let (_, len, _) = Self::read(octets)?;
        Ok(len)
    }

    /// The header, the length that it declares for the whole message, and what follows the header.
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

    /// Writes a whole message: the header, then the attributes that `attributes` writes, then the length of both.
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
