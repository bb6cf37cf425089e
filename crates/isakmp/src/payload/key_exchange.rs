//! Key Exchange payload (RFC 2408 section 3.7).

octets_payload! {
    /// The public value of a Diffie-Hellman exchange (RFC 2408 section 3.7).
    ///
    /// It is as long as the modulus of its group, with zeros on the left (RFC 2409 section 5): 96 octets for group 1,
    /// 128 for group 2, 192 for group 5, and 256 for group 14.
    KeyExchange, KEY_EXCHANGE {
        /// Key Exchange Data.
        key_exchange_data
    }
}
