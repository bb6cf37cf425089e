//! Tunnel mode, RFC 4301 section 5.1.2: a whole IP packet is protected behind a header between the two ends of the tunnel.

mod ecn;
mod length;

pub use ecn::{EcnError, EcnMode, decapsulate, encapsulate};
pub use length::Protection;

use core::net::{Ipv4Addr, Ipv6Addr};

use wire::EmitError;

use crate::NextHeader;
use crate::esp::IvSource;
use crate::ip::{Ecn, Headers, IpError, Version, v4, v6};
use crate::place::{place, put};
use crate::transport::{Protect, Unprotect, Unprotected};

/// The two ends of a tunnel, as the sender of a packet sees them. IP has two versions, so it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Endpoints {
    /// Over IPv4.
    V4 {
        /// Where its packets come from.
        source: Ipv4Addr,
        /// Where they go.
        destination: Ipv4Addr,
    },
    /// Over IPv6.
    V6 {
        /// Where its packets come from.
        source: Ipv6Addr,
        /// Where they go.
        destination: Ipv6Addr,
    },
}

impl Endpoints {
    /// The version of the outer headers.
    #[must_use]
    pub const fn version(&self) -> Version {
        match self {
            Self::V4 { .. } => Version::V4,
            Self::V6 { .. } => Version::V6,
        }
    }
}

/// Where the DSCP of an outer header comes from, RFC 4301 section 5.1.2.1 note 6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Dscp {
    /// The inner header.
    #[default]
    Copy,
    /// Always this one: what the inner header has stays hidden.
    Set(u8),
}

/// Where the DF flag of an outer IPv4 header comes from, RFC 4301 section 8.1. IPv6 inside counts as DF set: no router fragments
/// it. The RFC has these three, so it is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum DontFragment {
    /// The inner header.
    #[default]
    Copy,
    /// Always set.
    Set,
    /// Always clear.
    Clear,
}

/// How a tunnel's outer headers are made, RFC 4301 section 5.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Tunnel {
    /// Its two ends.
    pub endpoints: Endpoints,
    /// TTL or hop limit of outer headers; it has nothing to do with the inner.
    pub hop_limit: u8,
    /// Their DSCP.
    pub dscp: Dscp,
    /// Their ECN.
    pub ecn: EcnMode,
    /// Their DF flag, in IPv4.
    pub dont_fragment: DontFragment,
    /// Their flow label, in IPv6.
    pub flow_label: u32,
}

/// What a tunnel looks at in the packet it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Inner {
    /// Its version.
    pub version: Version,
    /// Its DSCP.
    pub dscp: u8,
    /// Its ECN.
    pub ecn: Ecn,
    /// Whether no router may fragment it.
    pub dont_fragment: bool,
}

impl Inner {
    /// That of a packet of this version whose header has nothing special: DSCP and ECN of zero, and no DF flag in IPv4.
    #[must_use]
    pub const fn new(version: Version) -> Self {
        let dont_fragment = matches!(version, Version::V6);
        Self { version, dscp: 0, ecn: Ecn::NotCapable, dont_fragment }
    }

    /// That of a whole packet, which may be a fragment (RFC 4302 section 3.3.4).
    ///
    /// # Errors
    /// When it is none.
    pub fn of(packet: &[u8]) -> Result<Self, IpError> {
        let version = Version::of(packet)?;
        match version {
            Version::V4 => {
                let (header, _) = v4::Header::parse(packet)?;
                let v4::Header { dscp, ecn, dont_fragment, .. } = header;
                Ok(Self { version, dscp, ecn, dont_fragment })
            }
            Version::V6 => {
                let (header, _) = v6::Header::parse(packet)?;
                Ok(Self { version, dscp: header.dscp, ecn: header.ecn, dont_fragment: true })
            }
        }
    }

    /// What the header in front of it says it is.
    #[must_use]
    pub const fn next_header(&self) -> NextHeader {
        match self.version {
            Version::V4 => NextHeader::IPV4,
            Version::V6 => NextHeader::IPV6,
        }
    }
}

