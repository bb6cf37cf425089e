//! The decoding of bodies, and the bodies that are only octets.

/// Makes the public functions that decode a body with its private `read`: from its element, or from octets that were
/// kept apart from their message.
macro_rules! payload_body {
    ($name:ident $(<$lifetime:lifetime>)?, $payload_type:ident) => {
        impl<'a> $name $(<$lifetime>)? {
            /// Decodes the body of a payload that was framed. Offsets count from the start of the message.
            ///
            /// # Errors
            /// Returns [`ParseError`](crate::ParseError) when the payload has another type, when octets of its body
            /// are missing, or when the body breaks a rule.
            pub fn parse(element: &$crate::PayloadElement<'a>) -> Result<Self, $crate::ParseError> {
                Self::read($crate::payload::framing::whole(element, $crate::PayloadType::$payload_type)?)
            }

            /// Decodes a body that was kept apart from its message, as RFC 2409 does with `SAi_b` and `IDii_b`. It is
            /// the octets after the generic payload header. Offsets count from the start of the body.
            ///
            /// # Errors
            /// Returns [`ParseError`](crate::ParseError) when the body breaks a rule.
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

/// Makes a body that is only octets.
macro_rules! octets_payload {
    ($(#[$meta:meta])* $name:ident, $payload_type:ident { $(#[$field_meta:meta])* $field:ident }) => {
        $(#[$meta])*
        ///
        /// The type is exhaustive on purpose, because its figure has only this field.
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

/// Makes the public functions that decode a body which ends with a list of attributes, with its private
/// `read_until_error`.
macro_rules! attributes_payload {
    ($name:ident, $payload_type:ident) => {
        impl<'a> $name<'a> {
            fn read(reader: ::wire::Reader<'a>) -> Result<Self, $crate::ParseError> {
                Ok(Self::read_until_error(reader)?.strict()?.0)
            }

            /// Decodes the body as [`parse`](Self::parse) does, with the attributes up to the first fault, and returns
            /// the fault beside it. It is for a caller that shows broken packets. There is always a fault when octets
            /// of the body are missing.
            ///
            /// # Errors
            /// Returns [`ParseError`](crate::ParseError) when the payload has another type, or when the body ends
            /// before its attributes begin.
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
