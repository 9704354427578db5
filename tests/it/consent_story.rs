//! Withdrawing a sharing decision, through the store: what was shared under it is closed, and nothing else.

use serde_json::{Value, json};
use trellis_domain::consent::record::{DecisionError, RecordDecision, record};
use trellis_domain::consent::withdraw::withdraw;
use trellis_domain::consent::{Decision, HowGiven, Purpose, Recipient, Scope, Withdrawal};
use trellis_domain::contact::{ContactResult, LogContact, log};
use trellis_domain::kernel::{DecisionId, OrganisationId, PersonId, Prose, ServiceId, TypedId};
use trellis_domain::person::{AccessLevel, Channel};
use trellis_domain::policy::Role;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::onward::{Onward, onward};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::{FeedbackChoice, Need, Outcome, Referral, Risk, Route, StageName, Target};
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region, World};

use super::loop_over_graphql::{REFERRAL, agreement, command, refer as refer_over_graphql};
use super::store_story::{accept_as, explained, refer_jo};
use trellis_tests::footprint::footprint;

pub async fn finish(world: &World, region: &Region, referral: &Referral) -> anyhow::Result<Referral> {
    let target = Target { referral: referral.id, version: None };
    let (channel, result) = (Channel::Phone, ContactResult::Spoke);
    let spoke = LogContact { target, channel, result, minutes: 5, note: None, next: None };
    world.store.write(&world.op(&region.team_lead), move |tx, op| log(tx, op, spoke)).await?;
    let close_out =
        CloseOut { support_offered: Prose::parse("A talk")?, outcomes: None, actions_for_referrer: None };
    let done = Complete { target, outcome: Outcome::GoalMet, close_out };
    Ok(world.store.write(&world.op(&region.team_lead), move |tx, op| complete(tx, op, done)).await?)
}

async fn refer_to_the_walk(world: &World, region: &Region, person: PersonId) -> anyhow::Result<Referral> {
    let walk = Refer {
        whom: Whom::Known(person),
        service: region.walking,
        route: Route::Professional,
        needs: vec![Need::Activity],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: None,
        again: None,
        agreed: Some((HowGiven::Spoken, explained())),
    };
    Ok(world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, walk)).await?)
}

pub async fn decide(
    world: &World,
    who: &Persona,
    (person, recipient): (PersonId, Recipient),
) -> anyhow::Result<Decision> {
    let decision = RecordDecision {
        person,
        recipient,
        purpose: Purpose::Referral,
        scope: Scope::NeedAndAccess,
        how_given: HowGiven::Spoken,
        explained: explained(),
        ends_at: None,
    };
    Ok(world.store.write(&world.op(who), move |tx, op| record(tx, op, decision)).await?)
}

pub async fn take_back(
    world: &World,
    who: &Persona,
    decision: DecisionId,
) -> Result<Withdrawal, DecisionError> {
    world.store.write(&world.op(who), move |tx, op| withdraw(tx, op, decision)).await
}

/// The practice has asked the link workers; the practice then let more people know; the link workers have asked the
/// charity under what the practice recorded, and the charity helps.
async fn charity_helps(
    world: &World,
    region: &Region,
    recipient: Recipient,
) -> anyhow::Result<(Decision, Referral)> {
    let sent = refer_jo(world, region).await?;
    accept_as(world, &region.team_lead, &sent).await?;
    let decision = decide(world, &region.referrer, (sent.person, recipient)).await?;
    let placement = Onward {
        parent: Target { referral: sent.id, version: None },
        service: region.walking,
        needs: vec![],
        note: None,
        again: None,
        decision: None,
    };
    let op = world.op(&region.link_worker);
    let placed = world.store.write(&op, move |tx, op| onward(tx, op, placement)).await?;
    anyhow::ensure!(placed.decision == Some(decision.id), "it went out under another decision");
    let walking = accept_as(world, &region.volunteer, &placed).await?;
    anyhow::ensure!(walking.stage.name() == StageName::Accepted, "the place was taken");
    Ok((decision, walking))
}

pub async fn stage_of(world: &World, referral: &Referral) -> anyhow::Result<String> {
    let owner = world.database.connect_as_owner().await?;
    let stage = "SELECT stage FROM referrals WHERE referral_id = $1";
    Ok(owner.query_one(stage, &[&referral.id.uuid()]).await?.get(0))
}

