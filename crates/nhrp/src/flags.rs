//! The flags of requests and replies. The packet type decides what a bit means.

use core::fmt;
use core::ops::BitOr;

/// Flags of a request or a reply (RFC 2332 sections 5.2.1 to 5.2.6). The packet type decides what a bit means. All
/// bits are kept.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Flags(pub u16);

impl Flags {
    /// No flag is set.
    pub const NONE: Self = Self(0);
    /// Q bit of a Resolution, 0x8000: the requester is a router.
    pub const ROUTER: Self = Self(0x8000);
    /// A bit of a Resolution, 0x4000: authoritative information is wanted or given.
    pub const AUTHORITATIVE: Self = Self(0x4000);
    /// D bit of a Resolution, 0x2000: the binding of the destination is stable.
    pub const DESTINATION_STABLE: Self = Self(0x2000);
    /// U bit of a Resolution, 0x1000: only a unique binding is wanted.
    pub const UNIQUE: Self = Self(0x1000);
    /// S bit of a Resolution, 0x0800: the binding of the source is stable.
    pub const SOURCE_STABLE: Self = Self(0x0800);
    /// U bit of a Registration, 0x8000: the binding is unique.
    pub const REGISTRATION_UNIQUE: Self = Self(0x8000);
    /// N bit of a Purge, 0x8000: no reply is wanted.
    pub const NO_REPLY: Self = Self(0x8000);
    /// Cisco's NAT flag, 0x0002: the sender understands the NAT Address extension. RFC 2332 leaves the bit unused.
    pub const CISCO_NAT: Self = Self(0x0002);

    /// Returns whether all bits of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the bits that are not in `known`.
    #[must_use]
    pub const fn without(self, known: Self) -> Self {
        Self(self.0 & !known.0)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#06x}", self.0)
    }
}
