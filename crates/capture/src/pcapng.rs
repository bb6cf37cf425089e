//! The pcapng format: sections of typed blocks, each section with its own byte order and interfaces,
//! draft-ietf-opsawg-pcapng.

use std::io::Read;

use wire::{LengthError, Reader};

use crate::capture::{Packet, Record};
use crate::clock::Clock;
use crate::error::{Cause, Damage};
use crate::input::Input;
use crate::order::Order;
use crate::{LinkType, MAX_INTERFACE_COUNT, MAX_RECORD_LEN};

/// The first four octets of a file: the type of a section header, which is the same in both byte orders.
pub(crate) const MAGIC: [u8; 4] = 0x0a0d_0d0a_u32.to_be_bytes();

/// This number tells the byte order of a section, because its octets are in that order.
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;

wire::registry! {
    /// Block type of pcapng, draft-ietf-opsawg-pcapng section 11.1.
    pub struct BlockType(u32) {
        /// Describes an interface, section 4.2.
        INTERFACE_DESCRIPTION = 0x0000_0001 => "Interface Description Block",
        /// Holds a packet. This block is obsolete, appendix A.
        PACKET = 0x0000_0002 => "Packet Block",
        /// Holds a packet without a time, section 4.4.
        SIMPLE_PACKET = 0x0000_0003 => "Simple Packet Block",
        /// Holds a packet, section 4.3.
        ENHANCED_PACKET = 0x0000_0006 => "Enhanced Packet Block",
        /// Holds a journal entry, section 4.8.
        SYSTEMD_JOURNAL_EXPORT = 0x0000_0009 => "systemd Journal Export Block",
        /// Holds a system call, as Sysdig writes it.
        SYSDIG_EVENT = 0x0000_0204 => "Sysdig Event Block",
        /// Holds a system call, as Sysdig writes it.
        SYSDIG_EVENT_2 = 0x0000_0216 => "Sysdig Event Block version 2",
        /// Holds a system call, as Sysdig writes it.
        SYSDIG_EVENT_2_LARGE = 0x0000_0221 => "Sysdig Event Block version 2, large",
        /// Holds contents that a vendor defines, section 4.9.
        CUSTOM = 0x0000_0bad => "Custom Block",
        /// Holds contents that a vendor defines and that editors do not copy, section 4.9.
        CUSTOM_DO_NOT_COPY = 0x4000_0bad => "Custom Block, not to be copied",
        /// Begins a section, section 4.1.
        SECTION_HEADER = 0x0a0d_0d0a => "Section Header Block",
    }
}

/// Private Enterprise Number of Netflix. tshark counts the custom blocks of this vendor only when they hold an
/// event.
const NETFLIX: u32 = 10_949;
const NETFLIX_EVENT: u32 = 1;

/// Number of octets of the type and both lengths of a block.
const MIN_LEN: u32 = 12;

/// The section being read.
#[derive(Debug)]
pub(crate) struct PcapNg {
    order: Order,
    interfaces: Vec<Interface>,
}

/// An interface on which packets of the section were captured.
#[derive(Clone, Copy, Debug)]
struct Interface {
    link: LinkType,
    /// Greatest number of captured octets of a packet. Zero means no limit.
    snap_len: u32,
    clock: Clock,
}

impl PcapNg {
    /// Reads the header of the first section.
    pub(crate) fn open<R: Read>(input: &mut Input<R>) -> Result<Self, Cause> {
        let mut sections = Self { order: Order::Big, interfaces: Vec::new() };
        match sections.section(input) {
            Ok(()) => Ok(sections),
            Err(Cause::Malformed(Damage::ByteOrder { .. })) => Err(Cause::NotACapture { is_empty: false }),
            Err(cause) => Err(cause),
        }
    }

