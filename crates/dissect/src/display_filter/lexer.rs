//! The words of a filter.

use super::error::FilterError;

/// A word, and its column, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a number, an address: whatever has no space and no operator in it.
    Word(String),
    /// Text in quotation marks, its escapes taken away.
    Quoted(String),
    /// An operator or a bracket.
    Symbol(&'static str),
}

/// The longest first.
const SYMBOLS: &[&str] = &[
    "===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "..", "<", ">", "!", "~", "(", ")", "{", "}", ",",
];

/// Splits a filter into its words.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut column = 1usize;
    while let Some(first) = rest.chars().next() {
        let (kind, len) = if first.is_whitespace() {
            (None, first.len_utf8())
        } else if first == '"' {
            let (quoted, len) = quoted(rest, column)?;
            (Some(TokenKind::Quoted(quoted)), len)
        } else if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            (Some(TokenKind::Symbol(symbol)), symbol.len())
        } else {
            let len = word_len(rest);
            if len == 0 {
                return Err(FilterError::new(format!("{first:?} has no meaning"), column));
            }
            (Some(TokenKind::Word(rest.get(..len).unwrap_or_default().to_owned())), len)
        };
        if let Some(kind) = kind {
            tokens.push(Token { kind, column });
        }
        let (taken, left) = rest.split_at_checked(len).unwrap_or((rest, ""));
        column = column.saturating_add(taken.chars().count());
        rest = left;
    }
    Ok(tokens)
}

/// Octets of the word that the text begins with: `..` ends it, as in `1..5`.
fn word_len(text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | ':' | '-' | '/' | '+');
    let len = text.find(|c| !is_part(c)).unwrap_or(text.len());
    match text.get(..len).and_then(|word| word.find("..")) {
        Some(dots) => dots,
        None => len,
    }
}

/// The text between quotation marks, and how many octets it took.
fn quoted(text: &str, column: usize) -> Result<(String, usize), FilterError> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((value, at.saturating_add(1))),
            // Only these two: a regular expression keeps its own escapes.
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                Some((_, other)) => value.extend(['\\', other]),
                None => break,
            },
            other => value.push(other),
        }
    }
    Err(FilterError::new("the text that begins here has no quotation mark at its end", column))
}
