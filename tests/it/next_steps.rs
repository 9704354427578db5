//! What was agreed to do next, on the worklist of whoever does it, and who can be given work.

use jiff::{SignedDuration, Timestamp};
use trellis_domain::contact::{ContactResult, LogContact, NextStep, log};
use trellis_domain::kernel::{PageRequest, Prose, TypedId};
use trellis_domain::person::Channel;
use trellis_domain::policy::{Action, Role};
use trellis_domain::referral::allocate::allocate;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::hold::{Pause, hold};
use trellis_domain::referral::resume::resume;
use trellis_domain::referral::start::start;
use trellis_domain::referral::{HoldReason, Outcome, Referral, ReferralError, Target};
use trellis_infra::pg::{PgTx, ReadOnly};
use trellis_tests::world::{Region, World};

use crate::store_story::{accept_as, refer_jo};

fn any_version(referral: &Referral) -> Target {
    Target { referral: referral.id, version: None }
}

/// Accepted and started by the team lead.
async fn under_way(world: &World, region: &Region) -> anyhow::Result<Referral> {
    let sent = refer_jo(world, region).await?;
    let accepted = accept_as(world, &region.team_lead, &sent).await?;
    let target = any_version(&accepted);
    Ok(world.store.write(&world.op(&region.team_lead), move |tx, op| start(tx, op, target)).await?)
}

async fn call_on(world: &World, region: &Region, referral: &Referral, at: Timestamp) -> anyhow::Result<()> {
    let call = LogContact {
        target: any_version(referral),
        channel: Channel::Phone,
        result: ContactResult::NoAnswer,
        minutes: 2,
        note: None,
        next: Some((NextStep::Call, at)),
    };
    world.store.write(&world.op(&region.team_lead), move |tx, op| log(tx, op, call)).await?;
    Ok(())
}

/// What the lead's worklist says of the one referral there is, and when.
async fn worklist(world: &World, region: &Region) -> anyhow::Result<Vec<(&'static str, Timestamp)>> {
    let list = |tx: &mut PgTx<'_, ReadOnly>, op: &trellis_domain::kernel::OpContext| {
        let seen = op.visibility(Action::ListWorklist)?;
        Ok::<_, ReferralError>(tx.worklist(seen, &PageRequest::new(10, None).expect("page"))?)
    };
    let items = world.store.read(&world.op(&region.team_lead), list).await?;
    Ok(items.rows.iter().map(|item| (item.words, item.due)).collect())
}

#[tokio::test]
async fn a_next_step_agreed_during_a_pause_reaches_the_worklist_and_the_pause_goes_on() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let active = under_way(&world, &region).await?;
    let now = world.op(&region.team_lead).now();
    let in_days = |days: i64| now + SignedDuration::from_hours(24 * days);
    let pause = Pause { target: any_version(&active), reason: HoldReason::Away, until: in_days(14) };
    let held = world.store.write(&world.op(&region.team_lead), move |tx, op| hold(tx, op, pause)).await?;
    call_on(&world, &region, &held, in_days(3)).await?;
    assert_eq!(worklist(&world, &region).await?, [("Call", in_days(3))]);
    let again = any_version(&held);
    let resumed =
        world.store.write(&world.op(&region.team_lead), move |tx, op| resume(tx, op, again)).await?;
    assert_eq!(resumed.stage.due(), active.stage.due(), "the clock that ran before runs on");
    assert_eq!(resumed.next_step, None);
    Ok(())
}

#[tokio::test]
async fn what_has_ended_has_no_next_step() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let active = under_way(&world, &region).await?;
    let next_year = world.op(&region.team_lead).now() + SignedDuration::from_hours(24 * 400);
    call_on(&world, &region, &active, next_year).await?;
    let bounded = worklist(&world, &region).await?;
    assert_eq!(bounded, [("Call", active.stage.due().expect("under way"))], "the service's own review time");
    let close_out =
        CloseOut { support_offered: Prose::parse("A talk")?, outcomes: None, actions_for_referrer: None };
    let done = Complete { target: any_version(&active), outcome: Outcome::GoalMet, close_out };
    world.store.write(&world.op(&region.team_lead), move |tx, op| complete(tx, op, done)).await?;
    let owner = world.database.connect_as_owner().await?;
    let left: Option<String> = owner
        .query_one("SELECT next_step FROM referrals WHERE referral_id = $1", &[&active.id.uuid()])
        .await?
        .get(0);
    assert_eq!(left, None);
    Ok(())
}

#[tokio::test]
async fn work_is_given_only_to_members_who_may_take_it_up() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let accepted = accept_as(&world, &region.team_lead, &sent).await?;
    let in_links = (region.network, Some(region.links));
    let bookkeeper = world.member(in_links, "Ravi Patel", Role::OrganisationAdmin).await?;
    for nobody in [&bookkeeper, &region.privacy_officer, &region.volunteer, &region.referrer] {
        let cmd = (any_version(&accepted), nobody.session.user);
        let given =
            world.store.write(&world.op(&region.team_lead), move |tx, op| allocate(tx, op, cmd)).await;
        assert!(matches!(given, Err(ReferralError::WorkerNotFound)), "{}", nobody.email);
    }
    let owner = world.database.connect_as_owner().await?;
    let kept: (Option<uuid::Uuid>, i64) = {
        let row = owner
            .query_one(
                "SELECT worker_id, (SELECT count(*) FROM events WHERE name = 'referral.allocated') FROM referrals
                 WHERE referral_id = $1",
                &[&accepted.id.uuid()],
            )
            .await?;
        (row.get(0), row.get(1))
    };
    assert_eq!(kept, (None, 0));
    Ok(())
}
