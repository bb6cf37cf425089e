//! The results of computing with private values of Diffie-Hellman. Each is computed only once.

use std::collections::HashMap;

use ikev1::Secret;
use ikev1::dh::{DhGroup, PrivateKey, SharedSecret};

/// The largest number of shared secrets that are computed with one private value. Each SA that the value belongs to
/// takes one, and peers that use a value again do so only for a few negotiations.
pub(super) const SECRETS: usize = 16;

/// The values that were computed from the given private values, by the place of the private value in the list.
///
/// An exponentiation of 8,192 bits takes as long as a hundred thousand messages, and the author of a capture chooses
/// how many public values are in it. So the number of private values that the *user* gives bounds the work, for any
/// capture: of each private value the public value is computed at most once for each of the 8 groups, and at most
/// [`SECRETS`] shared secrets are computed. A shared secret is computed only for an SA in which one side sent the
/// public value of this private value.
#[derive(Debug, Default)]
pub(super) struct PrivateValues {
    powers: HashMap<usize, Powers>,
    // The number of exponentiations so far.
    #[cfg(test)]
    pub(super) count: usize,
}

#[derive(Debug, Default)]
struct Powers {
    public_values: Vec<(DhGroup, Vec<u8>)>,
    secrets: Vec<(DhGroup, Vec<u8>, SharedSecret)>,
}

impl PrivateValues {
    /// Returns g^xy if the private value belongs to one of the sides. `place` identifies the private value.
    pub(super) fn secret(
        &mut self,
        place: usize,
        private_value: Secret<'_>,
        group: DhGroup,
        sides: [&[u8]; 2],
    ) -> Option<&SharedSecret> {
        if sides.iter().any(|side| side.is_empty()) {
            return None;
        }
        let powers = self.powers.entry(place).or_default();
        let own = match powers.public_values.iter().find(|(of, _)| *of == group) {
            Some((_, own)) => own.clone(),
            None => {
                let own = PrivateKey::from_octets(group, private_value)?.public_value();
                #[cfg(test)]
                {
                    self.count += 1;
                }
                powers.public_values.push((group, own.clone()));
                own
            }
        };
        let [one, other] = sides;
        let peer = if own == one { other } else { (own == other).then_some(one)? };
        let at = powers.secrets.iter().position(|(of, with, _)| *of == group && with == peer);
        if at.is_none() {
            if powers.secrets.len() >= SECRETS {
                return None;
            }
            let secret = PrivateKey::from_octets(group, private_value)?.shared_secret(peer).ok()?;
            #[cfg(test)]
            {
                self.count += 1;
            }
            powers.secrets.push((group, peer.to_vec(), secret));
        }
        let found = match at {
            Some(at) => powers.secrets.get(at),
            None => powers.secrets.last(),
        };
        found.map(|(.., secret)| secret)
    }
}
