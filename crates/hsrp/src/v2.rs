//! Version 2: a message consists of [`Tlvs`](crate::Tlvs). This version is Cisco's, and no RFC describes it.
//!
//! This module holds the values of the TLVs that occur only in version 2 messages.

mod group_state;
mod interface_state;

pub use group_state::{GroupState, IpVersion, Milliseconds, State, virtual_ip};
pub use interface_state::InterfaceState;
