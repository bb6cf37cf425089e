//! A test of a pre-shared key against an aggressive mode exchange, with what both peers sent in the clear.

use crypto::Output;
use crypto::{HashAlgorithm, Secret};

use crate::{Authentication, EmptyInput, Nonces, Skeyid};

/// The first two messages of aggressive mode, as far as a pre-shared key can be tested against them.
///
/// **This is why aggressive mode with pre-shared keys is unsafe.** The second message carries `HASH_R` in the clear,
/// together with everything that `HASH_R` is computed from, except the pre-shared key. The Diffie-Hellman secret is
/// not a part of it. Anyone who sees one exchange, or begins one, can try keys for as long as they like, on their own
/// machine and without a trace on the gateway. A key that a person can remember will be found. Use main mode, or keys
/// of 128 random bits.
#[derive(Clone, Copy, Debug)]
pub struct AggressiveMode<'a> {
    /// The hash function that the responder chose.
    pub hash_algorithm: HashAlgorithm,
    /// Both nonces.
    pub nonces: Nonces<'a>,
    /// The other values that the hashes cover.
    pub authentication: Authentication<'a>,
    /// `IDir_b`: the body of the responder's identification.
    pub id_ir: &'a [u8],
    /// `HASH_R`: the body of the responder's hash.
    pub hash_r: &'a [u8],
}

impl AggressiveMode<'_> {
    /// Computes the `HASH_R` that this pre-shared key gives.
    ///
    /// # Errors
    /// Returns [`EmptyInput`] when the pre-shared key or a nonce is empty.
    pub fn hash_r_of(&self, pre_shared_key: Secret<'_>) -> Result<Output, EmptyInput> {
        Ok(self.authentication.hash_r(&self.skeyid_of(pre_shared_key)?, self.id_ir))
    }

    /// Tells whether the responder has this pre-shared key.
    #[must_use]
    pub fn is_pre_shared_key(&self, pre_shared_key: Secret<'_>) -> bool {
        self.skeyid_of(pre_shared_key)
            .is_ok_and(|skeyid| self.authentication.verify_hash_r(&skeyid, self.id_ir, self.hash_r).is_ok())
    }

    fn skeyid_of(&self, pre_shared_key: Secret<'_>) -> Result<Skeyid, EmptyInput> {
        Skeyid::pre_shared_key(self.hash_algorithm, pre_shared_key, &self.nonces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cookies, peer};

    /// RFC 2409 section 5.4, written out. The tests of `conformance` compare with real IOS.
    #[test]
    fn hash_r_under_a_pre_shared_key() {
        for hash in HashAlgorithm::ALL {
            let skeyid = peer::prf(hash, b"MYPASSWORD", &[b"Ni_bNr_b"]);
            let hash_r = peer::prf(hash, &skeyid, &[b"g^xrg^xiCKY-R...CKY-I...SAi_bIDir_b"]);
            let exchange = AggressiveMode {
                hash_algorithm: hash,
                nonces: Nonces { initiator: b"Ni_b", responder: b"Nr_b" },
                authentication: Authentication {
                    g_xi: b"g^xi",
                    g_xr: b"g^xr",
                    cookies: Cookies { initiator: *b"CKY-I...", responder: *b"CKY-R..." },
                    sa_i: b"SAi_b",
                },
                id_ir: b"IDir_b",
                hash_r: &hash_r,
            };
            assert_eq!(exchange.hash_r_of(Secret::new(b"MYPASSWORD")).unwrap().expose(), hash_r);
            assert!(exchange.is_pre_shared_key(Secret::new(b"MYPASSWORD")));
            assert!(!exchange.is_pre_shared_key(Secret::new(b"MYPASSWORD1")));
            let cut = AggressiveMode { hash_r: &[], ..exchange };
            assert!(!cut.is_pre_shared_key(Secret::new(b"MYPASSWORD")), "an empty hash proves nothing");
        }
    }
}
