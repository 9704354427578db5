//! Screen 6: referrals sent to us or by us, and who can be given one.
use super::document;
use crate::codes::{AgeBand, Need, ReferralSide, ReferralStage, Risk, Role};

document!(Inbox, "documents/inbox.graphql");
document!(Members, "documents/members.graphql");
