//! An IKE SA: Cisco's seventeen attributes, and what a standby needs beside them.

use core::net::{IpAddr, Ipv4Addr};

use wire::EmitError;

use crate::attribute::data::bits;
use crate::attribute::{DeadPeer, Exchange, Identity, IkeSuite, Lifetime, NatState};
use crate::item::{Item, Sink, once, required};
use crate::{Attribute, AttributeCode, Attributes, List, ParseError, Secret, Value};

wire::registry! {
    /// Who began the IKE SA. Cisco shows 0 where the peer's address is the source: that 0 is the responder is this
    /// profile's reading.
    pub struct InitOrResp(u8) {
        /// The peer did.
        RESPONDER = 0 => "responder",
        /// The gateway did.
        INITIATOR = 1 => "initiator",
    }
}

bits! {
    /// What both sides can do, in bits of this profile: those of Cisco's capabilities are not published.
    pub struct IkeFeatures(u32) {
        /// Dead peer detection, RFC 3706: Cisco's `This SA Supports DPD`.
        DEAD_PEER_DETECTION = 0x0001;
        /// NAT traversal, RFC 3947.
        NAT_TRAVERSAL = 0x0002;
        /// IKE fragmentation.
        FRAGMENTATION = 0x0004;
        /// Extended authentication.
        XAUTH = 0x0008;
        /// Mode configuration.
        MODE_CONFIG = 0x0010;
        /// Cisco Unity.
        UNITY = 0x0020;
        /// The peer has sent INITIAL-CONTACT.
        INITIAL_CONTACT = 0x0040;
    }
}

/// The peer's identity, in Cisco's six attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PeerIdentity<'a> {
    /// `HA_IKE_ATT_IDTYPE`: 1 for an IPv4 address (RFC 2407 section 4.6.2.1).
    pub id_type: u8,
    /// `HA_IKE_ATT_PROTOCOL`: 17 for UDP.
    pub protocol: u8,
    /// `HA_IKE_ATT_PORT`.
    pub port: u16,
    /// `HA_IKE_ATT_ADDR`: 0.0.0.0 for an identity that is no IPv4 address.
    pub address: Ipv4Addr,
    /// `HA_IKE_ATT_MASK`: 0.0.0.0 for an identity that is no IPv4 subnet.
    pub mask: Ipv4Addr,
    /// `HA_IKE_ATT_ID_STR`: four zeros beside an address in Cisco's message. This profile puts the identification
    /// data of all other types here.
    pub id_str: &'a [u8],
}

/// A message id that has been taken and must not be taken again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MessageId(pub u32);

impl<'a> Item<'a> for MessageId {
    const CODE: AttributeCode = AttributeCode::MESSAGE_ID;

    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
        match Value::parse(attribute)? {
            Value::MessageId(id) => Ok(Self(id)),
            _ => Err(ParseError::MissingAttribute { code: Self::CODE }),
        }
    }

    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::MessageId(self.0))
    }
}

impl<'a> Item<'a> for Exchange<'a> {
    const CODE: AttributeCode = AttributeCode::EXCHANGE;

    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
        match Value::parse(attribute)? {
            Value::Exchange(exchange) => Ok(exchange),
            _ => Err(ParseError::MissingAttribute { code: Self::CODE }),
        }
    }

    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::Exchange(*self))
    }
}

/// Keys of phase 1, RFC 2409 section 5. `Debug` shows none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IkeKeys<'a> {
    /// SKEYID.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub skeyid: Secret<'a>,
    /// `SKEYID_d`: phase 2 keys come from it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub skeyid_d: Secret<'a>,
    /// `SKEYID_a`: hashes of phase 2 are keyed with it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub skeyid_a: Secret<'a>,
    /// `SKEYID_e`: the encryption key comes from it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub skeyid_e: Secret<'a>,
    /// The encryption key, `SKEYID_e` after the expansion of RFC 2409 appendix B.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub encryption_key: Secret<'a>,
}

