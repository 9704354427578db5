//! Onward to a community group: which service fits, and the ways it can go.

use jiff::civil::Date;
use trellis_domain::directory::{CapacityState, ServiceStatus};
use trellis_domain::policy::Role;
use trellis_domain::referral::{
    AgeBand, CancelReason, DeclineReason, EndReason, HoldReason, Need, Outcome, ReturnReason, Risk,
    WithdrawnBy,
};

use super::cast::session;
use super::dice::Dice;
use super::history::{DAY, Deed, Due, Steps};
use super::organisations::{PROVIDERS, WALKERS};
use super::people::PersonPlan;
use super::services::ServicePlan;
use super::staff::holding;
use super::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    Sent,
    Accepted,
    Active,
    Waitlisted,
    OnHold,
    Returned,
    Completed,
    Declined,
    Ended,
    Withdrawn,
    Cancelled,
}

/// Two hundred and seventy-eight; with the twenty-two that were passed on, three hundred.
pub(super) const PLACEMENTS: [(usize, Placement); 11] = [
    (26, Placement::Sent),
    (18, Placement::Accepted),
    (62, Placement::Active),
    (16, Placement::Waitlisted),
    (4, Placement::OnHold),
    (6, Placement::Returned),
    (96, Placement::Completed),
    (24, Placement::Declined),
    (10, Placement::Ended),
    (12, Placement::Withdrawn),
    (4, Placement::Cancelled),
];

impl Placement {
    pub(super) fn is_open(self) -> bool {
        self.age_range().is_some()
    }

    fn age_range(self) -> Option<(i64, i64)> {
        match self {
            Self::Sent | Self::Returned => Some((0, 5)),
            Self::Accepted => Some((0, 8)),
            Self::Active => Some((0, 16)),
            Self::Waitlisted => Some((2, 35)),
            Self::OnHold => Some((1, 8)),
            _ => None,
        }
    }

    /// Minutes since the last step, for what is open.
    pub(super) fn age(self, dice: &mut Dice) -> Option<i64> {
        self.age_range().map(|(from, to)| dice.between(from * DAY, to * DAY + 300))
    }
}

/// Who asks for whom, from which of their referrals.
pub(super) struct Asker<'a> {
    pub(super) worker: usize,
    pub(super) slot: usize,
    pub(super) person: &'a PersonPlan,
    pub(super) needs: &'a [Need],
    pub(super) risk: Risk,
    pub(super) today: Date,
}

/// A service that takes this person, and the needs it is asked for.
fn fitting(
    dice: &mut Dice,
    asker: &Asker<'_>,
    services: &[ServicePlan],
    way: Placement,
) -> (usize, Vec<Need>) {
    let wanted: Vec<usize> = services
        .iter()
        .enumerate()
        .filter(|(_, service)| PROVIDERS.contains(&service.organisation) && takes(service, asker, way))
        .map(|(at, _)| at)
        .collect();
    let needed = |at: &usize| {
        services.get(*at).is_some_and(|s| s.intake.needs.iter().any(|n| asker.needs.contains(n)))
    };
    let mut fits: Vec<usize> = wanted.iter().copied().filter(needed).collect();
    let of_walkers = |at: &usize| services.get(*at).is_some_and(|s| s.organisation == WALKERS);
    // Visitors meet Bea's group, so that it has something to answer.
    if way == Placement::Sent && dice.percent(35) && wanted.iter().any(of_walkers) {
        fits = wanted.iter().copied().filter(of_walkers).collect();
    }
    if fits.is_empty() {
        fits = wanted;
    }
    let at = dice.pick(&fits, 2);
    let offers = services.get(at).map(|service| service.intake.needs.as_slice()).unwrap_or_default();
    let mut needs: Vec<Need> = offers.iter().copied().filter(|need| asker.needs.contains(need)).collect();
    if needs.is_empty() {
        needs.extend(offers.first().copied());
    }
    (at, needs)
}

/// By status, room, age (now and eighteen months ago) and area.
fn takes(service: &ServicePlan, asker: &Asker<'_>, way: Placement) -> bool {
    let state = service.room.state;
    let room_fits = match way {
        Placement::Waitlisted => state == CapacityState::Waitlist,
        Placement::Sent => matches!(state, CapacityState::Open | CapacityState::Limited),
        _ => !matches!(state, CapacityState::Closed),
    };
    let bands = &service.intake.age_bands;
    let long_ago = asker.today.checked_sub(jiff::ToSpan::months(19)).unwrap_or(asker.today);
    let age_fits =
        |birth: Date| [asker.today, long_ago].iter().all(|day| bands.contains(&AgeBand::on(birth, *day)));
    let areas = &service.intake.areas;
    service.status == ServiceStatus::Active
        && room_fits
        && (bands.is_empty() || asker.person.birth.is_none_or(age_fits))
        && (areas.is_empty() || areas.iter().any(|area| area.as_str() == asker.person.town.outcode))
}

