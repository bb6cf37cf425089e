//! Calls replay windows in C. Each is given a run of sequence numbers, and returns how many it accepted.

unsafe extern "C" {
    fn vpnwire_peer_rfc6479(numbers: *const u32, count: u32) -> u32;
    fn vpnwire_peer_buckets(numbers: *const u32, count: u32) -> u32;
    fn vpnwire_peer_bitmap(numbers: *const u32, count: u32, window: u32) -> u32;
}

fn count(numbers: &[u32]) -> u32 {
    u32::try_from(numbers.len()).expect("a run of numbers is short")
}

/// A window like RFC 6479's sample, with 32 blocks of 32 bits.
#[must_use]
pub fn rfc6479(numbers: &[u32]) -> u32 {
    // SAFETY: the function reads `count` numbers from the slice and keeps no pointer.
    unsafe { vpnwire_peer_rfc6479(numbers.as_ptr(), count(numbers)) }
}

/// A window like that of DPDK's `rte_ipsec`.
#[must_use]
pub fn dpdk(numbers: &[u32]) -> u32 {
    // SAFETY: the function reads `count` numbers from the slice and keeps no pointer.
    unsafe { vpnwire_peer_buckets(numbers.as_ptr(), count(numbers)) }
}

/// A window like that of Linux's `xfrm`.
#[must_use]
pub fn linux(numbers: &[u32]) -> u32 {
    // SAFETY: the function reads `count` numbers from the slice and keeps no pointer. Its bitmap has 1,024 bits.
    unsafe { vpnwire_peer_bitmap(numbers.as_ptr(), count(numbers), std::hint::black_box(1024)) }
}
