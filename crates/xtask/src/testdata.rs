//! `cargo xtask testdata` writes the captures of `testdata`, or compares them with the captures that it would write.
//!
//! Every octet is made here. The stories are those of the documents that describe the system, encoded by this
//! project's encoders and by etherparse. The same program always writes the same octets.

mod ah;
mod carriers;
mod esp;
mod file;
mod gre;
mod ha;
mod hsrp;
mod icmp;
mod ikev1;
mod ip;
mod isakmp;
mod link;
mod nhrp;
mod pseudowires;
mod sctp;
mod security_tags;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use file::{pcap, pcapng};
use ha::{Carrier, Side};
use pcap_file::DataLink;

/// Write the captures of `testdata`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing, and fail if a file differs from what would be written.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = folder();
    let mut files: Vec<_> = files()?.into_iter().map(|(name, octets)| (name.to_string(), octets)).collect();
    files.extend(seeds()?);
    for (name, octets) in &files {
        let path = folder.join(name);
        if arguments.check {
            let found = std::fs::read(&path).with_context(|| path.display().to_string())?;
            ensure!(
                found == *octets,
                "{} differs from what `cargo xtask testdata` writes: run it, or restore the file",
                path.display()
            );
        } else {
            std::fs::create_dir_all(path.parent().context("a file stands in a folder")?)?;
            std::fs::write(&path, octets)?;
            println!("{} ({} octets)", path.display(), octets.len());
        }
    }
    if files.is_empty() {
        bail!("no file");
    }
    println!("testdata: {} files", files.len());
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// The seeds of the codecs' fuzz targets: the messages in the frames of the captures.
fn seeds() -> Result<Vec<(String, Vec<u8>)>> {
    const ETHERNET: usize = 14;
    const IPV4: usize = ETHERNET + 20;
    const UDP_IN_IPV4: usize = IPV4 + 8;
    const UDP_IN_IPV6: usize = ETHERNET + 40 + 8;
    const GRE_WITH_KEY: usize = IPV4 + 8;
    let stories = [
        ("hsrp/failover-v1", hsrp::failover_v1()?, UDP_IN_IPV4),
        ("hsrp/failover-v2", hsrp::failover_v2()?, UDP_IN_IPV4),
        ("hsrp/v2-ipv6", hsrp::ipv6()?, UDP_IN_IPV6),
        ("hsrp/departures", hsrp::departures()?, UDP_IN_IPV4),
        ("gre/forms", gre::forms()?, IPV4),
        ("gre/departures", gre::departures()?, IPV4),
        ("nhrp/dmvpn", nhrp::dmvpn()?, GRE_WITH_KEY),
        ("nhrp/departures", nhrp::departures()?, GRE_WITH_KEY),
    ];
    let mut seeds = Vec::new();
    for (story, frames, start) in stories {
        for (number, (_, frame)) in frames.iter().enumerate() {
            // The length of IP counts, because padding of the frame follows the packet.
            let length = |at: usize| usize::from(u16::from_be_bytes([frame[at], frame[at + 1]]));
            let end = ETHERNET
                + if start == UDP_IN_IPV6 { 40 + length(ETHERNET + 4) } else { length(ETHERNET + 2) };
            let message = frame.get(start..end).unwrap_or_default();
            seeds.push((format!("../fuzz/seeds/{story}-{}", number + 1), message.to_vec()));
        }
    }
    for (story, frames) in [
        ("association", sctp::association()?),
        ("interleaving", sctp::interleaving()?),
        ("departures", sctp::departures()?),
        ("synchronisation", ha::synchronisation(Carrier::Ip, Side::Active)?),
    ] {
        for (number, (_, frame)) in frames.iter().enumerate() {
            let len = usize::from(u16::from_be_bytes([frame[16], frame[17]]));
            let packet = &frame[14 + 20..14 + len];
            seeds.push((format!("../fuzz/seeds/sctp/{story}-{}", number + 1), packet.to_vec()));
            for (message, octets) in ha::messages(packet).into_iter().enumerate() {
                let name = format!("../fuzz/seeds/hasync/{story}-{}-{}", number + 1, message + 1);
                seeds.push((name, octets));
            }
        }
    }
    // Two octets stand before a packet. The first chooses the algorithm, the second says that the packet is not
    // changed.
    for (story, frames) in [("protected", ah::protected()?), ("departures", ah::departures()?)] {
        for (number, (_, frame)) in frames.iter().enumerate() {
            let name = format!("../fuzz/seeds/ipsec_ah_open_is_total/{story}-{}", number + 1);
            let packet = frame.get(ETHERNET..).unwrap_or_default();
            seeds.push((name, [&[u8::try_from(number)?, 0], packet].concat()));
        }
    }
    // Link type 0 is Ethernet and nothing is cut, which is how the properties of the dissector read frames.
    for (story, frames) in
        [("tunnel", esp::tunnel()?), ("transport", esp::transport()?), ("extended", esp::extended()?)]
    {
        let mut octets = Vec::new();
        for (_, frame) in frames {
            octets.extend([0, 0]);
            octets.extend(u16::try_from(frame.len())?.to_be_bytes());
            octets.extend(frame);
        }
        seeds.push((format!("../fuzz/seeds/dissect_frame/esp-{story}"), octets.clone()));
        seeds.push((format!("../fuzz/seeds/dissect_rebuild/esp-{story}"), octets));
    }
    Ok(seeds)
}

