//! The pcap format: one header for the whole file, then packets, draft-ietf-opsawg-pcap.

use std::io::Read;

use pcap_file::pcap::PcapHeader;
use pcap_file::{Endianness, TsResolution};

use crate::capture::{Packet, Record};
use crate::clock::pcap_time;
use crate::error::{Cause, Damage};
use crate::input::Input;
use crate::order::Order;
use crate::{LinkType, MAX_RECORD_LEN};

/// The first four octets of a file: for microseconds and for nanoseconds, in both byte orders.
pub(crate) const MAGICS: [[u8; 4]; 4] =
    [[0xa1, 0xb2, 0xc3, 0xd4], [0xd4, 0xc3, 0xb2, 0xa1], [0xa1, 0xb2, 0x3c, 0x4d], [0x4d, 0x3c, 0xb2, 0xa1]];

/// The first four octets of the dialect of Alexey Kuznetsov, which has more fields in the headers of packets: the
/// interface, the protocol and the type of the packet.
pub(crate) const MODIFIED_MAGICS: [[u8; 4]; 2] = [[0xa1, 0xb2, 0xcd, 0x34], [0x34, 0xcd, 0xb2, 0xa1]];

const FILE_HEADER_LEN: usize = 24;
const PACKET_HEADER_LEN: usize = 16;
/// The octets that the modified dialect adds to the header of a packet.
const MODIFIED_LEN: usize = 8;

/// The contents of the file header that concern the packets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pcap {
    order: Order,
    link: LinkType,
    /// The unit of the fraction of a second, in nanoseconds.
    fraction: u32,
    lengths: Lengths,
    /// The length of a packet's header.
    header_len: usize,
}

/// The order of the two lengths in the header of a packet.
///
/// Versions before 2.3 have them in the reverse order, and so have some writers of version 2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    /// The captured length comes first, then the length on the wire.
    Usual,
    /// The length on the wire comes first, then the captured length.
    Swapped,
    /// The greater one is the length on the wire.
    Either,
}

impl Pcap {
    /// Reads the header of the file.
    pub(crate) fn open<R: Read>(input: &mut Input<R>) -> Result<Self, Cause> {
        let mut octets: [u8; FILE_HEADER_LEN] = input.peek()?;
        // But for its first octets, the header of the modified dialect is the usual one.
        let mut header_len = PACKET_HEADER_LEN;
        for (modified, usual) in MODIFIED_MAGICS.iter().zip(&MAGICS) {
            if let Some(magic) = octets.first_chunk_mut().filter(|magic| *magic == modified) {
                *magic = *usual;
                header_len = PACKET_HEADER_LEN.saturating_add(MODIFIED_LEN);
            }
        }
        let Ok((_, header)) = PcapHeader::from_slice(&octets) else {
            return Err(Cause::NotACapture { is_empty: false });
        };
        input.take(FILE_HEADER_LEN);
        Ok(Self {
            order: match header.endianness {
                Endianness::Big => Order::Big,
                Endianness::Little => Order::Little,
            },
            // The upper 16 bits give the length of the frame check sequence.
            link: LinkType(u32::from(header.datalink) & 0xffff),
            fraction: match header.ts_resolution {
                TsResolution::MicroSecond => 1000,
                TsResolution::NanoSecond => 1,
            },
            lengths: match (header.version_major, header.version_minor) {
                (2, ..3) | (543, 0) => Lengths::Swapped,
                (2, 3) => Lengths::Either,
                _ => Lengths::Usual,
            },
            header_len,
        })
    }

    /// Reads the next packet.
    #[inline]
    pub(crate) fn next<R: Read>(&mut self, input: &mut Input<R>) -> Result<Record, Cause> {
        let ([seconds, fraction, first, second], []) = input.fill(PACKET_HEADER_LEN)?.as_chunks::<4>() else {
            return Err(Cause::Ended { needed: 16 }); // never taken, because sixteen octets are four times four
        };
        let [seconds, fraction, first, second] =
            [*seconds, *fraction, *first, *second].map(|octets| self.order.u32(octets));
        let (captured, len) = match self.lengths {
            Lengths::Swapped => (second, first),
            Lengths::Either if first > second => (second, first),
            _ => (first, second),
        };
        // default: never taken, because the header is short
        let header_len = u64::try_from(self.header_len).unwrap_or_default();
        let record_len = u64::from(captured).saturating_add(header_len);
        let record_len = match usize::try_from(record_len) {
            Ok(len) if len <= MAX_RECORD_LEN => len,
            _ => return Err(Damage::RecordTooLong { len: record_len }.into()),
        };
        input.fill(record_len)?;
        let start = input.take(record_len);
        Ok(Record::Packet(Packet {
            time: Some(pcap_time(seconds, fraction, self.fraction)),
            time_digits: if self.fraction == 1 { 9 } else { 6 },
            link: self.link,
            len,
            octets: start.saturating_add(self.header_len)..start.saturating_add(record_len),
        }))
    }
}
