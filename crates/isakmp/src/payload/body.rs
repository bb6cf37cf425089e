//! What every payload's body can do, and the bodies that are nothing but octets.

/// What every body can do, from its `parse_at`, `wire_len` and `emit_into`.
macro_rules! payload_body {
    ($name:ident $(<$lifetime:lifetime>)?) => {
        impl<'a> $name $(<$lifetime>)? {
            /// Decodes a body: the octets after the generic payload header.
            ///
            /// # Errors
            /// When they are none; offsets count from the start of the body.
            pub fn parse(body: &'a [u8]) -> Result<Self, $crate::ParseError> {
                Self::parse_at(body, 0)
            }

            /// Decodes the body of a payload that was framed.
            ///
            /// # Errors
            /// When it is none; offsets count from the start of the message.
            pub fn from_element(
                element: &$crate::PayloadElement<'a>,
            ) -> Result<Self, $crate::ParseError> {
                Self::parse_at(element.value, element.value_offset)
            }

            /// Encodes the body and returns its octets' number.
            ///
            /// # Errors
            /// When the buffer is shorter than [`wire_len`](Self::wire_len), or a length does not fit its field.
            pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, ::wire::EmitError> {
                let mut writer = ::wire::Writer::for_len(buffer, self.wire_len())?;
                self.emit_into(&mut writer)?;
                Ok(writer.position())
            }

            /// The body's octets.
            ///
            /// # Errors
            /// When a length does not fit its field.
            #[cfg(feature = "alloc")]
            pub fn to_vec(&self) -> Result<::alloc::vec::Vec<u8>, ::wire::EmitError> {
                let mut octets = ::alloc::vec![0; self.wire_len()];
                self.emit(&mut octets)?;
                Ok(octets)
            }
        }

        impl<'a> TryFrom<&'a [u8]> for $name $(<$lifetime>)? {
            type Error = $crate::ParseError;

            fn try_from(body: &'a [u8]) -> Result<Self, $crate::ParseError> {
                Self::parse(body)
            }
        }
    };
}

/// A body that is nothing but octets.
macro_rules! octets_payload {
    ($(#[$meta:meta])* $name:ident { $(#[$field_meta:meta])* $field:ident }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name<'a> {
            $(#[$field_meta])*
            pub $field: &'a [u8],
        }

        impl<'a> $name<'a> {
            /// Decodes a body that begins `offset` octets into its message.
            ///
            /// # Errors
            /// None: any octets will do.
            pub const fn parse_at(body: &'a [u8], offset: usize) -> Result<Self, $crate::ParseError> {
                let _ = offset;
                Ok(Self { $field: body })
            }

            /// Octets of the body.
            #[must_use]
            pub const fn wire_len(&self) -> usize {
                self.$field.len()
            }

            /// Encodes the body.
            ///
            /// # Errors
            /// When the writer has no room.
            pub fn emit_into(&self, writer: &mut ::wire::Writer<'_>) -> Result<(), ::wire::EmitError> {
                writer.put(self.$field)
            }
        }

        payload_body!($name<'a>);
    };
}

/// A body that ends with a list of attributes: what such a body can do, from its `parse_until_error`, its `emit_into`, its
/// field `attributes` and the octets before it.
macro_rules! attributes_payload {
    ($name:ident, $fixed_len:expr) => {
        impl<'a> $name<'a> {
            /// Decodes a body that begins `offset` octets into its message.
            ///
            /// # Errors
            /// When it ends before its attributes begin, or an attribute ends after it.
            pub fn parse_at(body: &'a [u8], offset: usize) -> Result<Self, $crate::ParseError> {
                match Self::parse_until_error(body, offset)? {
                    (value, None) => Ok(value),
                    (_, Some(fault)) => Err(fault.into()),
                }
            }

            /// The attributes, decoded.
            pub fn decode_attributes(&self) -> impl Iterator<Item = Attribute<'a>> + Clone + use<'a> {
                $crate::payload::attribute::attributes(&self.attributes)
            }

            /// Octets of the body.
            #[must_use]
            pub fn wire_len(&self) -> usize {
                let fixed_len: usize = $fixed_len;
                $crate::payload::attribute::attributes_len(&self.attributes).saturating_add(fixed_len)
            }
        }

        payload_body!($name<'a>);
    };
}
