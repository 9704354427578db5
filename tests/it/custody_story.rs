//! An organisation hands over the records that it answers for: both sides sign, one person after another goes over, nobody
//! is seen before, and afterwards it can close.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::OrganisationId;
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::custody_requests;
use crate::emergency::known_elsewhere;
use crate::loop_over_graphql::{command, refer, somebody_new};

pub const OFFER: &str = "offer { id stage people moved left held declined }";
pub const LOOK: &str =
    "{ custody { people receivers { name } offers { id stage made fromName toName people moved left held
    declined withdrawable answerable } } }";

/// A practice that answers for people, and another one that could.
pub struct Keepers {
    pub una: Persona,
    pub vale: OrganisationId,
    pub olga: Persona,
    /// Registers people there.
    pub max: Persona,
}

impl Keepers {
    pub async fn of(served: &Served, region: &Region) -> anyhow::Result<Self> {
        let world = &served.world;
        let at_practice = (region.network, Some(region.practice));
        let una = world.member(at_practice, "Una Quill", Role::PrivacyOfficer).await?;
        let kind = OrganisationKind::Practice;
        let vale = world.organisation(region.network, "Vale Health Centre", kind).await?;
        let at_vale = (region.network, Some(vale));
        let olga = world.member(at_vale, "Olga Reeve", Role::PrivacyOfficer).await?;
        let max = world.member(at_vale, "Max Orchard", Role::Referrer).await?;
        Ok(Self { una, vale, olga, max })
    }
}

pub async fn offers(by: &Client, to: OrganisationId) -> anyhow::Result<Value> {
    let input = json!({ "organisationId": to.to_string(), "reason": "MERGER" });
    let made = by.mutate("offerCustody", "OfferCustodyInput", input, OFFER).await?;
    anyhow::ensure!(made["refusal"].is_null(), "{made}");
    Ok(made["offer"].clone())
}

pub async fn accepts(by: &Client, offer: &Value) -> anyhow::Result<Value> {
    let input = json!({ "offerId": offer["id"], "answer": "ACCEPT" });
    let answered = by.mutate("answerCustodyOffer", "AnswerCustodyOfferInput", input, OFFER).await?;
    anyhow::ensure!(answered["refusal"].is_null(), "{answered}");
    Ok(answered["offer"].clone())
}

/// Registers somebody who is asked for nothing yet; their id.
pub async fn registers(by: &Client) -> anyhow::Result<Value> {
    let made = by.mutate("registerPerson", "RegisterPersonInput", somebody_new(), "person { id }").await?;
    anyhow::ensure!(made["refusal"].is_null(), "{made}");
    Ok(made["person"]["id"].clone())
}

pub struct Scene {
    pub served: Served,
    pub region: Region,
    pub keepers: Keepers,
    pub mailbox: Mailbox,
}

impl Scene {
    pub async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let keepers = Keepers::of(&served, &region).await?;
        let mailbox = Mailbox::of(&served)?;
        Ok(Self { served, region, keepers, mailbox })
    }

    pub fn gp(&self) -> anyhow::Result<Client> {
        self.served.client(&self.region.referrer)
    }

    pub fn una(&self) -> anyhow::Result<Client> {
        self.served.client(&self.keepers.una)
    }

    pub fn olga(&self) -> anyhow::Result<Client> {
        self.served.client(&self.keepers.olga)
    }

    pub fn max(&self) -> anyhow::Result<Client> {
        self.served.client(&self.keepers.max)
    }

    pub async fn both_have_signed(&self) -> anyhow::Result<Value> {
        accepts(&self.olga()?, &offers(&self.una()?, self.keepers.vale).await?).await
    }

    pub async fn count(&self, query: &str) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        Ok(owner.query_one(query, &[]).await?.get(0))
    }

    async fn outlook(&self, of: OrganisationId) -> anyhow::Result<Value> {
        let query = "query($id: ID!) { managedOrganisation(id: $id) { closingOutlook { people coming custodyMoving \
             custodyTo { name } } } }";
        let ines = self.served.client(&self.region.coordinator)?;
        let asked = ines.data(query, json!({ "id": of.to_string() })).await?;
        Ok(asked["managedOrganisation"]["closingOutlook"].clone())
    }

    pub async fn close(&self, of: OrganisationId) -> anyhow::Result<Value> {
        let ines = self.served.client(&self.region.coordinator)?;
        let input = json!({ "organisationId": of.to_string() });
        ines.mutate("closeOrganisation", "CloseOrganisationInput", input, "organisation { id }").await
    }
}