    /// Reads the next block.
    #[inline]
    pub(crate) fn next<R: Read>(&mut self, input: &mut Input<R>) -> Result<Record, Cause> {
        let start: [u8; 8] = Self::filled(input, MIN_LEN)?;
        let ([kind, len], []) = start.as_chunks::<4>() else {
            return Err(Cause::Ended { needed: MIN_LEN.into() }); // never taken, because eight octets are two times four
        };
        let block = Outline { kind: BlockType(self.order.u32(*kind)), len: self.order.u32(*len) };
        match block.kind {
            BlockType::ENHANCED_PACKET => self.timed_packet(input, block, Order::u32),
            BlockType::SIMPLE_PACKET => self.simple_packet(input, block),
            // In the obsolete block, the interface and the number of dropped packets share a word.
            BlockType::PACKET => {
                self.timed_packet(input, block, |order, [a, b, _, _]| order.u16([a, b]).into())
            }
            BlockType::INTERFACE_DESCRIPTION => self.interface(input, block).map(|()| Record::Uncounted),
            BlockType::SECTION_HEADER => self.section(input).map(|()| Record::Uncounted),
            _ => self.pass_over(input, block),
        }
    }

    /// The first `N` of the next `len` octets.
    #[inline]
    fn filled<R: Read, const N: usize>(input: &mut Input<R>, len: u32) -> Result<[u8; N], Cause> {
        let needed = u64::from(len);
        input.fill(usize_of(len))?.first_chunk().copied().ok_or(Cause::Ended { needed })
    }

    /// Holds a whole block and checks its lengths. Returns its first `N` octets, and its length with padding.
    #[inline]
    fn whole<R: Read, const N: usize>(
        &self,
        input: &mut Input<R>,
        block: Outline,
    ) -> Result<([u8; N], u32), Cause> {
        let fixed_len = u32::try_from(N).unwrap_or(u32::MAX);
        let padded = block.checked_len(fixed_len.saturating_add(4))?;
        let len = match u32::try_from(padded) {
            Ok(len) if usize_of(len) <= MAX_RECORD_LEN => len,
            _ => return Err(Damage::RecordTooLong { len: padded }.into()),
        };
        let octets = input.fill(usize_of(len))?;
        if let (Some(fixed), Some(trailing)) = (octets.first_chunk(), octets.last_chunk()) {
            block.check_trailing(self.order.u32(*trailing))?;
            return Ok((*fixed, len));
        }
        Err(Cause::Ended { needed: padded })
    }

    /// Takes a block with a packet. The packet begins `header_len` octets after the block.
    #[inline]
    fn take_packet<R: Read>(
        input: &mut Input<R>,
        block_len: u32,
        header_len: u32,
        captured: u32,
        packet: Packet,
    ) -> Result<Record, Cause> {
        let available = block_len.saturating_sub(header_len).saturating_sub(4);
        if captured > available {
            return Err(Damage::PacketTooLong { captured, available }.into());
        }
        let start = input.take(usize_of(block_len)).saturating_add(usize_of(header_len));
        let octets = start..start.saturating_add(usize_of(captured));
        Ok(Record::Packet(Packet { octets, ..packet }))
    }

    fn interface_of(&self, interface: u32) -> Result<&Interface, Damage> {
        let count = self.interfaces.len();
        self.interfaces.get(usize_of(interface)).ok_or(Damage::UnknownInterface { interface, count })
    }

    /// Reads a packet block with a time, an enhanced or an obsolete one. `interface` is the number in its first word.
    #[inline]
    fn timed_packet<R: Read>(
        &self,
        input: &mut Input<R>,
        block: Outline,
        interface: impl Fn(Order, [u8; 4]) -> u32,
    ) -> Result<Record, Cause> {
        let (fixed, block_len) = self.whole::<R, 28>(input, block)?;
        let ([_, _, first, high, low, captured, len], []) = fixed.as_chunks::<4>() else {
            return Err(Cause::Ended { needed: block_len.into() }); // never taken, because 28 octets are seven times four
        };
        let interface = self.interface_of(interface(self.order, *first))?;
        let time = interface.clock.time(self.ticks(*high, *low));
        let packet = Packet {
            time: Some(time),
            time_digits: interface.clock.digits(),
            link: interface.link,
            len: self.order.u32(*len),
            octets: 0..0,
        };
        Self::take_packet(input, block_len, 28, self.order.u32(*captured), packet)
    }

