use core::fmt;

use wire::{Chain, EmitError, LengthError};

use super::{Header, Quirks};
use crate::ip::v6::{self, ExtensionFraming, Extensions};
use crate::ip::{Headers, IpError, OptionFraming, OptionType, Options, Version, v4};
use crate::place::{place, put, swap};
use crate::{NextHeader, ParseError};

/// Zeros for the longest part that is covered as zeros, which is the data of an IPv6 option.
const ZEROS: [u8; 255] = [0; 255];

/// The bit in the type of an IPv6 option that says that its data may change on the way, RFC 8200 section 4.2.
const MAY_CHANGE: u8 = 0x20;

/// The length of an IPv4 header with the most options it can have.
const MAX_BASE_LEN: usize = v4::Header::LEN + v4::Header::MAX_OPTIONS_LEN;

/// The octets of an IP packet that the ICV of AH covers, RFC 4302 section 3.3.3. They are the packet as it will
/// arrive at its destination, with zeros for the ICV and for all that nobody can predict. The packet itself is not
/// changed.
pub struct Covered<'a> {
    /// The IPv4 header with its options, or the IPv6 header, as the ICV covers it.
    base: [u8; MAX_BASE_LEN],
    base_len: usize,
    /// The extension headers between the IPv6 header and AH, as they were sent.
    extensions: Extensions<'a>,
    /// The IPv6 destination address as it was sent. A routing header changes it.
    destination: &'a [u8],
    /// The fixed part of AH.
    fixed: &'a [u8],
    iv: &'a [u8],
    icv_len: usize,
    /// The octets after the ICV: its padding, and the protected payload.
    rest: &'a [u8],
}

/// The reason why the ICV cannot cover a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CoverError {
    Ip(IpError),
    Header(ParseError),
    IcvLen { needed: usize, available: usize },
}

impl From<IpError> for CoverError {
    fn from(error: IpError) -> Self {
        Self::Ip(error)
    }
}

impl From<EmitError> for CoverError {
    fn from(error: EmitError) -> Self {
        Self::Ip(IpError::Emit(error))
    }
}

impl From<LengthError> for CoverError {
    fn from(error: LengthError) -> Self {
        Self::Ip(IpError::Length(error))
    }
}

impl From<ParseError> for CoverError {
    fn from(error: ParseError) -> Self {
        Self::Header(error)
    }
}

impl<'a> Covered<'a> {
    /// Finds what the ICV covers in a whole packet. `headers` are those before AH. The ICV field has an
    /// initialization vector of `iv_len` octets and an ICV of `icv_len`. Returns it with the header of AH and the
    /// octets that follow.
    #[inline]
    pub(crate) fn new(
        packet: &'a [u8],
        headers: &Headers,
        iv_len: usize,
        icv_len: usize,
        quirks: Quirks,
    ) -> Result<(Self, Header<'a>, &'a [u8]), CoverError> {
        let (network, octets) = headers.split(packet);
        let (header, payload) = Header::parse_prefix(octets)?;
        // The suite of the SA fixes the length, never the packet. A longer or shorter ICV field is not from this SA's
        // peer.
        let needed = quirks.header_len(headers.version, iv_len.saturating_add(icv_len));
        let available = octets.len().saturating_sub(payload.len());
        if needed != available {
            return Err(CoverError::IcvLen { needed, available });
        }
        let error = CoverError::IcvLen { needed, available };
        let (fixed, field) = octets.split_at_checked(Header::FIXED_LEN).ok_or(error)?;
        let (iv, rest) = field.split_at_checked(iv_len).ok_or(error)?;
        let rest = rest.get(icv_len..).ok_or(error)?;
        if icv_len > ZEROS.len() {
            return Err(error);
        }
        let mut covered = Self::of(network, headers.version, quirks)?;
        covered.fixed = fixed;
        covered.iv = iv;
        covered.icv_len = icv_len;
        covered.rest = rest;
        Ok((covered, header, payload))
    }

