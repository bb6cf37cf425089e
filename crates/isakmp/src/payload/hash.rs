//! Hash payload, RFC 2408 section 3.11.

octets_payload! {
    /// The result of the negotiated hash, RFC 2408 section 3.11.
    ///
    /// What it covers is RFC 2409's: `HASH_I` and `HASH_R` in phase 1, HASH(1) to HASH(3) in quick mode.
    Hash, HASH {
        /// Hash Data.
        hash_data
    }
}
