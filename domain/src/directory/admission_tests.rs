//! Whom a service takes (C2, C4), rule by rule.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Capacity, CapacityState, Cost, IntakeRules, NotAdmitted, SentLately, Service, ServiceStatus, Targets,
};
use crate::kernel::{OrganisationId, Outcode, Postcode, ServiceId, TypedId};
use crate::referral::{AgeBand, Brief, Need};

fn outcode(postcode: &str) -> Outcode {
    Postcode::parse(postcode).unwrap().outcode()
}

fn choosy() -> Service {
    Service {
        id: ServiceId::from_uuid(Uuid::from_u128(1)),
        organisation: OrganisationId::from_uuid(Uuid::from_u128(2)),
        name: "Lunch club".into(),
        description: None,
        status: ServiceStatus::Active,
        area: None,
        place: None,
        cost: Cost::Small,
        step_free: None,
        online: false,
        languages: Vec::new(),
        intake: IntakeRules {
            needs: vec![Need::Loneliness, Need::Food],
            age_bands: vec![AgeBand::From65, AgeBand::From75],
            areas: vec![outcode("LS1 4AP")],
            ..IntakeRules::default()
        },
        targets: Targets::default(),
        capacity: Capacity {
            state: CapacityState::Open,
            places: None,
            taken: 0,
            as_of: Timestamp::UNIX_EPOCH,
        },
        source: None,
        version: 1,
    }
}

fn brief() -> Brief {
    Brief {
        needs: vec![Need::Money, Need::Food],
        age_band: AgeBand::From75,
        area: Some(outcode("LS1 4AP")),
        access_needs: Vec::new(),
    }
}

fn answer(service: &Service, brief: &Brief) -> Option<NotAdmitted> {
    service.admits(brief, SentLately::default()).err()
}

#[test]
fn each_intake_rule_refuses_by_its_own_name() {
    let elsewhere = Some(outcode("M1 1AE"));
    let table = [
        (brief(), None),
        (Brief { needs: vec![Need::Money], ..brief() }, Some(NotAdmitted::Need)),
        (Brief { needs: vec![], ..brief() }, Some(NotAdmitted::Need)),
        (Brief { age_band: AgeBand::From18, ..brief() }, Some(NotAdmitted::Age)),
        (Brief { age_band: AgeBand::Unknown, ..brief() }, None),
        (Brief { area: elsewhere, ..brief() }, Some(NotAdmitted::Area)),
        (Brief { area: None, ..brief() }, None),
    ];
    for (brief, expected) in table {
        assert_eq!(answer(&choosy(), &brief), expected, "{brief:?}");
    }
}

#[test]
fn a_service_without_rules_takes_everybody() {
    let open = Service { intake: IntakeRules::default(), ..choosy() };
    let anybody = Brief { needs: vec![], age_band: AgeBand::Under18, area: None, access_needs: vec![] };
    assert_eq!(answer(&open, &anybody), None);
}

#[test]
fn only_a_running_service_that_takes_requests_admits() {
    for status in ServiceStatus::ALL {
        let expected = (*status != ServiceStatus::Active).then_some(NotAdmitted::NotRunning);
        assert_eq!(answer(&Service { status: *status, ..choosy() }, &brief()), expected, "{status}");
    }
    for state in CapacityState::ALL {
        let mut service = choosy();
        service.capacity.state = *state;
        let closed = matches!(state, CapacityState::Paused | CapacityState::Closed);
        assert_eq!(answer(&service, &brief()), closed.then_some(NotAdmitted::Closed), "{state}");
    }
}

#[test]
fn a_full_service_still_admits_because_one_can_wait() {
    let mut full = choosy();
    full.capacity.places = Some(0);
    assert_eq!(answer(&full, &brief()), None);
}

#[test]
fn a_service_takes_as_many_requests_a_week_as_it_says_and_no_more() {
    let most = |places_a_week, per_referrer_a_week| Service {
        intake: IntakeRules { places_a_week, per_referrer_a_week, ..IntakeRules::default() },
        ..choosy()
    };
    let lately = |by_everybody, by_us| SentLately { by_everybody, by_us };
    for (service, lately, expected) in [
        (most(None, None), lately(1_000, 1_000), None),
        (most(Some(3), None), lately(2, 2), None),
        (most(Some(3), None), lately(3, 0), Some(NotAdmitted::WeekIsFull)),
        (most(None, Some(2)), lately(9, 1), None),
        (most(None, Some(2)), lately(9, 2), Some(NotAdmitted::ReferrerIsFull)),
        (most(Some(0), None), lately(0, 0), Some(NotAdmitted::WeekIsFull)),
    ] {
        assert_eq!(service.admits(&brief(), lately).err(), expected, "{:?} {lately:?}", service.intake);
    }
}

#[test]
fn rules_that_were_stored_before_there_were_limits_still_parse() {
    let stored = r#"{"needs": [], "age_bands": [], "areas": []}"#;
    assert_eq!(serde_json::from_str::<IntakeRules>(stored).unwrap(), IntakeRules::default());
}
