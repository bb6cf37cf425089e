//! Forwarding: the changes that a server makes to a packet, in the buffer that holds the packet.

use core::slice;

use wire::{Emit, EmitError, Framing, Member, Writer};

use crate::extension::authentication::{Credentials, CredentialsError};
use crate::extension::framing::set_length;
use crate::fixed_part::{decrement_hop_count, finish, set_extension_offset};
use crate::{
    Cie, CieFraming, Cies, Departure, ErrorCode, Extension, ExtensionElement, ExtensionFraming,
    ExtensionHeader, ExtensionType, Extensions, FixedPart, MandatoryPart, Packet, ParseError,
};

/// The largest number of authentication extensions in a packet that is forwarded. Packets with two have been seen.
/// Each further one costs a walk, so there is a bound.
const MAX_AUTHENTICATION_COUNT: usize = 8;

/// The reason why a packet is not forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ForwardError {
    /// The octets are not an NHRP packet. The error code is Protocol Error.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The checksum of the packet is wrong. The error code is Protocol Error (RFC 2332 section 5.2.7). The packet is
    /// refused, because forwarding it would make the checksum right.
    #[error("the checksum is {found:#06x}, but it should be {computed:#06x}")]
    Checksum {
        /// The checksum that the packet carried.
        found: u16,
        /// The checksum that the octets of the packet have.
        computed: u16,
    },
    /// The hop count is zero. The error code is Hop Count Exceeded (RFC 2332 section 5.1).
    #[error("the hop count is zero: the packet must not be forwarded")]
    HopCountExceeded,
    /// The protocol address of this server is already in the packet's records. The error code is NHRP Loop Detected
    /// (RFC 2332 sections 5.3.1 to 5.3.3).
    #[error(
        "this server's own entry is already at offset {offset} of the NHRP packet: the packet is in a loop"
    )]
    LoopDetected {
        /// The offset of the entry in the packet.
        offset: usize,
    },
    /// The packet is an Error Indication that this server sent itself. It is in a loop, and it is dropped without an
    /// answer (RFC 2332 section 5.2.7).
    #[error(
        "the packet is an Error Indication that this server sent itself: it is in a loop and must be dropped"
    )]
    OwnErrorIndication,
    /// The packet cannot be sent with the credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// The packet has more than 8 authentication extensions, more than a row of careless servers adds. The error code
    /// is Invalid Extension (RFC 2332 section 5.2.7).
    #[error("the packet has {count} authentication extensions, but it may have only one")]
    RepeatedAuthentication {
        /// The number of authentication extensions.
        count: usize,
    },
    /// The packet would not fit into the buffer or into a length field. The error code is NHRP SDU Size Exceeded,
    /// which is right when the buffer is as large as the network takes.
    #[error(transparent)]
    Emit(#[from] EmitError),
}

impl ForwardError {
    /// Returns the code of an Error Indication about the packet. `None` when no Error Indication is sent, because the
    /// packet is dropped without an answer or because it is not at fault.
    ///
    /// An Error Indication is never sent about another Error Indication, whatever this method returns (RFC 2332
    /// section 5.2.7).
    #[must_use]
    pub const fn error_code(&self) -> Option<ErrorCode> {
        match self {
            Self::Parse(_) | Self::Checksum { .. } => Some(ErrorCode::PROTOCOL_ERROR),
            Self::HopCountExceeded => Some(ErrorCode::HOP_COUNT_EXCEEDED),
            Self::LoopDetected { .. } => Some(ErrorCode::LOOP_DETECTED),
            Self::RepeatedAuthentication { .. } => Some(ErrorCode::INVALID_EXTENSION),
            Self::Emit(_) => Some(ErrorCode::SDU_SIZE_EXCEEDED),
            Self::OwnErrorIndication | Self::Credentials(_) => None,
        }
    }
}

/// What happened to a transit record. Further reasons may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum TransitRecord {
    /// The record was appended.
    Appended,
    /// Nobody wants a record: the packet has no such extension, or it is an indication.
    NotRequested,
    /// The packet has an extension with the compulsory bit that is not known here. This server is then a mere
    /// forwarding agent (RFC 2332 section 5.3).
    ForwardingOnly,
}

