//! The policy, which says how to read extensions that do not tell their meaning themselves.

use super::authentication::AuthenticationForm;

/// The meaning of extension type 9, a number that was given twice. Further uses may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExtensionNine {
    /// Cisco's NAT Address extension, which DMVPN uses.
    #[default]
    NatAddress,
    /// The Device Capabilities extension of RFC 2735 section 4.2.
    DeviceCapabilities,
}

/// How to read extensions that do not tell their meaning themselves. The default has Cisco's meaning of both, as DMVPN
/// has: every authentication extension is a password, even one that holds a digest.
///
/// An extension is written back to the same octets, whichever policy decoded it. Fields may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Policy {
    /// The form of the authentication extension.
    pub authentication: AuthenticationForm,
    /// The meaning of extension type 9.
    pub extension_nine: ExtensionNine,
}

impl Policy {
    /// Makes a policy with this form of the authentication extension and this meaning of extension type 9.
    #[must_use]
    pub const fn new(authentication: AuthenticationForm, extension_nine: ExtensionNine) -> Self {
        Self { authentication, extension_nine }
    }
}
