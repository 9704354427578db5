//! Every migration can be undone and done again by an owner that is no superuser, with people's data in the tables.

use std::collections::BTreeSet;
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::json;
use tokio_postgres::Client;
use trellis_domain::kernel::TypedId;
use trellis_tests::database::MIGRATOR;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::loop_over_graphql::{command, refer};
use crate::policy_drop::lived_in;

/// Newest first.
fn migrations() -> anyhow::Result<Vec<PathBuf>> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut found = Vec::new();
    for entry in read_dir(all)? {
        let path = entry?.path();
        if path.join("up.sql").is_file() {
            found.push(path);
        }
    }
    found.sort();
    found.reverse();
    ensure!(!found.is_empty(), "there are no migrations");
    Ok(found)
}

/// All of a file, or nothing of it.
async fn run(client: &Client, migration: &Path, file: &str) -> anyhow::Result<()> {
    let path = migration.join(file);
    client.batch_execute(&read_to_string(&path)?).await.with_context(|| path.display().to_string())
}

/// What the schema is made of, a line each. The order of a table's columns does not count.
async fn catalogue(client: &Client) -> anyhow::Result<BTreeSet<String>> {
    Ok(client.query(CATALOGUE, &[]).await?.iter().map(|row| row.get(0)).collect())
}

fn differences(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    let gone = before.difference(after).map(|line| format!("gone: {line}"));
    gone.chain(after.difference(before).map(|line| format!("new: {line}"))).collect()
}

/// Rows as they may be found where the newest migrations have not run: help under way and help not begun, with a risk,
/// and a key that two memberships of a user have used.
async fn found_before(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
    let given = command(&lead, "allocateReferral", "AllocateReferralInput", &accepted, to_sam).await?;
    let away = json!({ "reason": "ILLNESS", "until": "2026-12-07T09:00:00Z" });
    let held = command(&lead, "holdReferral", "HoldReferralInput", &given, away).await?;
    ensure!(held["stage"] == "ON_HOLD", "{held}");
    let owner = served.world.database.connect_as_owner().await?;
    let risk =
        owner.execute("UPDATE referrals SET risk = 'harm' WHERE stage IN ('active', 'on_hold')", &[]).await?;
    ensure!(risk == 2, "{risk} referrals are under way or held");
    let twice =
        "INSERT INTO idempotency_keys (network_id, actor_id, membership_id, key, request_hash, created_at)
      SELECT network_id, actor_id, gen_random_uuid(), key, '', created_at + interval '1 hour'
      FROM idempotency_keys WHERE actor_id = $1";
    ensure!(owner.execute(twice, &[&region.referrer.session.user.uuid()]).await? == 1, "one key was used");
    Ok(())
}

/// What the newest migrations make of it.
async fn filled_in(served: &Served, region: &Region) -> anyhow::Result<()> {
    let owner = served.world.database.connect_as_owner().await?;
    let kept = owner.query("SELECT membership_id, subject_id FROM idempotency_keys", &[]).await?;
    let kept: Vec<(uuid::Uuid, bool)> =
        kept.iter().map(|row| (row.get(0), row.get::<_, Option<uuid::Uuid>>(1).is_some())).collect();
    assert_eq!(kept, [(region.referrer.session.membership.uuid(), true)], "the older key, and whose it is");
    Ok(())
}

async fn acknowledged(served: &Served, region: &Region) -> anyhow::Result<()> {
    let owner = served.world.database.connect_as_owner().await?;
    let known = owner
        .query("SELECT stage, risk_acknowledged_by FROM referrals WHERE risk = 'harm' ORDER BY stage", &[])
        .await?;
    let known: Vec<(String, Option<uuid::Uuid>)> = known.iter().map(|row| (row.get(0), row.get(1))).collect();
    let sam = Some(region.link_worker.session.user.uuid());
    assert_eq!(known, [("active".to_owned(), sam), ("on_hold".to_owned(), None)]);
    Ok(())
}

#[tokio::test]
async fn every_migration_goes_up_and_down_and_up_again_where_people_have_lived() -> anyhow::Result<()> {
    let (served, region) = lived_in().await?;
    found_before(&served, &region).await?;
    let migrator = served.world.database.connect_as(MIGRATOR).await?;
    migrator.batch_execute("SET lock_timeout = '20s'").await?;
    let whole = catalogue(&migrator).await?;
    for migration in migrations()? {
        let before = catalogue(&migrator).await?;
        run(&migrator, &migration, "down.sql").await?;
        run(&migrator, &migration, "up.sql").await?;
        let changed = differences(&before, &catalogue(&migrator).await?);
        assert!(changed.is_empty(), "{} is not what it was: {changed:#?}", migration.display());
        match migration.file_name().and_then(|name| name.to_str()) {
            Some("20261127001410_key_scope") => filled_in(&served, &region).await?,
            Some("20261127001110_risk") => acknowledged(&served, &region).await?,
            _ => (),
        }
        run(&migrator, &migration, "down.sql").await?;
    }
    let left = catalogue(&migrator).await?;
    let ours = |line: &&String| !line.contains("__diesel_schema_migrations");
    assert_eq!(left.iter().filter(ours).collect::<Vec<_>>(), Vec::<&String>::new());

    migrator.batch_execute("DELETE FROM __diesel_schema_migrations").await?;
    let url = served.world.database.migrator_url();
    let ran = tokio::task::spawn_blocking(move || trellis_infra::pg::migrate(&url)).await??;
    assert_eq!(ran, migrations()?.len());
    let changed = differences(&whole, &catalogue(&migrator).await?);
    assert!(changed.is_empty(), "{changed:#?}");
    Ok(())
}

const CATALOGUE: &str = "
  SELECT format('table %s %s %s %s', c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
  UNION ALL SELECT format('view %s %s', c.relname, pg_get_viewdef(c.oid))
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
  UNION ALL SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT format('policy %s %s %s %s %s %s', tablename, policyname, cmd, roles, qual, with_check) FROM pg_policies
  UNION ALL SELECT format('function %s', pg_get_functiondef(p.oid))
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  UNION ALL SELECT format('grant %s %s %s', c.relname, a.grantee::regrole, a.privilege_type)
    FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
  UNION ALL SELECT format('grant %s.%s %s %s', t.attrelid::regclass, t.attname, a.grantee::regrole, a.privilege_type)
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.attisdropped
  UNION ALL SELECT format('grant %s %s %s', p.oid::regprocedure, a.grantee, a.privilege_type)
    FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE p.pronamespace = 'public'::regnamespace";