async fn sees(client: &Client, person: &Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!) { person(id: $id) { name accessBasis custodian { name } } }";
    Ok(client.data(query, json!({ "id": person })).await?["person"].clone())
}

async fn finds(client: &Client) -> anyhow::Result<usize> {
    let query = "{ people(search: \"Park\", first: 20) { edges { node { name } } } }";
    let found = client.data(query, json!({})).await?["people"]["edges"].clone();
    Ok(found.as_array().map_or(0, Vec::len))
}

pub async fn newest(client: &Client) -> anyhow::Result<Value> {
    Ok(client.data(LOOK, json!({})).await?["custody"]["offers"][0].clone())
}

#[tokio::test]
async fn when_both_have_signed_the_records_go_over_and_the_practice_can_close() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (gp, lead) = (scene.gp()?, scene.served.client(&scene.region.team_lead)?);
    let sent = refer(&gp, &scene.region.link_service.to_string()).await?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let person = registers(&gp).await?;
    assert_eq!(scene.close(scene.region.practice).await?["refusal"]["code"], "STILL_NEEDED");
    assert!(scene.outlook(scene.region.practice).await?["custodyTo"].is_null());

    let offer = offers(&scene.una()?, scene.keepers.vale).await?;
    assert_eq!((&offer["stage"], &offer["people"]), (&json!("OFFERED"), &json!(2)));
    let outlook = scene.outlook(scene.region.practice).await?;
    assert_eq!(outlook["custodyTo"]["name"], "Vale Health Centre", "{outlook}");
    assert_eq!(outlook["custodyMoving"], false);
    let page = scene.mailbox.newest(&scene.served, &scene.keepers.olga.email, &scene.served.url).await?;
    assert_eq!(page, "/records");
    let seen = newest(&scene.olga()?).await?;
    assert_eq!((&seen["fromName"], &seen["left"]), (&json!("Mill Street Surgery"), &json!(2)), "{seen}");
    assert!(seen["answerable"] == true && seen["made"] == false, "{seen}");
    assert_eq!(finds(&scene.olga()?).await?, 0, "nobody is seen before they agree");
    assert!(sees(&scene.olga()?, &person).await?.is_null());

    accepts(&scene.olga()?, &offer).await?;
    assert_eq!(finds(&scene.olga()?).await?, 0, "nobody is seen before their record has gone over");
    let carried = scene.mailbox.hand_over().await?;
    assert_eq!((carried.moved, carried.held, carried.failed), (2, 0, 0), "{carried:?}");
    let page = scene.mailbox.newest(&scene.served, &scene.keepers.una.email, &scene.served.url).await?;
    assert_eq!(page, "/records");

    let over = newest(&scene.una()?).await?;
    assert_eq!((&over["stage"], &over["moved"], &over["left"]), (&json!("MOVED"), &json!(2), &json!(0)));
    assert_eq!((finds(&gp).await?, finds(&scene.olga()?).await?), (0, 2));
    assert_eq!(finds(&scene.max()?).await?, 2, "whoever refers there finds them");
    assert!(sees(&gp, &person).await?.is_null());
    assert_eq!(sees(&scene.max()?, &person).await?["custodian"]["name"], "Vale Health Centre");
    let look = "query($id: ID!) { referral(id: $id) { stage person { name custodian { name } } } }";
    let helped = lead.data(look, json!({ "id": sent["id"] })).await?["referral"]["person"].clone();
    assert_eq!(helped["custodian"]["name"], "Vale Health Centre", "whoever helps goes on: {helped}");
    assert!(gp.data(look, json!({ "id": sent["id"] })).await?["referral"].is_null());
    let asked = scene.max()?.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    assert_eq!(
        (&asked["stage"], &asked["person"]["name"]),
        (&json!("ACCEPTED"), &json!("Jo Park")),
        "{asked}"
    );

    assert_eq!(scene.outlook(scene.region.practice).await?["people"], 0);
    let closed = scene.close(scene.region.practice).await?;
    assert!(closed["refusal"].is_null(), "{closed}");
    Ok(())
}

