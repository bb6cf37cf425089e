//! Tunnel mode, RFC 4301 section 5.1.2.1. A [`Tunnel`] puts a whole IP packet behind an outer header between the two
//! ends of the tunnel.

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

/// The two ends of a tunnel, as the sender of a packet sees them. IP has two versions, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Endpoints {
    /// A tunnel over IPv4.
    V4 {
        /// The source address of the outer headers.
        source: Ipv4Addr,
        /// The destination address of the outer headers.
        destination: Ipv4Addr,
    },
    /// A tunnel over IPv6.
    V6 {
        /// The source address of the outer headers.
        source: Ipv6Addr,
        /// The destination address of the outer headers.
        destination: Ipv6Addr,
    },
}

impl Endpoints {
    /// Returns the IP version of the outer headers.
    #[must_use]
    pub const fn version(&self) -> Version {
        match self {
            Self::V4 { .. } => Version::V4,
            Self::V6 { .. } => Version::V6,
        }
    }
}

/// The source of the DSCP of an outer header, RFC 4301 section 5.1.2.1 note 6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Dscp {
    /// The DSCP is copied from the inner header.
    #[default]
    Copy,
    /// The DSCP is always this one, so the outer header does not show that of the inner.
    Set(u8),
}

/// The source of the DF flag of an outer IPv4 header, RFC 4301 section 8.1. An inner IPv6 packet counts as one with
/// DF set, because routers never fragment it. The RFC has these three cases, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum DontFragment {
    /// The flag is copied from the inner header.
    #[default]
    Copy,
    /// The flag is always set.
    Set,
    /// The flag is always clear.
    Clear,
}

/// A tunnel and its settings for outer headers, RFC 4301 section 5.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Tunnel {
    /// The two ends of the tunnel.
    pub endpoints: Endpoints,
    /// The TTL or hop limit of outer headers. It does not depend on that of the inner header.
    pub hop_limit: u8,
    /// The DSCP of outer headers.
    pub dscp: Dscp,
    /// The ECN of outer headers.
    pub ecn: EcnMode,
    /// The DF flag of outer IPv4 headers.
    pub dont_fragment: DontFragment,
    /// The flow label of outer IPv6 headers.
    pub flow_label: u32,
}

/// The fields of an inner packet that its outer header depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Inner {
    /// The IP version of the inner packet.
    pub version: Version,
    /// The DSCP of the inner packet.
    pub dscp: u8,
    /// The ECN of the inner packet.
    pub ecn: Ecn,
    /// Whether routers must not fragment the inner packet.
    pub dont_fragment: bool,
}

impl Inner {
    /// Makes the fields of a packet of this version with a plain header: DSCP and ECN are zero, and DF is clear in
    /// IPv4.
    #[must_use]
    pub const fn new(version: Version) -> Self {
        let dont_fragment = matches!(version, Version::V6);
        Self { version, dscp: 0, ecn: Ecn::NotCapable, dont_fragment }
    }

    /// Reads the fields of a whole packet, which may be a fragment (RFC 4302 section 3.3.4).
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets are not an IP packet.
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

    /// Returns the value of the next header field that names this packet.
    #[must_use]
    pub const fn next_header(&self) -> NextHeader {
        match self.version {
            Version::V4 => NextHeader::IPV4,
            Version::V6 => NextHeader::IPV6,
        }
    }
}

/// The reason why a packet cannot enter or leave a tunnel. `E` is the error of the SA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TunnelError<E: core::error::Error + 'static> {
    /// The outer or the inner octets are not an IP packet that IPsec can process.
    #[error(transparent)]
    Ip(#[from] IpError),
    /// The addresses of the outer header are not the ends of the tunnel.
    #[error("the source and destination of the packet are not the two ends of the tunnel")]
    OtherEndpoints,
    /// The SA protects a payload that is not an IP packet.
    #[error("{next_header} came out of the tunnel, but an IP packet was expected")]
    NotTunnelled {
        /// The protocol of the payload.
        next_header: NextHeader,
    },
    /// The outer packet met congestion, but the inner packet cannot tell its receiver.
    #[error(transparent)]
    Ecn(#[from] EcnError),
    /// The SA refused the packet.
    #[error("{0}")]
    Protection(E),
}

impl Tunnel {
    /// Makes a tunnel that copies DSCP, ECN and DF from the inner header, as RFC 4301 section 5.1.2.1 does. The flow
    /// label is zero.
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

    /// Returns the length of an outer header in octets.
    #[must_use]
    pub const fn header_len(&self) -> usize {
        self.endpoints.version().header_len()
    }

    /// Writes the outer header for an inner packet, and returns its length in octets. The caller chooses
    /// `identification`, which two packets must not share while fragments of them may be on the way. IPv6 does not
    /// use it.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the buffer is too small, when the packet is too long, or when a setting of the
    /// tunnel does not fit into its field.
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

    /// Tells whether the outer header of this inner packet has the DF flag.
    #[must_use]
    pub const fn outer_dont_fragment(&self, inner: &Inner) -> bool {
        match self.dont_fragment {
            DontFragment::Copy => inner.dont_fragment,
            DontFragment::Set => true,
            DontFragment::Clear => false,
        }
    }

    /// Returns how many octets to leave free before an inner packet.
    pub fn headroom(&self, sa: &impl Protect) -> usize {
        self.header_len().saturating_add(sa.headroom())
    }

    /// Returns how many octets to leave free behind an inner packet of `inner_len` octets.
    pub fn tailroom(&self, sa: &impl Protect, inner_len: usize) -> usize {
        // The whole inner packet is the payload of the SA.
        sa.tailroom(inner_len)
    }

    /// Seals an inner packet in place. The packet of `inner_len` octets stands in `buffer` behind
    /// [`headroom`](Self::headroom) free octets, and [`tailroom`](Self::tailroom) free octets follow it. Returns the
    /// outer packet, from its IP header on.
    ///
    /// # Errors
    /// Returns a [`TunnelError`] when the inner octets are not an IP packet, when the buffer has no room, or when the
    /// SA is at its end. Inner packet and SA are then unchanged. When a transform refuses the packet, its octets are
    /// zeros and its sequence number is used up.
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

    /// Opens a packet of the tunnel in place, and returns the inner packet. The ends of the tunnel are as the
    /// *sender* sees them. The ECN of the inner packet is derived from both headers (RFC 6040 section 4.2), and
    /// padding that hides its length is cut off.
    ///
    /// # Errors
    /// Returns a [`TunnelError`] that says why the packet was dropped.
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

    /// Checks that the outer header is between the ends of the tunnel, and returns its ECN.
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

/// Sets the ECN of a packet.
fn write_ecn(packet: &mut [u8], version: Version, ecn: Ecn) -> Result<(), IpError> {
    let [first, second] = *wire::Reader::new("IP packet", packet).peek::<2>("IP header")?;
    match version {
        Version::V4 => {
            put(packet, 1, &[second & 0xfc | ecn.bits()])?;
            let len = usize::from(first & 15).saturating_mul(4);
            v4::write_checksum(place(packet, 0, len)?)?;
        }
        // The low bits of the traffic class are in the second octet, above the flow label.
        Version::V6 => put(packet, 1, &[second & 0xcf | ecn.bits() << 4])?,
    }
    Ok(())
}

#[cfg(test)]
mod tests;