/// What a standby needs to go on with an IKE SA beside the facts that Cisco's debug output shows. All of this is the
/// profile's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Takeover<'a> {
    /// The local port: 500, or 4500 behind a NAT.
    pub local_port: u16,
    /// The local identity.
    pub local_identity: Identity<'a>,
    /// What phase 1 agreed on.
    pub suite: IkeSuite,
    /// Exchange type of phase 1: 2 main mode, 4 aggressive mode.
    pub exchange_type: u8,
    /// The keys.
    pub keys: IkeKeys<'a>,
    /// The last ciphertext block of phase 1: with a message id it gives the first IV of an exchange.
    pub phase_1_iv: &'a [u8],
    /// Lifetime, and what is left of it.
    pub lifetime: Lifetime,
    /// Where dead peer detection stands.
    pub dead_peer: DeadPeer,
    /// What is known of NAT.
    pub nat_state: NatState,
    /// What both sides can do.
    pub features: IkeFeatures,
    /// Inside VRF, 0 for the global table.
    pub inside_vrf: u32,
    /// The address that mode configuration gave the peer.
    pub assigned_address: Option<IpAddr>,
    /// The name that extended authentication was given, or none.
    pub user_name: &'a [u8],
    /// The name of the local configuration, or none.
    pub profile_name: &'a [u8],
    /// Message ids that must not be taken again.
    pub message_ids: List<'a, MessageId>,
    /// Exchanges under way.
    pub exchanges: List<'a, Exchange<'a>>,
}

/// An IKE SA.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IkeSa<'a> {
    /// `HA_IKE_ATT_MY_COOKIE`: own cookie.
    pub my_cookie: [u8; 8],
    /// `HA_IKE_ATT_HIS_COOKIE`: the peer's cookie.
    pub his_cookie: [u8; 8],
    /// `HA_IKE_ATT_SRC`: the peer's address.
    pub source: IpAddr,
    /// `HA_IKE_ATT_DST`: the local address, which is the virtual one.
    pub destination: IpAddr,
    /// `HA_IKE_ATT_PEER_PORT`: the peer's port.
    pub peer_port: u16,
    /// `HA_IKE_ATT_F_VRF`: front VRF.
    pub front_vrf: u8,
    /// `HA_IKE_ATT_INIT_OR_RESP`: who began.
    pub init_or_resp: InitOrResp,
    /// `HA_IKE_ATT_NAT_DISCOVERY`: 2 in Cisco's message; its numbers are not published, so the takeover part has the
    /// state of NAT too.
    pub nat_discovery: u8,
    /// The peer's identity.
    pub peer_identity: PeerIdentity<'a>,
    /// `HA_IKE_ATT_PEERS_CAPABILITIES`: 0x77f in Cisco's message; the bits are not published.
    pub peers_capabilities: u32,
    /// `HA_IKE_ATT_MY_CAPABILITIES`.
    pub my_capabilities: u32,
    /// `HA_IKE_ATT_STATE_MASK`: 0x27ff in Cisco's message; the bits are not published.
    pub state_mask: u32,
    /// What a standby needs beside; missing in what Cisco published.
    pub takeover: Option<Takeover<'a>>,
}

/// What is read attribute by attribute.
#[derive(Default)]
struct Slots<'a> {
    my_cookie: Option<[u8; 8]>,
    his_cookie: Option<[u8; 8]>,
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    peer_port: Option<u16>,
    front_vrf: Option<u8>,
    init_or_resp: Option<u8>,
    nat_discovery: Option<u8>,
    id_type: Option<u8>,
    protocol: Option<u8>,
    port: Option<u16>,
    address: Option<Ipv4Addr>,
    mask: Option<Ipv4Addr>,
    id_str: Option<&'a [u8]>,
    peers_capabilities: Option<u32>,
    my_capabilities: Option<u32>,
    state_mask: Option<u32>,
    takeover: TakeoverSlots<'a>,
}

#[derive(Default)]
struct TakeoverSlots<'a> {
    local_port: Option<u16>,
    local_identity: Option<Identity<'a>>,
    suite: Option<IkeSuite>,
    exchange_type: Option<u8>,
    skeyid: Option<Secret<'a>>,
    skeyid_d: Option<Secret<'a>>,
    skeyid_a: Option<Secret<'a>>,
    skeyid_e: Option<Secret<'a>>,
    encryption_key: Option<Secret<'a>>,
    phase_1_iv: Option<&'a [u8]>,
    lifetime: Option<Lifetime>,
    dead_peer: Option<DeadPeer>,
    nat_state: Option<NatState>,
    features: Option<u32>,
    inside_vrf: Option<u32>,
    assigned_address: Option<IpAddr>,
    user_name: Option<&'a [u8]>,
    profile_name: Option<&'a [u8]>,
    any: bool,
}

