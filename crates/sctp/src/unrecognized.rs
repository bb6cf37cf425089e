//! The action of a receiver that does not know the type of a chunk or parameter (RFC 9260 sections 3.2 and 3.2.1).

/// The action that the two most significant bits of a type ask for.
///
/// Two bits have exactly these four values, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum UnrecognizedAction {
    /// Bits 00: discard this chunk and the rest of the packet, or this parameter and the rest of the chunk.
    Stop,
    /// Bits 01: do the same as for 00, and report the type to the sender.
    StopAndReport,
    /// Bits 10: skip it and continue.
    Skip,
    /// Bits 11: skip it, continue, and report the type to the sender.
    SkipAndReport,
}

impl UnrecognizedAction {
    /// The action for a type whose most significant octet is `octet`.
    pub(crate) const fn of(octet: u8) -> Self {
        match (octet & 0x80 != 0, octet & 0x40 != 0) {
            (false, false) => Self::Stop,
            (false, true) => Self::StopAndReport,
            (true, false) => Self::Skip,
            (true, true) => Self::SkipAndReport,
        }
    }

    /// Whether the receiver continues with what follows.
    #[must_use]
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Skip | Self::SkipAndReport)
    }

    /// Whether the receiver reports the type to the sender.
    #[must_use]
    pub const fn reports(self) -> bool {
        matches!(self, Self::StopAndReport | Self::SkipAndReport)
    }
}
