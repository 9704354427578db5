//! What one party may hear of where a referral stands: the person chose that for whoever asked (F1).
//! Whoever helps and whoever coordinates the helping hear all of it. Lists ask the same question in SQL (`hears`).

use jiff::Timestamp;

use super::codes::{Command, FeedbackChoice, StageName};
use super::{NotPossible, Referral, Stage};
use crate::kernel::{OpContext, OrganisationId, ReferralId};

const SENT_AND_KEPT: &str = "Sent; the person keeps further news to themselves";

/// A draft is version 1, and sending it makes version 2.
const VERSION_SENT: i32 = 2;
const VERSION_CLOSED: i32 = 3;

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
        let hidden =
            hears == FeedbackChoice::Nothing && (stage == StageName::Sent || !name.asks_the_sender());
        Standing {
            stage,
            words: stage.words_for(hears),
            since: if hidden { self.sent_at.unwrap_or(self.stage_since) } else { self.stage_since },
            due: if stage == name && !hidden { self.stage.due() } else { None },
            reason: if hears == FeedbackChoice::All || name.asks_the_sender() {
                Stage::reason(&self.stage)
            } else {
                None
            },
        }
    }

    /// The version a party is shown and names in its commands. It does not move with what is kept from that party.
    pub fn version_for(&self, party: Option<OrganisationId>) -> i32 {
        let hears = self.hears(party);
        self.stage.name().heard(hears).version_heard(hears, self.version)
    }

    /// The referral it became, as far as the party hears that it was passed on.
    pub fn passed_on_to(&self, party: Option<OrganisationId>) -> Option<ReferralId> {
        match self.stage {
            Stage::Transferred { to } if self.hears(party) != FeedbackChoice::Nothing => Some(to),
            _ => None,
        }
    }

    /// Does the party know that there is such a referral? One that was passed on is a new one, to another service: whoever
    /// only asked at first and hears nothing does not learn of it from a list.
    pub fn is_listed_for(&self, party: Option<OrganisationId>) -> bool {
        let asked_at_first = party.is_some() && party == self.asker.map(|asker| asker.organisation);
        let only_asked = asked_at_first && party != Some(self.from.organisation);
        !only_asked || self.hears(party) != FeedbackChoice::Nothing
    }

    /// Is the stage it is in now anything that whoever asked is told of?
    pub fn shows_news_to_sender(&self) -> bool {
        self.hears(Some(self.from.organisation)) != FeedbackChoice::Nothing
            || self.stage.name().asks_the_sender()
    }

    /// What the stage, as far as the party knows it, leaves open. Cancelling ends with acceptance, which a party that
    /// hears nothing must not learn of: once sent, theirs is to withdraw, which is open until the end. Reopening depends
    /// on how and when it ended, which they do not learn either: it is for whoever helped.
    pub(super) fn commands_heard(&self, party: Option<OrganisationId>) -> Vec<Command> {
        let hears = self.hears(party);
        let stage = self.stage.name().heard(hears);
        let unheard = match stage {
            StageName::Sent => Some(Command::Cancel),
            StageName::Completed => Some(Command::Reopen),
            _ => None,
        };
        let unheard = unheard.filter(|_| hears == FeedbackChoice::Nothing);
        stage.commands().iter().copied().filter(|command| Some(*command) != unheard).collect()
    }

    /// For the commands that whoever asked may give: refused by where it stands for them, before where it stands.
    pub(super) fn refuse_unheard(&self, op: &OpContext, command: Command) -> Result<(), NotPossible> {
        let party = op.organisation();
        if self.hears(party) != FeedbackChoice::Nothing || self.commands_heard(party).contains(&command) {
            return Ok(());
        }
        Err(self.as_heard(op, self.not_possible(command)))
    }

    pub(super) fn as_heard(&self, op: &OpContext, refused: NotPossible) -> NotPossible {
        let Standing { stage, words, .. } = self.standing_for(op.organisation());
        NotPossible { stage, words, ..refused }
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

    /// The version that goes with a stage as it was heard: one for all that is hidden behind it.
    pub fn version_heard(self, hears: FeedbackChoice, version: i32) -> i32 {
        match (self, hears) {
            (Self::Sent, FeedbackChoice::Nothing) => VERSION_SENT,
            (Self::Completed, FeedbackChoice::Nothing) => VERSION_CLOSED,
            _ => version,
        }
    }

    /// The words for a stage as it was heard.
    pub fn words_for(self, hears: FeedbackChoice) -> &'static str {
        match (self, hears) {
            (Self::Sent, FeedbackChoice::Nothing) => SENT_AND_KEPT,
            (Self::Completed, FeedbackChoice::Nothing) => "Closed",
            _ => self.words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lifecycle_tests::fixtures::{
        LINK_WORKERS, PRACTICE, as_referrer, id, monday, one_in_each_stage,
    };
    use super::super::referral::{Receiver, Sender};
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

    /// In each stage that "nothing" hides, and in the one that it is hidden behind.
    fn behind(shown: StageName) -> Vec<Referral> {
        let all = one_in_each_stage().into_iter().map(|sample| Referral {
            feedback: FeedbackChoice::Nothing,
            sent_at: Some(monday()),
            stage_since: monday(),
            ..sample
        });
        let behind = all.zip(4..).map(|(sample, version)| Referral { version, ..sample });
        behind.filter(|sample| sample.stage.name().heard(FeedbackChoice::Nothing) == shown).collect()
    }

    #[test]
    fn what_is_hidden_gives_itself_away_by_no_command_version_or_refusal() {
        for (shown, stages) in [(StageName::Sent, 6), (StageName::Completed, 4)] {
            let hidden = behind(shown);
            assert_eq!(hidden.len(), stages, "behind {shown}");
            let op = as_referrer(monday());
            let answers: Vec<_> = hidden
                .iter()
                .map(|sample| {
                    let refused: Vec<_> =
                        [Command::Send, Command::Cancel, Command::Withdraw, Command::Reopen]
                            .map(|command| sample.refuse_unheard(&op, command))
                            .into();
                    (sample.commands_open_to(&op), sample.version_for(op.organisation()), refused)
                })
                .collect();
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:#?}");
        }
    }

    #[test]
    fn the_asker_who_hears_nothing_withdraws_what_was_sent_and_cannot_cancel_it() {
        let op = as_referrer(monday());
        for sample in behind(StageName::Sent) {
            assert_eq!(sample.commands_open_to(&op), [Command::Withdraw], "{}", sample.stage.name());
            let refused = sample.refuse_unheard(&op, Command::Cancel).unwrap_err();
            assert_eq!((refused.stage, refused.words), (StageName::Sent, SENT_AND_KEPT));
        }
        let draft = Referral { feedback: FeedbackChoice::Nothing, ..one_in_each_stage().remove(0) };
        assert!(draft.commands_open_to(&op).contains(&Command::Cancel));
    }

    #[test]
    fn the_asker_who_hears_nothing_is_not_offered_to_reopen_what_is_closed_however_and_whenever_that_was() {
        let op = as_referrer(monday());
        let closed = behind(StageName::Completed).into_iter();
        let long_ago = monday() - jiff::SignedDuration::from_hours(31 * 24);
        for sample in closed.flat_map(|it| [Referral { stage_since: long_ago, ..it.clone() }, it]) {
            assert_eq!(sample.commands_open_to(&op), [], "{}", sample.stage.name());
            let refused = sample.refuse_unheard(&op, Command::Reopen).unwrap_err();
            assert_eq!((refused.stage, refused.words), (StageName::Completed, "Closed"));
        }
        let told = |sample: &Referral| sample.stage.name() == StageName::Declined;
        let declined = one_in_each_stage().into_iter().find(told).unwrap();
        let declined = Referral { feedback: FeedbackChoice::Nothing, stage_since: monday(), ..declined };
        assert!(declined.commands_open_to(&op).contains(&Command::Reopen), "of this they were told");
    }

    #[test]
    fn what_was_passed_on_is_not_listed_for_the_first_asker_who_hears_nothing() {
        let (asker, next) = (Some(id(PRACTICE)), id(LINK_WORKERS));
        let sample = one_in_each_stage().remove(1);
        let passed_on = Referral {
            from: Sender { organisation: next, ..sample.from },
            asker: Some(sample.from),
            feedback: FeedbackChoice::Nothing,
            ..sample.clone()
        };
        assert!(!passed_on.is_listed_for(asker) && passed_on.is_listed_for(Some(next)));
        assert!(Referral { feedback: FeedbackChoice::StatusOnly, ..passed_on.clone() }.is_listed_for(asker));
        let helps = Receiver { organisation: id(PRACTICE), ..passed_on.to };
        assert!(Referral { to: helps, ..passed_on }.is_listed_for(asker));
        assert!(Referral { feedback: FeedbackChoice::Nothing, ..sample }.is_listed_for(asker));
    }

    #[test]
    fn only_what_is_told_counts_as_news() {
        for sample in behind(StageName::Sent).into_iter().chain(behind(StageName::Completed)) {
            let asks = sample.stage.name().asks_the_sender();
            assert_eq!(sample.shows_news_to_sender(), asks, "{}", sample.stage.name());
            assert!(Referral { feedback: FeedbackChoice::StatusOnly, ..sample }.shows_news_to_sender());
        }
    }
}
