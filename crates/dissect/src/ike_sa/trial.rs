//! Trying keys and initialization vectors on an encrypted message.

use std::sync::Arc;

use ikev1::transcript::observer::{Candidate, Exchanges};
use ikev1::transcript::{Phase1, Phase1HashError, QuickMode};
use ikev1::{Covered, Iv};
use isakmp::payload::GENERIC_HEADER_LEN;
use isakmp::{
    Encrypted, ExchangeType, FramedHeader, Header, PayloadFraming, PayloadType, Payloads, Phase, Role,
};
use zeroize::{Zeroize as _, Zeroizing};

use super::body::body;
use super::material::{MOST, Material};
use super::opening::Checked;

/// The largest number of whole bodies that are decrypted for one message. With a wrong key or vector, about one first
/// block in ten thousand looks like a payload. There may be as many bodies as key sets, because several sets can have
/// the same encryption key and differ in the other keys.
const BODIES: usize = MOST;

/// The largest block length.
const WIDEST: usize = 16;

/// A message, and the state of its SA.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial<'a> {
    pub(super) phase_1: &'a Phase1,
    pub(super) exchanges: &'a Exchanges,
    pub(super) header: &'a Header,
    /// `None` when neither addresses nor ports tell the sender. Then its place in phase 1 does.
    pub(super) role: Option<Role>,
    pub(super) encrypted: Encrypted<'a>,
}

/// The result of a trial.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) found: Option<Found>,
    /// The number of whole bodies that were decrypted.
    pub(super) bodies: usize,
}

/// A message that was decrypted.
pub(super) struct Found {
    /// The body.
    pub(super) plain: Zeroizing<Vec<u8>>,
    pub(super) hash: Option<Checked>,
    /// Whether the keys belong to the SA: the HASH is right, or these keys cannot check any HASH of the message.
    pub(super) fits: bool,
    pub(super) candidate: Candidate,
    pub(super) role: Role,
    pub(super) material: Arc<Material>,
    pub(super) material_at: usize,
}

impl core::fmt::Debug for Found {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Found({} octets, {:?})", self.plain.len(), self.hash)
    }
}

impl Found {
    pub(super) fn is_right(&self) -> bool {
        self.hash.is_some_and(|hash| hash.is_right)
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.hash.is_some_and(|hash| !hash.is_right)
    }
}

impl Trial<'_> {
    /// Decrypts with each key and vector until the HASH is right. If none is right, the first result with valid
    /// payloads counts, whether its HASH is wrong or was not checked. The most likely keys and vectors come first.
    ///
    /// For each of them only the first block is decrypted, unless it begins a payload.
    pub(super) fn run(&self, materials: &[Arc<Material>], candidates: &[Candidate]) -> Outcome {
        let mut outcome = Outcome::default();
        for (material_at, material) in materials.iter().enumerate() {
            for candidate in candidates {
                if !self.is_likely(material, &candidate.iv) {
                    continue;
                }
                if outcome.bodies >= BODIES {
                    return outcome;
                }
                outcome.bodies = outcome.bodies.saturating_add(1);
                let Some(found) = self.decrypt(material, material_at, *candidate) else { continue };
                if found.is_right() || outcome.found.is_none() {
                    let is_sure = found.is_right();
                    outcome.found = Some(found);
                    if is_sure {
                        return outcome;
                    }
                }
            }
        }
        outcome
    }

    /// Whether the first block begins a payload.
    fn is_likely(&self, material: &Material, iv: &Iv) -> bool {
        let mut block = [0; WIDEST];
        let octets = self.encrypted.octets;
        let len = iv.octets().len();
        let Some(first) = block.get_mut(..len) else { return false };
        for (octet, from) in first.iter_mut().zip(octets) {
            *octet = *from;
        }
        let is_likely = material.key.decrypt(iv, first).is_ok() && begins_payload(first, octets.len());
        block.zeroize();
        is_likely
    }

    fn decrypt(&self, material: &Arc<Material>, material_at: usize, candidate: Candidate) -> Option<Found> {
        let mut plain = Zeroizing::new(self.encrypted.octets.to_vec());
        material.key.decrypt(&candidate.iv, &mut plain).ok()?;
        let payloads = sensible(&plain, self.encrypted.next_payload)?;
        // The fifth message of main mode and the third of aggressive mode are the first that are encrypted. Both come
        // from the initiator.
        let by_turns = if candidate.position.is_multiple_of(2) { Role::Initiator } else { Role::Responder };
        let role = self.role.unwrap_or(by_turns);
        let hash = self.check(material, candidate, role, &payloads);
        let can_check = match self.header.phase() {
            Phase::One => {
                !self.phase_1.has_encrypted_identities()
                    && material.skeyid.is_some()
                    && body(&payloads, PayloadType::HASH).is_some()
            }
            Phase::Two => material.skeyid_a.is_some(),
        };
        let fits = hash.map_or(!can_check, |hash| hash.is_right);
        let material = Arc::clone(material);
        Some(Found { plain, hash, fits, candidate, role, material, material_at })
    }

    /// Checks the HASH of a decrypted message.
    fn check(
        &self,
        material: &Material,
        candidate: Candidate,
        role: Role,
        payloads: &Payloads<'_>,
    ) -> Option<Checked> {
        let header = self.header;
        if header.phase() == Phase::One {
            let hash = body(payloads, PayloadType::HASH)?;
            let own = body(payloads, PayloadType::IDENTIFICATION);
            let id = own.or(self.phase_1.side(role).said(PayloadType::IDENTIFICATION));
            return hash_of_phase_1(self.phase_1, material, role, id, hash);
        }
        let skeyid_a = material.skeyid_a.as_ref()?;
        let check = |name, covered: Covered<'_>| {
            let result = covered.check(skeyid_a, header.message_id, payloads);
            Checked { name, is_right: result.is_ok() }
        };
        if header.exchange_type != ExchangeType::QUICK_MODE {
            return Some(check("HASH(1)", Covered::Payloads));
        }
        // The HASH of the first message covers nothing of an earlier message.
        let nothing = QuickMode::new();
        let quick_mode = self.exchanges.quick_mode(header.message_id).unwrap_or(&nothing);
        let covered = quick_mode.covered(candidate.position).ok()?;
        Some(check(covered.name(), covered))
    }
}

