//! The lists: who is on them, in which order, at what cost, and who is remembered to have looked.

use std::sync::Arc;

use trellis_domain::contact::{ContactResult, LogContact, NextStep, log};
use trellis_domain::directory::{
    Capacity, CapacityState, Cost, IntakeRules, Service, ServiceStatus, Targets, publish::publish,
};
use trellis_domain::kernel::{OpContext, Outcode, Page, PageRequest, PersonId};
use trellis_domain::person::{Channel, register};
use trellis_domain::policy::Action;
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::{
    FeedbackChoice, Need, Referral, ReferralError, Risk, Route, StageName, Target, allocate,
};
use trellis_infra::pg::read::{
    CaseloadFilter, CaseloadRow, Near, ReferralFilter, ReferralSide, ReferralSummary, ServiceFilter, TimeKey,
    WorklistCounts, outcodes,
};
use trellis_infra::pg::{PgStore, PgTx, ReadOnly, StoreOptions};
use trellis_tests::wire::CountingDoor;
use trellis_tests::world::{Persona, Region, World, somebody};

use crate::store_story::{accept_as, explained, refer_jo};

pub async fn refer_somebody(
    world: &World,
    region: &Region,
    name: (&str, &str),
    feedback: FeedbackChoice,
) -> anyhow::Result<Referral> {
    let cmd = Refer {
        whom: Whom::New(Box::new(somebody(name.0, name.1, Channel::Letter)?)),
        service: region.link_service,
        route: Route::Professional,
        needs: vec![Need::Money],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback,
        note: None,
        again: None,
        agreed: Some((trellis_domain::consent::HowGiven::Spoken, explained())),
    };
    Ok(world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, cmd)).await?)
}

/// Accepted and given to the link worker.
async fn taken_up(world: &World, region: &Region, name: (&str, &str)) -> anyhow::Result<Referral> {
    let sent = refer_somebody(world, region, name, FeedbackChoice::All).await?;
    let accepted = accept_as(world, &region.team_lead, &sent).await?;
    let target = Target { referral: accepted.id, version: Some(accepted.version) };
    let worker = region.link_worker.session.user;
    let allocated = world
        .store
        .write(&world.op(&region.team_lead), move |tx, op| allocate::allocate(tx, op, (target, worker)))
        .await?;
    Ok(allocated)
}

async fn caseload(
    store: &PgStore,
    op: &OpContext,
    filter: CaseloadFilter,
    (first, after): (u16, Option<TimeKey>),
) -> anyhow::Result<Page<CaseloadRow>> {
    let page = PageRequest::new(first, after)?;
    let look = move |tx: &mut PgTx<'_, ReadOnly>, op: &OpContext| {
        let seen = op.visibility(Action::ListCaseload)?;
        Ok::<_, ReferralError>(tx.caseload(seen, &filter, &page, true)?)
    };
    Ok(store.read(op, look).await?)
}

#[tokio::test]
async fn a_caseload_is_read_page_by_page_in_the_order_of_what_is_due() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    for name in [("Ann", "Ash"), ("Ben", "Birch"), ("Cat", "Cedar")] {
        taken_up(&world, &region, name).await?;
        world.clock.advance(jiff::SignedDuration::from_hours(24));
    }
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let op = world.op(&region.link_worker);
        let page = caseload(&world.store, &op, CaseloadFilter::default(), (2, after)).await?;
        assert_eq!(page.total, Some(3));
        after = page.rows.last().map(CaseloadRow::key);
        names.extend(page.rows.into_iter().map(|row| row.person_name));
        if !page.has_more {
            break;
        }
    }
    assert_eq!(names, ["Ann Ash", "Ben Birch", "Cat Cedar"]);
    Ok(())
}

#[tokio::test]
async fn a_caseload_is_the_workers_own_and_the_leads_whole_and_nobody_elses() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let other = world.region("south-vale").await?;
    taken_up(&world, &region, ("Ann", "Ash")).await?;
    let unallocated = refer_jo(&world, &region).await?;
    accept_as(&world, &region.team_lead, &unallocated).await?;
    let rows = async |who: &Persona| {
        let page = caseload(&world.store, &world.op(who), CaseloadFilter::default(), (50, None)).await?;
        Ok::<_, anyhow::Error>(page.rows.len())
    };
    assert_eq!((rows(&region.link_worker).await?, rows(&region.team_lead).await?), (1, 2));
    assert_eq!((rows(&region.volunteer).await?, rows(&other.team_lead).await?), (0, 0));
    let refused = rows(&region.referrer).await;
    let refused = refused.err().and_then(|error| error.downcast::<ReferralError>().ok());
    assert!(matches!(refused, Some(ReferralError::Denied(_))));
    Ok(())
}

