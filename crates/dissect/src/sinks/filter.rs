//! A sink that keeps only the frames with certain protocols.

use super::passing::Passing;
use crate::sink::Protocol;
use crate::sinks::Output;
use capture::Frame;

/// Passes frames to the next sink, and drops the frames that contain none of the wanted protocols.
#[derive(Debug)]
pub struct Filter<S> {
    inner: S,
    protocols: Vec<String>,
    found: bool,
    kept_len: usize,
}

impl<S: Output> Filter<S> {
    /// Makes a filter that keeps the frames with at least one of `protocols`, which are filter names. When the list is
    /// empty, it keeps all frames.
    #[must_use]
    pub const fn new(inner: S, protocols: Vec<String>) -> Self {
        Self { inner, protocols, found: false, kept_len: 0 }
    }

    /// Returns the next sink.
    pub const fn inner(&mut self) -> &mut S {
        &mut self.inner
    }
}

impl<S: Output> Passing for Filter<S> {
    type Inner = S;

    fn passes_to(&self) -> &S {
        &self.inner
    }

    fn passes_to_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    fn sees_begin(&mut self, _: &Frame<'_>) {
        self.found = self.protocols.is_empty();
        self.kept_len = self.inner.output().len();
    }

    fn sees_protocol(&mut self, protocol: &'static Protocol) {
        self.found = self.found || self.protocols.iter().any(|wanted| wanted == protocol.filter);
    }

    fn sees_end(&mut self) {
        if !self.found {
            self.inner.output().truncate(self.kept_len);
        }
    }
}

impl<S: Output> Output for Filter<S> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.inner.output()
    }
}
