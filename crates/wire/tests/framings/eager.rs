//! A framing that changes its state before it fails.

use vpnwire_wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Writer};

use crate::raw::Raw;

/// A framing as another crate could write it: it changes its state and moves the reader before it fails. The
/// header of each element is the number of elements before it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Eager {
    met: u8,
}

impl Framing for Eager {
    type Header = u8; // the number of elements before this one
    type Open = u8;
    const ELEMENT: &'static str = "counted element";
    const WITHIN: &'static str = "packet";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u8>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let before = self.met;
        self.met += 1;
        let mut ahead = *reader;
        let length = ahead.u8(Self::ELEMENT)?;
        if length == 0xff {
            reader.u8(Self::ELEMENT)?;
            return Err(reader.declared_too_short(Self::ELEMENT, 1, 0));
        }
        reader.element(Self::ELEMENT, before, 1, usize::from(length), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, _: u8) -> Result<u8, EmitError> {
        self.met += 1;
        writer.u8(0)?;
        Ok(self.met)
    }

    fn close(&mut self, writer: &mut Writer<'_>, _: u8, _: u8, start: usize) -> Result<(), EmitError> {
        self.met += 1;
        let len = EmitError::fit_u8("length", writer.position() - start - 1)?;
        writer.written_mut()[start] = len;
        Ok(())
    }

    fn len_with(&self, len: usize, _: u8, value_len: usize) -> usize {
        len + 1 + value_len
    }
}

#[test]
fn what_a_framing_changed_before_it_failed_is_forgotten_when_reading() {
    let octets = [1, 0xaa, 0, 0xff, 9];
    let read = Chain::parse_until_error(&octets, 0, Eager::default());
    assert_eq!(read.fault.map(|fault| fault.offset()), Some(4));
    assert_eq!((read.value.octets(), read.rest), (&octets[..3], &octets[3..]));
    for _ in 0..2 {
        let met = read.value.iter().map(|e| (e.header, e.value)).collect::<Vec<_>>();
        assert_eq!(
            met,
            [(0, &[0xaa][..]), (1, &[][..])],
            "iteration begins where the chain began, each time"
        );
    }
    assert_eq!(read.value.framing(), &Eager { met: 0 });
    assert_eq!(read.value.iter().len(), 2);
}

#[test]
fn what_a_framing_changed_before_it_failed_is_forgotten_when_writing() {
    let mut buffer = [9; 4];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, Eager::default());
    chain.push(&Raw(0, b"ab")).unwrap();
    assert!(chain.push(&Raw(0, b"c")).is_err(), "the value does not fit, but `open` has run");
    chain.push(&Raw(0, b"")).unwrap();
    assert!(chain.push(&Raw(0, b"")).is_err(), "the header does not fit");
    assert_eq!(chain.finish(), Eager { met: 4 }, "two elements were opened and closed");
    assert_eq!(writer.into_written(), [2, b'a', b'b', 0]);
    let mut buffer = [0; 300];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, Eager::default());
    assert!(chain.push(&Raw(0, &[0; 256])).is_err(), "`close` fails");
    assert_eq!(chain.finish(), Eager { met: 0 });
    assert_eq!(writer.position(), 0);
}
