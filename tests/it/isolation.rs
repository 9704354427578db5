//! Two tenants and one schema: every operation is called by those who must not reach anything, with real ids and with ids
//! that do not exist. The answers are the same to the byte. An operation that is not in the list fails the test.

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::{Value, json};
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::access_requests::asked;
use crate::emergency::opened;
use crate::loop_over_graphql::{agreement, command, refer};

/// Operations that need nobody to be signed in: their secret is in their arguments. May only shrink.
const ANONYMOUS: &[&str] = &[
    "signIn",
    "refresh",
    "switchMembership",
    "answerOffer",
    "verifyDevice",
    "offeredRequest",
    // Half a sign-in: the ticket, the challenge or the device's answer is the secret. See `second_factor.rs`.
    "signInTicket",
    "finishSignIn",
    "signInWithPasskey",
    "askPasskey",
    "startAuthenticator",
    "confirmAuthenticator",
    // By the address of a login, or the token of a mail to it. See `mailed_links.rs`.
    "mailSignInLink",
    "mailRecoveryLink",
    "signInWithLink",
    "recoverPassword",
    "acceptInvitation",
    "askForInvitation",
    "invitation",
];
/// Lists and one's own things: they take no id of anybody's. May only shrink.
const WITHOUT_AN_ID: &[&str] = &[
    "viewer",
    "worklist",
    "caseload",
    "referrals",
    "people",
    "services",
    "organisations",
    "members",
    "signOut",
    "registerPerson",
    "staff",
    "invitations",
    "managedOrganisations",
    "createOrganisation",
    "settings",
    "changeSettings",
    "emergencies",
    "accessRequests",
    "askForAccess",
    // By exact details of somebody: see `emergency.rs`.
    "openInEmergency",
    // Heard by the acting organisation only: see `subscription.rs`.
    "worklistChanged",
    // One's own credentials.
    "proveYourself",
    "removeAuthenticator",
    "renewRecoveryCodes",
    "addPasskey",
    "changePassword",
    "endOtherSessions",
];

/// What whoever coordinates a network does to its organisations and their people.
const OF_THE_COORDINATOR: &[&str] = &[
    "managedOrganisation",
    "inviteMember",
    "resendInvitation",
    "withdrawInvitation",
    "changeRoles",
    "endMembership",
    "endMemberSessions",
    "configureOrganisation",
    "addAgreement",
    "suspendOrganisation",
    "letInOrganisation",
    "closeOrganisation",
    // The acting organisation's own provider, and the viewer's own connections.
    "identityProvider",
    "signInProvider",
    "configureIdentityProvider",
    "testIdentityProvider",
    "connectedIdentities",
    "disconnectIdentity",
];

/// Ids of one network's things, or of nothing.
struct Ids {
    referral: Value,
    version: i64,
    person: String,
    service: String,
    decision: String,
    user: String,
    task: String,
    organisation: String,
    membership: String,
    invitation: String,
    opening: String,
    request: String,
    provider: String,
    node: Vec<String>,
    session: String,
    passkey: String,
}

/// Every operation that takes an id: its document and variables for these ids.
fn probes(ids: &Ids) -> Vec<(&'static str, String, Value)> {
    let node_query = "query($id: ID!) { node(id: $id) { id } }".to_owned();
    let mut all = vec![
        ("person", "query($id: ID!) { person(id: $id) { id name } }".to_owned(), json!({ "id": ids.person })),
        ("referral", "query($id: ID!) { referral(id: $id) { id stage } }".to_owned(), json!({ "id": ids.referral })),
        ("service", "query($id: ID!) { service(id: $id) { id name } }".to_owned(), json!({ "id": ids.service })),
        ("managedOrganisation", "query($id: ID!) { managedOrganisation(id: $id) { id email } }".to_owned(), json!({ "id": ids.organisation })),
        ("nodes", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(), json!({ "ids": ids.node })),
        (
            "markReferralRead",
            "mutation($id: ID!) { markReferralRead(referralId: $id) { referral { id } refusal { code message next } } }".to_owned(),
            json!({ "id": ids.referral }),
        ),
        (
            "endSession",
            "mutation($id: ID!) { endSession(sessionId: $id) { done refusal { code message next } } }".to_owned(),
            json!({ "id": ids.session }),
        ),
        (
            "renamePasskey",
            "mutation($id: ID!) { renamePasskey(passkeyId: $id, name: \"x\") { done refusal { code message next } } }".to_owned(),
            json!({ "id": ids.passkey }),
        ),
        (
            "removePasskey",
            "mutation($id: ID!) { removePasskey(passkeyId: $id) { done refusal { code message next } } }".to_owned(),
            json!({ "id": ids.passkey }),
        ),
    ];
    all.extend(ids.node.iter().map(|id| ("node", node_query.clone(), json!({ "id": id }))));
    all.extend(inputs(ids).into_iter().map(|(name, input_type, input)| {
        let query = format!("mutation($input: {input_type}!) {{ {name}(input: $input) {{ refusal {{ code message next }} }} }}");
        (name, query, json!({ "input": input }))
    }));
    all
}

