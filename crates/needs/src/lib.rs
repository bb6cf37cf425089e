//! A test that needs something beside the repository is ignored where that is missing, with the reason: it never passes unrun.
//!
//! ```text
//! use needs::needs;
//!
//! #[needs(captures)]
//! #[test]
//! fn a_capture_is_read() {}
//! ```
//!
//! What can be named: `captures`, the folder `../shared/captures` beside the repository; `tshark`, `bash`, `man` and `script`, which
//! are programs. `build.rs` looks for them.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// What can be needed, and what is said where it is missing.
const KNOWN: [(&str, &str); 5] = [
    ("captures", "needs ../shared/captures, which is not beside this repository: see testdata/captures.txt"),
    ("tshark", "needs tshark, which cannot be run here"),
    ("bash", "needs bash, which cannot be run here"),
    ("man", "needs man(1), which cannot be run here"),
    ("script", "needs script(1) of util-linux and a terminal that it can make, which are not here"),
];

/// What `build.rs` did not find, by name.
const MISSING: &str = env!("VPNWIRE_MISSING");

/// Ignores the test below it where something of the list is missing. It stands in front of `#[test]`.
#[proc_macro_attribute]
pub fn needs(list: TokenStream, test: TokenStream) -> TokenStream {
    if !is_a_test(test.clone()) {
        return error("#[needs(..)] stands in front of #[test]");
    }
    let mut reason = None;
    let mut count = 0_usize;
    for token in list {
        let name = match token {
            TokenTree::Ident(name) => name.to_string(),
            TokenTree::Punct(comma) if comma.as_char() == ',' => continue,
            other => return error(&format!("{other} is not a name; there are {}", names())),
        };
        let Some((known, why)) = KNOWN.iter().find(|(known, _)| *known == name) else {
            return error(&format!("a test cannot need {name}; it can need {}", names()));
        };
        count = count.saturating_add(1);
        if MISSING.split(',').any(|missing| missing == *known) {
            reason = reason.or(Some(*why));
        }
    }
    match (count, reason) {
        (0, _) => error(&format!("#[needs(..)] names what the test needs: {}", names())),
        (_, None) => test,
        (_, Some(reason)) => ignored(reason).into_iter().chain(test).collect(),
    }
}

/// Whether `#[test]` is among the attributes.
fn is_a_test(item: TokenStream) -> bool {
    let mut attributes = item.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            Some(group.stream().to_string())
        }
        _ => None,
    });
    attributes.any(|attribute| attribute == "test")
}

fn names() -> String {
    KNOWN.map(|(name, _)| name).join(", ")
}

/// `#[ignore = "reason"]`.
fn ignored(reason: &str) -> TokenStream {
    let attribute: [TokenTree; 3] = [
        Ident::new("ignore", Span::call_site()).into(),
        Punct::new('=', Spacing::Alone).into(),
        Literal::string(reason).into(),
    ];
    let attribute = Group::new(Delimiter::Bracket, attribute.into_iter().collect());
    [TokenTree::from(Punct::new('#', Spacing::Alone)), attribute.into()].into_iter().collect()
}

/// `compile_error!("message");`.
fn error(message: &str) -> TokenStream {
    let message = Group::new(Delimiter::Parenthesis, TokenTree::from(Literal::string(message)).into());
    let tokens: [TokenTree; 4] = [
        Ident::new("compile_error", Span::call_site()).into(),
        Punct::new('!', Spacing::Alone).into(),
        message.into(),
        Punct::new(';', Spacing::Alone).into(),
    ];
    tokens.into_iter().collect()
}
