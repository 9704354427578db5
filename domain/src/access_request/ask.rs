//! Ask for a page that is not for one's role. Asking again for the same page before there is an answer changes nothing.

use uuid::Uuid;

use super::{AccessRequest, AccessRequestError, AccessRequestEvent, AccessRequestFact, AccessRequestWrites};
use crate::audit::Event;
use crate::kernel::{Actor, OpContext, Prose, Recorded, Redacted};
use crate::policy::{Action, Denied, Guarded};

/// The address of a page on this site, without what was asked of it: a search may name somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted(String);

impl Wanted {
    pub const MAX: usize = 200;

    pub fn parse(address: &str) -> Result<Self, &'static str> {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        if !path.starts_with('/') || path.starts_with("//") || path.chars().any(char::is_control) {
            return Err("must be the address of a page on this site");
        }
        Ok(Self(path.chars().take(Self::MAX).collect()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone)]
pub struct AskForAccess {
    pub wanted: Wanted,
    pub why: Redacted<Prose>,
}

pub fn ask<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: AskForAccess,
) -> Result<Recorded<AccessRequest>, AccessRequestError>
where
    S: AccessRequestWrites + ?Sized,
{
    let Actor::User { user, membership } = op.actor() else {
        let kind = AccessRequest::KIND;
        return Err(Denied::by_role(Action::AskForAccess, kind, Uuid::nil()).into());
    };
    let request = AccessRequest {
        id: op.new_id(),
        organisation: op.organisation(),
        membership,
        user,
        wanted: cmd.wanted,
        asked_at: op.now(),
        answer: None,
    };
    let permit = op.authorize(Action::AskForAccess, &request)?;
    if let Some(waiting) = tx.waiting_request(membership, &request.wanted)? {
        return Ok(Recorded::unchanged(waiting));
    }
    tx.insert_access_request(&request, &cmd.why)?;
    let fact = AccessRequestFact::Asked { administrators: tx.administrators()? };
    let event = AccessRequestEvent { request: request.id, organisation: request.organisation, fact };
    Ok(Recorded::new(permit, request, [Event::AccessRequest(event)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_an_address_names_nobody() {
        let kept = |address| Wanted::parse(address).map(|wanted| wanted.as_str().to_owned());
        assert_eq!(kept("/search?q=Jo+Park#x"), Ok("/search".to_owned()));
        assert!(kept("https://example.org/people").is_err());
        assert!(kept("//example.org").is_err());
    }
}
