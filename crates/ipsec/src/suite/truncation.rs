use crypto::mac::{MAX_ICV_LEN, Mac as _, equal};

use super::{AnyMac, AnyTransform, Authentication};
use crate::esp::Header;

/// The octets of text that every packet of ESP has: the pad length and the next header.
const TRAILER_LEN: usize = 2;

impl AnyMac {
    /// Returns the authentication algorithm.
    #[must_use]
    pub const fn authentication(&self) -> Authentication {
        match self {
            Self::HmacMd5(_) => Authentication::HmacMd5,
            Self::HmacSha1(_) => Authentication::HmacSha1,
            Self::HmacSha256(_) => Authentication::HmacSha256,
            Self::HmacSha384(_) => Authentication::HmacSha384,
            Self::HmacSha512(_) => Authentication::HmacSha512,
            Self::AesXcbc(_) => Authentication::AesXcbc,
            Self::HmacMd5Full(_) => Authentication::HmacMd5_128,
            Self::HmacSha1Full(_) => Authentication::HmacSha1_160,
            Self::HmacSha256Short(_) => Authentication::HmacSha256_96,
            Self::HmacSha256Full(_) => Authentication::HmacSha256_256,
            Self::HmacSha384Full(_) => Authentication::HmacSha384_384,
            Self::HmacSha512Full(_) => Authentication::HmacSha512_512,
        }
    }
}

impl AnyTransform {
    /// Returns the MAC. `None` for a combined mode, whose MAC has no key of its own.
    #[must_use]
    pub const fn mac(&self) -> Option<&AnyMac> {
        Some(match self {
            Self::Null(transform) => transform.mac(),
            Self::DesCbc(transform) => transform.mac(),
            Self::TripleDesCbc(transform) => transform.mac(),
            Self::Aes128Cbc(transform) => transform.mac(),
            Self::Aes192Cbc(transform) => transform.mac(),
            Self::Aes256Cbc(transform) => transform.mac(),
            Self::Aes128Ctr(transform) => transform.mac(),
            Self::Aes192Ctr(transform) => transform.mac(),
            Self::Aes256Ctr(transform) => transform.mac(),
            _ => return None,
        })
    }

    /// Finds the length of ICV with which a packet of ESP is authentic under the MAC key of this transform, for a
    /// program that says why a packet does not open. It tries all known truncations, that of the transform first.
    /// Nothing is decrypted. An SA must not use it: what an SA accepts is negotiated, not guessed.
    ///
    /// * The algorithm of the transform itself: the ICV is good. When the packet does not open nevertheless, the cipher
    ///   or its key is wrong.
    /// * Another algorithm: the sender truncates the MAC to another length.
    /// * `None`: the packet was changed on the way, or the MAC key is another, or this is a combined mode.
    ///
    /// `packet` reaches from the SPI to the end of the ICV. `sequence_high` is the half of an extended sequence number
    /// that is not sent.
    #[must_use]
    pub fn matching_truncation(&self, packet: &[u8], sequence_high: Option<u32>) -> Option<Authentication> {
        let mac = self.mac()?;
        let own = mac.authentication();
        let others = own.truncations().filter(|other| *other != own);
        core::iter::once(own).chain(others).find(|other| {
            let icv_len = other.icv_len();
            let Some((covered, icv)) =
                packet.len().checked_sub(icv_len).and_then(|at| packet.split_at_checked(at))
            else {
                return false;
            };
            if covered.len() < Header::LEN.saturating_add(TRAILER_LEN) {
                return false;
            }
            // The whole code is computed: a truncated one is its beginning.
            let mut code = [0; MAX_ICV_LEN];
            mac.compute(covered, sequence_high.map(u32::to_be_bytes), &mut code);
            code.get(..icv_len).is_some_and(|code| equal(code, icv).is_ok())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::esp::{InboundSa, OpenError, Padding, PaddingRule};
    use crate::properties::{SPI, sealed, transform};
    use crate::suite::{AesKey, Encryption, Suite};
    use crate::{Esn, NextHeader, Secret, SequenceNumber};

    fn packet(suite: Suite, esn: Esn) -> Vec<u8> {
        let high = if esn == Esn::Yes { 7 } else { 0 };
        sealed(suite, esn, SequenceNumber::from_halves(high, 9), b"payload", Padding::new(NextHeader::TCP))
    }

    /// Every truncation of every MAC is found under a key that says another one.
    #[test]
    fn the_other_truncation_is_found() {
        let mut count = 0;
        for suite in Suite::all() {
            for (esn, high) in [(Esn::No, None), (Esn::Yes, Some(7))] {
                let mut octets = packet(suite, esn);
                let found = transform(suite).matching_truncation(&octets, high);
                assert_eq!(found, suite.authentication(), "{suite}");
                for other in suite.authentication().into_iter().flat_map(Authentication::truncations) {
                    let theirs = transform(Suite::new(suite.encryption(), Some(other)).unwrap());
                    assert_eq!(theirs.mac().unwrap().authentication(), other);
                    assert_eq!(
                        theirs.matching_truncation(&octets, high),
                        suite.authentication(),
                        "{suite} {other}"
                    );
                    count += 1;
                }
                // Another half of the number, or another octet.
                if suite.authentication().is_some() {
                    assert_eq!(transform(suite).matching_truncation(&octets, Some(9)), None);
                    octets[9] ^= 1;
                    assert_eq!(transform(suite).matching_truncation(&octets, high), None);
                }
                for len in 0..10 {
                    assert_eq!(transform(suite).matching_truncation(&octets[..len], high), None);
                }
            }
        }
        // MD5, SHA-1, SHA-384 and SHA-512 have two truncations, SHA-256 has three, and XCBC has one.
        assert_eq!(count, 9 * 2 * (4 * 4 + 9 + 1));
    }

    /// The MAC key is right and the cipher's key is not: the packet is authentic, and what it decrypts to is not ESP.
    #[test]
    fn a_wrong_cipher_key_under_a_good_icv_is_told() {
        let suite = Suite::new(Encryption::AesCbc(AesKey::Bits128), Some(Authentication::HmacSha1)).unwrap();
        let mac_key: Vec<u8> = (0x21..=0xff).skip(100).take(20).collect();
        let octets = packet(suite, Esn::No);
        let mut told = 0;
        for first in 0..50 {
            let theirs = suite.transform(Secret::new(&[first; 16]), Secret::new(&mac_key)).unwrap();
            assert_eq!(theirs.matching_truncation(&octets, None), Some(Authentication::HmacSha1));
            let mut sa =
                InboundSa::<_, 2>::new(SPI, theirs, Esn::No).with_padding_rule(PaddingRule::Monotonic);
            match sa.open_in_place(&mut octets.clone()) {
                Err(error @ OpenError::Padding(_)) => {
                    assert!(error.is_authentic());
                    told += 1;
                }
                // One in 256 texts ends like one of ESP.
                other => assert!(other.is_ok(), "{other:?}"),
            }
        }
        assert!(told > 40);
        assert!(!OpenError::Expired.is_authentic());
    }
}