/// A packet on its way through a server, in a buffer with room for the octets that the server adds.
///
/// A call that returns an error leaves the packet as it was before the call. When [`ForwardError::error_code`] gives a
/// code, the server drops the packet and sends an Error Indication (RFC 2332 section 5.2.7). It never answers an Error
/// Indication, because two stations would go on for ever.
///
/// Call [`decrement_hop_count`](Self::decrement_hop_count) first, then
/// [`append_transit_nhs_record`](Self::append_transit_nhs_record). Call
/// [`regenerate_authentication`](Self::regenerate_authentication) last, because a hash covers all the rest. In a
/// network without authentication, call [`finish`](Self::finish) instead.
#[derive(Debug)]
pub struct Forward<'b> {
    buffer: &'b mut [u8],
    len: usize,
}

impl<'b> Forward<'b> {
    /// Takes the packet that is the first `len` octets of `buffer`.
    ///
    /// # Errors
    /// Returns [`ForwardError::Parse`] when the octets are not an NHRP packet, [`ForwardError::Checksum`] when its
    /// checksum is wrong, and [`ForwardError::Emit`] when the buffer has fewer than `len` octets.
    pub fn new(buffer: &'b mut [u8], len: usize) -> Result<Self, ForwardError> {
        let available = buffer.len();
        let packet = buffer.get(..len).ok_or(EmitError::BufferTooSmall { needed: len, available })?;
        Packet::parse(packet)?;
        let (fixed_part, _) = FixedPart::parse_prefix(packet).map_err(ParseError::from)?;
        let mut wrong_extension_offset = false;
        for departure in fixed_part.conformance(packet) {
            match departure {
                Departure::Checksum { found, computed } => {
                    return Err(ForwardError::Checksum { found, computed });
                }
                Departure::ExtensionOffset { .. } => wrong_extension_offset = true,
                _ => {}
            }
        }
        if wrong_extension_offset {
            set_extension_offset(buffer, 0)?;
        }
        Ok(Self { buffer, len })
    }

    pub(crate) fn octets(&self) -> &[u8] {
        // default: never taken, the length stays inside the buffer; an empty packet would be refused
        self.buffer.get(..self.len).unwrap_or_default()
    }

