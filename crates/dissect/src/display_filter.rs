//! Display filters: conditions on the fields of a frame, in Wireshark's syntax.
//!
//! ```
//! use vpnwire_dissect::display_filter::DisplayFilter;
//!
//! assert!("hsrp.state == 16 and not ip.addr == 10.0.0.0/8".parse::<DisplayFilter>().is_ok());
//! let error = "hsrp.stat == 16".parse::<DisplayFilter>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "there is no field hsrp.stat, at column 1 of the filter; did you mean hsrp.state?"
//! );
//! ```
//!
//! A filter has fields, protocols, comparisons (`==`, `!=`, `~=`, `<`, `<=`, `>`, `>=`, and their names `eq`, `ne`, `any_ne`, `lt`, `le`, `gt`, `ge`), `contains`,
//! `matches` (a regular expression that does not tell capitals from small letters), `in {…}` with values and ranges, `and`, `or`, `not` and parentheses. A name alone
//! asks whether the field is there. A field that a frame has several times satisfies a comparison when one of its values does; `!=` asks that
//! all values differ, as in Wireshark since 3.6. Addresses may have a prefix: `ip.src == 10.0.0.0/8`. Slices of octets and functions are not there.

mod condition;
mod error;
mod evaluation;
mod lexer;
mod literal;
mod parser;

pub use condition::DisplayFilter;
pub use error::FilterError;
pub use evaluation::Matching;

impl core::str::FromStr for DisplayFilter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        parser::parse(text)
    }
}

#[cfg(test)]
mod tests;
