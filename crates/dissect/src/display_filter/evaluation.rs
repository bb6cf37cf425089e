//! A filter at work: it looks at the fields of a frame, and keeps or drops what the sink behind wrote of it.

use core::cmp::Ordering;
use core::fmt;

use super::condition::{Comparison, Condition, DisplayFilter, Node, Test};
use super::literal::{Literal, searched};
use crate::fields;
use crate::sink::{Address, Fault, Protocol, Value};
use crate::sinks::Output;
use crate::sinks::by_place::{self, ByPlace};
use crate::sinks::frame_fields::FrameFields;
use crate::sinks::passing::Passing;
use capture::Frame;

/// Passes everything on, and drops the frames that a display filter does not match.
pub struct Matching<S> {
    inner: S,
    filter: DisplayFilter,
    // The tests of each name.
    by_place: ByPlace<u32>,
    tests_of: Vec<Vec<usize>>,
    // Whether a test asks for a field of a protocol.
    protocols: ByPlace<bool>,
    answers: Vec<Answer>,
    frame: FrameFields,
    kept_len: usize,
}

/// What is known of a test in the frame that is being told.
#[derive(Clone, Debug, Default)]
struct Answer {
    /// The field is there.
    is_present: bool,
    /// One of its values satisfies the test.
    is_satisfied: bool,
    /// One of its values does not.
    is_missed: bool,
    /// The values of both sides, where two fields are compared. Those beyond the limit do not count.
    sides: [Vec<Literal>; 2],
}

/// The largest number of values of a side that are compared with those of another field.
const COMPARED: usize = 128;

impl Answer {
    fn clear(&mut self) {
        (self.is_present, self.is_satisfied, self.is_missed) = (false, false, false);
        self.sides.iter_mut().for_each(Vec::clear);
    }

