//! What can go wrong between a use case and the store, whatever the store is.

/// A failure of the store. Refusals of the domain are not here.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row first, or the same thing exists already.
    #[error("the record was changed by somebody else")]
    Conflict,
    /// The store cannot be reached, or is too busy to take the work.
    #[error("the store is unavailable")]
    Unavailable(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// A stored value does not make sense to the domain.
    #[error("stored data is inconsistent in {table}.{column}")]
    Inconsistent { table: &'static str, column: &'static str },
    /// A sealed value does not open.
    #[error("a sealed value does not open")]
    Sealed,
    /// The same idempotency key came with another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The session ended, its roles changed, or its organisation was suspended.
    #[error("the session has ended")]
    SessionEnded,
    /// The session stands, but was proved by one factor, and its organisation asks for two by now.
    #[error("the session needs a second factor")]
    FactorNeeded,
    /// Anything the store reports that we have no name for.
    #[error("the store failed")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}
