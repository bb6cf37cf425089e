//! `HASH_I` and `HASH_R`, which authenticate phase 1: RFC 2409 section 5.

use crypto::NotAuthentic;
use crypto::Output;

use crate::{Cookies, Skeyid};

/// The values of phase 1 that `HASH_I` and `HASH_R` cover, except the identities.
///
/// All octets are bodies of payloads, without the generic header. When signatures authenticate, the hashes are the
/// octets that are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Authentication<'a> {
    /// g^xi: the body of the initiator's key exchange payload.
    pub g_xi: &'a [u8],
    /// g^xr: the body of the responder's key exchange payload.
    pub g_xr: &'a [u8],
    /// Both cookies.
    pub cookies: Cookies,
    /// `SAi_b`: the whole offer of the *initiator*. `HASH_R` covers it too.
    pub sa_i: &'a [u8],
}

impl Authentication<'_> {
    /// Computes `HASH_I` = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | `SAi_b` | `IDii_b`).
    #[must_use]
    pub fn hash_i(&self, skeyid: &Skeyid, id_ii: &[u8]) -> Output {
        skeyid.prf().compute(&self.parts_i(id_ii))
    }

    /// Computes `HASH_R` = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | `SAi_b` | `IDir_b`).
    #[must_use]
    pub fn hash_r(&self, skeyid: &Skeyid, id_ir: &[u8]) -> Output {
        skeyid.prf().compute(&self.parts_r(id_ir))
    }

    /// Checks the `HASH_I` that a message carries: the argument `hash_i` must be what the function
    /// [`hash_i`](Self::hash_i) computes. The time does not depend on where the two differ.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when they differ.
    pub fn verify_hash_i(&self, skeyid: &Skeyid, id_ii: &[u8], hash_i: &[u8]) -> Result<(), NotAuthentic> {
        skeyid.prf().verify(&self.parts_i(id_ii), hash_i)
    }

    /// Checks the `HASH_R` that a message carries: the argument `hash_r` must be what the function
    /// [`hash_r`](Self::hash_r) computes. The time does not depend on where the two differ.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when they differ.
    pub fn verify_hash_r(&self, skeyid: &Skeyid, id_ir: &[u8], hash_r: &[u8]) -> Result<(), NotAuthentic> {
        skeyid.prf().verify(&self.parts_r(id_ir), hash_r)
    }

    fn parts_i<'p>(&'p self, id_ii: &'p [u8]) -> [&'p [u8]; 6] {
        [self.g_xi, self.g_xr, &self.cookies.initiator, &self.cookies.responder, self.sa_i, id_ii]
    }

    fn parts_r<'p>(&'p self, id_ir: &'p [u8]) -> [&'p [u8]; 6] {
        [self.g_xr, self.g_xi, &self.cookies.responder, &self.cookies.initiator, self.sa_i, id_ir]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer;
    use crypto::{HashAlgorithm, Secret};

    /// RFC 2409 section 5, written out. The tests of `conformance` compare with captures of real peers.
    #[test]
    fn both_hashes_in_the_order_of_the_rfc() {
        let authentication = Authentication {
            g_xi: b"g^xi",
            g_xr: b"g^xr",
            cookies: Cookies { initiator: *b"CKY-I...", responder: *b"CKY-R..." },
            sa_i: b"SAi_b",
        };
        for hash in HashAlgorithm::ALL {
            let key = peer::key(hash, b"SKEYID");
            let skeyid = Skeyid::from_octets(hash, Secret::new(&key)).unwrap();
            let hash_i = peer::prf(hash, &key, &[b"g^xig^xrCKY-I...CKY-R...SAi_bIDii_b"]);
            let hash_r = peer::prf(hash, &key, &[b"g^xrg^xiCKY-R...CKY-I...SAi_bIDir_b"]);
            assert_eq!(authentication.hash_i(&skeyid, b"IDii_b").expose(), hash_i);
            assert_eq!(authentication.hash_r(&skeyid, b"IDir_b").expose(), hash_r);
            authentication.verify_hash_i(&skeyid, b"IDii_b", &hash_i).unwrap();
            authentication.verify_hash_r(&skeyid, b"IDir_b", &hash_r).unwrap();
            assert!(authentication.verify_hash_i(&skeyid, b"IDii_b", &hash_r).is_err());
            assert!(authentication.verify_hash_r(&skeyid, b"IDii_b", &hash_r).is_err());
            assert!(authentication.verify_hash_r(&skeyid, b"IDir_b", &hash_r[1..]).is_err());
            assert!(authentication.verify_hash_i(&skeyid, b"IDii_b", &[]).is_err());
        }
    }
}
