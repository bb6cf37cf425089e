use super::outbound::{Places, seal_around};
use super::{BundleTransform, SealError};
use crate::ah::outbound::Parts;
use crate::ah::{self, Quirks, headers_again};
use crate::esp;
use crate::esp::outbound::Lens;
use crate::ip::IpError;
use crate::place::{place, put, wipe};
use crate::{Esn, NextHeader, SequenceNumber, Spi};

/// An authentic packet after decryption. It has everything that its sender chose, so it can be sealed again. These
/// are the fields of the figures of AH and ESP, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Opened<'a> {
    /// The headers before AH, as they arrived. The parts of them that may change on the way are not authentic.
    pub headers: &'a [u8],
    /// The reserved word of AH, which is zero by RFC 4302.
    pub reserved: u16,
    /// The SPI of AH's SA.
    pub spi: Spi,
    /// The whole sequence number of AH.
    pub sequence: SequenceNumber,
    /// The padding that fills AH's ICV field after the ICV.
    pub padding: &'a [u8],
    /// The parts of ESP.
    pub esp: esp::Opened<'a>,
}

impl Opened<'_> {
    /// Seals the packet again, with the same headers, sequence numbers, initialization vector and both paddings.
    /// Returns how many octets it wrote. They equal the octets that were opened when no field was changed. The
    /// length, protocol and checksum fields of the headers are derived again. `esn` tells whether the sequence
    /// numbers of AH are extended.
    ///
    /// Use it to compare and to replay captures only. An SA never does this.
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer is too small, when `headers` are not the headers of an IP packet, when
    /// AH's padding does not make an ICV field of the transform's length, or when initialization vector, padding or
    /// payload of ESP do not have a length that the transform needs. The octets of the packet are then zeros.
    pub fn seal_again(
        &self,
        transform: &impl BundleTransform,
        esn: Esn,
        quirks: Quirks,
        buffer: &mut [u8],
    ) -> Result<usize, SealError> {
        let lens = Lens::of(transform);
        // ESP has no ICV of its own: AH around it has one.
        let layout = self.esp.layout_again(lens, 0)?;
        let ah_len = ah::Header::FIXED_LEN.saturating_add(lens.icv).saturating_add(self.padding.len());
        let esp_offset = self.headers.len().saturating_add(ah_len);
        let len = esp_offset.saturating_add(layout.len);
        let packet = place(buffer, 0, len)?;
        let places = Places { start: 0, ah_len, esp_offset, layout, len };
        let sealed = self.seal_whole(transform, packet, &places, lens, esn, quirks);
        if sealed.is_err() {
            wipe(packet);
        }
        sealed.map(|()| len)
    }

    fn seal_whole(
        &self,
        transform: &impl BundleTransform,
        packet: &mut [u8],
        places: &Places,
        lens: Lens,
        esn: Esn,
        quirks: Quirks,
    ) -> Result<(), SealError> {
        put(packet, 0, self.headers)?;
        let headers = headers_again(packet, self.headers.len())?;
        let needed = quirks.header_len(headers.version, lens.icv);
        if needed != places.ah_len {
            return Err(ah::SealError::IcvLen { needed, available: places.ah_len }.into());
        }
        if headers.len != self.headers.len() {
            return Err(IpError::TooLong { len: headers.len }.into());
        }
        let layout = &places.layout;
        let octets = place(packet, places.esp_offset, layout.len)?;
        self.esp.write_again(layout, octets)?;
        let parts = Parts {
            next_header: NextHeader::ESP,
            reserved: self.reserved,
            spi: self.spi,
            sequence: self.sequence,
            padding: self.padding,
        };
        let inner = esp::Header { spi: self.esp.spi, sequence_number: self.esp.sequence.low() };
        layout.write_header_and_trailer(octets, inner, self.esp.next_header)?;
        seal_around(transform, packet, &headers, places, &parts, esn.implied(self.sequence), quirks)
    }
}