    /// Returns the packet as it stands now. Until the last step, its packet size and its checksum are those from
    /// before the changes.
    ///
    /// # Errors
    /// Never returns an error, because the packet was decoded when it came.
    pub fn packet(&self) -> Result<Packet<'_>, ParseError> {
        Packet::parse_ignoring_size(self.octets())
    }

    /// Counts this hop and returns how many hops are left (RFC 2332 section 5.1).
    ///
    /// # Errors
    /// Returns [`ForwardError::HopCountExceeded`] when the hop count is already zero.
    pub fn decrement_hop_count(&mut self) -> Result<u8, ForwardError> {
        decrement_hop_count(self.buffer)?.ok_or(ForwardError::HopCountExceeded)
    }

    /// Appends the entry of this server to the Forward Transit NHS Record of a request, or to the Reverse Transit NHS
    /// Record of a reply, when the packet has that extension (RFC 2332 sections 5.3.2 and 5.3.3).
    ///
    /// # Errors
    /// Returns [`ForwardError::LoopDetected`] when the protocol address of `record` is already in such an extension,
    /// or in the Responder Address of a Resolution Reply. Returns [`ForwardError::OwnErrorIndication`] when an Error
    /// Indication comes from the addresses of `record`. Returns [`ForwardError::Parse`] when such an extension is
    /// malformed, and [`ForwardError::Emit`] when the packet would not fit.
    pub fn append_transit_nhs_record(&mut self, record: &Cie<'_>) -> Result<TransitRecord, ForwardError> {
        let packet = self.packet()?;
        let wanted = if packet.mandatory_part.is_request() {
            ExtensionType::FORWARD_TRANSIT_NHS_RECORD
        } else if packet.mandatory_part.is_reply() {
            ExtensionType::REVERSE_TRANSIT_NHS_RECORD
        } else {
            refuse_own_error(&packet, record)?;
            return Ok(TransitRecord::NotRequested);
        };
        if matches!(packet.mandatory_part, MandatoryPart::ResolutionReply(_)) {
            for element in of_type(&packet, ExtensionType::RESPONDER_ADDRESS) {
                refuse_own(&element, record)?;
            }
        }
        for element in of_type(&packet, wanted) {
            refuse_own(&element, record)?;
        }
        let Some(element) = of_type(&packet, wanted).next() else { return Ok(TransitRecord::NotRequested) };
        if packet.unrecognized_compulsory().is_some() {
            return Ok(TransitRecord::ForwardingOnly);
        }
        let offset = element.offset;
        let end = element.value_offset.saturating_add(element.value.len());
        // A record that cannot be written is refused before anything is moved.
        record.check()?;
        let record = Cies::Values(slice::from_ref(record));
        let record_len = record.wire_len();
        let length = EmitError::fit_u16("extension length", element.value.len().saturating_add(record_len))?;
        self.replace(end, 0, record_len, |writer| record.emit_into(writer))?;
        set_length(self.from(offset)?, length)?;
        Ok(TransitRecord::Appended)
    }

    /// Writes a new authentication extension for the next hop, corrects the lengths and the checksum, and returns the
    /// packet.
    ///
    /// RFC 2332 section 5.3.4 has the extension regenerated at each hop. It keeps its place among the extensions, and
    /// any further authentication extension is removed. A packet without one gets it in front of the End Of
    /// Extensions. An Error Indication gets none, because it has no extensions (section 5.2.7). A station may also
    /// call this for a packet of its own that it has just written.
    ///
    /// # Errors
    /// Returns [`ForwardError::Emit`] when the packet would not fit. Returns [`ForwardError::RepeatedAuthentication`]
    /// when it has more than 8 authentication extensions. Returns [`ForwardError::Credentials`] when the address in
    /// the credentials is not as long as the packet's source protocol address, or when a hash has the index of Cisco's
    /// password.
    pub fn regenerate_authentication(
        mut self,
        credentials: &Credentials<'_>,
    ) -> Result<&'b mut [u8], ForwardError> {
        let packet = self.packet()?;
        if matches!(packet.mandatory_part, MandatoryPart::ErrorIndication(_)) {
            return self.finish();
        }
        let extension = credentials.extension(packet.source_protocol_len())?;
        EmitError::fit_u16("extension length", extension.wire_len())?;
        let new_len = ExtensionFraming::default().len_with(0, extension.header(), extension.wire_len());
        let count =
            of_type(&packet, ExtensionType::AUTHENTICATION).fold(0usize, |count, _| count.saturating_add(1));
        if count > MAX_AUTHENTICATION_COUNT {
            return Err(ForwardError::RepeatedAuthentication { count });
        }
        self.refuse_growth(&packet, new_len)?;
        self.drop_further_authentication()?;
        let (offset, old_len) = self.place_of_authentication()?;
        let extension = Extensions::Values(slice::from_ref(&extension));
        self.replace(offset, old_len, new_len, |writer| extension.emit_into(writer))?;
        let packet = self.finish()?;
        credentials.complete(packet, offset.saturating_add(new_len))?;
        Ok(packet)
    }

    /// Corrects the packet size and the checksum, and returns the packet.
    ///
    /// # Errors
    /// Returns [`ForwardError::Emit`] when the packet is longer than the packet size field can say.
    pub fn finish(self) -> Result<&'b mut [u8], ForwardError> {
        let available = self.buffer.len();
        let needed = self.len;
        let packet = self.buffer.get_mut(..needed).ok_or(EmitError::BufferTooSmall { needed, available })?;
        finish(packet)?;
        Ok(packet)
    }

    /// Returns the buffer from `offset` on.
    fn from(&mut self, offset: usize) -> Result<&mut [u8], EmitError> {
        let available = self.buffer.len();
        self.buffer.get_mut(offset..).ok_or(EmitError::BufferTooSmall { needed: offset, available })
    }

    /// Refuses an authentication extension of `new_len` octets that would not fit, before anything is moved.
    fn refuse_growth(&self, packet: &Packet<'_>, new_len: usize) -> Result<(), EmitError> {
        let old_len = of_type(packet, ExtensionType::AUTHENTICATION)
            .fold(0usize, |len, element| len.saturating_add(element.octets.len()));
        let end_len = if packet.has_extensions() { 0 } else { ExtensionHeader::LEN };
        let needed = self.len.saturating_sub(old_len).saturating_add(new_len).saturating_add(end_len);
        EmitError::fit_u16("packet size", needed)?;
        let available = self.buffer.len();
        if needed > available { Err(EmitError::BufferTooSmall { needed, available }) } else { Ok(()) }
    }

    fn drop_further_authentication(&mut self) -> Result<(), ForwardError> {
        loop {
            let packet = self.packet()?;
            let second = {
                let mut all = of_type(&packet, ExtensionType::AUTHENTICATION);
                all.next().and(all.next()).map(|element| (element.offset, element.octets.len()))
            };
            let Some((offset, len)) = second else { return Ok(()) };
            self.replace(offset, len, 0, |_| Ok(()))?;
        }
    }

    /// Returns the offset and the length of the authentication extension. In a packet without one, returns the offset
    /// where it goes and a length of 0; a packet without extensions gets an extensions part first.
    fn place_of_authentication(&mut self) -> Result<(usize, usize), ForwardError> {
        let packet = self.packet()?;
        if let Some(element) = of_type(&packet, ExtensionType::AUTHENTICATION).next() {
            return Ok((element.offset, element.octets.len()));
        }
        if let Some(end) = of_type(&packet, ExtensionType::END).next() {
            return Ok((end.offset, 0));
        }
        let offset = self.len;
        let extension_offset = EmitError::fit_u16("extension offset", offset)?;
        let end = Extensions::Values(&[Extension::END]);
        self.replace(offset, 0, end.wire_len(), |writer| end.emit_into(writer))?;
        set_extension_offset(self.buffer, extension_offset)?;
        Ok((offset, 0))
    }

    /// Replaces the `old_len` octets at `offset` by `new_len` octets that `value` writes. The octets behind them move.
    fn replace(
        &mut self,
        offset: usize,
        old_len: usize,
        new_len: usize,
        value: impl FnOnce(&mut Writer<'_>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let new_packet_len = self.len.saturating_sub(old_len).saturating_add(new_len);
        EmitError::fit_u16("packet size", new_packet_len)?;
        let available = self.buffer.len();
        let needed = new_packet_len.max(self.len);
        let place = self
            .buffer
            .get_mut(offset..needed)
            .ok_or(EmitError::BufferTooSmall { needed: new_packet_len, available })?;
        if new_len >= old_len {
            rotate_right(place, new_len.saturating_sub(old_len));
        } else {
            let shrunk_by = old_len.saturating_sub(new_len);
            let kept = place.len().saturating_sub(shrunk_by);
            rotate_right(place, kept);
        }
        self.len = new_packet_len;
        value(&mut Writer::for_len(place, new_len)?)
    }
}

