# The other side of `cargo xtask interop-scapy`: seals and opens packets with scapy, line by line.
#
# A line in is a verb and its fields between spaces, octets in hexadecimal, `-` for nothing:
#   versions
#   probe PROTOCOL CRYPT KEY ICV_LEN AUTH KEY
#   seal  PROTOCOL CRYPT KEY ICV_LEN AUTH KEY TUNNEL SPI SEQUENCE ESN IV PACKET
#   open  PROTOCOL CRYPT KEY ICV_LEN AUTH KEY TUNNEL SPI SEQUENCE ESN IV PACKET
# PROTOCOL is ESP or AH, TUNNEL an outer IP header, PACKET a whole IP packet. A line out is `ok` and a field, or `no` and why:
# `unsupported` where this scapy, or the library it stands on, lacks the algorithm, else `refused` and the error.
import sys

import cryptography
import scapy
from cryptography.exceptions import UnsupportedAlgorithm
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import AH, AUTH_ALGOS, CRYPT_ALGOS, ESP, SecurityAssociation
from scapy.packet import bind_layers, raw, split_layers


def octets(field):
    return None if field == "-" else bytes.fromhex(field)


def packet(data):
    return (IPv6 if data[0] >> 4 == 6 else IP)(data)


def association(protocol, crypt, key, icv_len, auth, auth_key, tunnel="-", spi="1"):
    for name, known in ((crypt, CRYPT_ALGOS), (auth, AUTH_ALGOS)):
        if name != "-" and name not in known:
            raise UnsupportedAlgorithm(name)
    header = octets(tunnel)
    return SecurityAssociation(
        {"ESP": ESP, "AH": AH}[protocol],
        spi=int(spi),
        crypt_algo=None if crypt == "-" else crypt,
        crypt_key=octets(key),
        crypt_icv_size=None if icv_len == "-" else int(icv_len),
        auth_algo=None if auth == "-" else auth,
        auth_key=octets(auth_key),
        tunnel_header=None if header is None else packet(header),
    )


def around(protocol):
    """What is in AH stays octets: scapy puts the ICV of AH behind ESP, when it sees that inside."""
    for lower, field in ((IP, "proto"), (IPv6, "nh"), (AH, "nh")):
        split_layers(lower, ESP, **{field: 50})
        if protocol == "ESP":
            bind_layers(lower, ESP, **{field: 50})


def probe(*fields):
    sa = association(*fields)
    plain = IP(src="192.0.2.1", dst="192.0.2.2") / (b"\0" * 16)
    sa.encrypt(plain)
    return "-"


def seal(*fields):
    *sa, sequence, esn, iv, plain = fields
    around(sa[0])
    extended = {} if esn == "-" else {"esn_en": True, "esn": int(esn)}
    if iv != "-":
        extended["iv"] = octets(iv)
    return raw(association(*sa).encrypt(packet(octets(plain)), seq_num=int(sequence), **extended)).hex()


def open_(*fields):
    *sa, _sequence, esn, _iv, sealed = fields
    around(sa[0])
    extended = {} if esn == "-" else {"esn_en": True, "esn": int(esn)}
    return raw(association(*sa).decrypt(packet(octets(sealed)), **extended)).hex()


VERBS = {
    "versions": lambda: "scapy %s, cryptography %s" % (scapy.__version__, cryptography.__version__),
    "probe": probe,
    "seal": seal,
    "open": open_,
}

for line in sys.stdin:
    verb, *fields = line.split()
    try:
        answer = "ok " + VERBS[verb](*fields)
    except UnsupportedAlgorithm as error:
        answer = "no unsupported %s" % error
    except Exception as error:  # whatever scapy raises for octets that are wrong
        answer = "no refused %s: %s" % (type(error).__name__, error)
    print(answer.replace("\n", " "), flush=True)
