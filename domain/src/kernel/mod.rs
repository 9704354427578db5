//! The few things every concept stands on: ids, time, context, record, pages, redacted text.
//! Nothing here knows what a referral is.

pub mod clock;
pub mod code;
pub mod email_address;
pub mod folding;
pub mod id;
pub mod nhs_number;
pub mod op_context;
pub mod page;
pub mod postcode;
pub mod recorded;
pub mod redacted;
pub mod store_error;
pub mod text;
pub mod working_days;

pub use clock::{Clock, IdSource};
pub use email_address::EmailAddress;
pub use folding::folded_words;
pub use id::*;
pub use nhs_number::NhsNumber;
pub use op_context::{Actor, OpContext};
pub use page::{Page, PageRequest};
pub use postcode::{Outcode, Postcode};
pub use recorded::{Recorded, Subject};
pub use redacted::Redacted;
pub use store_error::StoreError;
pub use text::{BrandLine, BrandName, InvalidText, Line, Prose};
pub use working_days::WorkingCalendar;
