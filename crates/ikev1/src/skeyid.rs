//! SKEYID and the three keys that come from it, RFC 2409 section 5.

use core::fmt;

use crypto::Output;
use crypto::{HashAlgorithm, KeyError, Prf, Secret};
use wire::Writer;
use zeroize::Zeroize as _;

/// Both nonces, as the bodies of their payloads: `Ni_b` and `Nr_b`.
///
/// When public-key encryption authenticates, the nonces are the secrets that SKEYID comes from. Therefore `Debug`
/// shows only their lengths.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Nonces<'a> {
    /// `Ni_b`: the nonce of the side that began the exchange.
    pub initiator: &'a [u8],
    /// `Nr_b`: the nonce of the side that answered.
    pub responder: &'a [u8],
}

impl fmt::Debug for Nonces<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Nonces({} and {} octets)", self.initiator.len(), self.responder.len())
    }
}

/// Both cookies: CKY-I and CKY-R.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cookies {
    /// CKY-I, the initiator's cookie.
    pub initiator: [u8; 8],
    /// CKY-R, the responder's cookie.
    pub responder: [u8; 8],
}

/// A value that the keys come from is empty. Anyone who sees the exchange could then compute the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the {element} is empty, but the keys of the SA come from it")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct EmptyInput {
    /// The name of the empty value.
    pub element: &'static str,
}

impl EmptyInput {
    fn check(element: &'static str, octets: &[u8]) -> Result<(), Self> {
        if octets.is_empty() { Err(Self { element }) } else { Ok(()) }
    }

    fn check_nonces(nonces: &Nonces<'_>) -> Result<(), Self> {
        Self::check("nonce of the initiator", nonces.initiator)?;
        Self::check("nonce of the responder", nonces.responder)
    }
}

/// One key of the family, with the pseudo-random function of this key. The state after the key is kept, so that each
/// HASH costs only its own octets.
///
/// `Debug` shows only the hash function. The octets are wiped when it is dropped.
pub struct Skeyid {
    octets: Output,
    prf: Prf,
}

impl Skeyid {
    /// Makes a key from octets that are known already, for example from a key log or a standby's record.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when there are more or fewer octets than the hash function gives: each key of the
    /// family is a whole output of the prf.
    pub fn from_octets(hash_algorithm: HashAlgorithm, octets: Secret<'_>) -> Result<Self, KeyError> {
        Output::from_octets(hash_algorithm, octets).map(|octets| Self::new(hash_algorithm, octets))
    }

    fn new(hash_algorithm: HashAlgorithm, octets: Output) -> Self {
        let prf = Prf::new(hash_algorithm, octets.secret());
        Self { octets, prf }
    }

    /// Computes SKEYID when a pre-shared key authenticates: prf(pre-shared-key, `Ni_b` | `Nr_b`).
    ///
    /// # Errors
    /// Returns [`EmptyInput`] when the pre-shared key or a nonce is empty.
    pub fn pre_shared_key(
        hash_algorithm: HashAlgorithm,
        pre_shared_key: Secret<'_>,
        nonces: &Nonces<'_>,
    ) -> Result<Self, EmptyInput> {
        EmptyInput::check("pre-shared key", pre_shared_key.expose())?;
        EmptyInput::check_nonces(nonces)?;
        let prf = Prf::new(hash_algorithm, pre_shared_key);
        Ok(Self::new(hash_algorithm, prf.compute(&[nonces.initiator, nonces.responder])))
    }

    /// Computes SKEYID when signatures authenticate: prf(`Ni_b` | `Nr_b`, g^xy).
    ///
    /// # Errors
    /// Returns [`EmptyInput`] when the shared secret or a nonce is empty.
    pub fn signatures(
        hash_algorithm: HashAlgorithm,
        nonces: &Nonces<'_>,
        shared_secret: Secret<'_>,
    ) -> Result<Self, EmptyInput> {
        EmptyInput::check("shared secret", shared_secret.expose())?;
        EmptyInput::check_nonces(nonces)?;
        let prf = keyed_with_both(hash_algorithm, nonces);
        Ok(Self::new(hash_algorithm, prf.compute(&[shared_secret.expose()])))
    }

