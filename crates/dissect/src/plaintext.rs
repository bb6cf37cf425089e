//! Buffers for octets that may hold keys.

use zeroize::Zeroizing;

/// Octets that may hold keys, wiped when they go.
pub(crate) type Plaintext = Zeroizing<Vec<u8>>;

/// Empties a buffer that is used again and gives it room. One that is too small is replaced, for growing would leave its octets
/// behind.
pub(crate) fn clear_for(buffer: &mut Plaintext, len: usize) {
    if buffer.capacity() < len {
        *buffer = Zeroizing::new(Vec::with_capacity(len.max(2048).next_power_of_two()));
    }
    buffer.clear();
}
