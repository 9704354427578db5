//! A service takes as many requests a week as it says (C4), also when several are sent at one moment.

use trellis_domain::directory::{
    Capacity, CapacityState, IntakeRules, NotAdmitted, Service, publish::publish,
};
use trellis_domain::directory::{Cost, ServiceStatus, Targets};
use trellis_domain::kernel::ServiceId;
use trellis_domain::person::Channel;
use trellis_domain::referral::cancel::cancel;
use trellis_domain::referral::decline::decline;
use trellis_domain::referral::give_back::give_back;
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::reopen::reopen;
use trellis_domain::referral::send::send;
use trellis_domain::referral::{
    CancelReason, DeclineReason, FeedbackChoice, Need, Referral, ReferralError, ReopenReason, ReturnReason,
    Risk, Route, Target,
};
use trellis_tests::world::{Persona, Region, World, somebody};

use crate::store_story::explained;

async fn service(world: &World, region: &Region, intake: IntakeRules) -> anyhow::Result<ServiceId> {
    let service = Service {
        id: world.id(),
        organisation: region.advice,
        name: "Budget clinic".to_owned(),
        description: None,
        status: ServiceStatus::Active,
        area: None,
        place: None,
        cost: Cost::Free,
        step_free: None,
        online: false,
        languages: vec![],
        intake,
        targets: Targets::default(),
        capacity: Capacity {
            state: CapacityState::Open,
            places: None,
            taken: 0,
            as_of: world.op(&region.adviser).now(),
        },
        source: None,
        version: 1,
    };
    let id = service.id;
    world.store.write(&world.op(&region.adviser), move |tx, op| publish(tx, op, service)).await?;
    Ok(id)
}

async fn ask(world: &World, who: &Persona, service: ServiceId) -> Result<Referral, ReferralError> {
    let cmd = Refer {
        whom: Whom::New(Box::new(somebody("Ann", "Ash", Channel::Letter).expect("a person"))),
        service,
        route: Route::Professional,
        needs: vec![Need::Money],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: None,
        again: None,
        agreed: Some((trellis_domain::consent::HowGiven::Spoken, explained())),
    };
    world.store.write(&world.op(who), move |tx, op| refer(tx, op, cmd)).await
}

fn refused(answer: &Result<Referral, ReferralError>) -> Option<NotAdmitted> {
    match answer {
        Err(ReferralError::NotAdmitted(why)) => Some(*why),
        _ => None,
    }
}

async fn people(world: &World) -> anyhow::Result<i64> {
    let owner = world.database.connect_as_owner().await?;
    Ok(owner.query_one("SELECT count(*) FROM persons", &[]).await?.get(0))
}

#[tokio::test]
async fn the_last_request_of_a_week_is_taken_once_when_two_organisations_send_at_once() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    for _ in 0..5 {
        let limit = IntakeRules { places_a_week: Some(1), ..IntakeRules::default() };
        let clinic = service(&world, &region, limit).await?;
        let before = people(&world).await?;
        let (one, two) =
            tokio::join!(ask(&world, &region.referrer, clinic), ask(&world, &region.team_lead, clinic));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
        let why = refused(&one).or(refused(&two));
        assert_eq!(why, Some(NotAdmitted::WeekIsFull));
        assert_eq!(people(&world).await?, before + 1, "the refused request left somebody behind");
    }
    Ok(())
}

#[tokio::test]
async fn one_organisation_cannot_fill_a_service_and_a_week_later_it_may_ask_again() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let limit = IntakeRules { per_referrer_a_week: Some(1), ..IntakeRules::default() };
    let clinic = service(&world, &region, limit).await?;
    ask(&world, &region.referrer, clinic).await?;
    let again = ask(&world, &region.referrer, clinic).await;
    assert_eq!(refused(&again), Some(NotAdmitted::ReferrerIsFull));
    assert!(ask(&world, &region.team_lead, clinic).await.is_ok(), "others still may");
    world.clock.advance(jiff::SignedDuration::from_hours(7 * 24 + 1));
    assert!(ask(&world, &region.referrer, clinic).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn what_is_sent_again_or_reopened_counts_in_the_week_in_which_that_was() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let limit = IntakeRules { places_a_week: Some(1), ..IntakeRules::default() };
    for sent_back in [true, false] {
        let clinic = service(&world, &region, limit.clone()).await?;
        let asked = ask(&world, &region.referrer, clinic).await?;
        let target = Target { referral: asked.id, version: None };
        world.clock.advance(jiff::SignedDuration::from_hours(8 * 24));
        let (gp, adviser) = (world.op(&region.referrer), world.op(&region.adviser));
        if sent_back {
            let back = (target, ReturnReason::NeedsInformation);
            world.store.write(&adviser, move |tx, op| give_back(tx, op, back)).await?;
            world.store.write(&gp, move |tx, op| send(tx, op, target)).await?;
        } else {
            let no = (target, DeclineReason::NoCapacity);
            world.store.write(&adviser, move |tx, op| decline(tx, op, no)).await?;
            let again = (target, ReopenReason::CameBack);
            world.store.write(&gp, move |tx, op| reopen(tx, op, again)).await?;
        }
        let next = ask(&world, &region.referrer, clinic).await;
        assert_eq!(refused(&next), Some(NotAdmitted::WeekIsFull), "sent back: {sent_back}");

        let stop = (target, CancelReason::NoLongerNeeded);
        world.store.write(&world.op(&region.referrer), move |tx, op| cancel(tx, op, stop)).await?;
        assert!(ask(&world, &region.referrer, clinic).await.is_ok(), "what was taken back leaves room");
    }
    Ok(())
}
