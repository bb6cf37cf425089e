use core::hash::{Hash, Hasher};

use crate::{Esn, SequenceNumber, infer_esn};

/// Bits in a block of the ring.
const BLOCK_BITS: u64 = 64;

/// Which sequence numbers were accepted, and which are too old to tell: RFC 4303 section 3.4.3, by the ring of RFC 6479.
///
/// `BLOCKS` is how many blocks of 64 numbers the ring has, two at least; one of them is on its way in or out, so that the
/// window is [`WIDTH`](Self::WIDTH) wide: 64, 1024 and 4096 for 2, 17 and 65 blocks. No bit is ever shifted, and a packet
/// in order costs the same whatever the width.
///
/// A number is checked before its packet is authenticated, and accepted after. Two windows are equal when they answer alike for
/// every number, however they came to it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayWindow<const BLOCKS: usize> {
    highest: u64,
    /// Where in the ring the block of `highest` is.
    top: usize,
    blocks: [u64; BLOCKS],
}

/// Why a sequence number is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReplayError {
    /// No packet is numbered zero, RFC 4303 section 3.3.3: the first is one.
    #[error("sequence number zero")]
    Zero,
    /// A packet with this number was accepted.
    #[error("sequence number {number} was accepted before")]
    Replayed {
        /// The number.
        number: SequenceNumber,
    },
    /// It is older than the window can tell.
    #[error("sequence number {number} is too old: the highest is {highest}")]
    TooOld {
        /// The number.
        number: SequenceNumber,
        /// The highest accepted so far.
        highest: SequenceNumber,
    },
    /// It would be a number from before the first: RFC 4303 appendix A2.2, case B, with a high half of zero.
    #[error("sequence number ...{low:08x} would precede the first: the highest is {highest}")]
    BeforeFirst {
        /// The half that was sent.
        low: u32,
        /// The highest accepted so far.
        highest: SequenceNumber,
    },
}

