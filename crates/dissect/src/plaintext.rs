//! Buffers for octets that may hold keys.

use zeroize::Zeroizing;

/// Octets that may hold keys. They are wiped when they are dropped.
pub(crate) type Plaintext = Zeroizing<Vec<u8>>;

/// Empties a buffer that is used again, and gives it room. A buffer that is too small is replaced, because growing it
/// would leave its octets in memory.
pub(crate) fn clear_for(buffer: &mut Plaintext, len: usize) {
    if buffer.capacity() < len {
        *buffer = Zeroizing::new(Vec::with_capacity(len.max(2048).next_power_of_two()));
    }
    buffer.clear();
}
