//! Screen 7: one referral, whole, or as much of it as a form needs.
use super::document;
use crate::codes::{
    AccessLevel, AccessNeed, AgeBand, ContactChannel, DecisionPurpose, DecisionScope, FeedbackChoice,
    InformationFormat, Need, ReferralCommand, ReferralRoute, ReferralStage, RefusalCode, Risk,
};

document!(OneReferral, "documents/referral.graphql");
document!(Standing, "documents/standing.graphql");
document!(MarkRead, "documents/mark_read.graphql");
