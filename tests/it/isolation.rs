//! Two tenants and one schema: every operation is called by those who must not reach anything, with real ids and with ids
//! that do not exist. The answers are the same to the byte. An operation that is not in the list fails the test.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::Persona;

mod lived_in;
mod probes;

pub use lived_in::{lived_in, provider_of};
use probes::nothing;
pub use probes::{Ids, probes};

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
    // By the token of a mail to a login. See `factor_reset.rs`.
    "factorReset",
    "finishFactorReset",
    "stopFactorReset",
    // Joining by application: the secret is in the link. See `joining_story.rs`.
    "joinableNetwork",
    "applyToJoin",
    "ownApplication",
    "confirmApplication",
    "replyToQuestion",
];
/// Lists and one's own things: they take no id of anybody's. May only shrink.
const WITHOUT_AN_ID: &[&str] = &[
    "viewer",
    "worklist",
    "caseload",
    "team",
    "referrals",
    "people",
    "possibleMatches",
    "services",
    "organisations",
    "members",
    "signOut",
    "registerPerson",
    "staff",
    "invitations",
    "managedOrganisations",
    "createOrganisation",
    // The acting place's own, by the number of a version. See `settings.rs`.
    "settings",
    "applications",
    "waitingApplications",
    "waitingClosings",
    "joining",
    "changeJoining",
    "settingsPreview",
    "changeSettings",
    "withdrawSettings",
    "addLogo",
    "emergencies",
    // The acting organisation's own: see `custody_story.rs`.
    "custody",
    "accessRequests",
    // By an organisation of what one answers for, or by none: see `access_review.rs`.
    "accessReview",
    "accessReviewStanding",
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
    // The acting organisation's own provider, and the viewer's own connections.
    "identityProvider",
    "signInProvider",
    "configureIdentityProvider",
    "testIdentityProvider",
    "connectedIdentities",
    "disconnectIdentity",
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
    "staffMember",
    "startFactorReset",
    "confirmAccess",
    "exportAccessReview",
    "configureOrganisation",
    "addAgreement",
    "suspendOrganisation",
    "letInOrganisation",
    "closeOrganisation",
    "nameSuccessor",
    "application",
    "approveApplication",
    "askApplicant",
    "declineApplication",
];

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
        "accessReview(first: 1) { edges { cursor } }",
        "accessReviewStanding { people }",
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
        let expected = if matches!(
            name,
            "person" | "referral" | "managedOrganisation" | "staffMember" | "application" | "spread"
        ) {
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
        "accessReview(first: 1) { edges { cursor } }",
        "accessReviewStanding { people }",
        "managedOrganisations(first: 1) { edges { cursor } }",
        "applications(first: 1) { edges { cursor } }",
        "waitingApplications",
        "waitingClosings { waiting }",
        "joining { open }",
        "custody { people }",
    ] {
        let before = served.audited("refused").await?;
        let answer = analyst.ask(&format!("{{ {list} }}"), json!({})).await?;
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "FORBIDDEN", "{list}: {}", answer.body);
        assert_eq!(served.audited("refused").await?, before + 1, "{list}: the denial is not in the audit");
    }
    Ok(())
}
