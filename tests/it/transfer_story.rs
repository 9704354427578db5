//! Passing somebody on, through the store: nobody is left in a dead end, and whoever asked hears how it ended.

use trellis_domain::consent::record::{RecordDecision, record};
use trellis_domain::consent::{HowGiven, Purpose, Recipient, Scope};
use trellis_domain::directory::Service;
use trellis_domain::kernel::{OpContext, OrganisationId, Prose, TypedId};
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::give_back::give_back;
use trellis_domain::referral::send::send;
use trellis_domain::referral::start::start;
use trellis_domain::referral::transfer::{Transfer, transfer};
use trellis_domain::referral::withdraw::withdraw;
use trellis_domain::referral::{
    FeedbackChoice, Outcome, Referral, ReferralError, ReturnReason, StageName, Target, TransferReason,
    WithdrawnBy,
};
use trellis_infra::pg::read::ReferralView;
use trellis_infra::pg::{PgTx, ReadOnly};
use trellis_tests::locks::waits_until;
use trellis_tests::world::{Persona, Region, World};

use crate::read_lists::refer_somebody;
use crate::store_story::{accept_as, explained, refer_jo};

fn any_version(referral: &Referral) -> Target {
    Target { referral: referral.id, version: None }
}

/// The link workers pass it to the walkers, to whom the person agreed.
async fn passed_on(world: &World, region: &Region, sent: &Referral) -> anyhow::Result<Referral> {
    let cmd = about_to_pass_on(world, region, sent).await?;
    Ok(world.store.write(&world.op(&region.team_lead), move |tx, op| transfer(tx, op, cmd)).await?)
}

async fn about_to_pass_on(world: &World, region: &Region, sent: &Referral) -> anyhow::Result<Transfer> {
    let accepted = accept_as(world, &region.team_lead, sent).await?;
    let agreed = RecordDecision {
        person: sent.person,
        recipient: Recipient::Organisation(region.walkers),
        purpose: Purpose::Referral,
        scope: Scope::NeedAndAccess,
        how_given: HowGiven::Spoken,
        explained: explained(),
        ends_at: None,
    };
    world.store.write(&world.op(&region.team_lead), move |tx, op| record(tx, op, agreed)).await?;
    let target = Target { referral: accepted.id, version: Some(accepted.version) };
    Ok(Transfer { target, service: region.walking, reason: TransferReason::BetterFit })
}

async fn page(world: &World, who: &Persona, referral: &Referral) -> anyhow::Result<Option<ReferralView>> {
    let id = referral.id;
    let look =
        move |tx: &mut PgTx<'_, ReadOnly>, _: &OpContext| Ok::<_, ReferralError>(tx.referral_view(id)?);
    Ok(world.store.read(&world.op(who), look).await?)
}

async fn sees(world: &World, organisation: OrganisationId, referral: &Referral) -> anyhow::Result<bool> {
    let owner = world.database.connect_as_owner().await?;
    let open = "SELECT EXISTS (SELECT FROM person_access WHERE organisation_id = $1 AND person_id = $2
      AND ended_at IS NULL)";
    Ok(owner.query_one(open, &[&organisation.uuid(), &referral.person.uuid()]).await?.get(0))
}

async fn news_of(world: &World, organisation: OrganisationId, referral: &Referral) -> anyhow::Result<i64> {
    let owner = world.database.connect_as_owner().await?;
    let told = "SELECT count(*) FROM outbox WHERE template = 'referral_news' AND organisation_id = $1
      AND referral_id = $2";
    Ok(owner.query_one(told, &[&organisation.uuid(), &referral.id.uuid()]).await?.get(0))
}

async fn helped(world: &World, who: &Persona, referral: &Referral) -> anyhow::Result<Referral> {
    let target = any_version(referral);
    world.store.write(&world.op(who), move |tx, op| start(tx, op, target)).await?;
    let close_out = CloseOut {
        support_offered: Prose::parse("A weekly walk")?,
        outcomes: None,
        actions_for_referrer: None,
    };
    let done = Complete { target, outcome: Outcome::GoalMet, close_out };
    Ok(world.store.write(&world.op(who), move |tx, op| complete(tx, op, done)).await?)
}

