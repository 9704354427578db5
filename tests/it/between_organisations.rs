//! What one organisation may do to another's things, and what stands still when one of them is suspended.

use serde_json::{Value, json};
use trellis_domain::consent::Recipient;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{MembershipId, OrganisationId, TypedId};
use trellis_domain::policy::{Role, Roles};
use trellis_domain::referral::onward::{Onward, onward};
use trellis_domain::referral::transfer::{Transfer, transfer};
use trellis_domain::referral::withdraw::withdraw;
use trellis_domain::referral::{Referral, Target, TransferReason, WithdrawnBy};
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region, World};

use super::consent_story::{decide, places_taken, sees_somebody};
use super::loop_over_graphql::{REFERRAL, command, refer, refer_input, somebody_new};
use super::store_story::{accept_as, refer_jo};
use trellis_tests::footprint::footprint;

fn any_version(referral: &Referral) -> Target {
    Target { referral: referral.id, version: None }
}

/// The link workers have asked the advice service, which has passed it on to the charity, and the charity helps.
async fn passed_on_twice(world: &World, region: &Region) -> anyhow::Result<Referral> {
    let sent = refer_jo(world, region).await?;
    accept_as(world, &region.team_lead, &sent).await?;
    decide(world, &region.referrer, (sent.person, Recipient::Network)).await?;
    let fellside =
        world.organisation(region.network, "Fellside Links", OrganisationKind::LinkWorkerService).await?;
    let taking_over = world.service((region.network, fellside), "Fellside link workers", Some(20)).await?;
    let placement = Onward {
        parent: any_version(&sent),
        service: taking_over,
        needs: vec![],
        note: None,
        again: None,
        decision: None,
    };
    let op = world.op(&region.link_worker);
    let asked = world.store.write(&op, move |tx, op| onward(tx, op, placement)).await?;
    let lead = world.member((region.network, Some(fellside)), "Fay Quill", Role::TeamLead).await?;
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
    assert!(walking.from.organisation != region.links && walking.parent.is_some());

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

/// The same user in another organisation.
pub async fn also_in(
    world: &World,
    (who, organisation): (&Persona, OrganisationId),
    role: Role,
) -> anyhow::Result<Persona> {
    let membership: MembershipId = world.id();
    let owner = world.database.connect_as_owner().await?;
    owner
        .execute(
            "INSERT INTO memberships (network_id, membership_id, user_id, organisation_id, roles, name, email, created_at)
             SELECT network_id, $1, user_id, $2, ARRAY[$3], name, email, created_at FROM memberships
             WHERE membership_id = $4",
            &[
                &membership.uuid(),
                &organisation.uuid(),
                &role.code(),
                &who.session.membership.uuid(),
            ],
        )
        .await?;
    let session = VerifiedSession {
        membership,
        organisation: Some(organisation),
        roles: Roles::from_iter([role]),
        ..who.session.clone()
    };
    Ok(Persona { session, email: who.email.clone() })
}

#[tokio::test]
async fn a_key_belongs_to_the_membership_it_was_used_in() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let here = &region.referrer;
    let there = also_in(&served.world, (here, region.links), Role::LinkWorker).await?;
    let (here, there) = (served.client(here)?, served.client(&there)?);
    let mut input = somebody_new();
    input["idempotencyKey"] = json!("monday-morning-1");
    let query = "mutation($input: RegisterPersonInput!) { registerPerson(input: $input) { person { id } refusal { code } } }";
    let mut answers = Vec::new();
    for client in [&here, &there, &here, &there] {
        let answer = client.ask(query, json!({ "input": input })).await?;
        answers.push((answer.body["data"]["registerPerson"]["person"]["id"].clone(), answer.replayed));
    }
    let (practice, links) = (answers[0].0.clone(), answers[1].0.clone());
    assert!(practice.is_string() && links.is_string() && practice != links, "{answers:?}");
    assert_eq!(answers, [(practice.clone(), false), (links.clone(), false), (practice, true), (links, true)]);
    Ok(())
}

async fn suspend(served: &Served, organisation: OrganisationId) -> anyhow::Result<()> {
    let owner = served.world.database.connect_as_owner().await?;
    let suspend = "UPDATE organisations SET suspended_at = now() WHERE organisation_id = $1";
    owner.execute(suspend, &[&organisation.uuid()]).await?;
    Ok(())
}

#[tokio::test]
async fn nothing_is_sent_to_an_organisation_that_is_suspended() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    let declined = refer(&gp, &region.debt_advice.to_string()).await?;
    let no_room = json!({ "reason": "NO_CAPACITY" });
    let tom = served.client(&region.adviser)?;
    let declined = command(&tom, "declineReferral", "DeclineReferralInput", &declined, no_room).await?;
    suspend(&served, region.advice).await?;
    let before = footprint(&served.world.database).await?;
    let input = refer_input(&region.debt_advice.to_string());
    assert_eq!(gp.refused("refer", "ReferInput", input).await?, "SERVICE_NOT_RUNNING");
    let again =
        json!({ "referralId": declined["id"], "version": declined["version"], "reason": "CAME_BACK" });
    assert_eq!(gp.refused("reopenReferral", "ReopenReferralInput", again).await?, "SERVICE_NOT_RUNNING");
    assert_eq!(footprint(&served.world.database).await?, before);

    let elsewhere = refer_input(&region.walking.to_string());
    let sent: Value = gp.mutate("refer", "ReferInput", elsewhere, REFERRAL).await?;
    assert_eq!(sent["referral"]["stage"], "SENT", "the others go on");
    Ok(())
}
