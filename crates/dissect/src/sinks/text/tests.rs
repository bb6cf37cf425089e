use super::*;

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut buffer = Vec::new();
    write(&mut buffer);
    String::from_utf8(buffer).unwrap()
}

#[test]
fn seconds_keep_their_leading_zeros_and_sign() {
    assert_eq!(text(|b| seconds(b, 1_000_001_999, 6, 0)), "1.000001");
    assert_eq!(text(|b| seconds(b, -50_000_000, 9, 0)), "-0.050000000");
    assert_eq!(text(|b| seconds(b, 0, 6, 11)), "   0.000000");
    assert_eq!(text(|b| seconds(b, i128::MAX, 1, 0)), format!("{}.{}", u64::MAX, 8));
}

#[test]
fn numbers_and_times_stand_in_columns() {
    let long = Address::Ip(Ipv4Addr::new(255, 255, 100, 1).into());
    let [low, high] = [[0, 0, 0, 0], [192, 168, 0, 254]].map(|octets| Address::Ip(octets.into()));
    for (endpoints, expected) in [
        (None, ""),
        (Some((low, high)), "     0.0.0.0 → 192.168.0.254 "),
        (Some((low, low)), "     0.0.0.0 → 0.0.0.0      "),
        (Some((long, low)), "255.255.100.1 → 0.0.0.0      "),
        (Some((low, Address::Mac([1; 6]))), "     0.0.0.0 → 01:01:01:01:01:01 "),
        (Some((Address::Ip("::1".parse().unwrap()), low)), "         ::1 → 0.0.0.0      "),
    ] {
        for (number, elapsed, before) in [
            (1, Some(0), "    1    0.000000 "),
            (99_999, Some(9_999_999_999_999), "99999 9999.999999 "),
            (100_000, Some(10_000_000_000_000), "100000 10000.000000 "),
            (42, Some(-1_500_000_000), "   42   -1.500000 "),
            (7, None, "    7             "),
            (1234, Some(61_000_042_999), " 1234   61.000042 "),
            (100_000, Some(1000), "100000    0.000001 "),
            (12_300_405, Some(999), "12300405    0.000000 "),
            (u64::MAX, Some(60_000_000_000), "18446744073709551615   60.000000 "),
        ] {
            let columns = Columns { number, elapsed, digits: 6, endpoints };
            assert_eq!(text(|b| super::columns(b, &columns)), format!("{before}{expected}"));
        }
    }
}

#[test]
fn numbers_are_written_as_the_standard_library_does() {
    for number in (0..100_000).chain([999_999, 1_000_000, 9_999_999, 99_999_999, 100_000_000, u64::MAX]) {
        assert_eq!(text(|b| decimal(b, number)), number.to_string());
        let number = u32::try_from(number).unwrap_or(u32::MAX).wrapping_mul(0x9e37_79b9);
        assert_eq!(text(|b| hexadecimal_number(b, number)), format!("{number:#010x}"));
    }
    for octet in 0..=255 {
        let address = Ipv4Addr::new(octet, 0, 255 - octet, octet / 2);
        assert_eq!(text(|b| ipv4(b, address)), address.to_string());
    }
}

proptest::proptest! {
    #[test]
    fn any_line_begins_as_formatting_would_have_it(
        number: u64, nanoseconds in 0..20_000_000_000_000u64, source: [u8; 4], destination: [u8; 4]
    ) {
        let endpoints = Some((Address::Ip(source.into()), Address::Ip(destination.into())));
        let columns = Columns { number, elapsed: Some(nanoseconds.into()), digits: 6, endpoints };
        let seconds = format!("{}.{:06}", nanoseconds / 1_000_000_000, nanoseconds / 1000 % 1_000_000);
        let [source, destination] = [source, destination].map(|octets| Ipv4Addr::from(octets).to_string());
        proptest::prop_assert_eq!(
            text(|b| super::columns(b, &columns)),
            format!("{number:>5} {seconds:>11} {source:>12} → {destination:<12} ")
        );
    }
}

#[test]
fn moments_are_written_in_full() {
    assert_eq!(text(|b| rfc3339(b, Timestamp(1_388_476_833_029_499_000))), "2013-12-31T08:00:33.029499000Z");
    assert_eq!(text(|b| rfc3339(b, Timestamp(-1))), "1969-12-31T23:59:59.999999999Z");
    assert_eq!(text(|b| rfc3339(b, Timestamp(0))), "1970-01-01T00:00:00.000000000Z");
    assert_eq!(
        text(|b| rfc3339(b, Timestamp(1 << 100))),
        "1267650600228229401496.703205376".replace("1267650600228229401496", &u64::MAX.to_string())
    );
}

#[test]
fn values_read_as_people_write_them() {
    for (v, expected) in [
        (Value::Hexadecimal(0x800, 4), "0x0800"),
        (Value::Named(16, Some("Active")), "Active (16)"),
        (Value::Named(17, None), "17"),
        (Value::Mac([0, 0, 0xc, 7, 0xac, 1]), "00:00:0c:07:ac:01"),
        (Value::Text(b"cisco\0\0\0"), "cisco"),
        (Value::Text(b"a\nb\x1b[0m"), "a\\nb\\u{1b}[0m"),
        (Value::Text(&[0xff, 0]), "ff00"),
        (Value::Octets(&[0, 0xa]), "000a"),
        (Value::Name("NAT-T draft 03"), "NAT-T draft 03"),
        (Value::Signed(-5), "-5"),
        (Value::Boolean(true), "true"),
    ] {
        assert_eq!(text(|b| value(b, v)), expected);
    }
}

#[test]
fn padding_left_and_right() {
    let v4 = Address::Ip(IpAddr::V4(Ipv4Addr::new(10, 0, 209, 1)));
    assert_eq!(text(|b| decimal_right(b, 42, 5)), "   42");
    assert_eq!(text(|b| decimal_right(b, 123_456, 5)), "123456");
    assert_eq!(text(|b| address_right(b, v4, 12)), "  10.0.209.1");
    assert_eq!(text(|b| address_right(b, Address::Ip("::1".parse().unwrap()), 5)), "  ::1");
    assert_eq!(text(|b| address_right(b, Address::Mac([1; 6]), 5)), "01:01:01:01:01:01");
    assert_eq!(text(|b| ipv4(b, Ipv4Addr::new(255, 99, 100, 0))), "255.99.100.0");
    assert_eq!(
        text(|b| {
            b.extend(b"ab");
            pad_right(b, 0, 4);
            b.push(b'|')
        }),
        "ab  |"
    );
    assert_eq!(
        text(|b| {
            b.extend(b"abcde");
            pad_right(b, 0, 4)
        }),
        "abcde"
    );
}