    /// Finds what the ICV covers of the headers before AH.
    #[inline]
    pub(crate) fn of(network: &'a [u8], version: Version, quirks: Quirks) -> Result<Self, CoverError> {
        let mut covered = Self {
            base: [0; MAX_BASE_LEN],
            base_len: 0,
            extensions: Chain::parse(&[], 0, ExtensionFraming { next_header: NextHeader::AH })?,
            destination: &[],
            fixed: &[],
            iv: &[],
            icv_len: 0,
            rest: &[],
        };
        match version {
            Version::V4 => covered.take_v4(network, quirks)?,
            Version::V6 => covered.take_v6(network)?,
        }
        Ok(covered)
    }

    /// Checks that the ICV can cover these headers: their options and routing headers must be sound. AH need not
    /// stand behind them yet.
    #[inline]
    pub(crate) fn check(network: &'a [u8], version: Version) -> Result<(), CoverError> {
        if network.len() == version.header_len() {
            return Ok(());
        }
        Self::of(network, version, Quirks::NONE).map(|_| ())
    }

    /// Returns the initialization vector. It is empty when the algorithm has none.
    #[must_use]
    pub const fn iv(&self) -> &'a [u8] {
        self.iv
    }

    /// Takes an IPv4 header, RFC 4302 section 3.3.3.1.1.
    #[inline]
    fn take_v4(&mut self, header: &[u8], quirks: Quirks) -> Result<(), CoverError> {
        put(&mut self.base, 0, header)?;
        self.base_len = header.len();
        let [_, service, _, _, _, _, flags, offset, time_to_live, _, sum_high, sum_low, ..] = &mut self.base;
        for octet in [service, flags, offset, sum_high, sum_low] {
            *octet = 0;
        }
        if !quirks.covers_time_to_live {
            *time_to_live = 0;
        }
        // default: the fixed part of the header is known to be there.
        let octets = header.get(v4::Header::LEN..).unwrap_or_default();
        if octets.is_empty() { Ok(()) } else { self.take_options(octets) }
    }

    /// Takes the options of IPv4, RFC 4302 section 3.3.3.1.1.2 and appendix A1. An option is covered as a whole or
    /// not at all.
    #[cold]
    fn take_options(&mut self, octets: &[u8]) -> Result<(), CoverError> {
        let options: Options<'_> = v4::options(octets)?;
        for option in &options {
            if !OptionType(option.header.option_type).is_immutable() {
                place(&mut self.base, option.offset, option.octets.len())?.fill(0);
            }
        }
        // The destination is mutable but predictable, so its final value is covered.
        if let Some(address) = v4::final_destination(options) {
            put(&mut self.base, 16, &address)?;
        }
        Ok(())
    }

    /// Takes an IPv6 header with its extension headers, RFC 4302 section 3.3.3.1.2.
    #[inline]
    fn take_v6(&mut self, headers: &'a [u8]) -> Result<(), CoverError> {
        let too_short = wire::Reader::new("IP packet", headers).too_short("IPv6 header", v6::Header::LEN);
        let (header, octets) = headers.split_at_checked(v6::Header::LEN).ok_or(too_short)?;
        put(&mut self.base, 0, header)?;
        self.base_len = v6::Header::LEN;
        let [first, second, third, fourth, _, _, next_header, hop_limit, ..] = &mut self.base;
        *first = 0x60;
        for octet in [second, third, fourth, hop_limit] {
            *octet = 0;
        }
        let next_header = NextHeader(*next_header);
        self.destination = header.get(24..).ok_or(too_short)?;
        if octets.is_empty() { Ok(()) } else { self.take_extensions(next_header, octets) }
    }

    #[cold]
    fn take_extensions(&mut self, next_header: NextHeader, octets: &'a [u8]) -> Result<(), CoverError> {
        let framing = ExtensionFraming { next_header };
        let wire::Parsed { value: extensions, fault, .. } =
            Chain::parse_until_error(octets, v6::Header::LEN, framing);
        // Before AH is inserted, the last header already says that another follows.
        if let Some(error) = fault.filter(|_| extensions.is_cut() || !extensions.rest().is_empty()) {
            return Err(error.into());
        }
        self.extensions = extensions;
        let (mut next, mut fragments) = (next_header, 0u16);
        for extension in &self.extensions {
            match extension.header.kind {
                NextHeader::FRAGMENT => {
                    fragments = fragments.saturating_add(8);
                    if next == NextHeader::FRAGMENT {
                        next = extension.header.next_header;
                    }
                }
                NextHeader::ROUTING => {
                    if let Some(route) = Route::of(extension.octets)? {
                        put(&mut self.base, 24, route.last)?;
                    }
                }
                _ => {
                    let options: Result<Options<'_>, LengthError> =
                        Chain::parse(extension.value, extension.value_offset, OptionFraming::V6);
                    options?;
                }
            }
        }
        // RFC 4302 appendix A2: a fragment header that stands in a whole packet is removed before the ICV is
        // computed.
        let [_, _, _, _, high, low, place, ..] = &mut self.base;
        *place = next.0;
        [*high, *low] = u16::from_be_bytes([*high, *low]).saturating_sub(fragments).to_be_bytes();
        Ok(())
    }

    /// Calls `put` with everything that is covered, one piece after another.
    #[inline]
    pub fn for_each(&self, mut put: impl FnMut(&[u8])) {
        self.for_each_of_headers(&mut put);
        put(self.fixed);
        put(self.iv);
        // default: `new` refuses a longer ICV.
        put(ZEROS.get(..self.icv_len).unwrap_or_default());
        put(self.rest);
    }

    /// Calls `put` with the pieces that are covered of the headers before AH.
    #[inline]
    fn for_each_of_headers(&self, put: &mut impl FnMut(&[u8])) {
        // default: `base_len` is set only after as many octets were written.
        put(self.base.get(..self.base_len).unwrap_or_default());
        if !self.extensions.is_empty() {
            self.for_each_extension(put);
        }
    }

    #[inline(never)]
    fn for_each_extension(&self, put: &mut impl FnMut(&[u8])) {
        let mut extensions = self.extensions.iter();
        let mut following = extensions.next();
        let mut destination = self.destination;
        while let Some(extension) = following {
            following = extensions.next();
            let mut next = extension.header.next_header;
            // This is the next header field after fragment headers are removed.
            while let Some(fragment) =
                following.filter(|following| following.header.kind == NextHeader::FRAGMENT)
            {
                next = fragment.header.next_header;
                following = extensions.next();
            }
            // default: an extension header has more than one octet.
            let octets = extension.octets.get(1..).unwrap_or_default();
            match extension.header.kind {
                // A fragment header before all others is skipped, because the base already names the header after it.
                NextHeader::FRAGMENT => continue,
                NextHeader::ROUTING => match Route::of(extension.octets) {
                    Ok(Some(route)) => {
                        put(&[next.0]);
                        route.for_each(destination, put);
                        // Another route would begin at this address.
                        destination = route.last;
                    }
                    _ => {
                        put(&[next.0]);
                        put(octets);
                    }
                },
                _ => {
                    put(&[next.0]);
                    // default: an extension header has more than one octet.
                    put(octets.get(..1).unwrap_or_default());
                    let wire::Parsed { value: options, .. } =
                        Chain::parse_until_error(extension.value, extension.value_offset, OptionFraming::V6);
                    for option in options.iter().filter(|option| !option.is_cut()) {
                        if option.header.option_type & MAY_CHANGE == 0 {
                            put(option.octets);
                        } else {
                            // RFC 4302 section 3.3.3.1.2.2: type and length are covered as they are, the data as zeros.
                            // default: an option that is not Pad1 has type and length.
                            put(option.octets.get(..2).unwrap_or_default());
                            // default: the length of an option is one octet.
                            put(ZEROS.get(..option.value.len()).unwrap_or_default());
                        }
                    }
                }
            }
        }
    }
}