#[tokio::test]
async fn what_was_passed_on_comes_back_goes_out_again_and_the_practice_hears_how_it_ended()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let next = passed_on(&world, &region, &sent).await?;
    assert!(sees(&world, region.links, &sent).await?, "it may come back");

    let back = (any_version(&next), ReturnReason::NeedsInformation);
    let returned =
        world.store.write(&world.op(&region.volunteer), move |tx, op| give_back(tx, op, back)).await?;
    let view = page(&world, &region.team_lead, &returned).await?.expect("they own it again");
    assert_eq!(view.what_matters.as_ref().map(Prose::as_str), Some("See people twice a week"));
    assert!(view.person.is_some());

    let again = any_version(&next);
    let resent = world.store.write(&world.op(&region.team_lead), move |tx, op| send(tx, op, again)).await?;
    assert!(sees(&world, region.links, &sent).await?, "nobody has accepted yet");
    accept_as(&world, &region.volunteer, &resent).await?;
    assert!(!sees(&world, region.links, &sent).await?, "accepting is where the access ends");
    let theirs = page(&world, &region.volunteer, &next).await?.expect("theirs now");
    assert_eq!(theirs.what_matters.as_ref().map(Prose::as_str), Some("See people twice a week"));

    helped(&world, &region.volunteer, &next).await?;
    let heard = page(&world, &region.referrer, &next).await?.expect("whoever asked at first is party to it");
    let standing = heard.referral.standing_for(Some(region.practice));
    assert_eq!((standing.stage, standing.reason), (StageName::Completed, Some("goal_met")));
    assert!(heard.close_out.is_some());
    assert_eq!(
        news_of(&world, region.practice, &next).await?,
        4,
        "sent back, accepted, started and finished"
    );
    Ok(())
}

#[tokio::test]
async fn passing_on_does_not_widen_what_the_person_lets_the_practice_hear() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_somebody(&world, &region, ("Ann", "Ash"), FeedbackChoice::Nothing).await?;
    let next = passed_on(&world, &region, &sent).await?;
    accept_as(&world, &region.volunteer, &next).await?;
    helped(&world, &region.volunteer, &next).await?;
    let heard = page(&world, &region.referrer, &next).await?.expect("party to it");
    let standing = heard.referral.standing_for(Some(region.practice));
    assert_eq!((standing.words, standing.reason), ("Closed", None));
    assert!(heard.close_out.is_none());
    assert_eq!(news_of(&world, region.practice, &next).await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_practice_can_stop_what_was_passed_on_and_nobody_keeps_a_way_to_the_person() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let next = passed_on(&world, &region, &sent).await?;
    let stop = (any_version(&next), WithdrawnBy::Person);
    let stopped =
        world.store.write(&world.op(&region.referrer), move |tx, op| withdraw(tx, op, stop)).await?;
    assert_eq!(stopped.stage.name(), StageName::Withdrawn);
    assert!(!sees(&world, region.links, &sent).await? && !sees(&world, region.walkers, &sent).await?);
    assert!(sees(&world, region.practice, &sent).await?, "they keep the record");
    Ok(())
}

#[tokio::test]
async fn a_stranger_ends_nobodys_access() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let next = passed_on(&world, &region, &sent).await?;
    let app = world.database.connect_as("trellis_app").await?;
    app.batch_execute(&format!(
        "BEGIN; SET LOCAL app.network_id = '{}'; SET LOCAL app.organisation_id = '{}';
         SELECT end_origin_access('{}', now(), 'guessed'); COMMIT",
        region.network.uuid(),
        region.advice.uuid(),
        next.id.uuid()
    ))
    .await?;
    assert!(sees(&world, region.links, &sent).await?);
    Ok(())
}

/// Whichever way it goes, the first of the two services is locked first: whoever waits for it does not hold the second.
#[tokio::test]
async fn two_who_pass_on_in_opposite_directions_do_not_wait_for_each_other() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let limited = |service: &mut Service| service.intake.places_a_week = Some(5);
    let walks = world.service_like((region.network, region.walkers), "Long walk", None, limited).await?;
    assert!(region.link_service < walks);
    let sent = refer_jo(&world, &region).await?;
    let there = Transfer { service: walks, ..about_to_pass_on(&world, &region, &sent).await? };

    let (first, second) =
        (world.database.connect_as_owner().await?, world.database.connect_as_owner().await?);
    let held = "SELECT FROM service_places WHERE service_id = $1 FOR UPDATE NOWAIT";
    first.batch_execute("BEGIN").await?;
    first.query_one(held, &[&region.link_service.uuid()]).await?;
    let op = world.op(&region.team_lead);
    let passing_on = world.store.write(&op, move |tx, op| transfer(tx, op, there));
    let free = async || {
        second.query_one(held, &[&walks.uuid()]).await?;
        Ok(first.batch_execute("COMMIT").await?)
    };
    let next = waits_until(&world.database, passing_on, free).await??;
    assert_eq!(next.to.service, walks);
    Ok(())
}
