//! One hundred and fifty services of North Vale: what they offer where, to whom, and how much room they say
//! they have.

use trellis_domain::directory::{CapacityState, Cost, IntakeRules, ServiceStatus, Targets};
use trellis_domain::referral::{AgeBand, Need};

use super::dice::Dice;
use super::error::DemoError;
use super::organisations::{
    ADVICE, CARERS, COMMUNITY_LINKS, COUNCIL, DAIRY, FELLSIDE_LINKS, LANTERN, WALKERS,
};
use super::region::{TOWNS, Town};

#[derive(Debug, Clone)]
pub(crate) struct ServicePlan {
    pub(crate) organisation: usize,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) status: ServiceStatus,
    pub(crate) town: Town,
    pub(crate) place: (f64, f64),
    pub(crate) cost: Cost,
    pub(crate) step_free: Option<bool>,
    pub(crate) online: bool,
    pub(crate) languages: Vec<String>,
    pub(crate) intake: IntakeRules,
    pub(crate) targets: Targets,
    /// What it says of its room today, and how many days ago it said so.
    pub(crate) room: Room,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    pub(crate) state: CapacityState,
    /// Free places beyond those taken; None where places are not counted.
    pub(crate) spare: Option<u32>,
    pub(crate) said_days_ago: i64,
}

struct Offer {
    name: &'static str,
    about: &'static str,
    needs: &'static [Need],
    ages: &'static [AgeBand],
}

const OLDER: &[AgeBand] = &[AgeBand::From55, AgeBand::From65, AgeBand::From75, AgeBand::From85];
const ADULT: &[AgeBand] = &[
    AgeBand::From18,
    AgeBand::From25,
    AgeBand::From35,
    AgeBand::From45,
    AgeBand::From55,
    AgeBand::From65,
    AgeBand::From75,
    AgeBand::From85,
];
const ANY: &[AgeBand] = &[];

const fn offer(
    name: &'static str,
    needs: &'static [Need],
    ages: &'static [AgeBand],
    about: &'static str,
) -> Offer {
    Offer { name, about, needs, ages }
}

use Need::{
    Activity, Caring, Digital, Food, Housing, Legal, Loneliness, Money, Mood, Other, Safety, Transport, Work,
};

