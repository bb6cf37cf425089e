//! The lengths that packets declare for themselves.

/// The next header value of IPv6 that says that nothing follows, RFC 8200 section 4.7.
const NO_NEXT_HEADER: u8 = 59;

/// Returns the length of the IP packet that begins here; `None` when the length it declares cannot be right.
pub(crate) fn of_ip(octets: &[u8]) -> Option<usize> {
    let word = |at: usize| {
        let octets = octets.get(at..)?.first_chunk()?;
        Some(usize::from(u16::from_be_bytes(*octets)))
    };
    match *octets.first()? >> 4 {
        4 => word(2).filter(|len| *len >= 20),
        6 => {
            let nothing_follows = octets.get(6) == Some(&NO_NEXT_HEADER);
            word(4).filter(|len| *len != 0 || nothing_follows).map(|len| len.saturating_add(40))
        }
        _ => None,
    }
}

/// Returns the length of the ARP packet that begins here, RFC 826: 8 octets, and two addresses of each of two lengths.
pub(crate) fn of_arp(octets: &[u8]) -> Option<usize> {
    let (hardware, protocol) = (*octets.get(4)?, *octets.get(5)?);
    Some(usize::from(hardware).saturating_add(usize::from(protocol)).saturating_mul(2).saturating_add(8))
}

/// The greatest value of the type field of Ethernet that is a length instead: IEEE 802.3.
pub(crate) const GREATEST_802_3_LENGTH: u16 = 1500;

/// Whether the type field of Ethernet is a length. 0 is not a length, because no frame is empty. It is an unknown type.
pub(crate) const fn is_802_3(ethertype: u16) -> bool {
    ethertype != 0 && ethertype <= GREATEST_802_3_LENGTH
}
