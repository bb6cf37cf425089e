//! Messages in the form of Cisco's `debug crypto ha`.

use core::fmt;

use wire::{Emit as _, List};

use crate::{Attribute, AttributeCode, Attributes, Message, MessageType};

/// Prints a message in the form of Cisco's `debug crypto ha`.
///
/// ```text
/// *Sep 28 21:27:50.899:Sending IKE Add SA Message
/// *Sep 28 21:27:50.899:HA Message 0:flags=0x01 len=394 HA_IKE_MSG_ADD_SA (2)
/// *Sep 28 21:27:50.899: ID:04000003
/// *Sep 28 21:27:50.899: attr HA_IKE_ATT_MY_COOKIE (2) len 8
/// *Sep 28 21:27:50.899: 9B 1A 76 AA 99 11 1A 1F
/// ```
///
/// Some rules go beyond what Cisco published. Values of more than 16 octets continue on the next line. For keys and for
/// attributes of unknown code, only the length is printed. Attributes inside attributes are indented by one more space.
/// For an attribute that is cut, the number of octets that are there is printed. For a message that was built from
/// values, only the lengths of the values are printed.
///
/// The fields are all that a dump needs, so the struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug)]
pub struct DebugCryptoHa<'m, 'a> {
    /// The message.
    pub message: &'m Message<'a>,
    /// The number of the message in the dump. It is 0 in Cisco's.
    pub number: u32,
    /// The length to print, which is the one that the header declares. When it is more than the attributes take, the
    /// dump ends with a line of three dots.
    pub declared_len: usize,
    /// The text in front of each line except the dots: `*Sep 28 21:27:50.899:`, or nothing.
    pub prefix: &'m str,
}

/// The words in the line `Sending … Message`.
const fn title(message_type: MessageType) -> &'static str {
    match message_type {
        MessageType::ADD_IKE_SA => "IKE Add SA",
        MessageType::UPDATE_IKE_SA => "IKE Update SA",
        MessageType::DELETE_IKE_SA => "IKE Delete SA",
        MessageType::ADD_SAS => "IPSec Add SAs",
        MessageType::UPDATE_SAS => "IPSec Update SAs",
        MessageType::DELETE_SAS => "IPSec Delete SAs",
        MessageType::REPLAY_UPDATE => "IPSec Replay Update",
        MessageType::BULK_SYNC_REQUEST => "Bulk Sync Request",
        MessageType::BULK_SYNC_BEGIN => "Bulk Sync Begin",
        MessageType::BULK_SYNC_END => "Bulk Sync End",
        MessageType::REDUNDANCY_STATE => "Redundancy State",
        MessageType::KEEPALIVE => "Keepalive",
        MessageType::ADD_NHRP_ENTRIES => "NHRP Add Entries",
        MessageType::DELETE_NHRP_ENTRIES => "NHRP Delete Entries",
        MessageType::ACKNOWLEDGEMENT => "Acknowledgement",
        _ => "Unknown",
    }
}

impl DebugCryptoHa<'_, '_> {
    /// Writes the line of an attribute that stands before its value.
    fn head(
        &self,
        code: AttributeCode,
        len: usize,
        indent: &str,
        formatter: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        // default: Cisco never shows an attribute without a name, so this crate uses a word of its own
        let name = code.name().unwrap_or("unknown");
        writeln!(formatter, "{}{indent} attr {name} ({}) len {len}", self.prefix, code.0)
    }

    /// Writes the line that replaces a value that is not shown.
    fn octets(&self, count: usize, indent: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}{indent} ({count} octets)", self.prefix)
    }

    fn attributes(
        &self,
        attributes: &Attributes<'_>,
        indent: &str,
        formatter: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let List::Framed(chain) = attributes else {
            return attributes.iter().try_for_each(|attribute| {
                self.head(attribute.code(), attribute.wire_len(), indent, formatter)?;
                self.octets(attribute.wire_len(), indent, formatter)
            });
        };
        let prefix = self.prefix;
        for element in chain {
            let code = element.header.code;
            self.head(code, element.value.len().saturating_add(element.missing), indent, formatter)?;
            // The profile has one level of nesting only.
            if let Ok(Attribute::IpsecSa(inside) | Attribute::NhrpEntry(inside)) = Attribute::parse(&element)
                && indent.is_empty()
            {
                self.attributes(&inside, " ", formatter)?;
                continue;
            }
            // If an attribute is cut, its length may be wrong, and the octets taken for its value may be a key that
            // follows.
            if code.is_secret() || code.is_nested() || element.is_cut() {
                self.octets(element.value.len(), indent, formatter)?;
                continue;
            }
            let (lines, last) = element.value.as_chunks::<16>();
            let last = (!last.is_empty()).then_some(last);
            for line in lines.iter().map(<[u8; 16]>::as_slice).chain(last) {
                write!(formatter, "{prefix}{indent}")?;
                for octet in line {
                    write!(formatter, " {octet:02X}")?;
                }
                writeln!(formatter)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for DebugCryptoHa<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, header) = (self.prefix, &self.message.header);
        let message_type = header.message_type;
        // default: types without a name are handled as attributes are
        let type_name = message_type.name().unwrap_or("unknown");
        writeln!(formatter, "{prefix}Sending {} Message", title(message_type))?;
        writeln!(
            formatter,
            "{prefix}HA Message {}:flags=0x{:02x} len={} {} ({})",
            self.number, header.flags, self.declared_len, type_name, message_type.0
        )?;
        writeln!(formatter, "{prefix} ID:{:08X}", u32::from(header.id))?;
        self.attributes(&self.message.attributes, "", formatter)?;
        if self.declared_len > self.message.wire_len() {
            writeln!(formatter, "...")?;
        }
        Ok(())
    }
}
