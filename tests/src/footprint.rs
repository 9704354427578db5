//! What a database holds, table by table, to be compared: after a refusal nothing is different.

use std::collections::BTreeMap;

use crate::database::TestDatabase;

/// Counting tries is what this table is for; a refused one is counted too.
const COUNTS_TRIES: &str = "sign_in_attempts";

/// For each table how many rows it has, and a digest of all that is in them.
pub type Footprint = BTreeMap<String, (i64, String)>;

/// Every table of the catalogue, whatever it is called; of the audit all but the denials, which are meant to be kept.
pub async fn footprint(database: &TestDatabase) -> anyhow::Result<Footprint> {
    let owner = database.connect_as_owner().await?;
    let tables = owner
        .query(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> $1",
            &[&COUNTS_TRIES],
        )
        .await?;
    let mut held = Footprint::new();
    for table in &tables {
        let name: &str = table.get(0);
        let kept = if name == "audit_entries" { "WHERE result <> 'refused'" } else { "" };
        let query = format!(
            "SELECT count(*), coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') FROM {name} t {kept}"
        );
        let row = owner.query_one(&query, &[]).await?;
        held.insert(name.to_owned(), (row.get(0), row.get(1)));
    }
    Ok(held)
}

/// The tables in which the two differ.
pub fn changed(before: &Footprint, after: &Footprint) -> Vec<String> {
    let differs = |table: &&String| before.get(*table) != after.get(*table);
    before.keys().filter(differs).cloned().collect()
}
