//! The attributes of transforms as IOS prints them.

use core::fmt::{self, Display, Formatter};

use crate::doi::{ipsec, oakley};
use crate::{Attribute, AttributeValue};

/// The octets of a value, which are printed as `0x0 0x1 0x51 0x80`.
struct Vpi<'a>(&'a [u8]);

impl Display for Vpi<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, octet)| {
            if index > 0 {
                out.write_str(" ")?;
            }
            write!(out, "{octet:#x}")
        })
    }
}

/// A life duration, which is printed as `life duration (basic) of 120` or `life duration (VPI) of 0x0 0x1 0x51 0x80`.
struct Duration<'a>(AttributeValue<'a>);

impl Display for Duration<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            AttributeValue::Basic(value) => write!(out, "life duration (basic) of {value}"),
            AttributeValue::Variable(octets) | AttributeValue::Cut { octets, .. } => {
                write!(out, "life duration (VPI) of {}", Vpi(octets))
            }
        }
    }
}

/// A value, which is printed as a number, or as octets when it does not fit a number.
struct Number<'a>(AttributeValue<'a>);

impl Display for Number<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match (self.0.number(), self.0) {
            (Some(number), _) => write!(out, "{number}"),
            (None, AttributeValue::Variable(octets) | AttributeValue::Cut { octets, .. }) => {
                write!(out, "{}", Vpi(octets))
            }
            (None, AttributeValue::Basic(value)) => write!(out, "{value}"),
        }
    }
}

/// An attribute of phase 1 as IOS prints it.
pub(super) struct Phase1Attribute<'m, 'a>(pub(super) &'m Attribute<'a>);

impl Display for Phase1Attribute<'_, '_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        use oakley::{AttributeType as Type, AuthenticationMethod as Method, HashAlgorithm};
        let Attribute { attribute_type, value } = *self.0;
        let number = Number(value);
        let word = value.number().and_then(|number| u16::try_from(number).ok());
        let name = word.and_then(|word| Type(attribute_type).value_name(word));
        match (Type(attribute_type), word) {
            (Type::ENCRYPTION_ALGORITHM, _) => match name {
                Some(name) => write!(out, "encryption {name}"),
                None => write!(out, "encryption {number}"),
            },
            (Type::HASH_ALGORITHM, word) => match (word.map(HashAlgorithm), name) {
                (Some(HashAlgorithm::SHA2_256), _) => write!(out, "hash SHA256"),
                (Some(HashAlgorithm::SHA2_384), _) => write!(out, "hash SHA384"),
                (Some(HashAlgorithm::SHA2_512), _) => write!(out, "hash SHA512"),
                (_, Some(name)) => write!(out, "hash {name}"),
                (_, None) => write!(out, "hash {number}"),
            },
            (Type::AUTHENTICATION_METHOD, word) => match (word.map(Method), name) {
                (Some(Method::PRE_SHARED_KEY), _) => write!(out, "auth pre-share"),
                (Some(Method::RSA_SIGNATURES), _) => write!(out, "auth RSA sig"),
                (Some(Method::RSA_ENCRYPTION), _) => write!(out, "auth RSA encr"),
                (_, Some(name)) => write!(out, "auth {name}"),
                (_, None) => write!(out, "auth {number}"),
            },
            (Type::GROUP_DESCRIPTION, _) => write!(out, "default group {number}"),
            (Type::LIFE_TYPE, _) => match name {
                Some(name) => write!(out, "life type in {name}"),
                None => write!(out, "life type {number}"),
            },
            (Type::LIFE_DURATION, _) => write!(out, "{}", Duration(value)),
            (Type::KEY_LENGTH, _) => write!(out, "keylength of {number}"),
            (other, _) => write!(out, "attribute {other}, value {number}"),
        }
    }
}

/// An attribute of phase 2 as IOS prints it.
pub(super) struct Phase2Attribute<'m, 'a>(pub(super) &'m Attribute<'a>);

impl Display for Phase2Attribute<'_, '_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        use ipsec::AttributeType as Type;
        let Attribute { attribute_type, value } = *self.0;
        let number = Number(value);
        let word = value.number().and_then(|number| u16::try_from(number).ok());
        let name = word.and_then(|word| Type(attribute_type).value_name(word));
        match Type(attribute_type) {
            Type::ENCAPSULATION_MODE => write!(out, "encaps is {number}"),
            Type::SA_LIFE_TYPE => match name {
                Some(name) => write!(out, "SA life type in {name}"),
                None => write!(out, "SA life type {number}"),
            },
            Type::SA_LIFE_DURATION => write!(out, "SA {}", Duration(value)),
            Type::AUTHENTICATION_ALGORITHM => match name {
                Some(name) => write!(out, "authenticator is {name}"),
                None => write!(out, "authenticator is {number}"),
            },
            Type::GROUP_DESCRIPTION => write!(out, "group is {number}"),
            Type::KEY_LENGTH => write!(out, "key length is {number}"),
            other => write!(out, "attribute {other}, value {number}"),
        }
    }
}
