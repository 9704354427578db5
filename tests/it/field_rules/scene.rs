//! A region in which there is something of everything, and one reader of each role.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use trellis_api::graphql::rules::Rule;
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::{Role, Roles};
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use super::routes::Given;
use crate::isolation::{Ids, lived_in};
use crate::loop_over_graphql::{agreement, command, refer, refer_input, somebody_new};
use crate::plan_story::{first_plan, saves, sent_again};

/// The widest way that a reader's organisation has to anybody in this story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Nothing,
    Some,
    Whole,
}

/// Somebody who asks everything.
pub struct Reader {
    pub client: Client,
    pub role: Role,
    way: Way,
    membership: String,
}

impl Reader {
    /// Does the rule let the role, with its organisation's way to people, see such a thing at all?
    pub fn may_see(&self, rule: Rule, own: Option<&str>) -> bool {
        let roles = Roles::from_iter([self.role]);
        match rule {
            Rule::By(action) => action.is_for(&roles),
            Rule::ByOrOwn(action) => action.is_for(&roles) || own == Some(self.membership.as_str()),
            Rule::Access => self.way >= Way::Some,
            Rule::FullAccess => self.way == Way::Whole,
            Rule::Secret => false,
            Rule::NothingMore
            | Rule::AsItsType
            | Rule::Own
            | Rule::SignIn
            | Rule::SecretOrOwn
            | Rule::Anybody => true,
        }
    }
}

pub struct Scene {
    pub served: Served,
    pub readers: Vec<Reader>,
    ids: Ids,
    passed_on: Value,
    finished: Value,
    shared_in_part: Value,
    opened: Value,
    service: String,
    network: String,
    contact: Value,
    closed: String,
}