pub async fn places_taken(world: &World, service: ServiceId) -> anyhow::Result<i32> {
    let owner = world.database.connect_as_owner().await?;
    let taken = "SELECT taken FROM service_places WHERE service_id = $1";
    Ok(owner.query_one(taken, &[&service.uuid()]).await?.get(0))
}

/// How often an organisation was told so, in events and in tasks.
async fn told(world: &World, (event, organisation): (&str, OrganisationId)) -> anyhow::Result<(i64, i64)> {
    let owner = world.database.connect_as_owner().await?;
    let organisation = organisation.uuid();
    let events = "SELECT count(*) FROM events WHERE name = $1 AND $2 = ANY (audience)";
    let tasks = "SELECT count(*) FROM tasks WHERE kind = 'sharing_withdrawn' AND organisation_id = $1";
    Ok((
        owner.query_one(events, &[&event, &organisation]).await?.get(0),
        owner.query_one(tasks, &[&organisation]).await?.get(0),
    ))
}

pub async fn sees_somebody(world: &World, organisation: OrganisationId) -> anyhow::Result<bool> {
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
    let walk = refer_to_the_walk(&world, &region, sent.person).await?;
    let walking = accept_as(&world, &region.volunteer, &walk).await?;
    assert!(sees_somebody(&world, region.links).await? && sees_somebody(&world, region.walkers).await?);

    let decision = finished.decision.ok_or_else(|| anyhow::anyhow!("sent under no {}", Purpose::Referral))?;
    world.store.write(&world.op(&region.referrer), move |tx, op| withdraw(tx, op, decision)).await?;
    assert!(!sees_somebody(&world, region.links).await?, "what is finished is closed");
    assert!(sees_somebody(&world, region.walkers).await?, "the walk goes on under its own decision");

    let decision = walking.decision.ok_or_else(|| anyhow::anyhow!("sent under no decision"))?;
    world.store.write(&world.op(&region.referrer), move |tx, op| withdraw(tx, op, decision)).await?;
    assert!(!sees_somebody(&world, region.walkers).await?);
    assert_eq!(stage_of(&world, &walking).await?, StageName::Withdrawn.code());
    assert_eq!(told(&world, ("sharing.ended", region.links)).await?, (1, 1), "who had finished is told");
    assert_eq!(told(&world, ("sharing.ended", region.walkers)).await?, (0, 1), "who helps is told once");
    Ok(())
}

#[tokio::test]
async fn withdrawing_closes_what_runs_between_two_other_organisations() -> anyhow::Result<()> {
    let world = World::new().await?;
    for number in 0..3 {
        let region = world.region(&format!("vale-{number}")).await?;
        let recipient = match number {
            0 => Recipient::Network,
            1 => Recipient::Organisation(region.walkers),
            _ => Recipient::Kind(OrganisationKind::CommunityProvider),
        };
        let (decision, walking) = charity_helps(&world, &region, recipient).await?;
        assert!(
            sees_somebody(&world, region.walkers).await? && places_taken(&world, region.walking).await? == 1
        );

        let done = take_back(&world, &region.referrer, decision.id).await?;
        assert!(!sees_somebody(&world, region.walkers).await?, "{recipient:?}: the charity sees nobody");
        assert_eq!(stage_of(&world, &walking).await?, StageName::Withdrawn.code(), "{recipient:?}");
        assert_eq!(places_taken(&world, region.walking).await?, 0, "{recipient:?}: the place is free");
        assert_eq!(told(&world, ("referral.withdrawn", region.walkers)).await?, (1, 1), "{recipient:?}");
        let held: Vec<_> = done.receipt.iter().map(|held| (held.organisation, held.level)).collect();
        assert_eq!(held, [(region.walkers, Some(AccessLevel::Limited))], "{recipient:?}");
        assert!(sees_somebody(&world, region.links).await?, "the link workers have a decision of their own");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_holds_the_record_may_be_told_and_whoever_knows_less_may_not() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let (decision, walking) = charity_helps(&world, &region, Recipient::Network).await?;
    let of_charity = (region.network, Some(region.walkers));
    let officer = world.member(of_charity, "Gil Marsh", Role::PrivacyOfficer).await?;
    let refused = take_back(&world, &officer, decision.id).await;
    assert!(matches!(refused, Err(DecisionError::Denied(_))), "{refused:?}");
    let stranger =
        world.member((region.network, Some(region.advice)), "Lou Hart", Role::PrivacyOfficer).await?;
    let refused = take_back(&world, &stranger, decision.id).await;
    assert!(matches!(refused, Err(DecisionError::NotFound)), "{refused:?}");
    assert!(sees_somebody(&world, region.walkers).await?);

    take_back(&world, &region.link_worker, decision.id).await?;
    assert!(!sees_somebody(&world, region.walkers).await?);
    assert_eq!(stage_of(&world, &walking).await?, StageName::Withdrawn.code());
    Ok(())
}

#[tokio::test]
async fn the_link_workers_may_end_the_sharing_that_they_work_under() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let accepted = accept_as(&world, &region.team_lead, &sent).await?;
    let decision = accepted.decision.ok_or_else(|| anyhow::anyhow!("sent under no decision"))?;
    take_back(&world, &region.link_worker, decision).await?;
    assert!(!sees_somebody(&world, region.links).await? && sees_somebody(&world, region.practice).await?);
    assert_eq!(stage_of(&world, &accepted).await?, StageName::Withdrawn.code());
    Ok(())
}

