//! Situation (RFC 2407 sections 4.2 and 4.6.1).

use core::fmt;

use wire::{Emit, EmitError, Reader, Writer};

use crate::ParseError;

/// Situation bitmap of the IPsec DOI (RFC 2407 section 4.2).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SituationFlags(pub u32);

impl SituationFlags {
    /// `SIT_IDENTITY_ONLY`: the identities decide the situation.
    pub const IDENTITY_ONLY: Self = Self(0x01);
    /// `SIT_SECRECY`: a secrecy label follows.
    pub const SECRECY: Self = Self(0x02);
    /// `SIT_INTEGRITY`: an integrity label follows.
    pub const INTEGRITY: Self = Self(0x04);

    /// Returns whether all flags of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns these flags, with the two flags for labels set as the labels are there.
    const fn labeled(self, secrecy: bool, integrity: bool) -> Self {
        let mut flags = self.0 & !(Self::SECRECY.0 | Self::INTEGRITY.0);
        if secrecy {
            flags |= Self::SECRECY.0;
        }
        if integrity {
            flags |= Self::INTEGRITY.0;
        }
        Self(flags)
    }

    const fn is_labeled(self) -> bool {
        self.contains(Self::SECRECY) || self.contains(Self::INTEGRITY)
    }
}

impl fmt::Debug for SituationFlags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#x}", self.0)
    }
}

/// A secrecy or integrity label (RFC 2407 section 4.6.1). The struct is exhaustive on purpose, because the figure has
/// no other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Label<'a> {
    /// The RESERVED field after the length of the level. A receiver ignores it.
    pub level_reserved: u16,
    /// Secrecy Level or Integrity Level.
    pub level: &'a [u8],
    /// The RESERVED field after the length of the categories. A receiver ignores it.
    pub category_reserved: u16,
    /// The number of bits of `categories` that count. They must fill all octets of it, the last octet at least in
    /// part.
    pub category_bits: u16,
    /// The category bitmap.
    pub categories: &'a [u8],
}

const ALIGNMENT: usize = 4;

/// Returns the number of zero octets up to the next 32-bit boundary.
const fn padding_len(len: usize) -> usize {
    len.wrapping_neg() & (ALIGNMENT - 1)
}

fn take_padded<'a>(
    reader: &mut Reader<'a>,
    element: &'static str,
    len: usize,
) -> Result<&'a [u8], ParseError> {
    let octets = reader.take(element, len)?;
    let offset = reader.offset();
    match reader.take(element, padding_len(len))?.iter().all(|octet| *octet == 0) {
        true => Ok(octets),
        false => Err(ParseError::LabelPadding { within: reader.within(), offset }),
    }
}

impl<'a> Label<'a> {
    fn read(reader: &mut Reader<'a>, element: &'static str) -> Result<Self, ParseError> {
        let level_len = usize::from(reader.u16(element)?);
        let level_reserved = reader.u16(element)?;
        let level = take_padded(reader, element, level_len)?;
        let category_bits = reader.u16(element)?;
        let category_reserved = reader.u16(element)?;
        let categories = take_padded(reader, element, usize::from(category_bits).div_ceil(8))?;
        Ok(Self { level_reserved, level, category_reserved, category_bits, categories })
    }
}

impl Emit for Label<'_> {
    fn wire_len(&self) -> usize {
        let (level, categories) = (self.level.len(), self.categories.len());
        level
            .saturating_add(padding_len(level))
            .saturating_add(categories)
            .saturating_add(padding_len(categories))
            .saturating_add(8)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u16(EmitError::fit_u16("level length", self.level.len())?)?;
        writer.u16(self.level_reserved)?;
        writer.put(self.level)?;
        writer.fill(0, padding_len(self.level.len()))?;
        if usize::from(self.category_bits).div_ceil(8) != self.categories.len() {
            return Err(EmitError::Contradiction {
                field: "category length",
                reason: "the number of bits does not fit the number of octets of the categories",
            });
        }
        writer.u16(self.category_bits)?;
        writer.u16(self.category_reserved)?;
        writer.put(self.categories)?;
        writer.fill(0, padding_len(self.categories.len()))
    }
}

