//! Every way from a question to a plain value: documents that are made from the schema.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;
use trellis_api::graphql::rules::{FieldOf, Rule, Table};
use trellis_domain::policy::Action;

/// A question with its arguments.
#[derive(Debug, Clone)]
pub struct Given {
    pub root: &'static str,
    /// As it stands in a document.
    pub call: String,
    /// What is found, where a question may find many kinds of things.
    pub on: Option<&'static str>,
    /// Only these fields of what is found; none means all.
    pub only: &'static [&'static str],
    /// How many fields deep, the question among them.
    pub depth: usize,
    /// The membership whose own thing it names.
    pub own: Option<String>,
}

impl Given {
    pub fn of(root: &'static str, arguments: &str) -> Self {
        let call = if arguments.is_empty() { root.to_owned() } else { format!("{root}({arguments})") };
        Self { root, call, on: None, only: &[], depth: 9, own: None }
    }
}

impl Given {
    /// The question with nothing asked of what it finds; none where it answers a plain value.
    pub fn door(&self, table: &Table) -> Option<String> {
        let root = table.types["Query"].fields.iter().find(|field| field.name == self.root)?;
        let leads_on = self.on.is_some() || table.types.contains_key(&root.returns);
        leads_on.then(|| format!("{{ {} {{ __typename }} }}", self.call))
    }
}

/// One field on the way.
#[derive(Debug, Clone)]
pub struct Step {
    pub of: String,
    pub field: String,
    pub returns: String,
    pub rule: Rule,
    /// As it stands in a document.
    pub call: String,
}

/// From a question to one plain value.
#[derive(Debug, Clone)]
pub struct Route {
    pub steps: Vec<Step>,
    pub document: String,
    pub own: Option<String>,
}

/// What leaves an entry in the audit when it is shown, because somebody who is helped is in it.
const OF_A_PERSON: &[Action] = &[
    Action::ViewIdentity,
    Action::ViewRecord,
    Action::ViewPlan,
    Action::ViewReferral,
    Action::ListCaseload,
    Action::SearchPeople,
];
/// The same where the page names anybody.
const WHERE_NAMED: &[Action] = &[Action::ListEmergencies, Action::ListWorklist, Action::ListReferrals];

impl Route {
    pub fn shows(&self, data: &Value) -> bool {
        let path: Vec<&str> = self.steps.iter().map(|step| step.field.as_str()).collect();
        is_shown(data, &path)
    }

    /// The last action of the policy on the way.
    pub fn last_action(&self) -> Option<Action> {
        self.steps.iter().rev().find_map(|step| step.rule.action())
    }

    /// The entries that showing the value must have left: one for each record on the way. A referral of somebody whose
    /// record was opened on the way to it is in that entry; the frame of a page is about nobody.
    pub fn recorded_as(&self) -> BTreeSet<Action> {
        let mut recorded = BTreeSet::new();
        let named = self.steps.iter().any(|step| step.rule == Rule::Access);
        let things = self.steps.iter().filter(|step| !step.returns.ends_with("Connection"));
        for action in things.filter_map(|step| step.rule.action()) {
            let about_somebody = OF_A_PERSON.contains(&action) || named && WHERE_NAMED.contains(&action);
            let opened = recorded.contains(&Action::ViewIdentity);
            if about_somebody
                && (!opened || matches!(action, Action::ViewIdentity | Action::ViewRecord | Action::ViewPlan))
            {
                recorded.insert(action);
            }
        }
        recorded
    }
}

fn is_shown(value: &Value, path: &[&str]) -> bool {
    match (value, path) {
        (Value::Null, _) => false,
        (Value::Array(all), _) => all.iter().any(|one| is_shown(one, path)),
        (value, [first, rest @ ..]) => is_shown(&value[*first], rest),
        (_, []) => true,
    }
}

/// Each field once for each field that leads to its type, the shortest way.
pub fn routes(table: &Table, given: &Given) -> Vec<Route> {
    let Some(root) = table.types["Query"].fields.iter().find(|field| field.name == given.root) else {
        return Vec::new();
    };
    let mut first = step(table, "Query", root);
    if let Some(on) = given.on {
        on.clone_into(&mut first.returns);
        first.rule = table.types[on].rule.unwrap_or(Rule::NothingMore);
    }
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    let mut open = VecDeque::from([vec![first]]);
    while let Some(steps) = open.pop_front() {
        let Some(of) = steps.last().map(|step| step.returns.clone()) else { continue };
        let Some(fields) = table.types.get(&of).map(|of| &of.fields) else {
            found.push(route(given, steps));
            continue;
        };
        // What a refusal says is no part of what is refused.
        let wanted = |field: &&FieldOf| {
            field.returns != "Refusal"
                && (steps.len() > 1 || given.only.is_empty() || given.only.contains(&field.name.as_str()))
        };
        for field in fields.iter().filter(wanted) {
            let mut longer = steps.clone();
            longer.push(step(table, &of, field));
            let leads_on = table.types.contains_key(&field.returns);
            if !leads_on {
                found.push(route(given, longer));
            } else if longer.len() < given.depth && known.insert((of.clone(), field.name.clone())) {
                open.push_back(longer);
            }
        }
    }
    found
}

fn step(table: &Table, of: &str, field: &FieldOf) -> Step {
    let paged = field.needs.iter().any(|argument| argument == "first");
    let call = if paged { format!("{}(first: 20)", field.name) } else { field.name.clone() };
    Step {
        of: of.to_owned(),
        field: field.name.clone(),
        returns: field.returns.clone(),
        rule: table.takes(field),
        call,
    }
}

fn route(given: &Given, steps: Vec<Step>) -> Route {
    let mut inner = String::new();
    for step in steps.iter().skip(1).rev() {
        inner = if inner.is_empty() { step.call.clone() } else { format!("{} {{ {inner} }}", step.call) };
    }
    let inner = match given.on {
        Some(on) => format!("... on {on} {{ {inner} }}"),
        None => inner,
    };
    let document = if inner.is_empty() {
        format!("{{ {} }}", given.call)
    } else {
        format!("{{ {} {{ {inner} }} }}", given.call)
    };
    Route { steps, document, own: given.own.clone() }
}
