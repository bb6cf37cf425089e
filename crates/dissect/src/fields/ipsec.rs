//! The fields of ESP and AH.

use super::kind::Kind::{self, Boolean, Number, Octets, Text};

pub(super) const FIELDS: &[(&str, Kind)] = &[
    ("esp.contained_data", Octets),
    ("esp.decrypted_data", Octets),
    ("esp.encrypted_data", Octets),
    ("esp.icv", Octets),
    ("esp.icv_bad", Boolean),
    ("esp.icv_good", Boolean),
    ("esp.icv_unverified", Boolean),
    ("esp.iv", Octets),
    ("esp.opaque_data", Octets),
    ("esp.pad", Octets),
    ("esp.pad_len", Number),
    ("esp.protocol", Number),
    ("esp.sequence", Number),
    ("esp.sequence-analysis.expected-sn", Number),
    ("esp.sequence-analysis.previous-frame", Number),
    ("esp.sequence-analysis.wrong-sequence-number", Text),
    ("esp.spi", Number),
    ("esp.tfc_padding", Octets),
    ("ah.icv", Octets),
    ("ah.icv_bad", Boolean),
    ("ah.icv_good", Boolean),
    ("ah.icv_padding", Octets),
    ("ah.iv", Octets),
    ("ah.length", Number),
    ("ah.next_header", Number),
    ("ah.reserved", Octets),
    ("ah.sequence", Number),
    ("ah.spi", Number),
];
