//! Wrappers of `ikev1`: the keys of quick mode.

use crypto::Secret;
use ikev1::keymat::{KeyLengths, Keymat, KeysTooLong, QuickMode};
use ikev1::{Skeyid, UnsupportedAlgorithm};
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId};

#[inline(never)]
pub fn quick_mode_fill(
    quick_mode: &QuickMode<'_>,
    skeyid_d: &Skeyid,
    protocol_id: ProtocolId,
    spi: &[u8],
    keymat: &mut [u8],
) {
    covers!(ikev1::keymat::QuickMode::fill);
    quick_mode.fill(skeyid_d, protocol_id, spi, keymat);
}

#[inline(never)]
pub fn quick_mode_keymat(
    quick_mode: &QuickMode<'_>,
    skeyid_d: &Skeyid,
    protocol_id: ProtocolId,
    spi: &[u8],
    lengths: KeyLengths,
) -> Keymat {
    covers!(ikev1::keymat::QuickMode::keymat);
    quick_mode.keymat(skeyid_d, protocol_id, spi, lengths)
}

#[inline(never)]
pub fn key_lengths_esp(
    transform_id: EspTransformId,
    key_length: Option<u16>,
    authentication_algorithm: Option<AuthenticationAlgorithm>,
) -> Result<KeyLengths, UnsupportedAlgorithm> {
    covers!(ikev1::keymat::KeyLengths::esp);
    KeyLengths::esp(transform_id, key_length, authentication_algorithm)
}

#[inline(never)]
pub fn key_lengths_ah(transform_id: AhTransformId) -> (usize, Result<KeyLengths, UnsupportedAlgorithm>) {
    covers!(
        ikev1::keymat::KeyLengths::ah,
        ikev1::keymat::KeyLengths::encryption,
        ikev1::keymat::KeyLengths::authentication,
        ikev1::keymat::KeyLengths::total,
    );
    let lengths = KeyLengths::ah(transform_id);
    let octets = |lengths: KeyLengths| lengths.total() ^ lengths.encryption() ^ lengths.authentication();
    (lengths.map_or(0, octets), lengths)
}

#[inline(never)]
pub fn key_lengths_new(encryption: usize, authentication: usize) -> Result<KeyLengths, KeysTooLong> {
    covers!(ikev1::keymat::KeyLengths::new);
    KeyLengths::new(encryption, authentication)
}

#[inline(never)]
pub fn keymat_keys(keymat: &Keymat) -> (Secret<'_>, Secret<'_>) {
    covers!(ikev1::keymat::Keymat::encryption, ikev1::keymat::Keymat::authentication);
    (keymat.encryption(), keymat.authentication())
}
