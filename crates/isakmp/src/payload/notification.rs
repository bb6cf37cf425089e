//! Notification payload (RFC 2408 section 3.14).

use core::net::Ipv4Addr;

use wire::{Emit, EmitError, Reader, Writer, registry};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::doi::{Doi, ProtocolId};
use crate::{AttributeFraming, Attributes, ParseError};

registry! {
    /// Notify Message Type (RFC 2408 section 3.14.1, RFC 2407 section 4.6.3 and RFC 3706 section 5.3). Other numbers
    /// are those that Cisco uses; their names are from libreswan and Wireshark.
    pub struct NotifyType(u16) {
        /// Error: the type of a payload is invalid.
        INVALID_PAYLOAD_TYPE = 1 => "INVALID-PAYLOAD-TYPE",
        /// Error: the DOI is not supported.
        DOI_NOT_SUPPORTED = 2 => "DOI-NOT-SUPPORTED",
        /// Error: the situation is not supported.
        SITUATION_NOT_SUPPORTED = 3 => "SITUATION-NOT-SUPPORTED",
        /// Error: a cookie is invalid.
        INVALID_COOKIE = 4 => "INVALID-COOKIE",
        /// Error: the major version is invalid.
        INVALID_MAJOR_VERSION = 5 => "INVALID-MAJOR-VERSION",
        /// Error: the minor version is invalid.
        INVALID_MINOR_VERSION = 6 => "INVALID-MINOR-VERSION",
        /// Error: the exchange type is invalid.
        INVALID_EXCHANGE_TYPE = 7 => "INVALID-EXCHANGE-TYPE",
        /// Error: the flags are invalid.
        INVALID_FLAGS = 8 => "INVALID-FLAGS",
        /// Error: the message id is invalid.
        INVALID_MESSAGE_ID = 9 => "INVALID-MESSAGE-ID",
        /// Error: the protocol is invalid.
        INVALID_PROTOCOL_ID = 10 => "INVALID-PROTOCOL-ID",
        /// Error: the SPI is not known. The notification carries that SPI.
        INVALID_SPI = 11 => "INVALID-SPI",
        /// Error: the transform id is invalid.
        INVALID_TRANSFORM_ID = 12 => "INVALID-TRANSFORM-ID",
        /// Error: attributes are not supported.
        ATTRIBUTES_NOT_SUPPORTED = 13 => "ATTRIBUTES-NOT-SUPPORTED",
        /// Error: no offer was acceptable.
        NO_PROPOSAL_CHOSEN = 14 => "NO-PROPOSAL-CHOSEN",
        /// Error: the syntax of a proposal is bad.
        BAD_PROPOSAL_SYNTAX = 15 => "BAD-PROPOSAL-SYNTAX",
        /// Error: a payload is malformed.
        PAYLOAD_MALFORMED = 16 => "PAYLOAD-MALFORMED",
        /// Error: key information is invalid.
        INVALID_KEY_INFORMATION = 17 => "INVALID-KEY-INFORMATION",
        /// Error: an identification is invalid.
        INVALID_ID_INFORMATION = 18 => "INVALID-ID-INFORMATION",
        /// Error: the encoding of a certificate is invalid.
        INVALID_CERT_ENCODING = 19 => "INVALID-CERT-ENCODING",
        /// Error: a certificate is invalid.
        INVALID_CERTIFICATE = 20 => "INVALID-CERTIFICATE",
        /// Error: the type of a certificate is not supported.
        CERT_TYPE_UNSUPPORTED = 21 => "CERT-TYPE-UNSUPPORTED",
        /// Error: the authority of a certificate is invalid.
        INVALID_CERT_AUTHORITY = 22 => "INVALID-CERT-AUTHORITY",
        /// Error: a hash is invalid.
        INVALID_HASH_INFORMATION = 23 => "INVALID-HASH-INFORMATION",
        /// Error: the authentication failed.
        AUTHENTICATION_FAILED = 24 => "AUTHENTICATION-FAILED",
        /// Error: a signature is invalid.
        INVALID_SIGNATURE = 25 => "INVALID-SIGNATURE",
        /// Error: a notice about an address.
        ADDRESS_NOTIFICATION = 26 => "ADDRESS-NOTIFICATION",
        /// Error: a notice about the lifetime of an SA.
        NOTIFY_SA_LIFETIME = 27 => "NOTIFY-SA-LIFETIME",
        /// Error: a certificate is not available.
        CERTIFICATE_UNAVAILABLE = 28 => "CERTIFICATE-UNAVAILABLE",
        /// Error: the exchange type is not supported.
        UNSUPPORTED_EXCHANGE_TYPE = 29 => "UNSUPPORTED-EXCHANGE-TYPE",
        /// Error: the lengths of payloads are not equal.
        UNEQUAL_PAYLOAD_LENGTHS = 30 => "UNEQUAL-PAYLOAD-LENGTHS",
        /// Status: the exchange is complete. The commit bit asks for this notification.
        CONNECTED = 16384 => "CONNECTED",
        /// Status: the lifetime that the responder keeps to, as attributes.
        RESPONDER_LIFETIME = 24576 => "RESPONDER-LIFETIME",
        /// Status: whether the responder detects replays.
        REPLAY_STATUS = 24577 => "REPLAY-STATUS",
        /// Status: this is the first SA with the peer, so older SAs can be deleted.
        INITIAL_CONTACT = 24578 => "INITIAL-CONTACT",
        /// A private number of Cisco.
        CISCO_HELLO = 30000 => "CISCO_HELLO",
        /// A private number of Cisco.
        CISCO_WWTEBR = 30001 => "CISCO_WWTEBR",
        /// A private number of Cisco.
        CISCO_SHUT_UP = 30002 => "CISCO_SHUT_UP",
        /// A keepalive request of Cisco IOS. That IOS uses this number for its keepalives is inferred from the name.
        IOS_KEEP_ALIVE_REQ = 32768 => "IOS_KEEP_ALIVE_REQ",
        /// A keepalive answer of Cisco IOS. That IOS prints it as `ITS_ALIVE` is inferred from the names; no capture
        /// shows it.
        IOS_KEEP_ALIVE_ACK = 32769 => "IOS_KEEP_ALIVE_ACK",
        /// Asks whether the peer is alive (RFC 3706).
        R_U_THERE = 36136 => "R-U-THERE",
        /// Answers that the sender is alive (RFC 3706).
        R_U_THERE_ACK = 36137 => "R-U-THERE-ACK",
        /// Cisco Unity: the IPv4 address of another gateway that the client should use.
        LOAD_BALANCE = 40501 => "LOAD_BALANCE",
        /// Cisco Unity: the meaning is not known.
        UNITY_UNKNOWN = 40502 => "UNITY_UNKNOWN",
        /// Cisco Unity: a hash over the key of the group.
        PRESHARED_KEY_HASH = 40503 => "PRESHARED_KEY_HASH",
    }
}

