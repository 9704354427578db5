//! The whole region on paper: who is who, what is on offer, and each person's story in order.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use trellis_domain::consent::HowGiven;
use trellis_domain::referral::{FeedbackChoice, Need, Risk, Route};

use super::cast::Cast;
use super::dice::Dice;
use super::error::DemoError;
use super::history::{Act, DAY, Request, instants};
use super::people::{PersonPlan, nhs_numbers, person};
use super::placement::{self, Asker, PLACEMENTS, Placement};
use super::plans;
use super::primary::{PRIMARIES, Primary, Teller, Told, passed_on};
use super::region::ZONE;
use super::services::{FELLSIDE, LINKS, ServicePlan, services};
use super::words;

/// The story of one person: what happened on which of their referrals, and when.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) person: PersonPlan,
    pub(crate) acts: Vec<(Timestamp, Act)>,
}

#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) services: Vec<ServicePlan>,
    pub(crate) stories: Vec<Story>,
}

/// How far back anything goes.
const EIGHTEEN_MONTHS: i64 = 540 * DAY;
/// Streams of chance below this belong to the region as a whole; each person has one above.
const FIRST_PERSON: u64 = 1_000;
const FIRST_PLAN: u64 = 1_000_000;

pub(crate) fn stream_of(person: usize) -> u64 {
    FIRST_PERSON + u64::try_from(person).unwrap_or_default()
}

/// What is planned with a person, beside everything else that happens to them.
fn plan_stream_of(person: usize) -> u64 {
    FIRST_PLAN + u64::try_from(person).unwrap_or_default()
}

pub(crate) fn invent(seed: u64, now: Timestamp) -> Result<Region, DemoError> {
    let zone = TimeZone::get(ZONE).map_err(DemoError::made("time zone"))?;
    let today = now.to_zoned(zone.clone()).date();
    let services = services(&mut Dice::new(seed, 1))?;
    let ways = ways(&mut Dice::new(seed, 2));
    let mut stories = Vec::with_capacity(ways.len());
    for ((at, (way, placements)), number) in ways.into_iter().enumerate().zip(nhs_numbers()) {
        let mut dice = Dice::new(seed, stream_of(at));
        let person = person(&mut dice, number, today)?;
        let mut acts = acts(&mut dice, (&person, &services, today), way, &placements);
        if way == Primary::Active {
            plans::add(&mut Dice::new(seed, plan_stream_of(at)), &mut acts);
        }
        let at = instants(&acts, now, &zone, &mut dice);
        stories.push(Story { person, acts: at.into_iter().zip(acts).collect() });
    }
    Ok(Region { services, stories })
}

/// Each person's way, and the placements that go with it: the open ones with open referrals.
fn ways(dice: &mut Dice) -> Vec<(Primary, Vec<Placement>)> {
    let mut ways: Vec<(Primary, Vec<Placement>)> =
        PRIMARIES.iter().flat_map(|(count, way)| std::iter::repeat_n((*way, Vec::new()), *count)).collect();
    dice.shuffle(&mut ways);
    let at = |wanted: Primary| {
        ways.iter().enumerate().filter(move |(_, (way, _))| *way == wanted).map(|(at, _)| at)
    };
    let (active, completed): (Vec<usize>, Vec<usize>) =
        (at(Primary::Active).collect(), at(Primary::Completed).collect());
    let mut all: Vec<Placement> =
        PLACEMENTS.iter().flat_map(|(count, way)| std::iter::repeat_n(*way, *count)).collect();
    dice.shuffle(&mut all);
    let (mut open, mut closed) = (active.iter().cycle(), completed.iter().cycle());
    for (number, placement) in all.into_iter().enumerate() {
        let parent = if placement.is_open() || number % 6 == 0 { open.next() } else { closed.next() };
        if let Some((_, placements)) = parent.and_then(|at| ways.get_mut(*at)) {
            placements.push(placement);
        }
    }
    ways
}

/// The acts of all of a person's referrals, in order.
fn acts(
    dice: &mut Dice,
    (person, services, today): (&PersonPlan, &[ServicePlan], Date),
    way: Primary,
    placements: &[Placement],
) -> Vec<Act> {
    let service = if way.is_waiting() || dice.percent(36) { FELLSIDE } else { LINKS };
    let cast = Cast::drawn(dice, service);
    let mut request = request(dice, &cast);
    // Whoever hears nothing withdraws what was sent, and neither cancels it nor reopens what is closed.
    let needs_news = matches!(way, Primary::Cancelled | Primary::Reopened);
    if needs_news && request.feedback == FeedbackChoice::Nothing {
        request.feedback = FeedbackChoice::StatusOnly;
    }
    let (needs, risk) = (request.needs.clone(), request.risk);
    let wishes = &person.preferences;
    let Told { mut steps, under_way } = Teller { dice: &mut *dice, cast: &cast, wishes }.tell(way, request);
    if way == Primary::Transferred {
        passed_on(dice, &cast, wishes, &mut steps);
    }
    let age = way.age(dice);
    let mut parts = Vec::new();
    for (slot, placement) in (1..).zip(placements) {
        let asker = Asker { worker: cast.worker, slot, person, needs: &needs, risk, today };
        let told = placement::tell(dice, &asker, services, *placement);
        let after_end =
            if age.is_some() { dice.between(3 * DAY, 50 * DAY) } else { dice.between(4 * DAY, 12 * DAY) };
        let last = placement.age(dice).unwrap_or(after_end);
        parts.push((told, last));
    }
    let begun = parts.iter().map(|(told, last)| told.length() + last).max().unwrap_or_default();
    if let Some(met) = under_way {
        let met_ago = age.unwrap_or_default() + steps.length_after(met);
        steps.stretch(met, begun + DAY - met_ago);
    }
    let longest = EIGHTEEN_MONTHS - steps.length();
    let shift = if age.is_some() { 0 } else { dice.between(DAY, longest.max(DAY)) };
    let mut acts = steps.ending(age.unwrap_or_default() + shift);
    acts.extend(parts.into_iter().flat_map(|(told, last)| told.ending(last + shift)));
    acts.sort_by_key(|act| std::cmp::Reverse(act.ago));
    acts
}

