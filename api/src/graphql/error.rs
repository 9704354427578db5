//! Faults and bad requests: GraphQL errors with a code from one closed list. Expected outcomes are not here, they are
//! payload values (`refusal`). Messages say nothing of what is inside; the cause goes to the log, once.

use async_graphql::{Error, ErrorExtensions};
use trellis_domain::kernel::StoreError;
use trellis_domain::policy::{Denied, Refused};

/// Every code that `extensions.code` can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    Unauthenticated,
    SecondFactorNeeded,
    Forbidden,
    NotFound,
    BadUserInput,
    Conflict,
    IdempotencyKeyReused,
    CostLimitExceeded,
    Throttled,
    Unavailable,
    Internal,
}

impl FaultCode {
    pub const ALL: &'static [Self] = &[
        Self::Unauthenticated,
        Self::SecondFactorNeeded,
        Self::Forbidden,
        Self::NotFound,
        Self::BadUserInput,
        Self::Conflict,
        Self::IdempotencyKeyReused,
        Self::CostLimitExceeded,
        Self::Throttled,
        Self::Unavailable,
        Self::Internal,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::SecondFactorNeeded => "SECOND_FACTOR_NEEDED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Conflict => "CONFLICT",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::CostLimitExceeded => "COST_LIMIT_EXCEEDED",
            Self::Throttled => "THROTTLED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

/// Something that a client cannot code a screen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: FaultCode,
    pub message: String,
    /// For `THROTTLED`.
    pub retry_after: Option<std::time::Duration>,
}

impl Fault {
    pub fn new(code: FaultCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    pub fn unauthenticated() -> Self {
        Self::new(FaultCode::Unauthenticated, "sign in first: there is no session, or it has ended")
    }

    pub fn factor_needed() -> Self {
        let message = "this organisation now asks for a second factor; sign in again and set one up";
        Self::new(FaultCode::SecondFactorNeeded, message)
    }

    pub fn forbidden() -> Self {
        Self::new(FaultCode::Forbidden, "your role does not allow this")
    }

    pub fn unavailable() -> Self {
        Self::new(
            FaultCode::Unavailable,
            "Trellis cannot reach its database just now; nothing was changed, try again",
        )
    }

    pub fn internal() -> Self {
        Self::new(
            FaultCode::Internal,
            "something went wrong on our side; quote the request id when you tell us",
        )
    }

    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new(FaultCode::BadUserInput, message)
    }

    pub fn throttled(retry_after: std::time::Duration) -> Self {
        let message = "too many requests; wait as long as retryAfterMs says";
        Self { retry_after: Some(retry_after), ..Self::new(FaultCode::Throttled, message) }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::SessionEnded => Self::unauthenticated(),
            StoreError::FactorNeeded => Self::factor_needed(),
            StoreError::Conflict => {
                Self::new(FaultCode::Conflict, "somebody else changed it first; read it again")
            }
            StoreError::KeyReused => Self::new(
                FaultCode::IdempotencyKeyReused,
                "this idempotency key was used for another request; use a new one",
            ),
            StoreError::Unavailable(cause) => {
                tracing::warn!(
                    error.cause = cause.map(|cause| chain(&*cause)),
                    "the database is unavailable"
                );
                Self::unavailable()
            }
            fault @ (StoreError::Inconsistent { .. } | StoreError::Sealed | StoreError::Fault(_)) => {
                tracing::error!(error.cause = chain(&fault), "a store operation failed");
                Self::internal()
            }
        }
    }
}

impl From<Denied> for Fault {
    fn from(_: Denied) -> Self {
        Self::forbidden()
    }
}

/// What a resolver answers. Only what has a conversion into [`Fault`] can be passed on with `?`.
pub type Answer<T> = Result<T, Fault>;

/// What a read can end in besides its answer; for `store.read` closures.
#[derive(Debug)]
pub enum ReadError {
    Denied(Denied),
    Store(StoreError),
}

impl From<Denied> for ReadError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refused for ReadError {
    fn denied(&self) -> Option<Denied> {
        match self {
            Self::Denied(denied) => Some(*denied),
            Self::Store(_) => None,
        }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Denied(denied) => denied.into(),
            ReadError::Store(store) => store.into(),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let retry_after = fault.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        Self::new(fault.message).extend_with(|_, extensions| {
            extensions.set("code", fault.code.code());
            if let Some(milliseconds) = retry_after {
                extensions.set("retryAfterMs", milliseconds);
            }
        })
    }
}

/// An error and what caused it, in one line for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_as_itself() {
        for code in FaultCode::ALL {
            assert_eq!(FaultCode::from_code(code.code()), Some(*code));
        }
    }

    #[test]
    fn a_fault_of_the_store_never_says_what_is_inside() {
        let inside = StoreError::Inconsistent { table: "persons", column: "sealed_identity" };
        let shown = Fault::from(inside);
        assert_eq!(shown.code, FaultCode::Internal);
        assert!(!shown.message.contains("persons"));
    }
}
