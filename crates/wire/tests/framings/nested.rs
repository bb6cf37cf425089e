//! Members that hold lists of members.

use vpnwire_wire::{Element, Emit, EmitError, List, Member, Writer};

use crate::padded::Padded;
use crate::raw::Raw;
use crate::type_length::TypeLength;

/// A member that holds a list of members, like the parameters of a chunk or the transforms of a proposal.
#[derive(Clone)]
struct Nested<'a>(List<'a, TypeLength, Raw<'a, u8>>);

impl Emit for Nested<'_> {
    fn wire_len(&self) -> usize {
        self.0.wire_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.0.emit_into(writer)
    }
}

impl<'a> Member<'a, Padded> for Nested<'a> {
    fn header(&self) -> (u8, u8, [u8; 3]) {
        (2, 0, [0; 3])
    }

    fn decode(element: &Element<'a, (u8, u8, [u8; 3])>, _: &Padded) -> Self {
        Self(List::parse_until_error(element.value, element.value_offset, TypeLength).value)
    }
}

#[test]
fn lists_nest_without_allocation_and_a_list_read_equals_the_list_built() {
    let tlvs = [Raw(3, b"x"), Raw(4, b"")];
    let nested = [Nested((&tlvs).into()), Nested(List::default())];
    let built = List::<Padded, _>::from(&nested);
    let mut buffer = [0; 64];
    let octets = &*built.emit(&mut buffer).unwrap();
    assert_eq!(octets, [2, 0, 0, 9, 3, 1, b'x', 4, 0, 0, 0, 0, 2, 0, 0, 4]);
    let read = List::<Padded, Nested<'_>>::parse(octets, 0, Padded).unwrap();
    assert_eq!((read.count(), built.count(), read.iter().len()), (2, 2, 2));
    assert!(read.iter().map(|n| n.0).eq(built.iter().map(|n| n.0)));
    assert_ne!(read.iter().next().unwrap().0, List::from(&[Raw(3, b"y"), Raw(4, b"")]));
    assert_eq!(read.chain().unwrap().iter().next().unwrap().value_offset, 4);
    assert!(built.chain().is_none() && built.elements().next().is_none());
    assert!(built.emit(&mut [0; 15]).is_err());
    let mut again = [0; 64];
    assert_eq!(read.emit(&mut again).unwrap(), octets);
}
