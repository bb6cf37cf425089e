//! Reading, writing, authenticating and forwarding a packet allocates nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use vpnwire_nhrp::extension::authentication::{Authentication, Credentials, verify};
use vpnwire_nhrp::extension::{ResponderAddress, TransitNhsRecord};
use vpnwire_nhrp::{
    Addresses, Cie, Cies, Emit, Exchange, Extension, ExtensionValue, Extensions, Forward, MandatoryPart,
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
    let record = Cie { client_protocol_address: &[10, 0, 0, 9], ..Cie::default() };
    let credentials =
        Credentials::HmacMd5 { security_parameter_index: 7, source_address: &[10, 0, 0, 9], key: b"key" };
    let mut buffer = [0; 512];
    let info = allocation_counter::measure(|| {
        let extensions = [
            ExtensionValue::ResponderAddress(ResponderAddress::default()),
            ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord::default()),
            ExtensionValue::Authentication(Authentication::password(b"secret")),
        ]
        .map(Extension::new);
        let cies = [record];
        let exchange = Exchange { addresses, cies: Cies::from(&cies), ..Exchange::default() };
        let packet = Packet {
            extensions: Extensions::from(&extensions),
            ..Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionRequest(exchange))
        };
        let len = packet.emit(&mut buffer).unwrap().len();
        let mut forward = Forward::new(&mut buffer, len).unwrap();
        forward.decrement_hop_count().unwrap();
        assert_eq!(forward.append_transit_nhs_record(&record), Ok(TransitRecord::Appended));
        let sent = forward.regenerate_authentication(&credentials).unwrap();
        assert_eq!(verify(sent, &credentials), Ok(()));
        let parsed = Packet::parse(sent).unwrap();
        assert_eq!(parsed.decoded_extensions(Policy::default()).count(), 4);
        assert!(parsed.conformance(Policy::default()).count() > 0);
        let cut = Packet::parse_until_error(&sent[..sent.len() - 10]).unwrap();
        assert!(cut.fault.is_some() && cut.value.extensions.iter().count() == 3);
        let mut again = [0; 512];
        assert_eq!(parsed.emit(&mut again).unwrap(), sent);
        assert_eq!(parsed.authenticated(&credentials).unwrap().emit(&mut again).unwrap(), sent);
    });
    assert_eq!(info.count_total, 0);
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1, "the counter counts");
}