fn inputs(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let mut all = commands(ids);
    all.extend(others(ids));
    all.extend(places(ids));
    all
}

/// Commands on a referral.
fn commands(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let on = |more: Value| {
        let mut input = json!({ "referralId": ids.referral, "version": ids.version });
        if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
            input.extend(more.clone());
        }
        input
    };
    let plain = || on(json!({}));
    vec![
        ("sendReferral", "ReferralCommandInput", plain()),
        ("acceptReferral", "ReferralCommandInput", plain()),
        ("waitlistReferral", "ReferralCommandInput", plain()),
        ("offerPlace", "OfferPlaceInput", plain()),
        ("returnReferral", "ReturnReferralInput", on(json!({ "reason": "WRONG_SERVICE" }))),
        ("declineReferral", "DeclineReferralInput", on(json!({ "reason": "OTHER" }))),
        ("allocateReferral", "AllocateReferralInput", on(json!({ "userId": ids.user }))),
        ("acknowledgeRisk", "ReferralCommandInput", plain()),
        ("startReferral", "ReferralCommandInput", plain()),
        (
            "holdReferral",
            "HoldReferralInput",
            on(json!({ "reason": "AWAY", "until": "2027-01-04T09:00:00Z" })),
        ),
        ("resumeReferral", "ReferralCommandInput", plain()),
        (
            "completeReferral",
            "CompleteReferralInput",
            on(json!({ "outcome": "GOAL_MET", "supportOffered": "x" })),
        ),
        ("endReferral", "EndReferralInput", on(json!({ "reason": "NOT_REACHED" }))),
        ("withdrawReferral", "WithdrawReferralInput", on(json!({ "by": "PERSON" }))),
        ("cancelReferral", "CancelReferralInput", on(json!({ "reason": "SENT_IN_ERROR" }))),
        (
            "transferReferral",
            "TransferReferralInput",
            on(json!({ "serviceId": ids.service, "reason": "MOVED" })),
        ),
        ("reopenReferral", "ReopenReferralInput", on(json!({ "reason": "CAME_BACK" }))),
    ]
}

/// Everything else that names a person, a service, a decision or a task.
fn others(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "referOnward",
            "ReferOnwardInput",
            json!({ "referralId": ids.referral, "serviceId": ids.service, "agreement": agreement() }),
        ),
        (
            "logContact",
            "LogContactInput",
            json!({ "referralId": ids.referral, "channel": "PHONE", "result": "SPOKE", "minutes": 5 }),
        ),
        (
            "enableIdentityProvider",
            "EnableIdentityProviderInput",
            json!({ "providerId": ids.provider, "version": 1, "enabled": true }),
        ),
        ("setCapacity", "SetCapacityInput", json!({ "serviceId": ids.service, "state": "OPEN" })),
        ("finishTask", "FinishTaskInput", json!({ "taskId": ids.task })),
        ("closeEmergency", "CloseEmergencyInput", json!({ "openingId": ids.opening })),
        (
            "answerAccessRequest",
            "AnswerAccessRequestInput",
            json!({ "requestId": ids.request, "answer": "REFUSED" }),
        ),
        (
            "reviewEmergency",
            "ReviewEmergencyInput",
            json!({ "openingId": ids.opening, "verdict": "JUSTIFIED" }),
        ),
        ("withdrawDecision", "WithdrawDecisionInput", json!({ "decisionId": ids.decision })),
        (
            "recordDecision",
            "RecordDecisionInput",
            json!({ "personId": ids.person, "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement() }),
        ),
        (
            "changePreferences",
            "ChangePreferencesInput",
            json!({ "personId": ids.person, "version": 1, "preferences": { "channels": ["PHONE"] } }),
        ),
        (
            "refer",
            "ReferInput",
            json!({ "personId": ids.person, "serviceId": ids.service, "needs": ["MONEY"], "risk": "NONE_KNOWN", "agreement": agreement() }),
        ),
        (
            "draftReferral",
            "DraftReferralInput",
            json!({ "personId": ids.person, "serviceId": ids.service, "needs": ["MONEY"], "risk": "NONE_KNOWN" }),
        ),
    ]
}