    /// Reads a packet of the first interface, without a time. It is cut to the snap length of the interface.
    fn simple_packet<R: Read>(&self, input: &mut Input<R>, block: Outline) -> Result<Record, Cause> {
        let (fixed, block_len) = self.whole::<R, 12>(input, block)?;
        let ([_, _, len], []) = fixed.as_chunks::<4>() else {
            return Err(Cause::Ended { needed: block_len.into() });
        };
        let interface = self.interface_of(0)?;
        let len = self.order.u32(*len);
        let captured = if interface.snap_len == 0 { len } else { len.min(interface.snap_len) };
        let packet = Packet { time: None, time_digits: 0, link: interface.link, len, octets: 0..0 };
        Self::take_packet(input, block_len, 12, captured, packet)
    }

    fn ticks(&self, high: [u8; 4], low: [u8; 4]) -> u64 {
        u64::from(self.order.u32(high)) << 32 | u64::from(self.order.u32(low))
    }

    fn interface<R: Read>(&mut self, input: &mut Input<R>, block: Outline) -> Result<(), Cause> {
        let (fixed, block_len) = self.whole::<R, 16>(input, block)?;
        if self.interfaces.len() >= MAX_INTERFACE_COUNT {
            return Err(Damage::TooManyInterfaces.into());
        }
        let [_, _, _, _, _, _, _, _, a, b, _, _, snap_len @ ..] = fixed;
        let octets = input.fill(usize_of(block_len))?;
        let options = octets.get(16..octets.len().saturating_sub(4)).unwrap_or_default();
        self.interfaces.push(Interface {
            link: LinkType(self.order.u16([a, b]).into()),
            snap_len: self.order.u32(snap_len),
            clock: self.clock(options),
        });
        input.take(usize_of(block_len));
        Ok(())
    }

    /// The clock that the options of an interface describe.
    ///
    /// When a kind of option occurs twice, the first counts. An option of the wrong length is ignored, and so is
    /// everything after an option that runs over the end, because the packets can be read all the same.
    fn clock(&self, options: &[u8]) -> Clock {
        const END: u16 = 0;
        const IF_TSRESOL: u16 = 9;
        const IF_TSOFFSET: u16 = 14;
        let (mut resolution, mut offset) = (None, None);
        let mut reader = Reader::new("block", options);
        while let Ok((code, value)) = self.option(&mut reader) {
            match code {
                END => break,
                IF_TSRESOL => {
                    if let ([octet], None) = (value, resolution) {
                        resolution = Some(*octet);
                    }
                }
                IF_TSOFFSET => {
                    if let (Ok(octets), None) = (value.try_into(), offset) {
                        offset = Some(self.order.i64(octets));
                    }
                }
                _ => {}
            }
        }
        match (resolution, offset) {
            (None, None) => Clock::DEFAULT,
            _ => Clock::new(resolution.unwrap_or(6), offset.unwrap_or(0)),
        }
    }

