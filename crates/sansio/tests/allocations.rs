//! A table, timers, a backoff and a bucket allocate when they are made, and never again.
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use core::time::Duration;

use vpnwire_sansio::{Backoff, Instant, Jitter, Rate, Schedule, Table, Timers, TokenBucket, Waits};

const CAPACITY: u32 = 1000;

#[test]
fn nothing_is_allocated_after_the_beginning() {
    let mut table = None;
    let info = allocation_counter::measure(|| table = Some(Table::with_capacity(1000).unwrap()));
    assert_eq!(info.count_total, 2, "one allocation for the tree, one for the entries");
    let mut table = table.unwrap();
    let mut timers = Timers::with_capacity(1000).unwrap();
    let waits = Waits::Listed(vec![Duration::from_secs(10), Duration::from_secs(2)]);
    let schedule = Schedule { waits, tries: Some(3), jitter: Jitter::NONE };
    let mut bucket = TokenBucket::new(Instant::START, Rate::per_second(3), 2);
    let info = allocation_counter::measure(|| {
        for round in 0..3_u32 {
            // Each round fills both, is refused, and empties them in another order.
            for step in 0..CAPACITY {
                let key = step.wrapping_mul(2_654_435_761);
                assert_eq!(table.insert(key, [step; 8]).unwrap(), None);
                assert_eq!(timers.set(key, Instant::from_nanos(step.into())).unwrap(), None);
            }
            assert!(table.insert(1, [0; 8]).is_err() && timers.set(1, Instant::START).is_err());
            assert_eq!(table.range(..).rev().count(), 1000);
            assert_eq!(timers.iter().count(), 1000);
            match round {
                0 => while table.pop_first().is_some() {},
                1 => table.retain(|_, value| value.contains(&u32::MAX)),
                _ => table.clear(),
            }
            while timers.pop_due(Instant::END).is_some() {}
            assert!(table.is_empty() && timers.is_empty());
        }
        let mut backoff = Backoff::new();
        while backoff.next_wait(&schedule, 0).is_some() {}
        while bucket.take(Instant::START, 1) {}
    });
    assert_eq!(info.count_total, 0);
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1, "the counter counts this allocation");
}
