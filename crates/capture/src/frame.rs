//! One captured frame, its time and its link type.

use std::fmt;
use std::time::{Duration, SystemTime};

/// One captured frame. It borrows its octets from the reader.
///
/// `Debug` shows the number of captured octets, but not the octets, because they may hold keys and passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Number of the frame in its file, counted from 1, as tshark counts. Records that tshark counts although they hold
    /// no packet take a number, so there may be gaps (see [`Capture`](crate::Capture)).
    ///
    /// [`Writer`](crate::Writer) uses the number in errors only. Formats do not record it.
    pub number: u64,
    /// Time of capture. `None` when the file does not give it.
    pub time: Option<Timestamp>,
    /// How many decimals of a second the file records for the time, from 0 to 9.
    pub time_digits: u8,
    /// Link type, which tells how to interpret the octets.
    pub link: LinkType,
    /// Length of the frame on the wire, in octets. It is more than `octets` has when the frame was cut. It may also be
    /// less, because it is what the file states, and some writers state a length that is too small.
    pub len: usize,
    /// The captured octets.
    pub octets: &'a [u8],
}

impl Frame<'_> {
    /// Whether fewer octets were captured than the frame had on the wire.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.octets.len() < self.len
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Frame")
            .field("number", &self.number)
            .field("time", &self.time)
            .field("time_digits", &self.time_digits)
            .field("link", &self.link)
            .field("len", &self.len)
            .field("captured_len", &self.octets.len())
            .finish_non_exhaustive()
    }
}

/// A point in time, in nanoseconds since the start of 1970 UTC. It is negative for a time before that.
///
/// `Display` writes seconds since 1970 with nine decimals, or with as many as the precision says. Further decimals are cut
/// off, not rounded. [`Frame::time_digits`] is how many the file records.
///
/// ```
/// use std::time::Duration;
/// use vpnwire_capture::Timestamp;
///
/// let time = Timestamp(1_600_000_000_123_456_789);
/// assert_eq!(time.to_string(), "1600000000.123456789");
/// assert_eq!(format!("{time:.6}"), "1600000000.123456");
/// assert_eq!(time.since_1970(), Some(Duration::new(1_600_000_000, 123_456_789)));
/// assert_eq!(time.system_time().map(Timestamp::from), Some(time));
/// assert_eq!(Timestamp::from(Duration::from_millis(1500)), Timestamp(1_500_000_000));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i128);

impl Timestamp {
    const SECOND: u128 = 1_000_000_000;

    /// Returns the time that has passed since the start of 1970. `None` for a time before 1970, and for one that is too
    /// late for a [`Duration`].
    #[must_use]
    pub fn since_1970(&self) -> Option<Duration> {
        if self.0 < 0 { None } else { duration_of(self.0.unsigned_abs()) }
    }

