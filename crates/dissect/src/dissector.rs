//! The dissector: state that lives from frame to frame, and the walk over one frame.

use std::fmt;
use std::net::IpAddr;
use std::ops::{Deref, DerefMut};

use zeroize::Zeroizing;

use crate::esp_packet::known_sas::KnownSas;
use crate::fragment::Fragments;
use crate::isakmp_message::conversation::Conversations;
use crate::isakmp_message::ike_sa::{IkeSas, IsakmpAssociation};
use crate::sctp_packet::user_message::UserMessages;
use crate::sink::{Address, Fault, Outcome, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value};
use crate::tables::{DecodeAs, Handler, Table, Tables};
use crate::{
    ah_packet, cisco_meta_data, erspan, esp_packet, gre_packet, ha_message, hsrp_message, ip, isakmp_message,
    link, llc, nhrp_packet, sctp_packet, udp, udp_encapsulation,
};
use capture::{Frame, Timestamp};
use keys::{AssociationKeys, AssociationRow, Keys};

/// What a dissector does and how far it goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Words on what octets are, over the built-in tables.
    pub decode_as: Vec<DecodeAs>,
    /// Keys to verify and decrypt with.
    pub keys: Keys,
    /// How many protocols may nest in a frame.
    pub nesting_limit: usize,
    /// How many fields, protocols and faults of a frame are shown, all together.
    pub field_limit: usize,
    /// How many fragmented datagrams are collected at once; each holds 65,535 octets at the most.
    pub datagram_limit: usize,
    /// How many octets of fragmented SCTP user messages are collected at once, all together; each fragment counts 320
    /// octets more than it has, for what is kept beside it.
    pub user_message_limit: usize,
    /// How many conversations of each protocol are remembered at once.
    pub conversation_limit: usize,
    /// Whether ISAKMP SAs are followed though no key of one is given: for who lists them.
    pub follow_isakmp: bool,
    /// Whether the keys of children that are made from those of ISAKMP SAs are kept as octets: for who writes them down.
    pub keep_key_material: bool,
    /// Which form NHRP's authentication extension has, which the wire does not say. A guess by default.
    pub nhrp_authentication: crate::NhrpAuthentication,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            decode_as: Vec::new(),
            keys: Keys::default(),
            nesting_limit: 32,
            field_limit: 200_000,
            datagram_limit: 256,
            user_message_limit: 16 << 20,
            conversation_limit: 4096,
            follow_isakmp: false,
            keep_key_material: false,
            nhrp_authentication: crate::NhrpAuthentication::Auto,
        }
    }
}

/// Dissects frames one after the other. State is kept across frames and is bounded; the oldest goes first.
pub struct Dissector {
    pub(crate) options: Options,
    pub(crate) tables: Tables,
    pub(crate) fragments: Fragments,
    pub(crate) isakmp: Conversations,
    pub(crate) ike_sas: IkeSas,
    pub(crate) associations: KnownSas,
    pub(crate) user_messages: UserMessages,
    // Where messages are encoded again.
    pub(crate) scratch: Plaintext,
    // Where packets are decrypted; as many as ever nested.
    pub(crate) decrypted: Vec<Plaintext>,
}

/// Octets that may hold keys, wiped when they go.
pub(crate) type Plaintext = Zeroizing<Vec<u8>>;

/// Empties a buffer that is used again and gives it room. One that is too small is put by another, for growing would leave its
/// octets behind.
pub(crate) fn clear_for(buffer: &mut Plaintext, len: usize) {
    if buffer.capacity() < len {
        *buffer = Zeroizing::new(Vec::with_capacity(len.max(2048).next_power_of_two()));
    }
    buffer.clear();
}

/// What is kept may be plaintext.
impl fmt::Debug for Dissector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dissector").field("options", &self.options).finish_non_exhaustive()
    }
}

/// The octets a dissector is called with, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Octets<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    // Whether the capture was cut inside these octets.
    pub(crate) cut: bool,
}

impl<'a> Octets<'a> {
    /// The span of `len` octets from `offset` on.
    pub(crate) const fn span(&self, offset: usize, len: usize) -> Span {
        Span { source: self.source, start: self.start.saturating_add(offset), len }
    }

