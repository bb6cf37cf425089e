//! Wrappers of `crypto`.

use ::crypto::Output;
use ::crypto::aead::{Ccm, ChaCha20Poly1305, Gcm, GmacRunning};
use ::crypto::cipher::{Aes128, Aes192, Aes256, Cbc, Des, TripleDes};
use ::crypto::mac::Mac;
use ::crypto::mac::{self, HmacRunning, Pieces, Sha256};
use ::crypto::{EncryptThenMac, NotAuthentic, Prf, Secret, Shape, ShapeError};

#[inline(never)]
pub fn aes_128_cbc(cbc: &Cbc<Aes128>, iv: &[u8], text: &mut [u8]) -> (bool, bool) {
    covers!(crypto::cipher::cbc::Cbc::encrypt_text, crypto::cipher::cbc::Cbc::decrypt_text);
    (cbc.encrypt_text(iv, text).is_ok(), cbc.decrypt_text(iv, text).is_ok())
}

#[inline(never)]
pub fn aes_192_cbc(cbc: &Cbc<Aes192>, iv: &[u8], text: &mut [u8]) -> (bool, bool) {
    covers!(crypto::cipher::cbc::Cbc::encrypt_text, crypto::cipher::cbc::Cbc::decrypt_text);
    (cbc.encrypt_text(iv, text).is_ok(), cbc.decrypt_text(iv, text).is_ok())
}

#[inline(never)]
pub fn aes_256_cbc(cbc: &Cbc<Aes256>, iv: &[u8], text: &mut [u8]) -> (bool, bool) {
    covers!(crypto::cipher::cbc::Cbc::encrypt_text, crypto::cipher::cbc::Cbc::decrypt_text);
    (cbc.encrypt_text(iv, text).is_ok(), cbc.decrypt_text(iv, text).is_ok())
}

#[inline(never)]
pub fn des_cbc(cbc: &Cbc<Des>, iv: &[u8], text: &mut [u8]) -> (bool, bool) {
    covers!(crypto::cipher::cbc::Cbc::encrypt_text, crypto::cipher::cbc::Cbc::decrypt_text);
    (cbc.encrypt_text(iv, text).is_ok(), cbc.decrypt_text(iv, text).is_ok())
}

#[inline(never)]
pub fn triple_des_cbc(cbc: &Cbc<TripleDes>, iv: &[u8], text: &mut [u8]) -> (bool, bool) {
    covers!(crypto::cipher::cbc::Cbc::encrypt_text, crypto::cipher::cbc::Cbc::decrypt_text);
    (cbc.encrypt_text(iv, text).is_ok(), cbc.decrypt_text(iv, text).is_ok())
}

#[inline(never)]
pub fn gcm(
    gcm: &Gcm<Aes256>,
    nonce: [u8; 12],
    associated: &[&[u8]],
    text: &mut [u8],
    tag: &mut [u8],
) -> (bool, bool) {
    covers!(crypto::aead::gcm::Gcm::seal, crypto::aead::gcm::Gcm::open);
    (gcm.seal(nonce, associated, text, tag).is_ok(), gcm.open(nonce, associated, text, tag).is_ok())
}

#[inline(never)]
pub fn gmac_put(running: &mut GmacRunning, piece: &[u8]) {
    covers!(crypto::aead::gcm::GmacRunning::put);
    running.put(piece);
}

#[inline(never)]
pub fn ccm(
    ccm: &Ccm<Aes256>,
    nonce: [u8; 11],
    associated: &[u8],
    text: &mut [u8],
    tag: &mut [u8],
) -> (bool, bool) {
    covers!(crypto::aead::ccm::Ccm::seal, crypto::aead::ccm::Ccm::open);
    (ccm.seal(nonce, associated, text, tag).is_ok(), ccm.open(nonce, associated, text, tag).is_ok())
}

#[inline(never)]
pub fn chacha20_poly1305(
    aead: &ChaCha20Poly1305,
    nonce: [u8; 12],
    associated: &[u8],
    text: &mut [u8],
    tag: &mut [u8],
) -> (bool, bool) {
    covers!(
        crypto::aead::chacha20_poly1305::ChaCha20Poly1305::seal,
        crypto::aead::chacha20_poly1305::ChaCha20Poly1305::open,
    );
    (aead.seal(nonce, associated, text, tag).is_ok(), aead.open(nonce, associated, text, tag).is_ok())
}

#[inline(never)]
pub fn encrypt_then_mac_seal(
    transform: &EncryptThenMac<Cbc<Aes128>, mac::HmacSha1_96>,
    packet: &mut [u8],
    shape: Shape,
    implied: Option<[u8; 4]>,
    icv: &mut [u8],
) -> Result<(), ShapeError> {
    covers!(crypto::compose::EncryptThenMac::seal);
    transform.seal(packet, shape, implied, icv)
}

#[inline(never)]
pub fn encrypt_then_mac_open(
    transform: &EncryptThenMac<Cbc<Aes128>, mac::HmacSha1_96>,
    packet: &mut [u8],
    shape: Shape,
    implied: Option<[u8; 4]>,
    icv: &[u8],
) -> Result<(), NotAuthentic> {
    covers!(crypto::compose::EncryptThenMac::open);
    transform.open(packet, shape, implied, icv)
}

#[inline(never)]
pub fn hmac_md5(mac: &mac::HmacMd5_96, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) -> bool {
    covers!(crypto::mac::Mac::compute, crypto::mac::Mac::verify);
    mac.compute(octets, implied, icv);
    mac.verify(octets, implied, icv).is_ok()
}

#[inline(never)]
pub fn hmac_sha512(
    mac: &mac::HmacSha512_256,
    octets: &[u8],
    implied: Option<[u8; 4]>,
    icv: &mut [u8],
) -> bool {
    covers!(crypto::mac::Mac::compute, crypto::mac::Mac::verify);
    mac.compute(octets, implied, icv);
    mac.verify(octets, implied, icv).is_ok()
}

#[inline(never)]
pub fn xcbc(mac: &mac::AesXcbc96, octets: &[u8], implied: Option<[u8; 4]>, icv: &mut [u8]) -> bool {
    covers!(crypto::mac::Mac::compute, crypto::mac::Mac::verify);
    mac.compute(octets, implied, icv);
    mac.verify(octets, implied, icv).is_ok()
}

#[inline(never)]
pub fn pieces_put(pieces: &mut Pieces<HmacRunning<'_, Sha256>>, piece: &[u8]) {
    covers!(crypto::mac::pieces::Pieces::put);
    pieces.put(piece);
}

#[inline(never)]
pub fn prf(prf: &Prf, parts: &[&[u8]], expected: &[u8]) -> (Output, bool) {
    covers!(crypto::prf::Prf::compute, crypto::prf::Prf::verify);
    (prf.compute(parts), prf.verify(parts, expected).is_ok())
}

#[inline(never)]
pub fn secret_split_last<'a>(secret: Secret<'a>, len: usize) -> (Secret<'a>, Secret<'a>) {
    covers!(crypto::secret::Secret::split_last);
    secret.split_last(len)
}