    /// Returns the time as the standard library has it. `None` when the operating system cannot express it.
    #[must_use]
    pub fn system_time(&self) -> Option<SystemTime> {
        let distance = duration_of(self.0.unsigned_abs())?;
        if self.0 < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

/// Converts a number of nanoseconds. `None` when the seconds need more than 64 bits.
fn duration_of(nanoseconds: u128) -> Option<Duration> {
    let seconds = u64::try_from(nanoseconds.checked_div(Timestamp::SECOND)?).ok()?;
    let rest = u32::try_from(nanoseconds.checked_rem(Timestamp::SECOND)?).ok()?;
    Some(Duration::new(seconds, rest))
}

impl From<Duration> for Timestamp {
    /// The point in time that is this long after the start of 1970.
    fn from(since_1970: Duration) -> Self {
        // default: never taken, because no duration reaches 2^94 nanoseconds.
        Self(i128::try_from(since_1970.as_nanos()).unwrap_or(i128::MAX))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Self::from(after),
            Err(error) => Self(Self::from(error.duration()).0.saturating_neg()),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: usize = 9;
        let distance = self.0.unsigned_abs();
        let (seconds, mut rest) = (distance / Self::SECOND, distance % Self::SECOND);
        let sign = if self.0 < 0 { "-" } else { "" };
        // default: without a precision, all decimals are written.
        let digits = formatter.precision().unwrap_or(DIGITS).min(DIGITS);
        if digits == 0 {
            return write!(formatter, "{sign}{seconds}");
        }
        for _ in digits..DIGITS {
            rest /= 10;
        }
        write!(formatter, "{sign}{seconds}.{rest:0digits$}")
    }
}

wire::registry! {
    /// Link type of a frame, with the numbers and the constants of the registry at tcpdump.org. That a type has a name
    /// does not mean that the dissector looks into it.
    pub struct LinkType(u32) {
        /// BSD loopback. The address family comes first, in the byte order of the capturing host.
        NULL = 0 => "null",
        /// Ethernet.
        ETHERNET = 1 => "Ethernet",
        /// AX.25 packets of amateur radio.
        AX25 = 3 => "AX.25",
        /// Token ring.
        IEEE802_5 = 6 => "IEEE 802.5 token ring",
        /// SLIP, with a header of its direction.
        SLIP = 8 => "SLIP",
        /// PPP, with or without HDLC-like framing.
        PPP = 9 => "PPP",
        /// FDDI.
        FDDI = 10 => "FDDI",
        /// Raw IP, with the number of some BSDs.
        RAW_12 = 12 => "raw IP (12)",
        /// Raw IP, with the number of OpenBSD.
        RAW_14 = 14 => "raw IP (14)",
        /// PPP in HDLC-like framing, or Cisco HDLC.
        PPP_HDLC = 50 => "PPP in HDLC-like framing",
        /// PPPoE, from its own header on.
        PPP_ETHER = 51 => "PPPoE",
        /// ATM with LLC, RFC 1483.
        ATM_RFC1483 = 100 => "ATM RFC 1483",
        /// Raw IP, version 4 or 6.
        RAW = 101 => "raw IP",
        /// Cisco HDLC.
        C_HDLC = 104 => "Cisco HDLC",
        /// Wireless LAN.
        IEEE802_11 = 105 => "IEEE 802.11",
        /// Frame Relay.
        FRELAY = 107 => "Frame Relay",
        /// OpenBSD loopback. The address family comes first, in network byte order.
        LOOP = 108 => "loopback",
        /// The `enc` interface of the BSDs: packets of IPsec before or after the transform.
        ENC = 109 => "OpenBSD enc",
        /// Linux cooked capture, version 1.
        LINUX_SLL = 113 => "Linux cooked v1",
        /// The log of the packet filter `pf`.
        PFLOG = 117 => "OpenBSD pflog",
        /// Wireless LAN behind a Prism header.
        IEEE802_11_PRISM = 119 => "IEEE 802.11 with Prism header",
        /// IP over Fibre Channel.
        IP_OVER_FC = 122 => "IP over Fibre Channel",
        /// ATM as SunATM captures it.
        SUNATM = 123 => "SunATM",
        /// Wireless LAN behind a radiotap header.
        IEEE802_11_RADIOTAP = 127 => "IEEE 802.11 with radiotap header",
        /// IP over IEEE 1394, as Apple captures it.
        APPLE_IP_OVER_IEEE1394 = 138 => "Apple IP over IEEE 1394",
        /// DOCSIS.
        DOCSIS = 143 => "DOCSIS",
        /// PPP behind an octet of its direction, as `pppd` logs it.
        PPP_PPPD = 166 => "PPP with direction (pppd)",
        /// GPRS LLC.
        GPRS_LLC = 169 => "GPRS LLC",
        /// LAPD, as Linux captures it.
        LINUX_LAPD = 177 => "Linux LAPD",
        /// Multi-Link Frame Relay.
        MFR = 182 => "Multi-Link Frame Relay",
        /// Bluetooth HCI.
        BLUETOOTH_HCI_H4 = 187 => "Bluetooth HCI",
        /// USB, as Linux captures it.
        USB_LINUX = 189 => "USB (Linux)",
        /// Per-Packet Information, with a link type of its own.
        PPI = 192 => "PPI",
        /// IEEE 802.15.4 with a check sequence.
        IEEE802_15_4_WITHFCS = 195 => "IEEE 802.15.4",
        /// Records of Endace.
        ERF = 197 => "Endace ERF",
        /// LAPD.
        LAPD = 203 => "LAPD",
        /// PPP behind an octet of its direction.
        PPP_WITH_DIR = 204 => "PPP with direction",
        /// Cisco HDLC behind an octet of its direction.
        C_HDLC_WITH_DIR = 205 => "Cisco HDLC with direction",
        /// Frame Relay behind an octet of its direction.
        FRELAY_WITH_DIR = 206 => "Frame Relay with direction",
        /// USB, as Linux captures it, with a longer header.
        USB_LINUX_MMAPPED = 220 => "USB (Linux, mmapped)",
        /// The `ipnet` interface of Solaris.
        IPNET = 226 => "Solaris ipnet",
        /// CAN, as Linux captures it.
        CAN_SOCKETCAN = 227 => "SocketCAN",
        /// Raw IPv4.
        IPV4 = 228 => "raw IPv4",
        /// Raw IPv6.
        IPV6 = 229 => "raw IPv6",
        /// IEEE 802.15.4 without a check sequence.
        IEEE802_15_4_NOFCS = 230 => "IEEE 802.15.4 without FCS",
        /// Packets that Linux's netfilter logs, behind a header and attributes.
        NFLOG = 239 => "NFLOG",
        /// IP over InfiniBand.
        IPOIB = 242 => "IP over InfiniBand",
        /// InfiniBand.
        INFINIBAND = 247 => "InfiniBand",
        /// SCTP, without anything in front.
        SCTP = 248 => "SCTP",
        /// USB, as Windows captures it.
        USBPCAP = 249 => "USBPcap",
        /// Messages of upper protocols that Wireshark exports.
        WIRESHARK_UPPER_PDU = 252 => "Wireshark upper PDU",
        /// Messages of Linux's netlink.
        NETLINK = 253 => "Linux netlink",
        /// Apple's `pktap`, with a link type of its own.
        PKTAP = 258 => "Apple pktap",
        /// Linux's sockets between virtual machines.
        VSOCK = 271 => "vsock",
        /// Linux cooked capture, version 2.
        LINUX_SLL2 = 276 => "Linux cooked v2",
        /// Traces of VPP.
        VPP_DISPATCH = 280 => "VPP dispatch trace",
        /// Ethernet with a switch tag of Broadcom.
        DSA_TAG_BRCM = 281 => "Broadcom switch tag",
        /// Ethernet with a switch tag of Marvell.
        DSA_TAG_DSA = 284 => "Marvell DSA switch tag",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_seconds_with_as_many_decimals_as_are_asked_for() {
        for (time, text) in [
            (0, "0.000000000"),
            (1, "0.000000001"),
            (1_999_999_999, "1.999999999"),
            (-1, "-0.000000001"),
            (-1_500_000_000, "-1.500000000"),
            (i128::MIN, "-170141183460469231731687303715.884105728"),
        ] {
            assert_eq!(Timestamp(time).to_string(), text);
        }
        let time = Timestamp(1_600_000_000_987_654_321);
        assert_eq!(format!("{time:.0} {time:.1} {time:.20}"), "1600000000 1600000000.9 1600000000.987654321");
    }

    #[test]
    fn a_time_goes_both_ways_where_the_other_type_can_hold_it() {
        for time in [0, 1, 999_999_999, 1_600_000_000_123_456_700].map(Timestamp) {
            assert_eq!(time.since_1970().map(Timestamp::from), Some(time));
            // Windows counts in units of 100 nanoseconds.
            let coarse = Timestamp(time.0 / 100 * 100);
            assert_eq!(coarse.system_time().map(Timestamp::from), Some(coarse));
        }
        assert_eq!(Timestamp(-1).since_1970(), None);
        assert_eq!(
            Timestamp(-1_500_000_000).system_time().map(Timestamp::from),
            Some(Timestamp(-1_500_000_000))
        );
        assert_eq!(Timestamp(i128::MAX).since_1970(), None);
        assert_eq!(Timestamp(i128::MAX).system_time(), None);
        let last = Timestamp::from(Duration::MAX);
        assert_eq!(
            (last, last.since_1970()),
            (Timestamp(18_446_744_073_709_551_615_999_999_999), Some(Duration::MAX))
        );
    }
}
