//! Version 2: a message is a run of [`Tlvs`](crate::Tlvs). Cisco's, in no RFC.
//!
//! This module holds the values of the TLVs that only version 2 messages carry.

mod group_state;
mod interface_state;

pub use group_state::{GroupState, IpVersion, Milliseconds, State, virtual_ip};
pub use interface_state::InterfaceState;
