//! Iterators inside iterators, in little space.

/// What an iterator of iterators gives, one after the other.
///
/// The library's `flat_map` also has room for an iterator from the other end. Four levels of it in each other would have
/// thousands of octets, which are moved for every payload.
pub(super) struct Nested<I, U, F> {
    outer: I,
    inner: Option<U>,
    make: F,
}

/// Makes an iterator of each item.
pub(super) const fn nested<I: Iterator, U: Iterator, F: FnMut(I::Item) -> U>(
    outer: I,
    make: F,
) -> Nested<I, U, F> {
    Nested { outer, inner: None, make }
}

impl<I: Iterator, U: Iterator, F: FnMut(I::Item) -> U> Iterator for Nested<I, U, F> {
    type Item = U::Item;

    fn next(&mut self) -> Option<U::Item> {
        loop {
            if let Some(item) = self.inner.as_mut().and_then(Iterator::next) {
                return Some(item);
            }
            self.inner = Some((self.make)(self.outer.next()?));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn it_gives_what_flat_map_gives() {
        let lengths = [0, 3, 0, 0, 2, 1, 0];
        let ours: Vec<_> = nested(lengths.into_iter(), |len| 0..len).collect();
        let theirs: Vec<_> = lengths.into_iter().flat_map(|len| 0..len).collect();
        assert_eq!(ours, theirs);
    }
}
