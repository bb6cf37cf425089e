//! The notes below the options in the help and in the manual pages.

pub(crate) const SECRETS: &str = "\
Secrets: a command line can be read by every user of the machine while the command runs (ps shows it), and it stays in the \
history of the shell. Give secrets in files that only you can read, or on standard input. The options --keys, --hsrp-key-file and \
--psk-file take everything that --esp-sa, --ah-sa, --ike-key, --hsrp-key and --psk take.";

pub(crate) const SHOWN: &str = "\
Passwords shown: a key that you give is never shown. The tree (-V, -x) and --json do show the passwords that packets carry: the \
text authentication of HSRP (hsrp.auth_data and hsrp2.auth_data), the password in NHRP's authentication extension \
(nhrp.auth_ext.data), and, in ISAKMP messages that are decrypted, the user names, passwords and answers of XAUTH \
(isakmp.cfg.attr.xauth). Keep such output as safe as the passwords.";

pub(crate) const DISSECT_NOTES: &str = "\
Damaged packets: a part that is damaged or cut is named in brackets, with what is wrong and at which offset. The rest of the packet \
is shown.

JSON: each line is one object with the keys frame, time (RFC 3339, UTC, nanoseconds; null when the file has no time), len, \
captured_len, protocols, fields, faults and departures. When several files are read, it also has the key file. Each field is an array of its \
values, in the order in which they occur. Numbers are numbers, addresses are text, and octets are lower-case hexadecimal without \
separators. Octets that no protocol decodes are an object with their number as len; --octets adds them in hexadecimal. Each fault \
is an object with protocol, cause, source (0 is the frame; other numbers are octets that were reassembled or decrypted from it), offset \
and len in octets, and reason. Its cause is packet when the packet is broken or its receiver refuses it, cut when the capture ends inside \
the packet, and missing when packets before it are not in the capture. Each departure from an RFC is an object with reference, source, \
offset, len and text.

Live capture: with -i, the frames are those that the interface receives and sends, and each is shown as soon as it comes. The options \
are those for files. Ethernet, loopback and tun interfaces can be captured. The kernel takes the VLAN tag out of most received frames, so \
these are shown without it. Packets that this machine sends may have no checksums yet, because the network card fills them in. When \
frames come faster than they are read, the kernel drops some, and a message at the end says how many. Run the command as root, or give \
the program the capability: sudo setcap cap_net_raw+ep PATH-OF-VPNWIRE

Examples:
  vpnwire dissect failover.pcap
  vpnwire dissect -V --protocol hsrp --hsrp-key-file hsrp-keys failover.pcapng.gz
  vpnwire dissect --ios --protocol isakmp negotiation.pcap
  vpnwire dissect --keys xfrm-state.txt --decrypted inner.pcap tunnel.pcap
  vpnwire dissect --ios --protocol ha failover.pcap
  tcpdump -w - udp port 1985 | vpnwire dissect -
  vpnwire dissect -i eth0 -c 100 --protocol hsrp,isakmp
  vpnwire dissect --json *.pcap | jq 'select(.fields[\"hsrp.opcode\"] == [1])'

Exit status:
  0  Every capture was read to its end. Damaged packets do not change this.
  1  A capture is damaged or ends in the middle of a packet, or the interface went down. The
     packets before that are shown.
  2  A file or an interface cannot be opened, a file cannot be written or is not a capture, or an
     option or a key is not valid.";

pub(crate) const STATS_NOTES: &str = "\
Output: tables of the protocols, of the SAs of ESP and AH, of the ISAKMP SAs, of the HSRP groups, of the faults and of the departures \
from an RFC. A table without rows is left out. Octets are those of the frames, as they were on the wire. Times are seconds from the \
first frame. A frame that holds a protocol several times is counted once. Packets that another packet quotes, as NHRP's Error \
Indication does, are not counted as packets of their SAs.

SAs: an SA is what one sender sends to one receiver under one SPI. missing is how many sequence numbers between the lowest and the \
highest no packet had: packets were lost, or they were not captured. A packet that comes late is not missing. replayed is how many authentic packets have a number that was seen \
before, and seen twice how many packets that no key verifies: those were replayed, or captured twice. wrong ICV is how many packets \
are not authentic under the keys that are given. Their numbers do not count, so they may be among the missing ones. ≤ before a number of missing ones says that some packets \
came so late that they may have filled gaps.

