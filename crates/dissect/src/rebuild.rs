//! Messages are encoded again from what was decoded, and compared with what was received.

use crate::packet::{Octets, Packet};
use crate::plaintext::clear_for;
use crate::sink::{Outcome, Rebuilt, Sink};
use crate::walk::Walk;

impl<S: Sink> Walk<'_, S> {
    /// Reports what encoding a decoded message again gives.
    ///
    /// `emit` gets a buffer of the message's length and returns how many octets it wrote, and how many of them it
    /// copied because their type is unknown; nothing where the octets do not read back as the message. `corrected` says
    /// that derived values were wrong on the wire, so that other octets are right.
    pub(crate) fn rebuild(
        &mut self,
        protocol: &'static str,
        octets: Octets<'_>,
        corrected: bool,
        emit: impl FnOnce(&mut [u8]) -> Result<Option<(usize, usize)>, wire::EmitError>,
    ) {
        if !self.packet.wants_rebuilt() {
            return;
        }
        if octets.cut {
            // It decodes, and yet it is not all of it.
            return self.packet.not_rebuilt(protocol, octets, Outcome::Truncated);
        }
        // A corrected length can be longer than what was received, by no more than a header or two.
        let len = octets.octets.len().saturating_add(64);
        let scratch = &mut self.state.scratch;
        clear_for(scratch, len);
        scratch.resize(len, 0);
        let (got, copied, outcome) = match emit(scratch) {
            Ok(Some((len, copied))) => {
                // default: what was written is no longer than the buffer
                let got = scratch.get(..len).unwrap_or_default();
                let outcome = if got == octets.octets {
                    Outcome::Identical
                } else if corrected {
                    Outcome::Corrected
                } else {
                    Outcome::Different
                };
                (got, copied, outcome)
            }
            // What was decoded can be encoded; a codec that says it cannot has a defect.
            Ok(None) | Err(_) => (&[][..], 0, Outcome::Different),
        };
        self.packet.rebuilt(Rebuilt {
            protocol,
            span: octets.whole(),
            outcome,
            octets_rebuilt: got.len().saturating_sub(copied),
            octets_copied: copied,
            expected: octets.octets,
            got,
        });
    }
}

impl<S: Sink> Packet<'_, S> {
    /// Reports a message that was not encoded again: it is broken, cut or ciphertext.
    pub(crate) fn not_rebuilt(&mut self, protocol: &'static str, octets: Octets<'_>, outcome: Outcome) {
        if self.wants_rebuilt() {
            self.rebuilt(Rebuilt {
                protocol,
                span: octets.whole(),
                outcome: if octets.cut { Outcome::Truncated } else { outcome },
                octets_rebuilt: 0,
                octets_copied: 0,
                expected: octets.octets,
                got: &[],
            });
        }
    }
}
