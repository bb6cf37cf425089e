//! The Diffie-Hellman groups by the numbers in isakmp's registry.

pub use crypto::dh::{DhGroup, PrivateKey, PublicValueError, SharedSecret};
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
