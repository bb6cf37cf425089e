//! Where in a packet something is shown, and who shows what stands inside of it.

use crate::packet::{Octets, Packet};
use crate::sink::Sink;
use crate::tables::Tables;

/// What stands one behind the other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    Chunks,
    Parameters,
    Causes,
}

/// Where in its packet something is shown. Chunks hold parameters and causes, and causes quote chunks: they know each other through
/// this alone.
pub(super) struct Place<'t, S: Sink> {
    pub(super) tables: &'t Tables,
    /// Where the packet begins in its source: what offsets are counted from.
    pub(super) start: usize,
    /// Shows a run.
    pub(super) show: fn(Place<'_, S>, &mut Packet<'_, S>, Run, Octets<'_>),
}

impl<S: Sink> Clone for Place<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Sink> Copy for Place<'_, S> {}

impl<S: Sink> Place<'_, S> {
    /// Offset of the first of these octets in the packet.
    pub(super) const fn offset(self, octets: Octets<'_>) -> usize {
        octets.start.saturating_sub(self.start)
    }

    /// The octets of an element that was framed in `octets`.
    pub(super) fn of<'a, H>(self, octets: Octets<'a>, element: &wire::Element<'_, H>) -> Octets<'a> {
        octets.after(element.offset.saturating_sub(self.offset(octets))).first(element.octets.len())
    }

    /// Shows a run.
    pub(super) fn run(self, packet: &mut Packet<'_, S>, run: Run, octets: Octets<'_>) {
        (self.show)(self, packet, run, octets);
    }

    /// Shows parameters in a parameter or a cause. A copy can hold copies: how deep is bounded as protocols are.
    pub(super) fn nested_parameters(self, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
        if packet.descend(octets.whole()) {
            self.run(packet, Run::Parameters, octets);
            packet.ascend();
        }
    }
}
