use zeroize::Zeroizing;

use super::*;

fn secret(octet: u8) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(vec![octet; 20]))
}

fn of(initiator: u8, responder: Option<u8>) -> IsakmpKeys {
    IsakmpKeys {
        initiator_cookie: Some([initiator; 8]),
        responder_cookie: responder.map(|octet| [octet; 8]),
        ..IsakmpKeys::default()
    }
}

/// Rows of one SA become one row that holds the secrets of all.
#[test]
fn rows_of_one_sa_are_put_together() {
    let mut rows = RowSet::new();
    let one_each = [
        IsakmpKeys { shared_secret: secret(1), ..of(1, Some(2)) },
        IsakmpKeys { private_value: secret(2), ..of(1, Some(2)) },
        IsakmpKeys { skeyid: secret(3), ..of(1, None) },
        IsakmpKeys { skeyid_d: secret(4), ..of(1, Some(2)) },
        IsakmpKeys { skeyid_a: secret(5), ..of(1, Some(2)) },
        IsakmpKeys { skeyid_e: secret(6), ..of(1, Some(2)) },
        IsakmpKeys { encryption_key: secret(7), ..of(1, Some(2)) },
    ];
    one_each.into_iter().for_each(|keys| rows.add_isakmp(keys));
    let whole = IsakmpKeys {
        shared_secret: secret(1),
        private_value: secret(2),
        skeyid: secret(3),
        skeyid_d: secret(4),
        skeyid_a: secret(5),
        skeyid_e: secret(6),
        encryption_key: secret(7),
        ..of(1, Some(2))
    };
    assert!(rows.rows.isakmp == [whole], "{:?}", rows.rows.isakmp);
    // The responder's cookie is kept, whichever row has it.
    let mut rows = RowSet::new();
    rows.add_isakmp(IsakmpKeys { shared_secret: secret(1), ..of(1, None) });
    rows.add_isakmp(IsakmpKeys { skeyid: secret(3), ..of(1, Some(2)) });
    let whole = IsakmpKeys { shared_secret: secret(1), skeyid: secret(3), ..of(1, Some(2)) };
    assert!(rows.rows.isakmp == [whole]);
}

/// Rows stay apart when another responder answered the same cookie, or when keys differ.
#[test]
fn rows_of_others_stay_apart() {
    let mut rows = RowSet::new();
    let apart = [
        IsakmpKeys { skeyid_d: secret(1), ..of(1, Some(2)) },
        IsakmpKeys { skeyid_a: secret(2), ..of(1, Some(3)) },
        IsakmpKeys { skeyid_a: secret(3), ..of(4, Some(2)) },
        IsakmpKeys { skeyid_d: secret(9), ..of(1, Some(2)) },
        // These keys are for any SA.
        IsakmpKeys { shared_secret: secret(5), ..IsakmpKeys::default() },
        IsakmpKeys { shared_secret: secret(6), ..IsakmpKeys::default() },
    ];
    apart.iter().for_each(|keys| rows.add_isakmp(keys.clone()));
    assert!(rows.rows.isakmp == apart);
    // The keys are merged into the row with both cookies, not into the first row with the same initiator cookie.
    rows.add_isakmp(IsakmpKeys { skeyid_e: secret(7), ..of(1, Some(3)) });
    assert!(rows.rows.isakmp.len() == 6 && rows.rows.isakmp[1].skeyid_e == secret(7));
}

const ROW_COUNT: usize = 4000;

/// All rows have one SPI and different keys, and each is added twice. A row is compared only with rows that are
/// identical to it.
#[test]
fn the_work_grows_with_the_rows_and_not_with_their_square() {
    for is_one_spi in [true, false] {
        let mut rows = RowSet::new();
        let row = |number: usize| {
            let spi = if is_one_spi { 1 } else { number };
            let keys: KeyRows = {
                let mut rows = KeyRows::default();
                rows.read(format!("{spi}@10.0.0.1 aes128-cbc:0x{number:032x}").as_bytes()).unwrap();
                rows
            };
            keys.associations.into_iter().next().unwrap()
        };
        for _ in 0..2 {
            (0..ROW_COUNT).for_each(|number| rows.add(row(number)));
        }
        assert_eq!((rows.rows().associations.len(), rows.compared), (ROW_COUNT, ROW_COUNT));
    }
}

/// All rows have one cookie and contradict each other.
#[test]
fn rows_of_one_cookie_are_compared_with_a_bounded_number_of_others() {
    let mut rows = RowSet::new();
    let keys = |number: usize| IsakmpKeys {
        encryption_key: Some(Zeroizing::new(number.to_be_bytes().to_vec())),
        ..of(1, None)
    };
    for round in 1..=2 {
        (0..ROW_COUNT).for_each(|number| rows.add_isakmp(keys(number)));
        assert_eq!(rows.rows().isakmp.len(), ROW_COUNT, "each once");
        assert!(rows.compared <= round * ROW_COUNT * (COMPARED_ROW_COUNT + 1), "{}", rows.compared);
    }
}

#[test]
fn pre_shared_keys_are_there_once() {
    let mut rows = RowSet::new();
    for text in ["cisco123", "0x636973636f313233", "cisco124"] {
        rows.add_pre_shared(text.parse().unwrap());
    }
    assert_eq!(rows.into_rows().pre_shared.len(), 2);
}

#[test]
fn debug_shows_no_key() {
    let mut rows = RowSet::new();
    rows.add_pre_shared("letmein".parse().unwrap());
    rows.add_isakmp(IsakmpKeys { skeyid: secret(0x55), ..of(1, None) });
    let shown = format!("{rows:?}");
    assert!(!["letmein", "108", "85, 85", "5555"].iter().any(|octets| shown.contains(octets)), "{shown}");
}