/// Why a packet did not go into a tunnel, or did not come out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TunnelError<E: core::error::Error + 'static> {
    /// The outer or the inner packet is none.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The outer header is not one between the tunnel's ends.
    #[error("the packet is not between the tunnel's ends")]
    OtherEndpoints,
    /// What was protected is no IP packet.
    #[error("{next_header} came out of a tunnel, where an IP packet should")]
    NotTunnelled {
        /// What it is.
        next_header: NextHeader,
    },
    /// Congestion was met by a packet that cannot tell its receiver.
    #[error(transparent)]
    Ecn(#[from] EcnError),
    /// What the SA says.
    #[error("{0}")]
    Protection(E),
}

impl Tunnel {
    /// A tunnel that copies DSCP, ECN and DF, as RFC 4301 section 5.1.2.1 has it.
    #[must_use]
    pub const fn new(endpoints: Endpoints, hop_limit: u8) -> Self {
        Self {
            endpoints,
            hop_limit,
            dscp: Dscp::Copy,
            ecn: EcnMode::Normal,
            dont_fragment: DontFragment::Copy,
            flow_label: 0,
        }
    }

    /// Octets of an outer header.
    #[must_use]
    pub const fn header_len(&self) -> usize {
        self.endpoints.version().header_len()
    }

    /// Writes the outer header in front of an inner packet that it is sent with, and returns how many octets it has. The
    /// identification is the caller's: fragments of two packets must not share it. In IPv6 it is not used.
    ///
    /// # Errors
    /// When the buffer is too small, the packet too long, or a value of the tunnel does not fit its field.
    pub fn emit_outer_header(
        &self,
        inner: &Inner,
        inner_len: usize,
        identification: u16,
        buffer: &mut [u8],
    ) -> Result<usize, IpError> {
        let dscp = match self.dscp {
            Dscp::Copy => inner.dscp,
            Dscp::Set(dscp) => dscp,
        };
        let ecn = encapsulate(self.ecn, inner.ecn);
        match self.endpoints {
            Endpoints::V4 { source, destination } => {
                let header = v4::Header {
                    dscp,
                    ecn,
                    identification,
                    reserved: false,
                    dont_fragment: self.outer_dont_fragment(inner),
                    more_fragments: false,
                    fragment_offset: 0,
                    time_to_live: self.hop_limit,
                    protocol: inner.next_header(),
                    source,
                    destination,
                    options: &[],
                };
                header.emit(inner_len, buffer)
            }
            Endpoints::V6 { source, destination } => {
                let header = v6::Header {
                    dscp,
                    ecn,
                    flow_label: self.flow_label,
                    next_header: inner.next_header(),
                    hop_limit: self.hop_limit,
                    source,
                    destination,
                };
                header.emit(inner_len, buffer)
            }
        }
    }

    /// The DF flag of an outer header.
    #[must_use]
    pub const fn outer_dont_fragment(&self, inner: &Inner) -> bool {
        match self.dont_fragment {
            DontFragment::Copy => inner.dont_fragment,
            DontFragment::Set => true,
            DontFragment::Clear => false,
        }
    }

    /// Octets to leave free before an inner packet.
    pub fn headroom(&self, sa: &impl Protect) -> usize {
        self.header_len().saturating_add(sa.headroom())
    }

