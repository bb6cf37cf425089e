//! Attributes: code, length, value. The codes are in two ranges, Cisco's and this profile's.

use core::fmt;

use wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

use crate::ParseError;

pub mod data;
mod value;

pub use data::{
    BulkCounts, Counters, DeadPeer, Direction, EncapsulationPorts, Exchange, Identity, IkeSuite, Lifetime,
    NatFlags, NatState, NhrpFlags, NhrpParameters, RedundancyFlags, RedundancyState, ReplayUpdate, RfState,
    SaIdentifier, Transform,
};
pub use value::Value;
pub(crate) use value::{emit_attributes, put_value};

wire::registry! {
    /// What an attribute says.
    ///
    /// The codes below 0x8000 and their names are Cisco's, from its debug output. Those from 0x8000 on are this
    /// profile's.
    pub struct AttributeCode(u16) {
        /// The sender's cookie: 8 octets.
        MY_COOKIE = 2 => "HA_IKE_ATT_MY_COOKIE",
        /// The peer's cookie: 8 octets.
        HIS_COOKIE = 3 => "HA_IKE_ATT_HIS_COOKIE",
        /// The peer's address.
        SRC = 4 => "HA_IKE_ATT_SRC",
        /// The local address, which is the virtual one.
        DST = 5 => "HA_IKE_ATT_DST",
        /// The peer's port: 2 octets.
        PEER_PORT = 6 => "HA_IKE_ATT_PEER_PORT",
        /// Front VRF: 1 octet.
        F_VRF = 7 => "HA_IKE_ATT_F_VRF",
        /// Initiator or responder: 1 octet.
        INIT_OR_RESP = 8 => "HA_IKE_ATT_INIT_OR_RESP",
        /// What NAT discovery found: 1 octet.
        NAT_DISCOVERY = 9 => "HA_IKE_ATT_NAT_DISCOVERY",
        /// Capabilities of the peer: 4 octets.
        PEERS_CAPABILITIES = 11 => "HA_IKE_ATT_PEERS_CAPABILITIES",
        /// Capabilities of the sender: 4 octets.
        MY_CAPABILITIES = 12 => "HA_IKE_ATT_MY_CAPABILITIES",
        /// State mask: 4 octets.
        STATE_MASK = 13 => "HA_IKE_ATT_STATE_MASK",
        /// Type of the peer's identity: 1 octet.
        IDTYPE = 38 => "HA_IKE_ATT_IDTYPE",
        /// IP protocol of the peer's identity: 1 octet.
        PROTOCOL = 39 => "HA_IKE_ATT_PROTOCOL",
        /// Port of the peer's identity: 2 octets.
        PORT = 40 => "HA_IKE_ATT_PORT",
        /// Address of the peer's identity: 4 octets.
        ADDR = 41 => "HA_IKE_ATT_ADDR",
        /// Mask of the peer's identity: 4 octets.
        MASK = 42 => "HA_IKE_ATT_MASK",
        /// The peer's identity as octets.
        ID_STR = 44 => "HA_IKE_ATT_ID_STR",

        /// Number of the message: 4 octets.
        SERIAL = 0x8000 => "VPNWIRE_ATT_SERIAL",
        /// Why something is gone: 2 octets.
        REASON = 0x8001 => "VPNWIRE_ATT_REASON",

        /// The local port: 2 octets.
        LOCAL_PORT = 0x8010 => "VPNWIRE_ATT_LOCAL_PORT",
        /// The local identity.
        LOCAL_IDENTITY = 0x8011 => "VPNWIRE_ATT_LOCAL_IDENTITY",
        /// What phase 1 agreed on.
        IKE_SUITE = 0x8012 => "VPNWIRE_ATT_IKE_SUITE",
        /// The exchange of phase 1: 1 octet.
        EXCHANGE_TYPE = 0x8013 => "VPNWIRE_ATT_EXCHANGE_TYPE",
        /// SKEYID. Secret.
        SKEYID = 0x8014 => "VPNWIRE_ATT_SKEYID",
        /// `SKEYID_d`. Secret.
        SKEYID_D = 0x8015 => "VPNWIRE_ATT_SKEYID_D",
        /// `SKEYID_a`. Secret.
        SKEYID_A = 0x8016 => "VPNWIRE_ATT_SKEYID_A",
        /// `SKEYID_e`. Secret.
        SKEYID_E = 0x8017 => "VPNWIRE_ATT_SKEYID_E",
        /// The key that ISAKMP messages are encrypted with. Secret.
        IKE_ENCRYPTION_KEY = 0x8018 => "VPNWIRE_ATT_IKE_ENCRYPTION_KEY",
        /// The last ciphertext block of phase 1.
        PHASE_1_IV = 0x8019 => "VPNWIRE_ATT_PHASE_1_IV",
        /// A lifetime and what is left of it.
        LIFETIME = 0x801a => "VPNWIRE_ATT_LIFETIME",
        /// Sequence numbers of dead peer detection.
        DEAD_PEER = 0x801b => "VPNWIRE_ATT_DEAD_PEER",
        /// What is known of NAT.
        NAT_STATE = 0x801c => "VPNWIRE_ATT_NAT_STATE",
        /// What both sides can do: 4 octets.
        FEATURES = 0x801d => "VPNWIRE_ATT_FEATURES",
        /// A message id that must not be taken again: 4 octets.
        MESSAGE_ID = 0x801e => "VPNWIRE_ATT_MESSAGE_ID",
        /// An exchange under way.
        EXCHANGE = 0x801f => "VPNWIRE_ATT_EXCHANGE",
        /// The address that was assigned to the peer.
        ASSIGNED_ADDRESS = 0x8020 => "VPNWIRE_ATT_ASSIGNED_ADDRESS",
        /// The name that the peer's user gave.
        USER_NAME = 0x8021 => "VPNWIRE_ATT_USER_NAME",
        /// The name of the local configuration.
        PROFILE_NAME = 0x8022 => "VPNWIRE_ATT_PROFILE_NAME",
        /// Inside VRF: 4 octets.
        INSIDE_VRF = 0x8023 => "VPNWIRE_ATT_INSIDE_VRF",

        /// An IPsec SA: attributes.
        IPSEC_SA = 0x8040 => "VPNWIRE_ATT_IPSEC_SA",
        /// Direction, protocol, SPI and destination of an SA.
        SA_IDENTIFIER = 0x8041 => "VPNWIRE_ATT_SA_IDENTIFIER",
        /// The address that packets of the SA come from.
        SA_SOURCE = 0x8042 => "VPNWIRE_ATT_SA_SOURCE",
        /// Encapsulation mode: 1 octet.
        SA_MODE = 0x8043 => "VPNWIRE_ATT_SA_MODE",
        /// UDP ports of encapsulated packets.
        ENCAPSULATION_PORTS = 0x8044 => "VPNWIRE_ATT_ENCAPSULATION_PORTS",
        /// What phase 2 agreed on.
        TRANSFORM = 0x8045 => "VPNWIRE_ATT_TRANSFORM",
        /// Encryption key with its salt. Secret.
        ENCRYPTION_KEY = 0x8046 => "VPNWIRE_ATT_ENCRYPTION_KEY",
        /// Authentication key. Secret.
        AUTHENTICATION_KEY = 0x8047 => "VPNWIRE_ATT_AUTHENTICATION_KEY",
        /// The local side of the traffic.
        LOCAL_SELECTOR = 0x8048 => "VPNWIRE_ATT_LOCAL_SELECTOR",
        /// The remote side of the traffic.
        REMOTE_SELECTOR = 0x8049 => "VPNWIRE_ATT_REMOTE_SELECTOR",
        /// Packets, octets, errors.
        COUNTERS = 0x804a => "VPNWIRE_ATT_COUNTERS",
        /// The highest sequence number: 8 octets.
        SEQUENCE = 0x804b => "VPNWIRE_ATT_SEQUENCE",
        /// Width of the anti-replay window: 4 octets.
        REPLAY_WINDOW = 0x804c => "VPNWIRE_ATT_REPLAY_WINDOW",
        /// Properties of an SA: 4 octets.
        SA_FLAGS = 0x804d => "VPNWIRE_ATT_SA_FLAGS",
        /// Path MTU: 2 octets.
        PATH_MTU = 0x804e => "VPNWIRE_ATT_PATH_MTU",
        /// Kilobyte life that was last sent to the standby: 4 octets.
        LAST_KILOBYTES_SENT = 0x804f => "VPNWIRE_ATT_LAST_KILOBYTES_SENT",
        /// Name of the crypto map.
        CRYPTO_MAP = 0x8050 => "VPNWIRE_ATT_CRYPTO_MAP",
        /// Number of a bundle: 4 octets.
        BUNDLE_ID = 0x8051 => "VPNWIRE_ATT_BUNDLE_ID",
        /// The peer's address before NAT, RFC 3947 section 5.2.
        NAT_ORIGINAL_PEER = 0x8052 => "VPNWIRE_ATT_NAT_ORIGINAL_PEER",
        /// The gateway's address as the peer sees it before NAT, RFC 3947 section 5.2.
        NAT_ORIGINAL_LOCAL = 0x8053 => "VPNWIRE_ATT_NAT_ORIGINAL_LOCAL",
        /// New lifetime and replay number of an SA.
        REPLAY_UPDATE = 0x8060 => "VPNWIRE_ATT_REPLAY_UPDATE",

        /// States and timers of the redundancy framework.
        REDUNDANCY_STATE = 0x8070 => "VPNWIRE_ATT_REDUNDANCY_STATE",
        /// The stamp of the group: 16 octets.
        STAMP = 0x8071 => "VPNWIRE_ATT_STAMP",
        /// Number of a keepalive: 4 octets.
        KEEPALIVE = 0x8072 => "VPNWIRE_ATT_KEEPALIVE",
        /// How much a bulk sync has.
        BULK_COUNTS = 0x8078 => "VPNWIRE_ATT_BULK_COUNTS",

        /// An NHRP cache entry: attributes.
        NHRP_ENTRY = 0x8080 => "VPNWIRE_ATT_NHRP_ENTRY",
        /// The tunnel address.
        PROTOCOL_ADDRESS = 0x8081 => "VPNWIRE_ATT_PROTOCOL_ADDRESS",
        /// The address that packets go to.
        NBMA_ADDRESS = 0x8082 => "VPNWIRE_ATT_NBMA_ADDRESS",
        /// The address that the client has behind its NAT.
        CLAIMED_NBMA_ADDRESS = 0x8083 => "VPNWIRE_ATT_CLAIMED_NBMA_ADDRESS",
        /// What else a cache entry has.
        NHRP_PARAMETERS = 0x8084 => "VPNWIRE_ATT_NHRP_PARAMETERS",

        /// The serial of the message that has arrived: 4 octets.
        ACKNOWLEDGED = 0x8090 => "VPNWIRE_ATT_ACKNOWLEDGED",
        /// What became of it: 2 octets.
        RESULT = 0x8091 => "VPNWIRE_ATT_RESULT",
    }
}