#[tokio::test]
async fn a_caseload_costs_two_round_trips_and_leaves_one_entry_with_everybody_it_showed() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    for name in [("Ann", "Ash"), ("Ben", "Birch")] {
        taken_up(&world, &region, name).await?;
    }
    let door = CountingDoor::to(&world.database)?;
    let options = StoreOptions { url: door.url().to_owned(), connections: 1, waiting: 8 };
    let store = PgStore::open(&options, Arc::clone(&world.keyring), Arc::new(|_, _| ()))?;
    let look = async || {
        let seen = world.op(&region.link_worker);
        store
            .read(&seen, |tx, op| {
                let seen = op.visibility(Action::ListCaseload)?;
                let page = PageRequest::new(25, None).expect("page");
                Ok::<_, ReferralError>(tx.caseload(seen, &CaseloadFilter::default(), &page, false)?)
            })
            .await
    };
    look().await?;
    door.round_trips();
    assert_eq!(look().await?.rows.len(), 2);
    assert_eq!(door.round_trips(), 2, "the opening with one statement, the record with the end");
    let owner = world.database.connect_as_owner().await?;
    let shown: i32 = owner
        .query_one(
            "SELECT cardinality(person_ids) FROM audit_entries WHERE action = 'caseload.list' AND result = 'read' LIMIT 1",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(shown, 2);
    Ok(())
}

async fn inbox(world: &World, who: &Persona, side: ReferralSide) -> anyhow::Result<Page<ReferralSummary>> {
    let filter = ReferralFilter { side, stages: vec![], unassigned: false, reference: None, only: None };
    let page = PageRequest::new(50, None)?;
    let look = move |tx: &mut PgTx<'_, ReadOnly>, op: &OpContext| {
        let seen = op.visibility(Action::ListReferrals)?;
        Ok::<_, ReferralError>(tx.referrals(seen, &filter, &page, true)?)
    };
    Ok(world.store.read(&world.op(who), look).await?)
}

#[tokio::test]
async fn an_inbox_names_nobody_before_the_request_is_accepted() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let before = inbox(&world, &region.team_lead, ReferralSide::Received).await?;
    assert_eq!((before.total, before.rows[0].person.is_none()), (Some(1), true));
    accept_as(&world, &region.team_lead, &sent).await?;
    let after = inbox(&world, &region.team_lead, ReferralSide::Received).await?;
    assert_eq!(after.rows[0].person.as_ref().map(|(_, name)| name.as_str()), Some("Jo Park"));
    let theirs = inbox(&world, &region.referrer, ReferralSide::SentByUs).await?;
    assert_eq!(theirs.rows[0].stage, StageName::Accepted);
    assert!(inbox(&world, &region.volunteer, ReferralSide::Received).await?.rows.is_empty());
    Ok(())
}

async fn counts(world: &World, who: &Persona) -> Result<WorklistCounts, ReferralError> {
    let count = |tx: &mut PgTx<'_, ReadOnly>, op: &OpContext| {
        Ok(tx.worklist_counts(op.visibility(Action::ListWorklist)?)?)
    };
    world.store.read(&world.op(who), count).await
}

#[tokio::test]
async fn the_numbers_beside_a_worklist_follow_the_networks_own_day() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    refer_jo(&world, &region).await?;
    let taken = taken_up(&world, &region, ("Ann", "Ash")).await?;
    let waiting = counts(&world, &region.link_worker).await?;
    assert_eq!((waiting.new_requests, waiting.coming_up, waiting.overdue), (1, 2, 0));
    let due = world.op(&region.link_worker).now() + jiff::SignedDuration::from_hours(5);
    let call = LogContact {
        target: Target { referral: taken.id, version: None },
        channel: Channel::Visit,
        result: ContactResult::NoAnswer,
        minutes: 5,
        note: None,
        next: Some((NextStep::Call, due)),
    };
    world.store.write(&world.op(&region.link_worker), move |tx, op| log(tx, op, call)).await?;
    assert_eq!(counts(&world, &region.link_worker).await?.due_today, 1);
    world.clock.advance(jiff::SignedDuration::from_hours(6));
    assert_eq!(counts(&world, &region.link_worker).await?.overdue, 1);
    assert_eq!(counts(&world, &region.referrer).await?.waiting_on_others, 2);

    let items = world
        .store
        .read(&world.op(&region.link_worker), |tx, op| {
            let seen = op.visibility(Action::ListWorklist)?;
            Ok::<_, ReferralError>(tx.worklist(seen, &PageRequest::new(10, None).expect("page"))?)
        })
        .await?;
    let shown: Vec<_> = items.rows.iter().map(|item| (item.words, item.person_name.as_deref())).collect();
    assert_eq!(shown, [("Call", Some("Ann Ash")), ("Answer the request", None)]);
    Ok(())
}