#[tokio::test]
async fn each_record_is_in_the_books_of_both_and_nobody_hears_of_each_by_mail() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let gp = scene.gp()?;
    for _ in 0..3 {
        registers(&gp).await?;
    }
    let at_vale = (scene.region.network, Some(scene.keepers.vale));
    scene.served.world.member(at_vale, "Ida Rook", Role::PrivacyOfficer).await?;
    let offer = offers(&scene.una()?, scene.keepers.vale).await?;
    scene.mailbox.mails(&scene.served).await?;
    accepts(&scene.olga()?, &offer).await?;
    scene.mailbox.hand_over().await?;
    let books =
        "SELECT count(*) FROM audit_entries a JOIN organisations o USING (network_id, organisation_id)
       WHERE a.action = 'custody.hand_over' AND a.person_id IS NOT NULL AND o.name = ";
    for whose in ["'Mill Street Surgery'", "'Vale Health Centre'"] {
        assert_eq!(scene.count(&format!("{books}{whose}")).await?, 3, "{whose}");
    }
    let told = "SELECT count(*) FROM events WHERE name = 'custody.handed_over' AND cardinality(audience) = 2";
    assert_eq!(scene.count(told).await?, 3);
    let mails = scene.mailbox.mails(&scene.served).await?;
    let about = |words: &str| mails.iter().filter(|mail| mail.subject.contains(words)).count();
    assert_eq!(about("offers Vale Health Centre its records"), 2, "one to each officer who can agree");
    assert_eq!(about("Your offer to hand over records was answered"), 1);
    assert!(mails.iter().all(|mail| !mail.text.contains("Park")));
    Ok(())
}

#[tokio::test]
async fn what_an_open_referral_opens_stays_open_and_nothing_else_does() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, world) = (&scene.region, &scene.served.world);
    let lead = scene.served.client(&region.team_lead)?;
    let own = world.service((region.network, region.links), "Link workers at home", None).await?;
    let asked = refer(&lead, &own.to_string()).await?;
    let held = command(&lead, "acceptReferral", "ReferralCommandInput", &asked, json!({})).await?;
    let not_helped = registers(&lead).await?;
    let kind = OrganisationKind::LinkWorkerService;
    let south = world.organisation(region.network, "South Vale Links", kind).await?;
    let at_south = (region.network, Some(south));
    let orla = world.member(at_south, "Orla Finch", Role::PrivacyOfficer).await?;
    let noa = world.member(at_south, "Noa Birch", Role::TeamLead).await?;
    let pat = scene.served.client(&region.privacy_officer)?;
    accepts(&scene.served.client(&orla)?, &offers(&pat, south).await?).await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 2);

    let look = "query($id: ID!) { referral(id: $id) { person { id name accessBasis custodian { name } } } }";
    let read = || lead.data(look, json!({ "id": asked["id"] }));
    let helped = read().await?["referral"]["person"].clone();
    assert_eq!(helped["name"], "Jo Park", "they help on: {helped}");
    assert_eq!(helped["accessBasis"], "Referral", "{helped}");
    assert!(sees(&lead, &not_helped).await?.is_null(), "nothing opens this record to them any more");
    let noa = scene.served.client(&noa)?;
    assert_eq!(sees(&noa, &helped["id"]).await?["accessBasis"], "Keeps the record");
    assert_eq!(sees(&noa, &not_helped).await?["name"], "Jo Park");

    let held = custody_requests::read(&lead, &held["id"]).await?;
    command(&lead, "withdrawReferral", "WithdrawReferralInput", &held, json!({ "by": "PERSON" })).await?;
    assert!(read().await?["referral"]["person"].is_null(), "with the referral its access ends");
    Ok(())
}

