//! The contents of messages in one shape for both versions.
//!
//! The two versions number states differently, carry times in seconds or in milliseconds, and carry the same facts
//! as a packet or as TLVs. A router that takes part in a group, or a program that watches it, can work on these
//! values instead.

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use crate::{AuthenticationData, Md5Authentication, Message, Opcode, Tlv, TlvType, v1, v2};

/// The version of HSRP. The enum is exhaustive on purpose, because there are two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Version {
    /// Version 1, RFC 2281.
    V1,
    /// Version 2, which is Cisco's.
    V2,
}

/// Prints the number, 1 or 2.
impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::V1 => "1",
            Self::V2 => "2",
        })
    }
}

/// The state of a router in a group, RFC 2281 section 5.3, independent of the numbers that each version uses. The
/// enum is exhaustive on purpose, because the protocol has no other states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum State {
    /// HSRP is switched off. Only version 2 has this state.
    Disabled,
    /// HSRP does not run yet.
    Initial,
    /// The router does not know the virtual IP address yet.
    Learn,
    /// The router is neither active nor standby.
    Listen,
    /// The router takes part in the election of the active and the standby router.
    Speak,
    /// The router is the next to become active.
    Standby,
    /// The router forwards the packets that are sent to the virtual MAC address.
    Active,
}

impl State {
    const NUMBERS: [(Self, Option<v1::State>, v2::State); 7] = [
        (Self::Disabled, None, v2::State::DISABLED),
        (Self::Initial, Some(v1::State::INITIAL), v2::State::INIT),
        (Self::Learn, Some(v1::State::LEARN), v2::State::LEARN),
        (Self::Listen, Some(v1::State::LISTEN), v2::State::LISTEN),
        (Self::Speak, Some(v1::State::SPEAK), v2::State::SPEAK),
        (Self::Standby, Some(v1::State::STANDBY), v2::State::STANDBY),
        (Self::Active, Some(v1::State::ACTIVE), v2::State::ACTIVE),
    ];

    /// The state that has this number in version 1. `None` when RFC 2281 does not assign the number.
    #[must_use]
    pub fn from_v1(number: v1::State) -> Option<Self> {
        Self::NUMBERS.iter().find(|row| row.1 == Some(number)).map(|row| row.0)
    }

    /// The state that has this number in version 2. `None` when the number is not assigned.
    #[must_use]
    pub fn from_v2(number: v2::State) -> Option<Self> {
        Self::NUMBERS.iter().find(|row| row.2 == number).map(|row| row.0)
    }

    /// The number of the state in version 1. `None` for [`State::Disabled`].
    #[must_use]
    pub const fn to_v1(self) -> Option<v1::State> {
        match self {
            Self::Disabled => None,
            Self::Initial => Some(v1::State::INITIAL),
            Self::Learn => Some(v1::State::LEARN),
            Self::Listen => Some(v1::State::LISTEN),
            Self::Speak => Some(v1::State::SPEAK),
            Self::Standby => Some(v1::State::STANDBY),
            Self::Active => Some(v1::State::ACTIVE),
        }
    }

    /// The number of the state in version 2.
    #[must_use]
    pub const fn to_v2(self) -> v2::State {
        match self {
            Self::Disabled => v2::State::DISABLED,
            Self::Initial => v2::State::INIT,
            Self::Learn => v2::State::LEARN,
            Self::Listen => v2::State::LISTEN,
            Self::Speak => v2::State::SPEAK,
            Self::Standby => v2::State::STANDBY,
            Self::Active => v2::State::ACTIVE,
        }
    }
}

/// Prints the name that IOS uses: `Init` for [`State::Initial`], and the variant's own name for all others.
impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.to_v2().name().unwrap_or("unknown")) // default: never taken, all seven have names
    }
}

