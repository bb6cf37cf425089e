//! What the wire does not tell of extensions.

use super::authentication::AuthenticationForm;

/// What extension type 9 is: the number was given twice. Further uses may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExtensionNine {
    /// Cisco's NAT address: what DMVPN has.
    #[default]
    NatAddress,
    /// The device capabilities of RFC 2735 section 4.2.
    DeviceCapabilities,
}

/// How to read what the wire does not tell. The default is what DMVPN has: both are Cisco's.
///
/// Whatever policy decodes an extension, it is written back to the same octets. Fields may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Policy {
    /// Which form the authentication extension has.
    pub authentication: AuthenticationForm,
    /// What extension type 9 is.
    pub extension_nine: ExtensionNine,
}

impl Policy {
    /// A policy that reads the authentication extension and extension type 9 as told.
    #[must_use]
    pub const fn new(authentication: AuthenticationForm, extension_nine: ExtensionNine) -> Self {
        Self { authentication, extension_nine }
    }
}
