//! A packet that is written with its authentication extension made anew.

use wire::{Emit, EmitError, Writer};

use crate::extension::authentication::{Credentials, CredentialsError};
use crate::packet::written_from;
use crate::{Extension, MandatoryPart, Packet};

/// A packet with the credentials it is sent with: [`Packet::authenticated`] makes it, and [`Emit`] writes it.
///
/// The authentication extension is derived like a checksum: it keeps its place among the others; a further one is left out;
/// where there was none, it is put before the End Of Extensions. An Error Indication has no extensions, RFC 2332 section
/// 5.2.7, and gets none.
#[derive(Clone, Debug)]
pub struct Authenticated<'p, 'a> {
    packet: &'p Packet<'a>,
    credentials: Credentials<'p>,
    // None for an Error Indication.
    extension: Option<Extension<'p>>,
}

impl<'a> Packet<'a> {
    /// The packet as it is sent with `credentials`: RFC 2332 section 5.3.4.
    ///
    /// # Errors
    /// When the credentials' address is not as long as the packet's source protocol address, or their index is that of
    /// Cisco's password.
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
