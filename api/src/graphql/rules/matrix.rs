//! The rules as a table that a reviewer can read: each field, what it takes, and which roles the policy gives that. A
//! new field is a new line, so the reviewed copy beside this file changes with it.

use std::fmt::Write;

use async_graphql::parser;
use trellis_domain::policy::Role;

use super::table::{ROOTS, TypeOf};
use super::{FieldOf, Rule, Table};

/// One line a field.
pub fn print() -> Result<String, parser::Error> {
    let table = Table::read()?;
    let mut out = String::from("field | takes | roles that reach it\n");
    let roots = ROOTS.iter().filter_map(|root| table.types.get_key_value(*root));
    let others = table.types.iter().filter(|(name, _)| !ROOTS.contains(&name.as_str()));
    for (name, of) in roots.chain(others) {
        for field in &of.fields {
            let (takes, whose) = effective(&table, of, field);
            let _ = writeln!(out, "{name}.{} | {} | {}", field.name, takes.words(), roles(whose));
        }
    }
    Ok(out)
}

/// What a field takes, and the rule that says which roles that is: for a field that takes nothing more, its type's.
fn effective(table: &Table, of: &TypeOf, field: &FieldOf) -> (Rule, Rule) {
    let takes = table.takes(field);
    let whose = match takes {
        Rule::NothingMore | Rule::Access | Rule::FullAccess => of.rule.unwrap_or(takes),
        takes => takes,
    };
    (takes, whose)
}

fn roles(rule: Rule) -> String {
    let Some(action) = rule.action() else { return "-".to_owned() };
    let named = action.rule().roles.iter().map(|(role, _)| *role).filter(|role| *role != Role::Job);
    named.map(Role::code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const REVIEWED: &str = include_str!("matrix.txt");

    #[test]
    fn the_printed_rules_are_the_reviewed_ones() {
        let printed = print().unwrap();
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
        let (now, reviewed) = (lines(&printed), lines(REVIEWED));
        let new: Vec<_> = now.difference(&reviewed).collect();
        let gone: Vec<_> = reviewed.difference(&now).collect();
        assert!(
            printed == REVIEWED,
            "review what each takes, then `trellis schema rules > api/src/graphql/rules/matrix.txt`\nnew: {new:#?}\ngone: {gone:#?}"
        );
    }

    #[test]
    fn a_coordinator_reaches_nothing_that_is_about_a_person() {
        let table = Table::read().unwrap();
        let about_a_person = |of: &TypeOf| {
            of.fields.iter().any(|field| matches!(field.rule, Some(Rule::Access | Rule::FullAccess)))
        };
        let derived = table.types.iter().filter(|(_, of)| about_a_person(of)).map(|(name, _)| name.as_str());
        let named = ["Person", "Contact", "Decision", "Emergency", "PersonSummary", "ReferralSummary"];
        let personal: BTreeSet<&str> = derived.chain(named).collect();
        for personal in personal {
            let rule = table.types.get(personal).and_then(|of| of.rule);
            // What is shown beside what led to it is looked at where it leads from.
            if rule == Some(Rule::NothingMore) {
                continue;
            }
            let open = rule.and_then(Rule::action).is_none_or(|action| {
                action.rule().roles.iter().any(|(role, _)| *role == Role::NetworkCoordinator)
            });
            assert!(!open, "{personal} is open to whoever coordinates a network");
        }
    }
}
