use crate::ip::Ecn;

/// The mode in which a tunnel sets the ECN of outer headers, RFC 6040 section 4.3. The RFC has two modes, so the enum
/// is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum EcnMode {
    /// The ECN is copied from the inner header. RFC 4301 section 5.1.2.1 does the same.
    #[default]
    Normal,
    /// The outer header is Not-ECT, because the other end does not copy ECN back.
    Compatibility,
}

/// The outer header says that congestion was experienced, but the inner header is not capable of ECN. RFC 6040
/// section 4.2 drops such a packet, because a loss is the only signal that its receiver understands. The struct has
/// no fields and is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("congestion was experienced by a packet that is not capable of ECN, so the packet must be dropped")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EcnError;

/// Returns the ECN of an outer header, RFC 6040 section 4.1.
#[must_use]
pub const fn encapsulate(mode: EcnMode, inner: Ecn) -> Ecn {
    match mode {
        EcnMode::Normal => inner,
        EcnMode::Compatibility => Ecn::NotCapable,
    }
}

/// Returns the ECN of an inner header when the packet leaves the tunnel, RFC 6040 section 4.2 (figure 4).
///
/// # Errors
/// Returns [`EcnError`] when the packet must be dropped.
pub const fn decapsulate(outer: Ecn, inner: Ecn) -> Result<Ecn, EcnError> {
    match (inner, outer) {
        (Ecn::NotCapable, Ecn::CongestionExperienced) => Err(EcnError),
        (Ecn::NotCapable, _) => Ok(Ecn::NotCapable),
        (Ecn::CongestionExperienced, _) | (_, Ecn::CongestionExperienced) => Ok(Ecn::CongestionExperienced),
        (Ecn::Capable0, Ecn::Capable1) => Ok(Ecn::Capable1),
        (inner, _) => Ok(inner),
    }
}