    /// The span of all of them.
    pub(crate) const fn whole(&self) -> Span {
        self.span(0, self.octets.len())
    }

    /// What lies behind the first `offset` octets; nothing, at their end, where there are fewer.
    pub(crate) fn after(&self, offset: usize) -> Octets<'a> {
        let offset = offset.min(self.octets.len());
        Octets {
            octets: self.octets.get(offset..).unwrap_or_default(),
            start: self.start.saturating_add(offset),
            ..*self
        }
    }

    /// The last `len` octets; all, where there are fewer.
    pub(crate) fn last(&self, len: usize) -> Octets<'a> {
        self.after(self.octets.len().saturating_sub(len))
    }

    /// The first octets as a whole header, zeros in the place of those that are missing.
    pub(crate) fn padded<const LEN: usize>(&self) -> [u8; LEN] {
        let mut whole = [0; LEN];
        for (to, from) in whole.iter_mut().zip(self.octets) {
            *to = *from;
        }
        whole
    }

    /// The first `len` octets, which are all there when the capture was not cut before.
    pub(crate) fn first(&self, len: usize) -> Octets<'a> {
        match self.octets.get(..len) {
            Some(octets) => Octets { octets, cut: false, ..*self },
            None => *self,
        }
    }
}

/// What is known of the packet around a message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around {
    pub(crate) link_source: Option<[u8; 6]>,
    pub(crate) network: Option<(IpAddr, IpAddr)>,
    pub(crate) hop_limit: Option<u8>,
    // What the IP header begins with, for who makes one like it.
    pub(crate) header_start: [u8; 8],
    pub(crate) ports: Option<(u16, u16)>,
    // The GRE header that was met last.
    pub(crate) gre: Option<gre::Header>,
    // The stream of the SCTP user message that was met last.
    pub(crate) stream: Option<u16>,
    // HA messages that were met in the frame.
    pub(crate) ha_message_count: u32,
    // Where the Ethernet frame begins that was entered last.
    pub(crate) link_start: usize,
    // Whether it is quoted by a message about it, and how.
    pub(crate) quoted: Quoted,
    // Whether AH around it was verified.
    pub(crate) is_authentic: bool,
    // Whether it is in a packet that its receiver drops, for its ICV or its number, or of which that cannot be told though there are
    // keys: it is shown, and moves no state.
    pub(crate) is_dropped: bool,
}

/// Whether octets are a quotation: a packet that was sent elsewhere, mostly cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// They are what was sent.
    #[default]
    No,
    /// All of the packet is there.
    Whole,
    /// It ends early, which is no fault.
    Cut,
}

impl Around {
    /// Whether its receiver gets it, so that it moves what is known.
    pub(crate) fn is_live(&self) -> bool {
        self.quoted == Quoted::No && !self.is_dropped
    }

    /// What is around the payload of an IP packet.
    pub(crate) fn enter_network(
        &mut self,
        source: IpAddr,
        destination: IpAddr,
        hop_limit: u8,
        header: &[u8],
    ) {
        // The link's sender is not the sender of a packet in a tunnel.
        let link_source = self.link_source.filter(|_| self.network.is_none());
        let (network, hop_limit) = (Some((source, destination)), Some(hop_limit));
        let header_start = header.first_chunk().copied().unwrap_or_default();
        *self = Self { link_source, network, hop_limit, header_start, ports: None, ..*self };
    }
}

/// The walk over one frame.
pub(crate) struct Packet<'p, S> {
    pub(crate) sink: &'p mut S,
    pub(crate) around: Around,
    pub(crate) time: Option<Timestamp>,
    pub(crate) number: u64,
    next_source: SourceId,
    depth: usize,
    nesting_limit: usize,
    fields_left: usize,
    field_limit: usize,
    // What is encoded again may hold keys.
    pub(crate) holds_keys: bool,
}

/// What the sink was told of entering, so that it is told of leaving the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Protocol,
    Field,
    /// The sink looks at no field, or the budget is spent.
    Nothing,
}

/// The walk inside a protocol or a field. The sink is told once that it is left, when this goes, and only where it was told that it
/// was entered: no handler can leave what it did not enter, or enter what it does not leave.
#[must_use = "what was entered is left at once"]
pub(crate) struct Entered<'e, 'p, S: Sink> {
    packet: &'e mut Packet<'p, S>,
    told: Told,
}

