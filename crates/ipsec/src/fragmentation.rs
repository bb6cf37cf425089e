//! Packets that are too long for a path, RFC 4301 section 8. [`decide`] tells whether to fragment a packet before
//! IPsec, to fragment it after IPsec, or to refuse it. [`Fragments`] makes the fragments.

use wire::{EmitError, Writer};

use crate::NextHeader;
use crate::ip::{IpError, OptionType, Version, v4, v6};
use crate::place::put;
use crate::tunnel::{Inner, Tunnel};

/// The policy for an inner packet that would be too long for the path after sealing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Policy {
    /// Fragment the inner packet and seal each fragment. The other end of the tunnel has nothing to reassemble.
    #[default]
    Before,
    /// Seal the packet and fragment the result. The other end reassembles before it opens.
    After,
    /// Refuse the packet and tell its sender.
    Refuse,
}

/// The decision about an inner packet. A forwarder must handle every case, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Decision {
    /// Seal the packet as it is.
    Whole,
    /// Fragment the packet into inner packets of at most `mtu` octets, and seal each.
    Before {
        /// The length in octets of the longest inner packet.
        mtu: usize,
    },
    /// Seal the packet, and fragment the result into outer packets of at most `mtu` octets.
    After {
        /// The length in octets of the longest outer packet.
        mtu: usize,
    },
    /// Drop the packet. Tell its sender with an ICMP message (fragmentation needed, or packet too big) that packets
    /// of `mtu` octets pass.
    TooBig {
        /// The length in octets of the longest inner packet.
        mtu: usize,
    },
}

/// Decides what to do with an inner packet of `inner_len` octets, which would have `sealed_len` octets in the tunnel.
/// The path takes packets of `path_mtu` octets outside the tunnel and `inner_mtu` inside.
///
/// A packet that forbids fragmentation is not fragmented before IPsec, and not after IPsec when its outer header
/// forbids it: RFC 4301 sections 8.1 and 8.2.1. The tunnel is the source of its outer IPv6 packets, so it may
/// fragment them.
#[must_use]
pub fn decide(
    policy: Policy,
    tunnel: &Tunnel,
    inner: &Inner,
    sealed_len: usize,
    path_mtu: usize,
    inner_mtu: usize,
) -> Decision {
    if sealed_len <= path_mtu {
        return Decision::Whole;
    }
    let outer_may = match tunnel.endpoints.version() {
        Version::V4 => !tunnel.outer_dont_fragment(inner),
        Version::V6 => true,
    };
    match policy {
        Policy::Before if !inner.dont_fragment => Decision::Before { mtu: inner_mtu },
        Policy::After if outer_may => Decision::After { mtu: path_mtu },
        _ => Decision::TooBig { mtu: inner_mtu },
    }
}

/// The fragments of an IP packet, from the first to the last: RFC 791 section 3.2 and RFC 8200 section 4.5.
#[derive(Clone, Debug)]
pub struct Fragments<'a> {
    packet: &'a [u8],
    kind: Kind<'a>,
    /// The octets that are cut into fragments.
    payload: &'a [u8],
    /// The number of payload octets in each fragment but the last, a multiple of eight.
    step: usize,
    /// The number of payload octets that were already written in fragments.
    at: usize,
    done: bool,
}

#[derive(Clone, Debug)]
enum Kind<'a> {
    V4(v4::Header<'a>),
    V6 { unfragmentable_len: usize, next_header_offset: usize, next_header: NextHeader, identification: u32 },
}

/// The reason why a packet cannot be fragmented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FragmentError {
    /// The octets are not a whole IP packet.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The packet forbids its fragmentation.
    #[error("the packet is longer than the path takes, but it forbids fragmentation (DF in IPv4)")]
    DontFragment,
    /// The path cannot take the headers and eight octets of payload.
    #[error("the path takes packets of {mtu} octets, but the smallest fragment of this packet has {needed}")]
    Mtu {
        /// The length in octets of the longest packet that the path takes.
        mtu: usize,
        /// The length in octets of the smallest fragment.
        needed: usize,
    },
}

/// The unit of fragment offsets in octets.
const UNIT: usize = 8;

