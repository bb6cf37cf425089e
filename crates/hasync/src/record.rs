//! Records: the contents of messages, as plain values that borrow names and keys from the message.
//!
//! Records are `#[non_exhaustive]`, because fields will be added. Make one with `new` or `default` and set its fields.
//! Most records have `new`, which takes the mandatory fields. [`IkeSa`], [`PeerIdentity`], [`Takeover`], [`IkeKeys`]
//! and [`IpsecSa`] have too many of them for the arguments of a function, and [`BulkSyncRequest`] has no mandatory
//! field, so these six have `default`. Structs with a fixed layout are exhaustive and are built as literals.
//!
//! Each field says which attribute of the message holds it, and the page of
//! [`AttributeCode`](crate::AttributeCode) has the numbers of the attributes.

mod acknowledgement;
mod bulk_sync;
mod declaration;
mod ike_sa;
mod ike_sa_update;
mod ipsec_sa;
mod listed;
mod nhrp_entry;
mod redundancy;
mod replay_update;
mod sa_bundle;

pub use crate::attribute::data::{
    BulkCounts, Counters, DeadPeer, Direction, EncapsulationPorts, Exchange, Identity, IkeSuite, Lifetime,
    NatFlags, NatState, NhrpFlags, NhrpParameters, RedundancyFlags, RedundancyState, ReplayUpdate, RfState,
    SaIdentifier, Transform,
};
pub use acknowledgement::{Acknowledgement, ResultCode};
pub use bulk_sync::{BulkSync, BulkSyncRequest};
pub(crate) use declaration::{Attributed, attribute_len, once, push};
pub use ike_sa::{IkeFeatures, IkeKeys, IkeSa, InitOrResp, MessageId, PeerIdentity, Takeover};
pub use ike_sa_update::{IkeSaDelete, IkeSaUpdate, Reason};
pub use ipsec_sa::{EncapsulationMode, IpsecSa, SaFlags};
pub use listed::Listed;
pub use nhrp_entry::{NhrpEntries, NhrpEntry};
pub use redundancy::{Keepalive, Redundancy};
pub use replay_update::ReplayUpdates;
pub use sa_bundle::{SaBundle, SaBundleDelete};
