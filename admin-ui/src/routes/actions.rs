//! What may be done with a referral now, as forms: one for each command that GraphQL says is open, in the order people need
//! them. Owns which questions a command asks. Refuses to add a command that was not named.
use jiff::Span;
use jiff::civil::Date;

use super::fields::{Fields, boxes};
use super::referral::{Referral, link};
use super::seat::Seat;
use super::stage::is_under_way;
use crate::codes::{
    CancelReason, Code, DeclineReason, EndReason, HoldReason, OutOfTurnReason, ReassignReason,
    ReferralCommand, ReopenReason, ReturnReason, WithdrawnBy,
};
use crate::pages::referral::{Action, Ask};
use crate::parts::Choice;

/// A pause is proposed for this many days.
const USUAL_PAUSE: i32 = 14;
const ACCEPTING: &str =
    "Takes a free place, and whoever asked is told. When there is no free place, they join the waiting list.";

const ACKNOWLEDGING: &str =
    "You know of the risk that is recorded, and answer for what is done about it. Whoever asked is told.";

/// The last part of the address a command is posted to.
pub const fn verb(command: ReferralCommand) -> &'static str {
    match command {
        ReferralCommand::Send => "send",
        ReferralCommand::Accept => "accept",
        ReferralCommand::Waitlist => "waitlist",
        ReferralCommand::OfferPlace => "offer-place",
        ReferralCommand::Return => "return",
        ReferralCommand::Decline => "decline",
        ReferralCommand::Allocate => "allocate",
        ReferralCommand::Reassign => "reassign",
        ReferralCommand::UndoAllocation => "undo-allocation",
        ReferralCommand::UndoContact => "undo-contact",
        ReferralCommand::AcknowledgeRisk => "acknowledge-risk",
        ReferralCommand::Start => "start",
        ReferralCommand::Hold => "hold",
        ReferralCommand::Resume => "resume",
        ReferralCommand::Complete => "complete",
        ReferralCommand::End => "end",
        ReferralCommand::Withdraw => "withdraw",
        ReferralCommand::Cancel => "cancel",
        ReferralCommand::Transfer => "transfer",
        ReferralCommand::Reopen => "reopen",
    }
}

pub fn command(verb_asked: &str) -> Option<ReferralCommand> {
    ReferralCommand::ALL.iter().copied().find(|command| verb(*command) == verb_asked)
}

pub fn offered(referral: &Referral, seat: &Seat, workers: Vec<Choice>, today: Date) -> Vec<Action> {
    let mut actions = Vec::new();
    let here = format!("/referrals/{}", referral.id);
    let ours = seat.is_ours(&referral.to.id) && is_under_way(referral.stage);
    if ours && seat.may("contact.log") {
        let log = link("contact", "Log contact", format!("{here}/contact"));
        actions.push(Action { primary: true, ..log });
        if seat.may("referral.send") {
            let find = format!("/services?onward={}", referral.id);
            actions.push(link("onward", "Ask a service to help too", find));
        }
    }
    let open = referral.commands.iter().map(|command| asked(*command, referral, &workers, today));
    actions.extend(open.flatten());
    if referral.unread > 0 {
        actions.push(Action {
            verb: "read".to_owned(),
            label: "Mark news as read".to_owned(),
            ..Action::default()
        });
    }
    actions
}

/// The form of one command.
fn asked(command: ReferralCommand, referral: &Referral, workers: &[Choice], today: Date) -> Option<Action> {
    use ReferralCommand as C;
    let base = |asks: Vec<Ask>| Action {
        verb: verb(command).to_owned(),
        label: command.words().to_owned(),
        asks,
        ..Action::default()
    };
    let here = format!("/referrals/{}", referral.id);
    Some(match command {
        C::Accept => Action { primary: true, explains: Some(ACCEPTING.to_owned()), ..base(Vec::new()) },
        C::AcknowledgeRisk => {
            Action { primary: true, explains: Some(ACKNOWLEDGING.to_owned()), ..base(Vec::new()) }
        }
        C::Send | C::Resume => Action { primary: true, ..base(Vec::new()) },
        C::Waitlist | C::Start => base(Vec::new()),
        C::OfferPlace => base(vec![out_of_turn()]),
        C::Return => base(vec![reason::<ReturnReason>()]),
        C::Decline => Action { danger: true, ..base(vec![reason::<DeclineReason>()]) },
        C::Allocate | C::Reassign if workers.is_empty() => return None,
        C::Allocate => base(vec![who(workers)]),
        C::Reassign => base(vec![who(workers), reason::<ReassignReason>()]),
        C::UndoAllocation | C::UndoContact => return None,
        C::Hold => base(vec![reason::<HoldReason>(), until(today)]),
        C::Complete => link("complete", command.words(), format!("{here}/complete")),
        C::Transfer => link("transfer", command.words(), format!("/services?transfer={}", referral.id)),
        C::End => base(vec![reason::<EndReason>()]),
        C::Withdraw => Action { danger: true, ..base(vec![reason::<WithdrawnBy>()]) },
        C::Cancel => Action { danger: true, ..base(vec![reason::<CancelReason>()]) },
        C::Reopen => base(vec![reason::<ReopenReason>()]),
    })
}

fn reason<C: Code>() -> Ask {
    Ask::Reason { name: "reason".to_owned(), label: "Reason".to_owned(), choices: C::choices(&[]) }
}

fn who(workers: &[Choice]) -> Ask {
    let nobody = Choice::new("", "Choose a person");
    let choices = [nobody].into_iter().chain(workers.iter().cloned()).collect();
    Ask::Pick { name: "worker".to_owned(), label: "Who?".to_owned(), choices }
}

fn until(today: Date) -> Ask {
    let proposed = today.checked_add(Span::new().days(USUAL_PAUSE)).ok().map(boxes);
    Ask::Day {
        name: "until".to_owned(),
        label: "Until when?".to_owned(),
        value: proposed.unwrap_or_default(),
    }
}

fn out_of_turn() -> Ask {
    let in_turn = Choice::new("", "It is their turn");
    let choices = [in_turn].into_iter().chain(OutOfTurnReason::choices(&[])).collect();
    let label = "Has somebody else waited longer? Say why this person comes first";
    Ask::Pick { name: "out-of-turn".to_owned(), label: label.to_owned(), choices }
}

/// A form as it was sent, to be unfolded again with what was in it.
#[derive(Debug, Clone)]
pub struct Opened {
    verb: String,
    form: Fields,
}

impl Opened {
    pub fn of(verb: &str, form: &Fields) -> Self {
        Self { verb: verb.to_owned(), form: form.clone() }
    }

    pub fn into(&self, actions: &mut [Action]) {
        let Some(action) = actions.iter_mut().find(|action| action.verb == self.verb) else { return };
        action.open = true;
        for ask in &mut action.asks {
            self.refill(ask);
        }
    }

    fn refill(&self, ask: &mut Ask) {
        let sent = |name: &str| self.form.text(&format!("{}-{name}", self.verb)).to_owned();
        match ask {
            Ask::Reason { name, choices, .. } | Ask::Pick { name, choices, .. } => {
                *choices = Choice::pick(std::mem::take(choices), &[sent(name)]);
            }
            Ask::Day { name, value, .. } => *value = self.form.day(&format!("{}-{name}", self.verb)),
            Ask::Words { name, value, .. } => *value = sent(name),
            Ask::Tick { name, choice, .. } => choice.chosen = sent(name) == choice.value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_an_address_of_its_own() {
        for known in ReferralCommand::ALL {
            assert_eq!(command(verb(*known)), Some(*known));
        }
        assert_eq!(command("delete"), None);
    }
}
