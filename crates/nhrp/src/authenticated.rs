//! A packet that is written with a new authentication extension.

use wire::{Emit, EmitError, Writer};

use crate::extension::authentication::{Credentials, CredentialsError};
use crate::packet::written_from;
use crate::{Extension, MandatoryPart, Packet};

/// A packet together with the credentials that it is sent with. [`Packet::authenticated`] makes it, and [`Emit`]
/// writes it.
///
/// The authentication extension is derived when the packet is written, as the checksum is. It keeps its place among
/// the extensions, and any further authentication extension is left out. A packet without one gets it in front of the
/// End Of Extensions. An Error Indication gets none, because it has no extensions (RFC 2332 section 5.2.7).
#[derive(Clone, Debug)]
pub struct Authenticated<'p, 'a> {
    packet: &'p Packet<'a>,
    credentials: Credentials<'p>,
    // `None` for an Error Indication.
    extension: Option<Extension<'p>>,
}

impl<'a> Packet<'a> {
    /// Returns the packet as it is sent with `credentials` (RFC 2332 section 5.3.4).
    ///
    /// # Errors
    /// Returns [`CredentialsError::SourceAddressLength`] when the address in the credentials is not as long as the
    /// packet's source protocol address. Returns [`CredentialsError::CiscoSpi`] when a hash has the Security Parameter
    /// Index of Cisco's password.
    pub fn authenticated<'p>(
        &'p self,
        credentials: &Credentials<'p>,
    ) -> Result<Authenticated<'p, 'a>, CredentialsError> {
        let is_error = matches!(self.mandatory_part, MandatoryPart::ErrorIndication(_));
        let extension =
            if is_error { None } else { Some(credentials.extension(self.source_protocol_len())?) };
        Ok(Authenticated { packet: self, credentials: *credentials, extension })
    }
}

impl Emit for Authenticated<'_, '_> {
    fn wire_len(&self) -> usize {
        self.packet.len_with(self.extension.as_ref())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let start = writer.position();
        if let Some(value) = self.packet.emit_with(writer, self.extension.as_ref())? {
            self.credentials.complete(written_from(writer, start)?, value.end)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
