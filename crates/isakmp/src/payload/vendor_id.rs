//! Vendor ID payload (RFC 2408 section 3.16).

use crate::vendor::{self, KnownVendorId};

octets_payload! {
    /// A constant by which implementations and extensions recognize each other (RFC 2408 section 3.16).
    VendorId, VENDOR_ID {
        /// Vendor ID (VID).
        vendor_id
    }
}

impl VendorId<'_> {
    /// Returns the vendor or the extension. `None` when it is not known.
    #[must_use]
    pub fn known(&self) -> Option<&'static KnownVendorId> {
        vendor::identify(self.vendor_id)
    }
}
