//! The powers that private values of Diffie-Hellman are raised to, each computed once.

use std::collections::HashMap;

use ikev1::Secret;
use ikev1::dh::{DhGroup, PrivateKey, SharedSecret};

/// How many secrets are computed with one private value: with one for each SA it belongs to, whose peer tells its public value
/// once. Peers that use a value again do so for some negotiations.
pub(super) const SECRETS: usize = 16;

/// What was computed with the private values given, by their place in the list.
///
/// An exponentiation of 8,192 bits takes as long as a hundred thousand messages do, and whoever made a capture chooses how many
/// public values are in it. So what the *user* gives bounds the work: of each private value the public value is computed once
/// for each of the 8 groups at the most, and [`SECRETS`] secrets, whatever the capture holds. A secret is computed only for an
/// SA in which one side has sent the public value of this private one.
#[derive(Debug, Default)]
pub(super) struct PrivateValues {
    powers: HashMap<usize, Powers>,
    // Exponentiations up to now.
    #[cfg(test)]
    pub(super) count: usize,
}

#[derive(Debug, Default)]
struct Powers {
    public_values: Vec<(DhGroup, Vec<u8>)>,
    secrets: Vec<(DhGroup, Vec<u8>, SharedSecret)>,
}

impl PrivateValues {
    /// g^xy, where the private value is that of either side; `place` tells it from others.
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
