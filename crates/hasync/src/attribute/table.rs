//! The table of attributes, with the code, the name and the data of each in one row. The codes are in two ranges:
//! Cisco's and this profile's.

use core::net::{IpAddr, Ipv4Addr};

use wire::{EmitError, Writer};

use super::data::{Data, Holds};
use super::{AttributeElement, Attributes, cut};
use crate::record::{
    BulkCounts, Counters, DeadPeer, EncapsulationMode, EncapsulationPorts, Exchange, Identity, IkeFeatures,
    IkeSuite, InitOrResp, Lifetime, MessageId, NatState, NhrpParameters, Reason, RedundancyState,
    ReplayUpdate, ResultCode, SaFlags, SaIdentifier, Transform,
};
use crate::{ParseError, Secret};

/// Declares the registry of codes, the enum of all attributes, and the functions that connect them.
macro_rules! attributes {
    ($(
        $(#[$meta:meta])*
        $code:ident = $number:literal => $label:literal,
            $variant:ident($(#[$data_meta:meta])* $data:ty);
    )*) => {
        wire::registry! {
            /// The code of an attribute.
            ///
            /// The codes below 0x8000 and their names are Cisco's, from its debug output. The codes from 0x8000 on are
            /// this profile's.
            ///
            /// An attribute is its code with two octets, the length of its value with two, and the value. Each constant
            /// says what its value holds; a value that is a struct has its layout on the page of that struct.
            pub struct AttributeCode(u16) {
                $(
                    $(#[$meta])*
                    #[doc = concat!("\n\nDecoded, it is [`Attribute::", stringify!($variant), "`].")]
                    $code = $number => $label,
                )*
            }
        }

        /// A decoded attribute, with one variant for each code.
        ///
        /// An attribute that holds attributes ([`IpsecSa`](Self::IpsecSa), [`NhrpEntry`](Self::NhrpEntry)) is decoded
        /// only if all of its inner attributes can be framed. If the length of one of them is wrong, the whole
        /// attribute is [`Raw`](Self::Raw). The inner attributes up to the fault are then still there:
        ///
        /// ```
        /// use vpnwire_hasync::{Attribute, AttributeCode, AttributeFraming, Attributes, Message};
        ///
        /// let octets = [
        ///     1, 0xa0, 0, 26, 4, 0, 0, 3, // flags, ADD_NHRP_ENTRIES, length, 4.0.0.3
        ///     0x80, 0x80, 0, 14, // NHRP_ENTRY, 14 octets
        ///     0x80, 0x81, 0, 4, 10, 0, 0, 1, // PROTOCOL_ADDRESS
        ///     0x80, 0x82, 0, 4, 192, 0, // NBMA_ADDRESS, but only two of its four octets are in the entry
        /// ];
        /// let message = Message::parse(&octets)?;
        /// let entry = message.attributes.elements().next().unwrap();
        /// assert!(Attribute::parse(&entry).is_err());
        /// let inside = Attributes::parse_until_error(entry.value, entry.value_offset, AttributeFraming::default());
        /// let inner: Vec<_> = inside.value.iter().collect();
        /// assert_eq!(inner[0], Attribute::ProtocolAddress([10, 0, 0, 1].into()));
        /// assert!(matches!(inner[1], Attribute::Raw { code: AttributeCode::NBMA_ADDRESS, missing: 2, .. }));
        /// assert_eq!(
        ///     inside.fault.unwrap().to_string(),
        ///     "VPNWIRE_ATT_NBMA_ADDRESS at offset 20 of the HA message needs 8 octets, but only 6 are there"
        /// );
        /// # Ok::<(), vpnwire_hasync::ParseError>(())
        /// ```
        ///
        /// `Debug` and `serde` show no keys. They do not show the values of unknown codes either, because these may be
        /// keys. `defmt` shows only code and length.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum Attribute<'a> {
            $(
                #[doc = concat!("The value of [`AttributeCode::", stringify!($code), "`].")]
                $variant($(#[$data_meta])* $data),
            )*
            /// An attribute of unknown code, or one with a value that is cut or not allowed for its code. It is written
            /// unchanged, unless it was cut. [`Attribute::parse`] of its element gives the reason.
            Raw {
                /// The code of the attribute.
                code: AttributeCode,
                /// The value, or the part of it that is there. It is not shown, because it may be a key.
                #[cfg_attr(feature = "serde", serde(skip))]
                value: Secret<'a>,
                /// The number of octets of the value that were missing when it was read. If it is not 0, the attribute
                /// is not written.
                missing: usize,
            },
        }

        impl<'a> Attribute<'a> {
            /// Decodes a whole element. An attribute of unknown code becomes [`Attribute::Raw`].
            pub(super) fn of(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
                match element.header.code {
                    $(
                        AttributeCode::$code => {
                            Data::read(element.name, element.reader()).map(Self::$variant)
                        }
                    )*
                    _ => Ok(Self::raw(element)),
                }
            }

            pub(super) const fn code_of(&self) -> AttributeCode {
                match self {
                    $( Self::$variant(_) => AttributeCode::$code, )*
                    Self::Raw { code, .. } => *code,
                }
            }

            pub(super) fn data_len(&self) -> usize {
                match self {
                    $( Self::$variant(data) => Data::len(data), )*
                    Self::Raw { value, .. } => value.len(),
                }
            }

            pub(super) fn write_data(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                match self {
                    $( Self::$variant(data) => Data::write(data, writer), )*
                    Self::Raw { code, missing, .. } if *missing != 0 => Err(cut(*code, *missing)),
                    Self::Raw { value, .. } => writer.put(value.expose()),
                }
            }

            pub(super) const fn is_secret(code: AttributeCode) -> bool {
                match code {
                    $( AttributeCode::$code => <$data as Data<'a>>::IS_SECRET, )*
                    _ => true,
                }
            }

            pub(super) const fn is_nested(code: AttributeCode) -> bool {
                match code {
                    $( AttributeCode::$code => <$data as Data<'a>>::IS_NESTED, )*
                    _ => false,
                }
            }
        }

        $(
            impl<'a> Holds<'a, $number> for $data {
                fn attribute(self) -> Attribute<'a> {
                    Attribute::$variant(self)
                }
            }
        )*
    };
}

attributes! {
    /// The sender's own cookie, 8 octets.
    MY_COOKIE = 2 => "HA_IKE_ATT_MY_COOKIE", MyCookie([u8; 8]);
    /// The peer's cookie, 8 octets.
    HIS_COOKIE = 3 => "HA_IKE_ATT_HIS_COOKIE", HisCookie([u8; 8]);
    /// The peer's address, 4 or 16 octets. Cisco calls it the source, as in a packet from the peer to the gateway.
    SRC = 4 => "HA_IKE_ATT_SRC", Source(IpAddr);
    /// The local address, which is the virtual one, 4 or 16 octets.
    DST = 5 => "HA_IKE_ATT_DST", Destination(IpAddr);
    /// The peer's port, 2 octets.
    PEER_PORT = 6 => "HA_IKE_ATT_PEER_PORT", PeerPort(u16);
    /// The front VRF, 1 octet.
    F_VRF = 7 => "HA_IKE_ATT_F_VRF", FrontVrf(u8);
    /// Initiator or responder, 1 octet.
    INIT_OR_RESP = 8 => "HA_IKE_ATT_INIT_OR_RESP", InitOrResp(InitOrResp);
    /// The result of NAT discovery, 1 octet.
    NAT_DISCOVERY = 9 => "HA_IKE_ATT_NAT_DISCOVERY", NatDiscovery(u8);
    /// The capabilities of the peer, 4 octets.
    PEERS_CAPABILITIES = 11 => "HA_IKE_ATT_PEERS_CAPABILITIES", PeersCapabilities(u32);
    /// The capabilities of the sender, 4 octets.
    MY_CAPABILITIES = 12 => "HA_IKE_ATT_MY_CAPABILITIES", MyCapabilities(u32);
    /// The state mask, 4 octets.
    STATE_MASK = 13 => "HA_IKE_ATT_STATE_MASK", StateMask(u32);
    /// The type of the peer's identity, 1 octet.
    IDTYPE = 38 => "HA_IKE_ATT_IDTYPE", IdType(u8);
    /// The IP protocol of the peer's identity, 1 octet.
    PROTOCOL = 39 => "HA_IKE_ATT_PROTOCOL", Protocol(u8);
    /// The port of the peer's identity, 2 octets.
    PORT = 40 => "HA_IKE_ATT_PORT", Port(u16);
    /// The address of the peer's identity, 4 octets.
    ADDR = 41 => "HA_IKE_ATT_ADDR", Address(Ipv4Addr);
    /// The mask of the peer's identity, 4 octets.
    MASK = 42 => "HA_IKE_ATT_MASK", Mask(Ipv4Addr);
    /// The identification data of the peer's identity, of any length.
    ID_STR = 44 => "HA_IKE_ATT_ID_STR", IdString(&'a [u8]);

    /// The serial number of the message, 4 octets.
    SERIAL = 0x8000 => "VPNWIRE_ATT_SERIAL", Serial(u32);
    /// The reason for a deletion, 2 octets.
    REASON = 0x8001 => "VPNWIRE_ATT_REASON", Reason(Reason);

    /// The local port, 2 octets.
    LOCAL_PORT = 0x8010 => "VPNWIRE_ATT_LOCAL_PORT", LocalPort(u16);
    /// The local identity, 4 octets and its data.
    LOCAL_IDENTITY = 0x8011 => "VPNWIRE_ATT_LOCAL_IDENTITY", LocalIdentity(Identity<'a>);
    /// The algorithms that phase 1 agreed on, 12 octets.
    IKE_SUITE = 0x8012 => "VPNWIRE_ATT_IKE_SUITE", IkeSuite(IkeSuite);
    /// The exchange type of phase 1, 1 octet.
    EXCHANGE_TYPE = 0x8013 => "VPNWIRE_ATT_EXCHANGE_TYPE", ExchangeType(u8);
    /// SKEYID, which is secret, of any length.
    SKEYID = 0x8014 => "VPNWIRE_ATT_SKEYID",
        Skeyid(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// `SKEYID_d`, which is secret, of any length.
    SKEYID_D = 0x8015 => "VPNWIRE_ATT_SKEYID_D",
        SkeyidD(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// `SKEYID_a`, which is secret, of any length.
    SKEYID_A = 0x8016 => "VPNWIRE_ATT_SKEYID_A",
        SkeyidA(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// `SKEYID_e`, which is secret, of any length.
    SKEYID_E = 0x8017 => "VPNWIRE_ATT_SKEYID_E",
        SkeyidE(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// The key with which ISAKMP messages are encrypted, which is secret, of any length.
    IKE_ENCRYPTION_KEY = 0x8018 => "VPNWIRE_ATT_IKE_ENCRYPTION_KEY",
        IkeEncryptionKey(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// The last ciphertext block of phase 1, of any length.
    PHASE_1_IV = 0x8019 => "VPNWIRE_ATT_PHASE_1_IV", Phase1Iv(&'a [u8]);
    /// A lifetime and the remaining part of it, 16 octets.
    LIFETIME = 0x801a => "VPNWIRE_ATT_LIFETIME", Lifetime(Lifetime);
    /// The sequence numbers of dead peer detection, 8 octets.
    DEAD_PEER = 0x801b => "VPNWIRE_ATT_DEAD_PEER", DeadPeer(DeadPeer);
    /// The state of NAT traversal, 4 octets.
    NAT_STATE = 0x801c => "VPNWIRE_ATT_NAT_STATE", NatState(NatState);
    /// The features that both sides support, 4 octets.
    FEATURES = 0x801d => "VPNWIRE_ATT_FEATURES", Features(IkeFeatures);
    /// A message ID that must not be accepted again, 4 octets.
    MESSAGE_ID = 0x801e => "VPNWIRE_ATT_MESSAGE_ID", MessageId(MessageId);
    /// An exchange that is in progress, 6 octets and its IV.
    EXCHANGE = 0x801f => "VPNWIRE_ATT_EXCHANGE", Exchange(Exchange<'a>);
    /// The address that was assigned to the peer, 4 or 16 octets.
    ASSIGNED_ADDRESS = 0x8020 => "VPNWIRE_ATT_ASSIGNED_ADDRESS", AssignedAddress(IpAddr);
    /// The user name that the peer gave, of any length.
    USER_NAME = 0x8021 => "VPNWIRE_ATT_USER_NAME", UserName(&'a [u8]);
    /// The name of the local configuration, of any length.
    PROFILE_NAME = 0x8022 => "VPNWIRE_ATT_PROFILE_NAME", ProfileName(&'a [u8]);
    /// The inside VRF, 4 octets.
    INSIDE_VRF = 0x8023 => "VPNWIRE_ATT_INSIDE_VRF", InsideVrf(u32);

    /// An IPsec SA, as a list of attributes.
    IPSEC_SA = 0x8040 => "VPNWIRE_ATT_IPSEC_SA", IpsecSa(Attributes<'a>);
    /// The direction, protocol, SPI and destination of an SA, 10 or 22 octets.
    SA_IDENTIFIER = 0x8041 => "VPNWIRE_ATT_SA_IDENTIFIER", SaIdentifier(SaIdentifier);
    /// The source address of the packets of an SA, 4 or 16 octets.
    SA_SOURCE = 0x8042 => "VPNWIRE_ATT_SA_SOURCE", SaSource(IpAddr);
    /// The encapsulation mode, 1 octet.
    SA_MODE = 0x8043 => "VPNWIRE_ATT_SA_MODE", SaMode(EncapsulationMode);
    /// The UDP ports of encapsulated packets, 4 octets.
    ENCAPSULATION_PORTS = 0x8044 => "VPNWIRE_ATT_ENCAPSULATION_PORTS", EncapsulationPorts(EncapsulationPorts);
    /// The algorithms that phase 2 agreed on, 8 octets.
    TRANSFORM = 0x8045 => "VPNWIRE_ATT_TRANSFORM", Transform(Transform);
    /// The encryption key with its salt, which is secret, of any length.
    ENCRYPTION_KEY = 0x8046 => "VPNWIRE_ATT_ENCRYPTION_KEY",
        EncryptionKey(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// The authentication key, which is secret, of any length.
    AUTHENTICATION_KEY = 0x8047 => "VPNWIRE_ATT_AUTHENTICATION_KEY",
        AuthenticationKey(#[cfg_attr(feature = "serde", serde(skip))] Secret<'a>);
    /// The local traffic selector, 4 octets and its data.
    LOCAL_SELECTOR = 0x8048 => "VPNWIRE_ATT_LOCAL_SELECTOR", LocalSelector(Identity<'a>);
    /// The remote traffic selector, 4 octets and its data.
    REMOTE_SELECTOR = 0x8049 => "VPNWIRE_ATT_REMOTE_SELECTOR", RemoteSelector(Identity<'a>);
    /// Counters of packets, octets and errors, 32 octets.
    COUNTERS = 0x804a => "VPNWIRE_ATT_COUNTERS", Counters(Counters);
    /// The highest sequence number, 8 octets.
    SEQUENCE = 0x804b => "VPNWIRE_ATT_SEQUENCE", Sequence(u64);
    /// The width of the anti-replay window, 4 octets.
    REPLAY_WINDOW = 0x804c => "VPNWIRE_ATT_REPLAY_WINDOW", ReplayWindow(u32);
    /// Properties of an SA, 4 octets.
    SA_FLAGS = 0x804d => "VPNWIRE_ATT_SA_FLAGS", SaFlags(SaFlags);
    /// The path MTU, 2 octets.
    PATH_MTU = 0x804e => "VPNWIRE_ATT_PATH_MTU", PathMtu(u16);
    /// The kilobyte lifetime that was last sent to the standby, 4 octets.
    LAST_KILOBYTES_SENT = 0x804f => "VPNWIRE_ATT_LAST_KILOBYTES_SENT", LastKilobytesSent(u32);
    /// The name of the crypto map, of any length.
    CRYPTO_MAP = 0x8050 => "VPNWIRE_ATT_CRYPTO_MAP", CryptoMap(&'a [u8]);
    /// The number of a bundle, 4 octets.
    BUNDLE_ID = 0x8051 => "VPNWIRE_ATT_BUNDLE_ID", BundleId(u32);
    /// The peer's address before NAT (RFC 3947 section 5.2), 4 or 16 octets.
    NAT_ORIGINAL_PEER = 0x8052 => "VPNWIRE_ATT_NAT_ORIGINAL_PEER", NatOriginalPeer(IpAddr);
    /// The gateway's address before NAT, as the peer sees it (RFC 3947 section 5.2), 4 or 16 octets.
    NAT_ORIGINAL_LOCAL = 0x8053 => "VPNWIRE_ATT_NAT_ORIGINAL_LOCAL", NatOriginalLocal(IpAddr);
    /// The new lifetime and the new replay number of an SA, 22 or 34 octets.
    REPLAY_UPDATE = 0x8060 => "VPNWIRE_ATT_REPLAY_UPDATE", ReplayUpdate(ReplayUpdate);

    /// The states and timers of the redundancy framework, 28 octets.
    REDUNDANCY_STATE = 0x8070 => "VPNWIRE_ATT_REDUNDANCY_STATE", RedundancyState(RedundancyState);
    /// The stamp of the group, 16 octets.
    STAMP = 0x8071 => "VPNWIRE_ATT_STAMP", Stamp([u8; 16]);
    /// The number of a keepalive, 4 octets.
    KEEPALIVE = 0x8072 => "VPNWIRE_ATT_KEEPALIVE", Keepalive(u32);
    /// The numbers of records in a bulk sync, 12 octets.
    BULK_COUNTS = 0x8078 => "VPNWIRE_ATT_BULK_COUNTS", BulkCounts(BulkCounts);

    /// An NHRP cache entry, as a list of attributes.
    NHRP_ENTRY = 0x8080 => "VPNWIRE_ATT_NHRP_ENTRY", NhrpEntry(Attributes<'a>);
    /// The protocol address of the entry, which is the tunnel address, 4 or 16 octets.
    PROTOCOL_ADDRESS = 0x8081 => "VPNWIRE_ATT_PROTOCOL_ADDRESS", ProtocolAddress(IpAddr);
    /// The NBMA address, to which packets are sent, 4 or 16 octets.
    NBMA_ADDRESS = 0x8082 => "VPNWIRE_ATT_NBMA_ADDRESS", NbmaAddress(IpAddr);
    /// The address that the client has behind its NAT, 4 or 16 octets.
    CLAIMED_NBMA_ADDRESS = 0x8083 => "VPNWIRE_ATT_CLAIMED_NBMA_ADDRESS", ClaimedNbmaAddress(IpAddr);
    /// The other parameters of a cache entry, 18 octets.
    NHRP_PARAMETERS = 0x8084 => "VPNWIRE_ATT_NHRP_PARAMETERS", NhrpParameters(NhrpParameters);

    /// The serial number of the message that is acknowledged, 4 octets.
    ACKNOWLEDGED = 0x8090 => "VPNWIRE_ATT_ACKNOWLEDGED", Acknowledged(u32);
    /// The result of that message, 2 octets.
    RESULT = 0x8091 => "VPNWIRE_ATT_RESULT", Result(ResultCode);
}
