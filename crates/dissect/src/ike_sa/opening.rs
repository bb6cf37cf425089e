//! The results of checking or decrypting a message with keys.

use core::fmt;
use std::sync::Arc;

use ikev1::{BodyError, Iv};
use isakmp::FramedHeader;
use zeroize::Zeroizing;

use super::material::Material;
use crate::sink::Reason;
use keys::AssociationRow;

/// The result of decrypting a message.
#[derive(Debug)]
pub(crate) enum Opening {
    /// There are no keys for the message.
    NoKeys,
    /// The message could not be decrypted.
    Failed(Reason),
    /// The message was decrypted.
    Opened(Box<Opened>),
}

/// A decrypted message. `Debug` shows none of its contents, because such messages carry passwords.
pub(crate) struct Opened {
    /// The header and the decrypted body.
    pub(crate) plain: Zeroizing<Vec<u8>>,
    /// The HASH of the message and whether it is right; `None` when the message has no HASH or when there is no key
    /// for it.
    pub(crate) hash: Option<Checked>,
    /// The keys of the child SAs that the message completes.
    pub(crate) children: Vec<AssociationRow>,
    /// Whether the message completes child SAs whose keys depend on a secret that is not known.
    pub(crate) lacks_secret: bool,
    pub(super) iv: Iv,
    pub(super) material: Arc<Material>,
}

impl Opened {
    /// Encrypts a body that was encoded again.
    pub(crate) fn encrypt(&self, body: &mut [u8]) -> Result<(), BodyError> {
        self.material.key.encrypt(&self.iv, body).map(drop)
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = self.plain.len().saturating_sub(FramedHeader::LEN);
        write!(formatter, "Opened({len} octets, {:?}, {} children)", self.hash, self.children.len())
    }
}

/// A HASH that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// The name of the HASH in RFC 2409.
    pub(crate) name: &'static str,
    /// Whether the HASH is right.
    pub(crate) is_right: bool,
}