impl NotifyType {
    /// Returns whether the type reports an error. Such types are below 16384 (RFC 2408 section 3.14.1).
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.0 < Self::CONNECTED.0
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct NotificationLayout {
    doi: U32,
    protocol_id: u8,
    spi_size: u8,
    notify_message_type: U16,
}

const FIXED_LEN: usize = 8;
const _: () = assert!(size_of::<NotificationLayout>() == FIXED_LEN);

/// Notification Data, decoded by the type of the notification. Data that do not have the form of their type are kept
/// as octets, and [`conformance`](crate::Payload::conformance) reports them. A form is refused when it is written
/// under another type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NotificationData<'a> {
    /// The sequence number of R-U-THERE and R-U-THERE-ACK (RFC 3706 section 5.3).
    SequenceNumber(u32),
    /// REPLAY-STATUS: 0 is off, 1 is on (RFC 2407 section 4.6.3.2).
    ReplayStatus(u32),
    /// The attributes of RESPONDER-LIFETIME (RFC 2407 section 4.6.3.1). The protocol says whether they are those of
    /// phase 1 or of phase 2.
    Lifetime(Attributes<'a>),
    /// The gateway in `LOAD_BALANCE` that the client should use.
    Gateway(Ipv4Addr),
    /// Any other data.
    Octets(&'a [u8]),
}

impl<'a> NotificationData<'a> {
    fn read(notify_type: NotifyType, reader: Reader<'a>) -> Self {
        let data = reader.rest();
        let word = <[u8; 4]>::try_from(data).ok();
        match (notify_type, word) {
            (NotifyType::R_U_THERE | NotifyType::R_U_THERE_ACK, Some(word)) => {
                Self::SequenceNumber(u32::from_be_bytes(word))
            }
            (NotifyType::REPLAY_STATUS, Some(word)) => Self::ReplayStatus(u32::from_be_bytes(word)),
            (NotifyType::LOAD_BALANCE, Some(word)) => Self::Gateway(Ipv4Addr::from(word)),
            (NotifyType::RESPONDER_LIFETIME, _) => {
                match Attributes::parse(data, reader.offset(), AttributeFraming) {
                    Ok(attributes) => Self::Lifetime(attributes),
                    Err(_) => Self::Octets(data),
                }
            }
            _ => Self::Octets(data),
        }
    }

    /// Returns whether data of this form may stand under this type.
    const fn fits(&self, notify_type: NotifyType) -> bool {
        match self {
            Self::SequenceNumber(_) => {
                matches!(notify_type, NotifyType::R_U_THERE | NotifyType::R_U_THERE_ACK)
            }
            Self::ReplayStatus(_) => matches!(notify_type, NotifyType::REPLAY_STATUS),
            Self::Lifetime(_) => matches!(notify_type, NotifyType::RESPONDER_LIFETIME),
            Self::Gateway(_) => matches!(notify_type, NotifyType::LOAD_BALANCE),
            Self::Octets(_) => true,
        }
    }
}

impl Emit for NotificationData<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::SequenceNumber(_) | Self::ReplayStatus(_) | Self::Gateway(_) => 4,
            Self::Lifetime(attributes) => attributes.wire_len(),
            Self::Octets(octets) => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::SequenceNumber(word) | Self::ReplayStatus(word) => writer.u32(*word),
            Self::Lifetime(attributes) => attributes.emit_into(writer),
            Self::Gateway(address) => writer.put(&address.octets()),
            Self::Octets(octets) => writer.put(octets),
        }
    }
}