impl<S: Sink> Entered<'_, '_, S> {
    /// Leaves before the end of the block.
    pub(crate) fn leave(self) {}
}

impl<'p, S: Sink> Deref for Entered<'_, 'p, S> {
    type Target = Packet<'p, S>;

    fn deref(&self) -> &Self::Target {
        self.packet
    }
}

impl<S: Sink> DerefMut for Entered<'_, '_, S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.packet
    }
}

impl<S: Sink> Drop for Entered<'_, '_, S> {
    fn drop(&mut self) {
        match self.told {
            Told::Protocol => self.packet.sink.leave(),
            Told::Field => self.packet.sink.leave_field(),
            Told::Nothing => {}
        }
    }
}

impl<'p, S: Sink> Packet<'p, S> {
    /// Enters a protocol; it is left when what this returns goes.
    pub(crate) fn enter(&mut self, protocol: &'static Protocol, span: Span) -> Entered<'_, 'p, S> {
        let told = if self.may_show(span) {
            self.sink.enter(protocol, span);
            Told::Protocol
        } else {
            Told::Nothing
        };
        Entered { packet: self, told }
    }

    /// A protocol whose header cannot be read.
    pub(crate) fn broken(&mut self, protocol: &'static Protocol, reason: impl Into<Reason>, span: Span) {
        self.enter(protocol, span).fault(protocol.filter, reason, span);
    }

    pub(crate) fn field(&mut self, name: &'static str, value: Value<'_>, span: Span) {
        if S::FIELDS && self.may_show(span) {
            self.sink.field(name, value, span);
        }
    }

    /// A field of a part that may be cut: it is shown where all its octets are there.
    pub(crate) fn part(
        &mut self,
        name: &'static str,
        value: Value<'_>,
        octets: Octets<'_>,
        offset: usize,
        len: usize,
    ) {
        if offset.saturating_add(len) <= octets.octets.len() {
            self.field(name, value, octets.span(offset, len));
        }
    }

    /// Enters a field with fields inside; it is left when what this returns goes.
    pub(crate) fn enter_field(
        &mut self,
        name: &'static str,
        value: Value<'_>,
        span: Span,
    ) -> Entered<'_, 'p, S> {
        let told = if S::FIELDS && self.may_show(span) {
            self.sink.enter_field(name, value, span);
            Told::Field
        } else {
            Told::Nothing
        };
        Entered { packet: self, told }
    }

    pub(crate) fn fault(&mut self, protocol: &'static str, reason: impl Into<Reason>, span: Span) {
        let reason = reason.into();
        let is_bound = matches!(reason, Reason::Nesting { .. });
        if self.around.quoted == Quoted::Cut && !is_bound {
            return;
        }
        // Broken parts can be as many as fields, and cost as much to show.
        if self.may_show(span) {
            self.sink.fault(Fault { protocol, reason, span });
        }
    }

    /// Goes one protocol deeper, unless that is too deep; `ascend` follows when it went.
    pub(crate) fn descend(&mut self, span: Span) -> bool {
        let may = self.depth < self.nesting_limit;
        if may {
            self.depth = self.depth.saturating_add(1);
        } else {
            self.fault("frame", Reason::Nesting { limit: self.nesting_limit }, span);
        }
        may
    }

    /// Comes back from where `descend` went.
    pub(crate) fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// A new source for octets that stand in no frame as they are.
    pub(crate) fn source(&mut self, name: &'static str, octets: &[u8]) -> SourceId {
        let id = self.next_source;
        self.next_source = self.next_source.saturating_add(1);
        self.sink.source(id, name, octets);
        id
    }

    pub(crate) fn endpoints(&mut self, source: Address, destination: Address) {
        self.sink.endpoints(source, destination);
    }

    /// Counts what is shown. Once this says no it says so for the rest of the frame: what stands inside something that is not
    /// shown is not shown either.
    fn may_show(&mut self, span: Span) -> bool {
        match self.fields_left.checked_sub(1) {
            Some(left) => {
                self.fields_left = left;
                if left == 0 {
                    let reason = Reason::Fields { limit: self.field_limit };
                    self.sink.fault(Fault { protocol: "frame", reason, span });
                }
                left != 0
            }
            None => false,
        }
    }
}

