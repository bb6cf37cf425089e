//! What SAs of ESP and of AH have in common: who may send which number, and which may come in.

use crate::lifetime::{Lifetime, Stage};
use crate::replay::{ReplayError, ReplayWindow};
use crate::sequence::{Numbering, SequenceNumber};
use crate::spi::Spi;

/// The counter of an SA that sends, RFC 4303 section 3.3.3 and RFC 4302 section 3.3.2. It never goes back.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) spi: Spi,
    pub(crate) numbering: Numbering,
    pub(crate) last: SequenceNumber,
}

/// Why an SA sends nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    LocalSpi,
    Expired,
    SequenceExhausted { last: SequenceNumber },
}

impl Sender {
    pub(crate) const fn new(spi: Spi, numbering: Numbering) -> Self {
        Self { spi, numbering, last: SequenceNumber::ZERO }
    }

    /// The number of the next packet; it is not used yet.
    #[inline]
    pub(crate) fn next(&self, lifetime: &Lifetime) -> Result<SequenceNumber, Refusal> {
        if self.spi == Spi::LOCAL {
            return Err(Refusal::LocalSpi);
        }
        if lifetime.stage() == Stage::HardExpired {
            return Err(Refusal::Expired);
        }
        self.numbering.after(self.last).ok_or(Refusal::SequenceExhausted { last: self.last })
    }

    /// Uses the number that [`next`](Self::next) gave.
    #[inline]
    pub(crate) fn used(&mut self, number: SequenceNumber) {
        self.resume_after(number);
    }

    pub(crate) fn resume_after(&mut self, last: SequenceNumber) {
        self.last = self.last.max(last);
    }
}

/// The window of an SA that receives, RFC 4303 section 3.4.3 and RFC 4302 section 3.4.3.
#[derive(Debug)]
pub(crate) struct Receiver<const BLOCKS: usize> {
    pub(crate) spi: Spi,
    pub(crate) numbering: Numbering,
    pub(crate) window: ReplayWindow<BLOCKS>,
}

/// Why an SA does not look at a packet's ICV, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    OtherSpi { spi: Spi },
    Expired,
    Replay(ReplayError),
}

impl From<ReplayError> for Rejection {
    fn from(error: ReplayError) -> Self {
        Self::Replay(error)
    }
}

impl<const BLOCKS: usize> Receiver<BLOCKS> {
    pub(crate) const fn new(spi: Spi, numbering: Numbering) -> Self {
        Self { spi, numbering, window: ReplayWindow::new() }
    }

    /// The number of a packet that may be authentic and new.
    #[inline]
    pub(crate) fn admit(&self, spi: Spi, low: u32, lifetime: &Lifetime) -> Result<SequenceNumber, Rejection> {
        if spi != self.spi {
            return Err(Rejection::OtherSpi { spi });
        }
        if lifetime.stage() == Stage::HardExpired {
            return Err(Rejection::Expired);
        }
        let sequence = self.window.infer(self.numbering, low)?;
        self.window.check(sequence)?;
        Ok(sequence)
    }
}
