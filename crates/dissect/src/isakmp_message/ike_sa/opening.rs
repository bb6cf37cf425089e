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
pub(in super::super) enum Opening {
    /// Nobody gave keys for it.
    NoKeys,
    /// It could not be decrypted.
    Failed(Reason),
    /// It was.
    Opened(Box<Opened>),
}

/// A decrypted message. `Debug` shows nothing of it: passwords travel in such messages.
pub(in super::super) struct Opened {
    /// Header and decrypted body.
    pub(in super::super) plain: Zeroizing<Vec<u8>>,
    /// What its HASH is, and whether it is right; nothing where there is none, or no key for it.
    pub(in super::super) hash: Option<Checked>,
    /// The keys of children that it completes.
    pub(in super::super) children: Vec<AssociationRow>,
    pub(super) iv: Iv,
    pub(super) material: Arc<Material>,
}

impl Opened {
    /// Encrypts a body that was written again.
    pub(in super::super) fn encrypt(&self, body: &mut [u8]) -> Result<(), BodyError> {
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
pub(in super::super) struct Checked {
    /// Its name in RFC 2409.
    pub(in super::super) name: &'static str,
    /// Whether it is right.
    pub(in super::super) is_right: bool,
}
