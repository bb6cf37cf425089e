//! The checkpoint rule: when the active tells the standby the sequence numbers of an SA, and where the standby
//! continues. These are pure functions.
//!
//! **Inbound.** The active sends an update when its highest accepted number has advanced by the interval. After a
//! takeover the standby refuses every number up to the last update that it has stored. The numbers that the old active
//! accepted above that can be replayed once: those from [`inbound_window_start`] + 1 to the highest accepted one, and
//! no others. If the standby has stored every update that was sent, they are fewer than the interval; each update that
//! it missed adds its own step. Packets that are still on their way are lost if their numbers are at or below the start
//! of the window.
//!
//! **Outbound.** Using a number twice is worse: the peer drops the packet, and an IV made from the number repeats.
//! Outbound numbers are therefore leased. The active sends up to the number that the standby has acknowledged plus the
//! interval plus the slack, and no further. The standby continues above that. An update that is lost or late only uses
//! up some of the lease. When the lease is used up, the active waits. It never waits while acknowledgements arrive
//! within `slack` packets of the update that they answer.
//!
//! The users of these functions have to keep three rules:
//!
//! * An acknowledgement means that the standby would take over with the number.
//! * The first number that a new standby is told (in a bulk sync, or with a new SA) is the base of the lease from the
//!   moment it is *sent*, because from then on the standby may take over with it.
//! * Without a lease, the active may send only while no standby could take over: the standby is not hot, or it is
//!   certainly gone. A standby that merely does not answer is not gone.
//!
//! All numbers have 64 bits here. Without extended sequence numbers an SA ends at 2^32 - 1 ([`Esn::No`]). The lease
//! ends there too, and nothing wraps around.

/// Whether an SA has extended sequence numbers (RFC 4303 section 2.2.1), and so how many numbers it has.
///
/// The RFC knows these two cases, so the enum is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Esn {
    /// Sequence numbers have 32 bits.
    No,
    /// Sequence numbers have 64 bits (extended sequence numbers).
    Yes,
}

impl Esn {
    /// The last number. After it the SA is used up.
    #[must_use]
    pub const fn last(self) -> u64 {
        match self {
            Self::No => 0xffff_ffff,
            Self::Yes => u64::MAX,
        }
    }
}

/// How often the standby is told, counted in packets. Cisco configures it as `crypto map … redundancy replay-interval
/// inbound … outbound …`.
///
/// The rule of this module has these numbers only, so the struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Checkpoint {
    /// The number of packets between updates of an inbound SA. 0 counts as 1.
    pub inbound_interval: u32,
    /// The number of packets between updates of an outbound SA. 0 counts as 1.
    pub outbound_interval: u32,
    /// The number of packets that may be sent between an outbound update and its acknowledgement. It belongs to this
    /// profile. With a slack of one interval, the loss of one update delays no packet.
    pub slack: u32,
}

impl Default for Checkpoint {
    /// Cisco's defaults, 1,000 inbound and 100,000 outbound, with a slack of one outbound interval.
    fn default() -> Self {
        Self { inbound_interval: 1_000, outbound_interval: 100_000, slack: 100_000 }
    }
}

/// Whether an update is due, because the number has advanced by the interval since the last update that was sent.
///
/// ```
/// use vpnwire_hasync::checkpoint::is_due;
///
/// // Cisco: "Replay triggered update seq_num 1000 last-sent 0 dir inbound"
/// assert!(!is_due(999, 0, 1_000));
/// assert!(is_due(1_000, 0, 1_000));
/// ```
#[must_use]
pub const fn is_due(sequence: u64, last_sent: u64, interval: u32) -> bool {
    let moved = sequence.saturating_sub(last_sent);
    moved != 0 && moved >= widen(interval)
}

/// The start of the inbound window after a takeover, given the last update that the standby has stored. Numbers up to
/// this one are refused.
#[must_use]
pub const fn inbound_window_start(stored: u64) -> u64 {
    stored
}

/// The number of inbound packets that could be accepted a second time after a takeover: those above the last update
/// that the standby has stored, up to the highest that the old active had accepted.
#[must_use]
pub const fn inbound_exposure(stored: u64, highest_accepted: u64) -> u64 {
    highest_accepted.saturating_sub(stored)
}

/// The number that a standby knows after another update. Updates may arrive late or out of order, so the number never
/// decreases.
#[must_use]
pub const fn stored(known: u64, update: u64) -> u64 {
    if update > known { update } else { known }
}

impl Checkpoint {
    /// Whether an update of an inbound SA is due. `sequence` is the highest number that was accepted.
    #[must_use]
    pub const fn inbound_update_is_due(&self, sequence: u64, last_sent: u64) -> bool {
        is_due(sequence, last_sent, self.inbound_interval)
    }

    /// Whether an update of an outbound SA is due. `sequence` is the highest number that was sent. An update is due
    /// when the interval is over. When half of the slack is used up without an acknowledgement, it is due again after
    /// every eighth of the slack.
    #[must_use]
    pub const fn outbound_update_is_due(&self, sequence: u64, last_sent: u64, acknowledged: u64) -> bool {
        if is_due(sequence, last_sent, self.outbound_interval) {
            return true;
        }
        let used = sequence.saturating_sub(acknowledged);
        let half = widen(self.outbound_interval).saturating_add(widen(self.slack) >> 1);
        used >= half && is_due(sequence, last_sent, self.slack >> 3)
    }

