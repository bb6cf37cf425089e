//! What attributes say, one variant per code.

use core::net::{IpAddr, Ipv4Addr};

use wire::{ChainWriter, EmitError, Writer};

use super::data::Data;
use super::{
    Attribute, AttributeCode, AttributeFraming, Attributes, BulkCounts, Counters, DeadPeer,
    EncapsulationPorts, Exchange, HEADER_LEN, Identity, IkeSuite, Lifetime, NatState, NhrpParameters,
    RedundancyState, ReplayUpdate, SaIdentifier, Transform,
};
use crate::{ParseError, Secret};

macro_rules! values {
    ($( $variant:ident($data:ty) = $code:ident, )*) => {
        /// What an attribute says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Value<'a> {
            $(
                #[doc = concat!("See [`AttributeCode::", stringify!($code), "`].")]
                $variant($data),
            )*
            /// Another code, or a value that its code does not allow; kept as it came.
            Raw {
                /// Its code.
                code: AttributeCode,
                /// Its value; not shown, for it may be a key.
                value: Secret<'a>,
            },
        }

        impl<'a> Value<'a> {
            /// What a framed attribute says. One of unknown code is [`Value::Raw`].
            ///
            /// # Errors
            /// When its value is none of its code.
            pub fn parse(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
                match attribute.code {
                    $( AttributeCode::$code => Data::read(attribute.reader()).map(Self::$variant), )*
                    _ => Ok(Self::raw(attribute)),
                }
            }

            /// Its code.
            #[must_use]
            pub const fn code(&self) -> AttributeCode {
                match self {
                    $( Self::$variant(_) => AttributeCode::$code, )*
                    Self::Raw { code, .. } => *code,
                }
            }

            /// Octets of the value, without code and length.
            #[must_use]
            pub fn value_len(&self) -> usize {
                match self {
                    $( Self::$variant(data) => Data::len(data), )*
                    Self::Raw { value, .. } => value.len(),
                }
            }

            fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                match self {
                    $( Self::$variant(data) => Data::write(data, writer), )*
                    Self::Raw { value, .. } => writer.put(value.expose()),
                }
            }
        }
    };
}