    /// Takes an option and its padding.
    fn option<'a>(&self, reader: &mut Reader<'a>) -> Result<(u16, &'a [u8]), LengthError> {
        let code = self.order.u16(*reader.array("option code")?);
        let len = usize::from(self.order.u16(*reader.array("option length")?));
        let value = reader.take("option value", len)?;
        reader.take("option padding", len.wrapping_neg() % 4)?;
        Ok((code, value))
    }

    /// Begins a section. From here on the byte order may be another, and the section has its own interfaces.
    fn section<R: Read>(&mut self, input: &mut Input<R>) -> Result<(), Cause> {
        let [_, _, _, _, len @ .., a, b, c, d] = Self::filled::<R, 12>(input, MIN_LEN)?;
        let magic = [a, b, c, d];
        self.order = if Order::Big.u32(magic) == BYTE_ORDER_MAGIC {
            Order::Big
        } else if Order::Little.u32(magic) == BYTE_ORDER_MAGIC {
            Order::Little
        } else {
            return Err(Damage::ByteOrder { magic: Order::Big.u32(magic) }.into());
        };
        let block = Outline { kind: BlockType::SECTION_HEADER, len: self.order.u32(len) };
        // The fields are type, length, magic, version and section length. The last may be wrong, and reading does
        // not need it.
        let (fixed, block_len) = self.whole::<R, 24>(input, block)?;
        let [_, _, _, _, _, _, _, _, _, _, _, _, a, b, c, d, ..] = fixed;
        let (major, minor) = (self.order.u16([a, b]), self.order.u16([c, d]));
        if major != 1 {
            return Err(Damage::Version { major, minor }.into());
        }
        self.interfaces.clear();
        input.take(usize_of(block_len));
        Ok(())
    }

    /// Skips a block without holding it. Returns whether tshark counts it.
    #[cold]
    fn pass_over<R: Read>(&self, input: &mut Input<R>, block: Outline) -> Result<Record, Cause> {
        let len = block.checked_len(MIN_LEN)?;
        let counted = match block.kind {
            BlockType::SYSTEMD_JOURNAL_EXPORT
            | BlockType::SYSDIG_EVENT
            | BlockType::SYSDIG_EVENT_2
            | BlockType::SYSDIG_EVENT_2_LARGE => true,
            BlockType::CUSTOM | BlockType::CUSTOM_DO_NOT_COPY => self.counts_as_frame(input, len)?,
            _ => false,
        };
        let needed = |cause| match cause {
            Cause::Ended { .. } => Cause::Ended { needed: len },
            cause => cause,
        };
        input.skip(len.saturating_sub(4)).map_err(needed)?;
        block.check_trailing(self.order.u32(input.peek().map_err(needed)?))?;
        input.take(4);
        Ok(if counted { Record::Counted } else { Record::Uncounted })
    }

    /// Whether tshark counts a custom block. It counts all but those of Netflix that hold no event.
    fn counts_as_frame<R: Read>(&self, input: &mut Input<R>, len: u64) -> Result<bool, Cause> {
        if len < 16 {
            return Ok(false);
        }
        let [.., a, b, c, d] = Self::filled::<R, 12>(input, 12)?;
        if self.order.u32([a, b, c, d]) != NETFLIX {
            return Ok(true);
        }
        if len < 20 {
            return Ok(false);
        }
        // The vendor's own type is little-endian, whatever the byte order of the section.
        let [.., a, b, c, d] = Self::filled::<R, 16>(input, 16)?;
        Ok(u32::from_le_bytes([a, b, c, d]) == NETFLIX_EVENT)
    }
}

/// The contents of the first eight octets of a block.
#[derive(Clone, Copy, Debug)]
struct Outline {
    kind: BlockType,
    len: u32,
}

impl Outline {
    /// The length of the block in octets, rounded up to whole words, because some writers do not round it.
    fn checked_len(self, min: u32) -> Result<u64, Damage> {
        if self.len < min {
            return Err(Damage::BlockTooShort { kind: self.kind, len: self.len, min });
        }
        Ok(u64::from(self.len).saturating_add(3) & !3)
    }

    /// Checks that the length at the end of the block is the one at its start, rounded up or not.
    fn check_trailing(self, trailing: u32) -> Result<(), Damage> {
        if trailing == self.len || u64::from(trailing) == u64::from(self.len).saturating_add(3) & !3 {
            Ok(())
        } else {
            Err(Damage::LengthsDiffer { leading: self.len, trailing })
        }
    }
}

/// Converts a length in a file to a length in memory.
fn usize_of(len: u32) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}
