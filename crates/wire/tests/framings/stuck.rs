//! A framing that takes no octets.

use vpnwire_wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Writer};

/// A framing with a defect: it returns an element but takes no octets.
#[derive(Clone)]
struct Stuck;

impl Framing for Stuck {
    type Header = ();
    type Open = ();
    const ELEMENT: &'static str = "stuck element";
    const WITHIN: &'static str = "packet";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, ()>>, LengthError> {
        reader.element(Self::ELEMENT, (), 0, 0, 0).map(Some)
    }

    fn open(&mut self, _: &mut Writer<'_>, (): ()) -> Result<(), EmitError> {
        Ok(())
    }

    fn close(&mut self, _: &mut Writer<'_>, (): (), (): (), _: usize) -> Result<(), EmitError> {
        Ok(())
    }

    fn len_with(&self, len: usize, (): (), value_len: usize) -> usize {
        len + value_len
    }
}

#[test]
fn a_framing_that_takes_nothing_is_stopped() {
    let error = Chain::parse(&[1, 2, 3], 5, Stuck).unwrap_err();
    let (element, within) = ("stuck element", "packet");
    assert_eq!(error, LengthError::Declared { element, within, offset: 5, least: 1, declared: 0 });
}