/// Everything that names an organisation, a member or an invitation.
fn places(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let organisation = json!({ "organisationId": ids.organisation });
    let member = json!({ "membershipId": ids.membership });
    let invitation = json!({ "invitationId": ids.invitation });
    let with = |base: &Value, more: Value| {
        let mut input = base.clone();
        if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
            input.extend(more.clone());
        }
        input
    };
    let agreement = json!({ "agreement": { "kind": "OTHER", "version": "1", "agreedOn": "2026-11-23" } });
    vec![
        (
            "inviteMember",
            "InviteMemberInput",
            with(&organisation, json!({ "email": "x@example.org", "roles": ["ANALYST"] })),
        ),
        ("resendInvitation", "InvitationInput", invitation.clone()),
        ("withdrawInvitation", "InvitationInput", invitation),
        ("changeRoles", "ChangeRolesInput", with(&member, json!({ "version": 1, "roles": ["ANALYST"] }))),
        ("endMemberSessions", "EndMemberSessionsInput", member.clone()),
        ("endMembership", "EndMembershipInput", with(&member, json!({ "version": 1 }))),
        (
            "configureOrganisation",
            "ConfigureOrganisationInput",
            with(&organisation, json!({ "name": "X", "helpPhone": "01632 960 099" })),
        ),
        ("addAgreement", "AddAgreementInput", with(&organisation, agreement)),
        (
            "suspendOrganisation",
            "SuspendOrganisationInput",
            with(&organisation, json!({ "reason": "OTHER" })),
        ),
        ("letInOrganisation", "OrganisationInput", organisation.clone()),
        ("closeOrganisation", "OrganisationInput", organisation),
    ]
}

/// Things of `region` with real ids, reached by those who may.
async fn lived_in(served: &Served, region: &Region) -> anyhow::Result<Ids> {
    let gp = served.client(&region.referrer)?;
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    let declined = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "declineReferral", "DeclineReferralInput", &declined, json!({ "reason": "NO_CAPACITY" }))
        .await?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let query = "query($id: ID!) { referral(id: $id) { person { id decisions { id } } } }";
    let person = lead.data(query, json!({ "id": sent["id"] })).await?["referral"]["person"].clone();
    let tasks = gp.data("{ worklist(first: 50) { edges { node { id kind } } } }", json!({})).await?;
    let edges = tasks["worklist"]["edges"].as_array().cloned().unwrap_or_default();
    let task =
        edges.iter().find(|edge| edge["node"]["kind"] == "TASK").map(|edge| edge["node"]["id"].clone());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (person_id, decision) = (text(&person["id"]), text(&person["decisions"][0]["id"]));
    let task = text(&task.unwrap_or_default());
    anyhow::ensure!(
        !person_id.is_empty() && !decision.is_empty() && !task.is_empty(),
        "the story left nothing to probe"
    );
    let at_links = (region.network, Some(region.links));
    let kit = served.world.member(at_links, "Kit Shaw", Role::OrganisationAdmin).await?;
    let invited = crate::invitations::invited(&served.client(&kit)?, "ada@example.org", &["ANALYST"]).await?;
    let invitation = text(&invited["invitation"]["id"]);
    // Of somebody whom the link workers have no other way to.
    refer(&gp, &region.walking.to_string()).await?;
    let opening = opened(&served.client(&region.link_worker)?).await?;
    let request = asked(&served.client(&region.link_worker)?).await?;
    let provider = provider_of(served, region).await?;
    let node = vec![
        text(&sent["id"]),
        person_id.clone(),
        decision.clone(),
        region.walking.to_string(),
        region.walkers.to_string(),
        region.link_worker.session.membership.to_string(),
    ];
    let passkey: trellis_domain::kernel::PasskeyId = served.world.id();
    let platform = served.world.database.connect_as("trellis_platform").await?;
    platform
        .execute(
            "INSERT INTO passkeys (passkey_id, user_id, credential_id, credential, name, created_at) VALUES ($1, $2, '\\x01', '{}', 'Key', now())",
            &[&passkey.uuid(), &region.link_worker.session.user.uuid()],
        )
        .await?;
    Ok(Ids {
        session: region.link_worker.session.session.to_string(),
        passkey: passkey.to_string(),
        referral: sent["id"].clone(),
        version: accepted["version"].as_i64().unwrap_or(1),
        person: person_id,
        service: region.walking.to_string(),
        decision,
        user: region.link_worker.session.user.to_string(),
        task,
        organisation: region.links.to_string(),
        membership: region.link_worker.session.membership.to_string(),
        invitation,
        opening: text(&opening["id"]),
        request: text(&request),
        provider,
        node,
    })
}