impl<const BLOCKS: usize> ReplayWindow<BLOCKS> {
    /// How many numbers up to the highest are told apart: the one that is `WIDTH` below the highest is too old.
    #[allow(
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        reason = "in a constant; it fails to compile"
    )]
    pub const WIDTH: u64 = {
        assert!(BLOCKS >= 2, "a ring has two blocks at least");
        (BLOCKS as u64 - 1) * BLOCK_BITS
    };

    /// A window that has accepted nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { highest: 0, top: 0, blocks: [0; BLOCKS] }
    }

    /// A window that continues after `highest`: that number and all before it count as accepted.
    ///
    /// It is what a standby starts from, with the number its peer last told it of.
    #[must_use]
    pub const fn starting_at(highest: SequenceNumber) -> Self {
        Self { highest: highest.0, top: 0, blocks: [u64::MAX; BLOCKS] }.without_future()
    }

    /// Forgets what lies beyond the highest number.
    const fn without_future(mut self) -> Self {
        if let Some(block) = self.blocks.first_mut() {
            *block = up_to(self.highest);
        }
        self
    }

    /// The highest number accepted so far; zero when there was none.
    #[must_use]
    pub const fn highest(&self) -> SequenceNumber {
        SequenceNumber(self.highest)
    }

    /// Whether this number was accepted, as far as the window can tell: not of numbers before it.
    #[must_use]
    pub fn contains(&self, number: SequenceNumber) -> bool {
        number.0 != 0 && matches!(self.check(number), Err(ReplayError::Replayed { .. }))
    }

    /// The number of a packet from what was sent of it.
    ///
    /// # Errors
    /// [`ReplayError::BeforeFirst`] when the extended number would lie before the first.
    #[inline]
    pub fn infer(&self, esn: Esn, low: u32) -> Result<SequenceNumber, ReplayError> {
        match esn {
            Esn::No => Ok(low.into()),
            Esn::Yes => {
                let highest = self.highest();
                // default: a window of 2^32 numbers and more has no room in memory.
                let number = infer_esn(highest, low, u32::try_from(Self::WIDTH).unwrap_or(u32::MAX));
                // Only the subspace before the first has a high half that far ahead.
                if number.high() == u32::MAX && highest.high() == 0 {
                    return Err(ReplayError::BeforeFirst { low, highest });
                }
                Ok(number)
            }
        }
    }

    /// Whether a packet with this number may be new: before it is authenticated.
    ///
    /// # Errors
    /// When it was accepted, may have been, or is none that a packet has.
    #[inline]
    pub fn check(&self, number: SequenceNumber) -> Result<(), ReplayError> {
        let Some(age) = self.highest.checked_sub(number.0) else { return Ok(()) };
        if number.0 == 0 {
            return Err(ReplayError::Zero);
        }
        if age >= Self::WIDTH {
            return Err(ReplayError::TooOld { number, highest: self.highest() });
        }
        // default: all of a block that is not there was accepted. The slot is always within the ring.
        let block = self.blocks.get(self.slot(number)).copied().unwrap_or(u64::MAX);
        if block & bit(number) != 0 { Err(ReplayError::Replayed { number }) } else { Ok(()) }
    }

    /// Takes note of a packet with this number: after it is authenticated.
    ///
    /// # Errors
    /// As [`check`](Self::check) does; the window is not changed then.
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

    /// Makes `number` the highest, and the blocks on the way to its own empty.
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

    /// Where in the ring the block of a number in the window is.
    #[inline(always)]
    fn slot(&self, number: SequenceNumber) -> usize {
        let back = (self.highest / BLOCK_BITS).saturating_sub(number.0 / BLOCK_BITS);
        // default: so far back that it is outside of every ring. No number in the window is.
        self.slot_back(usize::try_from(back).unwrap_or(usize::MAX))
    }

    /// Where in the ring the block is that is so many before that of the highest number.
    // Without it, accepting a number takes twice the time: bench-gate esp.
    #[inline(always)]
    fn slot_back(&self, back: usize) -> usize {
        match self.top.checked_sub(back) {
            Some(slot) => slot,
            None => self.top.wrapping_add(BLOCKS).wrapping_sub(back),
        }
    }
}

impl<const BLOCKS: usize> ReplayWindow<BLOCKS> {
    /// Which block of 64 numbers is so many before that of the highest.
    fn block_number(&self, back: usize) -> Option<u64> {
        (self.highest / BLOCK_BITS).checked_sub(u64::try_from(back).ok()?)
    }

    /// What was accepted in the block that is so many before that of the highest number: of what is in the window alone, and
    /// without the number zero. All that the window answers is in the highest number and these.
    fn accepted_in(&self, back: usize) -> u64 {
        let Some(number) = self.block_number(back) else { return 0 };
        // default: a block that is not there holds nothing. The slot is always within the ring.
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

    /// What was accepted by another window counts as accepted by this one: for a standby that takes over an SA. Nothing becomes
    /// new again for it.
    pub(crate) fn take_over(&mut self, other: &Self) {
        if other.highest > self.highest {
            let before = core::mem::replace(self, other.clone());
            self.add(&before);
        } else {
            self.add(other);
        }
    }

    /// Adds what was accepted by a window that is not ahead of this one, as far as it is in this one.
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

/// The bit of a number in its block.
#[inline]
const fn bit(number: SequenceNumber) -> u64 {
    1u64.wrapping_shl(low_bits(number.0 % BLOCK_BITS))
}

/// The bits of a block up to that of a number.
const fn up_to(number: u64) -> u64 {
    u64::MAX.wrapping_shr(63u32.wrapping_sub(low_bits(number % BLOCK_BITS)))
}

/// A number below 64 as a shift wants it.
#[inline]
const fn low_bits(number: u64) -> u32 {
    let [.., octet] = number.to_be_bytes();
    u32::from_be_bytes([0, 0, 0, octet])
}

#[cfg(test)]
mod tests;
