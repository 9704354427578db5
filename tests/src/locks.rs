//! Two at once, one of them held in the middle: no sleeps, and a bound.

use std::time::Duration;

use crate::database::TestDatabase;

const LONG: Duration = Duration::from_secs(20);

/// Somebody holds what `act` needs. `act` is seen to wait for it; then `let_go` is done, and it goes on.
pub async fn waits_until<T>(
    database: &TestDatabase,
    act: impl Future<Output = T>,
    let_go: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<T> {
    let beside = database.connect_as_owner().await?;
    let waits = async {
        let waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock')";
        while !beside.query_one(waiting, &[]).await?.get::<_, bool>(0) {
            tokio::task::yield_now().await;
        }
        Ok::<_, tokio_postgres::Error>(())
    };
    let mut act = std::pin::pin!(act);
    tokio::select! {
        biased;
        _ = &mut act => anyhow::bail!("it did not wait"),
        waited = tokio::time::timeout(LONG, waits) => waited??,
    }
    let_go().await?;
    Ok(tokio::time::timeout(LONG, act).await?)
}