Kinds: faults and departures with the same words are one kind, and N stands for their numbers.

Limits: the memory does not grow with the capture. 4096 SAs of ESP and AH, 4096 ISAKMP SAs, 4096 HSRP groups with 16 senders each, and \
256 kinds of faults and of departures are told apart. What comes after these is counted as others.

JSON: one object with the keys files, frames, protocols, sas, isakmp_sas, hsrp_groups, faults, departures and others. frames, and \
packets and messages further inside, are objects with count, octets, first and last (RFC 3339, UTC, nanoseconds; null when the file \
has no time). The numbers of an SA are an object with first and last as captured, lowest, highest, missing and unjudged, which is how \
many packets came too late to be judged. The first of a kind of faults or departures is an object with file and frame.

Examples:
  vpnwire stats tunnel.pcap
  vpnwire stats --keys xfrm-state.txt part-1.pcap part-2.pcap
  vpnwire stats --json tunnel.pcap | jq '.sas[] | select(.numbers.missing > 0)'

Exit status:
  0  Every capture was read to its end. Damaged packets do not change this.
  1  A capture is damaged or ends in the middle of a packet. The packets before that are counted.
  2  A file cannot be opened or is not a capture, or an option or a key is not valid.";

pub(crate) const ROUNDTRIP_NOTES: &str = "\
Output: one line for each protocol, with the counts over all files. seen is the number of messages, and the sum of the next five. \
identical: the same octets came out. corrected: only derived values that were wrong in the packet (a checksum, a length) differ. \
different: other octets differ too. undecodable: the message is malformed. opaque: the message is encrypted, \
and no key is known. truncated: the capture cut the message; it is not in seen. octets_copied is the number of octets that were \
copied because their type is unknown, and octets_rebuilt is the number of all others.

Damaged captures: a capture that is cut or damaged is reported on standard error. The packets before that are counted.

Examples:
  vpnwire roundtrip *.pcap
  vpnwire roundtrip --json --keys tunnel.esp_sa tunnel.pcap

Exit status:
  0  No message came back different.
  1  A message came back different.
  2  A file cannot be opened or is not a capture, or an option or a key is not valid.";

pub(crate) const KEYS_NOTES: &str = "\
Output: without --export no secret is shown. Each line is one SA with its cookies or its SPI, its addresses, and its algorithms. When \
captures are given, the ISAKMP SAs are those in the captures, and the SAs of ESP and AH that quick modes negotiate are listed as soon \
as their keys can be computed.

Exports: an SA that a format cannot express is left out, and standard error says so. Some things are lost without a message: tcpdump \
has no authentication keys; esp_sa, tcpdump and xfrm have no ISAKMP SAs; ikev1_decryption_table has nothing but ISAKMP SAs; and xfrm \
has no lifetimes, policies or replay state here.

Examples:
  vpnwire keys --keys tunnel.keys.json
  vpnwire keys --keys tunnel.keys.json negotiation.pcap --export esp_sa > esp_sa
  ip xfrm state | vpnwire keys --keys - --export tcpdump > secrets

Exit status:
  0  All keys and captures were read, and every SA was exported.
  1  An SA was left out of an export, or a capture is damaged.
  2  A file cannot be opened or is not a capture, or an option or a key is not valid.";

pub(crate) const PSK_CHECK_NOTES: &str = "\
Output: one line for each exchange, with the initiator's cookie and the word that is its pre-shared key. No other secret is shown. A \
word with control characters is escaped, and its hexadecimal form follows, as --psk takes it.

Examples:
  vpnwire psk-check --word-list words aggressive.pcap
  zcat words.gz | vpnwire psk-check --word-list - aggressive.pcap

Exit status:
  0  The key of every exchange is in the list.
  1  The key of an exchange is not in the list or cannot be checked, the capture holds no such
     exchange, or it is damaged.
  2  A file cannot be opened or read, or is not a capture.";
