//! Audit entries that no event makes: reads of a person's record, and refused attempts.

use uuid::Uuid;

use crate::define_codes;
use crate::policy::{Action, Authorised, Permit};

define_codes! {
    AuditResult {
        Done = "done", "Done";
        Read = "read", "Read";
        Refused = "refused", "Refused";
    }
}

/// A permitted look at something personal.
#[derive(Debug, Clone, Copy)]
pub struct ReadEntry {
    pub action: Action,
    pub kind: &'static str,
    pub subject: Uuid,
    pub person: Option<Uuid>,
}

impl<R> From<Permit<R>> for ReadEntry {
    fn from(permit: Permit<R>) -> Self {
        let authorised: Authorised = permit.into_authorised();
        Self {
            action: authorised.action(),
            kind: authorised.kind(),
            subject: authorised.subject(),
            person: authorised.person(),
        }
    }
}
