//! Trying the keys of an SA on an ESP packet.

use std::net::IpAddr;
use std::sync::Arc;

use ipsec::NextHeader;
use ipsec::esp::{Header, OpenError, Opened, PROTOCOL, PaddingError, Trailer, open_without_replay_check};
use ipsec::suite::AnyTransform;
use ipsec::transform::Transform as _;
use ipsec::{Esn, SequenceNumber};

use crate::known_sas::{Identity, KnownSas};
use crate::sink::Reason;
use keys::{Algorithms, Unverified};

/// The result of trying all keys.
pub(super) enum Opening {
    /// The packet cannot be opened with any of the keys.
    Refused {
        shape: Option<Shape>,
        reason: Reason,
    },
    Decrypted(Decrypted),
}

/// The lengths of the parts of a packet, which only the SA tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) iv_len: usize,
    pub(super) icv_len: usize,
}

/// A packet that was decrypted in its buffer.
pub(super) struct Decrypted {
    pub(super) shape: Shape,
    pub(super) sequence: SequenceNumber,
    esn: Esn,
    means: Means,
    pub(super) parts: Result<Parts, PaddingError>,
}

/// The algorithms with which a packet was decrypted.
#[derive(Clone)]
enum Means {
    Transform(Arc<AnyTransform>),
    Unverified(Arc<Unverified>),
}

/// The contents of the trailer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    padding_len: usize,
    next_header: NextHeader,
}

/// Tries the keys in their order. Keys without authentication are used only when there are no others. `buffer` holds
/// the received octets, and they are decrypted in place.
pub(super) fn open(
    known_sas: &KnownSas,
    identity: Identity,
    header: Header,
    network: Option<(IpAddr, IpAddr)>,
    received: &[u8],
    buffer: &mut [u8],
) -> Opening {
    let mut tried = 0usize;
    let mut refused: Option<(Shape, OpenError)> = None;
    for keys in known_sas.keys(PROTOCOL, header.spi, network) {
        let Algorithms::Esp(_, transform) = &keys.algorithms else { continue };
        tried = tried.saturating_add(1);
        let shape = Shape { iv_len: transform.iv_len(), icv_len: transform.icv_len() };
        for high in known_sas.high_halves(identity, keys, header.sequence_number) {
            let error = match open_without_replay_check(&**transform, high, buffer) {
                Ok(opened) => {
                    let parts = Parts { padding_len: opened.padding.len(), next_header: opened.next_header };
                    return Opening::Decrypted(Decrypted {
                        shape,
                        sequence: opened.sequence,
                        esn: keys.esn,
                        means: Means::Transform(Arc::clone(transform)),
                        parts: Ok(parts),
                    });
                }
                Err(OpenError::Padding(error)) => {
                    let low = header.sequence_number;
                    return Opening::Decrypted(Decrypted {
                        shape,
                        sequence: SequenceNumber::from_halves(high.unwrap_or(0), low),
                        esn: keys.esn,
                        means: Means::Transform(Arc::clone(transform)),
                        parts: Err(error),
                    });
                }
                Err(error) => error,
            };
            // That a packet is not authentic is more useful to report than that it is too short for other keys.
            if refused.is_none_or(|(_, before)| !matches!(before, OpenError::NotAuthentic(_))) {
                refused = Some((shape, error));
            }
        }
    }
    // When a key can verify the packet and the packet is not authentic, it is not decrypted.
    if tried == 0
        && let Some(decrypted) = unverified(known_sas, header, network, received, buffer, &mut refused)
    {
        return Opening::Decrypted(decrypted);
    }
    if let Some(reason) = explained(known_sas, header, network, received, buffer) {
        return Opening::Refused { shape: None, reason };
    }
    match refused {
        Some((shape, OpenError::NotAuthentic(_))) => {
            Opening::Refused { shape: Some(shape), reason: Reason::Icv { keys: tried } }
        }
        Some((_, error)) => Opening::Refused { shape: None, reason: error.into() },
        None => Opening::Refused { shape: None, reason: Reason::Icv { keys: tried } },
    }
}

/// Finds out whether the authentication key is right although the packet does not open: the ICV may have another
/// length than the keys say, or cover the high half of an extended sequence number.
fn explained(
    known_sas: &KnownSas,
    header: Header,
    network: Option<(IpAddr, IpAddr)>,
    received: &[u8],
    buffer: &mut [u8],
) -> Option<Reason> {
    known_sas.keys(PROTOCOL, header.spi, network).find_map(|keys| {
        let Algorithms::Esp(suite, transform) = &keys.algorithms else { return None };
        let high = keys.esn.implied(header.sequence_number.into());
        if let Some(found) = keys.algorithms.matching_truncation(received, high)
            && Some(found) != suite.authentication()
        {
            return Some(Reason::IcvLength { found });
        }
        if keys.esn == Esn::Yes {
            return None;
        }
        restore(buffer, received);
        match open_without_replay_check(&**transform, Some(0), buffer) {
            Ok(_) | Err(OpenError::Padding(_)) => Some(Reason::IcvExtended { high: 0 }),
            Err(_) => None,
        }
    })
}

