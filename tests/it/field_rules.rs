//! The rules that fields carry are what the server does. Every field of the schema is asked for, alone, in every way that
//! leads to it, by one member of each role; the documents are made from the schema, so a new field is asked for without
//! anybody adding it here.
//!
//! What is shown must be open to the role by every rule on the way; must not be more than the organisation's way to the
//! person; and must stand in the audit where it opens somebody's record. The other way round, whatever the policy gives a
//! role is shown to it at least once, and every field to somebody: a rule is neither narrower nor wider than the server.
//!
//! What it cannot see: that what is a login's `own` is that login's and nobody else's, and what takes `a sign-in` only, as
//! everybody here is shown their own (`second_factor.rs`, `staff.rs`); what the holder of a link sees (`provider_link.rs`); which of an organisation's things are a worker's own (`caseload.list`, `person.search`), other
//! than by whom they were shown to; what is behind a secret in the arguments, where nobody is signed in
//! (`provider_link.rs`, `mailed_links.rs`, `second_factor.rs`, `invitations.rs`); what a mutation's payload shows, beyond that
//! the mutation is refused by the action it names; what is pushed (`subscription.rs`); and a value that says more than it
//! should without being another field. Organisations and networks that are no party are `isolation.rs`'s.

mod routes;
mod scene;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use trellis_api::graphql::rules::{Rule, Table};
use trellis_domain::kernel::{RequestId, TypedId};
use trellis_domain::policy::{Action, Role};
use trellis_tests::gql::Answer;
use trellis_tests::served::Served;
use uuid::Uuid;

use routes::{Given, Route, routes};
pub use scene::talks;
use scene::{Reader, Scene};

use crate::isolation::{lived_in, probes};

/// What stands for nothing in this story. May only shrink.
const NEVER_SHOWN: &[&str] = &[
    "AccessRequest.answer",
    "AccessReviewStanding.everybodySince",
    "Application.organisationId",
    "Application.postcode",
    "Application.refusalReason",
    "ApplicationExchange.reply",
    "Branding.logo",
    "Branding.logoAddress",
    "Closing.finishedAt",
    "ConnectedIdentityObject.connectedAt",
    "ConnectedIdentityObject.issuer",
    "ConnectedIdentityObject.lastUsedAt",
    "ConnectedIdentityObject.providerName",
    "CustodyOffer.finishedAt",
    "Decision.endsAt",
    "Decision.withdrawnAt",
    "Emergency.closedAt",
    "Emergency.reviewedAt",
    "Emergency.verdict",
    "IdentityProvider.scopes",
    "IdentityProvider.strongAcr",
    "IdentityProvider.strongAmr",
    "Invitation.askedAgainAt",
    "JoinableNetwork.helpPhone",
    "ManagedOrganisation.postcode",
    "ManagedOrganisation.suspendedAt",
    "Passkey.lastUsedAt",
    "PersonMatch.takenBackAt",
    "ReviewedAccess.confirmedAt",
    "ReviewedAccess.confirmedBy",
    "Security.authenticatorSince",
    "Service.area",
    "Service.distanceKm",
    "Service.needs",
    "SettingsChange.withdrawnAt",
    "SettingsChange.withdrawnBy",
    "TimelineEntry.reason",
];

/// Of an operation that does several things, the one that is refused first.
const REFUSED_FIRST: &[(&str, Action)] = &[("refer", Action::RecordDecision)];

/// Roles that the policy gives an action of which this story has nothing for them. May only shrink.
const NEVER_REACHED: &[(&str, Role)] = &[];

/// What was shown to whom, and by which request.
struct Shown {
    route: Route,
    role: Role,
    request: Uuid,
}

/// What is wrong, in words, and what was shown.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    shown: Vec<Shown>,
}

/// A question, and every way on from it.
struct Question {
    root: &'static str,
    door: Option<String>,
    routes: Vec<Route>,
}

/// An answer without errors but those that say that it is not theirs.
async fn answer(reader: &Reader, document: &str, found: &mut Found) -> anyhow::Result<Answer> {
    let answer = reader.client.ask(document, json!({})).await?;
    for error in answer.body["errors"].as_array().into_iter().flatten() {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        if !["FORBIDDEN", "NOT_FOUND"].contains(&code) {
            found.wrong.push(format!("{document} for {:?}: {error}", reader.role));
        }
    }
    Ok(answer)
}

