use super::outbound::{Places, seal_around};
use super::{BundleTransform, SealError};
use crate::ah::outbound::Parts;
use crate::ah::{self, Quirks, headers_again};
use crate::esp;
use crate::esp::outbound::Lens;
use crate::ip::IpError;
use crate::place::{place, put, wipe};
use crate::{Esn, NextHeader, SequenceNumber, Spi};

/// An authentic packet, decrypted: everything its sender chose, so that it can be sealed again. These are the figures of AH and ESP,
/// which get no other fields, so it is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Opened<'a> {
    /// The headers in front of AH, as they came: what of them may have changed on the way is not authentic.
    pub headers: &'a [u8],
    /// The word of AH that is zero by RFC 4302.
    pub reserved: u16,
    /// The index of AH's SA.
    pub spi: Spi,
    /// The sequence number of AH, whole.
    pub sequence: SequenceNumber,
    /// What fills AH's ICV field behind the ICV.
    pub padding: &'a [u8],
    /// What ESP was.
    pub esp: esp::Opened<'a>,
}

impl Opened<'_> {
    /// Seals the packet once more, with the headers, sequence numbers, initialization vector and both paddings it has, and returns
    /// how many octets it has: those it was opened from, when nothing was changed. Lengths, protocol and checksum of its headers are
    /// written anew. `esn` tells whether the sequence numbers of AH are extended.
    ///
    /// This is for comparing and for playing back, and no SA does it.
    ///
    /// # Errors
    /// When the buffer is too small, the headers are none, AH's padding does not make the ICV field that the transform has, or
    /// initialization vector, padding or payload of ESP are not as long as the transform needs. What would have been the packet is
    /// zeros then.
    pub fn seal_again(
        &self,
        transform: &impl BundleTransform,
        esn: Esn,
        quirks: Quirks,
        buffer: &mut [u8],
    ) -> Result<usize, SealError> {
        let lens = Lens::of(transform);
        // The ICV is that of AH around it.
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
