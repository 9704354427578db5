//! How much one document may ask for, measured before anything runs: depth, aliases, directives, fields and cost.
//! The cost is what the answer may weigh: an object counts one, a list its children times as many as it may hold,
//! a plain value nothing. What an answer really weighed is not known here.

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Value};

use super::error::{Fault, FaultCode};

pub const MOST_COST: u64 = 1_000;
const MOST_DEPTH: usize = 12;
const MOST_ALIASES: usize = 30;
const MOST_DIRECTIVES: usize = 50;
/// Fields after fragments are put in; the largest screen asks for about a hundred.
const MOST_FIELDS: usize = 1_000;
/// Selections inside selections, fragments included: more is a riddle, not a question.
const MOST_NESTING: usize = 40;

/// Lists without `first`, and what they are taken to hold when it is left out.
const USUAL_LENGTHS: &[(&str, u64)] = &[
    ("contacts", 20),
    ("timeline", 20),
    ("referrals", 20),
    ("decisions", 10),
    ("children", 10),
    ("alternatives", 3),
    ("possibleMatches", 5),
    ("sameAs", 3),
    ("members", 50),
    ("rows", 100),
    ("goals", 5),
    ("actions", 10),
    ("ratings", 10),
    ("changes", 10),
    ("workers", 50),
    ("weightRule", 5),
    ("shares", 50),
    ("moves", 100),
    ("outcomes", 100),
];
/// A part of every page, whatever its length.
const OF_THE_PAGE: &[&str] = &["pageInfo", "counts"];
/// What the schema says of itself: deep by nature, open in demos only, and free.
const ABOUT_ITSELF: &[&str] = &["__schema", "__type"];

/// What the document costs at most, or which limit it breaks.
pub fn measure(document: &ExecutableDocument, variables: &Variables) -> Result<u64, Fault> {
    let mut dearest = 0;
    for (_, operation) in document.operations.iter() {
        let mut walk = Walk::new(document, variables, &operation.node);
        walk.directives(operation.node.directives.len())?;
        let cost = walk.selections(&operation.node.selection_set, Place::default())?;
        dearest = dearest.max(cost);
    }
    if dearest > MOST_COST {
        let message = format!(
            "the document may cost {dearest}, and {MOST_COST} is the most: ask for fewer or shorter lists"
        );
        return Err(Fault::new(FaultCode::CostLimitExceeded, message));
    }
    Ok(dearest)
}

/// How deep a selection stands: in fields, and in selections of any kind.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    depth: usize,
    nesting: usize,
    free: bool,
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    operation: &'a OperationDefinition,
    fields: usize,
    aliases: usize,
    directives: usize,
}

impl<'a> Walk<'a> {
    fn new(
        document: &'a ExecutableDocument,
        variables: &'a Variables,
        operation: &'a OperationDefinition,
    ) -> Self {
        Self { document, variables, operation, fields: 0, aliases: 0, directives: 0 }
    }

