use core::cell::Cell;
use core::cmp::Ordering;
use std::format;
use std::string::ToString as _;
use std::vec::Vec;

use super::*;

fn keys<V>(table: &Table<u32, V>) -> Vec<u32> {
    table.iter().map(|(key, _)| *key).collect()
}

fn of(keys: impl IntoIterator<Item = u32>) -> Table<u32, char> {
    let mut table = Table::with_capacity(16).unwrap();
    for key in keys {
        assert_eq!(table.insert(key, 'x').unwrap(), None);
    }
    table
}

#[test]
fn a_full_table_gives_the_value_back_and_keeps_what_it_has() {
    let mut table = Table::with_capacity(2).unwrap();
    table.insert(1, 'a').unwrap();
    table.insert(2, 'b').unwrap();
    let full = table.insert(3, 'c').unwrap_err();
    assert_eq!(full, Full { key: 3, value: 'c', capacity: 2 });
    assert_eq!(table.insert(2, 'B').unwrap(), Some('b'), "a key that is already there needs no room");
    assert_eq!(table.remove(&1), Some('a'));
    assert_eq!(table.insert(3, 'c').unwrap(), None, "a place that was freed is used again");
    assert_eq!(table.iter().collect::<Vec<_>>(), [(&2, &'B'), (&3, &'c')]);
    assert!(table.is_full() && table.is_sound());
    let nothing = Table::with_capacity(0).unwrap().insert(1, 'a').unwrap_err();
    assert_eq!((nothing.value, nothing.capacity), ('a', 0));
}

#[test]
fn an_error_says_what_to_do_and_shows_no_value() {
    let full = Full { key: "peer", value: "secret", capacity: 7 };
    assert_eq!(
        full.to_string(),
        "the table already holds 7 entries, which is its capacity: remove one first"
    );
    assert_eq!(format!("{full:?}"), "Full { capacity: 7, .. }");
    let error = Table::<u64, [u64; 1 << 20]>::with_capacity(usize::MAX).unwrap_err();
    assert_eq!(error, NoMemory { capacity: usize::MAX });
    assert!(Table::<u64, u64>::with_capacity(1 << 33).is_err(), "a table has fewer than 2^32 places");
    assert!(
        error
            .to_string()
            .starts_with("there is not enough memory for a table of 18446744073709551615 entries")
    );
}

#[test]
fn a_scan_goes_on_after_a_key_that_is_gone() {
    let mut table = of([10, 20, 30]);
    assert_eq!(table.first_after(&10), Some((&20, &'x')));
    table.remove(&20);
    assert_eq!(table.first_after(&20), Some((&30, &'x')));
    assert_eq!(table.first_after(&30), None);
    assert_eq!(table.first(), Some((&10, &'x')));
    assert_eq!(table.last(), Some((&30, &'x')));
}

#[test]
fn a_range_holds_what_lies_between_its_ends() {
    let table = of([10, 20, 30, 40]);
    let range = |range: (Bound<u32>, Bound<u32>)| table.range(range).map(|(key, _)| *key).collect::<Vec<_>>();
    assert_eq!(range((Bound::Included(20), Bound::Included(30))), [20, 30]);
    assert_eq!(range((Bound::Excluded(20), Bound::Excluded(40))), [30]);
    assert_eq!(range((Bound::Unbounded, Bound::Excluded(20))), [10]);
    assert_eq!(range((Bound::Included(31), Bound::Unbounded)), [40]);
    assert_eq!(range((Bound::Included(21), Bound::Included(29))), []);
    assert_eq!(range((Bound::Included(30), Bound::Included(20))), [], "the range ends before it begins");
    assert_eq!(range((Bound::Excluded(20), Bound::Excluded(20))), []);
    assert_eq!(table.range(15..).rev().map(|(key, _)| *key).collect::<Vec<_>>(), [40, 30, 20]);
}

#[test]
fn an_iteration_from_both_ends_meets_in_the_middle() {
    let table = of(0..5);
    let mut iter = table.iter();
    assert_eq!(iter.next(), Some((&0, &'x')));
    assert_eq!(iter.next_back(), Some((&4, &'x')));
    assert_eq!(iter.clone().count(), 3);
    assert_eq!([iter.next(), iter.next_back()], [Some((&1, &'x')), Some((&3, &'x'))]);
    assert_eq!((iter.size_hint().0, iter.next_back()), (1, Some((&2, &'x'))));
    assert_eq!((iter.next(), iter.next_back(), iter.size_hint()), (None, None, (0, Some(0))));
}

