//! Access reviews: who has what where, since when it was last looked at and by whom. Looking at somebody's access and leaving
//! it as it is, is an act of its own; ending it is `identity`'s.

pub mod confirm;
pub mod confirmation;
pub mod export;
pub mod repo;

pub use confirm::{ConfirmAccess, Seen, confirm};
pub use confirmation::{
    AccessReviewError, AccessReviewEvent, AccessReviewFact, Confirmation, Confirmed, LONG_AGO,
    ReviewedAccess, ReviewedPlace,
};
pub use export::{ExportAccess, Exported, export};
pub use repo::{AccessReviewReads, AccessReviewWrites};
