use std::vec::Vec;

use wire::ChainWriter;

use super::*;

/// An entry in the shape that IOS sends in a Resolution Reply. The octets were counted off the figure of RFC 2332.
const ENTRY: [u8; 20] = [0, 0x20, 0, 0, 5, 0xea, 0x1c, 0x20, 4, 0, 4, 0, 192, 0, 2, 2, 10, 0, 0, 2];

fn cies(octets: &[u8]) -> Result<Cies<'_>, LengthError> {
    Cies::parse(octets, 0, CieFraming)
}

fn only(octets: &[u8]) -> Cie<'_> {
    let cies = cies(octets).unwrap();
    assert_eq!(cies.count(), 1);
    cies.iter().next().unwrap()
}

fn emitted(cies: &[Cie<'_>]) -> Vec<u8> {
    let mut buffer = [0xaa; 64];
    Cies::from(cies).emit(&mut buffer).unwrap().to_vec()
}

#[test]
fn an_entry_goes_both_ways() {
    let cie = only(&ENTRY);
    assert_eq!(
        cie,
        Cie {
            prefix_length: 32,
            maximum_transmission_unit: 1514,
            holding_time: Seconds(7200),
            client_nbma_address: NbmaAddress::new(&[192, 0, 2, 2]),
            client_protocol_address: &[10, 0, 0, 2],
            ..Cie::default()
        }
    );
    assert_eq!(emitted(&[cie]), ENTRY);
    let list = [cie];
    let list = Cies::from(&list);
    assert_eq!((list.wire_len(), cie.wire_len()), (20, 8));
    let error = EmitError::BufferTooSmall { needed: 20, available: 19 };
    assert_eq!(list.emit(&mut [0; 19]), Err(error));
}

#[test]
fn subaddresses_and_all_bits_are_kept() {
    let octets = [14, 1, 2, 3, 4, 5, 6, 7, 0xc1, 0x42, 3, 9, 0xa, 0xb, 0xb, 0xc, 0xc, 0xc];
    let cie = only(&octets);
    assert_eq!(cie.code, CieCode::ALREADY_REGISTERED);
    assert_eq!(cie.client_nbma_address, NbmaAddress { reserved: true, e164: true, octets: &[0xa] });
    assert_eq!(cie.client_nbma_subaddress, NbmaAddress { reserved: false, e164: true, octets: &[0xb; 2] });
    assert_eq!(cie.client_protocol_address, [0xc; 3]);
    assert_eq!(emitted(&[cie]), octets);
}

#[test]
fn several_entries_are_a_chain_built_and_read() {
    let cie = only(&ENTRY);
    let bare = Cie { holding_time: Seconds(60), ..Cie::default() };
    let octets = emitted(&[cie, bare, cie]);
    assert_eq!(octets.len(), 52);
    let cies = cies(&octets).unwrap();
    assert_eq!(cies, Cies::from(&[cie, bare, cie]));
    assert_eq!(cies.elements().map(|element| element.offset).collect::<Vec<_>>(), [0, 20, 32]);
    assert_eq!((entries_len(&cies), cies.wire_len()), (52, 52));
}

#[test]
fn every_holding_time_is_sent_as_it_is() {
    for seconds in [0, 1, 300, 7200, u16::MAX] {
        let octets = emitted(&[Cie { holding_time: Seconds(seconds), ..Cie::default() }]);
        assert_eq!(octets[6..8], seconds.to_be_bytes());
        assert_eq!(only(&octets).holding_time, Seconds(seconds));
    }
}

#[test]
fn address_lengths_beyond_the_entry_are_a_fault() {
    let error = |needed, available| LengthError::Ends {
        within: "NHRP packet",
        element: "client information entry",
        offset: 0,
        needed,
        available,
    };
    let mut octets = ENTRY;
    octets[8] = 5;
    assert_eq!(cies(&octets).unwrap_err(), error(21, 20));
    assert_eq!(cies(&ENTRY[..11]).unwrap_err(), error(12, 11));
    let followed = [&ENTRY[..], &[0]].concat();
    assert_eq!(
        cies(&followed).unwrap_err(),
        LengthError::Ends {
            within: "NHRP packet",
            element: "client information entry",
            offset: 20,
            needed: 12,
            available: 1
        }
    );
}

#[test]
fn an_entry_that_is_cut_is_kept_and_has_its_whole_addresses_alone() {
    let octets = [0, 0, 0, 0, 0, 0, 0, 60, 4, 2, 4, 0, 192, 0, 2, 2, 7, 8, 10, 0, 0, 2];
    for len in 0..=octets.len() {
        let read = Cies::parse_until_error(&octets[..len], 40, CieFraming);
        let is_kept = len >= CieHeader::LEN;
        assert_eq!(read.value.count(), usize::from(is_kept), "{len} octets");
        assert_eq!(read.fault.is_some(), len != 0 && len != octets.len());
        assert_eq!(read.rest, if is_kept { &[] } else { &octets[..len] });
        let Some(element) = read.value.elements().next() else { continue };
        assert_eq!((element.missing, element.value), (octets.len() - len, &octets[12..len]));
        assert_eq!(element.fault(), read.fault);
        let cie = read.value.iter().next().unwrap();
        assert_eq!(cie.holding_time, Seconds(60));
        let whole = |end: usize, octets: &'static [u8]| if len >= end { octets } else { &[] };
        assert_eq!(cie.client_nbma_address.octets, whole(16, &[192, 0, 2, 2]));
        assert_eq!(cie.client_nbma_subaddress.octets, whole(18, &[7, 8]));
        assert_eq!(cie.client_protocol_address, whole(22, &[10, 0, 0, 2]));
        assert_eq!(entries_len(&read.value), read.value.wire_len());
        assert_eq!(
            (cie.missing, Cies::from(&[cie]).emit(&mut [0; 64]).is_err()),
            (element.missing, len != octets.len())
        );
    }
}

#[test]
fn an_entry_that_is_cut_is_not_written_as_if_it_were_whole() {
    let read = Cies::parse_until_error(&ENTRY[..18], 0, CieFraming);
    let element = read.value.elements().next().unwrap();
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, CieFraming);
    let element_name = "client information entry";
    assert_eq!(chain.push(&element), Err(EmitError::CutElement { element: element_name, missing: 2 }));
    assert_eq!(chain.push(&only(&ENTRY)), Ok(12..20));
    assert_eq!(writer.written(), ENTRY);
}

#[test]
fn values_that_do_not_fit_are_refused() {
    let field = |cie: Cie<'_>| match Cies::from(&[cie]).emit(&mut [0; 400]) {
        Err(EmitError::FieldOverflow { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(Cie { client_protocol_address: &[0; 256], ..Cie::default() }), "Cli Proto Len");
    let too_long = NbmaAddress::new(&[0; 64]);
    assert_eq!(field(Cie { client_nbma_address: too_long, ..Cie::default() }), "NBMA address length");
    assert_eq!(field(Cie { client_nbma_subaddress: too_long, ..Cie::default() }), "NBMA address length");
}
