//! The algorithms of an SA as a file describes them, with the keys that they were made from.

use ipsec::ah::Integrity;
use ipsec::suite::{Authentication, Encryption, Suite, SuiteError};
use ipsec::{Secret, Spi};
use zeroize::Zeroizing;

use crate::{Algorithms, AssociationKeys, AssociationRow, ChildError};

/// The algorithms of one direction, and the keys that they were made from.
pub(crate) struct Described {
    algorithms: Algorithms,
    encryption_key: Zeroizing<Vec<u8>>,
    authentication_key: Zeroizing<Vec<u8>>,
}

impl Described {
    /// An SA of ESP.
    pub(crate) fn esp(
        encryption: Encryption,
        encryption_key: Zeroizing<Vec<u8>>,
        authentication: Option<Authentication>,
        authentication_key: Zeroizing<Vec<u8>>,
    ) -> Result<Self, ChildError> {
        let (key, mac_key) = (Secret::new(&encryption_key), Secret::new(&authentication_key));
        let algorithms = match Suite::new(encryption, authentication) {
            // ESP without an ICV is valid: AH authenticates the packets of a bundle, for example.
            Err(SuiteError::Unauthenticated { encryption }) if mac_key.is_empty() => {
                let made = Algorithms::esp_unverified(encryption, key, 0)?;
                made.ok_or(ChildError::Authentication)?
            }
            suite => Algorithms::esp(suite?, key, mac_key)?,
        };
        Ok(Self { algorithms, encryption_key, authentication_key })
    }

    /// An SA of AH.
    pub(crate) fn ah(authentication: Authentication, key: Zeroizing<Vec<u8>>) -> Result<Self, ChildError> {
        let algorithms = Algorithms::ah(Integrity::Mac(authentication), Secret::new(&key))?;
        Ok(Self { algorithms, encryption_key: Zeroizing::default(), authentication_key: key })
    }

    /// The row of the SA with this SPI.
    pub(crate) fn row(&self, spi: Spi) -> AssociationRow {
        let keys = AssociationKeys::new(spi, self.algorithms.clone());
        AssociationRow::new(keys, Secret::new(&self.encryption_key), Secret::new(&self.authentication_key))
    }
}
