//! The commands on a referral, one document each.
use super::document;
use crate::codes::{
    CancelReason, DeclineReason, EndReason, HoldReason, OutOfTurnReason, Outcome, ReassignReason,
    RefusalCode, ReopenReason, ReturnReason, TransferReason, WithdrawnBy,
};

document!(Send, "documents/commands/send.graphql");
document!(Accept, "documents/commands/accept.graphql");
document!(Waitlist, "documents/commands/waitlist.graphql");
document!(OfferPlace, "documents/commands/offer_place.graphql");
document!(GiveBack, "documents/commands/return.graphql");
document!(Decline, "documents/commands/decline.graphql");
document!(Allocate, "documents/commands/allocate.graphql");
document!(Reassign, "documents/commands/reassign.graphql");
document!(AcknowledgeRisk, "documents/commands/acknowledge_risk.graphql");
document!(Start, "documents/commands/start.graphql");
document!(Hold, "documents/commands/hold.graphql");
document!(Resume, "documents/commands/resume.graphql");
document!(Complete, "documents/commands/complete.graphql");
document!(End, "documents/commands/end.graphql");
document!(Withdraw, "documents/commands/withdraw.graphql");
document!(Cancel, "documents/commands/cancel.graphql");
document!(Transfer, "documents/commands/transfer.graphql");
document!(Reopen, "documents/commands/reopen.graphql");