async fn asked(reader: &Reader, all: &[Question]) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for question in all {
        if let Some(door) = &question.door {
            let known = answer(reader, door, &mut found).await?;
            // Below nothing there is nothing.
            if known.body["data"][question.root].is_null() {
                continue;
            }
        }
        for route in &question.routes {
            follow(reader, route, &mut found).await?;
        }
    }
    Ok(found)
}

async fn follow(reader: &Reader, route: &Route, found: &mut Found) -> anyhow::Result<()> {
    let answer = answer(reader, &route.document, found).await?;
    if !route.shows(&answer.body["data"]) {
        return Ok(());
    }
    let closed = route.steps.iter().filter(|step| !reader.may_see(step.rule, route.own.as_deref()));
    found.wrong.extend(closed.map(|step| {
        format!("{} shows {:?} what takes `{}`", route.document, reader.role, step.rule.words())
    }));
    let request = answer.request.parse::<RequestId>()?.uuid();
    found.shown.push(Shown { route: route.clone(), role: reader.role, request });
    Ok(())
}

/// The actions of every read that the audit knows of, by the request.
async fn audited(served: &Served) -> anyhow::Result<BTreeMap<Uuid, BTreeSet<String>>> {
    let owner = served.world.database.connect_as_owner().await?;
    let rows = owner.query("SELECT request_id, action FROM audit_entries WHERE result = 'read'", &[]).await?;
    let mut reads: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        reads.entry(row.get(0)).or_default().insert(row.get(1));
    }
    Ok(reads)
}

async fn every_route_as_everybody(scene: &Scene, given: &[Given]) -> anyhow::Result<Found> {
    let table = Table::read()?;
    let ask = |given: &Given| Question {
        root: given.root,
        door: given.door(&table),
        routes: routes(&table, given),
    };
    let all: Vec<Question> = given.iter().map(ask).collect();
    let found = try_join_all(scene.readers.iter().map(|reader| asked(reader, &all))).await?;
    let mut whole = Found::default();
    for one in found {
        whole.wrong.extend(one.wrong);
        whole.shown.extend(one.shown);
    }
    let reads = audited(&scene.served).await?;
    let unrecorded = whole.shown.iter().filter_map(|shown| {
        let read = reads.get(&shown.request);
        let missing: Vec<&str> = shown
            .route
            .recorded_as()
            .into_iter()
            .map(Action::code)
            .filter(|code| !read.is_some_and(|actions| actions.contains(*code)))
            .collect();
        (!missing.is_empty()).then(|| {
            format!("{} for {:?} leaves no {missing:?} in the audit", shown.route.document, shown.role)
        })
    });
    whole.wrong.extend(unrecorded.collect::<Vec<_>>());
    Ok(whole)
}

fn fields_of<'a>(routes: impl Iterator<Item = &'a Route>) -> BTreeSet<String> {
    routes.filter_map(|route| route.steps.last().map(|step| format!("{}.{}", step.of, step.field))).collect()
}

#[tokio::test]
async fn what_a_field_shows_is_what_its_rule_says() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (table, given) = (Table::read()?, scene.given());
    let found = every_route_as_everybody(&scene, &given).await?;
    assert!(
        found.wrong.is_empty(),
        "{} times: {:#?}",
        found.wrong.len(),
        &found.wrong[..found.wrong.len().min(40)]
    );

    let all: Vec<Route> = given.iter().flat_map(|given| routes(&table, given)).collect();
    let asked = fields_of(all.iter());
    let shown = fields_of(found.shown.iter().map(|shown| &shown.route));
    let excused: BTreeSet<String> = NEVER_SHOWN.iter().map(|field| (*field).to_owned()).collect();
    let never: BTreeSet<String> = asked.difference(&shown).cloned().collect();
    assert_eq!(never, excused, "nobody is ever shown the first, and the second are excused for it");

    let action_of = |route: &Route| route.last_action().map(Action::code);
    let reached: BTreeSet<(&str, Role)> =
        found.shown.iter().filter_map(|shown| Some((action_of(&shown.route)?, shown.role))).collect();
    let actions: BTreeSet<Action> = all.iter().filter_map(Route::last_action).collect();
    let told =
        actions.iter().flat_map(|action| action.rule().roles.iter().map(|(role, _)| (action.code(), *role)));
    let in_vain: BTreeSet<(&str, Role)> =
        told.filter(|(_, role)| role.is_for_people()).filter(|told| !reached.contains(told)).collect();
    let excused: BTreeSet<(&str, Role)> = NEVER_REACHED.iter().copied().collect();
    assert_eq!(
        in_vain, excused,
        "the rule gives the first to the role, and nothing is shown; the second are excused"
    );
    Ok(())
}

