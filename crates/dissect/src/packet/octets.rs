//! The octets that a handler is called with, and their place.

use wire::LengthError;

use crate::sink::{SourceId, Span};

/// The octets that a handler is called with, and their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Octets<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    // Whether the capture ends inside these octets.
    pub(crate) cut: bool,
    // The whole IP packet that ends with these octets, if it is in one piece. The ICV of an AH header covers it when
    // `Packet::is_enclosed` says so.
    pub(crate) enclosing: Option<&'a [u8]>,
}

impl<'a> Octets<'a> {
    /// Returns all octets of a source.
    pub(crate) const fn of_source(source: SourceId, octets: &'a [u8]) -> Self {
        Self { octets, source, start: 0, cut: false, enclosing: None }
    }

    /// Returns the span of `len` octets from `offset` on.
    pub(crate) const fn span(&self, offset: usize, len: usize) -> Span {
        Span { source: self.source, start: self.start.saturating_add(offset), len }
    }

    /// Returns the span of all these octets.
    pub(crate) const fn whole(&self) -> Span {
        self.span(0, self.octets.len())
    }

    /// Returns the octets after the first `offset`. The result is empty when there are fewer.
    #[inline]
    pub(crate) fn after(&self, offset: usize) -> Octets<'a> {
        let offset = offset.min(self.octets.len());
        Octets {
            // default: never taken, because the offset is inside the octets
            octets: self.octets.get(offset..).unwrap_or_default(),
            start: self.start.saturating_add(offset),
            ..*self
        }
    }

    /// Returns the last `len` octets, or all of them when there are fewer.
    pub(crate) fn last(&self, len: usize) -> Octets<'a> {
        self.after(self.octets.len().saturating_sub(len))
    }

    /// Returns the first octets as a whole header, with zeros for those that are missing.
    pub(crate) fn padded<const LEN: usize>(&self) -> [u8; LEN] {
        let mut whole = [0; LEN];
        for (to, from) in whole.iter_mut().zip(self.octets) {
            *to = *from;
        }
        whole
    }

    /// Returns the first `len` octets. They are all present unless the capture ends before.
    #[inline]
    pub(crate) fn first(&self, len: usize) -> Octets<'a> {
        match self.octets.get(..len) {
            Some(octets) if octets.len() == self.octets.len() => Octets { cut: false, ..*self },
            Some(octets) => Octets { octets, cut: false, enclosing: None, ..*self },
            None => *self,
        }
    }

    /// Returns the error for octets that are too short for a header. Its offset counts from the start of their source.
    pub(crate) const fn too_short(&self, element: &'static str, needed: usize) -> LengthError {
        LengthError::Ends {
            within: "frame",
            element,
            offset: self.start,
            needed,
            available: self.octets.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_the_end_lies_at_the_end() {
        let octets = Octets { octets: &[1, 2, 3], source: 0, start: 10, cut: true, enclosing: None };
        assert_eq!((octets.after(1).octets, octets.after(1).start), (&[2, 3][..], 11));
        for offset in [3, 4, usize::MAX] {
            let after = octets.after(offset);
            assert_eq!((after.octets, after.whole()), (&[][..], Span { source: 0, start: 13, len: 0 }));
            assert!(after.cut, "what would be there was cut");
        }
        assert_eq!(
            (octets.first(3).cut, octets.first(4).cut, octets.first(4).octets.len()),
            (false, true, 3)
        );
    }

    #[test]
    fn an_enclosing_packet_ends_with_the_octets_or_is_forgotten() {
        let packet = [1, 2, 3, 4];
        let octets = Octets { enclosing: Some(&packet), ..Octets::of_source(0, &packet) };
        assert_eq!(octets.after(2).enclosing, Some(&packet[..]));
        assert_eq!(octets.first(4).enclosing, Some(&packet[..]));
        assert_eq!(octets.first(3).enclosing, None);
    }
}
