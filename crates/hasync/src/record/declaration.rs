//! The declaration of records. The macro `record!` makes a record from one line for each field.
//!
//! ```text
//! record! {
//!     /// The doc comment of the record.
//!     pub struct Name<'a>: new {                  // or `default`, if `new` would have too many arguments
//!         /// The doc comment of the field.
//!         field: required u32 = BUNDLE_ID,        // kind, type of the value, attribute code
//!     }
//! }
//! ```
//!
//! | kind | field | on the wire |
//! |---|---|---|
//! | `required T = CODE` | `T` | once |
//! | `optional T = CODE` | `Option<T>` | once, or absent |
//! | `text &'a [u8] = CODE` | `&'a [u8]` | once, or absent when empty |
//! | `zero_or_more T = CODE` | list of `T` | any number of times |
//! | `one_or_more T = CODE` | list of `T` | at least once |
//! | `all_of T` | `T`, a record | all its mandatory attributes |
//! | `all_or_none T` | `Option<T>`, a record | all its mandatory attributes, or none of its attributes |
//!
//! The fields stand in the order of the attributes on the wire, and missing attributes are reported in this order. The
//! table of attributes fixes the type for each code; another type does not compile.

use core::marker::PhantomData;

use wire::{Chain, ChainWriter, EmitError, Framing, List, Member, Writer};

use super::listed::{Listed, Repeated};
use crate::attribute::data::{Data, Holds};
use crate::attribute::{AttributeChain, AttributeElement};
use crate::{Attribute, AttributeCode, AttributeFraming, AttributeHeader, ParseError};

mod constructor;

