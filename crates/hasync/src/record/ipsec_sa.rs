//! One IPsec SA, in one direction.

use core::net::IpAddr;

use wire::EmitError;

use crate::attribute::data::bits;
use crate::attribute::{Counters, EncapsulationPorts, Identity, Lifetime, SaIdentifier, Transform};
use crate::item::{Item, Sink, once, required};
use crate::{Attribute, AttributeCode, Attributes, ParseError, Secret, Value};

wire::registry! {
    /// Encapsulation mode, in the numbers of RFC 2407 section 4.5 and RFC 3947 section 5.1.
    pub struct EncapsulationMode(u8) {
        /// Tunnel.
        TUNNEL = 1 => "tunnel",
        /// Transport.
        TRANSPORT = 2 => "transport",
        /// Tunnel in UDP.
        UDP_ENCAPSULATED_TUNNEL = 3 => "UDP-encapsulated tunnel",
        /// Transport in UDP.
        UDP_ENCAPSULATED_TRANSPORT = 4 => "UDP-encapsulated transport",
    }
}

bits! {
    /// Properties of an SA.
    pub struct SaFlags(u32) {
        /// Sequence numbers have 64 bits.
        EXTENDED_SEQUENCE_NUMBERS = 0x0001;
        /// Cisco's `This SA Supports DPD`.
        SUPPORTS_DPD = 0x0002;
        /// The DF bit is copied to the outer header.
        COPY_DF = 0x0004;
        /// The DF bit is set in the outer header.
        SET_DF = 0x0008;
        /// Reverse route injection: the new active puts the route in.
        REVERSE_ROUTE = 0x0010;
    }
}

/// An IPsec SA in one direction, with all that a standby needs to go on with it.
///
/// IVs that must not repeat under a key (AES-CTR, GCM, CCM) are to be made from the sequence number: then the lease of
/// sequence numbers of [`Checkpoint`](crate::Checkpoint) keeps them unique too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IpsecSa<'a> {
    /// Direction, protocol, SPI, destination.
    pub identifier: SaIdentifier,
    /// Where its packets come from.
    pub source: IpAddr,
    /// Tunnel or transport.
    pub mode: EncapsulationMode,
    /// The UDP ports, where packets are in UDP.
    pub encapsulation_ports: Option<EncapsulationPorts>,
    /// The peer's address before NAT, where phase 2 told it (NAT-OA, RFC 3947 section 5.2): in transport mode the
    /// checksums of TCP and UDP are put right with it (RFC 3948 section 3.1.2).
    pub nat_original_peer: Option<IpAddr>,
    /// The gateway's own, as phase 2 told it.
    pub nat_original_local: Option<IpAddr>,
    /// What phase 2 agreed on.
    pub transform: Transform,
    /// Encryption key, with its salt behind it where the algorithm has one; none in AH.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub encryption_key: Secret<'a>,
    /// Authentication key; none where encryption authenticates.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub authentication_key: Secret<'a>,
    /// Local side of the traffic.
    pub local_selector: Identity<'a>,
    /// Remote side of the traffic.
    pub remote_selector: Identity<'a>,
    /// Lifetime, and what is left of it.
    pub lifetime: Lifetime,
    /// Kilobyte life that was last sent to the standby: Cisco's `HA last key lifetime sent(k)`.
    pub last_kilobytes_sent: u32,
    /// What it has carried.
    pub counters: Counters,
    /// Inbound: the highest sequence number accepted. Outbound: the highest sent.
    pub sequence: u64,
    /// Width of the anti-replay window; 0 for `replay detection support: N`.
    pub replay_window: u32,
    /// Properties.
    pub flags: SaFlags,
    /// Path MTU, 0 for not known.
    pub path_mtu: u16,
    /// Inside VRF, 0 for the global table.
    pub inside_vrf: u32,
    /// Name of the crypto map, or none.
    pub crypto_map: &'a [u8],
}

/// What is read attribute by attribute.
#[derive(Default)]
struct Slots<'a> {
    identifier: Option<SaIdentifier>,
    source: Option<IpAddr>,
    mode: Option<u8>,
    encapsulation_ports: Option<EncapsulationPorts>,
    nat_original_peer: Option<IpAddr>,
    nat_original_local: Option<IpAddr>,
    transform: Option<Transform>,
    encryption_key: Option<Secret<'a>>,
    authentication_key: Option<Secret<'a>>,
    local_selector: Option<Identity<'a>>,
    remote_selector: Option<Identity<'a>>,
    lifetime: Option<Lifetime>,
    last_kilobytes_sent: Option<u32>,
    counters: Option<Counters>,
    sequence: Option<u64>,
    replay_window: Option<u32>,
    flags: Option<u32>,
    path_mtu: Option<u16>,
    inside_vrf: Option<u32>,
    crypto_map: Option<&'a [u8]>,
}

