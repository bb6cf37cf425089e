//! The flags of requests and replies: which bit means what depends on the packet type.

use core::fmt;
use core::ops::BitOr;

/// Flags of a request or reply, RFC 2332 sections 5.2.1 to 5.2.6. All bits are kept.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Flags(pub u16);

impl Flags {
    /// None.
    pub const NONE: Self = Self(0);
    /// Q of a Resolution: the requester is a router.
    pub const ROUTER: Self = Self(0x8000);
    /// A of a Resolution: authoritative information, wanted or given.
    pub const AUTHORITATIVE: Self = Self(0x4000);
    /// D of a Resolution: the binding of the destination is stable.
    pub const DESTINATION_STABLE: Self = Self(0x2000);
    /// U of a Resolution: only a unique binding.
    pub const UNIQUE: Self = Self(0x1000);
    /// S of a Resolution: the binding of the source is stable.
    pub const SOURCE_STABLE: Self = Self(0x0800);
    /// U of a Registration: the binding is unique.
    pub const REGISTRATION_UNIQUE: Self = Self(0x8000);
    /// N of a Purge: no reply wanted.
    pub const NO_REPLY: Self = Self(0x8000);
    /// Cisco: the sender understands the NAT address extension. One of RFC 2332's unused bits.
    pub const CISCO_NAT: Self = Self(0x0002);

    /// Whether all bits of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits that are not in `known`.
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
