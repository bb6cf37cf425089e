//! Calls AES-GCM of ring and of AWS-LC, with a tag of 16 octets.

macro_rules! gcm {
    ($(#[$meta:meta])* $name:ident, $library:ident, $keys:expr) => {
        $(#[$meta])*
        pub struct $name($library::aead::LessSafeKey);

        impl $name {
            /// A key. `None` when the library does not support its length.
            #[must_use]
            pub fn new(key: &[u8]) -> Option<Self> {
                use $library::aead::*;
                let keys = $keys;
                let (_, algorithm) = keys.iter().find(|(len, _)| *len == key.len())?;
                Some(Self(LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?)))
            }

            /// Seals `text` in place and writes the tag.
            #[inline]
            pub fn seal(&self, nonce: [u8; 12], associated: &[u8], text: &mut [u8], tag: &mut [u8]) -> bool {
                use $library::aead::*;
                let nonce = Nonce::assume_unique_for_key(nonce);
                let made = self.0.seal_in_place_separate_tag(nonce, Aad::from(associated), text);
                made.is_ok_and(|made| {
                    tag.copy_from_slice(made.as_ref());
                    true
                })
            }

            /// Verifies and opens `text` in place. The tag stands after it.
            #[inline]
            pub fn open(&self, nonce: [u8; 12], associated: &[u8], text_and_tag: &mut [u8]) -> bool {
                use $library::aead::*;
                let nonce = Nonce::assume_unique_for_key(nonce);
                self.0.open_in_place(nonce, Aad::from(associated), text_and_tag).is_ok()
            }
        }
    };
}

gcm!(
    /// AES-GCM of ring.
    Ring, ring, [(16, &AES_128_GCM), (32, &AES_256_GCM)]
);
gcm!(
    /// AES-GCM of AWS-LC.
    AwsLc, aws_lc_rs, [(16, &AES_128_GCM), (24, &AES_192_GCM), (32, &AES_256_GCM)]
);
