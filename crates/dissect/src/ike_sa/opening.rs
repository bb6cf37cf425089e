//! What comes of a message whose HASH or whose body is looked at with keys.

use core::fmt;
use std::sync::Arc;

use ikev1::{BodyError, Iv};
use isakmp::FramedHeader;
use zeroize::Zeroizing;

use super::material::Material;
use crate::sink::Reason;
use keys::AssociationRow;

/// What came of an encrypted message.
#[derive(Debug)]
pub(crate) enum Opening {
    /// Nobody gave keys for it.
    NoKeys,
    /// It could not be decrypted.
    Failed(Reason),
    /// It was.
    Opened(Box<Opened>),
}

/// A decrypted message. `Debug` shows nothing of it: passwords travel in such messages.
pub(crate) struct Opened {
    /// Header and decrypted body.
    pub(crate) plain: Zeroizing<Vec<u8>>,
    /// What its HASH is, and whether it is right; nothing where there is none, or no key for it.
    pub(crate) hash: Option<Checked>,
    /// The keys of children that it completes.
    pub(crate) children: Vec<AssociationRow>,
    pub(super) iv: Iv,
    pub(super) material: Arc<Material>,
}

impl Opened {
    /// Encrypts a body that was written again.
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

/// A HASH that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Its name in RFC 2409.
    pub(crate) name: &'static str,
    /// Whether it is right.
    pub(crate) is_right: bool,
}
