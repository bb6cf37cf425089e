//! Hash payload (RFC 2408 section 3.11).

octets_payload! {
    /// The result of the negotiated hash (RFC 2408 section 3.11).
    ///
    /// RFC 2409 says which octets it covers: it is `HASH_I` or `HASH_R` in phase 1, and HASH(1) to HASH(3) in quick
    /// mode.
    Hash, HASH {
        /// Hash Data.
        hash_data
    }
}
