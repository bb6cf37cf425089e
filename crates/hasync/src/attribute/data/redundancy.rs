//! The redundancy framework, as `show redundancy states` prints it.

use core::time::Duration;

use zerocopy::network_endian::{U16, U32};

use super::{Milliseconds32, bits, fixed_layout};

wire::registry! {
    /// The state of a unit. Cisco's documents print 4, 8, 13 and 14. The other numbers are those of CISCO-RF-MIB minus
    /// 1, which is also true of these four.
    pub struct RfState(u8) {
        /// The state is not known.
        NOT_KNOWN = 0 => "NOT KNOWN",
        /// Redundancy is disabled.
        DISABLED = 1 => "DISABLED",
        /// The services are being started.
        INITIALIZATION = 2 => "INITIALIZATION",
        /// The unit is looking for its peer.
        NEGOTIATION = 3 => "NEGOTIATION",
        /// The unit is standby and has synchronized nothing.
        STANDBY_COLD = 4 => "STANDBY COLD",
        /// The unit is standby and is receiving the configuration.
        STANDBY_COLD_CONFIG = 5 => "STANDBY COLD-CONFIG",
        /// The unit is standby and is receiving the file system.
        STANDBY_COLD_FILESYS = 6 => "STANDBY COLD-FILESYS",
        /// The unit is standby and its clients are synchronizing.
        STANDBY_COLD_BULK = 7 => "STANDBY COLD-BULK",
        /// The unit is standby and ready to take over.
        STANDBY_HOT = 8 => "STANDBY HOT",
        /// The unit is taking over.
        ACTIVE_FAST = 9 => "ACTIVE-FAST",
        /// The unit is taking over and its clients are cleaning up.
        ACTIVE_DRAIN = 10 => "ACTIVE-DRAIN",
        /// The unit is active and has not read its configuration yet.
        ACTIVE_PRECONFIG = 11 => "ACTIVE_PRECONFIG",
        /// The unit is active and has read its configuration.
        ACTIVE_POSTCONFIG = 12 => "ACTIVE_POSTCONFIG",
        /// The unit is active.
        ACTIVE = 13 => "ACTIVE",
        /// The unit is active and carries the peer's load too.
        ACTIVE_EXTRALOAD = 14 => "ACTIVE_EXTRALOAD",
        /// The unit is active and is handing the peer's load back.
        ACTIVE_HANDBACK = 15 => "ACTIVE_HANDBACK",
    }
}

impl RfState {
    /// Whether a unit in this state has received everything and may take over.
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
    /// The lines of `show redundancy states` that are either on or off.
    pub struct RedundancyFlags(u8) {
        /// The line `Mode = Duplex`.
        DUPLEX = 0x01;
        /// The line `Split Mode = Enabled`.
        SPLIT_MODE = 0x02;
        /// The line `Manual Swact = Enabled`.
        MANUAL_SWACT = 0x04;
        /// The line `Communications = Up`.
        COMMUNICATIONS = 0x08;
    }
}

fixed_layout! {
    /// The state of a unit and its timers, as `show redundancy states` prints them.
    ///
    /// A timer that is not a whole number of milliseconds is not written
    /// ([`EmitError::Inexact`](crate::EmitError::Inexact)).
    pub struct RedundancyState in RedundancyStateLayout, 28 octets {
        /// The state of this unit (`my state`).
        my_state: RfState as u8,
        /// The state of the peer (`peer state`).
        peer_state: RfState as u8,
        /// The mode, split mode, manual switch-over and communications.
        flags: RedundancyFlags as u8,
        /// A reserved field, sent as 0 and ignored on receipt.
        reserved: u8 as u8,
        /// The number of this unit (`Unit ID`).
        unit_id: u32 as U32,
        /// The number of clients (`client count`).
        client_count: u16 as U16,
        /// The number of keepalives (`keep_alive count`).
        keep_alive_count: u16 as U16,
        /// The client notification timer (`client_notification_TMR`), in whole milliseconds.
        client_notification_timer: Duration as Milliseconds32,
        /// The keepalive timer (`keep_alive TMR`), in whole milliseconds.
        keep_alive_timer: Duration as Milliseconds32,
        /// The keepalive threshold (`keep_alive threshold`).
        keep_alive_threshold: u32 as U32,
        /// The debug mask (`RF debug mask`).
        debug_mask: u32 as U32,
    }
}

fixed_layout! {
    /// The numbers of records in a bulk sync, which the standby compares with its own count at the end.
    pub struct BulkCounts in BulkCountsLayout, 12 octets {
        /// The number of IKE SAs.
        ike_sas: u32 as U32,
        /// The number of bundles of IPsec SAs.
        bundles: u32 as U32,
        /// The number of NHRP cache entries.
        nhrp_entries: u32 as U32,
    }
}
