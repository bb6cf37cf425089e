use core::hash::{Hash, Hasher};

use crate::{Esn, SequenceNumber, infer_esn};

/// The number of bits in a block of the ring.
const BLOCK_BITS: u64 = 64;

/// A replay window, RFC 4303 section 3.4.3. It knows which sequence numbers were accepted, and it refuses numbers
/// that are too old. It is the ring of blocks of RFC 6479.
///
/// `BLOCKS` is the number of blocks in the ring, each with 64 numbers; it must be at least 2. One block is always on
/// its way in or out, so the window is [`WIDTH`](Self::WIDTH) numbers wide: 64 for 2 blocks, 1024 for 17, 4096 for
/// 65. No bit is ever shifted, and a packet in order costs the same whatever the width.
///
/// Call [`check`](Self::check) before a packet is authenticated, and [`accept`](Self::accept) after. Two windows are
/// equal when they answer alike for every number, however they reached that state.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayWindow<const BLOCKS: usize> {
    highest: u64,
    /// The position in the ring of the block that holds `highest`.
    top: usize,
    blocks: [u64; BLOCKS],
}

/// The reason why a sequence number is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReplayError {
    /// The number is zero. RFC 4303 section 3.3.3 numbers the first packet 1.
    #[error("the sequence number is 0, but the first packet has number 1")]
    Zero,
    /// A packet with this number was accepted before.
    #[error("sequence number {number} was accepted before")]
    Replayed {
        /// The number of the packet.
        number: SequenceNumber,
    },
    /// The number is older than all numbers in the window.
    #[error("sequence number {number} is too old for the replay window, whose highest number is {highest}")]
    TooOld {
        /// The number of the packet.
        number: SequenceNumber,
        /// The highest number that was accepted so far.
        highest: SequenceNumber,
    },
    /// The extended number would lie before the first one: RFC 4303 appendix A2.2, case B, with a high half of zero.
    #[error(
        "the sequence number ending in {low:08x} would lie before the first one; the highest number so far is {highest}"
    )]
    BeforeFirst {
        /// The half of the number that was sent.
        low: u32,
        /// The highest number that was accepted so far.
        highest: SequenceNumber,
    },
}

impl<const BLOCKS: usize> ReplayWindow<BLOCKS> {
    /// The number of sequence numbers in the window, up to and including the highest. The number that is `WIDTH`
    /// below the highest is already too old.
    #[allow(
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        reason = "this is a constant: an overflow does not compile"
    )]
    pub const WIDTH: u64 = {
        assert!(BLOCKS >= 2, "a ring has at least two blocks");
        (BLOCKS as u64 - 1) * BLOCK_BITS
    };

    /// Makes a window that has accepted nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { highest: 0, top: 0, blocks: [0; BLOCKS] }
    }

    /// Makes a window that continues after `highest`: this number and all before it count as accepted.
    ///
    /// A standby starts with such a window, at the number that its peer last told it.
    #[must_use]
    pub const fn starting_at(highest: SequenceNumber) -> Self {
        Self { highest: highest.0, top: 0, blocks: [u64::MAX; BLOCKS] }.without_future()
    }

    /// Forgets the numbers beyond the highest.
    const fn without_future(mut self) -> Self {
        if let Some(block) = self.blocks.first_mut() {
            *block = up_to(self.highest);
        }
        self
    }

    /// Returns the highest number that was accepted so far, or zero when none was.
    #[must_use]
    pub const fn highest(&self) -> SequenceNumber {
        SequenceNumber(self.highest)
    }

    /// Tells whether this number was accepted. The answer is `false` for numbers that are too old for the window.
    #[must_use]
    pub fn contains(&self, number: SequenceNumber) -> bool {
        number.0 != 0 && matches!(self.check(number), Err(ReplayError::Replayed { .. }))
    }

    /// Returns the whole number of a packet from the low half that was sent.
    ///
    /// # Errors
    /// Returns [`ReplayError::BeforeFirst`] when the extended number would lie before the first one.
    #[inline]
    pub fn infer(&self, esn: Esn, low: u32) -> Result<SequenceNumber, ReplayError> {
        match esn {
            Esn::No => Ok(low.into()),
            Esn::Yes => {
                let highest = self.highest();
                // default: a window of 2^32 or more numbers does not fit into memory.
                let number = infer_esn(highest, low, u32::try_from(Self::WIDTH).unwrap_or(u32::MAX));
                // Only in the subspace before the first is the high half this great.
                if number.high() == u32::MAX && highest.high() == 0 {
                    return Err(ReplayError::BeforeFirst { low, highest });
                }
                Ok(number)
            }
        }
    }

    /// Tells whether a packet with this number may be new. Call it before the packet is authenticated.
    ///
    /// # Errors
    /// Returns [`ReplayError::Replayed`] when the number was accepted before, [`ReplayError::TooOld`] when the window
    /// cannot tell, and [`ReplayError::Zero`] when the number is zero.
    #[inline]
    pub fn check(&self, number: SequenceNumber) -> Result<(), ReplayError> {
        let Some(age) = self.highest.checked_sub(number.0) else { return Ok(()) };
        if number.0 == 0 {
            return Err(ReplayError::Zero);
        }
        if age >= Self::WIDTH {
            return Err(ReplayError::TooOld { number, highest: self.highest() });
        }
        // default: every number of an absent block counts as accepted. The slot is always within the ring.
        let block = self.blocks.get(self.slot(number)).copied().unwrap_or(u64::MAX);
        if block & bit(number) != 0 { Err(ReplayError::Replayed { number }) } else { Ok(()) }
    }

    /// Marks this number as accepted. Call it after the packet is authenticated.
    ///
    /// # Errors
    /// Returns the same errors as [`check`](Self::check); the window is then unchanged.
    #[inline]
    pub fn accept(&mut self, number: SequenceNumber) -> Result<(), ReplayError> {
        self.check(number)?;
        if number.0 > self.highest {
            self.advance(number);
        }
        let slot = self.slot(number);
        if let Some(block) = self.blocks.get_mut(slot) {
            *block |= bit(number);
        }
        Ok(())
    }

    /// Makes `number` the highest number, and clears the blocks on the way to its own.
    #[inline(always)]
    fn advance(&mut self, number: SequenceNumber) {
        let steps = (number.0 / BLOCK_BITS).saturating_sub(self.highest / BLOCK_BITS);
        self.highest = number.0;
        if steps == 0 {
            return;
        }
        match usize::try_from(steps) {
            Ok(steps) if steps < BLOCKS => {
                for _ in 0..steps {
                    self.top = self.top.saturating_add(1);
                    if self.top >= BLOCKS {
                        self.top = 0;
                    }
                    if let Some(block) = self.blocks.get_mut(self.top) {
                        *block = 0;
                    }
                }
            }
            _ => self.blocks = [0; BLOCKS],
        }
    }

    /// Returns the position in the ring of the block that holds `number`, which lies in the window.
    #[inline(always)]
    fn slot(&self, number: SequenceNumber) -> usize {
        let back = (self.highest / BLOCK_BITS).saturating_sub(number.0 / BLOCK_BITS);
        // default: this far back lies outside of every ring. A number in the window never lies there.
        self.slot_back(usize::try_from(back).unwrap_or(usize::MAX))
    }

    /// Returns the position in the ring of the block that is `back` blocks before the block of the highest number.
    // Without this attribute, accepting a number takes twice the time: bench-gate esp.
    #[inline(always)]
    fn slot_back(&self, back: usize) -> usize {
        match self.top.checked_sub(back) {
            Some(slot) => slot,
            None => self.top.wrapping_add(BLOCKS).wrapping_sub(back),
        }
    }
}

