//! The reasons why something cannot be dissected.

use capture::LinkType;
use wire::LengthError;

/// The reason why something cannot be dissected.
///
/// Its text says what was found and, where it applies, what was expected. It contains no octets of the packet.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The octets end too early. The offset counts from the start of the span's source.
    #[error(transparent)]
    Length(#[from] LengthError),
    /// A length field in a header is smaller than the header allows.
    #[error("the {field} field says {value}, but it must be at least {least}")]
    LengthField {
        /// The filter name of the field.
        field: &'static str,
        /// The value of the field.
        value: usize,
        /// The smallest value that is allowed.
        least: usize,
    },
    /// The version field holds a version that the protocol does not have.
    #[error("the version field says {0}, which this protocol does not have")]
    Version(u8),
    /// A checksum is wrong: the packet was damaged, or its sender computes the checksum in another way.
    #[error("the checksum is {found:#06x}, but it should be {computed:#06x}")]
    Checksum {
        /// The checksum that the packet carries.
        found: u16,
        /// The checksum of its octets.
        computed: u16,
    },
    /// The capture has a link type that no dissector is known for.
    #[error(
        "the link type {0} is not supported: name a dissector for it with a --decode-as rule for wtap_encap"
    )]
    LinkType(LinkType),
    /// More protocols are nested than [`Options::nesting_limit`](crate::Options::nesting_limit) allows.
    #[error(
        "more than {limit} protocols are nested, so the octets inside the innermost one are not dissected"
    )]
    Nesting {
        /// The largest number of nested protocols.
        limit: usize,
    },
    /// Showing the whole frame would take more output than [`Options::frame_budget`](crate::Options::frame_budget)
    /// allows.
    #[error(
        "the output for one frame is limited to about {limit} octets, so the rest of this frame is not shown"
    )]
    Budget {
        /// The largest number of octets of output, roughly.
        limit: usize,
    },
    /// Fragments of one datagram overlap and are not identical. The datagram is discarded.
    #[error(
        "the fragment at offset {start} overlaps one that was received before, so the datagram is not reassembled"
    )]
    FragmentOverlap {
        /// The offset of the fragment in its datagram.
        start: usize,
    },
    /// A fragment reaches beyond the end that the last fragment determines, or beyond 65,535 octets.
    #[error(
        "the fragment ends at offset {end}, beyond the end of the datagram at {limit}, so the datagram is not reassembled"
    )]
    FragmentBeyondEnd {
        /// The offset at which the fragment ends.
        end: usize,
        /// The offset at which the datagram ends.
        limit: usize,
    },
    /// The checksum of the extensions of an ICMP error is wrong: the extensions were damaged, or their sender computes
    /// the checksum in another way.
    #[error(
        "the checksum of the extensions behind the quoted packet is {found:#06x}, but it should be {computed:#06x}"
    )]
    IcmpExtensionChecksum {
        /// The checksum that the extensions carry.
        found: u16,
        /// The checksum of their octets.
        computed: u16,
    },
    /// A fragment that is not the last one has a length that is not a multiple of 8.
    #[error("the fragment has {len} octets, but before the last fragment the length must be a multiple of 8")]
    FragmentLength {
        /// The length of the fragment.
        len: usize,
    },
    /// An HSRP message violates its format.
    #[error(transparent)]
    Hsrp(#[from] hsrp::ParseError),
    /// None of the given keys produces the digest of an HSRP message.
    #[error("the MD5 digest matches no key that was given for the group (keys tried: {keys})")]
    HsrpDigest {
        /// The number of keys that were tried.
        keys: usize,
    },
    /// The digest of an HSRP message cannot be checked with any key.
    #[error("the MD5 digest cannot be verified: {0}")]
    HsrpAuthentication(#[from] hsrp::authentication::AuthenticationError),
    /// An ISAKMP message or payload violates its format.
    #[error(transparent)]
    Isakmp(#[from] isakmp::ParseError),
    /// Fragments of an ISAKMP message do not fit together. The fragments before this one are discarded.
    #[error(transparent)]
    IsakmpFragment(#[from] isakmp::reassembly::ReassemblyError),
    /// The HASH of a message, encrypted or in the clear, is wrong: the message was changed, or the keys belong to
    /// another SA.
    #[error("{hash} is wrong: the message was changed, or the keys that were given belong to another SA")]
    IsakmpHash {
        /// The name of the HASH in RFC 2409.
        hash: &'static str,
    },
    /// Keys are given for an encrypted message, but decrypting with them yields no valid payloads.
    #[error("the message is not decrypted: no key set yields valid payloads (key sets tried: {keys})")]
    IsakmpKeys {
        /// The number of key sets that were tried.
        keys: usize,
    },
    /// The secrets that are given for an encrypted message do not yield a key, or no key of the right cipher.
    #[error(
        "the message is not decrypted: the keys that were given do not yield a key for the negotiated cipher"
    )]
    IsakmpNoKey,
    /// Keys are given for an encrypted message, but phase 1 was not seen. The initialization vectors depend on it.
    #[error(
        "the message is not decrypted: phase 1, which its initialization vectors depend on, is not in the capture"
    )]
    IsakmpPhase1,
    /// An encrypted message has no body, or its body does not consist of whole cipher blocks.
    #[error(transparent)]
    IsakmpBody(#[from] ikev1::BodyError),
    /// The octets are not a valid GRE packet.
    #[error(transparent)]
    Gre(#[from] gre::ParseError),
    /// An NHRP packet violates its format.
    #[error(transparent)]
    Nhrp(#[from] nhrp::ParseError),
    /// The octets are not a valid packet of ESP or AH.
    #[error(transparent)]
    Esp(#[from] ipsec::ParseError),
    /// An ESP packet cannot be opened with the keys that are given, or its padding is wrong.
    #[error(transparent)]
    EspOpen(#[from] ipsec::esp::OpenError),
    /// The ICV of an ESP packet is wrong: the packet was changed, or the keys belong to another SA.
    #[error(
        "the ICV matches no key that was given for the SA (keys tried: {keys}), so the packet is not decrypted"
    )]
    Icv {
        /// The number of keys that were tried.
        keys: usize,
    },
    /// The ICV of an ESP packet is right at another length than the keys say.
    #[error(
        "the ICV is right as {found}, but the keys of the SA are for an ICV of another length: name this algorithm with them"
    )]
    IcvLength {
        /// The algorithm with which the packet is authentic.
        found: ipsec::suite::Authentication,
    },
    /// The ICV of an ESP packet is right with an extended sequence number, but the keys are for numbers of 32 bits.
    #[error(
        "the ICV is right with an extended sequence number whose high half is {high} (RFC 4303 section 2.2.1): say with the keys of the SA that it has such numbers"
    )]
    IcvExtended {
        /// The half of the number that is not sent.
        high: u32,
    },
    /// The ICV of an ESP packet is right, but what was decrypted is not a packet.
    #[error(
        "the ICV is right, so the sender is not at fault, but what was decrypted is not a packet ({0}): the cipher, or its key, is another than the sender's"
    )]
    EspCipher(ipsec::esp::PaddingError),
    /// The keys of the SAs that a quick mode makes cannot be derived.
    #[error(
        "the keys of the SAs that this quick mode makes cannot be derived: it has a key exchange of its own (perfect forward secrecy), whose shared secret no given key contains; give the keys of these SAs themselves"
    )]
    QuickModeSecret,
    /// An AH packet cannot be checked with the keys that are given.
    #[error(transparent)]
    AhOpen(#[from] ipsec::ah::OpenError),
    /// The ICV of an AH packet is wrong: the packet was changed in a field that must not change, or the keys belong
    /// to another SA.
    #[error("the ICV matches no key that was given for the SA (keys tried: {keys})")]
    AhIcv {
        /// The number of keys that were tried.
        keys: usize,
    },
    /// An ESP packet was decrypted without an authentication key, so nothing verifies it.
    #[error(
        "the packet is decrypted but not verified: the keys that were given contain no authentication key"
    )]
    Unverified,
    /// The receiver of an IPsec packet drops it, because its sequence number was used before or is too old.
    #[error(transparent)]
    Replay(#[from] ipsec::ReplayError),
    /// Sequence numbers were skipped: packets were lost, or they were not captured.
    #[error("sequence numbers are missing before {number} (count: {missing})")]
    SequenceGap {
        /// How many numbers were skipped.
        missing: u64,
        /// The number of the packet that follows the gap.
        number: ipsec::SequenceNumber,
    },
    /// An SCTP packet, chunk, parameter or error cause violates its format.
    #[error(transparent)]
    Sctp(#[from] sctp::ParseError),
    /// A fragment of an SCTP user message differs from a fragment that was received before under the same number.
    #[error(
        "fragment {number} of a user message was received before with other contents, so the fragments around it are discarded"
    )]
    UserMessageConflict {
        /// The TSN of the chunk, or its fragment sequence number.
        number: u32,
    },
    /// An HA message or attribute violates the HA profile of `vpnwire-hasync`.
    #[error(transparent)]
    Ha(#[from] hasync::ParseError),
}

impl Reason {
    /// Whether the octets end too early. In a frame that was cut, this says nothing of the packet.
    pub(crate) const fn ends_early(&self) -> bool {
        matches!(
            self,
            Self::Length(LengthError::Ends { .. })
                | Self::Hsrp(hsrp::ParseError::Length(LengthError::Ends { .. }))
                | Self::Isakmp(
                    isakmp::ParseError::Length(LengthError::Ends { .. })
                        | isakmp::ParseError::TotalLength { .. }
                )
                | Self::Gre(gre::ParseError::Length(LengthError::Ends { .. }))
                | Self::Nhrp(nhrp::ParseError::Length(LengthError::Ends { .. }))
                | Self::Esp(ipsec::ParseError::Length(LengthError::Ends { .. }))
                | Self::Sctp(sctp::ParseError::Length(LengthError::Ends { .. }))
                | Self::Ha(hasync::ParseError::Length(LengthError::Ends { .. }))
        )
    }
}
