/// The length of the ICV of a combined mode. RFC 4106 and RFC 4309 have three lengths, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum IcvLen {
    /// 8 octets.
    Octets8,
    /// 12 octets.
    Octets12,
    /// 16 octets.
    Octets16,
}

impl IcvLen {
    /// All ICV lengths.
    pub const ALL: [Self; 3] = [Self::Octets8, Self::Octets12, Self::Octets16];

    /// Returns the length in octets.
    #[must_use]
    pub const fn octets(self) -> usize {
        match self {
            Self::Octets8 => 8,
            Self::Octets12 => 12,
            Self::Octets16 => 16,
        }
    }
}
