//! The use case, with one person and their plan in memory. Who sees which row is PostgreSQL's, and is proved there.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{Plan, PlanError, PlanReads, PlanWrites, SavePlan, Wanted, save};
use crate::audit::Event;
use crate::kernel::op_context::VerifiedSession;
use crate::kernel::{
    Clock, IdSource, Line, NhsNumber, OpContext, PersonId, Prose, Recorded, Redacted, StoreError, TypedId,
    WorkingCalendar,
};
use crate::person::{AccessLevel, Candidate, Channel, Identity, Person, PersonReads, Preferences};
use crate::policy::{Role, Roles};
use crate::tenancy::Calendars;

const PRACTICE: u128 = 1;
const LINK_WORKERS: u128 = 2;

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

#[derive(Debug)]
struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        "2026-11-23T09:00:00Z".parse().unwrap()
    }
}

impl IdSource for Now {
    fn next(&self, _at: Timestamp) -> Uuid {
        Uuid::from_u128(77)
    }
}

fn acting(role: Role) -> OpContext {
    let session = VerifiedSession {
        session: id(61),
        user: id(62),
        membership: id(63),
        membership_version: 1,
        network: id(64),
        organisation: Some(id(LINK_WORKERS)),
        roles: Roles::from_iter([role]),
        proved_at: Now.now(),
    };
    OpContext::for_session(&session, &Now, Arc::new(Now))
}

/// The person as the link workers may know them, and every version of the plan.
struct Memory {
    level: AccessLevel,
    granted: Option<AccessLevel>,
    versions: Vec<Plan>,
    calendar: WorkingCalendar,
}

impl Memory {
    fn with(level: AccessLevel, granted: Option<AccessLevel>) -> Self {
        Self { level, granted, versions: Vec::new(), calendar: WorkingCalendar::new(TimeZone::UTC, []) }
    }
}

impl PersonReads for Memory {
    fn person(&mut self, id_asked: PersonId) -> Result<Option<Person>, StoreError> {
        let name = || Redacted::new(Line::parse("Jo").unwrap());
        Ok((id_asked == id(9)).then(|| Person {
            id: id(9),
            custodian: id(PRACTICE),
            identity: Identity {
                given_name: name(),
                family_name: name(),
                birth_date: None,
                nhs_number: None,
                phone: None,
                email: None,
                address: None,
                postcode: None,
            },
            preferences: Preferences::by(Channel::Phone),
            level: self.level,
            granted: self.granted,
            version: 1,
        }))
    }

    fn person_by_nhs_number(&mut self, _number: &NhsNumber) -> Result<Option<PersonId>, StoreError> {
        Ok(None)
    }

    fn candidates(&mut self, _identity: &Identity) -> Result<Vec<Candidate>, StoreError> {
        Ok(Vec::new())
    }
}

impl PlanReads for Memory {
    fn plan(&mut self, _person: PersonId) -> Result<Option<Plan>, StoreError> {
        Ok(self.versions.last().cloned())
    }
}

impl PlanWrites for Memory {
    fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        self.versions.push(plan.clone());
        Ok(())
    }
}

impl Calendars for Memory {
    fn calendar(&self) -> &WorkingCalendar {
        &self.calendar
    }
}

fn saves(tx: &mut Memory, role: Role, (version, matters): (i32, &str)) -> Result<Recorded<Plan>, PlanError> {
    let wanted = Wanted { matters: Some(Prose::parse(matters).unwrap()), goals: Vec::new() };
    save(tx, &acting(role), SavePlan { person: id(9), version, wanted })
}

fn in_full() -> Memory {
    Memory::with(AccessLevel::Full, Some(AccessLevel::Full))
}

#[test]
fn each_save_is_the_next_version_and_the_one_before_stays() {
    let mut tx = in_full();
    let first = saves(&mut tx, Role::LinkWorker, (0, "My dog")).unwrap();
    assert_eq!(first.value().version, 1);
    let (_, permits, events) =
        saves(&mut tx, Role::TeamLead, (1, "My dog and my garden")).unwrap().into_parts();
    assert_eq!(tx.versions.iter().map(|plan| plan.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(permits.len(), 1);
    let [event @ Event::Plan(saved)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((saved.version, event.name(), event.person()), (2, "plan.saved", Some(id(9))));
    assert_eq!(event.audience(), [id(PRACTICE), id(LINK_WORKERS)]);
}

#[test]
fn whoever_read_an_older_version_is_told_and_nothing_is_kept() {
    let mut tx = in_full();
    drop(saves(&mut tx, Role::LinkWorker, (0, "My dog")).unwrap());
    for read in [0, 2] {
        assert!(
            matches!(saves(&mut tx, Role::LinkWorker, (read, "My cat")), Err(PlanError::Stale)),
            "{read}"
        );
    }
    assert_eq!(tx.versions.len(), 1);
}

#[test]
fn a_plan_that_says_the_same_is_no_new_version() {
    let mut tx = in_full();
    drop(saves(&mut tx, Role::LinkWorker, (0, "My dog")).unwrap());
    let (same, permits, events) = saves(&mut tx, Role::LinkWorker, (1, "My dog")).unwrap().into_parts();
    assert_eq!((same.version, permits.len(), events.len(), tx.versions.len()), (1, 0, 0, 1));
}

#[test]
fn who_sees_a_part_or_opened_it_in_an_emergency_writes_nothing() {
    let ways = [
        (AccessLevel::Limited, Some(AccessLevel::Limited)),
        (AccessLevel::Identity, Some(AccessLevel::Identity)),
        (AccessLevel::Full, None),
        (AccessLevel::Full, Some(AccessLevel::Limited)),
    ];
    for (level, granted) in ways {
        let mut tx = Memory::with(level, granted);
        let refused = saves(&mut tx, Role::LinkWorker, (0, "My dog"));
        assert!(matches!(refused, Err(PlanError::Denied(_))), "{level} {granted:?}");
    }
    for role in [Role::Referrer, Role::ProviderWorker, Role::PrivacyOfficer, Role::Analyst] {
        let refused = saves(&mut in_full(), role, (0, "My dog"));
        assert!(matches!(refused, Err(PlanError::Denied(_))), "{}", role.code());
    }
}

#[test]
fn somebody_who_is_not_seen_is_not_found() {
    let cmd = SavePlan { person: id(8), version: 0, wanted: Wanted { matters: None, goals: Vec::new() } };
    assert!(matches!(save(&mut in_full(), &acting(Role::LinkWorker), cmd), Err(PlanError::NotFound)));
}