    fn selections(&mut self, set: &Positioned<SelectionSet>, place: Place) -> Result<u64, Fault> {
        if place.nesting > MOST_NESTING {
            return Err(beyond("selections inside selections", MOST_NESTING));
        }
        let inside = Place { nesting: place.nesting + 1, ..place };
        let mut cost = 0_u64;
        for item in &set.node.items {
            let weighs = match &item.node {
                Selection::Field(field) => self.field(&field.node, inside)?,
                Selection::InlineFragment(fragment) => {
                    self.directives(fragment.node.directives.len())?;
                    self.selections(&fragment.node.selection_set, inside)?
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(spread.node.directives.len())?;
                    // One that does not exist is for the validation to name.
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => self.selections(&fragment.node.selection_set, inside)?,
                        None => 0,
                    }
                }
            };
            cost = cost.saturating_add(weighs);
        }
        Ok(cost)
    }

    fn field(&mut self, field: &Field, place: Place) -> Result<u64, Fault> {
        let name = field.name.node.as_str();
        self.fields += 1;
        self.aliases += usize::from(field.alias.is_some());
        self.directives(field.directives.len())?;
        let free = place.free || ABOUT_ITSELF.contains(&name);
        let place = Place { depth: place.depth + 1, free, ..place };
        if self.fields > MOST_FIELDS {
            return Err(beyond("fields", MOST_FIELDS));
        }
        if self.aliases > MOST_ALIASES {
            return Err(beyond("aliases", MOST_ALIASES));
        }
        if place.depth > MOST_DEPTH && !free {
            return Err(beyond("fields inside fields", MOST_DEPTH));
        }
        if field.selection_set.node.items.is_empty() {
            return Ok(0);
        }
        let children = self.selections(&field.selection_set, place)?;
        if free || OF_THE_PAGE.contains(&name) {
            return Ok(0);
        }
        Ok(children.saturating_mul(self.length(field)).saturating_add(1))
    }

    fn directives(&mut self, more: usize) -> Result<(), Fault> {
        self.directives += more;
        if self.directives > MOST_DIRECTIVES { Err(beyond("directives", MOST_DIRECTIVES)) } else { Ok(()) }
    }

    /// How many of its children a field may hold.
    fn length(&self, field: &Field) -> u64 {
        let asked = |name: &str| {
            let written = field.get_argument(name)?.node.clone();
            written.into_const_with(|variable| self.variable(&variable).ok_or(())).ok()
        };
        match (asked("first"), asked("ids")) {
            (Some(Value::Number(first)), _) => first.as_u64().unwrap_or(1).max(1),
            (_, Some(Value::List(ids))) => u64::try_from(ids.len()).unwrap_or(u64::MAX).max(1),
            _ => {
                let usual = USUAL_LENGTHS.iter().find(|(name, _)| *name == field.name.node.as_str());
                usual.map_or(1, |(_, length)| *length)
            }
        }
    }

    /// A variable as it will be: sent, or else its default.
    fn variable(&self, name: &Name) -> Option<Value> {
        let sent = self.variables.get(name).cloned();
        sent.or_else(|| {
            let defined =
                self.operation.variable_definitions.iter().find(|known| known.node.name.node == *name);
            defined?.node.default_value().cloned()
        })
    }
}

fn beyond(what: &str, most: usize) -> Fault {
    Fault::new(FaultCode::CostLimitExceeded, format!("the document has more than {most} {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn cost_of(document: &str, variables: serde_json::Value) -> Result<u64, FaultCode> {
        let parsed = parse_query(document).unwrap();
        measure(&parsed, &Variables::from_json(variables)).map_err(|fault| fault.code)
    }

    fn refused(document: &str) -> bool {
        cost_of(document, serde_json::Value::Null) == Err(FaultCode::CostLimitExceeded)
    }

    #[test]
    fn values_are_free_objects_count_one_and_lists_multiply() {
        let page = "query Q($n: Int! = 10) { caseload(first: $n) { edges { cursor node { id } } pageInfo { endCursor } } }";
        assert_eq!(cost_of(page, serde_json::json!({})), Ok(21));
        assert_eq!(cost_of(page, serde_json::json!({ "n": 50 })), Ok(101));
        assert_eq!(cost_of("{ viewer { name network { name } } }", serde_json::Value::Null), Ok(2));
    }

    #[test]
    fn lists_inside_lists_are_refused_before_they_run() {
        assert!(refused(
            "{ referrals(first: 100) { edges { node { timeline { at } children { id from { id } } } } } }"
        ));
        assert!(!refused("{ referrals(first: 100) { edges { node { id } } } }"));
    }

    #[test]
    fn depth_aliases_directives_and_fields_have_their_limits() {
        let nested = |depth: usize| format!("{{{}id{}}}", "parent{".repeat(depth - 1), "}".repeat(depth - 1));
        assert!(!refused(&nested(MOST_DEPTH)) && refused(&nested(MOST_DEPTH + 1)));
        let aliased = |count: usize| {
            let fields: Vec<String> = (0..count).map(|number| format!("a{number}: __typename")).collect();
            format!("{{{}}}", fields.join(" "))
        };
        assert!(!refused(&aliased(MOST_ALIASES)) && refused(&aliased(MOST_ALIASES + 1)));
        assert!(refused(&format!("{{ __typename {} }}", "@a ".repeat(MOST_DIRECTIVES + 1))));
        assert!(refused(&format!("{{{}}}", "__typename ".repeat(MOST_FIELDS + 1))));
    }

    #[test]
    fn fragments_cannot_hide_what_they_hold() {
        let doubling: Vec<String> =
            (0..20).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }}", n + 1, n + 1)).collect();
        assert!(refused(&format!(
            "{{ ...F0 }} {} fragment F20 on Query {{ __typename }}",
            doubling.join(" ")
        )));
        assert!(refused("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"));
    }
}