impl AttributeCode {
    /// Codes from here on are this profile's; those below are left to Cisco.
    pub const PROFILE: u16 = 0x8000;

    /// Whether the code is of this profile and not Cisco's.
    #[must_use]
    pub const fn is_of_profile(self) -> bool {
        self.0 >= Self::PROFILE
    }

    /// Whether the value is a key, or may be: it is shown nowhere. Of codes that Cisco has and never showed nothing is
    /// known, so they count as secret.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        match self {
            Self::SKEYID
            | Self::SKEYID_D
            | Self::SKEYID_A
            | Self::SKEYID_E
            | Self::IKE_ENCRYPTION_KEY
            | Self::ENCRYPTION_KEY
            | Self::AUTHENTICATION_KEY => true,
            _ => self.name().is_none(),
        }
    }

    /// Whether the value is a run of attributes.
    #[must_use]
    pub const fn is_nested(self) -> bool {
        matches!(self, Self::IPSEC_SA | Self::NHRP_ENTRY)
    }
}

/// How attributes are framed: code, length of the value, value. No padding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct AttributeFraming;

/// Octets of code and length.
pub(crate) const HEADER_LEN: usize = 4;

impl Framing for AttributeFraming {
    type Header = AttributeCode;
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "HA attribute";
    const WITHIN: &'static str = "HA message";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, AttributeCode>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [a, b, high, low] = *reader.peek(Self::ELEMENT)?;
        let code = AttributeCode(u16::from_be_bytes([a, b]));
        let value_len = usize::from(u16::from_be_bytes([high, low]));
        reader.element(Self::ELEMENT, code, HEADER_LEN, value_len, 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, code: AttributeCode) -> Result<Reserved<2>, EmitError> {
        writer.u16(code.0)?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: AttributeCode,
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = writer.position().saturating_sub(start).saturating_sub(HEADER_LEN);
        writer.patch(length, EmitError::fit_u16("attribute length", value_len)?.to_be_bytes())
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        len.saturating_add(value_len).saturating_add(HEADER_LEN)
    }
}

