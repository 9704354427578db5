//! An organisation closes: from that instant nobody acts for it, and nobody whom it helped or had asked for is lost.

use anyhow::Context;
use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::consent::record::{RecordDecision, record};
use trellis_domain::consent::{HowGiven, Purpose, Recipient, Scope};
use trellis_domain::kernel::{OrganisationId, PersonId, ServiceId};
use trellis_domain::policy::Role;
use trellis_domain::referral::Need;
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{REFERRAL, agreement, command, refer};
use crate::store_story::explained;

const CLOSED: &str = "organisation { id closedAt memberCount closing { finishedAt waiting successor { name } \
     left { passedOn sentBack leftWithOthers dropped onlyHere } } }";

/// The person lets everybody in the network know, as they told whoever acts.
pub async fn agrees_to_everybody(served: &Served, who: &Persona, referral: &Value) -> anyhow::Result<()> {
    let query = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let seen = served.client(who)?.data(query, json!({ "id": referral["id"] })).await?;
    let person: PersonId = seen["referral"]["person"]["id"].as_str().context("no person")?.parse()?;
    let agreed = RecordDecision {
        person,
        recipient: Recipient::Network,
        purpose: Purpose::Referral,
        scope: Scope::NeedAndAccess,
        how_given: HowGiven::Spoken,
        explained: explained(),
        ends_at: None,
    };
    served.world.store.write(&served.world.op(who), move |tx, op| record(tx, op, agreed)).await?;
    Ok(())
}

pub struct Scene {
    pub served: Served,
    pub region: Region,
    pub mailbox: Mailbox,
    ines: Client,
    /// Another link-worker service.
    south: OrganisationId,
    max: Persona,
}

impl Scene {
    pub async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let mailbox = Mailbox::of(&served)?;
        let ines = served.client(&region.coordinator)?;
        let kind = OrganisationKind::LinkWorkerService;
        let south = served.world.organisation(region.network, "South Vale Links", kind).await?;
        served.world.service((region.network, south), "Southern link workers", None).await?;
        let at_south = (region.network, Some(south));
        let max = served.world.member(at_south, "Max Orme", Role::TeamLead).await?;
        Ok(Self { served, region, mailbox, ines, south, max })
    }

    async fn outlook(&self, successor: Value) -> anyhow::Result<Value> {
        let query = "query($id: ID!, $next: ID) { managedOrganisation(id: $id) { closingOutlook(successorId: $next) \
            { people passedOn sentBack leftWithOthers dropped onlyHere emergencies unanswered } } }";
        let asked = json!({ "id": self.region.links.to_string(), "next": successor });
        Ok(self.ines.data(query, asked).await?["managedOrganisation"]["closingOutlook"].clone())
    }

    pub async fn close(&self, organisation: OrganisationId, successor: Value) -> anyhow::Result<Value> {
        let input = json!({ "organisationId": organisation.to_string(), "successorId": successor });
        self.ines.mutate("closeOrganisation", "CloseOrganisationInput", input, CLOSED).await
    }

    /// The link workers take it up.
    pub async fn taken_up(&self) -> anyhow::Result<Value> {
        let gp = self.served.client(&self.region.referrer)?;
        let sent = refer(&gp, &self.region.link_service.to_string()).await?;
        let lead = self.served.client(&self.region.team_lead)?;
        command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await
    }

    /// Somebody whom the practice answers for, and for whom the link workers have asked others: those others.
    pub async fn asked_onward(&self, service: ServiceId) -> anyhow::Result<Value> {
        let taken = self.taken_up().await?;
        let onward =
            json!({ "referralId": taken["id"], "serviceId": service.to_string(), "agreement": agreement() });
        let lead = self.served.client(&self.region.team_lead)?;
        let placed = lead.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?;
        anyhow::ensure!(placed["refusal"].is_null(), "{placed}");
        Ok(placed["referral"].clone())
    }

    /// The link workers ask their own: nobody else knows of that.
    async fn known_here_alone(&self) -> anyhow::Result<Value> {
        let own = (self.region.network, self.region.links);
        let service = self.served.world.service(own, "Link workers at home", None).await?;
        self.asked_onward(service).await
    }

    /// Until nothing is left to be done, and the last of it was looked at.
    pub async fn settled(&self) -> anyhow::Result<usize> {
        let first = self.mailbox.settle().await?;
        self.served.world.clock.advance(SignedDuration::from_mins(3));
        let second = self.mailbox.settle().await?;
        anyhow::ensure!(first.failed + second.failed == 0, "{first:?} {second:?}");
        Ok(first.settled + second.settled)
    }

    pub async fn count(&self, query: &str) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        Ok(owner.query_one(query, &[]).await?.get(0))
    }

    /// Open means owned by somebody who is there; whoever is not there sees nobody; what ended because somebody closed is a
    /// task of whoever asked.
    pub async fn nobody_is_lost(&self) -> anyhow::Result<()> {
        let with_nobody =
            "SELECT count(*) FROM referrals r JOIN organisations o ON o.network_id = r.network_id
             AND o.organisation_id = r.owner_organisation_id
           WHERE r.due_at IS NOT NULL AND o.closed_at IS NOT NULL";
        anyhow::ensure!(self.count(with_nobody).await? == 0, "somebody waits for nobody");
        let untold = "SELECT count(*) FROM referrals r JOIN organisations o ON o.network_id = r.network_id
             AND o.organisation_id = r.from_organisation_id AND o.closed_at IS NULL
           WHERE r.stage = 'declined' AND r.stage_detail ->> 'reason' = 'organisation_closed'
             AND NOT EXISTS (SELECT FROM tasks t WHERE t.referral_id = r.referral_id AND t.kind = 'find_alternative'
               AND t.organisation_id = r.from_organisation_id)";
        anyhow::ensure!(self.count(untold).await? == 0, "somebody was let down without a word");
        let over =
            "SELECT count(*) FROM person_access a JOIN organisations o USING (network_id, organisation_id)
             WHERE o.closed_at IS NOT NULL AND a.basis = 'referral' AND a.ended_at IS NULL";
        anyhow::ensure!(self.count(over).await? == 0, "the closed organisation sees people still");
        Ok(())
    }
}

