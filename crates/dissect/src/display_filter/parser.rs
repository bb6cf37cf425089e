//! From words to a filter.

use super::condition::{Comparison, Condition, DisplayFilter, Node, Test};
use super::error::FilterError;
use super::lexer::{Token, TokenKind, tokens};
use super::literal::Literal;
use crate::fields::{self, Field, Kind};

/// Parentheses and `not` in each other, at the most.
const DEPTH_LIMIT: usize = 64;

/// Octets of a compiled regular expression, at the most.
const REGEX_LIMIT: usize = 1 << 20;

pub(super) fn parse(text: &str) -> Result<DisplayFilter, FilterError> {
    let tokens = tokens(text)?;
    let end = text.chars().count().saturating_add(1);
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), end, tests: Vec::new(), depth: 0 };
    let tree = parser.any()?;
    if let Some(token) = parser.tokens.next() {
        let what = format!("{} follows a filter that is complete", shown(&token.kind));
        return Err(
            FilterError::new(what, token.column).with_hint("; join two conditions with `and` or `or`")
        );
    }
    Ok(DisplayFilter { tests: parser.tests, tree })
}

struct Parser {
    tokens: core::iter::Peekable<std::vec::IntoIter<Token>>,
    /// The column behind the last character.
    end: usize,
    tests: Vec<Test>,
    depth: usize,
}

fn shown(kind: &TokenKind) -> String {
    match kind {
        TokenKind::Word(word) => format!("`{word}`"),
        TokenKind::Quoted(text) => format!("{text:?}"),
        TokenKind::Symbol(symbol) => format!("`{symbol}`"),
    }
}

impl Parser {
    /// Takes the next token when it is one of these words or symbols.
    fn take(&mut self, wanted: &[&str]) -> bool {
        let is_wanted = |token: &Token| match &token.kind {
            TokenKind::Word(word) => wanted.contains(&word.as_str()),
            TokenKind::Symbol(symbol) => wanted.contains(symbol),
            TokenKind::Quoted(_) => false,
        };
        self.tokens.next_if(is_wanted).is_some()
    }

    fn column(&mut self) -> usize {
        let end = self.end;
        self.tokens.peek().map_or(end, |token| token.column)
    }

    fn error(&mut self, expected: &str) -> FilterError {
        let column = self.column();
        match self.tokens.peek() {
            Some(token) => FilterError::new(
                format!("{} stands where {expected} was expected", shown(&token.kind)),
                column,
            ),
            None => FilterError::new(format!("the filter ends where {expected} was expected"), column),
        }
    }

