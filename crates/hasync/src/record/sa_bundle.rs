//! Bundles of IPsec SAs: siblings of one negotiation live and die together.

use wire::EmitError;

use super::ike_sa_update::Reason;
use super::ipsec_sa::IpsecSa;
use crate::attribute::SaIdentifier;
use crate::item::{Item, Sink, once, required};
use crate::{Attribute, AttributeCode, Attributes, List, ParseError, Value};

/// The IPsec SAs of one negotiation: inbound and outbound, of each protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SaBundle<'a> {
    /// The active's number of the bundle.
    pub bundle_id: u32,
    /// Own cookie of the IKE SA that negotiated it; zeros where that is gone, as a standby of Cisco's prints.
    pub my_cookie: [u8; 8],
    /// The peer's cookie of that IKE SA.
    pub his_cookie: [u8; 8],
    /// The SAs: one at least.
    pub sas: List<'a, IpsecSa<'a>>,
}

impl<'a> SaBundle<'a> {
    pub(super) fn read(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        let (mut bundle_id, mut my_cookie, mut his_cookie) = (None, None, None);
        for attribute in attributes {
            match Value::parse(&attribute)? {
                Value::BundleId(id) => once(&mut bundle_id, id, &attribute)?,
                Value::MyCookie(cookie) => once(&mut my_cookie, cookie, &attribute)?,
                Value::HisCookie(cookie) => once(&mut his_cookie, cookie, &attribute)?,
                _ => {}
            }
        }
        let sas = List::of(attributes)?;
        if sas.is_empty() {
            return Err(ParseError::MissingAttribute { code: AttributeCode::IPSEC_SA });
        }
        Ok(Self {
            bundle_id: required(bundle_id, AttributeCode::BUNDLE_ID)?,
            my_cookie: required(my_cookie, AttributeCode::MY_COOKIE)?,
            his_cookie: required(his_cookie, AttributeCode::HIS_COOKIE)?,
            sas,
        })
    }

    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::BundleId(self.bundle_id))?;
        sink.put(Value::MyCookie(self.my_cookie))?;
        sink.put(Value::HisCookie(self.his_cookie))?;
        self.sas.put(sink)
    }
}

impl<'a> Item<'a> for SaIdentifier {
    const CODE: AttributeCode = AttributeCode::SA_IDENTIFIER;

    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
        match Value::parse(attribute)? {
            Value::SaIdentifier(identifier) => Ok(identifier),
            _ => Err(ParseError::MissingAttribute { code: Self::CODE }),
        }
    }

    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::SaIdentifier(*self))
    }
}

/// A bundle is gone: all its SAs at once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SaBundleDelete<'a> {
    /// The active's number of the bundle.
    pub bundle_id: u32,
    /// Why.
    pub reason: Reason,
    /// Its SAs, for a standby that knows the number no more; may be none.
    pub sas: List<'a, SaIdentifier>,
}

impl<'a> SaBundleDelete<'a> {
    pub(super) fn read(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        let (mut bundle_id, mut reason) = (None, None);
        for attribute in attributes {
            match Value::parse(&attribute)? {
                Value::BundleId(id) => once(&mut bundle_id, id, &attribute)?,
                Value::Reason(code) => once(&mut reason, Reason(code), &attribute)?,
                _ => {}
            }
        }
        Ok(Self {
            bundle_id: required(bundle_id, AttributeCode::BUNDLE_ID)?,
            reason: required(reason, AttributeCode::REASON)?,
            sas: List::of(attributes)?,
        })
    }

    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::BundleId(self.bundle_id))?;
        sink.put(Value::Reason(self.reason.0))?;
        self.sas.put(sink)
    }
}