/// Checks `HASH_I` or `HASH_R`. Returns `None` when SKEYID is unknown, or when some of the covered values were not
/// seen unencrypted.
pub(super) fn hash_of_phase_1(
    phase_1: &Phase1,
    material: &Material,
    role: Role,
    id: Option<&[u8]>,
    hash: &[u8],
) -> Option<Checked> {
    let name = match role {
        Role::Initiator => "HASH_I",
        Role::Responder => "HASH_R",
    };
    match phase_1.verify_hash(material.skeyid.as_ref()?, role, id?, hash) {
        Ok(()) => Some(Checked { name, is_right: true }),
        Err(Phase1HashError::NotAuthentic) => Some(Checked { name, is_right: false }),
        Err(_) => None,
    }
}

/// Whether a [`sensible`] body of `len` octets may begin with this block. Its first payload must end within the body,
/// and there must be room for the header of the next payload if there is one.
fn begins_payload(block: &[u8], len: usize) -> bool {
    let Some([next, reserved, length @ ..]) = block.first_chunk::<GENERIC_HEADER_LEN>() else { return false };
    let length = usize::from(u16::from_be_bytes(*length));
    let behind = if PayloadType(*next) == PayloadType::NONE { 0 } else { GENERIC_HEADER_LEN };
    *reserved == 0 && length >= GENERIC_HEADER_LEN && length.saturating_add(behind) <= len
}

/// Returns the payloads of a body if it has any and if all are complete and have a reserved octet of zero. With a
/// wrong key or vector, the reserved octet is zero in one of 256 cases, and then the lengths hardly ever fit.
pub(super) fn sensible(plain: &[u8], next_payload: PayloadType) -> Option<Payloads<'_>> {
    let framing = PayloadFraming::first(next_payload);
    let payloads = Payloads::parse(plain, FramedHeader::LEN, framing).ok()?;
    let all = payloads.elements().all(|element| element.header.reserved == 0);
    (all && !payloads.is_empty()).then_some(payloads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sensible_begins_a_payload() {
        let mut count = 0;
        for next in [0, 8] {
            for reserved in [0, 1] {
                for len in 0..=32u8 {
                    for behind in 0..=2u8 {
                        let mut plain = [0; 24];
                        let at = usize::from(len).max(4);
                        let headers = [(0, [next, reserved, 0, len]), (at, [0, 0, 0, 3 + behind])];
                        for (place, header) in headers {
                            plain.iter_mut().skip(place).zip(header).for_each(|(octet, from)| *octet = from);
                        }
                        if sensible(&plain, PayloadType::HASH).is_some() {
                            assert!(begins_payload(&plain[..8], plain.len()), "{plain:?}");
                            count += 1;
                        }
                    }
                }
            }
        }
        assert!(count > 30, "{count} were");
        for block in [[0, 1, 0, 8], [0, 0, 0, 3], [0, 0, 0, 25], [8, 0, 0, 21]] {
            assert!(!begins_payload(&block, 24), "{block:?}");
        }
        assert!(!begins_payload(&[0, 0, 0], 24));
    }
}
