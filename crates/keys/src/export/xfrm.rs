//! Writes the output of `ip xfrm state`.

use core::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipsec::Esn;
use ipsec::ah::Integrity;

use super::{ExportError, Key, spi_of};
use crate::names::{linux_authentication_name, linux_encryption_name};
use crate::{Algorithms, AssociationRow};

pub(super) fn write(row: &AssociationRow, text: &mut String) -> Result<(), ExportError> {
    let spi = spi_of(row)?.0;
    let (encryption, authentication, protocol) = match &row.keys.algorithms {
        // The format names the algorithm of every ICV, and that of an ICV that cannot be verified is unknown.
        Algorithms::EspUnverified(unverified) if unverified.icv_len() != 0 => {
            return Err(ExportError::Unverified);
        }
        Algorithms::EspUnverified(unverified) => (Some(unverified.encryption()), None, "esp"),
        Algorithms::Esp(suite, _) => (Some(suite.encryption()), suite.authentication(), "esp"),
        Algorithms::Ah(Integrity::Mac(authentication), ..) => (None, Some(*authentication), "ah"),
        Algorithms::Ah(integrity, ..) => return Err(ExportError::Integrity(*integrity)),
    };
    let encryption = match encryption {
        Some(other) => Some((linux_encryption_name(other).ok_or(ExportError::Encryption(other))?, other)),
        None => None,
    };
    let authentication = match authentication {
        Some(other) => {
            Some((linux_authentication_name(other).ok_or(ExportError::Authentication(other))?, other))
        }
        None => None,
    };
    let is_v6 = row.destination.is_v6().or(row.source.is_v6()) == Some(true);
    let unspecified =
        if is_v6 { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { IpAddr::V4(Ipv4Addr::UNSPECIFIED) };
    let [source, destination] = [row.source, row.destination].map(|end| end.single().unwrap_or(unspecified));
    let mode = if row.is_transport { "transport" } else { "tunnel" };
    let _ = write!(
        text,
        "src {source} dst {destination}\n\tproto {protocol} spi {spi:#010x} reqid 0 mode {mode}\n\treplay-window 32"
    );
    let is_extended = row.keys.esn == Esn::Yes;
    let is_aligned = matches!(&row.keys.algorithms, Algorithms::Ah(_, _, quirks) if !quirks.pads_to_64_bits);
    match (is_aligned && !is_v6, is_extended) {
        (false, false) => text.push('\n'),
        (true, false) => text.push_str(" flag align4\n"),
        (false, true) => text.push_str(" flag esn\n"),
        (true, true) => text.push_str(" flag align4 esn\n"),
    }
    if let Some((name, authentication)) = authentication {
        let bits = authentication.icv_len().saturating_mul(8);
        let _ = writeln!(text, "\tauth-trunc {name} {} {bits}", Key(&row.authentication_key));
    }
    let key = Key(&row.encryption_key);
    if let Some((name, encryption)) = encryption {
        let _ = match encryption.icv_len() {
            Some(icv_len) => writeln!(text, "\taead {name} {key} {}", icv_len.saturating_mul(8)),
            None => writeln!(text, "\tenc {name} {key}"),
        };
    }
    if row.is_encapsulated {
        text.push_str("\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n");
    }
    if is_extended {
        let _ = writeln!(
            text,
            "\tanti-replay esn context:\n\t seq-hi {:#x}, seq 0x0, oseq-hi 0x0, oseq 0x0",
            row.keys.sequence_high
        );
    }
    Ok(())
}