#[test]
fn what_is_not_retained_goes_and_the_rest_is_changed() {
    let mut table = Table::with_capacity(100).unwrap();
    for key in 0..100 {
        table.insert(key, 0).unwrap();
    }
    let mut seen = Vec::new();
    table.retain(|key, value| {
        seen.push(*key);
        *value = key + 1;
        key % 3 == 0
    });
    assert!(seen.iter().copied().eq(0..100), "each entry is passed once, in order");
    assert!(
        table.iter().map(|(key, value)| (*key, *value)).eq((0..100).step_by(3).map(|key| (key, key + 1)))
    );
    assert!(table.is_sound());
    table.clear();
    assert_eq!((table.len(), table.capacity(), table.first()), (0, 100, None));
    table.insert(5, 5).unwrap();
    assert_eq!((keys(&table), table.is_sound()), ([5].to_vec(), true));
}

#[test]
fn tables_are_equal_when_their_entries_are() {
    let mut other = of([3, 2, 1, 9]);
    assert_ne!(other, of([1, 2, 3]));
    other.remove(&9);
    assert_eq!(other, of([1, 2, 3]));
    assert_eq!(format!("{other:?}"), "{1: 'x', 2: 'x', 3: 'x'}");
    *other.get_mut(&2).unwrap() = 'y';
    assert_ne!(other, of([1, 2, 3]));
}

std::thread_local! {
    static COMPARISONS: Cell<u64> = const { Cell::new(0) };
}

/// A key that counts how often it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Counted(u32);

impl Ord for Counted {
    fn cmp(&self, other: &Self) -> Ordering {
        COMPARISONS.set(COMPARISONS.get() + 1);
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Counted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The documentation promises at most 25 comparisons for 100,000 entries, in whatever order the keys come.
#[test]
fn no_order_of_keys_makes_a_table_slow() {
    const COUNT: u32 = 100_000;
    let orders: [fn(u32) -> u32; 4] = [
        |step| step,
        |step| COUNT - 1 - step,
        |step| if step % 2 == 0 { step / 2 } else { COUNT - 1 - step / 2 },
        |step| step.wrapping_mul(2_654_435_761),
    ];
    let most = |of: &mut dyn FnMut(u32)| {
        let steps = (0..COUNT).map(|step| {
            let before = COMPARISONS.get();
            of(step);
            COMPARISONS.get() - before
        });
        steps.max().unwrap()
    };
    for order in orders {
        let mut table = Table::with_capacity(COUNT as usize).unwrap();
        let inserting = most(&mut |step| assert_eq!(table.insert(Counted(order(step)), ()).unwrap(), None));
        let finding = most(&mut |step| assert!(table.contains_key(&Counted(order(step)))));
        assert!(table.is_full() && table.is_sound());
        let removing = most(&mut |step| assert_eq!(table.remove(&Counted(order(step))), Some(())));
        assert!(inserting <= 25 && finding <= 25 && removing <= 25, "{inserting} {finding} {removing}");
        assert!(table.is_empty());
    }
}

/// A key whose order depends only on the number of comparisons so far.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fickle(u32);

impl Ord for Fickle {
    fn cmp(&self, _: &Self) -> Ordering {
        COMPARISONS
            .set(COMPARISONS.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(self.0.into()));
        [Ordering::Less, Ordering::Equal, Ordering::Greater][(COMPARISONS.get() >> 33) as usize % 3]
    }
}

impl PartialOrd for Fickle {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[test]
fn keys_without_an_order_do_not_break_the_tree() {
    let mut table = Table::with_capacity(50).unwrap();
    for step in 0..10_000 {
        match step % 7 {
            0..4 => drop(table.insert(Fickle(step), step)),
            4 => drop(table.remove(&Fickle(step))),
            5 => assert!(table.range(Fickle(step)..Fickle(step + 1)).count() <= 50),
            _ => table.retain(|key, _| key.0 % 5 != 0),
        }
        assert!(table.tree.is_sound());
        assert_eq!(table.iter().count(), table.len());
    }
}
