//! Calls OpenSSL's modular exponentiation with a secret exponent.

use openssl::bn::{BigNum, BigNumContext};
use openssl::error::ErrorStack;

/// A secret exponent and a modulus, prepared for exponentiations.
pub struct Exponentiation {
    exponent: BigNum,
    modulus: BigNum,
    context: BigNumContext,
    result: BigNum,
}

impl Exponentiation {
    /// Prepares an exponent and a modulus. Their most significant octets come first.
    ///
    /// # Errors
    /// Returns OpenSSL's error when it has no memory for them.
    pub fn new(exponent: &[u8], modulus: &[u8]) -> Result<Self, ErrorStack> {
        let mut exponent = BigNum::from_slice(exponent)?;
        exponent.set_const_time();
        Ok(Self {
            exponent,
            modulus: BigNum::from_slice(modulus)?,
            context: BigNumContext::new()?,
            result: BigNum::new()?,
        })
    }

    /// The base to the power of the exponent, padded to `len` octets.
    ///
    /// # Errors
    /// Returns OpenSSL's error when it refuses the numbers.
    pub fn of(&mut self, base: &[u8], len: usize) -> Result<Vec<u8>, ErrorStack> {
        let base = BigNum::from_slice(base)?;
        self.result.mod_exp(&base, &self.exponent, &self.modulus, &mut self.context)?;
        self.result.to_vec_padded(i32::try_from(len).unwrap_or(i32::MAX))
    }
}
