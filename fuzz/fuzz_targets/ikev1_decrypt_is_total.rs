//! Any body is decrypted or refused as a whole, and encrypts to the same octets again. The plaintext is framed and its
//! HASH checked without panic.
#![no_main]

use ikev1::properties::decrypt_is_total;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u32, &[u8])| decrypt_is_total(input.0, input.1, input.2));
