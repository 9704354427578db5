//! Records that go over: by workers that die and begin again, to organisations that are shut meanwhile; and what PostgreSQL
//! itself refuses, whoever asks.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::custody::{CustodyError, HandOver, HandedOver, hand_over};
use trellis_domain::kernel::{Clock, CustodyOfferId, OpContext, PersonId, Recorded, ReferralId, TypedId};
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::custody_story::{Keepers, OFFER, accepts, offers, registers};
use crate::loop_over_graphql::refer;

struct Scene {
    served: Served,
    region: Region,
    keepers: Keepers,
    people: Vec<PersonId>,
    offer: CustodyOfferId,
}

impl Scene {
    /// Both have signed for so many people.
    async fn of(people: usize) -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let keepers = Keepers::of(&served, &region).await?;
        let gp = served.client(&region.referrer)?;
        let mut registered = Vec::new();
        for _ in 0..people {
            registered.push(registers(&gp).await?.as_str().unwrap_or_default().parse()?);
        }
        let offer = offers(&served.client(&keepers.una)?, keepers.vale).await?;
        accepts(&served.client(&keepers.olga)?, &offer).await?;
        let offer = offer["id"].as_str().unwrap_or_default().parse()?;
        Ok(Self { served, region, keepers, people: registered, offer })
    }

    fn job(&self) -> OpContext {
        let world = &self.served.world;
        let (network, keeper) = (self.region.network, Some(self.region.practice));
        OpContext::for_job("hand-over", network, keeper, &*world.clock, Arc::clone(&world.ids))
    }

    async fn one(&self, person: PersonId) -> anyhow::Result<HandedOver> {
        let cmd = HandOver { offer: self.offer, person };
        Ok(self.served.world.store.write(&self.job(), move |tx, op| hand_over(tx, op, cmd)).await?)
    }

    async fn count(&self, query: &str) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        Ok(owner.query_one(query, &[]).await?.get(0))
    }

    async fn moved(&self) -> anyhow::Result<i64> {
        self.count("SELECT moved::bigint FROM custody_offers").await
    }

    async fn suspend(&self, ines: &Client, shut: bool) -> anyhow::Result<()> {
        let vale = json!(self.keepers.vale.to_string());
        let done = if shut {
            let input = json!({ "organisationId": vale, "reason": "OTHER" });
            ines.mutate("suspendOrganisation", "SuspendOrganisationInput", input, "organisation { id }")
                .await?
        } else {
            let input = json!({ "organisationId": vale });
            ines.mutate("letInOrganisation", "OrganisationInput", input, "organisation { id }").await?
        };
        anyhow::ensure!(done["refusal"].is_null(), "{done}");
        Ok(())
    }
}

const KEPT_BY_ONE: &str = "SELECT count(*) FROM persons p WHERE (SELECT count(*) FROM person_access a
    WHERE a.person_id = p.person_id AND a.basis = 'custodian' AND a.ended_at IS NULL
      AND a.organisation_id = p.custodian_organisation_id) = 1";

#[tokio::test]
async fn a_worker_that_dies_half_way_has_lost_nothing_and_nobody_goes_twice() -> anyhow::Result<()> {
    let scene = Scene::of(7).await?;
    // The worker is killed before the end of a transaction, and after one.
    let cmd = HandOver { offer: scene.offer, person: scene.people[0] };
    let job = scene.job();
    let died = scene.served.world.store.write(&job, move |tx, op| {
        let _: Recorded<HandedOver> = hand_over(tx, op, cmd)?;
        Err::<Recorded<HandedOver>, _>(CustodyError::Over)
    });
    assert!(died.await.is_err());
    assert_eq!(scene.moved().await?, 0, "half a transaction is none");
    let claimed = scene.served.app.parts.platform.claim_custody(scene.served.world.clock.now()).await?;
    assert!(claimed.is_some());
    assert_eq!(scene.one(scene.people[0]).await?, HandedOver::Moved);
    assert_eq!(scene.one(scene.people[0]).await?, HandedOver::Gone, "nobody goes twice");

    let (one, other) = (Mailbox::of(&scene.served)?, Mailbox::of(&scene.served)?);
    assert_eq!(one.hand_over().await?.moved, 0, "whoever died has it for some minutes");
    scene.served.world.clock.advance(SignedDuration::from_mins(6));
    let (first, second) = tokio::try_join!(one.hand_over(), other.hand_over())?;
    assert_eq!((first.moved + second.moved, first.failed + second.failed), (6, 0), "{first:?} {second:?}");
    assert_eq!((scene.moved().await?, scene.count(KEPT_BY_ONE).await?), (7, 7));
    let told = "SELECT count(*) FROM events WHERE name IN ('custody.handed_over', 'custody.finished')";
    assert_eq!(scene.count(told).await?, 8);
    assert_eq!(one.hand_over().await?.moved, 0);
    Ok(())
}

