//! How bodies are decoded, and the bodies that are nothing but octets.

/// How a body is decoded, from its private `read`: from its element, or from octets that were kept apart from their message.
macro_rules! payload_body {
    ($name:ident $(<$lifetime:lifetime>)?, $payload_type:ident) => {
        impl<'a> $name $(<$lifetime>)? {
            /// Decodes the body of a payload that was framed. Offsets count from the start of the message.
            ///
            /// # Errors
            /// When the payload is of another type, octets of its body are missing, or the body breaks a rule.
            pub fn parse(element: &$crate::PayloadElement<'a>) -> Result<Self, $crate::ParseError> {
                Self::read($crate::payload::framing::whole(element, $crate::PayloadType::$payload_type)?)
            }

            /// Decodes a body that was kept apart from its message, as RFC 2409 does with `SAi_b` and `IDii_b`: the octets
            /// after the generic payload header. Offsets count from the start of the body.
            ///
            /// # Errors
            /// When the body breaks a rule.
            pub fn parse_body(body: &'a [u8]) -> Result<Self, $crate::ParseError> {
                let reader = ::wire::Reader::new($crate::payload::framing::BODY, body);
                Self::read(reader).map_err($crate::ParseError::inside_body)
            }
        }

        impl<'a> TryFrom<&'a [u8]> for $name $(<$lifetime>)? {
            type Error = $crate::ParseError;

            fn try_from(body: &'a [u8]) -> Result<Self, $crate::ParseError> {
                Self::parse_body(body)
            }
        }
    };
}

/// A body that is nothing but octets.
macro_rules! octets_payload {
    ($(#[$meta:meta])* $name:ident, $payload_type:ident { $(#[$field_meta:meta])* $field:ident }) => {
        $(#[$meta])*
        ///
        /// Its figure has this one field: the type is exhaustive on purpose.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name<'a> {
            $(#[$field_meta])*
            pub $field: &'a [u8],
        }

        impl<'a> $name<'a> {
            #[allow(clippy::unnecessary_wraps, reason = "every body is read alike")]
            const fn read(reader: ::wire::Reader<'a>) -> Result<Self, $crate::ParseError> {
                Ok(Self { $field: reader.rest() })
            }
        }

        impl ::wire::Emit for $name<'_> {
            fn wire_len(&self) -> usize {
                self.$field.len()
            }

            fn emit_into(&self, writer: &mut ::wire::Writer<'_>) -> Result<(), ::wire::EmitError> {
                writer.put(self.$field)
            }
        }

        payload_body!($name<'a>, $payload_type);
    };
}

/// A body that ends with a list of attributes: how it is decoded, from its private `read_until_error`.
macro_rules! attributes_payload {
    ($name:ident, $payload_type:ident) => {
        impl<'a> $name<'a> {
            fn read(reader: ::wire::Reader<'a>) -> Result<Self, $crate::ParseError> {
                Ok(Self::read_until_error(reader)?.strict()?.0)
            }

            /// As [`parse`](Self::parse), for a caller that shows broken packets: the attributes up to the
            /// first fault, and the fault. Where octets of the body are missing there is always a fault.
            ///
            /// # Errors
            /// When the payload is of another type, or the body ends before its attributes begin.
            pub fn parse_until_error(
                element: &$crate::PayloadElement<'a>,
            ) -> Result<::wire::Parsed<'a, Self, $crate::ParseError>, $crate::ParseError> {
                $crate::payload::framing::check_type(element, $crate::PayloadType::$payload_type)?;
                let read = Self::read_until_error(element.reader())?;
                Ok($crate::payload::framing::with_cut(read, element))
            }
        }

        payload_body!($name<'a>, $payload_type);
    };
}
