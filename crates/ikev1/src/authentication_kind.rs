//! How the peers authenticate each other, as far as SKEYID depends on it.

use isakmp::doi::oakley::AuthenticationMethod;

/// How SKEYID is made, RFC 2409 section 5. Hybrid authentication and XAUTH count as the methods that they extend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AuthenticationKind {
    /// From a pre-shared key: [`Skeyid::pre_shared_key`](crate::Skeyid::pre_shared_key).
    PreSharedKey,
    /// From the secret of the key exchange, which signatures authenticate: [`Skeyid::signatures`](crate::Skeyid::signatures).
    Signatures,
    /// From nonces that were encrypted with public keys:
    /// [`Skeyid::public_key_encryption`](crate::Skeyid::public_key_encryption).
    PublicKeyEncryption,
}

impl AuthenticationKind {
    /// The kind of a negotiated method. Methods without a name of their own are signatures of one algorithm or another.
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
