//! Writes frames as pcap and pcapng files.

use std::borrow::Cow;
use std::time::Duration;

use anyhow::Result;
use pcap_file::pcap::{PcapHeader, RawPcapPacket};
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::{DataLink, TsResolution};

use super::Frames;

/// The captures begin at 2005-03-01 18:10:17 UTC.
const START: u64 = 1_109_700_617;

pub(super) fn pcap(frames: &Frames, snaplen: u32) -> Result<Vec<u8>> {
    let header = PcapHeader {
        snaplen,
        datalink: DataLink::ETHERNET,
        ts_resolution: TsResolution::MicroSecond,
        ..PcapHeader::default()
    };
    let mut writer = pcap_file::pcap::PcapWriter::with_header(Vec::new(), header)?;
    for (time, frame) in frames {
        let len = u32::try_from(frame.len())?;
        let cut = &frame[..frame.len().min(usize::try_from(snaplen)?)];
        writer.write_raw_packet(&RawPcapPacket {
            ts_sec: u32::try_from(START + time / 1_000_000)?,
            ts_frac: u32::try_from(time % 1_000_000)?,
            incl_len: u32::try_from(cut.len())?,
            orig_len: len,
            data: Cow::Borrowed(cut),
        })?;
    }
    Ok(writer.into_writer())
}

pub(super) fn pcapng(interfaces: &[(DataLink, Frames)]) -> Result<Vec<u8>> {
    let mut writer = PcapNgWriter::new(Vec::new())?;
    for (link, _) in interfaces {
        writer.write_pcapng_block(InterfaceDescriptionBlock {
            linktype: *link,
            snaplen: 0,
            options: vec![InterfaceDescriptionOption::IfTsResol(9)],
        })?;
    }
    for (index, (_, frames)) in interfaces.iter().enumerate() {
        for (time, frame) in frames {
            writer.write_pcapng_block(EnhancedPacketBlock {
                interface_id: u32::try_from(index)?,
                timestamp: Duration::from_secs(START) + Duration::from_nanos(time * 1000 + 789),
                original_len: u32::try_from(frame.len())?,
                data: Cow::Borrowed(frame),
                options: Vec::new(),
            })?;
        }
    }
    Ok(writer.into_inner())
}