values! {
    MyCookie([u8; 8]) = MY_COOKIE,
    HisCookie([u8; 8]) = HIS_COOKIE,
    Source(IpAddr) = SRC,
    Destination(IpAddr) = DST,
    PeerPort(u16) = PEER_PORT,
    FrontVrf(u8) = F_VRF,
    InitOrResp(u8) = INIT_OR_RESP,
    NatDiscovery(u8) = NAT_DISCOVERY,
    PeersCapabilities(u32) = PEERS_CAPABILITIES,
    MyCapabilities(u32) = MY_CAPABILITIES,
    StateMask(u32) = STATE_MASK,
    IdType(u8) = IDTYPE,
    Protocol(u8) = PROTOCOL,
    Port(u16) = PORT,
    Address(Ipv4Addr) = ADDR,
    Mask(Ipv4Addr) = MASK,
    IdString(&'a [u8]) = ID_STR,
    Serial(u32) = SERIAL,
    Reason(u16) = REASON,
    LocalPort(u16) = LOCAL_PORT,
    LocalIdentity(Identity<'a>) = LOCAL_IDENTITY,
    IkeSuite(IkeSuite) = IKE_SUITE,
    ExchangeType(u8) = EXCHANGE_TYPE,
    Skeyid(Secret<'a>) = SKEYID,
    SkeyidD(Secret<'a>) = SKEYID_D,
    SkeyidA(Secret<'a>) = SKEYID_A,
    SkeyidE(Secret<'a>) = SKEYID_E,
    IkeEncryptionKey(Secret<'a>) = IKE_ENCRYPTION_KEY,
    Phase1Iv(&'a [u8]) = PHASE_1_IV,
    Lifetime(Lifetime) = LIFETIME,
    DeadPeer(DeadPeer) = DEAD_PEER,
    NatState(NatState) = NAT_STATE,
    Features(u32) = FEATURES,
    MessageId(u32) = MESSAGE_ID,
    Exchange(Exchange<'a>) = EXCHANGE,
    AssignedAddress(IpAddr) = ASSIGNED_ADDRESS,
    UserName(&'a [u8]) = USER_NAME,
    ProfileName(&'a [u8]) = PROFILE_NAME,
    InsideVrf(u32) = INSIDE_VRF,
    IpsecSa(Attributes<'a>) = IPSEC_SA,
    SaIdentifier(SaIdentifier) = SA_IDENTIFIER,
    SaSource(IpAddr) = SA_SOURCE,
    SaMode(u8) = SA_MODE,
    EncapsulationPorts(EncapsulationPorts) = ENCAPSULATION_PORTS,
    Transform(Transform) = TRANSFORM,
    EncryptionKey(Secret<'a>) = ENCRYPTION_KEY,
    AuthenticationKey(Secret<'a>) = AUTHENTICATION_KEY,
    LocalSelector(Identity<'a>) = LOCAL_SELECTOR,
    RemoteSelector(Identity<'a>) = REMOTE_SELECTOR,
    Counters(Counters) = COUNTERS,
    Sequence(u64) = SEQUENCE,
    ReplayWindow(u32) = REPLAY_WINDOW,
    SaFlags(u32) = SA_FLAGS,
    PathMtu(u16) = PATH_MTU,
    LastKilobytesSent(u32) = LAST_KILOBYTES_SENT,
    CryptoMap(&'a [u8]) = CRYPTO_MAP,
    BundleId(u32) = BUNDLE_ID,
    NatOriginalPeer(IpAddr) = NAT_ORIGINAL_PEER,
    NatOriginalLocal(IpAddr) = NAT_ORIGINAL_LOCAL,
    ReplayUpdate(ReplayUpdate) = REPLAY_UPDATE,
    RedundancyState(RedundancyState) = REDUNDANCY_STATE,
    Stamp([u8; 16]) = STAMP,
    Keepalive(u32) = KEEPALIVE,
    BulkCounts(BulkCounts) = BULK_COUNTS,
    NhrpEntry(Attributes<'a>) = NHRP_ENTRY,
    ProtocolAddress(IpAddr) = PROTOCOL_ADDRESS,
    NbmaAddress(IpAddr) = NBMA_ADDRESS,
    ClaimedNbmaAddress(IpAddr) = CLAIMED_NBMA_ADDRESS,
    NhrpParameters(NhrpParameters) = NHRP_PARAMETERS,
    Acknowledged(u32) = ACKNOWLEDGED,
    Result(u16) = RESULT,
}

impl<'a> Value<'a> {
    /// A framed attribute as it came, whatever its code.
    #[must_use]
    pub const fn raw(attribute: &Attribute<'a>) -> Self {
        Self::Raw { code: attribute.code, value: Secret::new(attribute.value) }
    }

    /// Octets of the whole attribute.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.value_len().saturating_add(HEADER_LEN)
    }
}

/// A run of attributes as a value: what is inside is written from what it says, but not what is inside of that.
impl<'a> Data<'a> for Attributes<'a> {
    fn read(reader: wire::Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self::parse(reader.rest(), reader.offset())?)
    }

    fn len(&self) -> usize {
        self.octets().len()
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        for attribute in self {
            let value = match Value::parse(&attribute) {
                Ok(value) if !attribute.code.is_nested() => value,
                // One level is all there is: deeper runs would let a message choose how deep this recurses.
                _ => Value::raw(&attribute),
            };
            put_value(&value, writer)?;
        }
        Ok(())
    }
}

/// Writes one attribute.
pub(crate) fn put_value(value: &Value<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    ChainWriter::new(writer, AttributeFraming).push_with(value.code(), |writer| value.emit_value(writer))
}

/// Writes attributes from what they say, those that say nothing as they came.
pub(crate) fn emit_attributes(attributes: &Attributes<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    attributes.iter().try_for_each(|attribute| {
        put_value(&Value::parse(&attribute).unwrap_or(Value::raw(&attribute)), writer)
    })
}
