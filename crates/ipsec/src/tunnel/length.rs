//! How long packets become: by suite, before there are keys.

use crate::ah::{self, Integrity};
use crate::bundle::BundleSuite;
use crate::esp::padding::TRAILER_LEN;
use crate::esp::{self, padding_len};
use crate::ip::Version;
use crate::suite::{Encryption, Suite};
use crate::udp_encapsulation;

/// What protects the packets of a tunnel, or of two hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Protection {
    /// ESP.
    Esp(Suite),
    /// ESP in UDP, RFC 3948.
    EspInUdp(Suite),
    /// AH.
    Ah(Integrity),
    /// AH around ESP.
    Bundle(BundleSuite),
}

/// Octets in front of what is protected, the blocks it is filled to where it is encrypted, octets behind it.
struct Around {
    before: usize,
    block_len: Option<usize>,
    behind: usize,
}

impl Protection {
    fn around(self, version: Version) -> Around {
        let esp = |encryption: Encryption, before: usize, icv_len| Around {
            before: before.saturating_add(esp::Header::LEN).saturating_add(encryption.iv_len()),
            block_len: Some(encryption.block_len()),
            behind: icv_len,
        };
        let ah = |integrity: Integrity| {
            ah::Quirks::NONE.header_len(version, integrity.iv_len().saturating_add(integrity.icv_len()))
        };
        match self {
            Self::Esp(suite) => esp(suite.encryption(), 0, suite.icv_len()),
            Self::EspInUdp(suite) => {
                esp(suite.encryption(), udp_encapsulation::UDP_HEADER_LEN, suite.icv_len())
            }
            Self::Ah(integrity) => Around { before: ah(integrity), block_len: None, behind: 0 },
            Self::Bundle(suite) => esp(suite.encryption(), ah(suite.integrity()), 0),
        }
    }

    /// Octets behind an IP header of this version, when `payload_len` octets are protected. Nothing when that is beyond all memory.
    #[must_use]
    pub fn sealed_len(self, version: Version, payload_len: usize) -> Option<usize> {
        let Around { before, block_len, behind } = self.around(version);
        let trailer = match block_len {
            None => 0,
            Some(block_len) => padding_len(payload_len, block_len, 0)?.checked_add(TRAILER_LEN)?,
        };
        before.checked_add(payload_len)?.checked_add(trailer)?.checked_add(behind)
    }

    /// The most octets that can be protected for no more than `available` to stand behind an IP header of this version.
    #[must_use]
    pub fn max_payload_len(self, version: Version, available: usize) -> Option<usize> {
        let Around { before, block_len, behind } = self.around(version);
        let text_len = available.checked_sub(before)?.checked_sub(behind)?;
        match block_len {
            None => Some(text_len),
            Some(block_len) => {
                let over = text_len.checked_rem(block_len.max(4))?;
                text_len.checked_sub(over)?.checked_sub(TRAILER_LEN)
            }
        }
    }

    /// Octets of a packet of tunnel mode around an inner packet of `inner_len`: 152 around 100 with DES or 3DES and an ICV of 96
    /// bits over IPv4.
    #[must_use]
    pub fn tunnel_len(self, version: Version, inner_len: usize) -> Option<usize> {
        self.sealed_len(version, inner_len)?.checked_add(version.header_len())
    }

    /// The longest inner packet of a tunnel over a path that takes packets of `path_mtu` octets: what a router tells the sender of
    /// a longer one (RFC 4301 section 8.2). Nothing when the path takes none.
    #[must_use]
    pub fn tunnel_mtu(self, version: Version, path_mtu: usize) -> Option<usize> {
        self.max_payload_len(version, path_mtu.checked_sub(version.header_len())?)
    }
}
