//! Places in a packet, which are written as a whole or not at all.

use wire::{EmitError, copy};

/// Returns the `len` octets of a packet from `offset` on.
#[inline]
pub(crate) fn place(packet: &mut [u8], offset: usize, len: usize) -> Result<&mut [u8], EmitError> {
    let available = packet.len();
    let needed = offset.saturating_add(len);
    packet.get_mut(offset..needed).ok_or(EmitError::BufferTooSmall { needed, available })
}

/// Writes `octets` into a packet from `offset` on.
#[inline]
pub(crate) fn put(packet: &mut [u8], offset: usize, octets: &[u8]) -> Result<(), EmitError> {
    copy(place(packet, offset, octets.len())?, octets)?;
    Ok(())
}

/// Exchanges octets of a packet, from `offset` on, with `octets`.
#[inline]
pub(crate) fn swap(packet: &mut [u8], offset: usize, octets: &mut [u8]) -> Result<(), EmitError> {
    // The two have the same length, so neither stops at the end of the other.
    for (one, other) in place(packet, offset, octets.len())?.iter_mut().zip(octets) {
        core::mem::swap(one, other);
    }
    Ok(())
}

/// Fills a packet that was not completed with zeros, so that nothing of it can be taken for a packet.
#[cold]
#[inline(never)]
pub(crate) fn wipe(packet: &mut [u8]) {
    packet.fill(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_in_part() {
        let mut packet = [1, 2, 3, 4];
        let error = Err(EmitError::BufferTooSmall { needed: 5, available: 4 });
        assert_eq!(put(&mut packet, 2, &[7, 8, 9]), error);
        assert_eq!(swap(&mut packet, 2, &mut [7, 8, 9]), error);
        assert_eq!(
            place(&mut packet, usize::MAX, 2).map(|_| ()),
            Err(EmitError::BufferTooSmall { needed: usize::MAX, available: 4 })
        );
        assert_eq!(packet, [1, 2, 3, 4]);
        put(&mut packet, 2, &[7, 8]).unwrap();
        let mut other = [5, 6];
        swap(&mut packet, 0, &mut other).unwrap();
        assert_eq!((packet, other), ([5, 6, 7, 8], [1, 2]));
    }
}