impl<'a> Slots<'a> {
    fn take(&mut self, attribute: &Attribute<'a>) -> Result<(), ParseError> {
        match Value::parse(attribute)? {
            Value::MyCookie(value) => once(&mut self.my_cookie, value, attribute),
            Value::HisCookie(value) => once(&mut self.his_cookie, value, attribute),
            Value::Source(value) => once(&mut self.source, value, attribute),
            Value::Destination(value) => once(&mut self.destination, value, attribute),
            Value::PeerPort(value) => once(&mut self.peer_port, value, attribute),
            Value::FrontVrf(value) => once(&mut self.front_vrf, value, attribute),
            Value::InitOrResp(value) => once(&mut self.init_or_resp, value, attribute),
            Value::NatDiscovery(value) => once(&mut self.nat_discovery, value, attribute),
            Value::IdType(value) => once(&mut self.id_type, value, attribute),
            Value::Protocol(value) => once(&mut self.protocol, value, attribute),
            Value::Port(value) => once(&mut self.port, value, attribute),
            Value::Address(value) => once(&mut self.address, value, attribute),
            Value::Mask(value) => once(&mut self.mask, value, attribute),
            Value::IdString(value) => once(&mut self.id_str, value, attribute),
            Value::PeersCapabilities(value) => once(&mut self.peers_capabilities, value, attribute),
            Value::MyCapabilities(value) => once(&mut self.my_capabilities, value, attribute),
            Value::StateMask(value) => once(&mut self.state_mask, value, attribute),
            value => self.takeover.take(value, attribute),
        }
    }
}

impl<'a> TakeoverSlots<'a> {
    fn take(&mut self, value: Value<'a>, attribute: &Attribute<'a>) -> Result<(), ParseError> {
        match value {
            Value::LocalPort(value) => once(&mut self.local_port, value, attribute),
            Value::LocalIdentity(value) => once(&mut self.local_identity, value, attribute),
            Value::IkeSuite(value) => once(&mut self.suite, value, attribute),
            Value::ExchangeType(value) => once(&mut self.exchange_type, value, attribute),
            Value::Skeyid(value) => once(&mut self.skeyid, value, attribute),
            Value::SkeyidD(value) => once(&mut self.skeyid_d, value, attribute),
            Value::SkeyidA(value) => once(&mut self.skeyid_a, value, attribute),
            Value::SkeyidE(value) => once(&mut self.skeyid_e, value, attribute),
            Value::IkeEncryptionKey(value) => once(&mut self.encryption_key, value, attribute),
            Value::Phase1Iv(value) => once(&mut self.phase_1_iv, value, attribute),
            Value::Lifetime(value) => once(&mut self.lifetime, value, attribute),
            Value::DeadPeer(value) => once(&mut self.dead_peer, value, attribute),
            Value::NatState(value) => once(&mut self.nat_state, value, attribute),
            Value::Features(value) => once(&mut self.features, value, attribute),
            Value::InsideVrf(value) => once(&mut self.inside_vrf, value, attribute),
            Value::AssignedAddress(value) => once(&mut self.assigned_address, value, attribute),
            Value::UserName(value) => once(&mut self.user_name, value, attribute),
            Value::ProfileName(value) => once(&mut self.profile_name, value, attribute),
            Value::MessageId(_) | Value::Exchange(_) => Ok(()),
            _ => return Ok(()),
        }?;
        self.any = true;
        Ok(())
    }

