//! The contract between a protocol engine and the program that drives it.

use alloc::boxed::Box;
use core::fmt::Debug;

use crate::Instant;

/// A protocol's state machine, as its caller drives it. The caller passes in octets and times, and gets octets,
/// events and a deadline.
///
/// An engine has no socket, thread, clock, file or global state, and it never sleeps. The same calls with the same
/// random octets give the same outputs. The trait is object-safe, so one loop can drive a `dyn Engine`.
///
/// **Drain rule.** After each call that may change the engine (`handle`, `handle_timeout`, or a command of the
/// engine), the caller calls [`poll`](Engine::poll) until it returns [`Output::Wait`]. An engine that was not
/// drained may drop the input of the next call, and counts what it drops. It does not grow instead.
///
/// **Deadline rule.** The deadline in the last [`Output::Wait`] replaces all earlier ones. The caller calls
/// [`handle_timeout`](Engine::handle_timeout) at that time, or as soon after it as it can, and at no other time. A
/// call before the deadline changes nothing, and neither does a second call at the same time. When there is no
/// deadline, the engine waits for input only.
///
/// **Time.** `now` does not go backwards from call to call. If it does, the engine loses no state and does not
/// panic, and behaves as if no time had passed.
///
/// **Bad input is an event.** An engine drops datagrams that are malformed, not authentic, unexpected or too many.
/// It counts them and reports them as events. `handle` returns nothing, because the caller has nothing to do about
/// them. A command that cannot be carried out is different: it is an inherent method, takes `now`, and returns an
/// error with the reason.
///
/// **Bounds.** Each table and queue has a limit that is set when the engine is made. An unauthenticated datagram
/// neither changes nor removes authenticated state. No input makes an engine panic.
///
/// The [front page of this crate](crate) has an engine and the loop that drives it.
pub trait Engine {
    /// The information that the layer below gives with a received datagram and needs with a sent one: addresses,
    /// ports, flags, the interface.
    type Envelope: Copy + Ord + Debug;

    /// The events that the engine reports to its caller. Keys occur only in the event that hands them over, in
    /// memory that is zeroized.
    type Event: Debug;

    /// Takes a datagram that arrived.
    ///
    /// The engine may decrypt in place, so the contents of `octets` are unspecified afterwards.
    fn handle(&mut self, now: Instant, envelope: Self::Envelope, octets: &mut [u8]);

    /// Does everything that is due at `now`. A call that comes early or twice changes nothing.
    fn handle_timeout(&mut self, now: Instant);

    /// Returns the next output, or [`Output::Wait`] when there is no other output.
    ///
    /// Octets to transmit are at the front of `buffer`; the rest of the buffer is unspecified. A parent engine
    /// that writes a header before them polls its child into `buffer[HEADROOM..]`. When the buffer is too small,
    /// nothing is lost: a call with a buffer of the size that [`Output::BufferTooSmall`] names returns the
    /// datagram.
    fn poll(&mut self, now: Instant, buffer: &mut [u8]) -> Output<Self::Envelope, Self::Event>;
}

/// The result of [`Engine::poll`]. The enum is exhaustive on purpose, because the caller has to act on each of the
/// variants.
#[must_use = "an output that is not carried out is lost: send it, look at it, or wait as it says"]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output<N, E> {
    /// A datagram is to be sent. It is in the first `len` octets of the buffer.
    Transmit {
        /// The destination, and everything else that the layer below needs to send it.
        envelope: N,
        /// Number of octets at the front of the buffer. It is never more than the buffer has.
        len: usize,
    },
    /// Something happened that the caller should know.
    Event(E),
    /// A datagram is waiting that does not fit into the buffer. It is kept until a call brings a buffer that is
    /// large enough.
    BufferTooSmall {
        /// Number of octets that the datagram needs. It is more than the buffer had.
        needed: usize,
    },
    /// Nothing is left to do until there is input, or until this time. `None` means that no time is set.
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