async fn found(world: &World, who: &Persona, typed: &'static str) -> anyhow::Result<Vec<PersonId>> {
    let page = PageRequest::new(10, None)?;
    let look = move |tx: &mut PgTx<'_, ReadOnly>, op: &OpContext| {
        let seen = op.visibility(Action::SearchPeople)?;
        Ok::<_, ReferralError>(tx.people(seen, typed, &page)?)
    };
    let page = world.store.read(&world.op(who), look).await?;
    Ok(page.rows.into_iter().map(|row| row.id).collect())
}

#[tokio::test]
async fn people_are_found_by_what_is_known_of_them_and_only_where_there_is_access() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let mut jo = somebody("Jo", "Park", Channel::Phone)?;
    jo.identity.birth_date = Some(trellis_domain::kernel::Redacted::new(jiff::civil::date(1959, 5, 4)));
    jo.identity.nhs_number = Some(trellis_domain::kernel::NhsNumber::parse("999 054 8609")?);
    jo.identity.postcode = Some(trellis_domain::kernel::Postcode::parse("LA9 4PU")?);
    let jo = world.store.write(&world.op(&region.link_worker), move |tx, op| register(tx, op, jo)).await?.id;
    for typed in ["jo", "Park jo", "9990548609", "4 May 1959", "la94pu", "par 04/05/1959"] {
        assert_eq!(found(&world, &region.team_lead, typed).await?, [jo], "{typed}");
    }
    for typed in ["", "   ", "Jo Parker", "999 000 0514", "park 05/05/1959"] {
        assert!(found(&world, &region.team_lead, typed).await?.is_empty(), "{typed}");
    }
    assert!(found(&world, &region.referrer, "jo").await?.is_empty());
    let sent = refer_jo(&world, &region).await?;
    let reference: &'static str = String::leak(sent.reference.as_str().to_lowercase());
    assert_eq!(found(&world, &region.referrer, reference).await?, [sent.person]);
    assert!(found(&world, &region.team_lead, reference).await?.is_empty(), "not accepted yet");
    Ok(())
}

fn singing(world: &World, region: &Region, name: &str, (outcode, need): (Outcode, Need)) -> Service {
    let as_of = world.op(&region.volunteer).now();
    Service {
        id: world.id(),
        organisation: region.walkers,
        name: name.to_owned(),
        description: Some("Singing together".to_owned()),
        status: ServiceStatus::Active,
        place: outcodes::middle_of(&outcode),
        area: Some(outcode),
        cost: Cost::Free,
        step_free: None,
        online: false,
        languages: vec!["en".to_owned()],
        intake: IntakeRules { needs: vec![need], ..IntakeRules::default() },
        targets: Targets::default(),
        capacity: Capacity { state: CapacityState::Open, places: None, taken: 0, as_of },
        source: None,
        version: 1,
    }
}

#[tokio::test]
async fn services_are_found_by_words_need_and_distance_nearest_first() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let kendal = outcodes::middle_of(&Outcode::parse("LA9")?).expect("known");
    for (name, outcode, need) in [
        ("Far choir", "LA1", Need::Mood),
        ("Near choir", "LA9", Need::Mood),
        ("Near bank", "LA9", Need::Money),
    ] {
        let service = singing(&world, &region, name, (Outcode::parse(outcode)?, need));
        world.store.write(&world.op(&region.volunteer), move |tx, op| publish(tx, op, service)).await?;
    }
    let names = async |filter: ServiceFilter| {
        let page = world
            .store
            .read(&world.op(&region.referrer), move |tx, op| {
                let seen = op.visibility(Action::ViewDirectory)?;
                Ok::<_, ReferralError>(tx.services(
                    seen,
                    &filter,
                    &PageRequest::new(1, None).expect("page"),
                    true,
                )?)
            })
            .await?;
        Ok::<_, ReferralError>((
            page.rows.into_iter().map(|row| row.service.name).collect::<Vec<_>>(),
            page.total,
        ))
    };
    let around = |within_km| Some(Near { latitude: kendal.0, longitude: kendal.1, within_km });
    let sing = ServiceFilter {
        words: Some("choirs".into()),
        need: Some(Need::Mood),
        near: around(60.0),
        ..ServiceFilter::default()
    };
    assert_eq!(names(sing.clone()).await?, (vec!["Near choir".to_owned()], Some(2)));
    assert_eq!(names(ServiceFilter { near: around(5.0), ..sing }).await?.1, Some(1));
    assert_eq!(
        names(ServiceFilter { words: Some("singing".into()), ..ServiceFilter::default() }).await?.1,
        Some(3)
    );
    let of_the_group = ServiceFilter { words: Some("Eastfield Walkers".into()), ..ServiceFilter::default() };
    assert_eq!(names(of_the_group).await?.1, Some(4), "a group's name finds all that it offers");
    assert_eq!(names(ServiceFilter { takes_requests: true, ..ServiceFilter::default() }).await?.1, Some(6));
    Ok(())
}
