//! The contents of NAT-D payloads, RFC 3947 section 3.2.

use core::net::{IpAddr, SocketAddr};

use crypto::Output;
use crypto::{HashAlgorithm, NotAuthentic, mac};

use crate::Cookies;

/// Computes HASH = hash(CKY-I | CKY-R | IP | Port), with the hash function that phase 1 negotiated.
///
/// The address has 4 or 16 octets, as in the packet. An IPv4 address inside an IPv6 address is not unpacked.
#[must_use]
pub fn nat_detection(hash_algorithm: HashAlgorithm, cookies: &Cookies, end: SocketAddr) -> Output {
    let port = end.port().to_be_bytes();
    match end.ip() {
        IpAddr::V4(address) => {
            hash_algorithm.hash(&[&cookies.initiator, &cookies.responder, &address.octets(), &port])
        }
        IpAddr::V6(address) => {
            hash_algorithm.hash(&[&cookies.initiator, &cookies.responder, &address.octets(), &port])
        }
    }
}

/// Checks that a NAT-D payload names this address and port. When it does not, there is a NAT between the peers, or
/// the sender pretends that there is one. [`NatDetection`](isakmp::payload::nat_detection::NatDetection) says which
/// payload is compared with which address.
///
/// # Errors
/// Returns [`NotAuthentic`] when it does not.
pub fn verify_nat_detection(
    hash_algorithm: HashAlgorithm,
    cookies: &Cookies,
    end: SocketAddr,
    hash: &[u8],
) -> Result<(), NotAuthentic> {
    mac::equal(nat_detection(hash_algorithm, cookies, end).expose(), hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::net::Ipv6Addr;

    /// `tcpdump/ISAKMP_sa_setup.pcap`, frame 3: both NAT-D payloads of a real IOS router.
    #[test]
    fn what_ios_sends() {
        let cookies = Cookies {
            initiator: 0xcf02_326f_14a9_5b93u64.to_be_bytes(),
            responder: 0x18a1_09f8_9219_e8dfu64.to_be_bytes(),
        };
        let remote: SocketAddr = "10.0.0.2:500".parse().unwrap();
        let local: SocketAddr = "10.0.0.1:500".parse().unwrap();
        let hash = |end| nat_detection(HashAlgorithm::Sha1, &cookies, end);
        assert_eq!(hash(remote).expose()[..4], [0xd5, 0x66, 0x4a, 0x6f]);
        assert_eq!(hash(local).expose()[..4], [0x6d, 0xb4, 0x44, 0x2c]);
        verify_nat_detection(HashAlgorithm::Sha1, &cookies, remote, hash(remote).expose()).unwrap();
        for end in ["10.0.0.2:501", "10.0.0.3:500", "[::1]:500"] {
            let end = end.parse().unwrap();
            assert!(verify_nat_detection(HashAlgorithm::Sha1, &cookies, end, hash(remote).expose()).is_err());
        }
    }

    #[test]
    fn an_address_of_ipv6_has_sixteen_octets() {
        let cookies = Cookies { initiator: [3; 8], responder: [4; 8] };
        let end = SocketAddr::from((Ipv6Addr::LOCALHOST, 4500));
        let mut input = [0; 34];
        input[..8].fill(3);
        input[8..16].fill(4);
        input[31] = 1;
        input[32..].clone_from_slice(&4500u16.to_be_bytes());
        assert_eq!(nat_detection(HashAlgorithm::Md5, &cookies, end), HashAlgorithm::Md5.hash(&[&input]));
    }
}