    /// Computes SKEYID when public-key encryption authenticates, in either of its modes: prf(hash(`Ni_b` | `Nr_b`),
    /// CKY-I | CKY-R).
    ///
    /// # Errors
    /// Returns [`EmptyInput`] when a nonce is empty.
    pub fn public_key_encryption(
        hash_algorithm: HashAlgorithm,
        nonces: &Nonces<'_>,
        cookies: &Cookies,
    ) -> Result<Self, EmptyInput> {
        EmptyInput::check_nonces(nonces)?;
        let key = hash_algorithm.hash(&[nonces.initiator, nonces.responder]);
        let prf = Prf::new(hash_algorithm, key.secret());
        Ok(Self::new(hash_algorithm, prf.compute(&[&cookies.initiator, &cookies.responder])))
    }

    /// Returns the octets as a secret.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        self.octets.secret()
    }

    /// Returns the pseudo-random function with this key.
    pub(crate) const fn prf(&self) -> &Prf {
        &self.prf
    }

    /// Returns the negotiated hash function.
    #[must_use]
    pub const fn hash_algorithm(&self) -> HashAlgorithm {
        self.prf.hash_algorithm()
    }
}

/// Makes the prf whose key is `Ni_b` | `Nr_b`. HMAC hashes a key that is longer than a block (RFC 2104 section 2), so
/// a long key is hashed here part by part. A shorter key is put together.
fn keyed_with_both(hash_algorithm: HashAlgorithm, nonces: &Nonces<'_>) -> Prf {
    let block_len = match hash_algorithm {
        HashAlgorithm::Sha384 | HashAlgorithm::Sha512 => 128,
        _ => 64,
    };
    let mut key = [0; 128];
    let mut writer = Writer::new(&mut key);
    let is_written = writer.put(nonces.initiator).and_then(|()| writer.put(nonces.responder)).is_ok();
    let prf = if is_written && writer.position() <= block_len {
        Prf::new(hash_algorithm, Secret::new(writer.written()))
    } else {
        Prf::new(hash_algorithm, hash_algorithm.hash(&[nonces.initiator, nonces.responder]).secret())
    };
    key.zeroize();
    prf
}

impl fmt::Debug for Skeyid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Skeyid<{}>(..)", self.hash_algorithm())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Skeyid {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "Skeyid<{=str}>(..)", self.hash_algorithm().name());
    }
}

/// SKEYID and the keys that come from it: all keys of an ISAKMP SA.
#[derive(Debug)]
pub struct SkeyidFamily {
    /// SKEYID, which authenticates phase 1.
    pub skeyid: Skeyid,
    /// `SKEYID_d`, from which the keys of phase 2 come.
    pub skeyid_d: Skeyid,
    /// `SKEYID_a`, which authenticates messages after phase 1.
    pub skeyid_a: Skeyid,
    /// `SKEYID_e`, from which the encryption key comes ([`EncryptionKey`](crate::EncryptionKey)).
    pub skeyid_e: Skeyid,
}

impl SkeyidFamily {
    /// Derives the family of a SKEYID. `shared_secret` is g^xy with the length of the group, with zeros in front.
    ///
    /// # Errors
    /// Returns [`EmptyInput`] when the shared secret is empty.
    pub fn derive(skeyid: Skeyid, shared_secret: Secret<'_>, cookies: &Cookies) -> Result<Self, EmptyInput> {
        EmptyInput::check("shared secret", shared_secret.expose())?;
        let hash_algorithm = skeyid.hash_algorithm();
        let after = |before: &[u8], number: u8| {
            let parts = [before, shared_secret.expose(), &cookies.initiator, &cookies.responder, &[number]];
            Skeyid::new(hash_algorithm, skeyid.prf.compute(&parts))
        };
        let skeyid_d = after(&[], 0);
        let skeyid_a = after(skeyid_d.octets.expose(), 1);
        let skeyid_e = after(skeyid_a.octets.expose(), 2);
        Ok(Self { skeyid, skeyid_d, skeyid_a, skeyid_e })
    }
}

#[cfg(test)]
mod tests;
