//! What a history is made of: acts of somebody on a referral, so many minutes ago. Pure data; how an act
//! is carried out is `play`'s business, and whether it is allowed is the domain's.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use trellis_domain::consent::HowGiven;
use trellis_domain::contact::{ContactResult, NextStep};
use trellis_domain::person::Channel;
use trellis_domain::referral::{
    CancelReason, DeclineReason, EndReason, FeedbackChoice, HoldReason, Need, Outcome, ReopenReason,
    ReturnReason, Risk, Route, TransferReason, WithdrawnBy,
};

use super::dice::Dice;
use super::plans::Planning;

pub(crate) const DAY: i64 = 24 * 60;

/// What is asked for, the first time.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) service: usize,
    pub(crate) route: Route,
    pub(crate) needs: Vec<Need>,
    pub(crate) risk: Risk,
    pub(crate) feedback: FeedbackChoice,
    pub(crate) note: Option<&'static str>,
    pub(crate) how: HowGiven,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Meeting {
    pub(crate) channel: Channel,
    pub(crate) result: ContactResult,
    pub(crate) minutes: u16,
    pub(crate) note: Option<&'static str>,
    pub(crate) next: Option<(NextStep, Due)>,
}

/// When a next step is due.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Due {
    /// Days after the act.
    After(i64),
    /// Days from today, so that open work is due around now.
    FromToday(i64),
}

/// One arrow of the lifecycle, or something beside it.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Draft(Request),
    Refer(Request),
    Onward { parent: usize, service: usize, needs: Vec<Need>, note: Option<&'static str> },
    Agree { service: usize },
    Transfer { from: usize, service: usize, reason: TransferReason },
    Send,
    Accept,
    Waitlist,
    OfferPlace,
    GiveBack(ReturnReason),
    Decline(DeclineReason),
    Allocate { worker: usize },
    Meet(Meeting),
    Plan(Planning),
    Hold { reason: HoldReason, days: i64 },
    Resume,
    Complete { outcome: Outcome, words: Words },
    End(EndReason),
    Withdraw(WithdrawnBy),
    WithdrawDecision,
    Cancel(CancelReason),
    Reopen(ReopenReason),
    MarkRead,
    FinishTasks,
}

/// The close-out summary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) offered: &'static str,
    pub(crate) outcome: Option<&'static str>,
    pub(crate) asked: Option<&'static str>,
}

/// One thing that somebody did.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// Minutes before today, as planned; `instants` gives the hour of a working day.
    pub(crate) ago: i64,
    pub(crate) by: usize,
    /// Which of the person's referrals.
    pub(crate) on: usize,
    pub(crate) deed: Deed,
}

/// Steps in order, each with the minutes since the one before.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<(i64, Act)>);

impl Steps {
    pub(crate) fn then(&mut self, gap: i64, by: usize, on: usize, deed: Deed) -> &mut Self {
        self.0.push((gap, Act { ago: 0, by, on, deed }));
        self
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// From the first step to the last.
    pub(crate) fn length(&self) -> i64 {
        self.0.iter().skip(1).map(|(gap, _)| gap).sum()
    }

    /// From a step to the last.
    pub(crate) fn length_after(&self, step: usize) -> i64 {
        self.0.iter().skip(step + 1).map(|(gap, _)| gap).sum()
    }

    /// Makes room after a step. After the last there is no room to make.
    pub(crate) fn stretch(&mut self, step: usize, minutes: i64) {
        if let Some((gap, _)) = self.0.get_mut(step + 1) {
            *gap += minutes.max(0);
        }
    }

    /// Places the last step so many minutes ago, and the others before it.
    pub(crate) fn ending(self, ago: i64) -> Vec<Act> {
        let mut at = ago;
        let mut acts = Vec::with_capacity(self.0.len());
        for (gap, act) in self.0.into_iter().rev() {
            acts.push(Act { ago: at, ..act });
            at += gap;
        }
        acts.reverse();
        acts
    }
}

/// Instants on working days between nine and five, in the order of the acts, none after `now`.
pub(crate) fn instants(acts: &[Act], now: Timestamp, zone: &TimeZone, dice: &mut Dice) -> Vec<Timestamp> {
    let mut last = Timestamp::MIN;
    let mut all = Vec::with_capacity(acts.len());
    for act in acts {
        let planned = now.checked_sub(SignedDuration::from_mins(act.ago.max(0))).unwrap_or(now);
        let minute = dice.between(0, 8 * 60 - 1);
        let mut date = planned.to_zoned(zone.clone()).date();
        let mut at = on_working_day(date, minute, zone);
        while at.is_none_or(|at| at > now) {
            let Ok(before) = date.checked_sub(1.day()) else { break };
            date = before;
            at = on_working_day(date, minute, zone);
        }
        let not_before = last.checked_add(SignedDuration::from_mins(dice.between(4, 25))).unwrap_or(now);
        last = at.unwrap_or(now).max(not_before).min(now);
        all.push(last);
    }
    all
}

fn on_working_day(date: Date, minute: i64, zone: &TimeZone) -> Option<Timestamp> {
    if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return None;
    }
    let opens = date.to_datetime(jiff::civil::time(9, 0, 0, 0)).to_zoned(zone.clone()).ok()?;
    opens.timestamp().checked_add(SignedDuration::from_mins(minute)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Steps {
        let mut steps = Steps::default();
        steps.then(0, 1, 0, Deed::Send).then(2 * DAY, 1, 0, Deed::Accept).then(DAY, 1, 0, Deed::MarkRead);
        steps
    }

    #[test]
    fn steps_are_placed_backwards_from_the_last() {
        let ago: Vec<i64> = steps().ending(5).iter().map(|act| act.ago).collect();
        assert_eq!(ago, [3 * DAY + 5, DAY + 5, 5]);
        let mut longer = steps();
        longer.stretch(0, DAY);
        assert_eq!((longer.length(), longer.length_after(1)), (4 * DAY, DAY));
    }

    #[test]
    fn acts_fall_on_working_hours_in_order_and_never_after_now() {
        let zone = TimeZone::get("Europe/London").unwrap();
        // A Monday before anybody has opened.
        let now: Timestamp = "2026-11-23T07:30:00Z".parse().unwrap();
        let mut dice = Dice::new(3, 3);
        let acts = steps().ending(10);
        let at = instants(&acts, now, &zone, &mut dice);
        assert!(at.is_sorted() && at.last() <= Some(&now));
        for at in at {
            let local = at.to_zoned(zone.clone());
            assert!((9..18).contains(&local.hour()), "{local}");
            assert!(!matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday), "{local}");
        }
    }
}
