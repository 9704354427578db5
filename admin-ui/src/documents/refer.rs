//! Screen 3: refer somebody, and pass somebody on.
use super::document;
use crate::codes::{
    AccessNeed, AgainReason, ContactChannel, FeedbackChoice, HowGiven, InformationFormat, Need,
    ReferralRoute, RefusalCode, Risk,
};

document!(Refer, "documents/refer.graphql");
document!(ReferOnward, "documents/refer_onward.graphql");