#[tokio::test]
async fn two_workers_at_the_same_record_hand_it_over_once() -> anyhow::Result<()> {
    let scene = Scene::of(1).await?;
    let person = scene.people[0];
    let (one, other) = tokio::try_join!(scene.one(person), scene.one(person))?;
    let mut came = [one, other];
    came.sort_by_key(|came| *came == HandedOver::Gone);
    assert_eq!(came, [HandedOver::Moved, HandedOver::Gone]);
    assert_eq!((scene.moved().await?, scene.count(KEPT_BY_ONE).await?), (1, 1));
    Ok(())
}

#[tokio::test]
async fn nothing_goes_to_whoever_is_suspended_and_who_awaits_records_is_not_closed() -> anyhow::Result<()> {
    let scene = Scene::of(2).await?;
    let ines = scene.served.client(&scene.region.coordinator)?;
    let mailbox = Mailbox::of(&scene.served)?;
    scene.suspend(&ines, true).await?;
    let stopped = mailbox.hand_over().await?;
    assert_eq!((stopped.moved, stopped.held), (0, 2), "{stopped:?}");
    let input = json!({ "organisationId": scene.keepers.vale.to_string() });
    let fields = "organisation { id }";
    let closed =
        ines.mutate("closeOrganisation", "CloseOrganisationInput", input.clone(), fields).await?["refusal"]
            .clone();
    assert_eq!(closed["code"], "STILL_NEEDED", "{closed}");
    assert!(closed["message"].as_str().unwrap_or_default().contains("1 organisations that are handing"));
    scene.suspend(&ines, false).await?;
    scene.served.world.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(mailbox.hand_over().await?.moved, 2);
    Ok(())
}

#[tokio::test]
async fn whoever_awaits_records_offers_none_and_a_declined_offer_moves_nobody() -> anyhow::Result<()> {
    let scene = Scene::of(1).await?;
    let (una, olga) = (scene.served.client(&scene.keepers.una)?, scene.served.client(&scene.keepers.olga)?);
    registers(&scene.served.client(&scene.keepers.max)?).await?;
    let round = json!({ "organisationId": scene.region.practice.to_string(), "reason": "MERGER" });
    let refused = olga.refused("offerCustody", "OfferCustodyInput", round.clone()).await?;
    assert_eq!(refused, "RECORDS_UNDER_WAY", "they would go round in a circle");
    let mailbox = Mailbox::of(&scene.served)?;
    mailbox.hand_over().await?;

    let offer = olga.mutate("offerCustody", "OfferCustodyInput", round, OFFER).await?["offer"].clone();
    let silent = json!({ "offerId": offer["id"], "answer": "DECLINE" });
    let refused = una.refused("answerCustodyOffer", "AnswerCustodyOfferInput", silent).await?;
    assert_eq!(refused, "INVALID_INPUT", "whoever declines says why");
    let no = json!({ "offerId": offer["id"], "answer": "DECLINE", "reason": "NO_CAPACITY" });
    let declined =
        una.mutate("answerCustodyOffer", "AnswerCustodyOfferInput", no, OFFER).await?["offer"].clone();
    assert_eq!((&declined["stage"], &declined["declined"]), (&json!("DECLINED"), &json!("NO_CAPACITY")));
    assert_eq!(mailbox.hand_over().await?.moved, 0);
    assert_eq!(scene.moved_of(&offer).await?, 0);
    Ok(())
}

impl Scene {
    async fn moved_of(&self, offer: &Value) -> anyhow::Result<i64> {
        let id: CustodyOfferId = offer["id"].as_str().unwrap_or_default().parse()?;
        let owner = self.served.world.database.connect_as_owner().await?;
        let query = "SELECT moved::bigint FROM custody_offers WHERE offer_id = $1";
        Ok(owner.query_one(query, &[&id.uuid()]).await?.get(0))
    }
}

/// An offer of somebody who is asked for, and statements that get around the product.
struct ByHand {
    served: Served,
    region: Region,
    vale: uuid::Uuid,
    offer: uuid::Uuid,
    person: uuid::Uuid,
    sent: uuid::Uuid,
    app: tokio_postgres::Client,
}

