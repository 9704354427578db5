//! Withdrawing a sharing decision, through the store: what was shared under it is closed, and nothing else.

use trellis_domain::consent::withdraw::withdraw;
use trellis_domain::consent::{HowGiven, Purpose};
use trellis_domain::contact::{ContactResult, LogContact, log};
use trellis_domain::kernel::{OrganisationId, Prose, TypedId};
use trellis_domain::person::Channel;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::{FeedbackChoice, Need, Outcome, Referral, Risk, Route, StageName, Target};
use trellis_tests::world::{Region, World};

use super::store_story::{accept_as, explained, refer_jo};

async fn finish(world: &World, region: &Region, referral: &Referral) -> anyhow::Result<Referral> {
    let target = Target { referral: referral.id, version: None };
    let (channel, result) = (Channel::Phone, ContactResult::Spoke);
    let spoke = LogContact { target, channel, result, minutes: 5, note: None, next: None };
    world.store.write(&world.op(&region.team_lead), move |tx, op| log(tx, op, spoke)).await?;
    let close_out =
        CloseOut { support_offered: Prose::parse("A talk")?, outcomes: None, actions_for_referrer: None };
    let done = Complete { target, outcome: Outcome::GoalMet, close_out };
    Ok(world.store.write(&world.op(&region.team_lead), move |tx, op| complete(tx, op, done)).await?)
}

async fn sees_somebody(world: &World, organisation: OrganisationId) -> anyhow::Result<bool> {
    let owner = world.database.connect_as_owner().await?;
    let open = "SELECT EXISTS (SELECT 1 FROM person_access WHERE organisation_id = $1 AND ended_at IS NULL)";
    Ok(owner.query_one(open, &[&organisation.uuid()]).await?.get(0))
}

#[tokio::test]
async fn withdrawing_a_decision_closes_what_was_finished_under_it_and_leaves_the_rest() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let accepted = accept_as(&world, &region.team_lead, &sent).await?;
    let finished = finish(&world, &region, &accepted).await?;
    let walk = Refer {
        whom: Whom::Known(sent.person),
        service: region.walking,
        route: Route::Professional,
        needs: vec![Need::Activity],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: None,
        agreed: Some((HowGiven::Spoken, explained())),
    };
    let walk = world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, walk)).await?;
    let walking = accept_as(&world, &region.volunteer, &walk).await?;
    assert!(sees_somebody(&world, region.links).await? && sees_somebody(&world, region.walkers).await?);

    let decision = finished.decision.ok_or_else(|| anyhow::anyhow!("sent under no {}", Purpose::Referral))?;
    world.store.write(&world.op(&region.referrer), move |tx, op| withdraw(tx, op, decision)).await?;
    assert!(!sees_somebody(&world, region.links).await?, "what is finished is closed");
    assert!(sees_somebody(&world, region.walkers).await?, "the walk goes on under its own decision");

    let decision = walking.decision.ok_or_else(|| anyhow::anyhow!("sent under no decision"))?;
    world.store.write(&world.op(&region.referrer), move |tx, op| withdraw(tx, op, decision)).await?;
    assert!(!sees_somebody(&world, region.walkers).await?);
    let id = walking.id.uuid();
    let owner = world.database.connect_as_owner().await?;
    let stage: String =
        owner.query_one("SELECT stage FROM referrals WHERE referral_id = $1", &[&id]).await?.get(0);
    assert_eq!(stage, StageName::Withdrawn.code());
    Ok(())
}
