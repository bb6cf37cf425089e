//! A pair of gateways, the association between them, and the messages that have been sent.

use std::num::NonZeroUsize;

use ::hasync::record::{Acknowledgement, ResultCode};
use ::hasync::{Emit as _, Envelope, Record, profile};
use ::sctp::chunk::{Body, CookieEcho, Data, Init, PayloadProtocolIdentifier, Sack};
use ::sctp::udp_encapsulation::{self, Datagram};
use ::sctp::{Chunk, ChunkFlags, Parameter, StreamSequenceNumber, Tsn};
use anyhow::{Context, Result};

use super::super::Frames;
use super::super::gre::in_ipv4;
use super::super::sctp::{Endpoint, init, packet};

// The addresses of the document: the pair shares 4.0.0.3, the peer is 4.0.0.5.
pub(super) const ACTIVE: Endpoint = Endpoint { address: [4, 0, 0, 1], tag: 0x0a0a_0001 };
const STANDBY: Endpoint = Endpoint { address: [4, 0, 0, 2], tag: 0x0b0b_0002 };
pub(super) const VIRTUAL: [u8; 4] = [4, 0, 0, 3];
pub(super) const PEER: [u8; 4] = [4, 0, 0, 5];

pub(super) fn written(envelope: &Envelope<'_>) -> Result<Vec<u8>> {
    let mut octets = vec![0; envelope.wire_len()];
    envelope.emit(&mut octets)?;
    Ok(octets)
}

/// The headers around SCTP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Ip,
    Udp,
}

/// The side of the pair on which the capture was made. Packets that were lost between the two are not in the standby's
/// capture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Active,
    Standby,
}

/// The association between the two gateways, and the messages that have been sent.
pub(super) struct Pair {
    pub(super) carrier: Carrier,
    pub(super) side: Side,
    pub(super) frames: Frames,
    time: u64,
    pub(super) tsn: [u32; 2],
    pub(super) sequence: [[u16; 3]; 2],
    pub(super) serial: [u32; 2],
}

impl Pair {
    pub(super) fn new(carrier: Carrier, side: Side, tsn: u32) -> Self {
        Self {
            carrier,
            side,
            frames: Frames::new(),
            time: 0,
            tsn: [tsn, 500],
            sequence: [[0; 3]; 2],
            serial: [0; 2],
        }
    }

    pub(super) fn packet(&mut self, from_active: bool, tag: u32, chunks: &[Chunk<'_>]) -> Result<()> {
        let octets = packet(tag, chunks)?;
        let (from, to) = if from_active { (ACTIVE, STANDBY) } else { (STANDBY, ACTIVE) };
        let (protocol, payload) = match self.carrier {
            Carrier::Ip => (132, octets),
            Carrier::Udp => {
                let datagram = Datagram {
                    source_port: udp_encapsulation::PORT,
                    destination_port: udp_encapsulation::PORT,
                    packet: &octets,
                };
                let datagram = datagram.over_ipv4(from.address.into(), to.address.into());
                let mut buffer = vec![0; datagram.wire_len()];
                datagram.emit(&mut buffer)?;
                (17, buffer)
            }
        };
        self.frames.push((self.time, in_ipv4(from.address, to.address, protocol, &payload)?));
        self.time += 1_000;
        Ok(())
    }

    pub(super) fn send(&mut self, from_active: bool, chunks: &[Chunk<'_>]) -> Result<()> {
        self.packet(from_active, if from_active { STANDBY.tag } else { ACTIVE.tag }, chunks)
    }

    /// The message with a record, with the next serial number of its sender.
    pub(super) fn message(&mut self, from_active: bool, record: &Record<'_>) -> Result<Vec<u8>> {
        let side = usize::from(!from_active);
        self.serial[side] += 1;
        written(&Envelope::new(VIRTUAL.into(), Some(self.serial[side]), record.clone()))
    }

    /// The DATA chunks for a message, as the profile defines them.
    pub(super) fn chunks<'a>(
        &mut self,
        from_active: bool,
        octets: &'a [u8],
        max: usize,
    ) -> Result<Vec<Chunk<'a>>> {
        let side = usize::from(!from_active);
        let message_type = ::hasync::Message::parse(octets)?.header.message_type;
        let stream = profile::stream(message_type);
        let mut flags = ChunkFlags::NONE;
        let mut number = 0;
        if profile::is_unordered(message_type) {
            flags = ChunkFlags::U;
        } else {
            let sequence = &mut self.sequence[side][usize::from(stream.0)];
            number = *sequence;
            *sequence += 1;
        }
        let data = Data {
            tsn: Tsn(self.tsn[side]),
            stream_identifier: stream.0,
            stream_sequence_number: StreamSequenceNumber(number),
            payload_protocol_identifier: PayloadProtocolIdentifier(profile::PAYLOAD_PROTOCOL_IDENTIFIER),
            user_data: octets,
        };
        let chunks: Vec<_> =
            data.fragments(flags, NonZeroUsize::new(max).context("a fragment has octets")?)?.collect();
        self.tsn[side] = self.tsn[side].wrapping_add(u32::try_from(chunks.len())?);
        Ok(chunks)
    }

    /// Sends records in one packet. A `lost` packet is only in the active gateway's capture.
    pub(super) fn records(&mut self, from_active: bool, records: &[Record<'_>], lost: bool) -> Result<()> {
        let mut messages = Vec::new();
        for record in records {
            messages.push(self.message(from_active, record)?);
        }
        let mut chunks = Vec::new();
        for message in &messages {
            chunks.extend(self.chunks(from_active, message, 1_400)?);
        }
        if lost && self.side == Side::Standby {
            self.time += 1_000;
            return Ok(());
        }
        self.send(from_active, &chunks)
    }

    /// The standby has everything that was sent, and could take over with it.
    pub(super) fn acknowledge(&mut self, count: u32) -> Result<()> {
        let last = self.serial[0];
        let sack = Sack {
            cumulative_tsn_ack: Tsn(self.tsn[0].wrapping_sub(1)),
            a_rwnd: 65_536,
            gap_ack_blocks: (&[]).into(),
            duplicate_tsns: (&[]).into(),
        };
        let mut messages = Vec::new();
        for acknowledged in last + 1 - count..=last {
            let record = Record::Acknowledgement(Acknowledgement::new(acknowledged, ResultCode::STORED));
            messages.push(self.message(false, &record)?);
        }
        let mut chunks = vec![Body::Sack(sack).into()];
        for message in &messages {
            chunks.extend(self.chunks(false, message, 1_400)?);
        }
        self.send(false, &chunks)
    }

    pub(super) fn opening(&mut self) -> Result<()> {
        let opening = Body::Init(init(ACTIVE, Tsn(self.tsn[0]))).into();
        self.packet(true, 0, &[opening])?;
        let parameters = [Parameter::StateCookie(&[0xc0; 16])];
        let answer = Init { parameters: (&parameters).into(), ..init(STANDBY, Tsn(self.tsn[1])) };
        self.send(false, &[Body::InitAck(answer).into()])?;
        self.send(true, &[Body::CookieEcho(CookieEcho { cookie: &[0xc0; 16] }).into()])?;
        self.send(false, &[Body::CookieAck.into()])
    }
}
