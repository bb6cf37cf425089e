//! The contract between a protocol engine and whoever drives it.

use alloc::boxed::Box;
use core::fmt::Debug;

use crate::Instant;

/// A protocol's state machine as its caller drives it: octets and times go in, octets, events and a deadline come out.
///
/// An engine has no socket, thread, clock, file or global state, and never sleeps. The same calls with the same random octets
/// give the same outputs. The trait is object-safe, so one loop drives `dyn Engine`.
///
/// **Drain rule.** Every call that may change the engine (`handle`, `handle_timeout`, a command of its own) is followed by
/// calls of [`poll`](Engine::poll) until it returns [`Output::Wait`]. An engine that was not drained may drop the input of the
/// next call, and counts what it drops. It never grows instead.
///
/// **Deadline rule.** The deadline in the last [`Output::Wait`] replaces all earlier ones, and is the only reason to call
/// [`handle_timeout`](Engine::handle_timeout): at that time, or as soon after it as the caller can. A call before the deadline
/// changes nothing, and neither does a second call at the same time. Without a deadline the engine waits for input alone.
///
/// **Time.** `now` does not go backwards from call to call. Where it does all the same, the engine loses no state and does not
/// panic: it takes the time that passed for zero.
///
/// **Bad input is an event.** Datagrams that are malformed, not authentic, unexpected or too many are dropped, counted and told
/// as events. `handle` returns nothing, because there is nothing that a caller would have to do. A command that cannot be
/// carried out is different: it is an inherent method, takes `now`, and returns an error with the reason.
///
/// **Bounds.** Each table and queue has a limit that is set when the engine is made. An unauthenticated datagram neither moves
/// nor frees authenticated state. No input makes an engine panic.
///
/// The [crate's page](crate) has an engine and the loop that drives it.
pub trait Engine {
    /// All that the layer below tells with a datagram and must be told with one: addresses, ports, flags, the interface.
    type Envelope: Copy + Ord + Debug;

    /// What the engine tells its caller. Keys are only in the event that hands them over, in memory that is zeroized.
    type Event: Debug;

    /// Takes a datagram that arrived.
    ///
    /// The engine may decrypt in place: what `octets` holds afterwards is unspecified.
    fn handle(&mut self, now: Instant, envelope: Self::Envelope, octets: &mut [u8]);

    /// Does what is due at `now`. An early call and a repeated one change nothing.
    fn handle_timeout(&mut self, now: Instant);

    /// Gives the next output, and [`Output::Wait`] when there is none.
    ///
    /// Octets to transmit stand at the front of `buffer`; the rest of the buffer is unspecified. A parent that puts a header
    /// before them polls its child into `buffer[HEADROOM..]`. When the buffer is too small nothing is lost: a call with a
    /// buffer of the size that [`Output::BufferTooSmall`] names gives the datagram.
    fn poll(&mut self, now: Instant, buffer: &mut [u8]) -> Output<Self::Envelope, Self::Event>;
}

/// What [`Engine::poll`] gives. Exhaustive on purpose: who drives an engine has to do something about each of them.
#[must_use = "an output that is not carried out is lost: send it, look at it, or wait as it says"]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output<N, E> {
    /// A datagram is to be sent: the first `len` octets of the buffer.
    Transmit {
        /// Where to, and all else that the layer below must be told.
        envelope: N,
        /// How many octets at the front of the buffer; never more than the buffer has.
        len: usize,
    },
    /// Something happened.
    Event(E),
    /// A datagram is waiting that the buffer cannot hold. It is kept until a call brings a buffer that can.
    BufferTooSmall {
        /// How many octets it needs: more than the buffer had.
        needed: usize,
    },
    /// Nothing is left to do until there is input, or until this time. Nothing is due ever when there is no time.
    Wait(Option<Instant>),
}

impl<E: Engine + ?Sized> Engine for &mut E {
    type Envelope = E::Envelope;
    type Event = E::Event;

    fn handle(&mut self, now: Instant, envelope: E::Envelope, octets: &mut [u8]) {
        (**self).handle(now, envelope, octets);
    }

    fn handle_timeout(&mut self, now: Instant) {
        (**self).handle_timeout(now);
    }

    fn poll(&mut self, now: Instant, buffer: &mut [u8]) -> Output<E::Envelope, E::Event> {
        (**self).poll(now, buffer)
    }
}

impl<E: Engine + ?Sized> Engine for Box<E> {
    type Envelope = E::Envelope;
    type Event = E::Event;

    fn handle(&mut self, now: Instant, envelope: E::Envelope, octets: &mut [u8]) {
        (**self).handle(now, envelope, octets);
    }

    fn handle_timeout(&mut self, now: Instant) {
        (**self).handle_timeout(now);
    }

    fn poll(&mut self, now: Instant, buffer: &mut [u8]) -> Output<E::Envelope, E::Event> {
        (**self).poll(now, buffer)
    }
}
