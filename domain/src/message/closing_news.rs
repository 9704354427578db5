//! An organisation closes: each place that had to do with it gets one mail, not one for each referral. What there is to do about
//! each stands on their lists.

use super::{Notice, Template, Topic};
use crate::kernel::OpContext;
use crate::referral::{DeclineReason, ReferralFact as Fact, TransferReason};

/// The same notices, with one mail about the closing in place of those about the referral. A request to whoever takes over stays:
/// each of them is answered by itself.
pub fn once_for_all(fact: &Fact, op: &OpContext, told: Vec<Notice>) -> Vec<Notice> {
    match op.organisation().filter(|_| is_of_a_closing(fact)) {
        Some(closed) => told.into_iter().map(|notice| about(Topic::Closing(closed), notice)).collect(),
        None => told,
    }
}

fn is_of_a_closing(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::AskerClosed
            | Fact::Declined { reason: DeclineReason::OrganisationClosed }
            | Fact::Transferred { reason: TransferReason::OrganisationClosed, .. }
    )
}

fn about(topic: Topic, notice: Notice) -> Notice {
    match notice {
        Notice::Mail {
            template: Template::ReferralNews | Template::TaskForWorker,
            organisation,
            user,
            ..
        } => Notice::Mail { template: Template::OrganisationClosed, organisation, user, about: topic },
        other => other,
    }
}