#[tokio::test]
async fn what_is_under_way_goes_to_the_successor_where_people_agreed_and_else_back_to_whoever_asked()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let gp = scene.served.client(&region.referrer)?;
    let agreed = scene.taken_up().await?;
    agrees_to_everybody(&scene.served, &region.team_lead, &agreed).await?;
    let not_agreed = scene.taken_up().await?;
    let waiting = refer(&gp, &region.link_service.to_string()).await?;

    let none = scene.outlook(Value::Null).await?;
    assert_eq!((none["passedOn"].clone(), none["sentBack"].clone()), (json!(0), json!(3)), "{none}");
    let with = scene.outlook(json!(scene.south.to_string())).await?;
    assert_eq!((with["passedOn"].clone(), with["sentBack"].clone()), (json!(1), json!(2)), "{with}");

    let closed = scene.close(region.links, json!(scene.south.to_string())).await?;
    assert_eq!(closed["organisation"]["closing"]["successor"]["name"], "South Vale Links", "{closed}");
    let sam = scene.served.client(&region.link_worker)?;
    assert!(sam.data("{ viewer { name } }", json!({})).await.is_err(), "whoever worked there goes on");
    let nobody = gp.refused(
        "refer",
        "ReferInput",
        crate::loop_over_graphql::refer_input(&region.link_service.to_string()),
    );
    assert!(!nobody.await?.is_empty(), "it takes somebody new");
    assert_eq!(scene.settled().await?, 3);
    scene.nobody_is_lost().await?;

    let heard = "query($id: ID!) { referral(id: $id) { stage reason passedOnTo { id } } }";
    let stands = |of: Value| gp.data(heard, json!({ "id": of["id"] }));
    for let_down in [not_agreed, waiting] {
        let after = stands(let_down).await?["referral"].clone();
        assert_eq!(
            (after["stage"].clone(), after["reason"].clone()),
            (json!("DECLINED"), json!("organisation_closed"))
        );
    }
    let after = stands(agreed).await?["referral"].clone();
    assert_eq!(after["stage"], "TRANSFERRED", "{after}");
    let next = json!({ "id": after["passedOnTo"]["id"] });
    let max = scene.served.client(&scene.max)?;
    let look =
        "query($id: ID!) { referral(id: $id) { id version stage whatMatters person { name } fromName } }";
    let offered = max.data(look, next.clone()).await?["referral"].clone();
    assert_eq!(
        (offered["stage"].clone(), offered["person"].clone()),
        (json!("SENT"), Value::Null),
        "{offered}"
    );
    command(&max, "acceptReferral", "ReferralCommandInput", &offered, json!({})).await?;
    let taken = max.data(look, next).await?["referral"].clone();
    assert_eq!(
        (taken["person"]["name"].clone(), taken["fromName"].clone()),
        (json!("Jo Park"), json!("Dr Ama Osei"))
    );
    assert_eq!(taken["whatMatters"], "See people twice a week", "{taken}");
    let told = "SELECT count(*) FROM events WHERE name IN ('organisation.closed', 'organisation.wound_up')";
    assert_eq!(scene.count(told).await?, 2);
    Ok(())
}