/// Headers before AH that were put aside, so that their covered form can stand in their place.
pub(crate) struct PutAside {
    octets: [u8; MAX_PUT_ASIDE_LEN],
    len: usize,
}

/// The greatest length in octets of headers that can be put aside.
pub(crate) const MAX_PUT_ASIDE_LEN: usize = 256;

impl PutAside {
    /// Puts the headers of `packet` aside, and writes what the ICV covers of them to their place.
    pub(crate) fn swap_in(packet: &mut [u8], headers: &Headers, quirks: Quirks) -> Result<Self, CoverError> {
        let len = headers.len;
        if len > MAX_PUT_ASIDE_LEN {
            return Err(IpError::HeadersLen { len, max: MAX_PUT_ASIDE_LEN }.into());
        }
        let mut aside = Self { octets: [0; MAX_PUT_ASIDE_LEN], len };
        let (mut at, mut fits) = (0usize, true);
        let (network, _) = headers.split(packet);
        Covered::of(network, headers.version, quirks)?.for_each_of_headers(&mut |piece: &[u8]| {
            fits = fits && put(&mut aside.octets, at, piece).is_ok();
            at = at.saturating_add(piece.len());
        });
        if at != len || !fits {
            // The ICV is computed as if the fragment header were removed, but here that would move all that follows.
            return Err(IpError::Fragment { offset: 0, more: false }.into());
        }
        aside.swap(packet)?;
        Ok(aside)
    }

