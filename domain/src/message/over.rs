//! What a task asked for may have been done by acting on the referral itself: such a task is over, and nobody has to say so.

use super::TaskKind;
use crate::referral::ReferralFact as Fact;

/// The kinds of task about this referral that are over with this.
pub fn over(fact: &Fact) -> &'static [TaskKind] {
    use TaskKind::{AnswerReturn, NameOwner, NoAnswer, Overdue};
    match fact {
        Fact::Allocated { .. } => &[NameOwner, Overdue],
        Fact::Sent { .. } | Fact::Withdrawn { .. } | Fact::Cancelled { .. } | Fact::Transferred { .. } => {
            &[AnswerReturn, NameOwner, NoAnswer, Overdue]
        }
        Fact::Accepted
        | Fact::Waitlisted
        | Fact::PlaceOffered { .. }
        | Fact::Returned { .. }
        | Fact::Declined { .. }
        | Fact::Started
        | Fact::Held { .. }
        | Fact::Resumed
        | Fact::Reopened { .. } => &[NoAnswer, Overdue],
        Fact::Completed { .. } | Fact::Ended { .. } => &[NameOwner, NoAnswer, Overdue],
        Fact::Drafted
        | Fact::RiskAcknowledged
        | Fact::Read
        | Fact::AskerClosed
        | Fact::WentAlong
        | Fact::Reminded
        | Fact::LeadTold { .. }
        | Fact::Unanswered => &[],
    }
}
