//! The redundancy framework, as `show redundancy states` prints it.

use core::time::Duration;

use zerocopy::network_endian::{U16, U32};

use super::{Milliseconds32, bits, fixed_layout};

wire::registry! {
    /// State of a unit. 4, 8, 13 and 14 are printed in Cisco's documents; the others are the numbers of CISCO-RF-MIB
    /// less 1, which those four agree with.
    pub struct RfState(u8) {
        /// Not known.
        NOT_KNOWN = 0 => "NOT KNOWN",
        /// Redundancy is off.
        DISABLED = 1 => "DISABLED",
        /// Services are being started.
        INITIALIZATION = 2 => "INITIALIZATION",
        /// The peer is being found.
        NEGOTIATION = 3 => "NEGOTIATION",
        /// Standby, nothing synchronised.
        STANDBY_COLD = 4 => "STANDBY COLD",
        /// Standby, configuration comes.
        STANDBY_COLD_CONFIG = 5 => "STANDBY COLD-CONFIG",
        /// Standby, file system comes.
        STANDBY_COLD_FILESYS = 6 => "STANDBY COLD-FILESYS",
        /// Standby, clients synchronise.
        STANDBY_COLD_BULK = 7 => "STANDBY COLD-BULK",
        /// Standby, ready to take over.
        STANDBY_HOT = 8 => "STANDBY HOT",
        /// Taking over.
        ACTIVE_FAST = 9 => "ACTIVE-FAST",
        /// Clients clean up.
        ACTIVE_DRAIN = 10 => "ACTIVE-DRAIN",
        /// Active, configuration not read yet.
        ACTIVE_PRECONFIG = 11 => "ACTIVE_PRECONFIG",
        /// Active, configuration read.
        ACTIVE_POSTCONFIG = 12 => "ACTIVE_POSTCONFIG",
        /// Active.
        ACTIVE = 13 => "ACTIVE",
        /// Active, with the peer's load too.
        ACTIVE_EXTRALOAD = 14 => "ACTIVE_EXTRALOAD",
        /// Active, giving the peer its load back.
        ACTIVE_HANDBACK = 15 => "ACTIVE_HANDBACK",
    }
}

impl RfState {
    /// Whether a unit in this state has taken all there is and may take over.
    #[must_use]
    pub const fn may_take_over(self) -> bool {
        self.0 == Self::STANDBY_HOT.0
    }

    /// Whether a unit in this state is the active one.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self.0, 9..=15)
    }
}

bits! {
    /// The lines of `show redundancy states` that are on or off.
    pub struct RedundancyFlags(u8) {
        /// Mode = Duplex.
        DUPLEX = 0x01;
        /// Split Mode = Enabled.
        SPLIT_MODE = 0x02;
        /// Manual Swact = Enabled.
        MANUAL_SWACT = 0x04;
        /// Communications = Up.
        COMMUNICATIONS = 0x08;
    }
}

fixed_layout! {
    /// State of a unit and its timers, as `show redundancy states` prints them.
    pub struct RedundancyState in RedundancyStateLayout, 28 octets {
        /// my state.
        my_state: RfState as u8,
        /// peer state.
        peer_state: RfState as u8,
        /// Mode, split mode, manual switch-over, communications.
        flags: RedundancyFlags as u8,
        /// Sent as 0, ignored on receipt.
        reserved: u8 as u8,
        /// Unit ID.
        unit_id: u32 as U32,
        /// client count.
        client_count: u16 as U16,
        /// `keep_alive` count.
        keep_alive_count: u16 as U16,
        /// `client_notification_TMR`, in whole milliseconds.
        client_notification_timer: Duration as Milliseconds32,
        /// `keep_alive` TMR, in whole milliseconds.
        keep_alive_timer: Duration as Milliseconds32,
        /// `keep_alive` threshold.
        keep_alive_threshold: u32 as U32,
        /// RF debug mask.
        debug_mask: u32 as U32,
    }
}

fixed_layout! {
    /// How much a bulk sync has: what the standby counts when it ends.
    pub struct BulkCounts in BulkCountsLayout, 12 octets {
        /// IKE SAs.
        ike_sas: u32 as U32,
        /// Bundles of IPsec SAs.
        bundles: u32 as U32,
        /// NHRP cache entries.
        nhrp_entries: u32 as U32,
    }
}
