//! A pre-shared key tried against an aggressive mode exchange, from what was said in the clear.

use crypto::Output;
use crypto::{HashAlgorithm, Secret};

use crate::{Authentication, EmptyInput, Nonces, Skeyid};

/// What both peers said in the first two messages of aggressive mode: a pre-shared key can be tried against it.
///
/// **This is why aggressive mode with pre-shared keys is unsafe.** Its second message carries `HASH_R`, and everything that
/// `HASH_R` is computed from except the pre-shared key, in the clear. Whoever sees one exchange, or begins one, can try
/// keys for as long as they like, on their own machine and without a trace on the gateway: the Diffie-Hellman secret does not
/// enter. A key that a person can remember falls. Use main mode, or keys of 128 random bits.
#[derive(Clone, Copy, Debug)]
pub struct AggressiveMode<'a> {
    /// The hash function of the responder's choice.
    pub hash_algorithm: HashAlgorithm,
    /// Both nonces.
    pub nonces: Nonces<'a>,
    /// What the hashes cover.
    pub authentication: Authentication<'a>,
    /// `IDir_b`: body of the responder's identification.
    pub id_ir: &'a [u8],
    /// `HASH_R`: body of the responder's hash.
    pub hash_r: &'a [u8],
}

impl AggressiveMode<'_> {
    /// The `HASH_R` that this pre-shared key gives.
    ///
    /// # Errors
    /// When the pre-shared key or a nonce is empty.
    pub fn hash_r_of(&self, pre_shared_key: Secret<'_>) -> Result<Output, EmptyInput> {
        Ok(self.authentication.hash_r(&self.skeyid_of(pre_shared_key)?, self.id_ir))
    }

    /// Whether the responder has this pre-shared key.
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

    /// RFC 2409 section 5.4, written out; real IOS is in the tests of `conformance`.
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
            assert!(!cut.is_pre_shared_key(Secret::new(b"MYPASSWORD")), "a hash of nothing proves nothing");
        }
    }
}
