//! The referral that everything begins with: from a practice, the council or the person to link workers.
//! One function a way it can go; each ends in the stage its name says.

use trellis_domain::person::Preferences;
use trellis_domain::referral::{
    CancelReason, DeclineReason, EndReason, HoldReason, Outcome, ReopenReason, ReturnReason, TransferReason,
    WithdrawnBy,
};

use super::cast::{Cast, talk, tried};
use super::dice::Dice;
use super::history::{DAY, Deed, Due, Request, Steps};
use super::services::FELLSIDE;
use super::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primary {
    Draft,
    Sent,
    Returned,
    Waitlisted,
    Accepted,
    Allocated,
    Active,
    Reopened,
    OnHold,
    Completed,
    NotReached,
    DidNotEngage,
    Declined,
    Withdrawn,
    /// The sharing decision was taken back.
    Unshared,
    Cancelled,
    Transferred,
}

/// How many stand where. Six hundred in all.
pub(super) const PRIMARIES: [(usize, Primary); 17] = [
    (14, Primary::Draft),
    (36, Primary::Sent),
    (12, Primary::Returned),
    (22, Primary::Waitlisted),
    (12, Primary::Accepted),
    (22, Primary::Allocated),
    (124, Primary::Active),
    (6, Primary::Reopened),
    (16, Primary::OnHold),
    (230, Primary::Completed),
    (22, Primary::NotReached),
    (12, Primary::DidNotEngage),
    (14, Primary::Declined),
    (15, Primary::Withdrawn),
    (5, Primary::Unshared),
    (16, Primary::Cancelled),
    (22, Primary::Transferred),
];

/// The steps, and the one from which the referral is under way.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) steps: Steps,
    pub(super) under_way: Option<usize>,
}

/// What one way needs to be told.
pub(super) struct Teller<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) cast: &'a Cast,
    pub(super) wishes: &'a Preferences,
}

impl Primary {
    /// Minutes since the last step, for what is still open; None for what may have ended at any time.
    pub(super) fn age(self, dice: &mut Dice) -> Option<i64> {
        let (from, to) = match self {
            _ if !self.is_open() => return None,
            Self::Draft | Self::Returned => (0, 6),
            Self::Sent => (0, 5),
            Self::Waitlisted => (3, 40),
            Self::Accepted => (0, 4),
            Self::Allocated => (0, 7),
            Self::Active | Self::Reopened => (0, 24),
            _ => (1, 8),
        };
        Some(dice.between(from * DAY, to * DAY + 300))
    }

    fn is_open(self) -> bool {
        matches!(
            self,
            Self::Draft
                | Self::Sent
                | Self::Returned
                | Self::Waitlisted
                | Self::Accepted
                | Self::Allocated
                | Self::Active
                | Self::Reopened
                | Self::OnHold
        )
    }

    pub(super) fn is_waiting(self) -> bool {
        self == Self::Waitlisted
    }
}

