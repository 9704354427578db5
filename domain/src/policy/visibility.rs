//! How much of a list somebody sees. Every list asks for one, and only the policy makes it.

use super::{Action, Denied, Reach};
use crate::kernel::{OpContext, OrganisationId, TypedId, UserId};

/// The rows a list may hold. Row-level security narrows it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visibility(Scope);

/// What the visibility means to the one who runs the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Own { organisation: OrganisationId, user: UserId },
    Organisation { organisation: OrganisationId },
    Network,
}

impl Visibility {
    pub fn scope(self) -> Scope {
        self.0
    }
}

impl OpContext {
    /// The widest scope any of the actor's roles has for this list.
    pub fn visibility(&self, action: Action) -> Result<Visibility, Denied> {
        let rule = action.rule();
        let widest =
            rule.roles.iter().filter(|(role, _)| self.roles().has(*role)).map(|(_, reach)| *reach).max();
        let scope = match (widest, self.organisation(), self.user()) {
            (Some(Reach::Network), _, _) => Some(Scope::Network),
            (Some(Reach::Organisation), Some(organisation), _) => Some(Scope::Organisation { organisation }),
            (Some(Reach::Own), Some(organisation), Some(user)) => Some(Scope::Own { organisation, user }),
            _ => None,
        };
        let denied = || Denied::by_role(action, "list", self.network().uuid());
        scope.map(Visibility).ok_or_else(denied)
    }
}