/// The link workers have a provider; its id.
pub async fn provider_of(served: &Served, region: &Region) -> anyhow::Result<String> {
    let at_links = (region.network, Some(region.links));
    let admin = served.world.member(at_links, "Ada Nwosu", Role::OrganisationAdmin).await?;
    let short_name = format!("links-{}", &region.links.uuid().simple().to_string()[20..]);
    let input = json!({
        "shortName": short_name, "name": "Staff account", "issuer": "https://login.example.org", "clientId": "trellis",
        "clientSecret": "a secret of seven quiet otters",
    });
    let configured = served
        .client(&admin)?
        .mutate("configureIdentityProvider", "ConfigureIdentityProviderInput", input, "provider { id }")
        .await?;
    let id = configured.pointer("/provider/id").and_then(Value::as_str);
    id.map(str::to_owned).with_context(|| configured.to_string())
}

/// The same shapes, of nothing.
fn nothing(like: &Ids) -> Ids {
    let other = |id: &str| match id.rsplit_once('_') {
        Some((prefix, digits)) => format!("{prefix}_{}", digits.chars().rev().collect::<String>()),
        None => id.to_owned(),
    };
    Ids {
        referral: json!(other(like.referral.as_str().unwrap_or_default())),
        version: like.version,
        person: other(&like.person),
        service: other(&like.service),
        decision: other(&like.decision),
        user: other(&like.user),
        task: other(&like.task),
        organisation: other(&like.organisation),
        membership: other(&like.membership),
        invitation: other(&like.invitation),
        opening: other(&like.opening),
        request: other(&like.request),
        session: other(&like.session),
        passkey: other(&like.passkey),
        provider: other(&like.provider),
        node: like.node.iter().map(|id| other(id)).collect(),
    }
}

/// The answer without what is different in every request.
fn plain(answer: &Value) -> String {
    let mut answer = answer.clone();
    answer["extensions"] = Value::Null;
    if let Some(errors) = answer["errors"].as_array_mut() {
        for error in errors {
            error["extensions"]["requestId"] = Value::Null;
        }
    }
    answer.to_string()
}

async fn answers_alike(client: &Client, real: &Ids, unreal: &Ids) -> anyhow::Result<()> {
    for ((name, query, with_real), (_, _, with_unreal)) in probes(real).into_iter().zip(probes(unreal)) {
        let (one, two) =
            (client.ask(&query, with_real.clone()).await?, client.ask(&query, with_unreal).await?);
        assert_eq!(
            (one.status, plain(&one.body)),
            (two.status, plain(&two.body)),
            "{name} tells {with_real} from nothing"
        );
        let told = one.body.to_string();
        assert!(!told.contains("Park") && !told.contains("Jo"), "{name} shows a name");
    }
    Ok(())
}

#[tokio::test]
async fn every_operation_of_the_schema_is_in_the_list() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let query = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let schema = served.client(&region.team_lead)?.data(query, json!({})).await?;
    let ids = nothing(&lived_in(&served, &region).await?);
    let mut covered: BTreeSet<String> = probes(&ids).iter().map(|(name, _, _)| (*name).to_owned()).collect();
    covered.extend(ANONYMOUS.iter().chain(WITHOUT_AN_ID).map(|name| (*name).to_owned()));
    let mut offered = BTreeSet::new();
    for kind in ["queryType", "mutationType", "subscriptionType"] {
        let fields = schema["__schema"][kind]["fields"].as_array().cloned().unwrap_or_default();
        offered.extend(fields.iter().filter_map(|field| field["name"].as_str().map(str::to_owned)));
    }
    assert_eq!(offered, covered, "operations that the isolation test does not know, or knows in vain");
    Ok(())
}

