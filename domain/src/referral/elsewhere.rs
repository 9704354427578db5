//! Elsewhere: whoever asked may look for another service, while no answer has come and when it was not taken up (E4).

use super::Referral;
use super::codes::StageName;
use crate::kernel::OrganisationId;

impl Referral {
    /// By what the party hears of it: of what is kept from them this tells nothing either.
    pub fn may_go_elsewhere(&self, party: Option<OrganisationId>) -> bool {
        let at_first = self.asker.map(|asker| asker.organisation);
        let parent = self.parent.map(|parent| parent.organisation);
        let asked = party.is_some() && [Some(self.from.organisation), at_first, parent].contains(&party);
        let heard = self.stage.name().heard(self.hears(party));
        asked
            && matches!(
                heard,
                StageName::Sent | StageName::Waitlisted | StageName::Returned | StageName::Declined
            )
    }
}

#[cfg(test)]
mod tests {
    use crate::referral::lifecycle_tests::fixtures::{
        CHARITY, LINK_WORKERS, PRACTICE, id, monday, one_in_each_stage, referral,
    };
    use crate::referral::{FeedbackChoice, Referral, Stage};

    #[test]
    fn whoever_asked_looks_elsewhere_until_it_is_taken_up_and_nobody_else_does() {
        let stages = ["sent", "waitlisted", "returned", "declined"];
        for sample in one_in_each_stage() {
            let open = stages.contains(&sample.stage.name().code());
            assert_eq!(sample.may_go_elsewhere(Some(id(PRACTICE))), open, "{:?}", sample.stage);
            for other in [Some(id(LINK_WORKERS)), Some(id(CHARITY)), None] {
                assert!(!sample.may_go_elsewhere(other), "{:?}", sample.stage);
            }
        }
    }

    #[test]
    fn whoever_hears_nothing_cannot_tell_by_it_that_it_was_taken_up() {
        let silent = |stage| Referral { feedback: FeedbackChoice::Nothing, ..referral(stage) };
        let sent = silent(Stage::Sent { reply_by: monday() });
        let active = silent(Stage::Active { worker: None, review_by: monday() });
        let practice = Some(id(PRACTICE));
        assert_eq!(active.may_go_elsewhere(practice), sent.may_go_elsewhere(practice));
    }
}