#[tokio::test]
async fn whoever_helps_already_keeps_that_beside_the_record() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, gp) = (&scene.region, scene.gp()?);
    let lead = scene.served.client(&region.team_lead)?;
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let pat = scene.served.client(&region.privacy_officer)?;
    accepts(&pat, &offers(&scene.una()?, region.links).await?).await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 1);
    let taken = custody_requests::read(&lead, &taken["id"]).await?;
    command(&lead, "withdrawReferral", "WithdrawReferralInput", &taken, json!({ "by": "PERSON" })).await?;
    assert_eq!(finds(&lead).await?, 1, "the record is theirs, whatever becomes of the referral");
    let open = "SELECT count(*) FROM person_access WHERE basis = 'referral' AND ended_at IS NULL";
    assert_eq!(scene.count(open).await?, 0);
    Ok(())
}

#[tokio::test]
async fn whoever_is_registered_or_changes_their_mind_meanwhile_goes_over_as_they_are() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, gp) = (&scene.region, scene.gp()?);
    let lead = scene.served.client(&region.team_lead)?;
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let offer = offers(&scene.una()?, scene.keepers.vale).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { id decisions { id active } } } }";
    let seen = lead.data(look, json!({ "id": sent["id"] })).await?["referral"]["person"].clone();
    let no_more = json!({ "decisionId": seen["decisions"][0]["id"] });
    gp.mutate("withdrawDecision", "WithdrawDecisionInput", no_more, "decision { active }").await?;
    registers(&gp).await?;
    accepts(&scene.olga()?, &offer).await?;
    registers(&gp).await?;
    let onward = refer(&gp, &region.walking.to_string()).await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 4, "all who are there when it goes over");

    let decisions = "query($id: ID!) { person(id: $id) { decisions { active } } }";
    let olga = scene.olga()?;
    let kept = olga.data(decisions, json!({ "id": seen["id"] })).await?["person"]["decisions"].clone();
    assert_eq!(kept, json!([{ "active": false }]), "what they took back stays taken back");
    let bea = scene.served.client(&region.volunteer)?;
    let onward = custody_requests::read(&bea, &onward["id"]).await?;
    let took = command(&bea, "acceptReferral", "ReferralCommandInput", &onward, json!({})).await?;
    assert_eq!(took["stage"], "ACCEPTED", "what they agreed to holds");
    let named = "SELECT count(*) FROM person_access a JOIN persons p USING (network_id, person_id)
       WHERE a.custodian_organisation_id <> p.custodian_organisation_id";
    assert_eq!(scene.count(named).await?, 0, "every access names whoever answers for the record now");
    Ok(())
}

#[tokio::test]
async fn whom_only_the_old_keeper_can_see_to_stays_until_that_is_done() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, gp) = (&scene.region, scene.gp()?);
    let bea = scene.served.client(&region.volunteer)?;
    known_elsewhere(&gp, &region.debt_advice.to_string()).await?;
    scene.both_have_signed().await?;
    let sam = scene.served.client(&region.link_worker)?;
    let emergency = crate::emergency::opened(&sam).await?;
    let sent = refer(&gp, &region.walking.to_string()).await?;
    let why = json!({ "reason": "NEEDS_INFORMATION" });
    let back = command(&bea, "returnReferral", "ReturnReferralInput", &sent, why).await?;
    let first = scene.mailbox.hand_over().await?;
    assert_eq!((first.moved, first.held), (0, 2), "{first:?}");
    let una = scene.una()?;
    let seen = newest(&una).await?;
    assert_eq!((&seen["left"], &seen["held"]), (&json!(2), &json!(2)), "{seen}");

    let list = "{ emergencies(waiting: true, first: 5) { edges { node { reason personName } } } }";
    let waiting = una.data(list, json!({})).await?["emergencies"]["edges"][0]["node"].clone();
    assert!(waiting["reason"].is_string(), "they can read why: {waiting}");
    let no = json!({ "openingId": emergency["id"], "verdict": "NOT_JUSTIFIED" });
    una.mutate("reviewEmergency", "ReviewEmergencyInput", no, "emergency { open }").await?;
    let cancel = json!({ "by": "PERSON" });
    command(&gp, "withdrawReferral", "WithdrawReferralInput", &back, cancel).await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 0, "it is not looked at every moment");
    scene.served.world.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(scene.mailbox.hand_over().await?.moved, 2);
    assert_eq!(newest(&scene.una()?).await?["stage"], "MOVED");
    Ok(())
}
