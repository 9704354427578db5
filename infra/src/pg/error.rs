//! From what PostgreSQL says to what the domain understands. Nothing of a row's content goes into a message.

use diesel::result::{DatabaseErrorKind, Error};
use trellis_domain::kernel::StoreError;

/// The session that the transaction was begun for has ended (`assert_session`).
const SESSION_ENDED: &str = "the session has ended";

/// What it adds for a session that one factor has proved, where two are asked for by now.
const FACTOR_NEEDED: &str = "a second factor is needed";

/// Each access names whoever answers for the record (see the migration `hand_over`).
const ACCESS_FOLLOWS: &str = "person_access_custodian";

/// What 40P01 says; diesel has no kind for it.
const DEADLOCK: &str = "deadlock detected";

/// A failure of the database without its text: the text may quote a value.
#[derive(Debug, thiserror::Error)]
#[error("PostgreSQL refused a statement ({kind})")]
pub struct Refused {
    kind: &'static str,
}

pub(crate) fn store_error(error: Error) -> StoreError {
    match error {
        Error::DatabaseError(kind, info) => database_error(kind, (info.message(), info.details())),
        Error::NotFound => StoreError::Conflict,
        Error::BrokenTransactionManager => StoreError::Unavailable(None),
        other => StoreError::Fault(Box::new(Refused { kind: name(&other) })),
    }
}

fn database_error(kind: DatabaseErrorKind, (message, details): (&str, Option<&str>)) -> StoreError {
    match kind {
        DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::SerializationFailure => StoreError::Conflict,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            StoreError::Unavailable(None)
        }
        // Of two that waited for each other, the one that was ended has changed nothing, and may try again.
        _ if message == DEADLOCK => StoreError::Conflict,
        _ if message == SESSION_ENDED && details == Some(FACTOR_NEEDED) => StoreError::FactorNeeded,
        _ if message == SESSION_ENDED => StoreError::SessionEnded,
        // Somebody else answers for the record since it was looked at.
        DatabaseErrorKind::ForeignKeyViolation if message.contains(ACCESS_FOLLOWS) => StoreError::Conflict,
        DatabaseErrorKind::ForeignKeyViolation => {
            StoreError::Fault(Box::new(Refused { kind: "foreign key" }))
        }
        DatabaseErrorKind::CheckViolation => StoreError::Fault(Box::new(Refused { kind: "check" })),
        _ if message.contains("terminating connection") || message.contains("shutting down") => {
            StoreError::Unavailable(None)
        }
        _ if message.contains("row-level security") => {
            StoreError::Fault(Box::new(Refused { kind: "row-level security" }))
        }
        _ if message.contains("no tenant is set") => {
            StoreError::Fault(Box::new(Refused { kind: "no tenant" }))
        }
        _ => {
            // The message names relations and functions; values are in `details`, which is read of our own refusals only.
            tracing::warn!(db.message = message, "PostgreSQL refused a statement");
            StoreError::Fault(Box::new(Refused { kind: "other" }))
        }
    }
}

fn name(error: &Error) -> &'static str {
    match error {
        Error::DeserializationError(_) => "reading a value",
        Error::SerializationError(_) => "writing a value",
        Error::QueryBuilderError(_) => "building a query",
        _ => "unknown",
    }
}

/// A stored value that the domain does not know.
pub(crate) fn inconsistent(table: &'static str, column: &'static str) -> StoreError {
    StoreError::Inconsistent { table, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_lost_to_somebody_else_may_try_again() {
        let said = |words: &str| Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(words.to_owned()));
        assert!(matches!(store_error(said("deadlock detected")), StoreError::Conflict));
        assert!(matches!(store_error(said("disk full")), StoreError::Fault(_)));
    }
}
