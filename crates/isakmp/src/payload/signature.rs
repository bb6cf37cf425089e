//! Signature payload (RFC 2408 section 3.12).

octets_payload! {
    /// A signature over `HASH_I` or `HASH_R` (RFC 2408 section 3.12).
    Signature, SIGNATURE {
        /// Signature Data.
        signature_data
    }
}
