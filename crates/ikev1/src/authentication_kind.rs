//! The kinds of authentication between the peers, as far as SKEYID depends on them.

use isakmp::doi::oakley::AuthenticationMethod;

/// The way in which SKEYID is computed, RFC 2409 section 5. Hybrid authentication and XAUTH count as the methods that
/// they extend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AuthenticationKind {
    /// SKEYID comes from a pre-shared key: [`Skeyid::pre_shared_key`](crate::Skeyid::pre_shared_key).
    PreSharedKey,
    /// SKEYID comes from the secret of the key exchange, which signatures authenticate:
    /// [`Skeyid::signatures`](crate::Skeyid::signatures).
    Signatures,
    /// SKEYID comes from nonces that were encrypted with public keys:
    /// [`Skeyid::public_key_encryption`](crate::Skeyid::public_key_encryption).
    PublicKeyEncryption,
}

impl AuthenticationKind {
    /// Returns the kind of a negotiated method. A method without a name counts as signatures.
    #[must_use]
    pub const fn of(method: AuthenticationMethod) -> Self {
        match method {
            AuthenticationMethod::PRE_SHARED_KEY
            | AuthenticationMethod::XAUTH_INIT_PRE_SHARED
            | AuthenticationMethod::XAUTH_RESP_PRE_SHARED => Self::PreSharedKey,
            AuthenticationMethod::RSA_ENCRYPTION
            | AuthenticationMethod::RSA_REVISED_ENCRYPTION
            | AuthenticationMethod::XAUTH_INIT_RSA_ENCRYPTION
            | AuthenticationMethod::XAUTH_RESP_RSA_ENCRYPTION
            | AuthenticationMethod::XAUTH_INIT_RSA_REVISED_ENCRYPTION
            | AuthenticationMethod::XAUTH_RESP_RSA_REVISED_ENCRYPTION => Self::PublicKeyEncryption,
            _ => Self::Signatures,
        }
    }
}