impl<const BLOCKS: usize> ReplayWindow<BLOCKS> {
    /// Returns which block of 64 numbers is `back` blocks before the block of the highest. `None` before the first
    /// block.
    fn block_number(&self, back: usize) -> Option<u64> {
        (self.highest / BLOCK_BITS).checked_sub(u64::try_from(back).ok()?)
    }

    /// Returns the numbers that were accepted in the block that is `back` blocks before the block of the highest,
    /// without numbers outside the window and without zero. The highest number and these bits determine every answer
    /// of the window.
    fn accepted_in(&self, back: usize) -> u64 {
        let Some(number) = self.block_number(back) else { return 0 };
        // default: an absent block holds no accepted number. The slot is always within the ring.
        let block = self.blocks.get(self.slot_back(back)).copied().unwrap_or(0);
        let up_to_highest = up_to(self.highest);
        let in_window = match back {
            0 => up_to_highest,
            _ if back.saturating_add(1) < BLOCKS => u64::MAX,
            _ => !up_to_highest,
        };
        let no_packet = if number == 0 { 1 } else { 0 };
        block & in_window & !no_packet
    }

    /// Adds the numbers that another window accepted, for a standby that takes over an SA. No number becomes new
    /// again.
    pub(crate) fn take_over(&mut self, other: &Self) {
        if other.highest > self.highest {
            let before = core::mem::replace(self, other.clone());
            self.add(&before);
        } else {
            self.add(other);
        }
    }

    /// Adds the numbers of a window that is not ahead of this one, where they lie in this one.
    fn add(&mut self, other: &Self) {
        for back in 0..BLOCKS {
            let accepted = other.accepted_in(back);
            let distance = other
                .block_number(back)
                .and_then(|number| (self.highest / BLOCK_BITS).checked_sub(number))
                .and_then(|distance| usize::try_from(distance).ok())
                .filter(|distance| *distance < BLOCKS);
            let Some(distance) = distance else { continue };
            let slot = self.slot_back(distance);
            if let Some(block) = self.blocks.get_mut(slot) {
                *block |= accepted;
            }
        }
    }
}

impl<const BLOCKS: usize> PartialEq for ReplayWindow<BLOCKS> {
    fn eq(&self, other: &Self) -> bool {
        self.highest == other.highest
            && (0..BLOCKS).all(|back| self.accepted_in(back) == other.accepted_in(back))
    }
}

impl<const BLOCKS: usize> Eq for ReplayWindow<BLOCKS> {}

impl<const BLOCKS: usize> Hash for ReplayWindow<BLOCKS> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.highest.hash(state);
        (0..BLOCKS).for_each(|back| self.accepted_in(back).hash(state));
    }
}

impl<const BLOCKS: usize> Default for ReplayWindow<BLOCKS> {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the bit of a number in its block.
#[inline]
const fn bit(number: SequenceNumber) -> u64 {
    1u64.wrapping_shl(low_bits(number.0 % BLOCK_BITS))
}

/// Returns the bits of a block up to and including that of a number.
const fn up_to(number: u64) -> u64 {
    u64::MAX.wrapping_shr(63u32.wrapping_sub(low_bits(number % BLOCK_BITS)))
}

/// Returns a number below 64 in the type that a shift needs.
#[inline]
const fn low_bits(number: u64) -> u32 {
    let [.., octet] = number.to_be_bytes();
    u32::from_be_bytes([0, 0, 0, octet])
}

#[cfg(test)]
mod tests;
