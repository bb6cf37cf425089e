use crate::ip::Ecn;

/// How ECN goes into outer headers, RFC 6040 section 4.3, which has two modes: it is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum EcnMode {
    /// It is copied, as RFC 4301 section 5.1.2.1 has it as well.
    #[default]
    Normal,
    /// The other end does not bring it back, so outer headers are not capable of it.
    Compatibility,
}

/// An outer header that met congestion around an inner one that is not capable of ECN: RFC 6040 section 4.2 has the packet
/// dropped, for that is the one signal its receiver knows. It carries nothing, and is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("congestion was experienced by a packet that is not capable of ECN")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EcnError;

/// The ECN of an outer header, RFC 6040 section 4.1.
#[must_use]
pub const fn encapsulate(mode: EcnMode, inner: Ecn) -> Ecn {
    match mode {
        EcnMode::Normal => inner,
        EcnMode::Compatibility => Ecn::NotCapable,
    }
}

/// The ECN of an inner header when it leaves the tunnel, RFC 6040 section 4.2 (figure 4).
///
/// # Errors
/// When the packet is to be dropped.
pub const fn decapsulate(outer: Ecn, inner: Ecn) -> Result<Ecn, EcnError> {
    match (inner, outer) {
        (Ecn::NotCapable, Ecn::CongestionExperienced) => Err(EcnError),
        (Ecn::NotCapable, _) => Ok(Ecn::NotCapable),
        (Ecn::CongestionExperienced, _) | (_, Ecn::CongestionExperienced) => Ok(Ecn::CongestionExperienced),
        (Ecn::Capable0, Ecn::Capable1) => Ok(Ecn::Capable1),
        (inner, _) => Ok(inner),
    }
}