    /// Compares the values of both sides, each with each.
    fn compare(&self, comparison: Comparison) -> bool {
        let [left, right] = &self.sides;
        let mut pairs = left.iter().flat_map(|a| right.iter().map(|b| comparison.holds(a.ordered(b))));
        match comparison {
            Comparison::Unequal => !left.is_empty() && !right.is_empty() && pairs.all(|differs| differs),
            _ => pairs.any(|holds| holds),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Matching<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Matching").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S: Output> Matching<S> {
    /// Keeps the frames that `filter` matches.
    #[must_use]
    pub fn new(inner: S, filter: DisplayFilter) -> Self {
        let answers = vec![Answer::default(); filter.tests.len()];
        let frame = FrameFields::for_names(filter.tests.iter().flat_map(Test::all_names));
        Self {
            inner,
            filter,
            by_place: ByPlace::default(),
            tests_of: vec![Vec::new()],
            protocols: ByPlace::default(),
            answers,
            frame,
            kept_len: 0,
        }
    }

    /// The sink behind the filter.
    pub const fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    fn see(&mut self, name: &'static str, value: Value<'_>) {
        let Self { filter, by_place, tests_of, answers, .. } = self;
        let number = by_place.of(name, || {
            let asks = |test: &Test| test.asks_for(name);
            let list = filter.tests.iter().enumerate().filter(|(_, test)| asks(test)).map(|(at, _)| at);
            by_place::enter(tests_of, list.collect())
        });
        let Some(number @ 1..) = number.copied() else { return };
        for at in tests_of.get(by_place::index(number)).into_iter().flatten() {
            if let (Some(test), Some(answer)) = (filter.tests.get(*at), answers.get_mut(*at)) {
                if let Condition::With(_, others) = &test.condition {
                    answer.sides.iter_mut().zip([&test.names, others]).for_each(|(side, names)| {
                        if names.contains(&name) && side.len() < COMPARED {
                            side.extend(Literal::of_value(value));
                        }
                    });
                    continue;
                }
                let holds = test.condition.holds(value);
                answer.is_present = true;
                answer.is_satisfied |= holds;
                answer.is_missed |= !holds;
            }
        }
    }

    /// Fields that are known of the frame without dissecting it.
    fn see_frame_fields(&mut self) {
        let mut fields = core::mem::take(&mut self.frame);
        fields.tell(|name, value| self.see(name, value));
        self.frame = fields;
    }
}

impl Condition {
    /// Whether a value satisfies it.
    fn holds(&self, value: Value<'_>) -> bool {
        match self {
            Self::Present => true,
            Self::Compare(comparison, literal) => comparison.holds(literal.compared(value)),
            // Both sides are known only at the end of the frame.
            Self::With(..) => false,
            Self::In(ranges) => ranges.iter().any(|(first, last)| holds_range(value, first, last.as_ref())),
            Self::Contains(wanted) => match value {
                Value::Mac(address) => contains(&address, wanted),
                value => searched(value).is_some_and(|octets| contains(octets, wanted)),
            },
            Self::Matches(regex) => searched(value).is_some_and(|octets| regex.is_match(octets)),
        }
    }
}

impl Comparison {
    /// Whether two values satisfy it that compare so.
    fn holds(self, ordering: Option<Ordering>) -> bool {
        match self {
            Self::Equal => ordering == Some(Ordering::Equal),
            // A name that differs differs, and so does a value of another kind.
            Self::Unequal | Self::AnyUnequal => ordering != Some(Ordering::Equal),
            Self::Less => ordering == Some(Ordering::Less),
            Self::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Self::Greater => ordering == Some(Ordering::Greater),
            Self::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
        }
    }
}

fn holds_range(value: Value<'_>, first: &Literal, last: Option<&Literal>) -> bool {
    let from = first.compared(value);
    match last {
        None => from == Some(Ordering::Equal),
        Some(last) => from.is_some_and(Ordering::is_ge) && last.compared(value).is_some_and(Ordering::is_le),
    }
}

/// Whether octets stand in others, in linear time.
fn contains(octets: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(octets, wanted).is_some()
}

impl Node {
    fn holds(&self, tests: &[Test], answers: &[Answer]) -> bool {
        match self {
            Self::Test(at) => match (tests.get(*at), answers.get(*at)) {
                (Some(test), Some(answer)) => match test.condition {
                    Condition::Compare(Comparison::Unequal, _) => answer.is_present && !answer.is_missed,
                    Condition::With(comparison, _) => answer.compare(comparison),
                    _ => answer.is_satisfied,
                },
                _ => false,
            },
            Self::Not(node) => !node.holds(tests, answers),
            Self::All(nodes) => nodes.iter().all(|node| node.holds(tests, answers)),
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(tests, answers)),
        }
    }
}

impl<S: Output> Passing for Matching<S> {
    const SEES_FIELDS: bool = true;

    type Inner = S;

    fn passes_to(&self) -> &S {
        &self.inner
    }

    fn passes_to_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    fn sees_fields_of(&mut self, protocol: &'static str) -> bool {
        let Self { filter, protocols, .. } = self;
        let mut names = filter.tests.iter().flat_map(Test::all_names);
        protocols.of(protocol, || names.any(|name| fields::belongs(name, protocol))) == Some(&true)
    }

    fn sees_begin(&mut self, frame: &Frame<'_>) {
        self.kept_len = self.inner.output().len();
        self.answers.iter_mut().for_each(Answer::clear);
        self.frame.begin(frame);
    }

    fn sees_protocol(&mut self, protocol: &'static Protocol) {
        self.frame.protocol(protocol.filter);
        // That it is there is all that is asked of a protocol.
        self.see(protocol.filter, Value::Boolean(true));
    }

    fn sees_field(&mut self, name: &'static str, value: Value<'_>) {
        self.see(name, value);
    }

    fn sees_endpoints(&mut self, source: Address, destination: Address) {
        self.frame.endpoints(source, destination);
    }

    fn sees_summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        self.frame.summary(protocol, text);
    }

    fn sees_fault(&mut self, fault: Fault) {
        self.frame.fault(fault);
    }

    fn sees_end(&mut self) {
        self.see_frame_fields();
        if !self.filter.tree.holds(&self.filter.tests, &self.answers) {
            self.inner.output().truncate(self.kept_len);
        }
    }
}

impl<S: Output> Output for Matching<S> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.inner.output()
    }
}
