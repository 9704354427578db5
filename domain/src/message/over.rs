//! What a task asked for may have been done by acting on the referral itself: such a task is over, and nobody has to say so.

use super::TaskKind;
use crate::referral::ReferralFact as Fact;

/// The kinds of task about this referral that are over with this.
pub fn over(fact: &Fact) -> &'static [TaskKind] {
    use TaskKind::{
        AcknowledgeRisk, AnswerReturn, FindAlternative, NameOwner, NoAnswer, Overdue, TellPerson,
    };
    match fact {
        // It is as late as before: that somebody else has it now does not make it done.
        Fact::Allocated { .. } => &[NameOwner],
        // Another worker is asked anew, and whoever has it back is not asked again.
        Fact::Reassigned { .. } | Fact::AllocationUndone { .. } | Fact::RiskAcknowledged => {
            &[AcknowledgeRisk]
        }
        Fact::Sent { .. } | Fact::Withdrawn { .. } | Fact::Cancelled { .. } | Fact::Transferred { .. } => {
            &[AcknowledgeRisk, AnswerReturn, NameOwner, NoAnswer, Overdue, TellPerson]
        }
        Fact::Accepted
        | Fact::Waitlisted
        | Fact::PlaceOffered { .. }
        | Fact::Returned { .. }
        | Fact::Declined { .. } => &[NoAnswer, Overdue, TellPerson],
        Fact::Reopened { .. } => &[FindAlternative, NoAnswer, Overdue],
        Fact::Started | Fact::Held { .. } | Fact::Resumed => &[Overdue],
        Fact::Completed { .. } | Fact::Ended { .. } => &[AcknowledgeRisk, NameOwner, Overdue],
        // Whoever asks now is told anew.
        Fact::WentAlong => &[NoAnswer],
        Fact::Drafted { .. }
        | Fact::StartUndone
        | Fact::Read
        | Fact::AskerClosed
        | Fact::Reminded
        | Fact::LeadTold { .. }
        | Fact::Unanswered => &[],
    }
}