#[tokio::test]
async fn the_database_ends_nothing_under_a_decision_that_is_not_being_withdrawn() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let (standing, walking) = charity_helps(&world, &region, Recipient::Network).await?;
    let over =
        decide(&world, &region.referrer, (walking.person, Recipient::Organisation(region.advice))).await?;
    take_back(&world, &region.referrer, over.id).await?;
    let app = world.database.connect_as("trellis_app").await?;
    let tenant = format!(
        "SET LOCAL app.network_id = '{}'; SET LOCAL app.organisation_id = '{}'",
        region.network.uuid(),
        region.practice.uuid()
    );
    for decision in [standing.id, over.id] {
        let (id, referral) = (decision.uuid(), walking.id.uuid());
        for call in [
            format!("lock_referrals_under('{id}')"),
            format!("take_back_referral('{id}', '{referral}', 2, now(), true)"),
            format!("stop_messages_under('{id}', now())"),
            format!("end_access_under('{id}', now(), 'because')"),
        ] {
            let refused = app.batch_execute(&format!("BEGIN; {tenant}; SELECT {call}")).await;
            let code = refused.err().and_then(|error| error.code().map(|code| code.code().to_owned()));
            assert_eq!(code.as_deref(), Some("TR003"), "{call} was done");
            app.batch_execute("ROLLBACK").await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_waits_to_be_sent_under_a_withdrawn_decision_is_stopped_and_nothing_else() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let walk = refer_to_the_walk(&world, &region, sent.person).await?;
    let decision = sent.decision.ok_or_else(|| anyhow::anyhow!("sent under no decision"))?;
    let done = take_back(&world, &region.referrer, decision).await?;
    let held: Vec<_> = done.receipt.iter().map(|held| (held.organisation, held.level)).collect();
    assert_eq!(held, [(region.links, None)], "they had a request without a name");
    let owner = world.database.connect_as_owner().await?;
    let waiting = "SELECT template, status FROM outbox WHERE referral_id = $1 ORDER BY template";
    let mut found = Vec::new();
    for referral in [&sent, &walk] {
        let rows = owner.query(waiting, &[&referral.id.uuid()]).await?;
        found.push(rows.iter().map(|row| (row.get(0), row.get(1))).collect::<Vec<(String, String)>>());
    }
    let request = |status: &str| ("request_to_provider".to_owned(), status.to_owned());
    let news = ("task_for_worker".to_owned(), "queued".to_owned());
    assert_eq!(found, [vec![request("stopped"), news], vec![request("queued")]]);
    Ok(())
}

async fn withdraw_over_graphql(client: &Client, decision: &Value) -> anyhow::Result<Value> {
    let input = json!({ "decisionId": decision, "idempotencyKey": "jo-changed-her-mind" });
    let fields =
        "decision { active } receipt { organisation { name } accessLevel words since } refusal { code }";
    client.mutate("withdrawDecision", "WithdrawDecisionInput", input, fields).await
}

async fn record_over_graphql(client: &Client, person: &Value, ends: Value) -> anyhow::Result<Value> {
    let everybody = json!({
        "personId": person, "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS", "agreement": agreement(), "endsAt": ends,
    });
    let payload =
        client.mutate("recordDecision", "RecordDecisionInput", everybody, "decision { id }").await?;
    Ok(payload["decision"]["id"].clone())
}

#[tokio::test]
async fn a_charity_that_is_signed_in_is_refused_on_its_next_look_and_the_person_gets_a_receipt()
-> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead, bea) = (
        served.client(&region.referrer)?,
        served.client(&region.team_lead)?,
        served.client(&region.volunteer)?,
    );
    let sent = refer_over_graphql(&gp, &region.link_service.to_string()).await?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let person = "query($id: ID!) { referral(id: $id) { stage person { id name } } }";
    let known = gp.data(person, json!({ "id": sent["id"] })).await?["referral"]["person"]["id"].clone();
    let decision = record_over_graphql(&gp, &known, Value::Null).await?;
    let onward = json!({ "referralId": sent["id"], "serviceId": region.walking.to_string() });
    let placed = lead.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?["referral"].clone();
    command(&bea, "acceptReferral", "ReferralCommandInput", &placed, json!({})).await?;
    let before = bea.data(person, json!({ "id": placed["id"] })).await?["referral"].clone();
    assert_eq!(before["person"]["name"], "Jo Park");

    let done = withdraw_over_graphql(&gp, &decision).await?;
    assert_eq!(done["decision"]["active"], false, "{done}");
    let line = json!({
        "organisation": { "name": "Eastfield Walkers" }, "accessLevel": "LIMITED",
        "words": "What this referral shared", "since": "2026-11-23T09:00:00Z",
    });
    assert_eq!(done["receipt"], json!([line]), "{done}");
    assert_eq!(withdraw_over_graphql(&gp, &decision).await?, done, "a repeat has the same receipt");

    let after = bea.data(person, json!({ "id": placed["id"] })).await?["referral"].clone();
    assert_eq!(after, json!({ "stage": "WITHDRAWN", "person": null }));
    let record = "query($id: ID!) { person(id: $id) { name } }";
    let refused = bea.ask(record, json!({ "id": known })).await?;
    assert!(refused.body["data"]["person"].is_null(), "{}", refused.body);
    Ok(())
}