#[tokio::test]
async fn whom_only_it_knows_is_in_the_way_until_they_agree_to_somebody_else() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let noor = scene.served.client(&region.team_lead)?;
    let own = scene.known_here_alone().await?;
    let refused = scene.close(region.links, json!(scene.south.to_string())).await?;
    assert_eq!(refused["refusal"]["code"], "STILL_NEEDED", "{refused}");
    assert!(refused["refusal"]["message"].as_str().unwrap_or_default().contains(" 1 open"), "{refused}");
    noor.data("{ viewer { name } }", json!({})).await.context("they work on")?;

    agrees_to_everybody(&scene.served, &region.team_lead, &own).await?;
    scene.close(region.links, json!(scene.south.to_string())).await?;
    assert_eq!(scene.settled().await?, 2);
    scene.nobody_is_lost().await?;
    let max = scene.served.client(&scene.max)?;
    let list = "{ referrals(filter: { side: RECEIVED }, first: 5) { edges { node { id fromName } } } }";
    let got = max.data(list, json!({})).await?["referrals"]["edges"].to_string();
    assert!(got.contains("South Vale Links"), "nobody else is there to answer: {got}");
    assert!(got.contains("Mill Street Surgery"), "what the practice asked for goes on in its name: {got}");
    Ok(())
}

#[tokio::test]
async fn whose_record_it_answers_for_is_in_the_way_and_so_is_what_came_back() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (gp, noor) = (scene.served.client(&region.referrer)?, scene.served.client(&region.team_lead)?);
    refer(&gp, &region.link_service.to_string()).await?;
    let refused = scene.close(region.practice, Value::Null).await?["refusal"].clone();
    assert_eq!(refused["code"], "STILL_NEEDED", "{refused}");
    assert!(refused["message"].as_str().unwrap_or_default().contains("1 people's records"), "{refused}");
    gp.data("{ viewer { name } }", json!({})).await.context("they work on")?;

    let bea = scene.served.client(&region.volunteer)?;
    let declined = scene.asked_onward(region.walking).await?;
    let no = json!({ "reason": "NOT_SUITABLE" });
    command(&bea, "declineReferral", "DeclineReferralInput", &declined, no).await?;
    let back = scene.asked_onward(region.walking).await?;
    let why = json!({ "reason": "NEEDS_INFORMATION" });
    command(&bea, "returnReferral", "ReturnReferralInput", &back, why).await?;
    let outlook = scene.outlook(Value::Null).await?;
    assert_eq!((outlook["unanswered"].clone(), outlook["people"].clone()), (json!(2), json!(0)), "{outlook}");
    let refused = scene.close(region.links, Value::Null).await?["refusal"].clone();
    assert!(
        refused["message"].as_str().unwrap_or_default().contains("2 referrals that came back"),
        "{refused}"
    );
    noor.data("{ viewer { name } }", json!({})).await.context("they work on")?;
    Ok(())
}