const WALKS: &[Offer] = &[
    offer(
        "Wellbeing walk",
        &[Activity, Loneliness, Mood],
        ANY,
        "An easy walk of forty minutes with tea after. A leader walks at the back.",
    ),
    offer(
        "Gentle stroll",
        &[Activity, Loneliness],
        ANY,
        "Half an hour on flat paths, benches on the way. Frames and sticks are welcome.",
    ),
    offer("Chair exercise", &[Activity], OLDER, "Moving to music while sitting. Wear what you like."),
    offer(
        "Gardening gang",
        &[Activity, Mood, Loneliness],
        ADULT,
        "Two hours in the community garden, tools and gloves there.",
    ),
    offer(
        "Walk and talk",
        &[Mood, Loneliness, Activity],
        ADULT,
        "Walk side by side with somebody who listens.",
    ),
    offer("Nordic walking", &[Activity], ADULT, "Learn to walk with poles; poles are lent."),
];
const ADVISING: &[Offer] = &[
    offer(
        "Debt advice",
        &[Money],
        ADULT,
        "One to one help with debts and letters. Bring what you have, opened or not.",
    ),
    offer(
        "Benefits check",
        &[Money, Work],
        ANY,
        "Are you getting what you can? Help with forms and appeals.",
    ),
    offer(
        "Energy bills help",
        &[Money, Housing],
        ANY,
        "Lower bills, grants, and what to do when the meter runs out.",
    ),
    offer(
        "Housing advice",
        &[Housing, Legal],
        ADULT,
        "Rent, repairs, neighbours, and where to go when you must move.",
    ),
    offer("Legal first advice", &[Legal, Safety], ADULT, "Half an hour with a volunteer solicitor."),
    offer(
        "Food parcel and pantry",
        &[Food, Money],
        ANY,
        "A week of food, and the pantry at a small price after.",
    ),
];
const HUB: &[Offer] = &[
    offer("Lunch club", &[Loneliness, Food], OLDER, "A cooked lunch in company. Lifts can be arranged."),
    offer(
        "Coffee morning",
        &[Loneliness],
        ANY,
        "Drop in, stay as long as you like. Somebody looks out for new faces.",
    ),
    offer(
        "Get online",
        &[Digital],
        ANY,
        "Bring your phone or tablet, or use ours. One helper to two learners.",
    ),
    offer("Repair café", &[Loneliness, Work], ANY, "Mend things with people who know how."),
    offer("Job club", &[Work, Digital], ADULT, "CVs, interviews and company while you look."),
    offer(
        "Community kitchen",
        &[Food, Loneliness, Mood],
        ANY,
        "Cook together, eat together, take some home.",
    ),
];
const CARING: &[Offer] = &[
    offer(
        "Carers' café",
        &[Caring, Loneliness],
        ANY,
        "For anybody who looks after somebody. Come alone or together.",
    ),
    offer(
        "Sitting service",
        &[Caring],
        ADULT,
        "A volunteer sits with the person you care for, so that you can go out.",
    ),
    offer(
        "Young carers' evening",
        &[Caring, Loneliness],
        &[AgeBand::Under18, AgeBand::From18],
        "Pizza, games and a listening ear.",
    ),
    offer("Community car", &[Transport], ANY, "Lifts to appointments and groups by volunteers."),
    offer(
        "Dementia companions",
        &[Caring, Loneliness, Mood],
        OLDER,
        "An afternoon with music and old films, for two.",
    ),
];
const ARTS: &[Offer] = &[
    offer("Singing for wellbeing", &[Mood, Loneliness], ANY, "No auditions, no need to read music."),
    offer("Art table", &[Mood, Loneliness], ANY, "Paint, print and clay. Materials are there."),
    offer("Workshop shed", &[Loneliness, Mood, Work], ADULT, "Wood, tools and tea."),
    offer(
        "Bereavement group",
        &[Mood, Loneliness],
        ADULT,
        "Six evenings with people who have lost somebody.",
    ),
    offer("Writing circle", &[Mood], ANY, "A page a week, read out or not."),
    offer("Quiet hour", &[Mood, Safety], ANY, "A calm room, dim light, nobody asks anything."),
];
const TOWN_HALL: &[Offer] = &[
    offer("Home adaptations", &[Housing, Safety], ANY, "Rails, ramps and alarms: a visit to see what helps."),
    offer("Housing options", &[Housing], ADULT, "When a home is lost or no longer right."),
    offer("Travel training", &[Transport], ANY, "Learn a bus route with somebody beside you."),
    offer("Steady on your feet", &[Activity, Safety], OLDER, "Twelve weeks of strength and balance."),
    offer("Adult learning", &[Work, Digital, Other], ADULT, "English, numbers and computers, at your pace."),
];

const LISTS: [(usize, &[Offer], usize); 6] = [
    (WALKERS, WALKS, 26),
    (ADVICE, ADVISING, 26),
    (DAIRY, HUB, 26),
    (CARERS, CARING, 26),
    (LANTERN, ARTS, 26),
    (COUNCIL, TOWN_HALL, 18),
];

/// The two link-worker services come first: `LINKS` and `FELLSIDE`.
pub(crate) const LINKS: usize = 0;
pub(crate) const FELLSIDE: usize = 1;

pub(crate) fn services(dice: &mut Dice) -> Result<Vec<ServicePlan>, DemoError> {
    let [eastfield, fellside, ..] = TOWNS;
    let mut all = vec![
        link_workers(COMMUNITY_LINKS, "Community Links link workers", eastfield),
        link_workers(FELLSIDE_LINKS, "Fellside link workers", fellside),
    ];
    for (organisation, offers, count) in LISTS {
        let mut pairs: Vec<(&Offer, Town)> =
            offers.iter().flat_map(|offer| TOWNS.map(|town| (offer, town))).collect();
        dice.shuffle(&mut pairs);
        for (offer, town) in pairs.into_iter().take(count) {
            all.push(community(dice, organisation, offer, town)?);
        }
    }
    Ok(all)
}