    /// The last outbound number that may be sent while the standby has acknowledged no more than `acknowledged`.
    #[must_use]
    pub const fn lease_end(&self, acknowledged: u64, esn: Esn) -> u64 {
        let interval = if self.outbound_interval == 0 { 1 } else { widen(self.outbound_interval) };
        let end = acknowledged.saturating_add(interval).saturating_add(widen(self.slack));
        if end < esn.last() { end } else { esn.last() }
    }

    /// Whether a packet with the number `sequence` may be sent.
    #[must_use]
    pub const fn may_send(&self, sequence: u64, acknowledged: u64, esn: Esn) -> bool {
        sequence <= self.lease_end(acknowledged, esn)
    }

    /// The first outbound number after a takeover, given the last update that the standby has stored. It is above all
    /// numbers that the old active can have sent. `None` when the SA may be used up; it then has to be negotiated
    /// again.
    ///
    /// The standby has stored every number that it acknowledged, and possibly more. The lease is counted from the
    /// stored number, so the loss of an acknowledgement does no harm.
    #[must_use]
    pub const fn first_after_takeover(&self, stored: u64, esn: Esn) -> Option<u64> {
        let end = self.lease_end(stored, esn);
        if end < esn.last() { end.checked_add(1) } else { None }
    }
}

/// `u64::from`, but usable in a constant function.
const fn widen(number: u32) -> u64 {
    let [a, b, c, d] = number.to_be_bytes();
    u64::from_be_bytes([0, 0, 0, 0, a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_updates_of_ciscos_debug_output() {
        let checkpoint = Checkpoint::default();
        let mut last_sent = 0;
        let mut fired = std::vec::Vec::new();
        for sequence in 1..=4_999 {
            if checkpoint.inbound_update_is_due(sequence, last_sent) {
                fired.push((sequence, last_sent));
                last_sent = sequence;
            }
        }
        assert_eq!(fired, [(1_000, 0), (2_000, 1_000), (3_000, 2_000), (4_000, 3_000)]);
        assert!(!checkpoint.outbound_update_is_due(99_999, 0, 0));
        assert!(checkpoint.outbound_update_is_due(100_000, 0, 0));
    }

    #[test]
    fn the_standby_starts_just_above_the_lease() {
        let checkpoint = Checkpoint { outbound_interval: 10, slack: 5, ..Checkpoint::default() };
        for esn in [Esn::No, Esn::Yes] {
            assert!(checkpoint.may_send(115, 100, esn));
            assert!(!checkpoint.may_send(116, 100, esn));
            assert_eq!(checkpoint.first_after_takeover(100, esn), Some(116));
        }
    }

    #[test]
    fn nothing_wraps() {
        let checkpoint = Checkpoint { outbound_interval: 10, slack: 5, ..Checkpoint::default() };
        for esn in [Esn::No, Esn::Yes] {
            let last = esn.last();
            assert_eq!(checkpoint.lease_end(last - 3, esn), last);
            assert!(checkpoint.may_send(last, last - 3, esn));
            assert_eq!(checkpoint.first_after_takeover(last - 3, esn), None);
            assert_eq!(checkpoint.first_after_takeover(last - 15, esn), None, "the last number may be used");
            assert_eq!(checkpoint.first_after_takeover(last - 16, esn), Some(last));
        }
        assert!(!checkpoint.may_send(1 << 32, u64::from(u32::MAX), Esn::No));
        assert!(checkpoint.may_send(1 << 32, u64::from(u32::MAX), Esn::Yes));
    }

    #[test]
    fn an_unanswered_update_is_sent_again_before_the_lease_ends() {
        let checkpoint = Checkpoint { outbound_interval: 100, slack: 80, ..Checkpoint::default() };
        let mut last_sent = 0;
        let mut fired = std::vec::Vec::new();
        for sequence in 1..=checkpoint.lease_end(0, Esn::No) {
            if checkpoint.outbound_update_is_due(sequence, last_sent, 0) {
                fired.push(sequence);
                last_sent = sequence;
            }
        }
        assert_eq!(fired, [100, 140, 150, 160, 170, 180]);
    }

    #[test]
    fn an_interval_of_zero_counts_as_one() {
        let checkpoint = Checkpoint { inbound_interval: 0, outbound_interval: 0, slack: 0 };
        assert!(!checkpoint.inbound_update_is_due(5, 5));
        assert!(checkpoint.inbound_update_is_due(6, 5));
        assert!(checkpoint.may_send(1, 0, Esn::No));
        assert_eq!(checkpoint.first_after_takeover(0, Esn::No), Some(2));
        assert_eq!((stored(5, 3), stored(3, 5)), (5, 5));
        assert_eq!((inbound_window_start(7), inbound_exposure(7, 9), inbound_exposure(9, 7)), (7, 2, 0));
    }
}