/// An error or a status (RFC 2408 section 3.14). The struct is exhaustive on purpose, because the figure has no other
/// field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Notification<'a> {
    /// Domain of Interpretation.
    pub doi: Doi,
    /// Protocol-Id.
    pub protocol_id: ProtocolId,
    /// Notify Message Type.
    pub notify_message_type: NotifyType,
    /// Security Parameter Index, 0 to 255 octets. For an ISAKMP SA it is both cookies or empty.
    pub spi: &'a [u8],
    /// Notification Data.
    pub notification_data: NotificationData<'a>,
}

impl<'a> Notification<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: NotificationLayout = transmute!(*reader.array::<FIXED_LEN>("Notification")?);
        let notify_message_type = NotifyType(layout.notify_message_type.get());
        let spi = reader.take("SPI", usize::from(layout.spi_size))?;
        Ok(Self {
            doi: Doi(layout.doi.get()),
            protocol_id: ProtocolId(layout.protocol_id),
            notify_message_type,
            spi,
            notification_data: NotificationData::read(notify_message_type, reader),
        })
    }

    /// Returns the cookies of the initiator and of the responder. `None` when the SPI does not have 16 octets.
    #[must_use]
    pub fn cookies(&self) -> Option<([u8; 8], [u8; 8])> {
        match self.spi.as_chunks::<8>() {
            ([initiator, responder], []) => Some((*initiator, *responder)),
            _ => None,
        }
    }
}