impl Scene {
    pub async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let ids = lived_in(&served, &region).await?;
        let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
        let contact = is_helped(&served, &region, &ids).await?;
        let passed_on = accepted(&gp, &lead, &region).await?;
        agrees(&lead, &passed_on["id"]).await?;
        let on = json!({ "serviceId": region.walking.to_string(), "reason": "BETTER_FIT" });
        command(&lead, "transferReferral", "TransferReferralInput", &passed_on, on).await?;
        let finished = accepted(&gp, &lead, &region).await?;
        let begun = talks(&lead, &finished["id"]).await?["referral"].clone();
        let words = json!({
            "outcome": "GOAL_MET", "supportOffered": "Walked together", "outcomes": "Goes alone now",
            "actionsForReferrer": "None",
        });
        command(&lead, "completeReferral", "CompleteReferralInput", &begun, words).await?;
        let shared_in_part = shared_in_part(&served, &region).await?;
        let sam = served.client(&region.link_worker)?;
        let list = "{ emergencies(first: 5) { edges { node { personId } } } }";
        let opened = sam.data(list, json!({})).await?["emergencies"]["edges"][0]["node"]["personId"].clone();
        let readers = readers(&served, &region, &ids).await?;
        let closed = has_closed(&served, &region).await?;
        let (service, network) = (region.walking.to_string(), region.network.to_string());
        Ok(Self {
            served,
            readers,
            ids,
            passed_on,
            finished,
            shared_in_part,
            opened,
            service,
            network,
            contact,
            closed,
        })
    }

    /// Every question that somebody who is signed in can ask, about things that are there.
    pub fn given(&self) -> Vec<Given> {
        let mut all = self.by_an_id();
        all.extend([
            Given::of("viewer", ""),
            Given::of("worklist", "first: 20"),
            Given::of("caseload", "first: 20"),
            Given::of("team", ""),
            Given::of(
                "spread",
                &format!("referralIds: [{}], userIds: [\"{}\"]", self.ids.referral, self.ids.user),
            ),
            Given::of("referrals", "filter: { side: RECEIVED }, first: 20"),
            Given::of("referrals", "filter: { side: SENT_BY_US }, first: 20"),
            Given::of("people", "search: \"Park\", first: 20"),
            Given::of(
                "possibleMatches",
                "identity: { givenName: \"Jo\", familyName: \"Park\", birthDate: \"1959-05-04\" }",
            ),
            Given::of("emergencies", "first: 20"),
            Given::of("custody", ""),
            Given::of("accessRequests", "first: 20"),
            Given::of("services", "filter: { nearOutcode: \"LA9\", withinKm: 50 }, first: 20"),
            Given::of("services", "first: 20"),
            Given::of("organisations", "first: 20"),
            Given::of("members", ""),
            Given::of("staff", "first: 20"),
            Given::of("invitations", "first: 20"),
            Given::of("managedOrganisations", "first: 20"),
            Given::of("waitingClosings", ""),
            Given::of("settings", ""),
            Given::of(
                "settingsPreview",
                "input: { secondFactorRequired: true, idleMinutes: 20, sessionHours: 10, afterVersion: 1 }",
            ),
            Given::of("accessReview", "first: 20"),
            Given::of("accessReviewStanding", ""),
            Given::of("applications", "first: 20"),
            Given::of("waitingApplications", ""),
            Given::of("joining", ""),
            Given::of("joinableNetwork", "network: \"north-vale\""),
            Given::of("identityProvider", ""),
            Given::of("connectedIdentities", ""),
            Given::of("signInProvider", ""),
        ]);
        all
    }

    fn by_an_id(&self) -> Vec<Given> {
        let id = |id: &str| format!("id: \"{id}\"");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let referral = text(&self.ids.referral);
        let part = |root, found: &Value, only| Given { only, ..Given::of(root, &id(&text(found))) };
        let (person, contact) = (&self.ids.person, text(&self.contact));
        let decision = &self.ids.decision;
        let kinds = [
            ("Referral", referral.clone()),
            ("Person", person.clone()),
            ("Decision", decision.clone()),
            ("Contact", contact),
            ("Service", self.service.clone()),
            ("Organisation", self.ids.organisation.clone()),
            ("Member", self.ids.membership.clone()),
            ("Network", self.network.clone()),
        ];
        let nodes = kinds.into_iter().map(|(kind, of)| Given {
            on: Some(kind),
            depth: 3,
            own: (kind == "Member").then(|| self.ids.membership.clone()),
            ..Given::of("node", &id(&of))
        });
        let several = Given { on: Some("Decision"), ..Given::of("nodes", &format!("ids: [\"{decision}\"]")) };
        let mut all: Vec<Given> = nodes.collect();
        all.extend([
            several,
            Given::of("referral", &id(&referral)),
            part("referral", &self.passed_on["id"], &["passedOnTo"]),
            part("referral", &self.finished["id"], &["closeOut"]),
            part("referral", &self.shared_in_part["id"], &["person", "whatMatters"]),
            Given::of("person", &id(person)),
            part(
                "person",
                &self.shared_in_part["person"]["id"],
                &["name", "identity", "preferences", "decisions", "contacts"],
            ),
            part("person", &self.opened, &["emergency", "emergencyHelpers", "identity", "decisions"]),
            Given::of("service", &id(&self.service)),
            Given::of("managedOrganisation", &id(&self.ids.organisation)),
            Given::of("staffMember", &id(&self.ids.membership)),
            Given::of("application", &id(&self.ids.application)),
            Given::of("managedOrganisation", &id(&self.closed)),
        ]);
        all
    }
}