/// Every file, with its octets.
fn files() -> Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(vec![
        ("hsrp/failover-v1.pcap", pcap(&hsrp::failover_v1()?, 65_535)?),
        ("hsrp/failover-v2-md5.pcapng", pcapng(&[(DataLink::ETHERNET, hsrp::failover_v2()?)])?),
        ("hsrp/v2-ipv6.pcap", pcap(&hsrp::ipv6()?, 65_535)?),
        ("hsrp/departures.pcap", pcap(&hsrp::departures()?, 65_535)?),
        ("hsrp/cut.pcap", pcap(&hsrp::failover_v1()?, 58)?),
        ("link/every-link.pcapng", pcapng(&link::every_link()?)?),
        ("link/carriers.pcapng", pcapng(&carriers::carriers()?)?),
        ("link/pseudowires.pcap", pcap(&pseudowires::pseudowires()?, 65_535)?),
        ("link/security-tags.pcap", pcap(&security_tags::security_tags()?, 65_535)?),
        ("ip/fragments.pcap", pcap(&ip::fragments()?, 65_535)?),
        ("ip/icmp.pcap", pcap(&icmp::additions()?, 65_535)?),
        ("isakmp/main-mode.pcap", pcap(&isakmp::main_mode()?, 65_535)?),
        ("isakmp/payloads.pcap", pcap(&isakmp::payloads()?, 65_535)?),
        ("isakmp/fragments.pcap", pcap(&isakmp::fragments()?, 65_535)?),
        ("isakmp/broken.pcap", pcap(&isakmp::broken()?, 65_535)?),
        ("isakmp/cut.pcap", pcap(&isakmp::main_mode()?, 90)?),
        ("ikev1/main-mode.pcap", pcap(&ikev1::main_mode()?, 65_535)?),
        ("ikev1/main-mode.keys.json", ikev1::main_mode_keys()?),
        ("ikev1/main-mode.private-values.json", ikev1::main_mode_private_values()?),
        ("gre/forms.pcap", pcap(&gre::forms()?, 65_535)?),
        ("gre/erspan.pcap", pcap(&gre::erspan()?, 65_535)?),
        ("gre/departures.pcap", pcap(&gre::departures()?, 65_535)?),
        ("ah/protected.pcap", pcap(&ah::protected()?, 65_535)?),
        ("ah/departures.pcap", pcap(&ah::departures()?, 65_535)?),
        ("ah/cut.pcap", pcap(&ah::protected()?, 60)?),
        ("nhrp/dmvpn.pcap", pcap(&nhrp::dmvpn()?, 65_535)?),
        ("nhrp/departures.pcap", pcap(&nhrp::departures()?, 65_535)?),
        ("esp/tunnel.pcap", pcap(&esp::tunnel()?, 65_535)?),
        ("esp/tunnel.esp_sa", esp::tunnel_keys()?),
        ("esp/transport.pcap", pcap(&esp::transport()?, 65_535)?),
        ("esp/transport.esp_sa", esp::transport_keys()?),
        ("esp/suites.pcap", pcap(&esp::suites()?, 65_535)?),
        ("esp/suites.xfrm", esp::suites_keys()?),
        ("esp/extended.pcap", pcap(&esp::extended()?, 65_535)?),
        ("esp/extended.xfrm", esp::extended_keys()?),
        ("esp/cut.pcap", pcap(&esp::tunnel()?, 90)?),
        ("sctp/association.pcap", pcap(&sctp::association()?, 65_535)?),
        ("sctp/interleaving.pcap", pcap(&sctp::interleaving()?, 65_535)?),
        ("sctp/departures.pcap", pcap(&sctp::departures()?, 65_535)?),
        ("sctp/cut.pcap", pcap(&sctp::association()?, 90)?),
        ("ha/active.pcap", pcap(&ha::synchronisation(Carrier::Ip, Side::Active)?, 65_535)?),
        ("ha/standby.pcap", pcap(&ha::synchronisation(Carrier::Ip, Side::Standby)?, 65_535)?),
        ("ha/in-udp.pcap", pcap(&ha::synchronisation(Carrier::Udp, Side::Active)?, 65_535)?),
        ("ha/fragments.pcap", pcap(&ha::fragments()?, 65_535)?),
        ("ha/departures.pcap", pcap(&ha::departures()?, 65_535)?),
    ])
}

/// A frame, and the time at which it is sent, in microseconds from the start.
type Frames = Vec<(u64, Vec<u8>)>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_what_is_written() {
        run(&Arguments { check: true }).unwrap();
    }
}
