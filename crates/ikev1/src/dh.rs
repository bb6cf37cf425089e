//! The Diffie-Hellman groups by the numbers in isakmp's registry.
//!
//! ```
//! use vpnwire_ikev1::dh::{self, NoEntropy, PrivateKey};
//! use vpnwire_ikev1::isakmp::doi::oakley::GroupDescription;
//!
//! let group = dh::group(GroupDescription::MODP_1024).ok_or("a group that is implemented")?;
//! // A program takes the octets from its operating system. These are for a test.
//! let mut random = |octets: &mut [u8]| -> Result<(), NoEntropy> {
//!     octets.fill(7);
//!     Ok(())
//! };
//! let ours = PrivateKey::generate(group, &mut random)?;
//! // The key exchange payload carries the public value.
//! assert_eq!(ours.public_value().len(), 128);
//! # let theirs = PrivateKey::generate(group, &mut |octets: &mut [u8]| { octets.fill(9); Ok(()) })?;
//! # let public_value_of_the_peer = theirs.public_value();
//! let shared_secret = ours.shared_secret(&public_value_of_the_peer)?;
//! // `SkeyidFamily::derive` takes it.
//! assert_eq!(shared_secret.secret().len(), 128);
//! # assert_eq!(shared_secret.secret().expose(), theirs.shared_secret(&ours.public_value())?.secret().expose());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use crypto::dh::{DhGroup, PrivateKey, PublicValueError, SharedSecret};
pub use crypto::{NoEntropy, Random};
use isakmp::doi::oakley::GroupDescription;

/// Returns the MODP group of a negotiated number. `None` for groups that this crate does not implement: elliptic
/// curves and private groups.
#[must_use]
pub const fn group(number: GroupDescription) -> Option<DhGroup> {
    DhGroup::from_number(number.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_registry_are_those_of_the_groups() {
        for (number, group_of_it) in [
            (GroupDescription::MODP_768, DhGroup::Modp768),
            (GroupDescription::MODP_1024, DhGroup::Modp1024),
            (GroupDescription::MODP_1536, DhGroup::Modp1536),
            (GroupDescription::MODP_2048, DhGroup::Modp2048),
            (GroupDescription::MODP_3072, DhGroup::Modp3072),
            (GroupDescription::MODP_4096, DhGroup::Modp4096),
            (GroupDescription::MODP_6144, DhGroup::Modp6144),
            (GroupDescription::MODP_8192, DhGroup::Modp8192),
        ] {
            assert_eq!(group(number), Some(group_of_it));
        }
        assert_eq!(group(GroupDescription::ECP_256), None);
    }
}