impl<'a> Fragments<'a> {
    /// Prepares the fragments of `packet` for a path that takes packets of `mtu` octets. A packet that is short
    /// enough is its own only fragment. `identification` is used for IPv6, whose packets have no such field: the
    /// caller must use a different value for each packet.
    ///
    /// # Errors
    /// Returns a [`FragmentError`] when the octets are not a whole IP packet, when the packet forbids fragmentation,
    /// or when `mtu` is too small.
    pub fn new(packet: &'a [u8], mtu: usize, identification: u32) -> Result<Self, FragmentError> {
        let (kind, payload, header_len) = match Version::of(packet)? {
            Version::V4 => {
                let (header, payload) = v4::Header::parse(packet)?;
                if header.dont_fragment && packet.len() > mtu {
                    return Err(FragmentError::DontFragment);
                }
                (Kind::V4(header), payload, header.wire_len())
            }
            Version::V6 => {
                let (header, _) = v6::Header::parse(packet)?;
                // A packet that passes may itself be a fragment.
                let places = if packet.len() <= mtu {
                    (v6::Header::LEN, v6::NEXT_HEADER_OFFSET, header.next_header)
                } else {
                    unfragmentable(packet)?
                };
                let too_short = wire::Reader::new("IP packet", packet).too_short("IPv6 packet", places.0);
                let payload = packet.get(places.0..).ok_or(IpError::from(too_short))?;
                let (unfragmentable_len, next_header_offset, next_header) = places;
                let kind = Kind::V6 { unfragmentable_len, next_header_offset, next_header, identification };
                (kind, payload, unfragmentable_len.saturating_add(v6::FRAGMENT_HEADER_LEN))
            }
        };
        let room = mtu.saturating_sub(header_len);
        let step = room.saturating_sub(room % UNIT);
        if packet.len() > mtu && step == 0 {
            return Err(FragmentError::Mtu { mtu, needed: header_len.saturating_add(UNIT) });
        }
        if let Kind::V4(header) = &kind
            && packet.len() > mtu
        {
            check_v4(header, payload.len(), step)?;
        }
        // A packet that passes is its own only fragment.
        let step = if packet.len() <= mtu { payload.len().max(1) } else { step };
        Ok(Self { packet, kind, payload, step, at: 0, done: false })
    }

    /// Writes the next fragment into `buffer`, and returns its length in octets. `None` after the last fragment.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the buffer is too small. The next call then writes the same fragment.
    pub fn emit_next(&mut self, buffer: &mut [u8]) -> Result<Option<usize>, IpError> {
        if self.done {
            return Ok(None);
        }
        let end = self.at.saturating_add(self.step).min(self.payload.len());
        let too_short = wire::Reader::new("IP packet", self.payload).too_short("fragment", end);
        let payload = self.payload.get(self.at..end).ok_or(too_short)?;
        let is_last = end == self.payload.len();
        let len = if self.at == 0 && is_last {
            let mut writer = Writer::for_len(buffer, self.packet.len())?;
            writer.put(self.packet)?;
            writer.position()
        } else {
            match &self.kind {
                Kind::V4(header) => emit_v4(header, self.at, is_last, payload, buffer)?,
                kind => emit_v6(self.packet, kind, self.at, is_last, payload, buffer)?,
            }
        };
        self.at = end;
        self.done = is_last;
        Ok(Some(len))
    }
}

/// Checks that an IPv4 packet can be cut to its end: its options are sound, and the offset of the last fragment fits
/// into its field.
fn check_v4(header: &v4::Header<'_>, payload_len: usize, step: usize) -> Result<(), IpError> {
    v4::options(header.options)?;
    // default: the caller has checked that a step is not zero.
    let steps = payload_len.saturating_sub(1).checked_div(step).unwrap_or(0);
    let last = steps.saturating_mul(step / UNIT).saturating_add(header.fragment_offset.into());
    let max = usize::from(v4::OFFSET);
    if last > max {
        return Err(EmitError::FieldOverflow { field: "fragment offset", value: last, max }.into());
    }
    Ok(())
}

