use crate::Spi;
use crate::{Esn, SequenceNumber};
use crate::{Lifetime, Stage};
use crate::{ReplayError, ReplayWindow};

/// The state that a receiving SA of ESP and one of AH have in common: the replay window (RFC 4303 section 3.4.3, RFC
/// 4302 section 3.4.3) and the lifetime. Neither of them ever goes back.
#[derive(Debug)]
pub(crate) struct Receiver<const BLOCKS: usize> {
    spi: Spi,
    esn: Esn,
    window: ReplayWindow<BLOCKS>,
    lifetime: Lifetime,
}

/// The reason why an SA drops a packet before it looks at the ICV. The order is the order in which the SA checks.
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
    pub(crate) const fn new(spi: Spi, esn: Esn) -> Self {
        Self { spi, esn, window: ReplayWindow::new(), lifetime: Lifetime::UNLIMITED }
    }

    pub(crate) const fn spi(&self) -> Spi {
        self.spi
    }

    pub(crate) const fn esn(&self) -> Esn {
        self.esn
    }

    pub(crate) const fn window(&self) -> &ReplayWindow<BLOCKS> {
        &self.window
    }

    pub(crate) const fn lifetime(&self) -> &Lifetime {
        &self.lifetime
    }

    /// Returns the sequence number of a packet that may be authentic and new.
    #[inline]
    pub(crate) fn admit(&self, spi: Spi, low: u32) -> Result<SequenceNumber, Rejection> {
        if spi != self.spi {
            return Err(Rejection::OtherSpi { spi });
        }
        if self.lifetime.stage() == Stage::HardExpired {
            return Err(Rejection::Expired);
        }
        let sequence = self.window.infer(self.esn, low)?;
        self.window.check(sequence)?;
        Ok(sequence)
    }

    /// Accepts the sequence number of an authentic packet of `len` octets, and counts the packet.
    #[inline]
    pub(crate) fn accept(&mut self, number: SequenceNumber, len: usize) -> Result<(), ReplayError> {
        self.window.accept(number)?;
        self.lifetime.count(len);
        Ok(())
    }

    pub(crate) fn take_over(&mut self, window: &ReplayWindow<BLOCKS>) {
        self.window.take_over(window);
    }

    pub(crate) fn restrict(&mut self, lifetime: &Lifetime) {
        self.lifetime.restrict(lifetime);
    }

    pub(crate) fn grow(&mut self, age: core::time::Duration) {
        self.lifetime.grow(age);
    }
}
