//! Wrappers that panic on purpose. The gate fails if it does not find each of these panics.

use std::hint::black_box;

/// Indexes a slice without a check.
#[inline(never)]
pub fn index(octets: &[u8], at: usize) -> u8 {
    octets[at]
}

/// Takes a range outside the slice.
#[inline(never)]
pub fn range(octets: &[u8], from: usize, to: usize) -> &[u8] {
    &octets[from..to]
}

/// Panics two calls away.
#[inline(never)]
pub fn far(octets: &[u8]) -> u64 {
    first(octets) ^ 1
}

#[inline(never)]
fn first(octets: &[u8]) -> u64 {
    second(octets) ^ 2
}

#[inline(never)]
fn second(octets: &[u8]) -> u64 {
    u64::from(*black_box(octets).first().expect("not empty"))
}

/// Copies between slices of unequal length.
#[inline(never)]
pub fn copy(to: &mut [u8], from: &[u8]) {
    to.copy_from_slice(from);
}

/// Makes an addition that overflows.
#[inline(never)]
pub fn overflow(left: u8, right: u8) -> u8 {
    left + right
}

/// Divides by zero.
#[inline(never)]
pub fn division(left: u32, right: u32) -> u32 {
    left / right
}

/// Panics behind a function pointer.
#[inline(never)]
pub fn pointer(octets: &[u8]) -> u64 {
    black_box(first as fn(&[u8]) -> u64)(octets)
}

/// Panics behind a trait object that the caller passes.
#[inline(never)]
pub fn object(step: &dyn Fn(u8) -> u8) -> u8 {
    step(3)
}

/// Borrows a value twice.
#[inline(never)]
pub fn borrow(cell: &std::cell::RefCell<u8>) -> u8 {
    *cell.borrow()
}

/// Allocates memory, which may run out.
#[inline(never)]
pub fn allocation(octets: &[u8]) -> Vec<u8> {
    octets.to_vec()
}

/// Panics in one arm of many.
#[inline(never)]
pub fn arm(octets: &[u8], kind: u8) -> u8 {
    match kind {
        0 => black_box(1),
        1 => black_box(17),
        2 => black_box(octets[3]),
        3 => black_box(99),
        4 => black_box(4),
        _ => 0,
    }
}