/// Writes a fragment of an IPv4 packet. The packet may itself be a fragment: its offset is added, and its
/// more-fragments flag is kept in the last one.
fn emit_v4(
    header: &v4::Header<'_>,
    at: usize,
    is_last: bool,
    payload: &[u8],
    buffer: &mut [u8],
) -> Result<usize, IpError> {
    let mut options = [0; v4::Header::MAX_OPTIONS_LEN];
    let options = if at == 0 { header.options } else { copied_options(header.options, &mut options)? };
    let value = at / UNIT;
    let overflow = EmitError::FieldOverflow { field: "fragment offset", value, max: v4::OFFSET.into() };
    let units = u16::try_from(value).map_err(|_| overflow)?;
    let header = v4::Header {
        more_fragments: !is_last || header.more_fragments,
        fragment_offset: header.fragment_offset.checked_add(units).ok_or(overflow)?,
        options,
        ..*header
    };
    let len = header.wire_len().saturating_add(payload.len());
    let mut writer = Writer::for_len(buffer, len)?;
    let header_len = header.emit(payload.len(), writer.next(header.wire_len())?)?;
    writer.put(payload)?;
    Ok(header_len.saturating_add(payload.len()))
}

/// Writes the options that every fragment has, RFC 791 section 3.1: those with the copied flag, padded to whole
/// words.
fn copied_options<'b>(options: &[u8], buffer: &'b mut [u8]) -> Result<&'b [u8], IpError> {
    let mut writer = Writer::new(buffer);
    for option in &v4::options(options)? {
        if OptionType(option.header.option_type).is_copied() {
            writer.put(option.octets)?;
        }
    }
    writer.pad(0, 4, OptionType::END.0)?;
    Ok(writer.into_written())
}

/// Returns how many octets every fragment of an IPv6 packet repeats, the offset of their last next header field, and
/// its value.
fn unfragmentable(packet: &[u8]) -> Result<(usize, usize, NextHeader), IpError> {
    let (header, payload) = v6::Header::parse(packet)?;
    let framing = v6::ExtensionFraming { next_header: header.next_header };
    let extensions: v6::Extensions<'_> = wire::Chain::parse(payload, v6::Header::LEN, framing)?;
    let mut places = (v6::Header::LEN, v6::NEXT_HEADER_OFFSET, header.next_header);
    for extension in &extensions {
        match extension.header.kind {
            // RFC 8200 section 4.5: these are the headers up to the routing header, or else the hop-by-hop options.
            NextHeader::HOP_BY_HOP | NextHeader::ROUTING => {
                places = (
                    extension.offset.saturating_add(extension.octets.len()),
                    extension.offset,
                    extension.header.next_header,
                );
            }
            NextHeader::FRAGMENT => return Err(IpError::Fragment { offset: 0, more: false }),
            _ => {}
        }
    }
    Ok(places)
}

fn emit_v6(
    packet: &[u8],
    kind: &Kind<'_>,
    at: usize,
    is_last: bool,
    payload: &[u8],
    buffer: &mut [u8],
) -> Result<usize, IpError> {
    let Kind::V6 { unfragmentable_len, next_header_offset, next_header, identification } = *kind else {
        return Err(IpError::Version { version: 4 });
    };
    let offset = u16::try_from(at).map_err(|_| IpError::TooLong { len: packet.len() })?;
    let len = unfragmentable_len.saturating_add(v6::FRAGMENT_HEADER_LEN).saturating_add(payload.len());
    let mut writer = Writer::for_len(buffer, len)?;
    let too_short = wire::Reader::new("IP packet", packet).too_short("IPv6 packet", unfragmentable_len);
    writer.put(packet.get(..unfragmentable_len).ok_or(too_short)?)?;
    writer.u8(next_header.0)?;
    writer.u8(0)?;
    // The offset is a multiple of eight, so its low bit is free for the flag.
    writer.u16(offset | u16::from(!is_last))?;
    writer.u32(identification)?;
    writer.put(payload)?;
    let written = writer.into_written();
    let payload_len = len.saturating_sub(v6::Header::LEN);
    let payload_len = u16::try_from(payload_len).map_err(|_| {
        IpError::Emit(EmitError::FieldOverflow {
            field: "IPv6 payload length",
            value: payload_len,
            max: usize::from(u16::MAX),
        })
    })?;
    v6::write_payload_len(written, payload_len)?;
    put(written, next_header_offset, &[NextHeader::FRAGMENT.0])?;
    Ok(len)
}

#[cfg(test)]
mod tests;
