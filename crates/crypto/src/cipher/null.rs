use super::Cipher;
use crate::mac::Running;
use crate::shape::check_text;
use crate::{IvRule, Shape, ShapeError};

/// The NULL cipher, RFC 2410, which leaves the text unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Null;

impl Cipher for Null {
    fn iv_len(&self) -> usize {
        0
    }

    fn block_len(&self) -> usize {
        1
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::None
    }

    fn encrypt(&self, packet: &mut [u8], shape: Shape, _: &mut impl Running) -> Result<(), ShapeError> {
        check_text(packet.len(), shape, 1)
    }

    fn decrypt(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError> {
        check_text(packet.len(), shape, 1)
    }
}
