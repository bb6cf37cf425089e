//! The limits of what is counted apart.

/// How many of each are told apart. What comes after the limit is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// SAs of ESP and AH. The default is 4096.
    pub ipsec_sas: usize,
    /// ISAKMP SAs. The default is 4096.
    pub isakmp_sas: usize,
    /// Groups of HSRP. The default is 4096.
    pub hsrp_groups: usize,
    /// Senders of one group of HSRP. The default is 16.
    pub hsrp_senders: usize,
    /// Kinds of faults, and as many kinds of departures. The default is 256.
    pub kinds: usize,
    /// Ranges of sequence numbers that are remembered for each SA. A range ends where a number is missing. When there are
    /// more, it is no longer known which of the lowest numbers are missing. The default is 512.
    pub number_ranges: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ipsec_sas: 4096,
            isakmp_sas: 4096,
            hsrp_groups: 4096,
            hsrp_senders: 16,
            kinds: 256,
            number_ranges: 512,
        }
    }
}
