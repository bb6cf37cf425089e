use proptest::prelude::*;

use super::*;
use crate::properties::esn_is_the_nearest_from_the_window_on;

#[test]
fn halves_and_whole() {
    let number = SequenceNumber::from_halves(0x0102_0304, 0xa0b0_c0d0);
    assert_eq!(number, SequenceNumber(0x0102_0304_a0b0_c0d0));
    assert_eq!((number.high(), number.low()), (0x0102_0304, 0xa0b0_c0d0));
    assert_eq!(std::format!("{} {:?}", SequenceNumber::from_halves(1, 2), SequenceNumber(7)), "4294967298 7");
}

/// RFC 4303 section 3.3.3: the counter must not start over.
#[test]
fn no_number_follows_the_last() {
    assert_eq!(Esn::No.after(SequenceNumber::ZERO), Some(SequenceNumber(1)));
    assert_eq!(Esn::No.after(SequenceNumber(0xffff_fffe)), Some(SequenceNumber(0xffff_ffff)));
    assert_eq!(Esn::No.after(SequenceNumber(0xffff_ffff)), None);
    assert_eq!(Esn::No.after(SequenceNumber(1 << 40)), None);
    assert_eq!(Esn::Yes.after(SequenceNumber(0xffff_ffff)), Some(SequenceNumber(1 << 32)));
    assert_eq!(Esn::Yes.after(SequenceNumber(u64::MAX)), None);
}

#[test]
fn only_extended_numbers_have_a_half_unsent() {
    let number = SequenceNumber::from_halves(3, 4);
    assert_eq!(Esn::No.implied(number), None);
    assert_eq!(Esn::Yes.implied(number), Some(3));
}

/// RFC 4303 appendix A2.2, case A: the window lies within one subspace.
#[test]
fn case_a() {
    let highest = SequenceNumber::from_halves(5, 1000);
    assert_eq!(infer_esn(highest, 1000, 64), highest);
    assert_eq!(infer_esn(highest, 937, 64), SequenceNumber::from_halves(5, 937), "the window's lower end");
    assert_eq!(infer_esn(highest, 936, 64), SequenceNumber::from_halves(6, 936), "one below it");
    assert_eq!(infer_esn(highest, u32::MAX, 64), SequenceNumber::from_halves(5, u32::MAX));
    assert_eq!(infer_esn(highest, 0, 64), SequenceNumber::from_halves(6, 0));
    let edge = SequenceNumber::from_halves(5, 63);
    assert_eq!(
        infer_esn(edge, 0, 64),
        SequenceNumber::from_halves(5, 0),
        "the window begins with the subspace"
    );
    assert_eq!(infer_esn(edge, u32::MAX, 64), SequenceNumber::from_halves(5, u32::MAX));
}

/// RFC 4303 appendix A2.2, case B: the window spans two subspaces.
#[test]
fn case_b() {
    let highest = SequenceNumber::from_halves(5, 62);
    assert_eq!(infer_esn(highest, u32::MAX, 64), SequenceNumber::from_halves(4, u32::MAX));
    assert_eq!(infer_esn(highest, u32::MAX - 1, 64), SequenceNumber::from_halves(5, u32::MAX - 1));
    assert_eq!(infer_esn(highest, 62, 64), highest);
    assert_eq!(infer_esn(highest, 63, 64), SequenceNumber::from_halves(5, 63));
}

/// The appendix does not say what happens before the first subspace.
#[test]
fn case_b_with_a_high_part_of_zero_gives_a_number_that_no_packet_has() {
    assert_eq!(infer_esn(SequenceNumber::ZERO, u32::MAX, 64).high(), u32::MAX);
    assert_eq!(infer_esn(SequenceNumber(10), u32::MAX - 52, 64).high(), u32::MAX, "the window's lower end");
    assert_eq!(infer_esn(SequenceNumber(10), u32::MAX - 53, 64).high(), 0, "one below it");
}

proptest! {
    #[test]
    fn the_nearest_from_the_window_on(
        high in prop_oneof![0..3u32, any::<u32>(), Just(u32::MAX)],
        low in prop_oneof![0..5000u32, any::<u32>(), u32::MAX - 5000..],
        received in prop_oneof![0..5000u32, any::<u32>(), u32::MAX - 5000..],
        width in prop_oneof![1..5000u32, Just(1 << 31)],
    ) {
        esn_is_the_nearest_from_the_window_on(SequenceNumber::from_halves(high, low), received, width);
    }
}