/// One attribute, framed and not decoded: [`Value::parse`] does that.
///
/// `Debug` does not show the value of a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// What it says.
    pub code: AttributeCode,
    /// Offset of its first octet from the start of the message.
    pub offset: usize,
    /// Its value, as it came.
    pub value: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// Offset of the value's first octet from the start of the message.
    #[must_use]
    pub const fn value_offset(&self) -> usize {
        self.offset.saturating_add(HEADER_LEN)
    }

    /// A reader over the value that reports offsets from the start of the message.
    pub(crate) const fn reader(&self) -> Reader<'a> {
        Reader::at("HA message", self.value, self.value_offset())
    }

    /// Octets of the whole attribute.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        self.value.len().saturating_add(HEADER_LEN)
    }

    /// The attributes inside one that holds some.
    #[must_use]
    pub fn nested(&self) -> Option<Attributes<'a>> {
        if !self.code.is_nested() {
            return None;
        }
        Attributes::parse(self.value, self.value_offset()).ok()
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Attribute");
        debug.field("code", &self.code).field("offset", &self.offset);
        match self.nested() {
            _ if self.code.is_secret() => debug.field("value", &crate::Secret::new(self.value)),
            Some(attributes) => debug.field("value", &attributes),
            // A malformed run of attributes may hold a key.
            None if self.code.is_nested() => debug.field("value", &crate::Secret::new(self.value)),
            None => debug.field("value", &self.value),
        };
        debug.finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Attribute<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let nested = self.nested();
        let shown = !self.code.is_secret() && !self.code.is_nested();
        let mut out = serializer.serialize_struct("Attribute", 4)?;
        out.serialize_field("code", &self.code)?;
        out.serialize_field("offset", &self.offset)?;
        out.serialize_field("len", &self.value.len())?;
        match nested {
            Some(attributes) => out.serialize_field("attributes", &attributes)?,
            None if shown => out.serialize_field("value", self.value)?,
            None => out.skip_field("value")?,
        }
        out.end()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Attribute<'_> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "{} len {}", self.code, self.value.len());
    }
}

