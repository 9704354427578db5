//! What one party may hear of where a referral stands: the person chose that for whoever asked (F1).
//! Whoever helps and whoever coordinates the helping hear all of it. Lists ask the same question in SQL (`hears`).

use jiff::Timestamp;

use super::codes::{FeedbackChoice, StageName};
use super::{Referral, Stage};
use crate::kernel::OrganisationId;

/// Where a referral stands, as far as one party may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub stage: StageName,
    pub words: &'static str,
    pub since: Timestamp,
    pub due: Option<Timestamp>,
    pub reason: Option<&'static str>,
}

impl Referral {
    pub fn hears(&self, party: Option<OrganisationId>) -> FeedbackChoice {
        let helps = party == Some(self.to.organisation);
        let coordinates = party.is_some() && party == self.parent.map(|parent| parent.organisation);
        if helps || coordinates { FeedbackChoice::All } else { self.feedback }
    }

    pub fn standing_for(&self, party: Option<OrganisationId>) -> Standing {
        let hears = self.hears(party);
        let (name, stage) = (self.stage.name(), self.stage.name().heard(hears));
        let hidden = hears == FeedbackChoice::Nothing && !name.asks_the_sender();
        Standing {
            stage,
            words: stage.words_for(hears),
            since: if hidden { self.sent_at.unwrap_or(self.stage_since) } else { self.stage_since },
            due: if stage == name { self.stage.due() } else { None },
            reason: if hears == FeedbackChoice::All || name.asks_the_sender() {
                Stage::reason(&self.stage)
            } else {
                None
            },
        }
    }
}

impl StageName {
    /// Stages in which whoever asked has something to do, or did it: these are never hidden from them.
    fn asks_the_sender(self) -> bool {
        matches!(self, Self::Draft | Self::Sent | Self::Returned | Self::Declined | Self::Cancelled)
    }

    /// With "nothing", only that it was sent and whether it is still open.
    #[must_use]
    pub fn heard(self, hears: FeedbackChoice) -> Self {
        match self {
            stage if hears != FeedbackChoice::Nothing || stage.asks_the_sender() => stage,
            stage if stage.is_open() => Self::Sent,
            _ => Self::Completed,
        }
    }

    /// The words for a stage as it was heard.
    pub fn words_for(self, hears: FeedbackChoice) -> &'static str {
        match (self, hears) {
            (Self::Sent, FeedbackChoice::Nothing) => "Sent; the person keeps further news to themselves",
            (Self::Completed, FeedbackChoice::Nothing) => "Closed",
            _ => self.words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_nothing_to_hear_no_stage_of_the_helping_shows() {
        for stage in StageName::ALL {
            let heard = stage.heard(FeedbackChoice::Nothing);
            assert_eq!(heard.is_open(), stage.is_open(), "{stage}");
            assert!(!matches!(
                heard,
                StageName::Accepted
                    | StageName::Active
                    | StageName::OnHold
                    | StageName::Ended
                    | StageName::Withdrawn
            ));
            assert_eq!(stage.heard(FeedbackChoice::StatusOnly), *stage);
        }
    }
}
