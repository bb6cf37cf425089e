//! The result of reading octets that may be broken.

/// A value that was read as far as its octets allowed. `parse_until_error` returns it, for a program that shows
/// broken packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Parsed<'a, T, E> {
    /// The value, complete up to the fault.
    pub value: T,
    /// The octets after the value, or from the fault on.
    pub rest: &'a [u8],
    /// The first fault. When it is `None`, `parse_prefix` returns the same value and the same rest.
    pub fault: Option<E>,
}

impl<'a, T, E> Parsed<'a, T, E> {
    /// Converts the result to that of `parse_prefix`: value and rest, or the fault.
    ///
    /// # Errors
    /// Returns the fault when there is one.
    pub fn strict(self) -> Result<(T, &'a [u8]), E> {
        match self.fault {
            None => Ok((self.value, self.rest)),
            Some(fault) => Err(fault),
        }
    }

    /// Converts the value with `change` and keeps rest and fault.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Parsed<'a, U, E> {
        Parsed { value: change(self.value), rest: self.rest, fault: self.fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_fault_it_is_value_and_rest_and_with_one_it_is_the_fault() {
        let read = Parsed::<u8, &str> { value: 1, rest: &[2, 3], fault: None };
        assert_eq!(read.strict(), Ok((1, &[2, 3][..])));
        assert_eq!(Parsed { fault: Some("short"), ..read }.strict(), Err("short"));
        assert_eq!(read.map(u16::from), Parsed { value: 1u16, rest: &[2, 3], fault: None });
    }
}
