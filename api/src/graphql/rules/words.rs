//! The words of a rule, and the directive that carries them in the schema: `@rule(takes: "person.view_record")`.

use async_graphql::TypeDirective;
use trellis_domain::policy::Action;

/// What it takes to see a thing, beyond what it took to see the thing it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Whom the policy lets do this, on this very thing.
    By(Action),
    /// The same, or that it is one's own.
    ByOrOwn(Action),
    /// That the acting organisation has a way to the person; null without.
    Access,
    /// That it has the full record of the person open; null without.
    FullAccess,
    /// Nothing. In a payload: what was done is shown to whoever did it.
    NothingMore,
    /// Of what may be many things: what the type of the thing takes.
    AsItsType,
    /// That it is the signed-in login's own.
    Own,
    /// That somebody is signed in, in whatever role.
    SignIn,
    /// What stands in the arguments: a password, a token, the ticket of half a sign-in.
    Secret,
    /// Half a sign-in, or that it is the viewer's own.
    SecretOrOwn,
    /// Open to everybody; the answer tells nothing.
    Anybody,
}

const OR_OWN: &str = " or own";

impl Rule {
    const PLAIN: &'static [(Self, &'static str)] = &[
        (Self::Access, "access"),
        (Self::FullAccess, "full access"),
        (Self::NothingMore, "nothing more"),
        (Self::AsItsType, "as its type"),
        (Self::Own, "own"),
        (Self::SignIn, "a sign-in"),
        (Self::Secret, "a secret"),
        (Self::SecretOrOwn, "a secret or own"),
        (Self::Anybody, "nothing"),
    ];

    /// As the schema says it.
    pub fn words(self) -> String {
        match self {
            Self::By(action) => action.code().to_owned(),
            Self::ByOrOwn(action) => format!("{}{OR_OWN}", action.code()),
            plain => {
                let known = Self::PLAIN.iter().find(|(said, _)| *said == plain);
                known.map(|(_, words)| (*words).to_owned()).unwrap_or_default()
            }
        }
    }

    pub fn from_words(words: &str) -> Option<Self> {
        let action = |code: &str| Action::ALL.iter().copied().find(|action| action.code() == code);
        let plain = Self::PLAIN.iter().find(|(_, known)| *known == words).map(|(said, _)| *said);
        let by_or_own = || words.strip_suffix(OR_OWN).and_then(action).map(Self::ByOrOwn);
        plain.or_else(|| action(words).map(Self::By)).or_else(by_or_own)
    }

    /// The action of the policy that decides, where one does.
    pub fn action(self) -> Option<Action> {
        match self {
            Self::By(action) | Self::ByOrOwn(action) => Some(action),
            _ => None,
        }
    }
}

impl From<Rule> for String {
    fn from(said: Rule) -> Self {
        said.words()
    }
}

/// What it takes to see this, beyond what it took to see what it is in. A code such as `person.view_record` is an action
/// of the policy: roles and sides as its table says. Others: `access` and `full access` of the acting organisation to
/// the person, `own` of the signed-in login, `a sign-in`, `a secret` in the arguments, `nothing`. On a type: for whatever
/// leads to it, unless that says something else. A payload shows what was done to whoever did it (`nothing more`).
#[TypeDirective(location = "Object", location = "FieldDefinition")]
pub fn rule(takes: String) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read_back_from_its_words() {
        let by = Action::ALL.iter().flat_map(|action| [Rule::By(*action), Rule::ByOrOwn(*action)]);
        for said in by.chain(Rule::PLAIN.iter().map(|(said, _)| *said)) {
            assert_eq!(Rule::from_words(&said.words()), Some(said), "{said:?}");
        }
        assert_eq!(Rule::from_words("whoever"), None);
    }
}