/// The contents of a Hello, Coup or Resign about one group. It comes from a version 1 packet or from a group state
/// TLV of version 2.
///
/// [`Message::group_messages`] makes it; [`to_v1`](Self::to_v1) and [`to_v2`](Self::to_v2) turn it into a packet
/// or a TLV again.
///
/// The struct is exhaustive on purpose, because the protocol carries nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GroupMessage {
    /// The version of the message.
    pub version: Version,
    /// The purpose of the message.
    pub opcode: Opcode,
    /// The state of the sender. `None` when its number is not assigned.
    pub state: Option<State>,
    /// The standby group: 0 to 255 in version 1, 0 to 4095 in version 2.
    pub group: u16,
    /// The sender's priority. The router with the greater priority becomes active; between equals, the greater IP
    /// address decides.
    pub priority: u32,
    /// The period between the sender's Hello messages: whole seconds in version 1, milliseconds in version 2.
    pub hello_time: Duration,
    /// How long a Hello message is valid, in the same units.
    pub hold_time: Duration,
    /// The virtual IP address of the group. It is the unspecified address while the sender does not know it.
    /// `None` when the IP version in a version 2 message is neither 4 nor 6.
    pub virtual_address: Option<IpAddr>,
    /// The MAC address of the sender's interface. `None` in version 1, which does not carry it.
    pub identifier: Option<[u8; 6]>,
    /// The password in a version 1 packet, which is all zeros when an MD5 authentication TLV follows. `None` in
    /// version 2, which carries it in a TLV of its own.
    pub authentication_data: Option<AuthenticationData>,
}

/// The error for a field of a [`GroupMessage`] that the wanted version cannot carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("HSRP version {version} cannot carry the value of the field {field}")]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotRepresentable {
    /// The version that was asked for.
    pub version: Version,
    /// The name of the field in [`GroupMessage`].
    pub field: &'static str,
}

impl GroupMessage {
    /// The version 1 packet with these contents. Its reserved octet is zero.
    ///
    /// A message of version 2 has `None` as its [`authentication_data`](Self::authentication_data). Give it a value
    /// first: the password, or [`AuthenticationData::NONE`] when an MD5 authentication follows.
    ///
    /// # Errors
    /// Returns [`NotRepresentable`] when version 1 cannot carry a field: an address that is not IPv4, a group or
    /// priority above 255, a time that is not a whole number of seconds up to 255, a state without a number in
    /// version 1, or authentication data that is `None`.
    pub fn to_v1(&self) -> Result<v1::Packet, NotRepresentable> {
        let lacks = |field| NotRepresentable { version: Version::V1, field };
        let Some(IpAddr::V4(virtual_ip_address)) = self.virtual_address else {
            return Err(lacks("virtual_address"));
        };
        Ok(v1::Packet {
            opcode: self.opcode,
            state: self.state.and_then(State::to_v1).ok_or(lacks("state"))?,
            hello_time: v1::Seconds::from_duration(self.hello_time).ok_or(lacks("hello_time"))?,
            hold_time: v1::Seconds::from_duration(self.hold_time).ok_or(lacks("hold_time"))?,
            priority: u8::try_from(self.priority).map_err(|_| lacks("priority"))?,
            group: u8::try_from(self.group).map_err(|_| lacks("group"))?,
            reserved: 0,
            authentication_data: self.authentication_data.ok_or(lacks("authentication_data"))?,
            virtual_ip_address,
        })
    }

    /// The group state TLV with these contents. The octets after an IPv4 address are zero.
    ///
    /// # Errors
    /// Returns [`NotRepresentable`] when version 2 cannot carry a field: a group above 4095, a time that is not a
    /// whole number of milliseconds in 32 bits, or a state, address or identifier that is `None`.
    pub fn to_v2(&self) -> Result<v2::GroupState, NotRepresentable> {
        let lacks = |field| NotRepresentable { version: Version::V2, field };
        let virtual_address = self.virtual_address.ok_or(lacks("virtual_address"))?;
        if self.group > v2::GroupState::MAX_GROUP {
            return Err(lacks("group"));
        }
        Ok(v2::GroupState {
            version: v2::GroupState::VERSION,
            opcode: self.opcode,
            state: self.state.map(State::to_v2).ok_or(lacks("state"))?,
            ip_version: v2::IpVersion::of(virtual_address),
            group: self.group,
            identifier: self.identifier.ok_or(lacks("identifier"))?,
            priority: self.priority,
            hello_time: v2::Milliseconds::from_duration(self.hello_time).ok_or(lacks("hello_time"))?,
            hold_time: v2::Milliseconds::from_duration(self.hold_time).ok_or(lacks("hold_time"))?,
            virtual_ip: v2::virtual_ip(virtual_address),
        })
    }
}

