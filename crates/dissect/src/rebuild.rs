//! Encoding messages again from their decoded values, and comparing them with the received octets.

use crate::packet::{Octets, Packet};
use crate::plaintext::clear_for;
use crate::sink::{Outcome, Rebuilt, Sink};
use crate::walk::Walk;

impl<S: Sink> Walk<'_, S> {
    /// Encodes a decoded message again and reports the result.
    ///
    /// `emit` gets a buffer that is at least as long as the message. It returns how many octets it wrote, and how many
    /// of these it copied because their type is unknown. It returns `None` when the new octets are not read back as
    /// the same message. `corrected` says that derived values were wrong in the packet, so that other octets are
    /// right.
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
            // The message can be decoded, but it is not complete.
            return self.packet.not_rebuilt(protocol, octets, Outcome::Truncated);
        }
        // The encoded message can be longer than the received one when a length was corrected, by a header or two at
        // most.
        let len = octets.octets.len().saturating_add(64);
        let scratch = &mut self.state.scratch;
        clear_for(scratch, len);
        scratch.resize(len, 0);
        let (got, copied, outcome) = match emit(scratch) {
            Ok(Some((len, copied))) => {
                // default: the written octets are never longer than the buffer
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
            // A decoded message can always be encoded. A codec that refuses has a defect.
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
    /// Reports a message that was not encoded again, because it is malformed, cut or encrypted.
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