pub(super) fn tell(dice: &mut Dice, asker: &Asker<'_>, services: &[ServicePlan], way: Placement) -> Steps {
    let (service, needs) = fitting(dice, asker, services, way);
    let organisation = services.get(service).map_or(WALKERS, |service| service.organisation);
    let provider = dice.pick(&holding(organisation, Role::ProviderWorker), asker.worker);
    let mut steps = Steps::default();
    let note = words::for_provider(dice);
    steps.then(0, asker.worker, asker.slot, Deed::Onward { parent: 0, service, needs, note });
    let sides = Sides { worker: asker.worker, provider, slot: asker.slot };
    match way {
        Placement::Sent => {}
        Placement::Waitlisted | Placement::Returned | Placement::Declined | Placement::Cancelled => {
            not_taken(dice, sides, way, &mut steps);
        }
        _ => taken(dice, sides, way, (&mut steps, asker.risk)),
    }
    steps
}

#[derive(Clone, Copy)]
struct Sides {
    worker: usize,
    provider: usize,
    slot: usize,
}

fn not_taken(dice: &mut Dice, sides: Sides, way: Placement, steps: &mut Steps) {
    let Sides { worker, provider, slot } = sides;
    let gap = dice.between(DAY / 2, 4 * DAY);
    match way {
        Placement::Waitlisted => {
            steps.then(gap, provider, slot, Deed::Waitlist).then(DAY, worker, slot, Deed::FinishTasks);
        }
        Placement::Returned => {
            let reason = dice.pick(ReturnReason::ALL, ReturnReason::NeedsInformation);
            steps.then(gap, provider, slot, Deed::GiveBack(reason));
        }
        Placement::Declined => {
            let reason = dice.reason(DeclineReason::ALL, DeclineReason::NoCapacity);
            steps.then(gap, provider, slot, Deed::Decline(reason));
            if dice.percent(85) {
                steps.then(DAY, worker, slot, Deed::FinishTasks).then(20, worker, slot, Deed::MarkRead);
            }
        }
        _ => {
            steps.then(gap, worker, slot, Deed::Cancel(CancelReason::NoLongerNeeded));
        }
    }
}

fn taken(dice: &mut Dice, sides: Sides, way: Placement, (steps, risk): (&mut Steps, Risk)) {
    let Sides { worker, provider, slot } = sides;
    let gap = dice.between(DAY / 4, 4 * DAY);
    steps.then(gap, provider, slot, Deed::Accept);
    if way.is_open() {
        steps.then(15, provider, slot, Deed::MarkRead);
    }
    if risk.demands_named_owner() {
        steps.then(30, provider, slot, Deed::Allocate { worker: provider });
    }
    if way == Placement::Accepted {
        return;
    }
    if way == Placement::Ended {
        for _ in 0..2 {
            let missed = session(dice, false, Due::After(7));
            steps.then(7 * DAY, provider, slot, Deed::Meet(missed));
        }
        steps.then(3 * DAY, provider, slot, Deed::End(EndReason::DidNotEngage));
        return;
    }
    for _ in 0..dice.between(1, 2) {
        let gap = dice.between(6 * DAY, 8 * DAY);
        let came = session(dice, true, Due::After(7));
        steps.then(gap, provider, slot, Deed::Meet(came));
    }
    let gap = dice.between(4 * DAY, 9 * DAY);
    match way {
        Placement::Active => {
            let due = Due::FromToday(dice.between(-2, 8));
            let came = session(dice, true, due);
            steps.then(gap, provider, slot, Deed::Meet(came));
        }
        Placement::OnHold => {
            let days = dice.between(12, 40);
            steps.then(gap, provider, slot, Deed::Hold { reason: HoldReason::Away, days });
        }
        Placement::Withdrawn => {
            steps.then(gap, worker, slot, Deed::Withdraw(WithdrawnBy::Person));
            steps.then(DAY, provider, slot, Deed::FinishTasks);
        }
        _ => {
            let outcome = dice.pick(&[Outcome::GoalMet, Outcome::PartlyMet], Outcome::GoalMet);
            let words = words::closing(dice);
            steps.then(gap, provider, slot, Deed::Complete { outcome, words });
            steps.then(DAY, worker, slot, Deed::MarkRead);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_two_hundred_and_seventy_eight() {
        assert_eq!(PLACEMENTS.iter().map(|(count, _)| count).sum::<usize>(), 278);
    }
}
