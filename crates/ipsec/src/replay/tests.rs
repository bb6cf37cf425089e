use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::properties::{equal_windows_answer_alike, window_agrees_with_a_set};

fn accepted<const BLOCKS: usize>(numbers: &[u64]) -> ReplayWindow<BLOCKS> {
    let mut window = ReplayWindow::new();
    for number in numbers {
        window.accept(SequenceNumber(*number)).unwrap();
    }
    window
}

#[test]
fn widths() {
    assert_eq!(ReplayWindow::<2>::WIDTH, 64);
    assert_eq!(ReplayWindow::<17>::WIDTH, 1024);
    assert_eq!(ReplayWindow::<65>::WIDTH, 4096);
}

/// RFC 4303 section 3.4.3: a window of W holds the W numbers up to the highest. The sample code of RFC 6479 holds one
/// more.
#[test]
fn the_number_a_width_below_the_highest_is_the_first_too_old() {
    fn check<const BLOCKS: usize>() {
        let width = ReplayWindow::<BLOCKS>::WIDTH;
        for highest in (width..width + 200).chain([u64::from(u32::MAX), u64::MAX]) {
            let window = accepted::<BLOCKS>(&[highest]);
            let (number, highest) = (SequenceNumber(highest - width), SequenceNumber(highest));
            let error =
                if number.0 == 0 { ReplayError::Zero } else { ReplayError::TooOld { number, highest } };
            assert_eq!(window.check(number), Err(error));
            assert_eq!(window.check(SequenceNumber(number.0 + 1)), Ok(()), "highest {highest}");
        }
    }
    check::<2>();
    check::<3>();
    check::<17>();
    check::<65>();
}

#[test]
fn no_packet_is_numbered_zero() {
    assert_eq!(ReplayWindow::<2>::new().check(SequenceNumber::ZERO), Err(ReplayError::Zero));
    assert_eq!(accepted::<2>(&[5]).check(SequenceNumber::ZERO), Err(ReplayError::Zero));
    assert_eq!(accepted::<2>(&[500]).check(SequenceNumber::ZERO), Err(ReplayError::Zero));
}

#[test]
fn each_number_is_accepted_once() {
    let mut window = accepted::<2>(&[1, 3, 2, 64, 65]);
    for number in [1, 2, 3, 64, 65].map(SequenceNumber) {
        let error = Err(ReplayError::Replayed { number });
        if number.0 > 1 {
            assert_eq!(window.check(number), error);
            assert_eq!(window.accept(number), error);
            assert!(window.contains(number));
        }
    }
    assert!(!window.contains(SequenceNumber(4)) && !window.contains(SequenceNumber(1)));
    assert_eq!(window.highest(), SequenceNumber(65));
}

/// RFC 6479: blocks are cleared as the window moves over them, and a great leap clears all of them.
#[test]
fn a_leap_forgets_what_it_leaves_behind_and_nothing_else() {
    for leap in [1, 63, 64, 65, 1023, 1024, 1025, 1087, 1088, 1089, 5000, 1 << 40] {
        let mut window = accepted::<17>(&[100, 101]);
        window.accept(SequenceNumber(101 + leap)).unwrap();
        for number in (101 + leap).saturating_sub(1023).max(1)..=101 + leap {
            let known = [100, 101, 101 + leap].contains(&number);
            assert_eq!(window.contains(SequenceNumber(number)), known, "leap {leap}, number {number}");
        }
    }
}

#[test]
fn the_last_numbers_are_accepted() {
    let mut window = accepted::<17>(&[u64::MAX - 1, u64::MAX]);
    assert!(window.contains(SequenceNumber(u64::MAX)));
    assert_eq!(window.accept(SequenceNumber(u64::MAX - 2)), Ok(()));
    let mut window = accepted::<2>(&[u32::MAX.into()]);
    assert_eq!(window.accept(SequenceNumber(u64::from(u32::MAX) - 63)), Ok(()));
    assert!(window.accept(SequenceNumber(u64::from(u32::MAX) - 64)).is_err());
}

/// A number that the standby was told of is never accepted again.
#[test]
fn a_window_started_at_a_number_accepts_what_follows_and_nothing_else() {
    for start in (0..300).chain([1000, u32::MAX.into(), u64::MAX - 100]) {
        let mut window = ReplayWindow::<3>::starting_at(SequenceNumber(start));
        assert_eq!(window.highest(), SequenceNumber(start));
        for number in start.saturating_sub(200)..=start {
            assert!(window.check(SequenceNumber(number)).is_err(), "{number} after {start}");
        }
        for number in [start + 1, start + 70, start + 3, start + 64, start + 63] {
            assert_eq!(window.accept(SequenceNumber(number)), Ok(()), "{number} after {start}");
        }
        assert!(window.check(SequenceNumber(start)).is_err());
        assert_eq!(window.check(SequenceNumber(start + 2)), Ok(()));
    }
}