/// Decrypts with the first key without authentication that yields a valid trailer, or else with the first of these
/// keys.
fn unverified(
    known_sas: &KnownSas,
    header: Header,
    network: Option<(IpAddr, IpAddr)>,
    received: &[u8],
    buffer: &mut [u8],
    refused: &mut Option<(Shape, OpenError)>,
) -> Option<Decrypted> {
    let mut first = None;
    for keys in known_sas.keys(PROTOCOL, header.spi, network) {
        let Algorithms::EspUnverified(cipher) = &keys.algorithms else { continue };
        if first.is_some() {
            restore(buffer, received);
        }
        match decrypt(cipher, header, buffer) {
            Ok(decrypted) if decrypted.parts.is_ok() => return Some(decrypted),
            Ok(_) => {
                first.get_or_insert(cipher);
            }
            Err(error) => {
                refused.get_or_insert((Shape { iv_len: cipher.iv_len(), icv_len: cipher.icv_len() }, error));
            }
        }
    }
    let cipher = first?;
    restore(buffer, received);
    decrypt(cipher, header, buffer).ok()
}

fn restore(buffer: &mut [u8], received: &[u8]) {
    for (to, from) in buffer.iter_mut().zip(received) {
        *to = *from;
    }
}

fn decrypt(cipher: &Arc<Unverified>, header: Header, buffer: &mut [u8]) -> Result<Decrypted, OpenError> {
    let parts = cipher.decrypt(buffer)?;
    let text = buffer.get(parts.text_offset..parts.icv_offset).unwrap_or_default();
    // Without an ICV, only the trailer can show that the key is wrong.
    let parts = Trailer::split(text).and_then(|(_, trailer)| {
        trailer.check_monotonic()?;
        Ok(Parts { padding_len: trailer.padding.len(), next_header: trailer.next_header })
    });
    Ok(Decrypted {
        shape: Shape { iv_len: cipher.iv_len(), icv_len: cipher.icv_len() },
        sequence: header.sequence_number.into(),
        esn: Esn::No,
        means: Means::Unverified(Arc::clone(cipher)),
        parts,
    })
}

impl Decrypted {
    pub(super) const fn is_verified(&self) -> bool {
        matches!(self.means, Means::Transform(_))
    }

    /// Returns the initialization vector and the text of the packet that was decrypted in this buffer.
    fn split<'b>(&self, buffer: &'b [u8]) -> (&'b [u8], &'b [u8]) {
        let end = buffer.len().saturating_sub(self.shape.icv_len);
        let after = buffer.get(Header::LEN..end).unwrap_or_default();
        after.split_at_checked(self.shape.iv_len).unwrap_or_default()
    }

    pub(super) fn text<'b>(&self, buffer: &'b [u8]) -> &'b [u8] {
        self.split(buffer).1
    }

    /// Returns the contents of the packet when the trailer is valid.
    pub(super) fn opened<'b>(&self, buffer: &'b [u8]) -> Option<Opened<'b>> {
        let Parts { padding_len, next_header } = self.parts.ok()?;
        let (header, _) = Header::parse_prefix(buffer).ok()?;
        let (iv, text) = self.split(buffer);
        let payload_len = text.len().checked_sub(padding_len)?.checked_sub(2)?;
        let (payload, rest) = text.split_at_checked(payload_len)?;
        let padding = rest.get(..padding_len)?;
        Some(Opened { spi: header.spi, sequence: self.sequence, iv, payload, padding, next_header })
    }

    /// Seals the packet again from its values. Returns how many octets it has, and how many of them were copied: those
    /// of an ICV for which there is no key.
    pub(super) fn seal_again(
        &self,
        opened: &Opened<'_>,
        received: &[u8],
        again: &mut [u8],
    ) -> Option<(usize, usize)> {
        match &self.means {
            Means::Transform(transform) => Some((opened.seal_again(&**transform, self.esn, again).ok()?, 0)),
            Means::Unverified(cipher) => {
                let header = Header { spi: opened.spi, sequence_number: opened.sequence.low() };
                let len = received.len();
                let icv = received.get(len.checked_sub(self.shape.icv_len)?..)?;
                let mut written = header.emit(again).ok()?;
                let trailer = [u8::try_from(opened.padding.len()).ok()?, opened.next_header.0];
                for part in [opened.iv, opened.payload, opened.padding, &trailer, icv] {
                    let end = written.checked_add(part.len())?;
                    for (to, from) in again.get_mut(written..end)?.iter_mut().zip(part) {
                        *to = *from;
                    }
                    written = end;
                }
                cipher.encrypt(again.get_mut(..written)?).ok()?;
                Some((written, icv.len()))
            }
        }
    }
}
