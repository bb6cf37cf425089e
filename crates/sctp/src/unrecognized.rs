//! What a receiver does with a chunk or parameter whose type it does not know, RFC 9260 sections 3.2 and 3.2.1.

/// The action that the two upper bits of a type ask for. Two bits have these four cases and no more, so the enum is
/// exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum UnrecognizedAction {
    /// 00: discard it and all that follows in the packet (chunk) or in the chunk (parameter).
    Stop,
    /// 01: the same, and report it.
    StopAndReport,
    /// 10: skip it and go on.
    Skip,
    /// 11: skip it, go on, and report it.
    SkipAndReport,
}

impl UnrecognizedAction {
    /// The action of a type whose most significant octet is `octet`.
    pub(crate) const fn of(octet: u8) -> Self {
        match (octet & 0x80 != 0, octet & 0x40 != 0) {
            (false, false) => Self::Stop,
            (false, true) => Self::StopAndReport,
            (true, false) => Self::Skip,
            (true, true) => Self::SkipAndReport,
        }
    }

    /// Whether what follows is still looked at.
    #[must_use]
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Skip | Self::SkipAndReport)
    }

    /// Whether the sender is told.
    #[must_use]
    pub const fn reports(self) -> bool {
        matches!(self, Self::StopAndReport | Self::SkipAndReport)
    }
}
