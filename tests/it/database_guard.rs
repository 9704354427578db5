//! The second wall: what PostgreSQL itself refuses, whoever asks.

use trellis_tests::database::TestDatabase;

/// Tables that belong to no tenant. This list may only shrink.
const PLATFORM_TABLES: &[&str] = &[
    "__diesel_schema_migrations",
    "bank_holidays",
    "users",
    "sessions",
    "refresh_tokens",
    "sign_in_attempts",
    // what a login proves itself with
    "authenticators",
    "recovery_codes",
    "passkeys",
    "passkey_challenges",
    "sign_in_tickets",
    "login_links",
    "federated_identities",
    "sign_in_ceremonies",
];

#[tokio::test]
async fn every_tenant_table_is_enabled_forced_and_has_a_policy_for_reading_and_writing() -> anyhow::Result<()>
{
    let database = TestDatabase::new().await?;
    let client = database.connect_as_owner().await?;
    let rows = client
        .query(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
               EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND 'trellis_app' = ANY (p.roles)
                 AND p.cmd IN ('ALL', 'SELECT') AND p.qual LIKE '%current_network%'),
               NOT has_table_privilege('trellis_app', c.oid, 'INSERT')
                 OR EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND 'trellis_app' = ANY (p.roles)
                   AND p.cmd IN ('ALL', 'INSERT') AND coalesce(p.with_check, p.qual) LIKE '%current_network%')
             FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'",
            &[],
        )
        .await?;
    assert!(rows.len() > PLATFORM_TABLES.len());
    for row in rows {
        let table: &str = row.get(0);
        if !PLATFORM_TABLES.contains(&table) {
            let guards: [bool; 4] = [row.get(1), row.get(2), row.get(3), row.get(4)];
            assert_eq!(guards, [true; 4], "{table}: enabled, forced, policy for reading, policy for writing");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_roles_that_serve_requests_own_nothing_and_cannot_step_around_the_policies() -> anyhow::Result<()>
{
    let database = TestDatabase::new().await?;
    let client = database.connect_as_owner().await?;
    let roles = client
        .query(
            "SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb,
               (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid),
               has_schema_privilege(r.oid, 'public', 'CREATE')
             FROM pg_roles r WHERE r.rolname IN ('trellis_app', 'trellis_platform')",
            &[],
        )
        .await?;
    assert_eq!(roles.len(), 2);
    for role in roles {
        let name: &str = role.get(0);
        assert_eq!(
            (role.get::<_, bool>(1), role.get::<_, i64>(2), role.get::<_, bool>(3)),
            (false, 0, false),
            "{name}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn platform_tables_are_closed_to_tenants_and_personal_tables_to_the_platform() -> anyhow::Result<()> {
    let database = TestDatabase::new().await?;
    let app = database.connect_as("trellis_app").await?;
    for table in PLATFORM_TABLES
        .iter()
        .filter(|table| !matches!(**table, "bank_holidays" | "__diesel_schema_migrations"))
    {
        assert!(
            app.query(&format!("SELECT * FROM {table}"), &[]).await.is_err(),
            "{table} is open to trellis_app"
        );
    }
    let platform = database.connect_as("trellis_platform").await?;
    for table in [
        "persons",
        "person_keys",
        "person_tokens",
        "person_access",
        "referrals",
        "contacts",
        "decisions",
        "events",
        "audit_entries",
    ] {
        assert!(
            platform.query(&format!("SELECT * FROM {table}"), &[]).await.is_err(),
            "{table} is open to trellis_platform"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_query_without_a_tenant_fails_loudly() -> anyhow::Result<()> {
    let database = TestDatabase::new().await?;
    let client = database.connect_as("trellis_app").await?;
    for table in
        ["persons", "referrals", "organisations", "services", "contacts", "audit_entries", "outbox", "tasks"]
    {
        let refused = client.query(&format!("SELECT * FROM {table}"), &[]).await;
        let code = refused.err().and_then(|error| error.code().map(|code| code.code().to_owned()));
        assert_eq!(code.as_deref(), Some("TR001"), "{table} answered without a tenant");
    }
    Ok(())
}

#[tokio::test]
async fn events_and_audit_entries_can_be_added_and_never_changed() -> anyhow::Result<()> {
    let database = TestDatabase::new().await?;
    let client = database.connect_as("trellis_app").await?;
    for table in ["events", "audit_entries"] {
        for verb in [
            format!("UPDATE {table} SET kind = 'x'"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
        ] {
            assert!(client.batch_execute(&verb).await.is_err(), "{verb} was allowed");
        }
    }
    Ok(())
}