impl Dissector {
    /// A dissector without state.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let mut tables = Tables::default();
        for word in &options.decode_as {
            tables.insert(word.table, word.key, word.handler);
        }
        let fragments = Fragments::new(options.datagram_limit);
        let isakmp = Conversations::new(options.conversation_limit, options.datagram_limit);
        let ike_sas = IkeSas::new(
            options.conversation_limit,
            &options.keys,
            options.follow_isakmp,
            options.keep_key_material,
        );
        let associations = KnownSas::new(options.conversation_limit, &options.keys.associations);
        let user_messages = UserMessages::new(options.user_message_limit);
        let (scratch, decrypted) = (Plaintext::default(), Vec::new());
        Self { options, tables, fragments, isakmp, ike_sas, associations, user_messages, scratch, decrypted }
    }

    /// Adds the keys of an SA, for packets from now on: behind those that there are.
    pub fn add_association(&mut self, keys: AssociationKeys) {
        self.associations.add(keys);
    }

    /// The ISAKMP SAs that were seen, where keys of any are given or [`Options::follow_isakmp`] is set.
    pub fn isakmp_associations(&self) -> impl Iterator<Item = IsakmpAssociation<'_>> {
        self.ike_sas.associations()
    }

    /// The SAs of ESP and AH whose keys were made from those of ISAKMP SAs, in the order of their negotiation: where
    /// [`Options::keep_key_material`] is set. Their keys are secrets, to be given out only where they are asked for.
    #[must_use]
    pub fn derived_associations(&self) -> &[AssociationRow] {
        self.ike_sas.kept()
    }

    /// Dissects one frame into `sink`. Nothing in it can make this fail: what is wrong is a fault in the sink.
    pub fn frame(&mut self, frame: Frame<'_>, sink: &mut impl Sink) {
        sink.begin(&frame);
        let mut packet = Packet {
            sink,
            around: Around::default(),
            time: frame.time,
            number: frame.number,
            next_source: 1,
            depth: 0,
            nesting_limit: self.options.nesting_limit,
            holds_keys: false,
            fields_left: self.options.field_limit.saturating_add(1),
            field_limit: self.options.field_limit,
        };
        let octets = Octets { octets: frame.octets, source: 0, start: 0, cut: frame.is_cut() };
        link::frame_fields(&mut packet, &frame, octets);
        match self.tables.handler(Table::Link, frame.link.0) {
            Some(handler) => self.call(handler, &mut packet, octets),
            None => packet.fault("frame", Reason::LinkType(frame.link), octets.whole()),
        }
        sink.end(&frame);
    }

    /// Hands octets to a dissector, unless protocols nest too deep by now.
    pub(crate) fn call<S: Sink>(&mut self, handler: Handler, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
        if !packet.descend(octets.whole()) {
            return;
        }
        match handler {
            Handler::Ethernet => link::ethernet(self, packet, octets),
            Handler::Null => link::null(self, packet, octets),
            Handler::LinuxSll => link::linux_sll(self, packet, octets),
            Handler::LinuxSll2 => link::linux_sll2(self, packet, octets),
            Handler::Vlan => link::vlan(self, packet, octets),
            Handler::ProviderTag => link::provider_tag(self, packet, octets),
            Handler::Llc => llc::dissect(self, packet, octets),
            Handler::Ip => ip::raw(self, packet, octets),
            Handler::Ipv4 => ip::v4(self, packet, octets),
            Handler::Ipv6 => ip::v6(self, packet, octets),
            Handler::Udp => udp::dissect(self, packet, octets),
            Handler::Hsrp => hsrp_message::dissect(self, packet, octets),
            Handler::Isakmp => isakmp_message::dissect(self, packet, octets),
            Handler::UdpEncapsulation => udp_encapsulation::dissect(self, packet, octets),
            Handler::Gre => gre_packet::dissect(self, packet, octets),
            Handler::CiscoMetaData => cisco_meta_data::dissect(self, packet, octets),
            Handler::Erspan => erspan::dissect(self, packet, octets),
            Handler::Nhrp => nhrp_packet::dissect(self, packet, octets),
            Handler::Esp => esp_packet::dissect(self, packet, octets),
            Handler::Ah => ah_packet::dissect(self, packet, None, octets),
            Handler::Sctp => sctp_packet::dissect(self, packet, octets),
            Handler::Ha => ha_message::dissect(self, packet, octets),
        }
        packet.ascend();
    }

    /// Whether it was the user who said what `key` of `table` is.
    pub(crate) fn is_users(&self, table: Table, key: u32) -> bool {
        self.options.decode_as.iter().any(|word| word.table == table && word.key == key)
    }

    /// Hands octets to the dissector that `table` has for `key`, and says whether there is one.
    pub(crate) fn call_by<S: Sink>(
        &mut self,
        table: Table,
        key: u32,
        packet: &mut Packet<'_, S>,
        octets: Octets<'_>,
    ) -> bool {
        match self.tables.handler(table, key) {
            Some(handler) => {
                self.call(handler, packet, octets);
                true
            }
            None => false,
        }
    }

    /// Reports what encoding a decoded message again gives.
    ///
    /// `emit` gets a buffer of the message's length and returns how many octets it wrote, and how many of them it
    /// copied because their type is unknown; nothing where the octets do not read back as the message. `corrected` says
    /// that derived values were wrong on the wire, so that other octets are right.
    pub(crate) fn rebuild<S: Sink>(
        &mut self,
        packet: &mut Packet<'_, S>,
        protocol: &'static str,
        octets: Octets<'_>,
        corrected: bool,
        emit: impl FnOnce(&mut [u8]) -> Result<Option<(usize, usize)>, wire::EmitError>,
    ) {
        if !packet.sink.wants_rebuilt() {
            return;
        }
        if octets.cut {
            // It decodes, and yet it is not all of it.
            return Self::not_rebuilt(packet, protocol, octets, Outcome::Truncated);
        }
        // A corrected length can be longer than what was received, by no more than a header or two.
        let len = octets.octets.len().saturating_add(64);
        clear_for(&mut self.scratch, len);
        self.scratch.resize(len, 0);
        let (got, copied, outcome) = match emit(&mut self.scratch) {
            Ok(Some((len, copied))) => {
                let got = self.scratch.get(..len).unwrap_or_default();
                let outcome = if got == octets.octets {
                    Outcome::Identical
                } else if corrected {
                    Outcome::Corrected
                } else {
                    Outcome::Different
                };
                (got, copied, outcome)
            }
            // What was decoded can be encoded; a codec that says it cannot has a defect.
            Ok(None) | Err(_) => (&[][..], 0, Outcome::Different),
        };
        packet.sink.rebuilt(&Rebuilt {
            protocol,
            span: octets.whole(),
            outcome,
            octets_rebuilt: got.len().saturating_sub(copied),
            octets_copied: copied,
            holds_keys: packet.holds_keys,
            expected: octets.octets,
            got,
        });
    }

    /// Reports a message that was not encoded again: it is broken, cut or ciphertext.
    pub(crate) fn not_rebuilt<S: Sink>(
        packet: &mut Packet<'_, S>,
        protocol: &'static str,
        octets: Octets<'_>,
        outcome: Outcome,
    ) {
        if packet.sink.wants_rebuilt() {
            packet.sink.rebuilt(&Rebuilt {
                protocol,
                span: octets.whole(),
                outcome: if octets.cut { Outcome::Truncated } else { outcome },
                octets_rebuilt: 0,
                octets_copied: 0,
                holds_keys: packet.holds_keys,
                expected: octets.octets,
                got: &[],
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_the_end_lies_at_the_end() {
        let octets = Octets { octets: &[1, 2, 3], source: 0, start: 10, cut: true };
        assert_eq!((octets.after(1).octets, octets.after(1).start), (&[2, 3][..], 11));
        for offset in [3, 4, usize::MAX] {
            let after = octets.after(offset);
            assert_eq!((after.octets, after.whole()), (&[][..], Span { source: 0, start: 13, len: 0 }));
            assert!(after.cut, "what would be there was cut");
        }
        assert_eq!(
            (octets.first(3).cut, octets.first(4).cut, octets.first(4).octets.len()),
            (false, true, 3)
        );
    }
}
