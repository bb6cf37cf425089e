//! Version 2: a message is a run of TLVs. Cisco's, in no RFC.
//!
//! [`Tlvs`] are the framed TLVs of a message, [`Tlv`] is one of them decoded. Version 1 messages carry the same TLVs
//! after their fixed part.

mod group_state;
mod interface_state;
mod tlv;

use core::borrow::Borrow;

use wire::{EmitError, Writer};

pub use group_state::{GroupState, IpVersion, Milliseconds, State, virtual_ip};
pub use interface_state::InterfaceState;
pub(crate) use tlv::body;
pub use tlv::{Tlv, TlvFraming, TlvType, TlvWriter, Tlvs};

/// Writes a message of these TLVs to the start of `buffer`; returns the octets written.
///
/// # Errors
/// [`EmitError::BufferTooSmall`] with the whole need; [`EmitError::FieldOverflow`] when an unknown TLV's value is
/// longer than 255 octets.
pub fn emit<'t, I>(tlvs: I, buffer: &mut [u8]) -> Result<usize, EmitError>
where
    I: IntoIterator<Item: Borrow<Tlv<'t>>, IntoIter: Clone>,
{
    let tlvs = tlvs.into_iter();
    let len = tlvs.clone().fold(0usize, |len, tlv| len.saturating_add(tlv.borrow().wire_len()));
    let mut writer = Writer::for_len(buffer, len)?;
    for tlv in tlvs {
        tlv.borrow().emit_into(&mut writer)?;
    }
    Ok(writer.position())
}
