use crate::Spi;
use crate::{Esn, SequenceNumber};
use crate::{Lifetime, Stage};

/// The state that a sending SA of ESP and one of AH have in common: the counter of sequence numbers (RFC 4303 section
/// 3.3.3, RFC 4302 section 3.3.2) and the lifetime. Neither of them ever goes back.
#[derive(Debug)]
pub(crate) struct Sender {
    spi: Spi,
    esn: Esn,
    last: SequenceNumber,
    lifetime: Lifetime,
}

/// The reason why an SA sends nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    LocalSpi,
    Expired,
    SequenceExhausted { last: SequenceNumber },
}

impl Sender {
    pub(crate) const fn new(spi: Spi, esn: Esn) -> Self {
        Self { spi, esn, last: SequenceNumber::ZERO, lifetime: Lifetime::UNLIMITED }
    }

    pub(crate) const fn spi(&self) -> Spi {
        self.spi
    }

    pub(crate) const fn esn(&self) -> Esn {
        self.esn
    }

    pub(crate) const fn last(&self) -> SequenceNumber {
        self.last
    }

    pub(crate) const fn lifetime(&self) -> &Lifetime {
        &self.lifetime
    }

    /// Returns the number of the next packet. The number counts as used only after [`used`](Self::used).
    #[inline]
    pub(crate) fn next(&self) -> Result<SequenceNumber, Refusal> {
        if self.spi == Spi::LOCAL {
            return Err(Refusal::LocalSpi);
        }
        if self.lifetime.stage() == Stage::HardExpired {
            return Err(Refusal::Expired);
        }
        self.esn.after(self.last).ok_or(Refusal::SequenceExhausted { last: self.last })
    }

    /// Marks the number that [`next`](Self::next) returned as used.
    #[inline]
    pub(crate) fn used(&mut self, number: SequenceNumber) {
        self.resume_after(number);
    }

    pub(crate) fn resume_after(&mut self, last: SequenceNumber) {
        self.last = self.last.max(last);
    }

    /// Counts one sealed packet of `len` octets.
    #[inline]
    pub(crate) fn count(&mut self, len: usize) {
        self.lifetime.count(len);
    }

    pub(crate) fn restrict(&mut self, lifetime: &Lifetime) {
        self.lifetime.restrict(lifetime);
    }

    pub(crate) fn grow(&mut self, age: core::time::Duration) {
        self.lifetime.grow(age);
    }
}
