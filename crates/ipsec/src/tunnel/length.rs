//! The lengths of sealed packets. They follow from the suite alone and need no keys.

use crate::ah::{self, Integrity};
use crate::bundle::BundleSuite;
use crate::esp::padding::TRAILER_LEN;
use crate::esp::{self, padding_len};
use crate::ip::Version;
use crate::suite::{Encryption, Suite};
use crate::udp_encapsulation;

/// The protocol and the suite that protect the packets of a tunnel, or between two hosts.
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

/// The octets before the protected payload, the block length it is padded to, and the octets after it.
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

    /// Returns how many octets stand behind an IP header of this version when `payload_len` octets are protected.
    /// `None` when the number is too great for `usize`.
    #[must_use]
    pub fn sealed_len(self, version: Version, payload_len: usize) -> Option<usize> {
        let Around { before, block_len, behind } = self.around(version);
        let trailer = match block_len {
            None => 0,
            Some(block_len) => padding_len(payload_len, block_len, 0)?.checked_add(TRAILER_LEN)?,
        };
        before.checked_add(payload_len)?.checked_add(trailer)?.checked_add(behind)
    }

    /// Returns the greatest payload length in octets with which no more than `available` octets stand behind an IP
    /// header of this version. `None` when not even an empty payload fits.
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

    /// Returns the length in octets of an outer packet around an inner packet of `inner_len` octets: 152 around 100
    /// with DES or 3DES and an ICV of 96 bits over IPv4. `None` when the number is too great for `usize`.
    #[must_use]
    pub fn tunnel_len(self, version: Version, inner_len: usize) -> Option<usize> {
        self.sealed_len(version, inner_len)?.checked_add(version.header_len())
    }

    /// Returns the length in octets of the longest inner packet of a tunnel over a path that takes packets of
    /// `path_mtu` octets. A router tells this number to the sender of a longer packet (RFC 4301 section 8.2). `None`
    /// when no packet of the tunnel passes.
    #[must_use]
    pub fn tunnel_mtu(self, version: Version, path_mtu: usize) -> Option<usize> {
        self.max_payload_len(version, path_mtu.checked_sub(version.header_len())?)
    }
}