impl Teller<'_> {
    pub(super) fn tell(&mut self, way: Primary, request: Request) -> Told {
        let Cast { referrer, lead, worker, .. } = *self.cast;
        let mut steps = Steps::default();
        if way == Primary::Draft {
            steps.then(0, referrer, 0, Deed::Draft(request));
            return Told { steps, under_way: None };
        }
        steps.then(0, referrer, 0, Deed::Refer(request));
        let under_way = match way {
            Primary::Draft | Primary::Sent => None,
            Primary::Returned | Primary::Waitlisted | Primary::Declined | Primary::Cancelled => {
                self.not_taken(&mut steps, way);
                None
            }
            Primary::Accepted => {
                self.accepted(&mut steps, way);
                None
            }
            Primary::Allocated => {
                self.allocated(&mut steps, way);
                None
            }
            Primary::NotReached => {
                self.allocated(&mut steps, way);
                self.gives_up(&mut steps, EndReason::NotReached);
                None
            }
            Primary::Unshared => {
                self.allocated(&mut steps, way);
                let gap = self.dice.between(DAY, 6 * DAY);
                steps.then(gap, referrer, 0, Deed::WithdrawDecision);
                steps.then(DAY, lead, 0, Deed::FinishTasks);
                None
            }
            Primary::Withdrawn if self.dice.percent(50) => {
                let gap = self.dice.between(DAY, 4 * DAY);
                steps.then(gap, referrer, 0, Deed::Withdraw(WithdrawnBy::Person));
                steps.then(DAY, lead, 0, Deed::FinishTasks);
                None
            }
            _ => Some(self.walked_along(&mut steps, way, worker)),
        };
        Told { steps, under_way }
    }

    fn not_taken(&mut self, steps: &mut Steps, way: Primary) {
        let Cast { referrer, lead, .. } = *self.cast;
        let gap = self.dice.between(DAY / 2, 3 * DAY);
        match way {
            Primary::Returned => {
                let reason = self.dice.pick(ReturnReason::ALL, ReturnReason::NeedsInformation);
                steps.then(gap, lead, 0, Deed::GiveBack(reason));
            }
            Primary::Waitlisted => {
                steps.then(gap, lead, 0, Deed::Waitlist);
                if self.dice.percent(75) {
                    steps.then(DAY, referrer, 0, Deed::FinishTasks);
                }
            }
            Primary::Declined => {
                let reason = self.dice.reason(DeclineReason::ALL, DeclineReason::Other);
                steps.then(gap, lead, 0, Deed::Decline(reason));
                steps.then(DAY, referrer, 0, Deed::FinishTasks).then(60, referrer, 0, Deed::MarkRead);
            }
            _ => {
                let reason = self.dice.weighted(
                    &[
                        (4, CancelReason::Duplicate),
                        (3, CancelReason::SentInError),
                        (3, CancelReason::NoLongerNeeded),
                        (1, CancelReason::Died),
                    ],
                    CancelReason::Duplicate,
                );
                steps.then(gap, referrer, 0, Deed::Cancel(reason));
            }
        }
    }

    /// Accepted at once mostly; some were sent back first, and some had to wait.
    fn accepted(&mut self, steps: &mut Steps, way: Primary) {
        let Cast { referrer, lead, service, .. } = *self.cast;
        let gap = self.dice.between(DAY / 4, 3 * DAY);
        if service == FELLSIDE && self.dice.percent(14) {
            steps.then(gap, lead, 0, Deed::Waitlist).then(DAY, referrer, 0, Deed::FinishTasks);
            let waited = self.dice.between(12 * DAY, 50 * DAY);
            steps.then(waited, lead, 0, Deed::OfferPlace);
        } else if self.dice.percent(5) {
            steps.then(gap, lead, 0, Deed::GiveBack(ReturnReason::NeedsInformation));
            steps.then(DAY, referrer, 0, Deed::Send).then(20, referrer, 0, Deed::FinishTasks);
            steps.then(DAY, lead, 0, Deed::Accept);
        } else {
            steps.then(gap, lead, 0, Deed::Accept);
        }
        // What is long over is on nobody's list.
        if way.is_open() {
            steps.then(10, lead, 0, Deed::MarkRead);
        }
    }

    fn allocated(&mut self, steps: &mut Steps, way: Primary) {
        let Cast { lead, worker, .. } = *self.cast;
        self.accepted(steps, way);
        let gap = self.dice.between(30, 2 * DAY);
        steps.then(gap, lead, 0, Deed::Allocate { worker });
    }

    fn gives_up(&mut self, steps: &mut Steps, reason: EndReason) {
        let worker = self.cast.worker;
        for _ in 0..3 {
            let gap = self.dice.between(2 * DAY, 6 * DAY);
            let try_again = tried(self.dice, self.wishes);
            steps.then(gap, worker, 0, Deed::Meet(try_again));
        }
        steps.then(2 * DAY, worker, 0, Deed::End(reason));
    }

    /// Everything in which somebody was met. Returns the step of the first meeting.
    fn walked_along(&mut self, steps: &mut Steps, way: Primary, worker: usize) -> usize {
        self.allocated(steps, way);
        for _ in 0..self.dice.weighted(&[(60, 0), (28, 1), (12, 2)], 0) {
            let gap = self.dice.between(DAY, 3 * DAY);
            let nobody = tried(self.dice, self.wishes);
            steps.then(gap, worker, 0, Deed::Meet(nobody));
        }
        let gap = self.dice.between(DAY, 5 * DAY);
        let first = talk(self.dice, self.wishes, true, Due::After(7));
        steps.then(gap, worker, 0, Deed::Meet(first));
        let under_way = steps.len() - 1;
        for _ in 0..self.dice.between(0, 1) {
            let gap = self.dice.between(7 * DAY, 20 * DAY);
            let again = talk(self.dice, self.wishes, false, Due::After(14));
            steps.then(gap, worker, 0, Deed::Meet(again));
        }
        self.last_part(steps, way);
        under_way
    }

    fn last_part(&mut self, steps: &mut Steps, way: Primary) {
        let Cast { referrer, lead, worker, .. } = *self.cast;
        let gap = self.dice.between(5 * DAY, 15 * DAY);
        match way {
            Primary::OnHold => {
                let reason = self.dice.pick(HoldReason::ALL, HoldReason::PersonAsked);
                let days = self.dice.between(12, 45);
                steps.then(gap, worker, 0, Deed::Hold { reason, days });
            }
            Primary::DidNotEngage => self.gives_up(steps, EndReason::DidNotEngage),
            Primary::Withdrawn => {
                steps.then(gap, worker, 0, Deed::Withdraw(WithdrawnBy::Person));
                steps.then(30, lead, 0, Deed::FinishTasks);
            }
            Primary::Transferred => {}
            Primary::Completed => self.completed(steps),
            Primary::Reopened => {
                self.completed(steps);
                let back = self.dice.between(6 * DAY, 22 * DAY);
                steps.then(back, referrer, 0, Deed::Reopen(ReopenReason::CameBack));
                self.open_end(steps);
            }
            _ => self.open_end(steps),
        }
    }

    /// The last talk of what is under way, with a next step around today.
    fn open_end(&mut self, steps: &mut Steps) {
        let worker = self.cast.worker;
        let gap = self.dice.between(4 * DAY, 14 * DAY);
        let due = Due::FromToday(self.dice.between(-5, 16));
        let last = talk(self.dice, self.wishes, false, due);
        steps.then(gap, worker, 0, Deed::Meet(last));
        if self.dice.percent(60) {
            steps.then(60, self.cast.referrer, 0, Deed::MarkRead);
        }
    }

    fn completed(&mut self, steps: &mut Steps) {
        let Cast { referrer, worker, .. } = *self.cast;
        if self.dice.percent(10) {
            let reason = self.dice.pick(HoldReason::ALL, HoldReason::Illness);
            steps.then(5 * DAY, worker, 0, Deed::Hold { reason, days: 21 });
            steps.then(12 * DAY, worker, 0, Deed::Resume);
        }
        let gap = self.dice.between(7 * DAY, 20 * DAY);
        let last = talk(self.dice, self.wishes, false, Due::After(7));
        steps.then(gap, worker, 0, Deed::Meet(last));
        let outcome = self.dice.weighted(
            &[
                (48, Outcome::GoalMet),
                (30, Outcome::PartlyMet),
                (8, Outcome::NotMet),
                (14, Outcome::FurtherHelp),
            ],
            Outcome::GoalMet,
        );
        let words = words::closing(self.dice);
        let gap = self.dice.between(DAY, 8 * DAY);
        steps.then(gap, worker, 0, Deed::Complete { outcome, words });
        let gap = self.dice.between(DAY / 2, 2 * DAY);
        steps.then(gap, referrer, 0, Deed::MarkRead);
    }
}

