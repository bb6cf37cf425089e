//! Octets that are parsed and written again stay the same.

use proptest::prelude::*;
use vpnwire_wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, List, Parsed, Writer};

use crate::flagged::Flagged;
use crate::next_type::NextType;
use crate::padded::Padded;
use crate::raw::Raw;
use crate::type_length::TypeLength;

/// Parses a chain, writes it again element by element, and checks that the octets are the same and the offsets are
/// right.
fn both_ways<F: Framing + PartialEq + std::fmt::Debug>(octets: &[u8], base: usize, parse: F, write: F) {
    let Parsed { value: chain, rest, fault } = Chain::parse_until_error(octets, base, parse.clone());
    assert_eq!(Chain::parse(octets, base, parse).err(), fault);
    assert_eq!(chain.rest(), rest);
    let mut buffer = vec![0; octets.len() + 4];
    let mut writer = Writer::new(&mut buffer);
    let mut chain_writer = ChainWriter::new(&mut writer, write.clone());
    let mut expected_offset = base;
    let is_cut = chain.is_cut();
    let (mut count, mut unpadded, mut cut) = (0, 0, false);
    for element in &chain {
        assert!(!cut && unpadded == 0, "octets are missing in the last element only");
        assert_eq!(element.offset, expected_offset, "elements follow one another without a gap");
        assert_eq!(&octets[element.offset - base..][..element.octets.len()], element.octets);
        assert_eq!(&octets[element.value_offset - base..][..element.value.len()], element.value);
        expected_offset += element.octets.len();
        count += 1;
        (cut, unpadded) = (element.is_cut(), element.missing_padding);
        assert_eq!(element.fault(), fault.filter(|_| cut));
        if cut {
            let error = EmitError::CutElement { element: element.name, missing: element.missing };
            assert_eq!(
                chain_writer.push(&element),
                Err(error),
                "a cut element is not written as a whole one"
            );
            let list = List::<F, Element<'_, F::Header>>::from(chain.clone());
            let mut room = vec![0; octets.len() + 4];
            assert_eq!(list.emit_chain(&mut Writer::new(&mut room), write.clone()).err(), Some(error));
            continue;
        }
        let start = chain_writer.writer().position();
        let value = chain_writer.push(&element).unwrap();
        assert_eq!(
            (value.start - start, value.len()),
            (element.value_offset - element.offset, element.value.len())
        );
    }
    assert_eq!((count, cut), (chain.element_count(), is_cut));
    assert_eq!(chain.iter().len(), count);
    assert_eq!(chain.rest_offset(), expected_offset);
    assert_eq!([chain.octets(), chain.rest()].concat(), octets);
    match fault {
        Some(LengthError::Ends { offset, needed, available, .. }) => {
            assert!(cut || offset == expected_offset, "a cut header begins after the framed elements");
            assert!(available < needed && offset + available == base + octets.len());
        }
        Some(LengthError::Declared { offset, least, declared, .. }) => {
            assert_eq!(offset, expected_offset);
            assert!(declared < least && !cut);
        }
        None => assert!(!cut),
    }
    // A next type or an end mark links to what follows. The elements do not contain the last one, so it is not
    // written again.
    let written = writer.into_written();
    if !cut {
        let list = List::<F, Element<'_, F::Header>>::from(chain.clone());
        assert_eq!(list.chain_len(&write), written.len());
        assert_eq!(written.len(), chain.octets().len() + unpadded);
        let rewritten = Chain::parse_until_error(written, base, chain.framing().clone()).value;
        assert!(rewritten.iter().map(|e| (e.value, e.offset)).eq(chain.iter().map(|e| (e.value, e.offset))));
    }
}

proptest! {
    #[test]
    fn any_octets_both_ways(octets in prop::collection::vec(any::<u8>(), 0..200), base in 0..100_000usize, next: u8) {
        both_ways(&octets, base, TypeLength, TypeLength);
        both_ways(&octets, base, Flagged::default(), Flagged::default());
        both_ways(&octets, base, Padded, Padded);
        both_ways(&octets, base, NextType { next, place: None }, NextType::default());
    }

    #[test]
    fn short_lengths_make_long_chains(octets in prop::collection::vec(0..6u8, 0..400), next in 1..4u8) {
        both_ways(&octets, 0, TypeLength, TypeLength);
        both_ways(&octets, 0, Flagged::default(), Flagged::default());
        both_ways(&octets, 0, Padded, Padded);
        both_ways(&octets, 0, NextType { next, place: None }, NextType::default());
    }

    #[test]
    fn what_is_written_is_read_back(values in prop::collection::vec((1..=255u8, any::<u8>(), prop::collection::vec(any::<u8>(), 0..40)), 0..12)) {
        let mut buffer = [0; 2048];

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, TypeLength);
        for (kind, _, value) in &values {
            chain.push(&Raw(*kind, value)).unwrap();
        }
        let parsed = Chain::<TypeLength>::try_from(&*writer.into_written()).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header, e.value)).eq(values.iter().map(|v| (v.0, &*v.2))));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, NextType::default());
        for (kind, reserved, value) in &values {
            chain.push(&Raw((*kind, *reserved), value)).unwrap();
        }
        let first = chain.finish().next;
        let parsed = Chain::parse(writer.into_written(), 28, NextType { next: first, place: None }).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header, e.value)).eq(values.iter().map(|v| ((v.0, v.1), &*v.2))));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, Flagged::default());
        for (kind, flag, value) in &values {
            chain.push(&Raw((flag & 1 == 1, u16::from(*kind)), value)).unwrap();
        }
        chain.push(&Raw((true, 0), &[])).unwrap();
        let parsed = Chain::<Flagged>::try_from(&*writer.into_written()).unwrap();
        prop_assert_eq!(parsed.element_count(), values.len() + 1);
        prop_assert!(parsed.iter().zip(&values).all(|(e, v)| e.header == (v.1 & 1 == 1, u16::from(v.0)) && e.value == v.2));

        let mut writer = Writer::new(&mut buffer);
        let mut chain = ChainWriter::new(&mut writer, Padded);
        for (kind, flags, value) in &values {
            chain.push(&Raw((*kind, *flags, [0; 3]), value)).unwrap();
        }
        let parsed = Chain::<Padded>::try_from(&*writer.into_written()).unwrap();
        prop_assert!(parsed.iter().map(|e| (e.header.0, e.header.1, e.value)).eq(values.iter().map(|v| (v.0, v.1, &*v.2))));
    }
}

#[test]
fn the_same_octets_come_back_to_the_octet() {
    let octets = [0x07, 0, 0, 6, 0xaa, 0xbb, 0, 0x55, 0, 4, 0xde, 0xad];
    let chain = Chain::parse(&octets, 28, NextType { next: 1, place: None }).unwrap();
    assert_eq!(chain.rest(), [0xde, 0xad]);
    assert_eq!(chain.rest_offset(), 38);
    let mut buffer = [0; 12];
    let mut writer = Writer::new(&mut buffer);
    let first = writer.reserve_u8().unwrap();
    let mut out = ChainWriter::new(&mut writer, NextType { next: 0, place: Some(first) });
    for element in &chain {
        out.push(&element).unwrap();
    }
    assert_eq!(writer.into_written(), [&[1], chain.octets()].concat());
}