/// A record, or a part of one, which is read from a list of attributes and written as one.
pub(crate) trait Attributed<'a>: Sized {
    /// The fields that have been read so far, with one slot for each.
    type Slots: Default;

    /// Reads the attribute into its slot. Returns whether the record has a slot for it.
    fn take(slots: &mut Self::Slots, element: &AttributeElement<'a>) -> Result<bool, ParseError>;

    /// Makes the record, if every mandatory slot is filled.
    fn finish(slots: Self::Slots, chain: &AttributeChain<'a>) -> Result<Self, ParseError>;

    /// Makes the record with no field set.
    fn unset() -> Self;

    /// The number of octets of its attributes.
    fn run_len(&self) -> usize;

    /// Writes its attributes, one after the other.
    fn emit_run(&self, writer: &mut Writer<'_>) -> Result<(), EmitError>;

    /// Reads a record. Attributes that the record does not have are ignored, but they must not be malformed.
    fn read(chain: &AttributeChain<'a>) -> Result<Self, ParseError> {
        let mut slots = Self::Slots::default();
        for element in chain {
            if !Self::take(&mut slots, &element)? {
                Attribute::parse(&element)?;
            }
        }
        Self::finish(slots, chain)
    }
}

/// The way in which a field is read, written and made.
pub(crate) trait Kind<'a> {
    type Field;
    type Slot: Default;

    fn take(slot: &mut Self::Slot, element: &AttributeElement<'a>) -> Result<bool, ParseError>;
    fn finish(slot: Self::Slot, chain: &AttributeChain<'a>) -> Result<Self::Field, ParseError>;
    fn unset() -> Self::Field;
    fn len(field: &Self::Field) -> usize;
    fn emit(field: &Self::Field, writer: &mut Writer<'_>) -> Result<(), EmitError>;
}

/// An attribute that must be there once.
pub(crate) struct Required<const CODE: u16, T>(PhantomData<T>);
/// An attribute that may be there once.
pub(crate) struct Optional<const CODE: u16, T>(PhantomData<T>);
/// An attribute of octets that is absent when there are no octets.
pub(crate) struct Text<const CODE: u16>;
/// An attribute that may be there any number of times.
pub(crate) struct ZeroOrMore<const CODE: u16, T>(PhantomData<T>);
/// An attribute that must be there at least once.
pub(crate) struct OneOrMore<const CODE: u16, T>(PhantomData<T>);
/// Attributes that are a part of a record.
pub(crate) struct AllOf<T>(PhantomData<T>);
/// Attributes that are a part of a record and may be absent as a whole.
pub(crate) struct AllOrNone<T>(PhantomData<T>);

/// The number of octets of an attribute with a value of `value_len` octets.
pub(crate) fn attribute_len(code: u16, value_len: usize) -> usize {
    let header = AttributeHeader { code: AttributeCode(code) };
    AttributeFraming::default().len_with(0, header, value_len)
}

/// Writes one attribute.
pub(crate) fn push<'a>(
    writer: &mut Writer<'_>,
    member: &impl Member<'a, AttributeFraming>,
) -> Result<(), EmitError> {
    ChainWriter::new(writer, AttributeFraming::default()).push(member).map(drop)
}

/// Reads an attribute that a record may have only once.
pub(crate) fn once<'a, T: Data<'a>>(
    slot: &mut Option<T>,
    element: &AttributeElement<'a>,
) -> Result<(), ParseError> {
    if let Some(fault) = element.fault() {
        return Err(fault.into());
    }
    match slot.replace(T::read(element.name, element.reader())?) {
        None => Ok(()),
        Some(_) => Err(ParseError::DuplicateAttribute { code: element.header.code, offset: element.offset }),
    }
}

impl<'a, const CODE: u16, T: Holds<'a, CODE> + Copy> Kind<'a> for Required<CODE, T> {
    type Field = T;
    type Slot = Option<T>;

    fn take(slot: &mut Option<T>, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        Optional::<CODE, T>::take(slot, element)
    }

    fn finish(slot: Option<T>, _: &AttributeChain<'a>) -> Result<T, ParseError> {
        slot.ok_or(ParseError::MissingAttribute { code: AttributeCode(CODE) })
    }

    fn unset() -> T {
        T::unset()
    }

    fn len(field: &T) -> usize {
        attribute_len(CODE, Data::len(field))
    }

    fn emit(field: &T, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        push(writer, &field.attribute())
    }
}

impl<'a, const CODE: u16, T: Holds<'a, CODE> + Copy> Kind<'a> for Optional<CODE, T> {
    type Field = Option<T>;
    type Slot = Option<T>;

    fn take(slot: &mut Option<T>, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        if element.header.code.0 != CODE {
            return Ok(false);
        }
        once(slot, element).map(|()| true)
    }

    fn finish(slot: Option<T>, _: &AttributeChain<'a>) -> Result<Option<T>, ParseError> {
        Ok(slot)
    }

    fn unset() -> Option<T> {
        None
    }

    fn len(field: &Option<T>) -> usize {
        field.as_ref().map_or(0, Required::<CODE, T>::len)
    }

    fn emit(field: &Option<T>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        field.as_ref().map_or(Ok(()), |field| Required::<CODE, T>::emit(field, writer))
    }
}

impl<'a, const CODE: u16> Kind<'a> for Text<CODE>
where
    &'a [u8]: Holds<'a, CODE>,
{
    type Field = &'a [u8];
    type Slot = Option<&'a [u8]>;

    fn take(slot: &mut Self::Slot, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        Optional::<CODE, &'a [u8]>::take(slot, element)
    }

    fn finish(slot: Self::Slot, _: &AttributeChain<'a>) -> Result<&'a [u8], ParseError> {
        // default: an absent attribute means the same as one without octets
        Ok(slot.unwrap_or_default())
    }

    fn unset() -> &'a [u8] {
        &[]
    }

    fn len(field: &&'a [u8]) -> usize {
        if field.is_empty() { 0 } else { Required::<CODE, &'a [u8]>::len(field) }
    }

    fn emit(field: &&'a [u8], writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if field.is_empty() { Ok(()) } else { Required::<CODE, &'a [u8]>::emit(field, writer) }
    }
}

impl<'a, const CODE: u16, T: Repeated<'a> + 'a> Kind<'a> for ZeroOrMore<CODE, T> {
    type Field = List<'a, AttributeFraming, Listed<'a, T>>;
    /// Whether at least one was there.
    type Slot = bool;

    fn take(slot: &mut bool, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        const { assert!(CODE == T::CODE.0, "what is listed is in attributes of another code") };
        if element.header.code.0 != CODE {
            return Ok(false);
        }
        T::from_attribute(element)?;
        *slot = true;
        Ok(true)
    }

    fn finish(_: bool, chain: &AttributeChain<'a>) -> Result<Self::Field, ParseError> {
        let framing = chain.framing().only(AttributeCode(CODE));
        Ok(List::Framed(Chain::parse(chain.octets(), chain.offset(), framing)?))
    }

    fn unset() -> Self::Field {
        List::default()
    }

    fn len(field: &Self::Field) -> usize {
        field.chain_len(&AttributeFraming::default())
    }

    fn emit(field: &Self::Field, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let mut chain = ChainWriter::new(writer, AttributeFraming::default());
        for listed in field {
            if matches!(listed, Listed::Malformed { missing: 0, .. }) {
                // default: this is never used, because every declared code has a name
                let field = AttributeCode(CODE).name().unwrap_or(AttributeFraming::ELEMENT);
                let reason = "the list of a record holds an attribute that is malformed or of another code";
                return Err(EmitError::Contradiction { field, reason });
            }
            chain.push(&listed)?;
        }
        Ok(())
    }
}

impl<'a, const CODE: u16, T: Repeated<'a> + 'a> Kind<'a> for OneOrMore<CODE, T> {
    type Field = List<'a, AttributeFraming, Listed<'a, T>>;
    type Slot = bool;

    fn take(slot: &mut bool, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        ZeroOrMore::<CODE, T>::take(slot, element)
    }

    fn finish(slot: bool, chain: &AttributeChain<'a>) -> Result<Self::Field, ParseError> {
        if slot {
            ZeroOrMore::<CODE, T>::finish(slot, chain)
        } else {
            Err(ParseError::MissingAttribute { code: AttributeCode(CODE) })
        }
    }

    fn unset() -> Self::Field {
        List::default()
    }

    fn len(field: &Self::Field) -> usize {
        ZeroOrMore::<CODE, T>::len(field)
    }

    fn emit(field: &Self::Field, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if field.is_empty() {
            // default: this is never used, because every declared code has a name
            let element = AttributeCode(CODE).name().unwrap_or("attribute");
            return Err(EmitError::MissingElement { element });
        }
        ZeroOrMore::<CODE, T>::emit(field, writer)
    }
}

impl<'a, T: Attributed<'a>> Kind<'a> for AllOf<T> {
    type Field = T;
    type Slot = T::Slots;

    fn take(slot: &mut T::Slots, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        T::take(slot, element)
    }

    fn finish(slot: T::Slots, chain: &AttributeChain<'a>) -> Result<T, ParseError> {
        T::finish(slot, chain)
    }

    fn unset() -> T {
        T::unset()
    }

    fn len(field: &T) -> usize {
        field.run_len()
    }

    fn emit(field: &T, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        field.emit_run(writer)
    }
}