/// The situation in which a security association is used (RFC 2407 section 4.2). The DOI before it decides its form.
/// The enum is exhaustive on purpose: a situation without a variant of its own is [`Other`](Self::Other).
///
/// `SIT_SECRECY` and `SIT_INTEGRITY` say that labels follow. They are derived from the labels that are there:
/// [`emit_into`](Emit::emit_into) writes them right, whatever `flags` says about them. Other bits are written as they
/// are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Situation<'a> {
    /// The situation of the IPsec DOI without labels. It is nearly always `SIT_IDENTITY_ONLY`.
    Ipsec(SituationFlags),
    /// The situation of the IPsec DOI with labels: `SIT_SECRECY` or `SIT_INTEGRITY` is among the flags.
    Labeled {
        /// The situation bitmap.
        flags: SituationFlags,
        /// Labeled Domain Identifier.
        labeled_domain_identifier: u32,
        /// The secrecy label. It is there when `SIT_SECRECY` is set.
        secrecy: Option<Label<'a>>,
        /// The integrity label. It is there when `SIT_INTEGRITY` is set.
        integrity: Option<Label<'a>>,
    },
    /// The situation of another DOI: all octets after the DOI field.
    Other(&'a [u8]),
}

impl Situation<'_> {
    /// `SIT_IDENTITY_ONLY` of the IPsec DOI, which all peers send.
    pub const IDENTITY_ONLY: Self = Self::Ipsec(SituationFlags::IDENTITY_ONLY);
}

impl<'a> Situation<'a> {
    /// Reads a situation of the IPsec DOI.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, ParseError> {
        let flags = SituationFlags(reader.u32("Situation")?);
        if !flags.is_labeled() {
            return Ok(Self::Ipsec(flags));
        }
        let labeled_domain_identifier = reader.u32("Labeled Domain Identifier")?;
        let secrecy = match flags.contains(SituationFlags::SECRECY) {
            true => Some(Label::read(reader, "secrecy label")?),
            false => None,
        };
        let integrity = match flags.contains(SituationFlags::INTEGRITY) {
            true => Some(Label::read(reader, "integrity label")?),
            false => None,
        };
        Ok(Self::Labeled { flags, labeled_domain_identifier, secrecy, integrity })
    }
}

impl Emit for Situation<'_> {
    fn wire_len(&self) -> usize {
        match self {
            // The domain of the labels is not written when there is no label.
            Self::Ipsec(_) | Self::Labeled { secrecy: None, integrity: None, .. } => 4,
            Self::Labeled { secrecy, integrity, .. } => secrecy
                .iter()
                .chain(integrity)
                .fold(8, |len: usize, label| len.saturating_add(label.wire_len())),
            Self::Other(octets) => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Ipsec(flags) | Self::Labeled { flags, secrecy: None, integrity: None, .. } => {
                writer.u32(flags.labeled(false, false).0)
            }
            Self::Labeled { flags, labeled_domain_identifier, secrecy, integrity } => {
                writer.u32(flags.labeled(secrecy.is_some(), integrity.is_some()).0)?;
                writer.u32(*labeled_domain_identifier)?;
                secrecy.iter().chain(integrity).try_for_each(|label| label.emit_into(writer))
            }
            Self::Other(octets) => writer.put(octets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Writer;

    fn rewritten<'a>(situation: &Situation<'_>, buffer: &'a mut [u8]) -> Situation<'a> {
        let mut writer = Writer::new(buffer);
        situation.emit_into(&mut writer).unwrap();
        let written = writer.into_written();
        assert_eq!(written.len(), situation.wire_len());
        let mut reader = Reader::new("ISAKMP message", written);
        let again = Situation::read(&mut reader).unwrap();
        assert!(reader.is_empty());
        again
    }

    #[test]
    fn the_flags_of_labels_follow_from_the_labels() {
        let label = Label { level: &[7; 5], category_bits: 9, categories: &[1, 2], ..Label::default() };
        for (secrecy, integrity) in
            [(None, None), (Some(label), None), (None, Some(label)), (Some(label), Some(label))]
        {
            for flags in (0..8).chain([0xf000_0001]).map(SituationFlags) {
                let labeled = Situation::Labeled { flags, labeled_domain_identifier: 9, secrecy, integrity };
                let mut buffer = [0; 64];
                let flags = flags.labeled(secrecy.is_some(), integrity.is_some());
                let expected = match (secrecy, integrity) {
                    (None, None) => Situation::Ipsec(flags),
                    _ => Situation::Labeled { flags, labeled_domain_identifier: 9, secrecy, integrity },
                };
                assert_eq!(rewritten(&labeled, &mut buffer), expected);
            }
        }
        let mut buffer = [0; 4];
        let bare = Situation::Ipsec(SituationFlags(7));
        assert_eq!(rewritten(&bare, &mut buffer), Situation::IDENTITY_ONLY);
    }
}