impl From<&v1::Packet> for GroupMessage {
    fn from(packet: &v1::Packet) -> Self {
        Self {
            version: Version::V1,
            opcode: packet.opcode,
            state: State::from_v1(packet.state),
            group: packet.group.into(),
            priority: packet.priority.into(),
            hello_time: packet.hello_time.duration(),
            hold_time: packet.hold_time.duration(),
            virtual_address: Some(packet.virtual_ip_address.into()),
            identifier: None,
            authentication_data: Some(packet.authentication_data),
        }
    }
}

impl From<&v2::GroupState> for GroupMessage {
    fn from(group_state: &v2::GroupState) -> Self {
        Self {
            version: Version::V2,
            opcode: group_state.opcode,
            state: State::from_v2(group_state.state),
            group: group_state.group,
            priority: group_state.priority,
            hello_time: group_state.hello_time.duration(),
            hold_time: group_state.hold_time.duration(),
            virtual_address: group_state.virtual_address(),
            identifier: Some(group_state.identifier),
            authentication_data: None,
        }
    }
}

/// The contents of a message about the groups on the sender's interface. It comes from a version 1 Advertise or
/// from an interface state TLV of version 2.
///
/// The struct is exhaustive on purpose, because the protocol carries nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InterfaceMessage {
    /// The version of the message.
    pub version: Version,
    /// Number of groups on the interface in which the router is active.
    pub active_groups: u16,
    /// Number of groups on the interface in which the router is not active.
    pub passive_groups: u16,
}

/// How a message is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Authentication {
    /// The message is not authenticated: it is version 2 without an authentication TLV, or version 1 with zeros
    /// for a password and no TLV. A message with a fault may have been cut in the header of its authentication TLV,
    /// so this says nothing about a message that [`Message::parse`] refuses.
    None,
    /// A password in clear text, RFC 2281 section 5.1.
    Text(AuthenticationData),
    /// An MD5 digest, not verified yet. [`KeyChain::verify`](crate::KeyChain::verify) verifies it over the octets
    /// of the message.
    Md5(Md5Authentication),
    /// An authentication TLV that is malformed or cut. Such a message is not authentic, but a receiver must not
    /// treat it as a message without authentication either.
    Malformed {
        /// The type of the malformed TLV.
        tlv_type: TlvType,
    },
}

impl<'a> Message<'a> {
    /// The version of the message.
    #[must_use]
    pub const fn version(&self) -> Version {
        match self {
            Self::V1 { .. } | Self::V1Advertise { .. } => Version::V1,
            Self::V2(_) => Version::V2,
        }
    }