/// Passed on: agreed first, then sent to the other team, who go on with it.
pub(super) fn passed_on(dice: &mut Dice, cast: &Cast, wishes: &Preferences, steps: &mut Steps) {
    let next = cast.elsewhere(dice);
    let reason = dice.reason(TransferReason::ALL, TransferReason::Moved);
    steps.then(7 * DAY, cast.worker, 0, Deed::Agree { service: next.service });
    steps.then(15, cast.worker, 1, Deed::Transfer { from: 0, service: next.service, reason });
    steps.then(2 * DAY, next.lead, 1, Deed::Accept);
    steps.then(60, next.lead, 1, Deed::Allocate { worker: next.worker });
    let first = talk(dice, wishes, true, Due::After(7));
    steps.then(3 * DAY, next.worker, 1, Deed::Meet(first));
    let due = Due::FromToday(dice.between(-3, 14));
    let last = talk(dice, wishes, false, due);
    steps.then(12 * DAY, next.worker, 1, Deed::Meet(last));
    if dice.percent(60) {
        let words = words::closing(dice);
        steps.then(20 * DAY, next.worker, 1, Deed::Complete { outcome: Outcome::GoalMet, words });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_six_hundred() {
        assert_eq!(PRIMARIES.iter().map(|(count, _)| count).sum::<usize>(), 600);
    }
}
