//! What an Error Indication says went wrong.

wire::registry! {
    /// Error Code, RFC 2332 section 5.2.7 and RFC 2735 section 4.3.
    pub struct ErrorCode(u16) {
        /// An extension with the compulsory bit that the responder does not know.
        UNRECOGNIZED_EXTENSION = 1 => "Unrecognized Extension",
        /// The number FRR and opennhrp have for a loop; not the RFC's.
        LOOP_DETECTED_FRR = 2 => "NHRP Loop Detected (FRR)",
        /// The packet is being forwarded in a loop.
        LOOP_DETECTED = 3 => "NHRP Loop Detected",
        /// The routed path ends before the protocol address.
        PROTOCOL_ADDRESS_UNREACHABLE = 6 => "Protocol Address Unreachable",
        /// Version, protocol type, checksum: anything generic.
        PROTOCOL_ERROR = 7 => "Protocol Error",
        /// The packet is larger than the MTU of the NBMA network.
        SDU_SIZE_EXCEEDED = 8 => "NHRP SDU Size Exceeded",
        /// An extension that does not belong into this type of packet.
        INVALID_EXTENSION = 9 => "Invalid Extension",
        /// A Resolution Reply nobody asked for.
        INVALID_RESOLUTION_REPLY = 10 => "Invalid NHRP Resolution Reply Received",
        /// The authentication test failed.
        AUTHENTICATION_FAILURE = 11 => "Authentication Failure",
        /// The hop count was zero where the packet had to go on.
        HOP_COUNT_EXCEEDED = 15 => "Hop Count Exceeded",
        /// Another VPN than the one signalled, RFC 2735.
        VPN_MISMATCH = 16 => "VPN mismatch",
        /// A VPN that the device does not support, RFC 2735.
        VPN_UNSUPPORTED = 17 => "VPN not supported",
    }
}
