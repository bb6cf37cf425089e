//! Links every crate that needs neither std nor alloc. A new crate needs a dependency and a call in `calls`.
#![no_std]
#![no_main]

use core::hint::black_box;

use wire::Emit;

/// Calls one function of each crate, so that each crate is linked.
fn calls(octets: &[u8]) -> usize {
    let checksum = wire::InternetChecksum::of(octets);
    let message = hsrp::Message::parse(octets);
    let secret = crypto::Secret::new(octets);
    if let Ok(transform) = ipsec::suite::Suite::TRIPLE_DES_MD5.transform(secret, secret) {
        let mut sa = ipsec::esp::InboundSa::<_>::new(ipsec::Spi(300), transform, ipsec::Esn::Yes);
        let mut packet = [0; 100];
        black_box(sa.open_in_place(&mut packet).is_ok());
    }
    let nonces = ikev1::Nonces { initiator: octets, responder: octets };
    let cookies = ikev1::Cookies::default();
    let keys = ikev1::Skeyid::pre_shared_key(crypto::HashAlgorithm::Sha256, secret, &nonces)
        .and_then(|skeyid| ikev1::SkeyidFamily::derive(skeyid, secret, &cookies));
    let protection =
        keys.ok().and_then(|keys| ikev1::Protection::new(keys, ikev1::Cipher::Aes256, cookies).ok());
    let ikev1 = protection.is_some_and(|protection| {
        let said = ikev1::Authentication { g_xi: octets, g_xr: octets, ..ikev1::Authentication::default() };
        let hash = crypto::HashAlgorithm::Sha256;
        let mut chain = ikev1::transcript::IvChain::phase_1(hash, ikev1::Cipher::Aes256, &said);
        let mut message = [0; 100];
        protection.open(&mut chain, &ikev1::Covered::Payloads.into(), &mut message).is_ok()
    });
    if let Ok(transform) = ipsec::bundle::BundleSuite::MD5_TRIPLE_DES.transform(secret, secret) {
        let bundled = |spi| ipsec::bundle::BundledSa::new(ipsec::Spi(spi), ipsec::Esn::No);
        let mut sa = ipsec::bundle::InboundBundle::<_>::new(bundled(300), bundled(301), transform);
        let mut packet = [0; 100];
        black_box(ipsec::transport::open_in_place(&mut sa, &mut packet).is_ok());
    }
    let gre = gre::Packet::parse(octets).map_or(0, |packet| packet.wire_len());
    let isakmp = isakmp::Message::parse(octets).map_or(0, |message| message.wire_len());
    let sctp = sctp::Packet::parse(octets).map_or(0, |packet| sctp::Emit::wire_len(&packet));
    let hasync = hasync::Message::parse(octets).map_or(0, |message| message.wire_len());
    let nhrp = nhrp::extension::authentication::verify(
        octets,
        &nhrp::extension::authentication::Credentials::Password(b"x"),
    )
    .is_ok();
    usize::from(checksum)
        ^ message.map_or(0, |message| message.wire_len())
        ^ gre
        ^ isakmp
        ^ sctp
        ^ hasync
        ^ usize::from(nhrp)
        ^ usize::from(ikev1)
}

/// The entry point of the program, which is built and never run.
#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! {
    black_box(calls(black_box(&[0; 64])));
    stop()
}

/// The symbol that core's unwinding tables name. With `panic = "abort"` nothing calls it.
#[unsafe(no_mangle)]
pub extern "C" fn rust_eh_personality() {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    stop()
}

fn stop() -> ! {
    loop {
        core::hint::spin_loop();
    }
}