#[tokio::test]
async fn another_network_cannot_tell_our_things_from_nothing() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let ours = lived_in(&served, &region).await?;
    let theirs = served.world.region("south-moor").await?;
    let unreal = nothing(&ours);
    for stranger in [&theirs.referrer, &theirs.team_lead, &theirs.volunteer, &theirs.coordinator] {
        answers_alike(&served.client(stranger)?, &ours, &unreal).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_organisation_that_is_no_party_learns_nothing_of_people() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let mut ours = lived_in(&served, &region).await?;
    // Services and organisations are known inside the network; people and referrals are not.
    ours.service = region.debt_advice.to_string();
    ours.node.retain(|id| ["ref_", "per_", "dec_"].iter().any(|prefix| id.starts_with(prefix)));
    let unreal =
        Ids { service: ours.service.clone(), organisation: ours.organisation.clone(), ..nothing(&ours) };
    for stranger in [&region.adviser, &region.coordinator] {
        for ((name, query, real), (_, _, fake)) in probes(&ours).into_iter().zip(probes(&unreal)) {
            let manages = stranger.session.organisation.is_none() && OF_THE_COORDINATOR.contains(&name);
            if manages || matches!(name, "service" | "setCapacity") {
                continue;
            }
            let client = served.client(stranger)?;
            let (one, two) = (client.ask(&query, real).await?, client.ask(&query, fake).await?);
            assert_eq!(
                (one.status, plain(&one.body)),
                (two.status, plain(&two.body)),
                "{name} for {}",
                stranger.email
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn nobody_anonymous_gets_past_the_door() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let ours = lived_in(&served, &region).await?;
    let door = Client::new(&served.url, None);
    for (name, query, variables) in probes(&ours) {
        let answer = door.ask(&query, variables).await?;
        assert_eq!(
            answer.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{name}: {}",
            answer.body
        );
    }
    for list in [
        "viewer { name }",
        "worklist(first: 1) { counts { overdue } }",
        "people(search: \"Jo\", first: 1) { edges { cursor } }",
        "members { id }",
        "staff(first: 1) { edges { cursor } }",
        "invitations(first: 1) { edges { cursor } }",
        "managedOrganisations(first: 1) { edges { cursor } }",
    ] {
        let answer = door.ask(&format!("{{ {list} }}"), json!({})).await?;
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{list}");
    }
    Ok(())
}

#[tokio::test]
async fn a_role_that_is_too_low_is_denied_and_each_denial_is_audited() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let ours = lived_in(&served, &region).await?;
    let analyst =
        |organisation, name| served.world.member((region.network, Some(organisation)), name, Role::Analyst);
    let at_links: Persona = analyst(region.links, "Ravi Patel").await?;
    // The task is the practice's: to everybody else it is not there at all.
    let at_practice: Persona = analyst(region.practice, "Una Hale").await?;
    let mut otherwise = Vec::new();
    for (name, query, variables) in probes(&ours) {
        // The directory is open to all of the network; what a node shows is asked by its own name.
        // One's own things are nobody else's whatever their role: not found.
        let own = matches!(name, "endSession" | "renamePasskey" | "removePasskey");
        if own || matches!(name, "node" | "nodes" | "service") {
            continue;
        }
        let who = if name == "finishTask" { &at_practice } else { &at_links };
        let before = served.audited("refused").await?;
        let answer = served.client(who)?.ask(&query, variables).await?;
        // A read has nowhere to put a refusal but among the errors.
        let code = match &answer.body["data"][name] {
            Value::Null => &answer.body["errors"][0]["extensions"]["code"],
            payload => &payload["refusal"]["code"],
        };
        let expected = if matches!(name, "person" | "referral" | "managedOrganisation") {
            "FORBIDDEN"
        } else {
            "DENIED"
        };
        let denials = served.audited("refused").await? - before;
        if (code.as_str(), denials) != (Some(expected), 1) {
            otherwise.push(format!("{name}: {code}, {denials} in the audit"));
        }
    }
    assert!(otherwise.is_empty(), "not denied by name, or not once in the audit: {otherwise:#?}");
    Ok(())
}

#[tokio::test]
async fn lists_that_a_role_may_not_see_are_forbidden_and_that_is_audited() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    lived_in(&served, &region).await?;
    let at_links = (region.network, Some(region.links));
    let analyst = served.client(&served.world.member(at_links, "Ravi Patel", Role::Analyst).await?)?;
    for list in [
        "worklist(first: 1) { counts { overdue } }",
        "caseload(first: 1) { totalCount }",
        "referrals(filter: { side: RECEIVED }, first: 1) { totalCount }",
        "people(search: \"Jo\", first: 1) { edges { cursor } }",
        "members { id }",
        "staff(first: 1) { edges { cursor } }",
        "invitations(first: 1) { edges { cursor } }",
        "managedOrganisations(first: 1) { edges { cursor } }",
    ] {
        let before = served.audited("refused").await?;
        let answer = analyst.ask(&format!("{{ {list} }}"), json!({})).await?;
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "FORBIDDEN", "{list}: {}", answer.body);
        assert_eq!(served.audited("refused").await?, before + 1, "{list}: the denial is not in the audit");
    }
    Ok(())
}
