//! The isolation probe, and the proof that it would notice: with a table's policies off, the probe turns red.

use trellis_domain::kernel::{OrganisationId, TypedId};
use trellis_tests::world::{Region, World};

use crate::store_story::{accept_as, refer_jo};

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
    let personal = if matches!(table, "events" | "audit_entries") { "AND person_id IS NOT NULL" } else { "" };
    format!("SELECT count(*) FROM {table} WHERE network_id = $1 {personal}")
}

/// A story that leaves a row in nearly every table.
async fn lived_in(world: &World) -> anyhow::Result<Region> {
    let region = world.region("north-vale").await?;
    let sent = refer_jo(world, &region).await?;
    accept_as(world, &region.team_lead, &sent).await?;
    let second = refer_jo(world, &region).await?;
    let reason = trellis_domain::referral::DeclineReason::NoCapacity;
    let target = trellis_domain::referral::Target { referral: second.id, version: None };
    world
        .store
        .write(&world.op(&region.team_lead), move |tx, op| {
            trellis_domain::referral::decline::decline(tx, op, (target, reason))
        })
        .await?;
    Ok(region)
}

#[tokio::test]
async fn another_network_sees_nothing_in_any_table() -> anyhow::Result<()> {
    let world = World::new().await?;
    let ours = lived_in(&world).await?;
    let theirs = world.region("south-moor").await?;
    for table in tenant_tables(&world).await? {
        for organisation in [Some(theirs.links), Some(ours.links), None] {
            let count = seen(&world, &table, &ours, (theirs.network.uuid(), organisation)).await?;
            assert_eq!(count, 0, "{table} shows rows of another network");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_organisation_that_is_no_party_sees_nothing_personal() -> anyhow::Result<()> {
    let world = World::new().await?;
    let ours = lived_in(&world).await?;
    for table in [
        "persons",
        "person_keys",
        "person_tokens",
        "person_access",
        "decisions",
        "referrals",
        "contacts",
        "events",
        "audit_entries",
        "outbox",
        "links",
        "link_devices",
        "tasks",
        "idempotency_keys",
    ] {
        for stranger in [Some(ours.advice), None] {
            let count = seen(&world, table, &ours, (ours.network.uuid(), stranger)).await?;
            assert_eq!(count, 0, "{table} shows rows to {stranger:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn with_the_policies_of_a_table_off_the_probe_turns_red() -> anyhow::Result<()> {
    let world = World::new().await?;
    let ours = lived_in(&world).await?;
    let theirs = world.region("south-moor").await?;
    let owner = world.database.connect_as_owner().await?;
    for table in tenant_tables(&world).await? {
        let filled: i64 = owner.query_one(&counting(&table), &[&ours.network.uuid()]).await?.get(0);
        owner.batch_execute(&format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await?;
        let count = seen(&world, &table, &ours, (theirs.network.uuid(), Some(theirs.links))).await?;
        owner.batch_execute(&format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")).await?;
        assert_eq!(count, filled, "the probe did not notice that {table} was open");
        let empty = ["contacts", "idempotency_keys", "link_devices"];
        assert!(filled > 0 || empty.contains(&table.as_str()), "the story leaves nothing in {table}");
    }
    Ok(())
}

#[tokio::test]
async fn each_policy_is_needed_for_the_story() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.database.connect_as_owner().await?;
    let policies = owner
        .query(
            "SELECT policyname::text, tablename::text FROM pg_policies WHERE 'trellis_app' = ANY (roles)
             AND tablename IN ('persons', 'person_keys', 'person_tokens', 'person_access', 'referrals', 'decisions',
               'services', 'service_places', 'organisations', 'events', 'audit_entries', 'outbox', 'links')
             AND policyname NOT IN ('outbox_read', 'outbox_stop', 'links_use', 'events_read', 'audit_read',
               'person_access_end')",
            &[],
        )
        .await?;
    assert!(policies.len() >= 12);
    for (number, policy) in policies.iter().enumerate() {
        let (name, table): (&str, &str) = (policy.get(0), policy.get(1));
        let undo: String = owner.query_one(POLICY_TEXT, &[&name, &table]).await?.get(0);
        owner.batch_execute(&format!("DROP POLICY {name} ON {table}")).await?;
        let told = story(&world, number).await;
        owner.batch_execute(&undo).await?;
        assert!(told.is_err(), "nothing failed without {name} on {table}");
    }
    story(&world, policies.len()).await
}

async fn story(world: &World, number: usize) -> anyhow::Result<()> {
    let region = world.region(&format!("region-{number}")).await?;
    let sent = refer_jo(world, &region).await?;
    accept_as(world, &region.team_lead, &sent).await?;
    Ok(())
}

/// The statement that makes a policy again.
const POLICY_TEXT: &str = "SELECT format('CREATE POLICY %I ON %I FOR %s TO %s', policyname, tablename, cmd,
    array_to_string(roles, ', ')) || coalesce(' USING (' || qual || ')', '')
    || coalesce(' WITH CHECK (' || with_check || ')', '')
  FROM pg_policies WHERE policyname = $1 AND tablename = $2";