/// RFC 4303 appendix A2.2 does not decide this case; we refuse the packet before it is authenticated.
#[test]
fn an_extended_number_before_the_first_is_refused() {
    let window = ReplayWindow::<17>::new();
    let error = ReplayError::BeforeFirst { low: u32::MAX, highest: SequenceNumber::ZERO };
    assert_eq!(window.infer(Esn::Yes, u32::MAX), Err(error));
    assert_eq!(
        window.infer(Esn::Yes, u32::MAX - 1022),
        Err(ReplayError::BeforeFirst { low: u32::MAX - 1022, highest: SequenceNumber::ZERO })
    );
    assert_eq!(window.infer(Esn::Yes, u32::MAX - 1023), Ok(SequenceNumber(0xffff_ffff - 1023)));
    assert_eq!(window.infer(Esn::No, u32::MAX), Ok(SequenceNumber(0xffff_ffff)));
    let window = accepted::<17>(&[1 << 32]);
    assert_eq!(window.infer(Esn::Yes, u32::MAX), Ok(SequenceNumber(0xffff_ffff)));
    assert_eq!(window.check(SequenceNumber(0xffff_ffff)), Ok(()), "it is still in the window");
    let last = accepted::<17>(&[u64::MAX]);
    assert_eq!(last.infer(Esn::Yes, u32::MAX), Ok(SequenceNumber(u64::MAX)));
    let after = last.infer(Esn::Yes, 0).unwrap();
    assert!(last.check(after).is_err(), "no number comes after the last: {after}");
}

/// Windows are equal whatever the order of the numbers, whatever the leaps, and also when one started at a number.
#[test]
fn windows_are_equal_when_they_answer_alike() {
    let started = ReplayWindow::<2>::starting_at(SequenceNumber(5));
    assert_eq!(started, accepted(&[1, 2, 3, 4, 5]));
    assert_eq!(accepted::<2>(&[5, 3, 1, 4, 2]), started);
    assert_eq!(ReplayWindow::<2>::starting_at(SequenceNumber::ZERO), ReplayWindow::new());
    // Numbers that were forgotten do not count.
    assert_eq!(accepted::<2>(&[1, 2, 1000]), accepted(&[1000]));
    assert_eq!(accepted::<2>(&[100, 164]), accepted(&[164]));
    assert_ne!(accepted::<2>(&[101, 164]), accepted(&[164]));
    assert_ne!(accepted::<2>(&[5]), started);
    equal_windows_answer_alike(&started, &accepted(&[5]));
}

/// A standby that is told a number twice, or an old number, accepts nothing that was accepted before.
#[test]
fn a_window_that_takes_over_another_never_goes_back() {
    let mut window = accepted::<3>(&[10, 12, 100]);
    window.take_over(&ReplayWindow::new());
    window.take_over(&accepted(&[11, 50]));
    assert_eq!(window, accepted(&[10, 11, 12, 50, 100]));
    window.take_over(&accepted(&[200]));
    assert_eq!(window, accepted(&[100, 200]));
    window.take_over(&accepted(&[1, 150, 1000]));
    assert_eq!(window, accepted(&[1000]));
    let mut window = ReplayWindow::<2>::new();
    let other = ReplayWindow::starting_at(SequenceNumber(u64::MAX));
    window.take_over(&other);
    assert_eq!(window, other);
}

fn numbers() -> impl Strategy<Value = std::vec::Vec<u64>> {
    let step = prop_oneof![
        8 => 0..4i64,
        4 => -70..70i64,
        2 => -1100..1200i64,
        1 => -5000..5000i64,
    ];
    (prop_oneof![0..200u64, any::<u64>(), Just(u64::from(u32::MAX) - 2000)], vec(step, 0..600)).prop_map(
        |(start, steps)| {
            let mut at = start;
            steps
                .into_iter()
                .map(|step| {
                    at = at.saturating_add_signed(step);
                    at
                })
                .collect()
        },
    )
}

proptest! {
    #[test]
    fn windows_are_equal_when_and_only_when_they_answer_alike(
        start in prop_oneof![Just(0u64), 0..300u64, Just(u64::MAX - 200)],
        numbers in vec(0..150u64, 0..12),
        others in vec(0..150u64, 0..12),
        order: bool,
        leap in prop_oneof![Just(None), (0..150u64).prop_map(Some)],
    ) {
        let number = |number: &u64| SequenceNumber(start.saturating_add(*number));
        let mut one = ReplayWindow::<2>::new();
        numbers.iter().map(number).for_each(|number| { let _ = one.accept(number); });
        let mut same = leap.map_or_else(ReplayWindow::new, |leap| ReplayWindow::starting_at(number(&leap)));
        let mut other = numbers.clone();
        if order { other.sort_unstable() } else { other.reverse() }
        other.iter().map(number).for_each(|number| { let _ = same.accept(number); });
        let mut different = ReplayWindow::<2>::new();
        others.iter().map(number).for_each(|number| { let _ = different.accept(number); });
        equal_windows_answer_alike(&one, &same);
        equal_windows_answer_alike(&one, &different);
        equal_windows_answer_alike(&different, &same);
        let mut both = one.clone();
        both.take_over(&different);
        for n in 0..400 {
            let n = number(&n);
            let refused = one.check(n).is_err() || different.check(n).is_err();
            assert_eq!(both.check(n).is_err(), refused || both.highest().0.saturating_sub(n.0) >= 64 || n.0 == 0);
        }
    }

    #[test]
    fn a_set_agrees(numbers in numbers(), start in prop_oneof![Just(None), (0..3000u64).prop_map(Some)]) {
        window_agrees_with_a_set::<2>(start, &numbers);
        window_agrees_with_a_set::<3>(start, &numbers);
        window_agrees_with_a_set::<17>(start, &numbers);
        window_agrees_with_a_set::<65>(start, &numbers);
    }
}
