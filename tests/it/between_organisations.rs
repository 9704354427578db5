//! What one organisation may do to another's things.

use trellis_domain::consent::Recipient;
use trellis_domain::policy::Role;
use trellis_domain::referral::onward::{Onward, onward};
use trellis_domain::referral::transfer::{Transfer, transfer};
use trellis_domain::referral::withdraw::withdraw;
use trellis_domain::referral::{Referral, Target, TransferReason, WithdrawnBy};
use trellis_tests::world::{Persona, Region, World};

use super::consent_story::{decide, places_taken, sees_somebody};
use super::store_story::{accept_as, refer_jo};

fn any_version(referral: &Referral) -> Target {
    Target { referral: referral.id, version: None }
}

/// The link workers have asked the advice service, which has passed it on to the charity, and the charity helps.
async fn passed_on_twice(world: &World, region: &Region) -> anyhow::Result<Referral> {
    let sent = refer_jo(world, region).await?;
    accept_as(world, &region.team_lead, &sent).await?;
    decide(world, &region.referrer, (sent.person, Recipient::Network)).await?;
    let placement = Onward {
        parent: any_version(&sent),
        service: region.debt_advice,
        needs: vec![],
        note: None,
        decision: None,
    };
    let op = world.op(&region.link_worker);
    let asked = world.store.write(&op, move |tx, op| onward(tx, op, placement)).await?;
    let in_advice = (region.network, Some(region.advice));
    let lead = world.member(in_advice, "Fay Quill", Role::TeamLead).await?;
    let taken = accept_as(world, &lead, &asked).await?;
    let on =
        Transfer { target: any_version(&taken), service: region.walking, reason: TransferReason::BetterFit };
    let passed_on = world.store.write(&world.op(&lead), move |tx, op| transfer(tx, op, on)).await?;
    Ok(accept_as(world, &region.volunteer, &passed_on).await?)
}

#[tokio::test]
async fn whoever_owns_the_referral_it_came_from_withdraws_it_with_the_access_it_opened() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let walking = passed_on_twice(&world, &region).await?;
    assert!(sees_somebody(&world, region.walkers).await? && places_taken(&world, region.walking).await? == 1);
    assert!(walking.from.organisation == region.advice && walking.parent.is_some());

    let asked = (any_version(&walking), WithdrawnBy::Person);
    world.store.write(&world.op(&region.link_worker), move |tx, op| withdraw(tx, op, asked)).await?;
    assert!(!sees_somebody(&world, region.walkers).await?, "the charity sees nobody");
    assert_eq!(places_taken(&world, region.walking).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_withdrawal_that_cannot_end_the_access_is_no_withdrawal() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let walking = passed_on_twice(&world, &region).await?;
    let owner = world.database.connect_as_owner().await?;
    owner.batch_execute("DROP POLICY person_access_end ON person_access").await?;
    let asked = (any_version(&walking), WithdrawnBy::Person);
    let op = world.op(&region.link_worker);
    assert!(world.store.write(&op, move |tx, op| withdraw(tx, op, asked)).await.is_err());
    assert_eq!(places_taken(&world, region.walking).await?, 1, "and nothing of it was kept");
    Ok(())
}
