//! The initialization vectors that a passive observer keeps. It sees messages in any order, repeated, forged, and
//! some not at all. Therefore it must try several vectors, where an endpoint's [`IvChain`](super::IvChain) knows the
//! right one.
//!
//! The memory for one ISAKMP SA is bounded. Messages that could not be read are counted separately, so that noise
//! with an SA's cookies does not displace what was read.
//!
//! # A program that listens and has the keys
//! The keys come from a log of keys, or from the pre-shared key and a private exponent. [`Vectors`] serves the messages of phase
//! 1 in the same way, and [`Phase1::first_iv`](super::Phase1::first_iv) is the vector of its first encrypted message. For each
//! message of a quick mode, the program
//!
//! 1. asks for the vectors that may have encrypted it ([`Exchanges::candidates`]),
//! 2. decrypts a copy with each of them, until the payloads make sense and the HASH is right
//!    ([`Covered::check`](crate::Covered::check)),
//! 3. says which vector that was ([`Exchanges::take`]), or that there was none, and
//! 4. gives the message to the transcript of its exchange ([`Exchanges::quick_mode_mut`]), which is there only after step 3.
//!
//! ```
//! use vpnwire_ikev1::isakmp::{Body, Message, NegotiationContext, Role};
//! use vpnwire_ikev1::transcript::observer::Exchanges;
//! use vpnwire_ikev1::transcript::{IvChain, QuickMode};
//! use vpnwire_ikev1::{EncryptionKey, SkeyidFamily};
//!
//! /// Reads one datagram of a quick mode. Returns whether it could be read.
//! ///
//! /// `phase_1` is the chain of phase 1 after its last message. The chain of each quick mode begins with it.
//! fn watch(
//!     keys: &SkeyidFamily,
//!     encryption_key: &EncryptionKey,
//!     phase_1: &IvChain,
//!     exchanges: &mut Exchanges,
//!     datagram: &[u8],
//! ) -> Result<bool, Box<dyn std::error::Error>> {
//!     let message = Message::parse(datagram)?;
//!     let Body::Encrypted(encrypted) = message.body else { return Ok(false) };
//!     let message_id = message.header.message_id;
//!     let first = phase_1.exchange(message_id)?.iv();
//!     for candidate in exchanges.candidates(message_id, &[first], encrypted.octets) {
//!         let mut body = encrypted.octets.to_vec();
//!         encryption_key.decrypt(&candidate.iv, &mut body)?;
//!         let Ok((payloads, _)) = encrypted.payloads(&body, NegotiationContext::NONE) else { continue };
//!         // HASH(2) and HASH(3) cover nonces of the messages before.
//!         let none_yet = QuickMode::new();
//!         let before = exchanges.quick_mode(message_id).unwrap_or(&none_yet);
//!         let Ok(covered) = before.covered(candidate.position) else { continue };
//!         if covered.check(&keys.skeyid_a, message_id, &payloads).is_err() {
//!             continue;
//!         }
//!         exchanges.take(message_id, Some(candidate), candidate.iv, encrypted.octets);
//!         // The third message has only its HASH, and a repeated one says nothing new.
//!         let sender = match candidate.position {
//!             0 => Role::Initiator,
//!             1 => Role::Responder,
//!             _ => return Ok(true),
//!         };
//!         if let (Some(quick_mode), false) = (exchanges.quick_mode_mut(message_id), candidate.is_repeated) {
//!             quick_mode.observe(sender, &payloads)?;
//!         }
//!         return Ok(true);
//!     }
//!     // Its last block may be the vector of the next message all the same.
//!     exchanges.take(message_id, None, first, encrypted.octets);
//!     Ok(false)
//! }
//! # use vpnwire_ikev1::isakmp::payload::nonce::Nonce;
//! # use vpnwire_ikev1::isakmp::payload::security_association::SecurityAssociation;
//! # use vpnwire_ikev1::isakmp::{ExchangeType, Header, Payload};
//! # use vpnwire_ikev1::{Authentication, Cipher, Cookies, Covered, HashAlgorithm, Nonces, Protection, Secret, Skeyid};
//! # let nonces = Nonces { initiator: &[3; 16], responder: &[4; 16] };
//! # let skeyid = Skeyid::pre_shared_key(HashAlgorithm::Sha1, Secret::new(b"cisco123"), &nonces)?;
//! # let keys = SkeyidFamily::derive(skeyid, Secret::new(&[7; 128]), &Cookies::default())?;
//! # let protection = Protection::new(keys, Cipher::Aes128, Cookies::default())?;
//! # let authentication = Authentication { g_xi: &[5; 128], g_xr: &[6; 128], sa_i: &[1], ..Authentication::default() };
//! # let phase_1 = IvChain::phase_1(HashAlgorithm::Sha1, Cipher::Aes128, &authentication);
//! # let mut chain = phase_1.exchange(7)?;
//! # let mut seal = |covered: Covered<'_>, payloads: &[Payload<'_>]| -> Result<Vec<u8>, Box<dyn std::error::Error>> {
//! #     let header = Header { exchange_type: ExchangeType::QUICK_MODE, message_id: 7, ..Header::default() };
//! #     let message = Message { header, body: Body::Payloads(payloads.into()), trailing: &[] };
//! #     let mut buffer = [0; 256];
//! #     Ok(protection.seal(&mut chain, &message, &covered.into(), &mut buffer)?.to_vec())
//! # };
//! # let (ni, nr) = ([8; 20], [9; 20]);
//! # let association = SecurityAssociation::default();
//! # let said = |nonce_data| [association.clone().into(), Nonce { nonce_data }.into()];
//! # let first = seal(Covered::Payloads, &said(&ni))?;
//! # let second = seal(Covered::InitiatorNonce(&ni), &said(&nr))?;
//! # let third = seal(Covered::Nonces(Nonces { initiator: &ni, responder: &nr }), &[])?;
//!
//! let mut exchanges = Exchanges::new();
//! let (keys, encryption_key) = (protection.keys(), protection.encryption_key());
//! // The responder sends its message twice.
//! for datagram in [&first, &second, &second, &third] {
//!     assert!(watch(keys, encryption_key, &phase_1, &mut exchanges, datagram)?);
//! }
//! // An octet of noise makes the message unreadable, and the transcript stays as it is.
//! let mut noise = third.clone();
//! noise[30] ^= 1;
//! assert!(!watch(keys, encryption_key, &phase_1, &mut exchanges, &noise)?);
//! let quick_mode = exchanges.quick_mode(7).ok_or("messages of it were read")?;
//! assert_eq!(quick_mode.nonces()?, Nonces { initiator: &[8; 20], responder: &[9; 20] });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod exchanges;
mod latest;
mod vectors;

pub use exchanges::Exchanges;
pub use vectors::{Candidate, Vectors};
