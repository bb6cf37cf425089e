//! Options of IPv4 and IPv6. Their framing differs only in what the length field counts.

use wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer, registry};

registry! {
    /// The type of an IPv4 option, with its copied flag and class: RFC 791 section 3.1.
    pub struct OptionType(u8) {
        /// End of option list.
        END = 0 => "End of Options List",
        /// No operation.
        NO_OPERATION = 1 => "No Operation",
        /// Record route.
        RECORD_ROUTE = 7 => "Record Route",
        /// Timestamp.
        TIMESTAMP = 68 => "Time Stamp",
        /// Traceroute, RFC 1393.
        TRACEROUTE = 82 => "Traceroute",
        /// Security, RFC 1108.
        SECURITY = 130 => "Security",
        /// Loose source and record route.
        LOOSE_SOURCE_ROUTE = 131 => "Loose Source Route",
        /// Extended security, RFC 1108.
        EXTENDED_SECURITY = 133 => "Extended Security",
        /// Commercial security.
        COMMERCIAL_SECURITY = 134 => "Commercial Security",
        /// Stream identifier.
        STREAM_ID = 136 => "Stream ID",
        /// Strict source and record route.
        STRICT_SOURCE_ROUTE = 137 => "Strict Source Route",
        /// Router alert, RFC 2113.
        ROUTER_ALERT = 148 => "Router Alert",
        /// Sender directed multi-destination delivery, RFC 1770.
        MULTI_DESTINATION = 149 => "Sender Directed Multi-Destination Delivery",
    }
}

impl OptionType {
    /// Tells whether routers leave the option unchanged, as the first part of RFC 4302 appendix A1 lists. The ICV
    /// covers all other options, unknown ones too, as zeros.
    #[must_use]
    pub const fn is_immutable(self) -> bool {
        matches!(
            self,
            Self::END
                | Self::NO_OPERATION
                | Self::SECURITY
                | Self::EXTENDED_SECURITY
                | Self::COMMERCIAL_SECURITY
                | Self::ROUTER_ALERT
                | Self::MULTI_DESTINATION
        )
    }

    /// Tells whether the option lists the hops to the destination: RFC 791 section 3.1.
    #[must_use]
    pub const fn is_source_route(self) -> bool {
        matches!(self, Self::LOOSE_SOURCE_ROUTE | Self::STRICT_SOURCE_ROUTE)
    }

    /// Tells whether every fragment has the option: the copied flag, RFC 791 section 3.1.
    #[must_use]
    pub const fn is_copied(self) -> bool {
        self.0 & 0x80 != 0
    }
}

/// The header of an option, which is its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OptionHeader {
    /// The type.
    pub option_type: u8,
}

/// The framing of options. In IPv4, a length counts all octets of an option, two types have one octet (end and no
/// operation), and the list ends at the first "end" option. In IPv6, a length counts only the value, and one type has
/// one octet (Pad1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OptionFraming {
    version: super::Version,
    ended: bool,
}

impl OptionFraming {
    /// Options of IPv4, RFC 791 section 3.1.
    pub const V4: Self = Self { version: super::Version::V4, ended: false };

    /// Options of IPv6, RFC 8200 section 4.2.
    pub const V6: Self = Self { version: super::Version::V6, ended: false };

    fn is_single(self, option_type: u8) -> bool {
        match self.version {
            super::Version::V4 => option_type < 2,
            super::Version::V6 => option_type == 0,
        }
    }
}

/// The options of an IPv4 or IPv6 header.
pub type Options<'a> = Chain<'a, OptionFraming>;

impl Framing for OptionFraming {
    type Header = OptionHeader;
    type Open = Option<Reserved<1>>;
    const ELEMENT: &'static str = "IP option";
    const WITHIN: &'static str = "IP packet";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, OptionHeader>>, LengthError> {
        if self.ended || reader.is_empty() {
            return Ok(None);
        }
        let [option_type] = *reader.peek(Self::ELEMENT)?;
        let header = OptionHeader { option_type };
        if self.is_single(option_type) {
            self.ended = self.version == super::Version::V4 && option_type == OptionType::END.0;
            return reader.element(Self::ELEMENT, header, 1, 0, 0).map(Some);
        }
        let [_, len] = *reader.peek(Self::ELEMENT)?;
        let value_len = match self.version {
            super::Version::V4 => usize::from(len).checked_sub(2).ok_or(reader.declared_too_short(
                Self::ELEMENT,
                2,
                usize::from(len),
            ))?,
            super::Version::V6 => usize::from(len),
        };
        reader.element(Self::ELEMENT, header, 2, value_len, 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: OptionHeader) -> Result<Self::Open, EmitError> {
        writer.u8(header.option_type)?;
        if self.is_single(header.option_type) { Ok(None) } else { writer.reserve_u8().map(Some) }
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: OptionHeader,
        open: Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = writer.position().saturating_sub(start);
        let Some(reserved) = open else {
            // An option of one octet has no value.
            return match len {
                1 => Ok(()),
                _ => Err(EmitError::FieldOverflow { field: "IP option value", value: len, max: 0 }),
            };
        };
        let len = match self.version {
            super::Version::V4 => len,
            super::Version::V6 => len.saturating_sub(2),
        };
        let value = u8::try_from(len).map_err(|_| EmitError::FieldOverflow {
            field: "IP option length",
            value: len,
            max: usize::from(u8::MAX),
        })?;
        writer.patch(reserved, [value])
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let header_len = if self.is_single(header.option_type) { 1 } else { 2 };
        len.saturating_add(header_len).saturating_add(value_len)
    }
}
