//! Sinks that stand in front of another sink.

use std::fmt;

use crate::sink::{Address, Fault, Part, Parts, Protocol, Rebuilt, Sink, SourceId, Span, Value};
use capture::Frame;

/// A sink that passes everything to the next sink, and looks at some of it first.
pub trait Passing {
    /// Whether this sink looks at fields, although the next one may not.
    const SEES_FIELDS: bool = false;

    /// The type of the next sink.
    type Inner: Sink;

    /// Returns the next sink.
    fn passes_to(&self) -> &Self::Inner;

    /// Returns the next sink, for calling its methods.
    fn passes_to_mut(&mut self) -> &mut Self::Inner;

    /// A frame begins. The next sink has not received it yet.
    fn sees_begin(&mut self, frame: &Frame<'_>);

    /// The frame has ended, for the next sink too.
    fn sees_end(&mut self) {}

    /// A protocol begins.
    fn sees_protocol(&mut self, protocol: &'static Protocol) {
        let _ = protocol;
    }

    /// Whether this sink looks at fields of the protocol with this filter name, if it looks at fields at all.
    fn sees_fields_of(&mut self, protocol: &'static str) -> bool {
        let _ = protocol;
        true
    }

    /// A field is told.
    fn sees_field(&mut self, name: &'static str, value: Value<'_>) {
        let _ = (name, value);
    }

    /// Who sent the packet to whom.
    fn sees_endpoints(&mut self, source: Address, destination: Address) {
        let _ = (source, destination);
    }

    /// What the packet says in a line.
    fn sees_summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        let _ = (protocol, text);
    }

    /// Something is wrong in the packet, or missing before it.
    fn sees_fault(&mut self, fault: Fault) {
        let _ = fault;
    }

    /// A packet was decrypted.
    fn sees_decrypted(&mut self, parts: &[&[u8]]) {
        let _ = parts;
    }
}

impl<P: Passing> Sink for P {
    const FIELDS: bool = P::SEES_FIELDS || P::Inner::FIELDS;

    fn enter(&mut self, protocol: &'static Protocol, span: Span) {
        self.sees_protocol(protocol);
        self.passes_to_mut().enter(protocol, span);
    }

    fn enter_quoted(&mut self, protocol: &'static Protocol, span: Span) {
        self.sees_protocol(protocol);
        self.passes_to_mut().enter_quoted(protocol, span);
    }

    fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if P::SEES_FIELDS {
            self.sees_field(name, value);
        }
        if P::Inner::FIELDS {
            self.passes_to_mut().field(name, value, span);
        }
    }

    fn wants_fields(&mut self, protocol: &'static str) -> bool {
        (P::SEES_FIELDS && self.sees_fields_of(protocol))
            || (P::Inner::FIELDS && self.passes_to_mut().wants_fields(protocol))
    }

    fn fault(&mut self, fault: Fault) {
        self.sees_fault(fault);
        self.passes_to_mut().fault(fault);
    }

    fn leave(&mut self) {
        self.passes_to_mut().leave();
    }

    fn enter_field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if P::SEES_FIELDS {
            self.sees_field(name, value);
        }
        if P::Inner::FIELDS {
            self.passes_to_mut().enter_field(name, value, span);
        }
    }

    fn leave_field(&mut self) {
        if P::Inner::FIELDS {
            self.passes_to_mut().leave_field();
        }
    }

    fn begin(&mut self, frame: &Frame<'_>) {
        self.sees_begin(frame);
        self.passes_to_mut().begin(frame);
    }

    fn end(&mut self, frame: &Frame<'_>) {
        self.passes_to_mut().end(frame);
        self.sees_end();
    }

    fn source(&mut self, id: SourceId, name: &'static str, octets: &[u8]) {
        self.passes_to_mut().source(id, name, octets);
    }

    fn endpoints(&mut self, source: Address, destination: Address) {
        self.sees_endpoints(source, destination);
        self.passes_to_mut().endpoints(source, destination);
    }

    fn summary(&mut self, protocol: &'static str, text: fmt::Arguments<'_>) {
        self.sees_summary(protocol, text);
        self.passes_to_mut().summary(protocol, text);
    }

    fn summary_parts(&mut self, protocol: &'static str, parts: &[Part<'_>]) {
        self.sees_summary(protocol, format_args!("{}", Parts(parts)));
        self.passes_to_mut().summary_parts(protocol, parts);
    }

    fn wants_debug_lines(&self) -> bool {
        self.passes_to().wants_debug_lines()
    }

    fn debug_lines(&mut self, lines: fmt::Arguments<'_>) {
        self.passes_to_mut().debug_lines(lines);
    }

    fn wants_octets(&self) -> bool {
        self.passes_to().wants_octets()
    }

    fn departure(&mut self, text: fmt::Arguments<'_>, reference: &'static str, span: Span) {
        self.passes_to_mut().departure(text, reference, span);
    }

    fn wants_departures(&self) -> bool {
        self.passes_to().wants_departures()
    }

    fn decrypted(&mut self, parts: &[&[u8]]) {
        self.sees_decrypted(parts);
        self.passes_to_mut().decrypted(parts);
    }

    fn wants_rebuilt(&self) -> bool {
        self.passes_to().wants_rebuilt()
    }

    fn rebuilt(&mut self, rebuilt: &Rebuilt<'_>) {
        self.passes_to_mut().rebuilt(rebuilt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::{Cause, Outcome, Reason};
    use crate::sinks::{Decrypted, Filter, Output};
    use capture::LinkType;

    /// A sink that records which of its methods are called.
    #[derive(Debug, Default)]
    struct Told {
        methods: Vec<&'static str>,
        output: Vec<u8>,
    }

    impl Sink for Told {
        fn enter(&mut self, _: &'static Protocol, _: Span) {
            self.methods.push("enter");
        }
        fn enter_quoted(&mut self, _: &'static Protocol, _: Span) {
            self.methods.push("enter_quoted");
        }
        fn field(&mut self, _: &'static str, _: Value<'_>, _: Span) {
            self.methods.push("field");
        }
        fn fault(&mut self, _: Fault) {
            self.methods.push("fault");
        }
        fn leave(&mut self) {
            self.methods.push("leave");
        }
        fn enter_field(&mut self, _: &'static str, _: Value<'_>, _: Span) {
            self.methods.push("enter_field");
        }
        fn leave_field(&mut self) {
            self.methods.push("leave_field");
        }
        fn begin(&mut self, _: &Frame<'_>) {
            self.methods.push("begin");
        }
        fn end(&mut self, _: &Frame<'_>) {
            self.methods.push("end");
        }
        fn source(&mut self, _: SourceId, _: &'static str, _: &[u8]) {
            self.methods.push("source");
        }
        fn endpoints(&mut self, _: Address, _: Address) {
            self.methods.push("endpoints");
        }
        fn summary(&mut self, _: &'static str, _: fmt::Arguments<'_>) {
            self.methods.push("summary");
        }
        fn summary_parts(&mut self, _: &'static str, _: &[Part<'_>]) {
            self.methods.push("summary_parts");
        }
        fn departure(&mut self, _: fmt::Arguments<'_>, _: &'static str, _: Span) {
            self.methods.push("departure");
        }
        fn wants_debug_lines(&self) -> bool {
            true
        }
        fn debug_lines(&mut self, _: fmt::Arguments<'_>) {
            self.methods.push("debug_lines");
        }
        fn wants_octets(&self) -> bool {
            true
        }
        fn wants_departures(&self) -> bool {
            true
        }
        fn decrypted(&mut self, _: &[&[u8]]) {
            self.methods.push("decrypted");
        }
        fn wants_rebuilt(&self) -> bool {
            true
        }
        fn rebuilt(&mut self, _: &Rebuilt<'_>) {
            self.methods.push("rebuilt");
        }
    }

    impl Output for Told {
        fn output(&mut self) -> &mut Vec<u8> {
            &mut self.output
        }
    }

    /// Calls every method of a sink.
    fn tell(sink: &mut impl Sink) {
        static HSRP: Protocol = Protocol { filter: "hsrp", title: "" };
        let frame =
            Frame { number: 1, time: None, time_digits: 9, link: LinkType::ETHERNET, len: 0, octets: &[] };
        let (span, address) = (Span::default(), Address::Mac([0; 6]));
        sink.begin(&frame);
        sink.source(1, "", &[]);
        sink.enter_quoted(&HSRP, span);
        sink.enter(&HSRP, span);
        sink.endpoints(address, address);
        sink.field("", Value::Unsigned(1), span);
        sink.enter_field("", Value::Unsigned(1), span);
        sink.leave_field();
        sink.fault(Fault { protocol: "hsrp", reason: Reason::IsakmpNoKey, span, cause: Cause::Packet });
        sink.departure(format_args!(""), "", span);
        sink.summary("", format_args!(""));
        sink.summary_parts("", &[]);
        sink.debug_lines(format_args!(""));
        sink.decrypted(&[&[0x45]]);
        sink.rebuilt(&Rebuilt {
            protocol: "hsrp",
            span,
            outcome: Outcome::Identical,
            octets_rebuilt: 0,
            octets_copied: 0,
            expected: &[],
            got: &[],
        });
        sink.leave();
        sink.end(&frame);
    }

    #[test]
    fn everything_is_passed_on() {
        let mut told = Told::default();
        tell(&mut told);
        let methods: std::collections::BTreeSet<_> = told.methods.iter().collect();
        assert_eq!((methods.len(), told.methods.len()), (17, 17), "each of them once");
        let mut sink = Decrypted::new(Filter::new(Told::default(), Vec::new()), true);
        tell(&mut sink);
        assert!(
            sink.wants_debug_lines()
                && sink.wants_departures()
                && sink.wants_rebuilt()
                && sink.wants_octets()
        );
        assert_eq!(sink.inner().inner().methods, told.methods);
        assert_eq!(sink.packet().unwrap().octets, [0x45]);
    }
}
