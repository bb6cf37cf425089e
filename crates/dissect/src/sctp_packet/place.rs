//! The place in a packet at which something is shown, and the function that shows its contents.

use crate::packet::{Octets, Packet};
use crate::sink::Sink;
use crate::tables::Tables;

/// The kind of elements that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    Chunks,
    Parameters,
    Causes,
}

/// The place in a packet at which something is shown. Chunks contain parameters and causes, and causes quote chunks.
/// Their modules reach each other only through this type.
pub(super) struct Place<'t, S: Sink> {
    pub(super) tables: &'t Tables,
    /// The offset of the packet in its source. Other offsets count from it.
    pub(super) start: usize,
    /// The function that shows elements that follow each other.
    pub(super) show: fn(Place<'_, S>, &mut Packet<'_, S>, Run, Octets<'_>),
}

impl<S: Sink> Clone for Place<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Sink> Copy for Place<'_, S> {}

impl<S: Sink> Place<'_, S> {
    /// Returns the offset of the first of these octets in the packet.
    pub(super) const fn offset(self, octets: Octets<'_>) -> usize {
        octets.start.saturating_sub(self.start)
    }

    /// Returns the octets of an element that was framed in `octets`.
    pub(super) fn of<'a, H>(self, octets: Octets<'a>, element: &wire::Element<'_, H>) -> Octets<'a> {
        octets.after(element.offset.saturating_sub(self.offset(octets))).first(element.octets.len())
    }

    /// Shows elements that follow each other.
    pub(super) fn run(self, packet: &mut Packet<'_, S>, run: Run, octets: Octets<'_>) {
        (self.show)(self, packet, run, octets);
    }

    /// Shows parameters in a parameter or a cause. A copy can contain copies, so this counts as nesting of protocols
    /// and has the same limit.
    pub(super) fn nested_parameters(self, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
        if packet.descend(&octets) {
            self.run(packet, Run::Parameters, octets);
            packet.ascend();
        }
    }
}