    /// The contents of the message about groups: one entry for a version 1 packet, or one for each group state TLV
    /// of version 2. A group state TLV that is cut or has a wrong length is left out; [`Tlv::parse`] gives its error.
    pub fn group_messages(&self) -> impl Iterator<Item = GroupMessage> + Clone + use<'a> {
        let packet = match self {
            Self::V1 { packet, .. } => Some(GroupMessage::from(packet)),
            Self::V1Advertise { .. } | Self::V2(_) => None,
        };
        let tlvs = match self {
            Self::V2(tlvs) => Some(tlvs.iter()),
            Self::V1 { .. } | Self::V1Advertise { .. } => None,
        };
        packet.into_iter().chain(tlvs.into_iter().flatten().filter_map(|tlv| match tlv {
            Tlv::GroupState(group_state) => Some(GroupMessage::from(&group_state)),
            _ => None,
        }))
    }

    /// The contents of the message about the sender's interface. In version 2 they come from the first interface
    /// state TLV that can be decoded. `None` when the message does not tell of the interface, and also when its
    /// interface state TLV is cut or has a wrong length; [`Tlv::parse`] gives the error of such a TLV.
    #[must_use]
    pub fn interface_message(&self) -> Option<InterfaceMessage> {
        match self {
            Self::V1 { .. } => None,
            Self::V1Advertise { advertise, .. } => Some(InterfaceMessage {
                version: Version::V1,
                active_groups: advertise.active_groups,
                passive_groups: advertise.passive_groups,
            }),
            Self::V2(tlvs) => tlvs.iter().find_map(|tlv| match tlv {
                Tlv::InterfaceState(state) => Some(InterfaceMessage {
                    version: Version::V2,
                    active_groups: state.active_groups,
                    passive_groups: state.passive_groups,
                }),
                _ => None,
            }),
        }
    }

    /// How the message is authenticated. When it has both a digest and a password, the digest counts, even if it
    /// is malformed.
    #[must_use]
    pub fn authentication(&self) -> Authentication {
        let mut text = match self {
            Self::V1 { packet, .. } if packet.authentication_data != AuthenticationData::NONE => {
                Some(Authentication::Text(packet.authentication_data))
            }
            _ => None,
        };
        for tlv in self.tlvs() {
            let tlv_type = tlv.tlv_type();
            let told = match tlv {
                Tlv::Md5Authentication(authentication) => Authentication::Md5(authentication),
                Tlv::TextAuthentication(data) => Authentication::Text(data),
                _ => Authentication::Malformed { tlv_type },
            };
            match tlv_type {
                TlvType::MD5_AUTHENTICATION => return told,
                TlvType::TEXT_AUTHENTICATION => text = text.or(Some(told)),
                _ => {}
            }
        }
        text.unwrap_or(Authentication::None) // default: the message carries neither a digest nor a password
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn every_state_has_the_numbers_of_both_versions() {
        for number in 0..=255 {
            let one = v1::State(number);
            assert_eq!(State::from_v1(one).is_some(), one.name().is_some());
            assert!(State::from_v1(one).is_none_or(|state| state.to_v1() == Some(one)));
            let two = v2::State(number);
            assert_eq!(State::from_v2(two).is_some(), two.name().is_some());
            assert!(State::from_v2(two).is_none_or(|state| state.to_v2() == two));
        }
        assert_eq!((State::Initial.to_string(), State::Active.to_string()), ("Init".into(), "Active".into()));
        assert_eq!(State::Disabled.to_v1(), None);
    }

    #[test]
    fn a_packet_and_a_group_state_say_the_same_in_one_shape() {
        let packet = v1::Packet {
            opcode: Opcode::COUP,
            state: v1::State::STANDBY,
            priority: 150,
            group: 9,
            virtual_ip_address: [10, 0, 0, 1].into(),
            ..v1::Packet::default()
        };
        let message = Message::V1 { packet, trailing: (&[]).into() };
        let [one] = message.group_messages().collect::<Vec<_>>()[..] else { panic!("one group") };
        assert_eq!(one.to_v1(), Ok(packet));
        let with_identifier = GroupMessage { identifier: Some([2, 0, 0, 0, 0, 7]), ..one };
        let tlvs = [Tlv::GroupState(with_identifier.to_v2().unwrap())];
        let message = Message::V2((&tlvs).into());
        let [two] = message.group_messages().collect::<Vec<_>>()[..] else { panic!("one group") };
        let versioned = GroupMessage { version: Version::V2, authentication_data: None, ..with_identifier };
        assert_eq!(two, versioned);
        assert_eq!((message.version(), message.interface_message()), (Version::V2, None));
    }

    #[test]
    fn what_a_version_cannot_carry_is_refused_by_the_field_s_name() {
        let fits = GroupMessage { identifier: Some([2; 6]), ..GroupMessage::from(&v1::Packet::default()) };
        let fits = GroupMessage { virtual_address: Some([10, 0, 0, 1].into()), ..fits };
        assert!(fits.to_v1().is_ok() && fits.to_v2().is_ok());
        let fields = [
            ("virtual_address", GroupMessage { virtual_address: Some(IpAddr::from([0u16; 8])), ..fits }),
            ("state", GroupMessage { state: Some(State::Disabled), ..fits }),
            ("hello_time", GroupMessage { hello_time: Duration::from_millis(1500), ..fits }),
            ("hold_time", GroupMessage { hold_time: Duration::from_secs(256), ..fits }),
            ("priority", GroupMessage { priority: 256, ..fits }),
            ("group", GroupMessage { group: 256, ..fits }),
            ("authentication_data", GroupMessage { authentication_data: None, ..fits }),
        ];
        for (field, message) in fields {
            assert_eq!(message.to_v1(), Err(NotRepresentable { version: Version::V1, field }));
            assert!(message.to_v2().is_ok(), "{field}");
        }
        let fields = [
            ("virtual_address", GroupMessage { virtual_address: None, ..fits }),
            ("state", GroupMessage { state: None, ..fits }),
            ("hello_time", GroupMessage { hello_time: Duration::from_micros(1), ..fits }),
            ("hold_time", GroupMessage { hold_time: Duration::from_micros(1), ..fits }),
            ("identifier", GroupMessage { identifier: None, ..fits }),
            ("group", GroupMessage { group: 4096, ..fits }),
        ];
        for (field, message) in fields {
            assert_eq!(message.to_v2(), Err(NotRepresentable { version: Version::V2, field }));
        }
        let error = NotRepresentable { version: Version::V1, field: "group" };
        assert_eq!(error.to_string(), "HSRP version 1 cannot carry the value of the field group");
    }

    #[test]
    fn a_digest_goes_before_a_password_and_zeros_are_no_password() {
        let packet = v1::Packet::default();
        let of = |packet, tlvs: &[Tlv<'_>]| Message::V1 { packet, trailing: tlvs.into() }.authentication();
        let digest = Md5Authentication::unsealed([10, 0, 0, 2].into(), 0);
        assert_eq!(of(packet, &[]), Authentication::Text(AuthenticationData::default()));
        assert_eq!(of(packet, &[Tlv::Md5Authentication(digest)]), Authentication::Md5(digest));
        let silent = v1::Packet { authentication_data: AuthenticationData::NONE, ..packet };
        assert_eq!(of(silent, &[]), Authentication::None);
        let password = AuthenticationData(*b"secret\0\0");
        assert_eq!(of(silent, &[Tlv::TextAuthentication(password)]), Authentication::Text(password));
        assert_eq!(
            of(packet, &[Tlv::TextAuthentication(password)]),
            Authentication::Text(Default::default())
        );
    }

    #[test]
    fn an_interface_tells_its_groups_in_either_version() {
        let advertise = v1::Advertise {
            advertise_type: v1::AdvertiseType::INTERFACE_STATE,
            state: v1::AdvertiseState::ACTIVE,
            reserved: 0,
            active_groups: 1,
            passive_groups: 2,
            reserved_word: 0,
        };
        let one = Message::V1Advertise { advertise, trailing: (&[]).into() };
        let tlvs = [Tlv::InterfaceState(v2::InterfaceState { active_groups: 1, passive_groups: 2 })];
        let two = Message::V2((&tlvs).into());
        let told = |version| Some(InterfaceMessage { version, active_groups: 1, passive_groups: 2 });
        assert_eq!(
            (one.interface_message(), two.interface_message()),
            (told(Version::V1), told(Version::V2))
        );
        assert_eq!((one.group_messages().count(), two.group_messages().count()), (0, 0));
    }
}