    fn finish(self, attributes: &Attributes<'a>) -> Result<Option<Takeover<'a>>, ParseError> {
        use AttributeCode as Code;
        if !self.any {
            return Ok(None);
        }
        Ok(Some(Takeover {
            local_port: required(self.local_port, Code::LOCAL_PORT)?,
            local_identity: required(self.local_identity, Code::LOCAL_IDENTITY)?,
            suite: required(self.suite, Code::IKE_SUITE)?,
            exchange_type: required(self.exchange_type, Code::EXCHANGE_TYPE)?,
            keys: IkeKeys {
                skeyid: required(self.skeyid, Code::SKEYID)?,
                skeyid_d: required(self.skeyid_d, Code::SKEYID_D)?,
                skeyid_a: required(self.skeyid_a, Code::SKEYID_A)?,
                skeyid_e: required(self.skeyid_e, Code::SKEYID_E)?,
                encryption_key: required(self.encryption_key, Code::IKE_ENCRYPTION_KEY)?,
            },
            phase_1_iv: required(self.phase_1_iv, Code::PHASE_1_IV)?,
            lifetime: required(self.lifetime, Code::LIFETIME)?,
            dead_peer: required(self.dead_peer, Code::DEAD_PEER)?,
            nat_state: required(self.nat_state, Code::NAT_STATE)?,
            features: IkeFeatures(required(self.features, Code::FEATURES)?),
            inside_vrf: required(self.inside_vrf, Code::INSIDE_VRF)?,
            assigned_address: self.assigned_address,
            user_name: self.user_name.unwrap_or_default(),
            profile_name: self.profile_name.unwrap_or_default(),
            message_ids: List::of(attributes)?,
            exchanges: List::of(attributes)?,
        }))
    }
}

impl<'a> IkeSa<'a> {
    pub(super) fn read(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        use AttributeCode as Code;
        let mut slots = Slots::default();
        for attribute in attributes {
            slots.take(&attribute)?;
        }
        Ok(Self {
            my_cookie: required(slots.my_cookie, Code::MY_COOKIE)?,
            his_cookie: required(slots.his_cookie, Code::HIS_COOKIE)?,
            source: required(slots.source, Code::SRC)?,
            destination: required(slots.destination, Code::DST)?,
            peer_port: required(slots.peer_port, Code::PEER_PORT)?,
            front_vrf: required(slots.front_vrf, Code::F_VRF)?,
            init_or_resp: InitOrResp(required(slots.init_or_resp, Code::INIT_OR_RESP)?),
            nat_discovery: required(slots.nat_discovery, Code::NAT_DISCOVERY)?,
            peer_identity: PeerIdentity {
                id_type: required(slots.id_type, Code::IDTYPE)?,
                protocol: required(slots.protocol, Code::PROTOCOL)?,
                port: required(slots.port, Code::PORT)?,
                address: required(slots.address, Code::ADDR)?,
                mask: required(slots.mask, Code::MASK)?,
                id_str: required(slots.id_str, Code::ID_STR)?,
            },
            peers_capabilities: required(slots.peers_capabilities, Code::PEERS_CAPABILITIES)?,
            my_capabilities: required(slots.my_capabilities, Code::MY_CAPABILITIES)?,
            state_mask: required(slots.state_mask, Code::STATE_MASK)?,
            takeover: slots.takeover.finish(attributes)?,
        })
    }

    /// Cisco's attributes stand in the order of its debug output, which is not that of their codes.
    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        let identity = &self.peer_identity;
        let ciscos = [
            Value::MyCookie(self.my_cookie),
            Value::HisCookie(self.his_cookie),
            Value::Source(self.source),
            Value::Destination(self.destination),
            Value::PeerPort(self.peer_port),
            Value::FrontVrf(self.front_vrf),
            Value::InitOrResp(self.init_or_resp.0),
            Value::NatDiscovery(self.nat_discovery),
            Value::IdType(identity.id_type),
            Value::Protocol(identity.protocol),
            Value::Port(identity.port),
            Value::Address(identity.address),
            Value::Mask(identity.mask),
            Value::IdString(identity.id_str),
            Value::PeersCapabilities(self.peers_capabilities),
            Value::MyCapabilities(self.my_capabilities),
            Value::StateMask(self.state_mask),
        ];
        ciscos.into_iter().try_for_each(|value| sink.put(value))?;
        self.takeover.as_ref().map_or(Ok(()), |takeover| takeover.put(sink))
    }
}

impl Takeover<'_> {
    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        let name = |name: &[u8]| !name.is_empty();
        let values = [
            Some(Value::LocalPort(self.local_port)),
            Some(Value::LocalIdentity(self.local_identity)),
            Some(Value::IkeSuite(self.suite)),
            Some(Value::ExchangeType(self.exchange_type)),
            Some(Value::Skeyid(self.keys.skeyid)),
            Some(Value::SkeyidD(self.keys.skeyid_d)),
            Some(Value::SkeyidA(self.keys.skeyid_a)),
            Some(Value::SkeyidE(self.keys.skeyid_e)),
            Some(Value::IkeEncryptionKey(self.keys.encryption_key)),
            Some(Value::Phase1Iv(self.phase_1_iv)),
            Some(Value::Lifetime(self.lifetime)),
            Some(Value::DeadPeer(self.dead_peer)),
            Some(Value::NatState(self.nat_state)),
            Some(Value::Features(self.features.0)),
            Some(Value::InsideVrf(self.inside_vrf)),
            self.assigned_address.map(Value::AssignedAddress),
            name(self.user_name).then_some(Value::UserName(self.user_name)),
            name(self.profile_name).then_some(Value::ProfileName(self.profile_name)),
        ];
        values.into_iter().flatten().try_for_each(|value| sink.put(value))?;
        self.message_ids.put(sink)?;
        self.exchanges.put(sink)
    }
}