/// The attributes of a message, in the order they stand in; unknown ones are kept.
///
/// Framed when made: iteration cannot fail. `Debug` does not show the value of a secret.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Attributes<'a>(Chain<'a, AttributeFraming>);

impl<'a> Attributes<'a> {
    /// Frames the attributes of `octets`, which begin `base` octets into their message.
    ///
    /// # Errors
    /// When the octets end inside an attribute.
    pub fn parse(octets: &'a [u8], base: usize) -> Result<Self, LengthError> {
        Chain::parse(octets, base, AttributeFraming).map(Self)
    }

    /// Frames the attributes up to the first fault, and returns the fault beside them.
    #[must_use]
    pub fn parse_until_error(octets: &'a [u8], base: usize) -> (Self, Option<LengthError>) {
        let read = Chain::parse_until_error(octets, base, AttributeFraming);
        (Self(read.value), read.fault)
    }

    /// The attributes.
    #[must_use]
    pub fn iter(&self) -> AttributeIter<'a> {
        AttributeIter(self.0.iter())
    }

    /// How many there are.
    #[must_use]
    pub const fn attribute_count(&self) -> usize {
        self.0.element_count()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first attribute with this code.
    #[must_use]
    pub fn find(&self, code: AttributeCode) -> Option<Attribute<'a>> {
        self.iter().find(|attribute| attribute.code == code)
    }

    /// The octets of the attributes.
    #[must_use]
    pub fn octets(&self) -> &'a [u8] {
        self.0.octets()
    }

    /// The octets from a fault on.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.0.rest()
    }

    /// Offset of the first octet after the last attribute from the start of the message.
    #[must_use]
    pub const fn rest_offset(&self) -> usize {
        self.0.rest_offset()
    }
}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Attributes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Attributes<'_> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        for attribute in self {
            defmt::write!(formatter, "{} ", attribute);
        }
    }
}

impl<'a> TryFrom<&'a [u8]> for Attributes<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Ok(Self::parse(octets, 0)?)
    }
}

impl<'a> IntoIterator for Attributes<'a> {
    type Item = Attribute<'a>;
    type IntoIter = AttributeIter<'a>;

    fn into_iter(self) -> AttributeIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Attributes<'a> {
    type Item = Attribute<'a>;
    type IntoIter = AttributeIter<'a>;

    fn into_iter(self) -> AttributeIter<'a> {
        self.iter()
    }
}

/// The attributes of a message, front to back.
#[derive(Clone)]
pub struct AttributeIter<'a>(wire::Elements<'a, AttributeFraming>);

impl fmt::Debug for AttributeIter<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.clone()).finish()
    }
}

impl<'a> Iterator for AttributeIter<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let element = self.0.next()?;
        Some(Attribute { code: element.header, offset: element.offset, value: element.value })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for AttributeIter<'_> {}
impl core::iter::FusedIterator for AttributeIter<'_> {}
