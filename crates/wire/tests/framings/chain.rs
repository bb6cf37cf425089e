//! Chains: where they end, when they are equal, and how they are iterated.

use vpnwire_wire::{Chain, ChainWriter, EmitError, LengthError, Writer};

use crate::flagged::Flagged;
use crate::next_type::NextType;
use crate::padded::Padded;
use crate::raw::Raw;
use crate::type_length::TypeLength;

#[test]
fn an_element_that_does_not_fit_leaves_no_trace() {
    let mut buffer = [0; 13];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, NextType::default());
    assert_eq!(chain.push(&Raw((1, 0), b"abcd")), Ok(4..8));
    assert_eq!(
        chain.push(&Raw((2, 0), b"efgh")),
        Err(EmitError::BufferTooSmall { needed: 16, available: 13 })
    );
    chain.push(&Raw((3, 0), b"i")).unwrap();
    assert_eq!(writer.into_written(), [3, 0, 0, 8, b'a', b'b', b'c', b'd', 0, 0, 0, 5, b'i']);
    let mut buffer = [0; 300];
    let mut writer = Writer::new(&mut buffer);
    let error = ChainWriter::new(&mut writer, TypeLength).push(&Raw(1, &[0; 256])).unwrap_err();
    assert_eq!(error, EmitError::FieldOverflow { field: "length", value: 256, max: 255 });
    assert_eq!(writer.position(), 0);
}

#[test]
fn a_chain_that_ends_inside_a_value_keeps_what_there_is_of_it() {
    let octets = [1, 1, 0xaa, 2, 5, 0xbb];
    let error = Chain::<TypeLength>::try_from(&octets[..]).unwrap_err();
    let within = "HSRP message";
    assert_eq!(error, LengthError::Ends { element: "TLV", within, offset: 3, needed: 7, available: 3 });
    let read = Chain::parse_until_error(&octets, 20, TypeLength);
    assert_eq!(read.fault, Some(error.inside(within, 20)));
    let elements = read.value.iter().map(|e| (e.header, e.value, e.missing)).collect::<Vec<_>>();
    assert_eq!(elements, [(1, &[0xaa][..], 0), (2, &[0xbb][..], 4)]);
    assert!(read.rest.is_empty());
}

#[test]
fn debug_of_a_chain_shows_its_elements_and_none_of_their_values() {
    let chain = Chain::parse(&[7, 1, 0xaa, 9, 2, 0xbb, 0xcc], 20, TypeLength).unwrap();
    let shown = format!("{chain:?}");
    assert_eq!(shown.matches("Element").count(), 2, "{shown}");
    for part in ["header: 7", "header: 9", "offset: 20", "offset: 23", "value_len: 2"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains("187") && !shown.contains("204"), "{shown}");
    assert_eq!(format!("{:?}", Chain::<TypeLength>::default()), "[]");
}

#[test]
fn a_chain_that_ends_inside_a_header_keeps_what_came_before() {
    let read = Chain::parse_until_error(&[1, 1, 0xaa, 2], 20, TypeLength);
    let within = "HSRP message";
    assert_eq!(
        read.fault,
        Some(LengthError::Ends { element: "TLV", within, offset: 23, needed: 2, available: 1 })
    );
    assert_eq!(read.value.iter().map(|e| e.value).collect::<Vec<_>>(), [[0xaa]]);
    assert_eq!((read.rest, read.value.rest_offset()), (&[2][..], 23));
}

#[test]
fn a_length_below_the_header_is_a_fault_and_not_a_loop() {
    let octets = [0, 0, 0, 0, 9, 9, 9, 9];
    let error = Chain::parse(&octets, 0, Padded).unwrap_err();
    let within = "SCTP packet";
    assert_eq!(error, LengthError::Declared { element: "chunk", within, offset: 0, least: 4, declared: 0 });
}

#[test]
fn iterators_are_fused_and_exact() {
    let chain = Chain::<TypeLength>::try_from(&[1, 0, 2, 0][..]).unwrap();
    let mut elements = chain.iter();
    assert_eq!(elements.len(), 2);
    assert!(elements.next().is_some() && elements.next().is_some());
    assert!(elements.next().is_none() && elements.next().is_none());
    assert_eq!(elements.len(), 0);
    assert_eq!(chain.clone(), chain);
    assert!(Chain::<TypeLength>::default().is_empty());
}

#[test]
fn chains_are_equal_by_octets_and_framing_and_not_by_place() {
    let octets = [7, 0, 0, 4, 0, 0, 0, 4];
    let of = |next, base| Chain::parse(&octets, base, NextType { next, place: None }).unwrap();
    assert_eq!(of(3, 0), of(3, 28), "the offset of a chain does not count");
    assert_ne!(of(3, 0), of(4, 0), "the type of the first element comes before the chain");
    // The same octets are framed differently here: the second extension has no whole header.
    let cut = [0x80, 3, 0, 0, 0x80, 4, 0];
    let cut = Chain::parse_until_error(&cut, 0, Flagged::default());
    assert!(cut.fault.is_some());
    let whole = Chain::parse_until_error(cut.value.octets(), 0, Flagged::default()).value;
    assert_ne!(cut.value, whole, "the octets that are left over count");
}
