//! The kinds of records, and which fields of a sink each member is taken from.

use std::net::IpAddr;

use super::value::{Number, Take as _};
use crate::sink::Value;

/// Makes a kind: its members, and the names of the fields that they are taken from.
macro_rules! kind {
    (
        $(#[$doc:meta])*
        $kind:ident { $( $(#[$member_doc:meta])* $member:ident: $type:ty = $($name:literal)|+, )* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $kind {
            $( $(#[$member_doc])* pub $member: $type, )*
        }

        impl $kind {
            /// Takes the value of a field, and says whether there is a member for it.
            pub(super) fn take(&mut self, name: &str, value: Value<'_>) -> bool {
                match name {
                    $( $($name)|+ => self.$member.add(value), )*
                    _ => return false,
                }
                true
            }
        }
    };
}

kind! {
    /// An HSRP message of one group: RFC 2281, and version 2. Passwords and digests are not in it.
    Hsrp {
        /// Version field: 0 for version 1, 2 for version 2.
        version: Option<u8> = "hsrp.version" | "hsrp2.version",
        /// Operation code: Hello, Coup, Resign, Advertise.
        opcode: Option<Number> = "hsrp.opcode" | "hsrp2.opcode",
        /// The sender's state, as the field of this message's version numbers it.
        state: Option<Number> = "hsrp.state" | "hsrp2.state" | "hsrp.adv.state",
        /// Group number.
        group: Option<u32> = "hsrp.group" | "hsrp2.group",
        /// Priority.
        priority: Option<u32> = "hsrp.priority" | "hsrp2.priority",
        /// Time between Hellos, in the unit of the version: seconds in version 1, milliseconds in version 2.
        hello_time: Option<u32> = "hsrp.hellotime" | "hsrp2.hellotime",
        /// Time that the Hello is valid for, in the same unit.
        hold_time: Option<u32> = "hsrp.holdtime" | "hsrp2.holdtime",
        /// The virtual address.
        virtual_address: Option<IpAddr> = "hsrp.virt_ip" | "hsrp2.virt_ip" | "hsrp2.virt_ip_v6",
        /// Identifier of the sender in version 2, its MAC address.
        identifier: Option<[u8; 6]> = "hsrp2.identifier",
        /// Active groups that an Advertise or an Interface State announces.
        active_groups: Option<u32> = "hsrp.adv.activegrp" | "hsrp2.active_groups",
        /// Passive groups that it announces.
        passive_groups: Option<u32> = "hsrp.adv.passivegrp" | "hsrp2.passive_groups",
        /// Whether the MD5 digest is right under the keys given.
        digest_is_valid: Option<bool> = "hsrp2.md5_auth_valid",
    }
}

kind! {
    /// An ISAKMP message: RFC 2408 section 3.1.
    Isakmp {
        /// Cookie of the initiator, or its SPI in IKEv2.
        initiator_cookie: Option<[u8; 8]> = "isakmp.ispi",
        /// Cookie of the responder.
        responder_cookie: Option<[u8; 8]> = "isakmp.rspi",
        /// Major version in the upper four bits, minor version in the lower.
        version: Option<u8> = "isakmp.version",
        /// Exchange type.
        exchange_type: Option<Number> = "isakmp.exchangetype",
        /// Flags as they stand.
        flags: Option<u8> = "isakmp.flags",
        /// Whether the payloads are encrypted.
        is_encrypted: Option<bool> = "isakmp.flag_e",
        /// Message ID.
        message_id: Option<u32> = "isakmp.messageid",
        /// Length field, in octets.
        length: Option<u32> = "isakmp.length",
        /// Whether the HASH is right under the keys given.
        hash_is_valid: Option<bool> = "isakmp.hash.verified",
    }
}

kind! {
    /// A payload of an ISAKMP message, or a proposal or transform inside of one. Members that belong to other types are `None`.
    Payload {
        /// Payload type.
        payload_type: Option<Number> = "isakmp.typepayload",
        /// Length field, in octets.
        length: Option<u16> = "isakmp.payloadlength",
        /// Number of a proposal.
        proposal_number: Option<u8> = "isakmp.prop.number",
        /// Protocol that a proposal, a notification or a delete is for.
        protocol: Option<Number> = "isakmp.prop.protoid" | "isakmp.notify.protoid" | "isakmp.delete.protoid",
        /// SPIs of a proposal, a notification or a delete, as their octets: 4 of ESP and AH, two cookies of ISAKMP.
        spis: Vec<Vec<u8>> = "isakmp.spi" | "isakmp.delete.spi",
        /// Number of a transform.
        transform_number: Option<u8> = "isakmp.trans.number",
        /// What a transform is, in the numbers of its proposal's protocol.
        transform_id: Option<Number> = "isakmp.trans.id",
        /// Encryption algorithm of a transform for an ISAKMP SA.
        encryption_algorithm: Option<Number> = "isakmp.ike.attr.encryption_algorithm",
        /// Hash algorithm of a transform for an ISAKMP SA.
        hash_algorithm: Option<Number> = "isakmp.ike.attr.hash_algorithm",
        /// Authentication method of a transform for an ISAKMP SA.
        authentication_method: Option<Number> = "isakmp.ike.attr.authentication_method",
        /// Group of a transform; for an IPsec SA it asks for perfect forward secrecy.
        group: Option<Number> = "isakmp.ike.attr.group_description" | "isakmp.ipsec.attr.group_description",
        /// Authentication algorithm of a transform for an IPsec SA.
        authentication_algorithm: Option<Number> = "isakmp.ipsec.attr.auth_algorithm",
        /// Encapsulation mode of a transform for an IPsec SA.
        encapsulation_mode: Option<Number> = "isakmp.ipsec.attr.encap_mode",
        /// Key length of a transform, in bits.
        key_length: Option<u32> = "isakmp.ike.attr.key_length" | "isakmp.ipsec.attr.key_length",
        /// Units of the lifetimes of a transform, in their order.
        life_types: Vec<Number> = "isakmp.ike.attr.life_type" | "isakmp.ipsec.attr.life_type",
        /// Lifetimes of a transform, each in the unit that stands at its place in `life_types`.
        life_durations: Vec<u64> = "isakmp.ike.attr.life_duration" | "isakmp.ipsec.attr.life_duration",
        /// Message type of a notification.
        notify_type: Option<Number> = "isakmp.notify.msgtype",
        /// Sequence number of a dead peer detection, RFC 3706.
        dead_peer_sequence: Option<u32> =
            "isakmp.notify.data.dpd.are_you_there" | "isakmp.notify.data.dpd.are_you_there_ack",
        /// Type of an identification.
        id_type: Option<Number> = "isakmp.id.type",
        /// Addresses of an identification: one, or a network and its mask, or the first and last of a range.
        id_addresses: Vec<IpAddr> =
            "isakmp.id.data.ipv4_addr" | "isakmp.id.data.ipv4_subnet" | "isakmp.id.data.ipv4_range_start"
            | "isakmp.id.data.ipv4_range_end" | "isakmp.id.data.ipv6_addr" | "isakmp.id.data.ipv6_subnet"
            | "isakmp.id.data.ipv6_range_start" | "isakmp.id.data.ipv6_range_end",
        /// Name of an identification.
        id_name: Option<String> = "isakmp.id.data.fqdn" | "isakmp.id.data.user_fqdn",
        /// What a vendor ID stands for.
        vendor: Option<String> = "isakmp.vid_string",
        /// Type of a configuration (mode-config) payload.
        configuration_type: Option<Number> = "isakmp.cfg.type",
    }
}

kind! {
    /// A packet of ESP: RFC 4303.
    Esp {
        /// SPI.
        spi: Option<u32> = "esp.spi",
        /// Sequence number, the lower half of an extended one.
        sequence_number: Option<u32> = "esp.sequence",
        /// Octets of ciphertext.
        encrypted_len: Option<u64> = "esp.encrypted_data",
        /// Whether the ICV is right under the keys given.
        icv_is_valid: Option<bool> = "esp.icv_good",
        /// Whether the packet was decrypted with keys that have none for authentication.
        is_unverified: Option<bool> = "esp.icv_unverified",
        /// Octets that were decrypted.
        decrypted_len: Option<u64> = "esp.decrypted_data",
        /// What the decrypted packet holds.
        next_header: Option<Number> = "esp.protocol",
        /// Octets that it holds, without padding.
        payload_len: Option<u64> = "esp.contained_data",
    }
}

kind! {
    /// A packet of AH: RFC 4302.
    Ah {
        /// What it holds.
        next_header: Option<Number> = "ah.next_header",
        /// SPI.
        spi: Option<u32> = "ah.spi",
        /// Sequence number, the lower half of an extended one.
        sequence_number: Option<u32> = "ah.sequence",
        /// Whether the ICV is right under the keys given.
        icv_is_valid: Option<bool> = "ah.icv_good",
    }
}

kind! {
    /// An NHRP packet: RFC 2332 section 5.
    Nhrp {
        /// Packet type.
        packet_type: Option<Number> = "nhrp.hdr.op.type",
        /// Hop count.
        hop_count: Option<u8> = "nhrp.hdr.hopcnt",
        /// Packet size field, in octets.
        packet_size: Option<u16> = "nhrp.hdr.pktsz",
        /// Request ID.
        request_id: Option<u32> = "nhrp.reqid",
        /// Flags as they stand.
        flags: Option<u16> = "nhrp.flags",
        /// NBMA address of the source.
        source_nbma_address: Option<IpAddr> = "nhrp.src.nbma.addr",
        /// Protocol address of the source.
        source_protocol_address: Option<IpAddr> = "nhrp.src.prot.addr",
        /// Protocol address of the destination.
        destination_protocol_address: Option<IpAddr> = "nhrp.dst.prot.addr",
        /// Error code of an Error Indication.
        error_code: Option<Number> = "nhrp.err.code",
        /// Where the error is in the packet that an Error Indication quotes, in octets.
        error_offset: Option<u16> = "nhrp.err.offset",
    }
}

kind! {
    /// A client information entry: RFC 2332 section 5.2.0.1.
    NhrpClient {
        /// Code.
        code: Option<Number> = "nhrp.code",
        /// Prefix length, in bits.
        prefix_length: Option<u8> = "nhrp.prefix",
        /// Maximum transmission unit, in octets.
        mtu: Option<u16> = "nhrp.mtu",
        /// Holding time, in seconds.
        holding_time: Option<u16> = "nhrp.htime",
        /// NBMA address of the client.
        nbma_address: Option<IpAddr> = "nhrp.client.nbma.addr",
        /// Protocol address of the client.
        protocol_address: Option<IpAddr> = "nhrp.client.prot.addr",
        /// Preference.
        preference: Option<u8> = "nhrp.pref",
    }
}

kind! {
    /// An SCTP packet: RFC 9260 section 3.1.
    Sctp {
        /// Port of the source.
        source_port: Option<u16> = "sctp.srcport",
        /// Port of the destination.
        destination_port: Option<u16> = "sctp.dstport",
        /// Verification tag.
        verification_tag: Option<u32> = "sctp.verification_tag",
        /// What the checksum was found to be.
        checksum_status: Option<Number> = "sctp.checksum.status",
    }
}

kind! {
    /// A chunk of an SCTP packet: RFC 9260 section 3.2. Members that belong to other types are `None`.
    Chunk {
        /// Chunk type.
        chunk_type: Option<Number> = "sctp.chunk",
        /// Flags as they stand.
        flags: Option<u8> = "sctp.chunk_flags",
        /// Length field, in octets.
        length: Option<u16> = "sctp.chunk_length",
        /// TSN of DATA and I-DATA.
        tsn: Option<u32> = "sctp.data_tsn_raw",
        /// Stream of DATA and I-DATA.
        stream: Option<u16> = "sctp.data_sid",
        /// Stream sequence number of DATA.
        stream_sequence_number: Option<u16> = "sctp.data_ssn",
        /// Payload protocol identifier of DATA and I-DATA.
        payload_protocol: Option<Number> = "sctp.data_payload_proto_id",
        /// Initiate tag of INIT and INIT ACK.
        initiate_tag: Option<u32> = "sctp.init_initiate_tag" | "sctp.initack_initiate_tag",
        /// Advertised receiver window of INIT, INIT ACK and SACK, in octets.
        receiver_window: Option<u32> = "sctp.init_credit" | "sctp.initack_credit" | "sctp.sack_a_rwnd",
        /// Initial TSN of INIT and INIT ACK.
        initial_tsn: Option<u32> = "sctp.init_initial_tsn" | "sctp.initack_initial_tsn",
        /// Cumulative TSN of SACK and SHUTDOWN.
        cumulative_tsn: Option<u32> = "sctp.sack_cumulative_tsn_ack_raw" | "sctp.shutdown_cumulative_tsn_ack",
        /// First TSNs of the gap ack blocks of SACK.
        gap_starts: Vec<u32> = "sctp.sack_gap_block_start_tsn",
        /// Last TSNs of the gap ack blocks of SACK, each at the place of its first.
        gap_ends: Vec<u32> = "sctp.sack_gap_block_end_tsn",
        /// TSNs that came more than once, of SACK.
        duplicates: Vec<u32> = "sctp.sack_duplicate_tsn",
        /// Addresses among the parameters.
        addresses: Vec<IpAddr> = "sctp.parameter_ipv4_address" | "sctp.parameter_ipv6_address",
        /// Causes of ABORT and ERROR.
        causes: Vec<Number> = "sctp.cause_code",
    }
}

kind! {
    /// An HA synchronisation message, in the profile of `vpnwire-hasync`. Keys and other secrets are not in it.
    Ha {
        /// Message type.
        message_type: Option<Number> = "ha.type",
        /// Flags as they stand.
        flags: Option<u8> = "ha.flags",
        /// Length field, in octets.
        length: Option<u16> = "ha.len",
        /// Identifier of the HA pair, an address.
        id: Option<IpAddr> = "ha.id",
        /// Serial number.
        serial: Option<u32> = "ha.serial",
        /// Serial number that it acknowledges.
        acknowledged: Option<u32> = "ha.acknowledged",
        /// Result of what was asked for.
        result: Option<Number> = "ha.result",
        /// Reason of a deletion.
        reason: Option<Number> = "ha.reason",
        /// State of the sender's redundancy facility.
        state: Option<Number> = "ha.redundancy.my_state",
        /// State of its peer, as it sees it.
        peer_state: Option<Number> = "ha.redundancy.peer_state",
        /// Bundle that SAs belong to.
        bundle_id: Option<u32> = "ha.bundle_id",
        /// SPIs of the SAs that are told of, in their order.
        spis: Vec<u32> = "ha.sa.spi",
        /// Sequence number that an outbound SA goes on with.
        sequence_number: Option<u64> = "ha.sa.sequence",
        /// Replay number of a checkpoint.
        replay: Option<u64> = "ha.replay_update.new_replay",
        /// Kilobytes of a checkpoint that are left of the lifetime.
        kilobytes: Option<u64> = "ha.replay_update.new_kilobyte_life",
    }
}
