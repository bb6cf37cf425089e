//! NAT-D payload, RFC 3947 section 3.2.

octets_payload! {
    /// Hash over both cookies, an address and a port, RFC 3947 section 3.2: the negotiated phase 1 hash.
    ///
    /// The first one of a message is of the remote end as the sender sees it, the others of the sender's own addresses.
    NatDetection {
        /// HASH of the address and port.
        hash
    }
}
