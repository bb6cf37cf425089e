//! All that was counted.

use super::group::HsrpGroup;
use super::ipsec_sa::IpsecSa;
use super::isakmp_sa::IsakmpSa;
use super::tally::Tally;
use super::wording::WhatIsWrong;

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// All frames.
    pub all: Tally,
    /// The protocols, in the order in which they first occurred.
    pub protocols: Vec<ProtocolFrames>,
    /// The SAs of ESP and AH, in the order in which they first occurred.
    pub sas: Vec<IpsecSa>,
    /// The packets of ESP and AH whose SAs exceed the limit.
    pub other_sas: Tally,
    /// The ISAKMP SAs, in the order in which they first occurred.
    pub isakmp_sas: Vec<IsakmpSa>,
    /// The messages of ISAKMP SAs that exceed the limit.
    pub other_isakmp_sas: Tally,
    /// The groups of HSRP, in the order in which they first occurred.
    pub hsrp_groups: Vec<HsrpGroup>,
    /// The messages of groups that exceed the limit.
    pub other_hsrp_groups: Tally,
    /// The faults by their kind, in the order in which they first occurred.
    pub faults: Vec<WhatIsWrong>,
    /// The number of faults whose kinds exceed the limit.
    pub other_faults: u64,
    /// The departures from an RFC by their kind, in the order in which they first occurred.
    pub departures: Vec<WhatIsWrong>,
    /// The number of departures whose kinds exceed the limit.
    pub other_departures: u64,
}

/// The frames that hold a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolFrames {
    /// The display-filter name of the protocol.
    pub protocol: &'static str,
    /// The frames. A frame that holds the protocol several times is counted once.
    pub frames: Tally,
}