    /// Checks that these headers can be put aside. AH need not stand behind them yet.
    pub(crate) fn check(network: &[u8], headers: &Headers) -> Result<(), CoverError> {
        let len = headers.len;
        if len == headers.version.header_len() {
            return Ok(());
        }
        if len > MAX_PUT_ASIDE_LEN {
            return Err(IpError::HeadersLen { len, max: MAX_PUT_ASIDE_LEN }.into());
        }
        let mut covered_len = 0usize;
        Covered::of(network, headers.version, Quirks::NONE)?
            .for_each_of_headers(&mut |piece: &[u8]| covered_len = covered_len.saturating_add(piece.len()));
        if covered_len == len { Ok(()) } else { Err(IpError::Fragment { offset: 0, more: false }.into()) }
    }

    /// Puts the headers back.
    pub(crate) fn swap(&mut self, packet: &mut [u8]) -> Result<(), EmitError> {
        swap(packet, 0, place(&mut self.octets, 0, self.len)?)
    }
}

impl fmt::Debug for Covered<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Covered")
            .field("base_len", &self.base_len)
            .field("extensions", &self.extensions.element_count())
            .field("icv_len", &self.icv_len)
            .finish_non_exhaustive()
    }
}

/// The addresses of a routing header that is not used up: type 0 (RFC 2460, to which RFC 8200 section 4.4 points) or
/// type 2 (RFC 6275 section 6.4, with one address).
struct Route<'a> {
    /// The length and type.
    start: &'a [u8],
    /// The reserved octets.
    reserved: &'a [u8],
    /// The addresses that the packet has visited.
    visited: &'a [u8],
    /// The addresses that are still to come, without the last.
    coming: &'a [u8],
    /// The last address, which is the final destination.
    last: &'a [u8],
}

impl<'a> Route<'a> {
    /// Reads the route. `None` when the header is used up, because it does not change any more.
    fn of(octets: &'a [u8]) -> Result<Option<Self>, IpError> {
        let [_, _, routing_type, segments_left, ..] = *octets else { return Ok(None) };
        if segments_left == 0 {
            return Ok(None);
        }
        if routing_type != 0 && routing_type != 2 {
            return Err(IpError::RoutingType { routing_type, segments_left });
        }
        let error = IpError::RoutingHeader { len: octets.len(), segments_left };
        let (head, addresses) = octets.split_at_checked(8).ok_or(error)?;
        if !addresses.len().is_multiple_of(16) {
            return Err(error);
        }
        let left = usize::from(segments_left).saturating_mul(16);
        let (visited, left) =
            addresses.len().checked_sub(left).and_then(|at| addresses.split_at_checked(at)).ok_or(error)?;
        let (coming, last) =
            left.len().checked_sub(16).and_then(|at| left.split_at_checked(at)).ok_or(error)?;
        let (start, reserved) = (head.get(1..3).ok_or(error)?, head.get(4..).ok_or(error)?);
        Ok(Some(Self { start, reserved, visited, coming, last }))
    }

    /// Calls `put` with the header as it will arrive, without its first octet. On the way, each hop replaces the next
    /// address with its own.
    fn for_each(&self, destination: &[u8], put: &mut impl FnMut(&[u8])) {
        put(self.start);
        put(&[0]);
        put(self.reserved);
        put(self.visited);
        put(destination);
        put(self.coming);
    }
}
