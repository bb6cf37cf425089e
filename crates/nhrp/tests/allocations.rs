//! Reading, writing, authenticating and forwarding a packet allocates nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use vpnwire_nhrp::extension::authentication::verify;
use vpnwire_nhrp::extension::{ResponderAddress, TransitNhsRecord};
use vpnwire_nhrp::{
    Addresses, Authentication, Cie, Credentials, Exchange, Extension, ExtensionValue, Forward, MandatoryPart,
    NbmaAddress, Packet, Policy, ProtocolType, TransitRecord,
};

#[test]
fn nothing_is_allocated() {
    let addresses = Addresses {
        source_nbma_address: NbmaAddress::new(&[192, 0, 2, 1]),
        source_protocol_address: &[10, 0, 0, 1],
        destination_protocol_address: &[10, 0, 0, 2],
        ..Addresses::default()
    };
    let exchange = Exchange { addresses, ..Exchange::default() };
    let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionRequest(exchange));
    let record = Cie { client_protocol_address: &[10, 0, 0, 9], ..Cie::default() };
    let credentials =
        Credentials::HmacMd5 { security_parameter_index: 7, source_address: &[10, 0, 0, 9], key: b"key" };
    let mut buffer = [0; 512];
    let info = allocation_counter::measure(|| {
        let extensions = [
            ExtensionValue::ResponderAddress(ResponderAddress::default()),
            ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord::default()),
            ExtensionValue::Authentication(Authentication::password(b"secret")),
        ];
        let len =
            packet.emit_with(&mut buffer, [record], extensions.into_iter().map(Extension::new)).unwrap();
        let mut forward = Forward::new(&mut buffer, len).unwrap();
        forward.decrement_hop_count().unwrap();
        assert_eq!(forward.append_transit_nhs_record(&record), Ok(TransitRecord::Appended));
        let sent = forward.regenerate_authentication(&credentials).unwrap();
        assert_eq!(verify(sent, &credentials), Ok(()));
        let parsed = Packet::parse(sent).unwrap();
        assert_eq!(parsed.decoded_extensions(Policy::default()).count(), 4);
        assert!(parsed.conformance(Policy::default()).count() > 0);
        let mut again = [0; 512];
        assert_eq!(parsed.emit(&mut again), Ok(sent.len()));
        assert_eq!(again[..sent.len()], *sent);
    });
    assert_eq!(info.count_total, 0);
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1, "the counter counts");
}
