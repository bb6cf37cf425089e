//! Nonce payload (RFC 2408 section 3.13).

octets_payload! {
    /// Random octets that make an exchange fresh (RFC 2408 section 3.13). There are 8 to 256 of them (RFC 2409 section
    /// 5).
    Nonce, NONCE {
        /// Nonce Data.
        nonce_data
    }
}