#[tokio::test]
async fn a_decision_is_taken_back_once_and_an_ended_one_shares_nothing_more() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    let sent = refer_over_graphql(&gp, &region.link_service.to_string()).await?;
    let query = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = gp.data(query, json!({ "id": sent["id"] })).await?["referral"]["person"]["id"].clone();
    let decision = record_over_graphql(&gp, &person, json!("2026-11-23T09:30:00Z")).await?;
    let ended = record_over_graphql(&gp, &person, json!("2026-11-23T09:30:00Z")).await?;
    withdraw_over_graphql(&gp, &decision).await?;
    let before = footprint(&served.world.database).await?;
    let again = json!({ "decisionId": decision });
    let code = gp.refused("withdrawDecision", "WithdrawDecisionInput", again).await?;
    assert_eq!(
        (code.as_str(), footprint(&served.world.database).await?),
        ("ALREADY_WITHDRAWN", before.clone())
    );

    served.world.clock.advance(jiff::SignedDuration::from_mins(31));
    let gp = served.client(&region.referrer)?;
    let walk = json!({
        "personId": person, "serviceId": region.walking.to_string(), "needs": ["LONELINESS"], "risk": "NONE_KNOWN",
    });
    let code = gp.refused("refer", "ReferInput", walk).await?;
    assert_eq!((code.as_str(), footprint(&served.world.database).await?), ("DECISION_EXPIRED", before));
    // What was opened while it held is still open, so it can be taken back all the same.
    let late = json!({ "decisionId": ended });
    let done =
        gp.mutate("withdrawDecision", "WithdrawDecisionInput", late, "decision { active } refusal { code }");
    assert_eq!(done.await?, json!({ "decision": { "active": false }, "refusal": null }));
    Ok(())
}