#[tokio::test]
async fn every_question_is_asked_but_those_behind_a_secret() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let table = Table::read()?;
    let asked: BTreeSet<&str> = scene.given().iter().map(|given| given.root).collect();
    let asked: BTreeSet<String> = asked.into_iter().map(str::to_owned).collect();
    let questions = &table.types["Query"].fields;
    let open = questions.iter().filter(|field| field.rule != Some(Rule::Secret));
    let open: BTreeSet<String> = open.map(|field| field.name.clone()).collect();
    assert_eq!(asked, open, "what the story asks, and what the schema offers to whoever is signed in");
    // Whatever leads to a thing can be asked without arguments that this test would have to know.
    let closed = table
        .types
        .iter()
        .filter(|(name, _)| !["Query", "Mutation", "Subscription"].contains(&name.as_str()));
    let closed: Vec<String> = closed
        .flat_map(|(name, of)| {
            of.fields
                .iter()
                .filter(|field| !field.needs.iter().all(|argument| argument == "first"))
                .map(move |field| format!("{name}.{}", field.name))
        })
        .collect();
    assert!(closed.is_empty(), "{closed:?}");
    Ok(())
}

#[tokio::test]
async fn a_mutation_is_refused_by_the_action_that_its_rule_names() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let ours = lived_in(&served, &region).await?;
    let table = Table::read()?;
    let at = |organisation| (region.network, Some(organisation));
    let ravi = served.world.member(at(region.links), "Ravi Patel", Role::Analyst).await?;
    // The task is the practice's: to everybody else it is not there at all.
    let una = served.world.member(at(region.practice), "Una Hale", Role::Analyst).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let mut otherwise = Vec::new();
    for (name, document, variables) in probes(&ours) {
        let field = table.types["Mutation"].fields.iter().find(|field| field.name == name);
        let Some(declared) = field.and_then(|field| field.rule).and_then(Rule::action) else { continue };
        let who = if name == "finishTask" { &una } else { &ravi };
        let answer = served.client(who)?.ask(&document, variables).await?;
        let request = answer.request.parse::<RequestId>()?.uuid();
        let refused = owner
            .query(
                "SELECT action FROM audit_entries WHERE result = 'refused' AND request_id = $1",
                &[&request],
            )
            .await?;
        let refused: Vec<String> = refused.iter().map(|row| row.get(0)).collect();
        let first = REFUSED_FIRST.iter().find(|(of, _)| *of == name).map_or(declared, |(_, first)| *first);
        if refused != [first.code()] {
            otherwise.push(format!(
                "{name} says {}, and is refused as {refused:?}: {}",
                first.code(),
                answer.body
            ));
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
    Ok(())
}

#[tokio::test]
async fn a_person_behind_a_referral_is_in_the_audit_as_somebody_who_was_looked_at() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent =
        crate::loop_over_graphql::refer(&served.client(&region.referrer)?, &region.link_service.to_string())
            .await?;
    let gp = served.client(&region.referrer)?;
    let id = json!({ "id": sent["id"] });
    for (fields, entries) in
        [("stage", vec!["referral.view"]), ("person { name }", vec!["person.view_identity", "referral.view"])]
    {
        for query in [
            format!("query($id: ID!) {{ referral(id: $id) {{ {fields} }} }}"),
            format!("query($id: ID!) {{ node(id: $id) {{ ... on Referral {{ {fields} }} }} }}"),
        ] {
            let answer = gp.ask(&query, id.clone()).await?;
            assert_ne!(answer.body["data"], Value::Null, "{}", answer.body);
            let reads = audited(&served).await?;
            let read = reads.get(&answer.request.parse::<RequestId>()?.uuid()).cloned().unwrap_or_default();
            assert_eq!(read.iter().map(String::as_str).collect::<Vec<_>>(), entries, "{query}");
        }
    }
    Ok(())
}