#[tokio::test]
async fn what_the_successor_cannot_take_is_taken_by_another_who_is_named_for_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let own = scene.known_here_alone().await?;
    agrees_to_everybody(&scene.served, &region.team_lead, &own).await?;
    let kind = OrganisationKind::LinkWorkerService;
    let world = &scene.served.world;
    let narrow = world.organisation(region.network, "Money Links", kind).await?;
    let for_money =
        |service: &mut trellis_domain::directory::Service| service.intake.needs = vec![Need::Money];
    world.service_like((region.network, narrow), "Money only", None, for_money).await?;
    let refused = scene.close(region.links, json!(narrow.to_string())).await?;
    assert_eq!(refused["refusal"]["code"], "SUCCESSOR_CANNOT", "nobody works there: {refused}");
    world.member((region.network, Some(narrow)), "Ida Rook", Role::LinkWorker).await?;
    scene.close(region.links, json!(narrow.to_string())).await?;
    assert_eq!(scene.settled().await?, 1, "they help with money only: the practice finds somebody else");
    assert!(scene.nobody_is_lost().await.is_err(), "it waits, and that is seen");

    let waiting = "{ waitingClosings { waiting organisation { name } } }";
    let waits = scene.ines.data(waiting, json!({})).await?["waitingClosings"].clone();
    assert_eq!((waits[0]["waiting"].clone(), waits.as_array().map(Vec::len)), (json!(1), Some(1)), "{waits}");

    let input = json!({ "organisationId": region.links.to_string(), "successorId": scene.south.to_string() });
    let named = scene.ines.mutate("nameSuccessor", "NameSuccessorInput", input, CLOSED).await?;
    assert_eq!(named["organisation"]["closing"]["left"]["passedOn"], 1, "{named}");
    assert!(named["organisation"]["closing"]["finishedAt"].is_null(), "{named}");
    assert_eq!(scene.settled().await?, 1);
    scene.nobody_is_lost().await?;
    let waits = scene.ines.data(waiting, json!({})).await?["waitingClosings"].clone();
    assert_eq!(waits, json!([]), "all of it is settled");
    let again = json!({ "organisationId": region.links.to_string(), "successorId": scene.south.to_string() });
    let nothing = scene.ines.refused("nameSuccessor", "NameSuccessorInput", again).await?;
    assert_eq!(nothing, "ALL_SETTLED");
    Ok(())
}

/// Two workers at once, each of which may take any of it.
#[tokio::test]
async fn however_many_work_on_it_each_is_settled_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for _ in 0..6 {
        let taken = scene.taken_up().await?;
        agrees_to_everybody(&scene.served, &scene.region.team_lead, &taken).await?;
    }
    scene.close(scene.region.links, json!(scene.south.to_string())).await?;
    let again = "UPDATE closings SET next_try_at = closed_at";
    let (other, owner) = (Mailbox::of(&scene.served)?, scene.served.world.database.connect_as_owner().await?);
    let hurried = async {
        // as if the first had died and its lease had run out
        owner.execute(again, &[]).await?;
        other.settle().await
    };
    let (one, two) = tokio::join!(scene.mailbox.settle(), hurried);
    let (one, two) = (one?, two?);
    assert!(one.settled + two.settled + one.failed + two.failed >= 6, "{one:?} {two:?}");
    scene.served.world.clock.advance(SignedDuration::from_mins(6));
    scene.mailbox.settle().await?;
    scene.nobody_is_lost().await?;
    let handed_over = "SELECT count(*) FROM referrals WHERE origin_id IS NOT NULL";
    assert_eq!(scene.count(handed_over).await?, 6, "once each");
    let list = "{ referrals(filter: { side: RECEIVED }, first: 20) { edges { node { id } } } }";
    let got = scene.served.client(&scene.max)?.data(list, json!({})).await?;
    assert_eq!(got["referrals"]["edges"].as_array().map(Vec::len), Some(6));
    Ok(())
}
