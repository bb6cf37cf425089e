//! The error codes of an Error Indication.

wire::registry! {
    /// Error Code of an Error Indication (RFC 2332 section 5.2.7 and RFC 2735 section 4.3). The codes in the entries
    /// of replies are another registry, [`CieCode`](crate::CieCode).
    pub struct ErrorCode(u16) {
        /// The responder does not know an extension that has the compulsory bit.
        UNRECOGNIZED_EXTENSION = 1 => "Unrecognized Extension",
        /// FRR and opennhrp send this number for a loop. The RFC's number is 3.
        LOOP_DETECTED_FRR = 2 => "NHRP Loop Detected (FRR)",
        /// The packet is being forwarded in a loop.
        LOOP_DETECTED = 3 => "NHRP Loop Detected",
        /// The routed path ends before it reaches the protocol address.
        PROTOCOL_ADDRESS_UNREACHABLE = 6 => "Protocol Address Unreachable",
        /// The packet has a generic error, for example in its version, its protocol type or its checksum.
        PROTOCOL_ERROR = 7 => "Protocol Error",
        /// The packet is larger than the MTU of the NBMA network.
        SDU_SIZE_EXCEEDED = 8 => "NHRP SDU Size Exceeded",
        /// The packet has an extension that does not belong in this type of packet.
        INVALID_EXTENSION = 9 => "Invalid Extension",
        /// A Resolution Reply came that nobody had asked for.
        INVALID_RESOLUTION_REPLY = 10 => "Invalid NHRP Resolution Reply Received",
        /// The authentication test failed.
        AUTHENTICATION_FAILURE = 11 => "Authentication Failure",
        /// The hop count was zero, but the packet had to be forwarded.
        HOP_COUNT_EXCEEDED = 15 => "Hop Count Exceeded",
        /// The VPN is not the one that was signalled (RFC 2735).
        VPN_MISMATCH = 16 => "VPN mismatch",
        /// The device does not support the VPN (RFC 2735).
        VPN_UNSUPPORTED = 17 => "VPN not supported",
    }
}
