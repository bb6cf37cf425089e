//! The attribute [`macro@needs`] ignores a test, with the reason, when something that the test needs is missing. So a
//! test never passes without having run.
//!
//! ```text
//! use needs::needs;
//!
//! #[needs(captures)]
//! #[test]
//! fn a_capture_is_read() {}
//! ```
//!
//! A test can need `captures` and `cases`, which are the folders `../shared/captures` and `../shared/cases` beside the
//! repository, and the programs `tshark`, `bash`, `man` and `script`. `build.rs` looks for them.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// The things that a test can need, each with the reason that is shown when it is missing.
const KNOWN: [(&str, &str); 6] = [
    (
        "captures",
        "needs the folder ../shared/captures, which is not beside this repository: see testdata/captures.txt",
    ),
    ("cases", "needs the folder ../shared/cases, which is not beside this repository"),
    ("tshark", "needs tshark, which cannot be run here"),
    ("bash", "needs bash, which cannot be run here"),
    ("man", "needs man(1), which cannot be run here"),
    ("script", "needs script(1) of util-linux, which cannot be run here or cannot make a terminal"),
];

/// The names of the things that `build.rs` did not find.
const MISSING: &str = env!("VPNWIRE_MISSING");

/// Ignores the test below it when something in the list is missing. Write it before `#[test]`.
#[proc_macro_attribute]
pub fn needs(list: TokenStream, test: TokenStream) -> TokenStream {
    if !is_a_test(test.clone()) {
        return error("#[needs(..)] must come before #[test], but no #[test] follows it");
    }
    let mut reason = None;
    let mut count = 0_usize;
    for token in list {
        let name = match token {
            TokenTree::Ident(name) => name.to_string(),
            TokenTree::Punct(comma) if comma.as_char() == ',' => continue,
            other => return error(&format!("{other} is not a name: the list can have {}", names())),
        };
        let Some((known, why)) = KNOWN.iter().find(|(known, _)| *known == name) else {
            return error(&format!("a test cannot need {name}: it can need {}", names()));
        };
        count = count.saturating_add(1);
        if MISSING.split(',').any(|missing| missing == *known) {
            reason = reason.or(Some(*why));
        }
    }
    match (count, reason) {
        (0, _) => error(&format!(
            "#[needs(..)] has an empty list, but it must name what the test needs: {}",
            names()
        )),
        (_, None) => test,
        (_, Some(reason)) => ignored(reason).into_iter().chain(test).collect(),
    }
}

/// Whether `#[test]` is among the attributes of `item`.
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

/// Makes the attribute `#[ignore = "reason"]`.
fn ignored(reason: &str) -> TokenStream {
    let attribute: [TokenTree; 3] = [
        Ident::new("ignore", Span::call_site()).into(),
        Punct::new('=', Spacing::Alone).into(),
        Literal::string(reason).into(),
    ];
    let attribute = Group::new(Delimiter::Bracket, attribute.into_iter().collect());
    [TokenTree::from(Punct::new('#', Spacing::Alone)), attribute.into()].into_iter().collect()
}

/// Makes the item `compile_error!("message");`.
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