    fn any(&mut self) -> Result<Node, FilterError> {
        let mut nodes = vec![self.all()?];
        while self.take(&["or", "||"]) {
            nodes.push(self.all()?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    fn all(&mut self) -> Result<Node, FilterError> {
        let mut nodes = vec![self.not()?];
        while self.take(&["and", "&&"]) {
            nodes.push(self.not()?);
        }
        Ok(one_or(nodes, Node::All))
    }

    fn not(&mut self) -> Result<Node, FilterError> {
        let column = self.column();
        if self.depth >= DEPTH_LIMIT {
            let what = format!("parentheses and `not` stand more than {DEPTH_LIMIT} deep in each other");
            return Err(FilterError::new(what, column));
        }
        self.depth = self.depth.saturating_add(1);
        let node = if self.take(&["not", "!"]) {
            Node::Not(Box::new(self.not()?))
        } else if self.take(&["("]) {
            let node = self.any()?;
            if !self.take(&[")"]) {
                return Err(self.error("`)`"));
            }
            node
        } else {
            self.test()?
        };
        self.depth = self.depth.saturating_sub(1);
        Ok(node)
    }

    fn test(&mut self) -> Result<Node, FilterError> {
        let Some(Token { kind: TokenKind::Word(name), column }) =
            self.tokens.next_if(|token| matches!(token.kind, TokenKind::Word(_)))
        else {
            return Err(self.error("the name of a field"));
        };
        let Some(field) = fields::find(&name) else {
            let hint = format!("; {}", fields::advice(&name));
            return Err(FilterError::new(format!("there is no field {name}"), column).with_hint(hint));
        };
        let condition = self.condition(field)?;
        self.tests.push(Test { names: field.told_as(), condition });
        Ok(Node::Test(self.tests.len().saturating_sub(1)))
    }

    fn condition(&mut self, field: Field) -> Result<Condition, FilterError> {
        let column = self.column();
        let comparison = if self.take(&["==", "eq", "==="]) {
            Comparison::Equal
        } else if self.take(&["!=", "ne"]) {
            Comparison::Unequal
        } else if self.take(&["~=", "!==", "any_ne"]) {
            Comparison::AnyUnequal
        } else if self.take(&["<=", "le"]) {
            Comparison::LessOrEqual
        } else if self.take(&[">=", "ge"]) {
            Comparison::GreaterOrEqual
        } else if self.take(&["<", "lt"]) {
            Comparison::Less
        } else if self.take(&[">", "gt"]) {
            Comparison::Greater
        } else if self.take(&["in"]) {
            self.comparable(field, column)?;
            return self.set(field.kind);
        } else if self.take(&["contains"]) {
            // A part of a MAC address is octets: the number of a vendor, for example.
            if field.kind != Kind::Mac {
                self.searchable(field, column)?;
            }
            let column = self.column();
            return match self.literal(Kind::Octets)? {
                Literal::Octets(octets) if !octets.is_empty() => Ok(Condition::Contains(octets)),
                _ => Err(FilterError::new("`contains` has no octets to look for", column)),
            };
        } else if self.take(&["matches", "~"]) {
            self.searchable(field, column)?;
            return self.regular_expression();
        } else {
            return Ok(Condition::Present);
        };
        self.comparable(field, column)?;
        match self.other_field(field)? {
            Some(other) => Ok(Condition::With(comparison, other.told_as())),
            None => Ok(Condition::Compare(comparison, self.literal(field.kind)?)),
        }
    }

    /// Takes the name of a field where a value may stand too.
    fn other_field(&mut self, field: Field) -> Result<Option<Field>, FilterError> {
        let column = self.column();
        let name = match self.tokens.peek().map(|token| &token.kind) {
            Some(TokenKind::Word(word)) => word.clone(),
            _ => return Ok(None),
        };
        let Some(other) = fields::find(&name).filter(|other| other.kind != Kind::Protocol) else {
            // No name of a value has dots between letters, so this was meant as a field.
            let is_name = field.kind == Kind::Number
                && name.contains('.')
                && name.starts_with(|first: char| first.is_ascii_alphabetic());
            if is_name {
                let hint = format!("; {}", fields::advice(&name));
                return Err(FilterError::new(format!("there is no field {name}"), column).with_hint(hint));
            }
            return Ok(None);
        };
        if other.kind != field.kind {
            let (ours, theirs) = (field.kind.name(), other.kind.name());
            let what = format!(
                "{} holds a value of kind {ours}, and {name} one of kind {theirs}: they cannot be compared",
                field.name
            );
            return Err(FilterError::new(what, column));
        }
        self.tokens.next();
        Ok(Some(other))
    }

    fn comparable(&self, field: Field, column: usize) -> Result<(), FilterError> {
        if field.kind == Kind::Protocol {
            let what = format!("{} is a protocol, which has no value to compare", field.name);
            return Err(FilterError::new(what, column).with_hint("; its name alone asks whether it is there"));
        }
        Ok(())
    }

    fn searchable(&self, field: Field, column: usize) -> Result<(), FilterError> {
        if matches!(field.kind, Kind::Text | Kind::Octets) {
            return Ok(());
        }
        let what = format!(
            "{} holds a value of kind {}, which has no text to search",
            field.name,
            field.kind.name()
        );
        Err(FilterError::new(what, column).with_hint("; compare it with `==`"))
    }

    fn set(&mut self, kind: Kind) -> Result<Condition, FilterError> {
        if !self.take(&["{"]) {
            return Err(self.error("`{`"));
        }
        let mut values = Vec::new();
        loop {
            let first = self.literal(kind)?;
            let last = if self.take(&[".."]) { Some(self.literal(kind)?) } else { None };
            values.push((first, last));
            // Wireshark takes commas, and once took spaces.
            let _ = self.take(&[","]);
            if self.take(&["}"]) {
                return Ok(Condition::In(values));
            }
        }
    }

    fn literal(&mut self, kind: Kind) -> Result<Literal, FilterError> {
        let column = self.column();
        let is_literal = |token: &Token| !matches!(token.kind, TokenKind::Symbol(_));
        let literal = match self.tokens.next_if(is_literal).map(|token| token.kind) {
            Some(TokenKind::Word(word)) => Literal::of_word(kind, &word),
            Some(TokenKind::Quoted(text)) => Literal::of_text(kind, &text),
            _ => return Err(self.error("a value")),
        };
        literal.map_err(|expected| FilterError::new(format!("the value is not {expected}"), column))
    }

    fn regular_expression(&mut self) -> Result<Condition, FilterError> {
        let column = self.column();
        let is_literal = |token: &Token| !matches!(token.kind, TokenKind::Symbol(_));
        let Some(TokenKind::Word(pattern) | TokenKind::Quoted(pattern)) =
            self.tokens.next_if(is_literal).map(|token| token.kind)
        else {
            return Err(self.error("a regular expression in quotation marks"));
        };
        let regex = regex::bytes::RegexBuilder::new(&pattern)
            .case_insensitive(true)
            .unicode(false)
            .size_limit(REGEX_LIMIT)
            .build();
        let regex = regex.map_err(|_| FilterError::new("the text is not a regular expression", column))?;
        Ok(Condition::Matches(Box::new(regex)))
    }
}

fn one_or(mut nodes: Vec<Node>, several: fn(Vec<Node>) -> Node) -> Node {
    match (nodes.len(), nodes.pop()) {
        (1, Some(node)) => node,
        (_, last) => {
            nodes.extend(last);
            several(nodes)
        }
    }
}
