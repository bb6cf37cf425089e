//! The extensions that stand behind the packet that an ICMP error quotes, RFC 4884 section 7: labels of MPLS (RFC 4950)
//! and what is known of an interface (RFC 5837).

use wire::{Chain, Element, InternetChecksum, LengthError, Reader};

use crate::packet::{Octets, Packet, Quoted, wrong_checksum};
use crate::read_only::{ReadOnly, Split};
use crate::sink::{Protocol, Reason, Sink, Value};
use crate::words::Words;

/// The extensions of an error of `ICMPv6`. They are ICMP's, with ICMP's names.
pub(crate) static EXTENSIONS: Protocol = Protocol { filter: "icmp", title: "ICMP Multi-Part Extensions" };

/// The least length of a quoted packet that extensions follow, RFC 4884 section 3.
pub(crate) const LEAST_QUOTED: usize = 128;

const HEADER_LEN: usize = 4;
const VERSION: u8 = 2;

/// The class of the labels of MPLS, RFC 4950 section 4, and its C-Type.
const LABEL_STACK: (u8, u8) = (1, 1);
/// The class of what is known of an interface, RFC 5837 section 4.
const INTERFACE: u8 = 2;

const IPV4: u64 = 1;
const IPV6: u64 = 2;

/// The framing of the objects, RFC 4884 section 7.1. Each has a class and a C-Type.
#[derive(Clone, Copy, Debug)]
struct Objects;

impl Split for Objects {
    type Header = (u8, u8);
    const ELEMENT: &'static str = "ICMP extension object";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, (u8, u8)>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [high, low, class, c_type] = *reader.peek(Self::ELEMENT)?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let Some(value_len) = len.checked_sub(HEADER_LEN) else {
            return Err(reader.declared_too_short(Self::ELEMENT, HEADER_LEN, len));
        };
        reader.element(Self::ELEMENT, (class, c_type), HEADER_LEN, value_len, 0).map(Some)
    }
}

/// The name of a class, from IANA's registry of ICMP extension object classes.
const fn name_of(class: u8) -> Option<&'static str> {
    Some(match class {
        1 => "MPLS Label Stack Class",
        INTERFACE => "Interface Information Object",
        3 => "Interface Identification Object",
        _ => return None,
    })
}

/// Separates what follows the header of an error of `ICMPv4` into the quoted packet and the extensions. `quoted_len` is the
/// length of the quoted packet in octets, or 0 when the message tells none.
pub(crate) fn separate<'a>(after_header: &Octets<'a>, quoted_len: usize) -> (Octets<'a>, Octets<'a>) {
    if quoted_len != 0 {
        return (after_header.first(quoted_len), after_header.after(quoted_len));
    }
    // RFC 4884 section 5.5: an old sender tells no length and quotes 128 octets. Only a checksum tells its extensions
    // from more octets of the packet.
    let rest = after_header.after(LEAST_QUOTED);
    let [first, _, high, low] = rest.padded();
    let has_checksum = rest.octets.len() >= HEADER_LEN && [high, low] != [0; 2];
    if !rest.cut && first >> 4 == VERSION && has_checksum && InternetChecksum::of(rest.octets) == 0 {
        return (after_header.first(LEAST_QUOTED), rest);
    }
    (*after_header, after_header.after(after_header.octets.len()))
}

/// Reports a length of the quoted packet that is greater than the message, or less than RFC 4884 allows.
pub(crate) fn check_length<S: Sink>(
    packet: &mut Packet<'_, S>,
    protocol: &'static str,
    after_header: &Octets<'_>,
    quoted_len: usize,
) {
    let len = after_header.octets.len();
    if quoted_len > len && !after_header.cut {
        packet.fault(protocol, after_header.too_short("original datagram", quoted_len), after_header.whole());
    }
    if quoted_len < LEAST_QUOTED && quoted_len < len && quoted_len != 0 && packet.wants_departures() {
        packet.departure(
            format_args!(
                "the original datagram has {quoted_len} octets, but in front of extensions it must have at least \
                 {LEAST_QUOTED}"
            ),
            "RFC 4884 section 3",
            after_header.span(0, quoted_len),
        );
    }
}

/// Shows the extensions, if there are any.
pub(crate) fn fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if octets.octets.is_empty() {
        return;
    }
    let mut inside = packet.enter_field("icmp.ext", Value::Opaque(octets.octets), octets.whole());
    let mut words = Words::new(&mut inside, octets);
    if octets.octets.len() < HEADER_LEN {
        if !octets.cut {
            let needed = octets.too_short("ICMP extension header", HEADER_LEN);
            words.fault("icmp", needed, octets.whole());
        }
        return words.opaque("icmp.ext.data", octets);
    }
    words.bits::<1>("icmp.ext.version", 0, 0xf0);
    words.bits::<2>("icmp.ext.res", 0, 0x0fff);
    words.hexadecimal::<2>("icmp.ext.checksum", 2);
    if !octets.cut && !words.around.is_short && words.around.quoted != Quoted::Cut {
        checksum_status(&mut words, octets);
    }
    let [first, ..] = octets.padded::<HEADER_LEN>();
    let after_header = octets.after(HEADER_LEN);
    if first >> 4 != VERSION {
        words.fault("icmp", Reason::Version(first >> 4), octets.span(0, 1));
        return words.opaque("icmp.ext.data", after_header);
    }
    objects(&mut words, after_header);
}

