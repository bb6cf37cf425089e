//! The bodies of extensions: one type for each, under its RFC name.
//!
//! An [`Extension`](crate::Extension) holds one of these values, as an [`ExtensionValue`](crate::ExtensionValue), and a
//! [`Packet`](crate::Packet) holds the extensions. Those three stand at the root of the crate; the types here do not.

pub mod authentication;
mod device_capabilities;
pub(crate) mod framing;
mod nat_address;
pub(crate) mod policy;
mod responder_address;
mod transit_nhs_record;
pub(crate) mod value;
mod vendor_private;

pub use device_capabilities::DeviceCapabilities;
pub use nat_address::NatAddress;
pub use responder_address::ResponderAddress;
pub use transit_nhs_record::TransitNhsRecord;
pub use vendor_private::VendorPrivate;

#[cfg(test)]
mod tests;