impl<'a, T: Attributed<'a>> Kind<'a> for AllOrNone<T> {
    type Field = Option<T>;
    /// The slots, and whether any of them is filled.
    type Slot = (T::Slots, bool);

    fn take(slot: &mut Self::Slot, element: &AttributeElement<'a>) -> Result<bool, ParseError> {
        let (slots, any) = slot;
        let taken = T::take(slots, element)?;
        *any |= taken;
        Ok(taken)
    }

    fn finish((slots, any): Self::Slot, chain: &AttributeChain<'a>) -> Result<Option<T>, ParseError> {
        if any { T::finish(slots, chain).map(Some) } else { Ok(None) }
    }

    fn unset() -> Option<T> {
        None
    }

    fn len(field: &Option<T>) -> usize {
        field.as_ref().map_or(0, T::run_len)
    }

    fn emit(field: &Option<T>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        field.as_ref().map_or(Ok(()), |field| field.emit_run(writer))
    }
}

/// Declares a record with one line for each field, as the module describes.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$lifetime:lifetime>)?: $maker:ident {
            $( $(#[$field_meta:meta])* $field:ident: $kind:ident $ty:ty $(= $code:ident)?, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name $(<$lifetime>)? {
            $(
                $(#[$field_meta])*
                #[doc = crate::record::declaration::place!($kind $($code)?)]
                pub $field: crate::record::declaration::field!($kind $ty),
            )*
        }

        const _: () = {
            use crate::attribute::{AttributeChain, AttributeElement};
            use crate::record::declaration::{Attributed, Kind, constructor, kind};

            #[derive(Default)]
            pub(crate) struct Slots<'a> {
                $( $field: <kind!($kind $ty $(= $code)?) as Kind<'a>>::Slot, )*
            }

            impl<'a> Attributed<'a> for $name $(<$lifetime>)? {
                type Slots = Slots<'a>;

                fn take(slots: &mut Slots<'a>, element: &AttributeElement<'a>) -> Result<bool, crate::ParseError> {
                    let taken =
                        $( <kind!($kind $ty $(= $code)?) as Kind<'a>>::take(&mut slots.$field, element)? )||*;
                    Ok(taken)
                }

                fn finish(slots: Slots<'a>, chain: &AttributeChain<'a>) -> Result<Self, crate::ParseError> {
                    Ok(Self {
                        $( $field: <kind!($kind $ty $(= $code)?) as Kind<'a>>::finish(slots.$field, chain)?, )*
                    })
                }

                fn unset() -> Self {
                    Self { $( $field: <kind!($kind $ty $(= $code)?) as Kind<'a>>::unset(), )* }
                }

                fn run_len(&self) -> usize {
                    [$( <kind!($kind $ty $(= $code)?) as Kind<'a>>::len(&self.$field) ),*]
                        .into_iter()
                        .fold(0, usize::saturating_add)
                }

                fn emit_run(&self, writer: &mut wire::Writer<'_>) -> Result<(), wire::EmitError> {
                    $( <kind!($kind $ty $(= $code)?) as Kind<'a>>::emit(&self.$field, writer)?; )*
                    Ok(())
                }
            }

            constructor!($maker $name $(<$lifetime>)? { $( $field: $kind $ty, )* });
        };
    };
}

/// The type of a field, from its kind and the type of its values.
macro_rules! field {
    (optional $ty:ty) => { Option<$ty> };
    (all_or_none $ty:ty) => { Option<$ty> };
    (zero_or_more $ty:ty) => { wire::List<'a, crate::AttributeFraming, crate::record::Listed<'a, $ty>> };
    (one_or_more $ty:ty) => { wire::List<'a, crate::AttributeFraming, crate::record::Listed<'a, $ty>> };
    ($kind:ident $ty:ty) => { $ty };
}

/// What the documentation says of the attributes that hold a field.
macro_rules! place {
    (all_of) => {
        "\n\nIts attributes stand among those of the message, and must be there."
    };
    (all_or_none) => {
        "\n\nIts attributes stand among those of the message. If one of them is there, all that are mandatory must be."
    };
    (@of $code:ident $how_often:literal) => {
        concat!("\n\nIt is in the attribute [`AttributeCode::", stringify!($code), "`](crate::AttributeCode::", stringify!($code), "), ", $how_often)
    };
    (required $code:ident) => {
        crate::record::declaration::place!(@of $code "which must be there once.")
    };
    (optional $code:ident) => {
        crate::record::declaration::place!(@of $code "which may be absent.")
    };
    (text $code:ident) => {
        crate::record::declaration::place!(@of $code "which is absent when there are no octets.")
    };
    (zero_or_more $code:ident) => {
        crate::record::declaration::place!(@of $code "once for each member.")
    };
    (one_or_more $code:ident) => {
        crate::record::declaration::place!(@of $code "once for each member. There must be at least one.")
    };
}

/// The type that implements a kind.
macro_rules! kind {
    (text $ty:ty = $code:ident) => { crate::record::declaration::Text<{ crate::AttributeCode::$code.0 }> };
    (all_of $ty:ty) => { crate::record::declaration::AllOf<$ty> };
    (all_or_none $ty:ty) => { crate::record::declaration::AllOrNone<$ty> };
    (required $ty:ty = $code:ident) => {
        crate::record::declaration::Required<{ crate::AttributeCode::$code.0 }, $ty>
    };
    (optional $ty:ty = $code:ident) => {
        crate::record::declaration::Optional<{ crate::AttributeCode::$code.0 }, $ty>
    };
    (zero_or_more $ty:ty = $code:ident) => {
        crate::record::declaration::ZeroOrMore<{ crate::AttributeCode::$code.0 }, $ty>
    };
    (one_or_more $ty:ty = $code:ident) => {
        crate::record::declaration::OneOrMore<{ crate::AttributeCode::$code.0 }, $ty>
    };
}

pub(crate) use constructor::constructor;
pub(crate) use {field, kind, place, record};
