//! Version 1: RFC 2281, and Cisco's Advertise messages of the same version.
//!
//! A message is a [`Packet`] of 20 octets or, with opcode 3, an [`Advertise`] of 16. Either may be followed by
//! TLVs, of which routers send one: the MD5 authentication.

mod advertise;
mod packet;

use core::borrow::Borrow;

use wire::{EmitError, Writer};

pub use advertise::{Advertise, AdvertiseState, AdvertiseType};
pub use packet::{Packet, Seconds, State};

use crate::Tlv;

/// The version octet of every version 1 message, RFC 2281 section 5.1.
pub const VERSION: u8 = 0;

/// Writes a packet and the TLVs that follow it to the start of `buffer`; returns the octets written.
///
/// # Errors
/// [`EmitError::BufferTooSmall`] with the whole need; [`EmitError::FieldOverflow`] when an unknown TLV's value is
/// longer than 255 octets.
pub fn emit<'t, I>(packet: &Packet, trailing: I, buffer: &mut [u8]) -> Result<usize, EmitError>
where
    I: IntoIterator<Item: Borrow<Tlv<'t>>, IntoIter: Clone>,
{
    let trailing = trailing.into_iter();
    let len = trailing.clone().fold(Packet::LEN, |len, tlv| len.saturating_add(tlv.borrow().wire_len()));
    let mut writer = Writer::for_len(buffer, len)?;
    packet.emit_into(&mut writer)?;
    for tlv in trailing {
        tlv.borrow().emit_into(&mut writer)?;
    }
    Ok(writer.position())
}
