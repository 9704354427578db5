//! The connection of a lane: diesel over the pure-Rust wire protocol, whose opening (`BEGIN`, the tenant, the session)
//! travels in front of the first statement instead of waiting for an answer of its own. PostgreSQL answers in order, so a
//! refused opening leaves a failed transaction in which no statement after it can do anything.

use diesel::connection::Instrumentation;
use diesel::query_builder::{AsQuery, QueryFragment, QueryId};
use diesel::result::{ConnectionResult, QueryResult};
use diesel_async::pooled_connection::PoolableConnection;
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncConnectionCore, AsyncPgConnection, SimpleAsyncConnection,
};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join};

/// See the module.
pub struct OpeningConnection {
    inner: AsyncPgConnection,
    /// Sent with whatever is sent next.
    opening: Option<String>,
}

impl OpeningConnection {
    /// Keeps a message for the next statement. It must begin a transaction and end in no other state than inside it.
    pub(super) fn open_with(&mut self, message: String) {
        self.opening = Some(message);
    }
}

impl SimpleAsyncConnection for OpeningConnection {
    /// Together with an opening that has not been sent yet, as one message; when that fails nothing of it is kept.
    async fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        let Some(opening) = self.opening.take() else { return self.inner.batch_execute(query).await };
        let done = self.inner.batch_execute(&format!("{opening}; {query}")).await;
        if done.is_err() {
            // The error that counts is the first; a connection that is gone has rolled back by itself.
            let _ = self.inner.batch_execute("ROLLBACK").await;
        }
        done
    }
}

/// What a statement answers, unless what was sent before it was refused.
async fn after_opening<T>(
    mut connection: &AsyncPgConnection,
    opening: String,
    statement: BoxFuture<'_, QueryResult<T>>,
) -> QueryResult<T> {
    // Polled in this order, and both are sent before either is answered.
    let (opened, answered) = join(connection.batch_execute(&opening), statement).await;
    opened.and(answered)
}

impl AsyncConnectionCore for OpeningConnection {
    type ExecuteFuture<'conn, 'query> = BoxFuture<'conn, QueryResult<usize>>;
    type LoadFuture<'conn, 'query> = BoxFuture<'conn, QueryResult<Self::Stream<'conn, 'query>>>;
    type Stream<'conn, 'query> = <AsyncPgConnection as AsyncConnectionCore>::Stream<'conn, 'query>;
    type Row<'conn, 'query> = <AsyncPgConnection as AsyncConnectionCore>::Row<'conn, 'query>;
    type Backend = diesel::pg::Pg;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> Self::LoadFuture<'conn, 'query>
    where
        T: AsQuery + 'query,
        T::Query: QueryFragment<Self::Backend> + QueryId + 'query,
    {
        let Some(opening) = self.opening.take() else { return self.inner.load(source) };
        let shared: &'conn AsyncPgConnection = &self.inner;
        let loaded = AsyncConnectionCore::load(&mut &*shared, source);
        after_opening(shared, opening, loaded).boxed()
    }

    fn execute_returning_count<'conn, 'query, T>(
        &'conn mut self,
        source: T,
    ) -> Self::ExecuteFuture<'conn, 'query>
    where
        T: QueryFragment<Self::Backend> + QueryId + 'query,
    {
        let Some(opening) = self.opening.take() else { return self.inner.execute_returning_count(source) };
        let shared: &'conn AsyncPgConnection = &self.inner;
        let executed = AsyncConnectionCore::execute_returning_count(&mut &*shared, source);
        after_opening(shared, opening, executed).boxed()
    }
}

impl AsyncConnection for OpeningConnection {
    type TransactionManager = AnsiTransactionManager;

    async fn establish(database_url: &str) -> ConnectionResult<Self> {
        Ok(Self { inner: AsyncPgConnection::establish(database_url).await?, opening: None })
    }

    fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
        self.inner.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.inner.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.inner.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: diesel::connection::CacheSize) {
        self.inner.set_prepared_statement_cache_size(size);
    }
}

impl PoolableConnection for OpeningConnection {
    fn is_broken(&mut self) -> bool {
        PoolableConnection::is_broken(&mut self.inner)
    }
}
