//! Confirming what members have, and taking the list of it away.

use async_graphql::{ID, InputObject};
use trellis_domain::access_review::{ConfirmAccess, ExportAccess, Seen};

use super::{Check, Command};
use crate::graphql::refusal::Refusal;

/// As many as a page of the list can hold.
const MOST_AT_ONCE: usize = 100;

/// A member as they were on the screen.
#[derive(InputObject, Clone)]
pub struct SeenAccessInput {
    pub membership_id: ID,
    pub version: i32,
}

#[derive(InputObject, Clone)]
pub struct ConfirmAccessInput {
    /// Up to 100. All of them are confirmed, or none.
    pub members: Vec<SeenAccessInput>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ExportAccessReviewInput {
    /// None: the acting organisation, or the network with all of its organisations for a role in it.
    pub organisation_id: Option<ID>,
}

impl Command for ConfirmAccessInput {
    type Parsed = ConfirmAccess;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ConfirmAccess, Refusal> {
        let mut check = Check::new();
        if self.members.len() > MOST_AT_ONCE {
            check.refuse("members", format!("must hold at most {MOST_AT_ONCE}"));
        }
        let mut seen: Vec<Seen> = Vec::new();
        for one in self.members.iter().take(MOST_AT_ONCE) {
            let membership = check.id("members.membershipId", &one.membership_id);
            let version = check.version(one.version);
            let parsed = membership.zip(version).map(|(membership, version)| Seen { membership, version });
            // Ticked twice is ticked.
            seen.extend(parsed.filter(|new| seen.iter().all(|known| known.membership != new.membership)));
        }
        let mut seen = seen.into_iter();
        let first = seen.next();
        if self.members.is_empty() {
            check.refuse("members", "must hold at least one");
        }
        check.finish(first.map(|first| ConfirmAccess { first, others: seen.collect() }))
    }
}

impl Command for ExportAccessReviewInput {
    type Parsed = ExportAccess;

    /// Each export is an act of its own.
    fn idempotency_key(&self) -> Option<&str> {
        None
    }

    fn parse(&self) -> Result<ExportAccess, Refusal> {
        let mut check = Check::new();
        let organisation = self.organisation_id.as_ref().map(|id| check.id("organisationId", id));
        check.finish(Some(ExportAccess { organisation: organisation.flatten() }))
    }
}