fn link_workers(organisation: usize, name: &str, town: Town) -> ServicePlan {
    let waiting = organisation == FELLSIDE_LINKS;
    ServicePlan {
        organisation,
        name: name.to_owned(),
        description:
            "A link worker listens to what matters to you and finds the people and groups that can help. \
            Up to twelve weeks, where and how you like to meet. Not an urgent or monitored service."
                .to_owned(),
        status: ServiceStatus::Active,
        town,
        place: town.middle,
        cost: Cost::Free,
        step_free: Some(true),
        online: false,
        languages: vec!["en".into(), "pl".into(), "ur".into()],
        intake: IntakeRules::default(),
        targets: Targets { reply_days: 3, ..Targets::default() },
        room: Room {
            state: if waiting { CapacityState::Waitlist } else { CapacityState::Open },
            spare: None,
            said_days_ago: if waiting { 9 } else { 2 },
        },
    }
}

fn community(
    dice: &mut Dice,
    organisation: usize,
    offer: &Offer,
    town: Town,
) -> Result<ServicePlan, DemoError> {
    let (latitude, longitude) = town.middle;
    // A few hundred metres around the middle of the outward code.
    let nearby =
        |dice: &mut Dice| f64::from(i32::try_from(dice.between(-40, 40)).unwrap_or_default()) / 10_000.0;
    let place = (latitude + nearby(dice), longitude + nearby(dice));
    let online = offer.needs.contains(&Digital) && dice.percent(30);
    let areas = if dice.percent(12) {
        TOWNS.iter().filter(|other| near(other, &town)).map(Town::code).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let extra = dice
        .weighted(&[(70, None), (12, Some("pl")), (8, Some("ur")), (6, Some("ro")), (4, Some("bfi"))], None);
    let languages = std::iter::once("en").chain(extra).map(str::to_owned).collect();
    let status = dice.weighted(
        &[(95, ServiceStatus::Active), (3, ServiceStatus::TemporarilyClosed), (2, ServiceStatus::Inactive)],
        ServiceStatus::Active,
    );
    Ok(ServicePlan {
        organisation,
        name: format!("{}, {}", offer.name, town.name),
        description: offer.about.to_owned(),
        status,
        town,
        place,
        cost: dice.weighted(
            &[(70, Cost::Free), (22, Cost::Small), (4, Cost::Paid), (4, Cost::Unknown)],
            Cost::Free,
        ),
        step_free: dice.weighted(&[(70, Some(true)), (12, Some(false)), (18, None)], None),
        online,
        languages,
        intake: IntakeRules {
            needs: offer.needs.to_vec(),
            age_bands: offer.ages.to_vec(),
            areas,
            ..IntakeRules::default()
        },
        targets: Targets { reply_days: 5, contact_days: 10, review_days: 30, attempts_before_end: 2 },
        room: room(dice),
    })
}

/// Within about fifteen kilometres.
fn near(one: &Town, other: &Town) -> bool {
    let ((a, b), (c, d)) = (one.middle, other.middle);
    (a - c).abs() < 0.13 && (b - d).abs() < 0.22
}

/// Every state there is, and three in ten that nobody has confirmed for more than six weeks.
fn room(dice: &mut Dice) -> Room {
    let state = dice.weighted(
        &[
            (58, CapacityState::Open),
            (22, CapacityState::Limited),
            (10, CapacityState::Waitlist),
            (6, CapacityState::Paused),
            (4, CapacityState::Closed),
        ],
        CapacityState::Open,
    );
    let counted = dice.percent(60);
    let spare = match state {
        CapacityState::Open if counted => Some(dice.between(3, 14)),
        CapacityState::Limited => Some(dice.between(1, 2)),
        CapacityState::Waitlist => Some(0),
        _ => None,
    };
    let old = dice.percent(30);
    Room {
        state,
        spare: spare.and_then(|spare| u32::try_from(spare).ok()),
        said_days_ago: if old { dice.between(46, 160) } else { dice.between(0, 38) },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_a_hundred_and_fifty_with_names_of_their_own() {
        let services = services(&mut Dice::new(1, 2)).unwrap();
        let names: BTreeSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
        assert_eq!((services.len(), names.len()), (150, 150));
        assert_eq!(services.get(FELLSIDE).map(|service| service.organisation), Some(FELLSIDE_LINKS));
    }

    #[test]
    fn every_need_is_met_and_every_state_of_room_is_there() {
        let services = services(&mut Dice::new(1, 2)).unwrap();
        for need in Need::ALL {
            assert!(services.iter().any(|service| service.intake.needs.contains(need)), "{need}");
        }
        for state in CapacityState::ALL {
            assert!(services.iter().any(|service| service.room.state == *state), "{state}");
        }
        assert!(services.iter().any(|service| service.room.said_days_ago > 42));
    }
}