impl ByHand {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let keepers = Keepers::of(&served, &region).await?;
        let sent = refer(&served.client(&region.referrer)?, &region.walking.to_string()).await?;
        let sent: ReferralId = sent["id"].as_str().unwrap_or_default().parse()?;
        let owner = served.world.database.connect_as_owner().await?;
        let person = owner.query_one("SELECT person_id FROM persons", &[]).await?.get(0);
        let offer = offers(&served.client(&keepers.una)?, keepers.vale).await?;
        let offer: CustodyOfferId = offer["id"].as_str().unwrap_or_default().parse()?;
        let app = served.world.database.connect_as("trellis_app").await?;
        let (vale, offer, sent) = (keepers.vale.uuid(), offer.uuid(), sent.uuid());
        Ok(Self { served, region, vale, offer, person, sent, app })
    }

    /// What the statement says, or nothing where PostgreSQL refuses it. Nothing of it stays.
    async fn says(&self, organisation: uuid::Uuid, statement: &str) -> anyhow::Result<Option<bool>> {
        let settings = format!(
            "BEGIN; SET LOCAL app.network_id = '{}'; SET LOCAL app.organisation_id = '{organisation}'; \
             SET LOCAL app.actor_id = '00000000-0000-0000-0000-000000000000'",
            self.region.network.uuid()
        );
        self.app.batch_execute(&settings).await?;
        let did = self.app.query(statement, &[]).await;
        self.app.batch_execute("ROLLBACK").await?;
        Ok(did.ok().map(|rows| rows.first().is_none_or(|row| row.get(0))))
    }

    async fn owner_does(&self, statement: &str) -> anyhow::Result<()> {
        Ok(self.served.world.database.connect_as_owner().await?.batch_execute(statement).await?)
    }

    fn moves(&self) -> [String; 2] {
        let Self { offer, person, sent, .. } = self;
        [
            format!(
                "SELECT hand_over_record('{offer}', '{person}', gen_random_uuid(), gen_random_uuid(), gen_random_uuid())"
            ),
            format!("SELECT hand_over_requests('{offer}', '{person}', ARRAY['{sent}'::uuid]) = 1"),
        ]
    }

    fn signs(&self) -> String {
        format!(
            "UPDATE custody_offers SET stage = 'moving', settled_at = now(), settled_by = gen_random_uuid(), \
             next_try_at = now() WHERE offer_id = '{}'",
            self.offer
        )
    }
}

#[tokio::test]
async fn postgresql_moves_no_record_that_both_have_not_signed_for() -> anyhow::Result<()> {
    let scene = ByHand::new().await?;
    let (from, third, nobody) = (scene.region.practice.uuid(), scene.region.links.uuid(), uuid::Uuid::nil());
    for statement in scene.moves() {
        assert_eq!(scene.says(from, &statement).await?, Some(false), "it is offered, not accepted");
    }
    // and where both have signed: by the one who keeps it, and by nobody else
    scene.owner_does(&scene.signs()).await?;
    for statement in scene.moves() {
        for other in [scene.vale, third, nobody] {
            assert_eq!(scene.says(other, &statement).await?, Some(false), "moved by {other}");
        }
        assert_eq!(scene.says(from, &statement).await?, Some(true), "the control: by whoever keeps it");
    }
    Ok(())
}

#[tokio::test]
async fn postgresql_lets_nobody_sign_for_the_other_side_or_let_itself_in() -> anyhow::Result<()> {
    let scene = ByHand::new().await?;
    let (network, person, from, to) =
        (scene.region.network.uuid(), scene.person, scene.region.practice.uuid(), scene.vale);
    assert_eq!(scene.says(from, &scene.signs()).await?, None, "whoever offers signs for the other side");
    assert_eq!(scene.says(to, &scene.signs()).await?, Some(true), "the control: whoever receives may");
    let take = format!("UPDATE persons SET custodian_organisation_id = '{to}' WHERE person_id = '{person}'");
    assert_eq!(scene.says(from, &take).await?, None, "a record is given away without an offer");
    let let_in = format!(
        "INSERT INTO person_access (network_id, access_id, person_id, organisation_id, custodian_organisation_id, basis,
           level, began_at) VALUES ('{network}', gen_random_uuid(), '{person}', '{to}', '{to}', 'custodian', 'full', now())"
    );
    assert_eq!(scene.says(to, &let_in).await?, None, "whoever knows an id lets itself in");
    Ok(())
}
