//! The referral: one request to one service, from the asking to the end.
//! The lifecycle is pure; each verb has a file; keeping it is the store's business.

pub mod rules;

pub mod accept;
pub mod acknowledge_risk;
pub mod allocate;
pub mod answer_offer;
pub mod ask;
pub mod attempts;
pub mod brief;
pub mod cancel;
pub mod chase;
pub mod close_out;
pub mod codes;
pub mod complete;
pub mod decline;
pub mod draft;
pub mod elsewhere;
pub mod end;
pub mod error;
pub mod event;
pub mod give_back;
pub mod go_along;
pub mod heard;
pub mod hold;
pub mod link;
pub mod mark_read;
pub mod next_step;
pub mod offer_place;
pub mod onward;
pub mod open_to;
pub mod place;
pub mod reassign;
pub mod refer;
pub mod reference;
pub mod referral;
pub mod reopen;
pub mod repo;
pub mod resume;
pub mod send;
pub mod send_code;
pub mod spread;
pub mod stage;
pub mod start;
pub mod transfer;
pub mod undo;
pub mod undo_allocation;
pub mod undo_contact;
pub mod verify_device;
pub mod waitlist;
pub mod wind_up;
pub mod withdraw;
pub mod workload;

#[cfg(test)]
mod lifecycle_tests;

pub use attempts::AttemptsMade;
pub use brief::{AgeBand, Brief};
pub use codes::{
    AgainReason, CancelReason, Command, DeclineReason, EndReason, FeedbackChoice, HoldReason, Need,
    OutOfTurnReason, Outcome, ReassignReason, ReopenReason, ReturnReason, Risk, Route, StageName,
    TransferReason, WithdrawnBy,
};
pub use error::{NotPossible, ReferralError};
pub use event::{ReferralEvent, ReferralFact};
pub use heard::Standing;
pub use reference::Reference;
pub use referral::{Parent, Referral};
pub use repo::{ReferralReads, ReferralWrites};
pub use rules::Target;
pub use stage::Stage;