async fn accepted(gp: &Client, lead: &Client, region: &Region) -> anyhow::Result<Value> {
    let sent = refer(gp, &region.link_service.to_string()).await?;
    command(lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await
}

/// The person agrees that whoever may help is asked.
async fn agrees(lead: &Client, referral: &Value) -> anyhow::Result<()> {
    let query = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = lead.data(query, json!({ "id": referral })).await?["referral"]["person"]["id"].clone();
    let decision = json!({
        "personId": person, "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS", "agreement": agreement(),
    });
    lead.mutate("recordDecision", "RecordDecisionInput", decision, "decision { id }").await?;
    Ok(())
}

/// They have talked: the contact, and the referral that has begun by it.
pub async fn talks(client: &Client, referral: &Value) -> anyhow::Result<Value> {
    let spoke = json!({
        "referralId": referral, "channel": "PHONE", "result": "SPOKE", "minutes": 5, "note": "Likes to walk",
        "nextStep": "CALL", "nextDueAt": "2026-11-25T09:00:00Z",
    });
    let logged = client
        .mutate("logContact", "LogContactInput", spoke, "contact { id } referral { id version }")
        .await?;
    anyhow::ensure!(logged["refusal"].is_null(), "{logged}");
    Ok(logged)
}

/// A named worker helps, has talked to the person, and has asked somebody else too; the contact's id.
async fn is_helped(served: &Served, region: &Region, ids: &Ids) -> anyhow::Result<Value> {
    let lead = served.client(&region.team_lead)?;
    let referral = json!({ "id": ids.referral, "version": ids.version });
    let named = json!({ "userId": region.link_worker.session.user.to_string() });
    command(&lead, "allocateReferral", "AllocateReferralInput", &referral, named).await?;
    let sam = served.client(&region.link_worker)?;
    let logged = talks(&sam, &ids.referral).await?;
    plans(&sam, &json!(ids.person)).await?;
    let onward = json!({
        "referralId": ids.referral, "serviceId": region.walking.to_string(), "agreement": agreement(),
    });
    let onward = sam.mutate("referOnward", "ReferOnwardInput", onward, "referral { id }").await?;
    anyhow::ensure!(onward["refusal"].is_null(), "{onward}");
    Ok(logged["contact"]["id"].clone())
}

/// They have planned together, twice.
async fn plans(sam: &Client, person: &Value) -> anyhow::Result<()> {
    let first = saves(sam, first_plan(person)).await?;
    let mut second = sent_again(person, &first);
    second["goals"][0]["actions"][1]["doneOn"] = json!("2026-11-23");
    second["goals"][0]["actions"][0]["dueOn"] = json!("2026-11-27");
    saves(sam, second).await.map(|_| ())
}

/// The practice asks the money advisers, who are told the need and no more, and accept.
async fn shared_in_part(served: &Served, region: &Region) -> anyhow::Result<Value> {
    let (gp, adviser) = (served.client(&region.referrer)?, served.client(&region.adviser)?);
    let mut whole = somebody_new();
    whole["identity"]["nhsNumber"] = json!("9990548609");
    whole["identity"]["email"] = json!("jo.park@example.org");
    whole["identity"]["address"] = json!("1 Mill Lane");
    whole["preferences"]["safeTimes"] = json!("Mornings");
    whole["preferences"]["interpreter"] = json!("Polish");
    let person =
        gp.mutate("registerPerson", "RegisterPersonInput", whole, "person { id }").await?["person"].clone();
    let decision = json!({
        "personId": person["id"], "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS", "agreement": agreement(),
        "organisationId": region.advice.to_string(),
    });
    gp.mutate("recordDecision", "RecordDecisionInput", decision, "decision { id }").await?;
    let mut input = refer_input(&region.debt_advice.to_string());
    (input["personId"], input["newPerson"], input["agreement"]) =
        (person["id"].clone(), Value::Null, Value::Null);
    let sent = gp.mutate("refer", "ReferInput", input, "referral { id version }").await?;
    anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
    let query = "referral { id version person { id identity { birthDate } } }";
    let input = json!({ "referralId": sent["referral"]["id"], "version": sent["referral"]["version"] });
    let accepted =
        adviser.mutate("acceptReferral", "ReferralCommandInput", input, query).await?["referral"].clone();
    anyhow::ensure!(accepted["person"]["identity"]["birthDate"].is_null(), "that was not shared: {accepted}");
    talks(&adviser, &accepted["id"]).await?;
    Ok(accepted)
}

/// What organisations and the network have settled, signed and switched on.
async fn is_set_up(served: &Served, region: &Region, admin: &Persona, ids: &Ids) -> anyhow::Result<()> {
    let (admin, coordinator) = (served.client(admin)?, served.client(&region.coordinator)?);
    let branding = json!({ "displayName": "Vale Links", "shortLine": "Here to listen", "accent": "#0b4f4a" });
    let settings = json!({
        "secondFactorRequired": false, "idleMinutes": 30, "sessionHours": 12, "afterVersion": 0,
        "branding": branding,
    });
    let signed = json!({ "kind": "OTHER", "version": "1", "agreedOn": "2026-11-23", "endsOn": "2027-11-22" });
    let signed = json!({ "organisationId": ids.organisation, "agreement": signed });
    let question = json!({ "applicationId": ids.application, "question": "Who has a key?" });
    let provider = json!({ "providerId": ids.provider, "version": 1, "enabled": true });
    let acts = [
        (&admin, "changeSettings", "ChangeSettingsInput", settings.clone()),
        (&coordinator, "changeSettings", "ChangeSettingsInput", settings),
        (&coordinator, "addAgreement", "AddAgreementInput", signed),
        (&coordinator, "askApplicant", "AskApplicantInput", question),
        (&admin, "enableIdentityProvider", "EnableIdentityProviderInput", provider),
    ];
    for (who, act, input_type, input) in acts {
        let done = who.mutate(act, input_type, input, "__typename").await?;
        anyhow::ensure!(done["refusal"].is_null(), "{act}: {done}");
    }
    Ok(())
}

/// An organisation that has closed, and holds what nobody could take.
async fn has_closed(served: &Served, region: &Region) -> anyhow::Result<String> {
    let kind = OrganisationKind::LinkWorkerService;
    let gone = served.world.organisation(region.network, "Old Town Links", kind).await?;
    let input = json!({ "organisationId": gone.to_string() });
    let coordinator = served.client(&region.coordinator)?;
    let closed = coordinator
        .mutate("closeOrganisation", "CloseOrganisationInput", input, "organisation { closedAt }")
        .await?;
    anyhow::ensure!(closed["refusal"].is_null(), "{closed}");
    let owner = served.world.database.connect_as_owner().await?;
    owner
        .execute(
            "UPDATE closings SET waiting = 1, finished_at = NULL WHERE organisation_id = $1",
            &[&gone.uuid()],
        )
        .await?;
    Ok(gone.to_string())
}

async fn readers(served: &Served, region: &Region, ids: &Ids) -> anyhow::Result<Vec<Reader>> {
    let at_links = (region.network, Some(region.links));
    let analyst = served.world.member(at_links, "Ravi Patel", Role::Analyst).await?;
    let admin = served.world.member(at_links, "Mina Cole", Role::OrganisationAdmin).await?;
    is_set_up(served, region, &admin, ids).await?;
    let all: [(&Persona, Way); 9] = [
        (&region.referrer, Way::Whole),
        (&region.link_worker, Way::Whole),
        (&region.team_lead, Way::Whole),
        (&region.privacy_officer, Way::Whole),
        (&region.adviser, Way::Some),
        (&region.volunteer, Way::Nothing),
        (&analyst, Way::Nothing),
        (&admin, Way::Nothing),
        (&region.coordinator, Way::Nothing),
    ];
    // Each from an address of their own: together they ask more than may come from one.
    let readers = all.into_iter().zip(1..).map(|((persona, way), number)| {
        let role = persona.session.roles.iter().next();
        let role = role.ok_or_else(|| anyhow::anyhow!("{} has no role", persona.email))?;
        let membership = persona.session.membership.to_string();
        let client = served.client(persona)?.from_address(Ipv4Addr::new(127, 0, 1, number).into())?;
        Ok(Reader { client, role, way, membership })
    });
    readers.collect()
}
