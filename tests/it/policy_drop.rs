//! The isolation probe, and the proof that it would notice: with a table's policies off, the probe turns red.

mod places;
mod steps;

use anyhow::Context;
use jiff::SignedDuration;
use trellis_domain::kernel::{OrganisationId, TypedId};
use trellis_tests::database::MIGRATOR;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Region, World};

use self::places::{applied_for, asked_for_two_factors, closed_down, joined, managed, shut_out};
use self::steps::{
    answered_by_mail, changed_their_mind, chased, could_not_be_told, handed_over, in_an_emergency,
    not_found_yet, planned, put_right, taken_back, taken_up, waited_for,
};
use crate::duplicates::found_twice;
use crate::isolation::provider_of;

/// Tables whose rows another network must never see. All of them; a new table joins by being in the catalogue.
async fn tenant_tables(world: &World) -> anyhow::Result<Vec<String>> {
    let client = world.database.connect_as_owner().await?;
    let rows = client
        .query(
            "SELECT DISTINCT tablename::text FROM pg_policies WHERE 'trellis_app' = ANY (roles) ORDER BY 1",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// How many rows of `ours` the organisation sees or could change.
async fn seen(
    world: &World,
    table: &str,
    ours: &Region,
    (network, organisation): (uuid::Uuid, Option<OrganisationId>),
) -> anyhow::Result<i64> {
    let client = world.database.connect_as("trellis_app").await?;
    let organisation = organisation.map(|id| id.uuid().to_string()).unwrap_or_default();
    client
        .batch_execute(&format!(
            "BEGIN; SET LOCAL app.network_id = '{network}'; SET LOCAL app.organisation_id = '{organisation}'; \
             SET LOCAL app.actor_id = '00000000-0000-0000-0000-000000000000'"
        ))
        .await?;
    Ok(client.query_one(&counting(table), &[&ours.network.uuid()]).await?.get(0))
}

/// Everybody sees that their own organisation was set up; what counts is what is about a person.
fn counting(table: &str) -> String {
    let about_a_person = matches!(table, "events" | "audit_entries" | "outbox");
    let personal = if about_a_person { "AND person_id IS NOT NULL" } else { "" };
    format!("SELECT count(*) FROM {table} WHERE network_id = $1 {personal}")
}

/// A story that leaves a row in every table.
pub async fn lived_in() -> anyhow::Result<(Served, Region)> {
    let (served, region) = Served::with_region().await?;
    let mailbox = Mailbox::of(&served)?;
    let active = taken_up(&served, &region).await?;
    planned(&served, &region, &active).await?;
    put_right(&served, &region, &active).await?;
    answered_by_mail(&served, &mailbox, &region, &active).await?;
    waited_for(&served, &region).await?;
    joined(&served, &mailbox, &region).await?;
    managed(&served, &region).await?;
    provider_of(&served, &region).await?;
    in_an_emergency(&served, &region).await?;
    closed_down(&served, &mailbox, &region).await?;
    handed_over(&served, &mailbox, &region).await?;
    applied_for(&served, &region).await?;
    chased(&served, &mailbox, &region).await?;
    found_twice(&served, &region).await?;
    Ok((served, region))
}

#[tokio::test]
async fn another_network_sees_nothing_in_any_table() -> anyhow::Result<()> {
    let (served, ours) = lived_in().await?;
    let world = &served.world;
    let theirs = world.region("south-moor").await?;
    for table in tenant_tables(world).await? {
        for organisation in [Some(theirs.links), Some(ours.links), None] {
            let count = seen(world, &table, &ours, (theirs.network.uuid(), organisation)).await?;
            assert_eq!(count, 0, "{table} shows rows of another network");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_organisation_that_is_no_party_sees_nothing_personal() -> anyhow::Result<()> {
    let (served, ours) = lived_in().await?;
    let world = &served.world;
    for table in [
        "persons",
        "person_keys",
        "person_tokens",
        "person_access",
        "decisions",
        "referrals",
        "contacts",
        "plan_versions",
        "events",
        "audit_entries",
        "outbox",
        "links",
        "link_devices",
        "tasks",
        "idempotency_keys",
    ] {
        for stranger in [Some(ours.advice), None] {
            let count = seen(world, table, &ours, (ours.network.uuid(), stranger)).await?;
            assert_eq!(count, 0, "{table} shows rows to {stranger:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn with_the_policies_of_a_table_off_the_probe_turns_red() -> anyhow::Result<()> {
    let (served, ours) = lived_in().await?;
    let world = &served.world;
    let theirs = world.region("south-moor").await?;
    let owner = world.database.connect_as_owner().await?;
    for table in tenant_tables(world).await? {
        let filled: i64 = owner.query_one(&counting(&table), &[&ours.network.uuid()]).await?.get(0);
        owner.batch_execute(&format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await?;
        let count = seen(world, &table, &ours, (theirs.network.uuid(), Some(theirs.links))).await?;
        owner.batch_execute(&format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")).await?;
        assert_eq!(count, filled, "the probe did not notice that {table} was open");
        assert!(filled > 0, "the story leaves nothing in {table}");
    }
    Ok(())
}

/// No operation reads the audit yet; the policy waits for the one that will. May only shrink.
const NOT_NEEDED_YET: &[&str] = &["audit_read"];

/// The story is told again for each policy: in shares, so that they are told side by side.
const SHARES: usize = 3;

#[tokio::test]
async fn each_policy_of_the_first_share_is_needed_for_the_story() -> anyhow::Result<()> {
    each_is_needed(0).await
}

#[tokio::test]
async fn each_policy_of_the_second_share_is_needed_for_the_story() -> anyhow::Result<()> {
    each_is_needed(1).await
}

#[tokio::test]
async fn each_policy_of_the_third_share_is_needed_for_the_story() -> anyhow::Result<()> {
    each_is_needed(2).await
}

async fn each_is_needed(share: usize) -> anyhow::Result<()> {
    let served = Served::new().await?;
    let mailbox = Mailbox::of(&served)?;
    let owner = served.world.database.connect_as_owner().await?;
    let policies = owner
        .query(
            "SELECT policyname::text, tablename::text FROM pg_policies
             WHERE roles && ARRAY['trellis_app', $2::text]::name[] AND NOT policyname = ANY ($1) ORDER BY 1",
            &[&NOT_NEEDED_YET, &MIGRATOR],
        )
        .await?;
    assert!(policies.len() >= 35);
    story(&served, &mailbox, "as-it-is").await.context("the story with every policy in its place")?;
    let mut unneeded = Vec::new();
    for (number, policy) in policies.iter().enumerate().filter(|(number, _)| number % SHARES == share) {
        let (name, table): (&str, &str) = (policy.get(0), policy.get(1));
        let undo: String = owner.query_one(POLICY_TEXT, &[&name, &table]).await?.get(0);
        owner.batch_execute(&format!("DROP POLICY {name} ON {table}")).await?;
        let told = story(&served, &mailbox, &format!("region-{number}")).await;
        owner.batch_execute(&undo).await?;
        if told.is_ok() {
            unneeded.push(format!("{name} on {table}"));
        }
    }
    assert!(unneeded.is_empty(), "nothing failed without {unneeded:?}");
    story(&served, &mailbox, "as-it-was").await
}

/// Something of everything that the application's role may do, itself or through a function that runs as the owner,
/// each looked at afterwards.
async fn story(served: &Served, mailbox: &Mailbox, slug: &str) -> anyhow::Result<()> {
    // tries from one address are limited within a minute: no story is to fail because of those before it
    served.world.clock.advance(SignedDuration::from_mins(2));
    let region = served.world.region(slug).await?;
    provider_of(served, &region).await?;
    let active = taken_up(served, &region).await?;
    planned(served, &region, &active).await?;
    put_right(served, &region, &active).await?;
    answered_by_mail(served, mailbox, &region, &active).await?;
    waited_for(served, &region).await?;
    could_not_be_told(served, mailbox, &region).await?;
    changed_their_mind(served, &region).await?;
    taken_back(served, &region).await?;
    asked_for_two_factors(served, &region).await?;
    joined(served, mailbox, &region).await?;
    managed(served, &region).await?;
    in_an_emergency(served, &region).await?;
    closed_down(served, mailbox, &region).await?;
    handed_over(served, mailbox, &region).await?;
    not_found_yet(served, &region).await?;
    found_twice(served, &region).await?;
    chased(served, mailbox, &region).await?;
    applied_for(served, &region).await?;
    shut_out(served, &region).await
}

/// The statement that makes a policy again.
const POLICY_TEXT: &str = "SELECT format('CREATE POLICY %I ON %I FOR %s TO %s', policyname, tablename, cmd,
    array_to_string(roles, ', ')) || coalesce(' USING (' || qual || ')', '')
    || coalesce(' WITH CHECK (' || with_check || ')', '')
  FROM pg_policies WHERE policyname = $1 AND tablename = $2";