/// Moves the last `count` octets to the front. It uses three reversals, which cannot panic.
fn rotate_right(octets: &mut [u8], count: usize) {
    octets.reverse();
    if let Some((front, back)) = octets.split_at_mut_checked(count) {
        front.reverse();
        back.reverse();
    }
}

fn of_type<'a>(
    packet: &Packet<'a>,
    extension_type: ExtensionType,
) -> impl Iterator<Item = ExtensionElement<'a>> + use<'a> {
    packet.extension_elements().filter(move |element| element.header.extension_type == extension_type)
}

/// RFC 2332 sections 5.3.1 to 5.3.3: a server that finds its own protocol address in a record has met the packet before.
fn refuse_own(element: &ExtensionElement<'_>, record: &Cie<'_>) -> Result<(), ForwardError> {
    let cies = Cies::parse(element.value, element.value_offset, CieFraming).map_err(ParseError::from)?;
    let own = cies.elements().find(|element| {
        Cie::decode(element, &CieFraming).client_protocol_address == record.client_protocol_address
    });
    own.map_or(Ok(()), |element| Err(ForwardError::LoopDetected { offset: element.offset }))
}

/// RFC 2332 section 5.2.7: a server that sees its own addresses as the source of an Error Indication drops it.
fn refuse_own_error(packet: &Packet<'_>, record: &Cie<'_>) -> Result<(), ForwardError> {
    let MandatoryPart::ErrorIndication(indication) = &packet.mandatory_part else { return Ok(()) };
    let source = indication.addresses;
    let is_own = source.source_nbma_address.octets == record.client_nbma_address.octets
        && source.source_protocol_address == record.client_protocol_address;
    if is_own { Err(ForwardError::OwnErrorIndication) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