impl<'a> Slots<'a> {
    fn take(&mut self, attribute: &Attribute<'a>) -> Result<(), ParseError> {
        match Value::parse(attribute)? {
            Value::SaIdentifier(value) => once(&mut self.identifier, value, attribute),
            Value::SaSource(value) => once(&mut self.source, value, attribute),
            Value::SaMode(value) => once(&mut self.mode, value, attribute),
            Value::EncapsulationPorts(value) => once(&mut self.encapsulation_ports, value, attribute),
            Value::NatOriginalPeer(value) => once(&mut self.nat_original_peer, value, attribute),
            Value::NatOriginalLocal(value) => once(&mut self.nat_original_local, value, attribute),
            Value::Transform(value) => once(&mut self.transform, value, attribute),
            Value::EncryptionKey(value) => once(&mut self.encryption_key, value, attribute),
            Value::AuthenticationKey(value) => once(&mut self.authentication_key, value, attribute),
            Value::LocalSelector(value) => once(&mut self.local_selector, value, attribute),
            Value::RemoteSelector(value) => once(&mut self.remote_selector, value, attribute),
            Value::Lifetime(value) => once(&mut self.lifetime, value, attribute),
            Value::LastKilobytesSent(value) => once(&mut self.last_kilobytes_sent, value, attribute),
            Value::Counters(value) => once(&mut self.counters, value, attribute),
            Value::Sequence(value) => once(&mut self.sequence, value, attribute),
            Value::ReplayWindow(value) => once(&mut self.replay_window, value, attribute),
            Value::SaFlags(value) => once(&mut self.flags, value, attribute),
            Value::PathMtu(value) => once(&mut self.path_mtu, value, attribute),
            Value::InsideVrf(value) => once(&mut self.inside_vrf, value, attribute),
            Value::CryptoMap(value) => once(&mut self.crypto_map, value, attribute),
            _ => Ok(()),
        }
    }
}

impl<'a> IpsecSa<'a> {
    /// What the attributes inside an [`AttributeCode::IPSEC_SA`] say.
    ///
    /// # Errors
    /// When one is missing, there twice, or malformed.
    pub fn parse(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        use AttributeCode as Code;
        let mut slots = Slots::default();
        for attribute in attributes {
            slots.take(&attribute)?;
        }
        Ok(Self {
            identifier: required(slots.identifier, Code::SA_IDENTIFIER)?,
            source: required(slots.source, Code::SA_SOURCE)?,
            mode: EncapsulationMode(required(slots.mode, Code::SA_MODE)?),
            encapsulation_ports: slots.encapsulation_ports,
            nat_original_peer: slots.nat_original_peer,
            nat_original_local: slots.nat_original_local,
            transform: required(slots.transform, Code::TRANSFORM)?,
            encryption_key: required(slots.encryption_key, Code::ENCRYPTION_KEY)?,
            authentication_key: required(slots.authentication_key, Code::AUTHENTICATION_KEY)?,
            local_selector: required(slots.local_selector, Code::LOCAL_SELECTOR)?,
            remote_selector: required(slots.remote_selector, Code::REMOTE_SELECTOR)?,
            lifetime: required(slots.lifetime, Code::LIFETIME)?,
            last_kilobytes_sent: required(slots.last_kilobytes_sent, Code::LAST_KILOBYTES_SENT)?,
            counters: required(slots.counters, Code::COUNTERS)?,
            sequence: required(slots.sequence, Code::SEQUENCE)?,
            replay_window: required(slots.replay_window, Code::REPLAY_WINDOW)?,
            flags: SaFlags(required(slots.flags, Code::SA_FLAGS)?),
            path_mtu: required(slots.path_mtu, Code::PATH_MTU)?,
            inside_vrf: required(slots.inside_vrf, Code::INSIDE_VRF)?,
            crypto_map: slots.crypto_map.unwrap_or_default(),
        })
    }
}

impl<'a> Item<'a> for IpsecSa<'a> {
    const CODE: AttributeCode = AttributeCode::IPSEC_SA;

    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
        Self::parse(&Attributes::parse(attribute.value, attribute.value_offset())?)
    }

    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.nest(Self::CODE, |sink| {
            let values = [
                Some(Value::SaIdentifier(self.identifier)),
                Some(Value::SaSource(self.source)),
                Some(Value::SaMode(self.mode.0)),
                self.encapsulation_ports.map(Value::EncapsulationPorts),
                self.nat_original_peer.map(Value::NatOriginalPeer),
                self.nat_original_local.map(Value::NatOriginalLocal),
                Some(Value::Transform(self.transform)),
                Some(Value::EncryptionKey(self.encryption_key)),
                Some(Value::AuthenticationKey(self.authentication_key)),
                Some(Value::LocalSelector(self.local_selector)),
                Some(Value::RemoteSelector(self.remote_selector)),
                Some(Value::Lifetime(self.lifetime)),
                Some(Value::LastKilobytesSent(self.last_kilobytes_sent)),
                Some(Value::Counters(self.counters)),
                Some(Value::Sequence(self.sequence)),
                Some(Value::ReplayWindow(self.replay_window)),
                Some(Value::SaFlags(self.flags.0)),
                Some(Value::PathMtu(self.path_mtu)),
                Some(Value::InsideVrf(self.inside_vrf)),
                (!self.crypto_map.is_empty()).then_some(Value::CryptoMap(self.crypto_map)),
            ];
            values.into_iter().flatten().try_for_each(|value| sink.put(value))
        })
    }
}