fn checksum_status<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>) {
    let (name, span) = ("icmp.ext.checksum.status", octets.span(2, 2));
    if words.word::<2>(2) == 0 {
        // Wireshark's number for a checksum that was not sent.
        return words.field(name, Value::Unsigned(3), span);
    }
    let wrong = wrong_checksum(InternetChecksum::new(), &octets);
    words.field(name, Value::Unsigned(wrong.is_none().into()), span);
    if let Some((found, computed)) = wrong {
        words.fault("icmp", Reason::IcmpExtensionChecksum { found, computed }, span);
    }
}

fn objects<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let read = Chain::parse_until_error(octets.octets, octets.start, ReadOnly(Objects));
    let mut end = 0;
    for element in read.value.iter() {
        let at = element.offset.saturating_sub(octets.start);
        end = at.saturating_add(element.octets.len());
        // What an object lacks is told once, for the object.
        let whole = Octets { cut: element.missing != 0, ..octets.after(at).first(element.octets.len()) };
        object(packet, whole, element.header);
    }
    if let Some(fault) = read.fault
        && !octets.cut
    {
        packet.fault("icmp", fault, octets.whole());
    }
    packet.opaque("icmp.ext.data", octets.after(end));
}

fn object<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, (class, c_type): (u8, u8)) {
    let mut inside = packet.enter_field("icmp.ext.object", Value::Opaque(octets.octets), octets.whole());
    let mut words = Words::new(&mut inside, octets);
    words.number::<2>("icmp.ext.length", 0);
    words.part("icmp.ext.class", Value::Named(class.into(), name_of(class)), &octets, 2, 1);
    if class == INTERFACE {
        return interface(&mut words, octets, c_type);
    }
    words.number::<1>("icmp.ext.ctype", 3);
    if (class, c_type) == LABEL_STACK {
        labels(&mut words, octets.after(HEADER_LEN));
    } else {
        words.opaque("icmp.ext.data", octets.after(HEADER_LEN));
    }
}

/// Shows a label stack, RFC 4950 section 4.
fn labels<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let mut rest = octets;
    while rest.octets.len() >= 4 {
        let mut words = Words::new(packet, rest);
        words.bits::<3>("icmp.mpls.label", 0, 0x00ff_fff0);
        words.bits::<3>("icmp.mpls.exp", 0, 0x0e);
        words.flag::<3>("icmp.mpls.s", 0, 0x01);
        words.number::<1>("icmp.mpls.ttl", 3);
        rest = rest.after(4);
    }
    if !rest.octets.is_empty() {
        if !rest.cut {
            packet.fault("icmp", rest.too_short("MPLS label stack entry", 4), rest.whole());
        }
        packet.opaque("icmp.mpls.data", rest);
    }
}

/// Shows what is known of an interface, RFC 5837 section 4. Bits of the C-Type say which parts there are.
fn interface<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>, c_type: u8) {
    let mut inside = words.enter_field("icmp.ext.ctype", Value::Unsigned(c_type.into()), octets.span(3, 1));
    let mut bits = Words::new(&mut inside, octets);
    bits.bits::<1>("icmp.int_info.role", 3, 0xc0);
    bits.bits::<1>("icmp.int_info.reserved", 3, 0x30);
    bits.flag::<1>("icmp.int_info.ifindex", 3, 0x08);
    bits.flag::<1>("icmp.int_info.ipaddr", 3, 0x04);
    bits.flag::<1>("icmp.int_info.name_present", 3, 0x02);
    bits.flag::<1>("icmp.int_info.mtu_present", 3, 0x01);
    inside.leave();
    let mut at = HEADER_LEN;
    if c_type & 0x08 != 0 {
        words.number::<4>("icmp.int_info.index", at);
        at = at.saturating_add(4);
    }
    if c_type & 0x04 != 0 {
        let family = words.number::<2>("icmp.int_info.afi", at);
        words.octets("icmp.reserved", at.saturating_add(2), 2);
        at = at.saturating_add(4);
        match family {
            IPV4 => {
                words.ipv4("icmp.int_info.ipv4", at);
                at = at.saturating_add(4);
            }
            IPV6 => {
                words.ipv6("icmp.int_info.ipv6", at);
                at = at.saturating_add(16);
            }
            // The length of an address of another family is not known, nor where what follows it begins.
            _ if at < octets.octets.len() => {
                return words.opaque("icmp.int_info.ipunknown", octets.after(at));
            }
            _ => {}
        }
    }
    if c_type & 0x02 != 0 {
        at = name(words, octets, at);
    }
    if c_type & 0x01 != 0 {
        words.number::<4>("icmp.int_info.mtu", at);
        at = at.saturating_add(4);
    }
    if at <= octets.octets.len() {
        words.opaque("icmp.ext.data", octets.after(at));
    } else if !octets.cut {
        words.fault("icmp", octets.too_short("interface information object", at), octets.whole());
    }
}

/// Shows the name of an interface, RFC 5837 section 4.3, and returns where it ends. Its length counts itself.
fn name<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>, at: usize) -> usize {
    words.number::<1>("icmp.int_info.name_length", at);
    let Some(len) = octets.octets.get(at).copied().map(usize::from) else { return at.saturating_add(1) };
    if len == 0 {
        let reason = Reason::LengthField { field: "icmp.int_info.name_length", value: len, least: 1 };
        words.fault("icmp", reason, octets.span(at, 1));
    }
    let text = octets.after(at.saturating_add(1)).first(len.saturating_sub(1));
    if len > 1 {
        words.field("icmp.int_info.name", Value::Text(text.octets), text.whole());
    }
    at.saturating_add(len.max(1))
}
