//! Parameter types (RFC 9260 section 3.2.1).

use crate::UnrecognizedAction;

wire::registry! {
    /// Chunk parameter types (RFC 9260 section 3.2.1).
    pub struct ParameterType(u16) {
        /// Heartbeat Info (RFC 9260 section 3.3.5).
        HEARTBEAT_INFO = 1 => "Heartbeat Info",
        /// IPv4 Address (RFC 9260 section 3.3.2.1.1).
        IPV4_ADDRESS = 5 => "IPv4 Address",
        /// IPv6 Address (RFC 9260 section 3.3.2.1.2).
        IPV6_ADDRESS = 6 => "IPv6 Address",
        /// State Cookie (RFC 9260 section 3.3.3.1.1).
        STATE_COOKIE = 7 => "State Cookie",
        /// Unrecognized Parameter (RFC 9260 section 3.3.3.1.2).
        UNRECOGNIZED_PARAMETER = 8 => "Unrecognized Parameter",
        /// Cookie Preservative (RFC 9260 section 3.3.2.1.3).
        COOKIE_PRESERVATIVE = 9 => "Cookie Preservative",
        /// Host Name Address, which is deprecated (RFC 9260 section 3.3.2.1.4).
        HOST_NAME_ADDRESS = 11 => "Host Name Address",
        /// Supported Address Types (RFC 9260 section 3.3.2.1.5).
        SUPPORTED_ADDRESS_TYPES = 12 => "Supported Address Types",
        /// Outgoing SSN Reset Request (RFC 6525 section 4.1).
        OUTGOING_SSN_RESET_REQUEST = 13 => "Outgoing SSN Reset Request",
        /// Incoming SSN Reset Request (RFC 6525 section 4.2).
        INCOMING_SSN_RESET_REQUEST = 14 => "Incoming SSN Reset Request",
        /// SSN/TSN Reset Request (RFC 6525 section 4.3).
        SSN_TSN_RESET_REQUEST = 15 => "SSN/TSN Reset Request",
        /// Re-configuration Response (RFC 6525 section 4.4).
        RECONFIGURATION_RESPONSE = 16 => "Re-configuration Response",
        /// Add Outgoing Streams Request (RFC 6525 section 4.5).
        ADD_OUTGOING_STREAMS_REQUEST = 17 => "Add Outgoing Streams Request",
        /// Add Incoming Streams Request (RFC 6525 section 4.6).
        ADD_INCOMING_STREAMS_REQUEST = 18 => "Add Incoming Streams Request",
        /// ECN Capable; RFC 9260 section 3.3.2 only reserves the type.
        ECN_CAPABLE = 0x8000 => "ECN Capable",
        /// Zero Checksum Acceptable (RFC 9653 section 4).
        ZERO_CHECKSUM_ACCEPTABLE = 0x8001 => "Zero Checksum Acceptable",
        /// Random (RFC 4895 section 3.1).
        RANDOM = 0x8002 => "Random",
        /// Chunk List (RFC 4895 section 3.2).
        CHUNK_LIST = 0x8003 => "Chunk List",
        /// Requested HMAC Algorithm (RFC 4895 section 3.3).
        REQUESTED_HMAC_ALGORITHM = 0x8004 => "Requested HMAC Algorithm",
        /// Padding (RFC 4820 section 4).
        PADDING = 0x8005 => "Padding",
        /// Supported Extensions (RFC 5061 section 4.2.7).
        SUPPORTED_EXTENSIONS = 0x8008 => "Supported Extensions",
        /// Forward TSN Supported (RFC 3758 section 3.1).
        FORWARD_TSN_SUPPORTED = 0xc000 => "Forward TSN Supported",
        /// Add IP Address (RFC 5061 section 4.2.1).
        ADD_IP_ADDRESS = 0xc001 => "Add IP Address",
        /// Delete IP Address (RFC 5061 section 4.2.2).
        DELETE_IP_ADDRESS = 0xc002 => "Delete IP Address",
        /// Error Cause Indication (RFC 5061 section 4.2.3).
        ERROR_CAUSE_INDICATION = 0xc003 => "Error Cause Indication",
        /// Set Primary Address (RFC 5061 section 4.2.4).
        SET_PRIMARY_ADDRESS = 0xc004 => "Set Primary Address",
        /// Success Indication (RFC 5061 section 4.2.5).
        SUCCESS_INDICATION = 0xc005 => "Success Indication",
        /// Adaptation Layer Indication (RFC 5061 section 4.2.6).
        ADAPTATION_LAYER_INDICATION = 0xc006 => "Adaptation Layer Indication",
    }
}

impl ParameterType {
    /// The action of a receiver that does not know the type (RFC 9260 section 3.2.1).
    #[must_use]
    pub const fn unrecognized_action(self) -> UnrecognizedAction {
        let [high, _] = self.0.to_be_bytes();
        UnrecognizedAction::of(high)
    }
}