fn request(dice: &mut Dice, cast: &Cast) -> Request {
    let first = dice.weighted(
        &[
            (26, Need::Loneliness),
            (20, Need::Mood),
            (14, Need::Money),
            (12, Need::Activity),
            (8, Need::Housing),
            (6, Need::Caring),
            (5, Need::Food),
            (4, Need::Work),
            (4, Need::Digital),
            (3, Need::Transport),
            (2, Need::Legal),
            (1, Need::Safety),
            (1, Need::Other),
        ],
        Need::Loneliness,
    );
    let second = dice.pick(&[Need::Loneliness, Need::Mood, Need::Activity, Need::Money, Need::Food], first);
    let mut needs = vec![first];
    if second != first && dice.percent(45) {
        needs.push(second);
    }
    let risk = dice.weighted(
        &[(89, Risk::NoneKnown), (7, Risk::HomeVisit), (2, Risk::Harm), (2, Risk::Safeguarding)],
        Risk::NoneKnown,
    );
    let feedback = dice.weighted(
        &[(62, FeedbackChoice::All), (28, FeedbackChoice::StatusOnly), (10, FeedbackChoice::Nothing)],
        FeedbackChoice::All,
    );
    let how = dice.weighted(
        &[(72, HowGiven::Spoken), (14, HowGiven::Written), (8, HowGiven::Online), (6, HowGiven::Supporter)],
        HowGiven::Spoken,
    );
    let route = match (cast.by_themself, how) {
        (false, _) => Route::Professional,
        (true, HowGiven::Supporter) => Route::Supporter,
        (true, _) => Route::SelfReferral,
    };
    Request { service: cast.service, route, needs, risk, feedback, note: words::wish(dice, first), how }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::history::Deed;
    use super::*;

    fn region(seed: u64) -> Region {
        invent(seed, "2026-11-23T10:00:00Z".parse().unwrap()).unwrap()
    }

    fn outline(region: &Region) -> Vec<String> {
        let line = |story: &Story| format!("{:?} {:?}", story.person.identity.full_name(), story.acts);
        region.stories.iter().map(line).collect()
    }

    #[test]
    fn nine_hundred_referrals_of_six_hundred_people() {
        let region = region(1);
        let slots = |story: &Story| story.acts.iter().map(|(_, act)| act.on).collect::<BTreeSet<_>>().len();
        assert_eq!(region.stories.len(), 600);
        assert_eq!(region.stories.iter().map(slots).sum::<usize>(), 900);
    }

    #[test]
    fn the_same_seed_tells_the_same_stories() {
        assert_eq!(outline(&region(5)), outline(&region(5)));
        assert_ne!(outline(&region(5)), outline(&region(6)));
    }

    #[test]
    fn every_story_lies_in_eighteen_months_and_begins_with_a_request() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let oldest: Timestamp = "2025-05-20T00:00:00Z".parse().unwrap();
        for story in region(1).stories {
            let at: Vec<Timestamp> = story.acts.iter().map(|(at, _)| *at).collect();
            assert!(at.is_sorted() && at.last() <= Some(&now) && at.first() > Some(&oldest), "{at:?}");
            let first = story.acts.first().map(|(_, act)| &act.deed);
            assert!(matches!(first, Some(Deed::Refer(_) | Deed::Draft(_))), "{first:?}");
        }
    }

    #[test]
    fn many_who_are_helped_now_have_a_plan_that_was_made_when_they_had_spoken() {
        let mut planned = 0;
        for story in region(1).stories {
            let deeds: Vec<&Deed> = story.acts.iter().map(|(_, act)| &act.deed).collect();
            let Some(made) = deeds.iter().position(|deed| matches!(deed, Deed::Plan(_))) else { continue };
            planned += 1;
            assert!(made > 0 && matches!(deeds[made - 1], Deed::Meet(_)), "{deeds:?}");
        }
        assert!((50..=100).contains(&planned), "{planned} have a plan");
    }
}