impl Emit for Notification<'_> {
    fn wire_len(&self) -> usize {
        self.spi.len().saturating_add(self.notification_data.wire_len()).saturating_add(FIXED_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if !self.notification_data.fits(self.notify_message_type) {
            return Err(EmitError::Contradiction {
                field: "Notify Message Type",
                reason: "the notification data have the form of another type",
            });
        }
        let octets: [u8; FIXED_LEN] = transmute!(NotificationLayout {
            doi: U32::new(self.doi.0),
            protocol_id: self.protocol_id.0,
            spi_size: EmitError::fit_u8("SPI Size", self.spi.len())?,
            notify_message_type: U16::new(self.notify_message_type.0),
        });
        writer.put(&octets)?;
        writer.put(self.spi)?;
        self.notification_data.emit_into(writer)
    }
}

payload_body!(Notification<'a>, NOTIFICATION);

#[cfg(test)]
mod tests {
    use super::*;

    fn both_ways(body: &[u8]) -> Notification<'_> {
        let value = Notification::parse_body(body).unwrap();
        assert_eq!(value.emit(&mut [0; 64]).unwrap(), body);
        value
    }

    #[test]
    fn rfc_3706_section_5_3_r_u_there_has_cookies_and_a_sequence_number() {
        let mut body = [0; 28];
        body[..8].clone_from_slice(&[0, 0, 0, 1, 1, 16, 0x8d, 0x28]);
        body[8] = 0xaa;
        body[23] = 0xbb;
        body[27] = 9;
        let value = both_ways(&body);
        assert_eq!(value.notify_message_type, NotifyType::R_U_THERE);
        assert_eq!(value.notification_data, NotificationData::SequenceNumber(9));
        assert_eq!(value.cookies().unwrap().0[0], 0xaa);
        body[7] = 0x29;
        assert_eq!(both_ways(&body).notify_message_type, NotifyType::R_U_THERE_ACK);
        let short = both_ways(&body[..27]);
        assert_eq!(short.notification_data, NotificationData::Octets(&[0, 0, 0]));
    }

    #[test]
    fn rfc_2407_section_4_6_3_status_notifications() {
        let value = [0, 0, 0, 1, 3, 4, 0x60, 0, 1, 2, 3, 4, 0x80, 1, 0, 1, 0, 2, 0, 4, 0, 0, 0x0e, 0x10];
        match both_ways(&value).notification_data {
            NotificationData::Lifetime(list) => assert_eq!(list.count(), 2),
            other => panic!("{other:?}"),
        }
        let replay = [0, 0, 0, 1, 3, 4, 0x60, 1, 1, 2, 3, 4, 0, 0, 0, 1];
        assert_eq!(both_ways(&replay).notification_data, NotificationData::ReplayStatus(1));
        let initial_contact = [0, 0, 0, 1, 1, 0, 0x60, 2];
        assert_eq!(both_ways(&initial_contact).notification_data, NotificationData::Octets(&[]));
        let balance = [0, 0, 0, 1, 1, 0, 0x9e, 0x35, 192, 0, 2, 9];
        assert_eq!(both_ways(&balance).notification_data, NotificationData::Gateway([192, 0, 2, 9].into()));
    }

    #[test]
    fn an_spi_that_ends_after_the_body_is_an_error() {
        assert!(Notification::parse_body(&[0, 0, 0, 1, 3, 4, 0, 14, 1, 2, 3]).is_err());
        assert!(Notification::parse_body(&[0, 0, 0, 1, 3, 4, 0]).is_err());
    }

    #[test]
    fn private_numbers_have_names() {
        for (number, name) in [
            (30000, "CISCO_HELLO"),
            (30002, "CISCO_SHUT_UP"),
            (32768, "IOS_KEEP_ALIVE_REQ"),
            (32769, "IOS_KEEP_ALIVE_ACK"),
            (40503, "PRESHARED_KEY_HASH"),
            (36136, "R-U-THERE"),
        ] {
            assert_eq!(NotifyType(number).name(), Some(name));
        }
        assert!(NotifyType::NO_PROPOSAL_CHOSEN.is_error() && !NotifyType::CONNECTED.is_error());
    }
}
