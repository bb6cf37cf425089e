//! Chains of elements of layers that no crate of this project knows, so that they are only read.

use core::fmt;

use wire::{Element, EmitError, Framing, LengthError, Reader, Writer};

/// A family of elements that are read: the half of [`Framing`] that such a family needs.
pub(crate) trait Split: Clone {
    /// The part of an element before its value, as in [`Framing::Header`].
    type Header: Copy + fmt::Debug;

    /// The name of an element in error messages.
    const ELEMENT: &'static str;

    /// Takes the next element, as [`Framing::split`] does.
    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, Self::Header>>, LengthError>;
}

/// The framing of such a family. Nothing is written with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadOnly<F>(pub(crate) F);

impl<F: Split> Framing for ReadOnly<F> {
    type Header = F::Header;
    type Open = ();
    const ELEMENT: &'static str = F::ELEMENT;
    const WITHIN: &'static str = "frame";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, Self::Header>>, LengthError> {
        self.0.split(reader)
    }

    fn open(&mut self, _: &mut Writer<'_>, _: Self::Header) -> Result<(), EmitError> {
        Err(refused::<F>())
    }

    fn close(&mut self, _: &mut Writer<'_>, _: Self::Header, (): (), _: usize) -> Result<(), EmitError> {
        Err(refused::<F>())
    }

    // Nothing is written, so there is no header to count.
    fn len_with(&self, len: usize, _: Self::Header, value_len: usize) -> usize {
        len.saturating_add(value_len)
    }
}

const fn refused<F: Split>() -> EmitError {
    EmitError::Contradiction { field: F::ELEMENT, reason: "these elements are only read" }
}