    /// Seals the inner packet that stands in `buffer` behind [`headroom`](Self::headroom) free octets, `inner_len` of it, and
    /// returns the packet from its outer header on. Behind the inner packet, the SA needs its tailroom.
    ///
    /// # Errors
    /// When the inner packet is none, there is no room, or the SA is at its end. Inner packet and SA are as they were. When a transform
    /// does not take the packet, what was to become it is zeros, and its sequence number is used up.
    pub fn seal_in_place<'b, P: Protect>(
        &self,
        sa: &mut P,
        buffer: &'b mut [u8],
        inner_len: usize,
        identification: u16,
        iv: IvSource<'_>,
    ) -> Result<&'b mut [u8], TunnelError<P::Error>> {
        let available = buffer.len();
        let (outer_offset, inner_offset) = (sa.headroom(), self.headroom(sa));
        let needed = inner_offset.saturating_add(inner_len);
        let too_small = IpError::Emit(EmitError::BufferTooSmall { needed, available });
        let (before, after) = buffer.split_at_mut_checked(inner_offset).ok_or(too_small)?;
        let inner = Inner::of(after.get(..inner_len).ok_or(too_small)?)?;
        let place = before.get_mut(outer_offset..).ok_or(too_small)?;
        let outer_len = self.emit_outer_header(&inner, inner_len, identification, place)?;
        sa.protect(buffer, outer_len.saturating_add(inner_len), iv).map_err(TunnelError::Protection)
    }

    /// Opens a packet of the tunnel, whose ends are as the *sender* sees them, and returns the inner packet. Its ECN becomes what
    /// RFC 6040 section 4.2 makes of it and of the outer; padding that hides its length is cut off.
    ///
    /// # Errors
    /// Why it was dropped.
    pub fn open_in_place<'a, U: Unprotect>(
        &self,
        sa: &mut U,
        packet: &'a mut [u8],
    ) -> Result<&'a mut [u8], TunnelError<U::Error>> {
        let outer_ecn = self.check_outer_header::<U>(packet)?;
        let Unprotected { next_header, offset, len, .. } =
            sa.unprotect(packet).map_err(TunnelError::Protection)?;
        let version = match next_header {
            NextHeader::IPV4 => Version::V4,
            NextHeader::IPV6 => Version::V6,
            next_header => return Err(TunnelError::NotTunnelled { next_header }),
        };
        let payload = place(packet, offset, len).map_err(IpError::from)?;
        let inner_len = match version {
            Version::V4 => v4::measure(payload).map(|(_, _, len)| len),
            Version::V6 => v6::measure(payload).map(|(_, len)| len),
        }?;
        let inner = place(payload, 0, inner_len).map_err(IpError::from)?;
        let inner_ecn = Inner::of(inner)?.ecn;
        let ecn = decapsulate(outer_ecn, inner_ecn)?;
        if ecn != inner_ecn {
            write_ecn(inner, version, ecn)?;
        }
        Ok(inner)
    }

    /// Whether the outer header is one of the tunnel's: its ECN.
    fn check_outer_header<U: Unprotect>(&self, packet: &[u8]) -> Result<Ecn, TunnelError<U::Error>> {
        Headers::before(U::PROTOCOL, packet)?;
        let (found, ecn) = match Version::of(packet)? {
            Version::V4 => {
                let (header, _) = v4::Header::parse(packet)?;
                (Endpoints::V4 { source: header.source, destination: header.destination }, header.ecn)
            }
            Version::V6 => {
                let (header, _) = v6::Header::parse(packet)?;
                (Endpoints::V6 { source: header.source, destination: header.destination }, header.ecn)
            }
        };
        if found == self.endpoints { Ok(ecn) } else { Err(TunnelError::OtherEndpoints) }
    }
}

/// Changes the ECN of a packet.
fn write_ecn(packet: &mut [u8], version: Version, ecn: Ecn) -> Result<(), IpError> {
    let [first, second] = *wire::Reader::new("IP packet", packet).peek::<2>("IP header")?;
    match version {
        Version::V4 => {
            put(packet, 1, &[second & 0xfc | ecn.bits()])?;
            let len = usize::from(first & 15).saturating_mul(4);
            v4::write_checksum(place(packet, 0, len)?)?;
        }
        // The low bits of the traffic class are the second octet's, above the flow label.
        Version::V6 => put(packet, 1, &[second & 0xcf | ecn.bits() << 4])?,
    }
    Ok(())
}

#[cfg(test)]
mod tests;
