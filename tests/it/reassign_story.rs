//! A lead on a bad week (scenario 11): two workers are ill, and sixty people go to others by need in minutes, overdue ones
//! first. Every person has an owner at every instant, each case is on record by itself, and nobody drowns in mail.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{command, refer, refer_input};

pub const OUTCOMES: &str = "outcomes { referralId done refusal { code } }";

pub struct Scene {
    pub served: Served,
    pub region: Region,
    pub lead: Client,
}

impl Scene {
    pub async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let lead = served.client(&region.team_lead)?;
        Ok(Self { served, region, lead })
    }

    pub async fn colleague(&self, name: &str) -> anyhow::Result<Persona> {
        let at_links = (self.region.network, Some(self.region.links));
        self.served.world.member(at_links, name, Role::LinkWorker).await
    }

    /// So many people, accepted by the link workers, and nobody's yet; every other one for money.
    pub async fn accepted(&self, many: usize) -> anyhow::Result<Vec<Value>> {
        let gp = self.served.client(&self.region.referrer)?;
        let mut all = Vec::new();
        for number in 0..many {
            let mut input = refer_input(&self.region.link_service.to_string());
            if number % 2 == 0 {
                input["needs"] = json!(["MONEY"]);
            }
            let sent = gp.mutate("refer", "ReferInput", input, "referral { id version }").await?;
            anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
            let sent = sent["referral"].clone();
            all.push(command(&self.lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?);
        }
        Ok(all)
    }

    pub async fn count(&self, query: &str) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        Ok(owner.query_one(query, &[]).await?.get(0))
    }

    async fn events(&self, name: &str) -> anyhow::Result<i64> {
        self.count(&format!("SELECT count(*) FROM events WHERE name = '{name}'")).await
    }

    /// Who is with whom: by worker, how many; and those who are with nobody.
    async fn owners(&self) -> anyhow::Result<(Vec<i64>, i64)> {
        let owner = self.served.world.database.connect_as_owner().await?;
        let rows = owner
            .query(
                "SELECT worker_id IS NULL, count(*) FROM referrals WHERE due_at IS NOT NULL
                 GROUP BY worker_id ORDER BY 2",
                &[],
            )
            .await?;
        let nobodys = rows.iter().filter(|row| row.get(0)).map(|row| row.get::<_, i64>(1)).sum();
        let theirs = rows.iter().filter(|row| !row.get::<_, bool>(0)).map(|row| row.get(1));
        Ok((theirs.collect(), nobodys))
    }
}

pub fn user(persona: &Persona) -> String {
    persona.session.user.to_string()
}

/// To one worker.
pub fn all_to(referrals: &[Value], worker: &Persona) -> Value {
    let to =
        |one: &Value| json!({ "referralId": one["id"], "version": one["version"], "userId": user(worker) });
    referrals.iter().map(to).collect()
}

pub async fn moves(by: &Client, moves: &Value, reason: Value, key: &str) -> anyhow::Result<Value> {
    let input = json!({ "moves": moves, "reason": reason, "idempotencyKey": key });
    by.mutate("reassignReferrals", "ReassignReferralsInput", input, OUTCOMES).await
}

/// How many were done, and the codes of why others were not.
pub fn told(payload: &Value) -> (usize, Vec<&str>) {
    let outcomes = payload["outcomes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let done = outcomes.iter().filter(|one| one["done"] == true).count();
    (done, outcomes.iter().filter_map(|one| one["refusal"]["code"].as_str()).collect())
}

/// The rows of somebody's list, as they are now.
async fn with(lead: &Client, filter: Value) -> anyhow::Result<Vec<Value>> {
    let query = "query($filter: CaseloadFilter) { caseload(filter: $filter, first: 100) { edges { node {
        id: referralId version dueAt nextStep overdue needs weight workerName } } } }";
    let list = lead.data(query, json!({ "filter": filter })).await?["caseload"]["edges"].clone();
    Ok(list.as_array().into_iter().flatten().map(|edge| edge["node"].clone()).collect())
}

async fn numbers(lead: &Client, worker: &Persona) -> anyhow::Result<Value> {
    let query =
        "{ team { workers { userId mayTake numbers { open weight overdue waiting } } nobodys { open } } }";
    let team = lead.data(query, json!({})).await?["team"].clone();
    let all = team["workers"].as_array().cloned().unwrap_or_default();
    let theirs = all.iter().find(|one| one["userId"] == json!(user(worker)));
    Ok(theirs.map(|one| one["numbers"].clone()).unwrap_or_default())
}

#[tokio::test]
async fn two_workers_are_ill_and_sixty_people_go_to_others_overdue_ones_first() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (riz, sam) = (scene.colleague("Riz Ahmed").await?, &scene.region.link_worker);
    let (sara, tom) = (scene.colleague("Sara Novak").await?, scene.colleague("Tom Reed").await?);
    let people = scene.accepted(60).await?;
    for (half, ill) in people.chunks(30).zip([&riz, sam]) {
        let given =
            moves(&scene.lead, &all_to(half, ill), Value::Null, &format!("first-{}", user(ill))).await?;
        assert_eq!(told(&given), (30, vec![]), "nobody had them: no reason is asked for");
    }
    for agreed in people.iter().step_by(3) {
        let next = json!({
            "referralId": agreed["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5,
            "nextStep": "VISIT", "nextDueAt": "2026-12-10T17:00:00Z",
        });
        scene.lead.mutate("logContact", "LogContactInput", next, "contact { id }").await?;
    }
    scene.served.world.clock.advance(SignedDuration::from_hours(24 * 8));
    let lead = scene.served.client(&scene.region.team_lead)?;
    assert_eq!(
        numbers(&lead, &riz).await?,
        json!({ "open": 30, "weight": 30, "overdue": 20, "waiting": 20 })
    );

    let before = with(&lead, json!({ "wholeTeam": true })).await?;
    let for_money = json!({ "wholeTeam": true, "needs": ["MONEY"], "overdueOnly": true });
    assert_eq!(with(&lead, for_money).await?.len(), 20, "by need, and overdue only");
    let ids: Vec<&Value> = before.iter().map(|row| &row["id"]).collect();
    let query = "query($ids: [ID!]!, $over: [ID!]!) { spread(referralIds: $ids, userIds: $over) {
        shares { name gets weightBefore weightAfter } moves { referralId version userId } } }";
    let over = json!({ "ids": ids, "over": [user(&sara), user(&tom)] });
    let spread = lead.data(query, over).await?["spread"].clone();
    let ordered: Vec<&Value> =
        spread["moves"].as_array().into_iter().flatten().map(|one| &one["referralId"]).collect();
    assert_eq!(ordered, ids, "what is due first goes first");
    for share in spread["shares"].as_array().into_iter().flatten() {
        assert_eq!((&share["gets"], &share["weightAfter"]), (&json!(30), &json!(30)), "{share}");
    }

    let done = moves(&lead, &spread["moves"], json!("SICKNESS"), "a-bad-week-1").await?;
    assert_eq!(told(&done), (60, vec![]));
    assert_eq!(scene.owners().await?, (vec![30, 30], 0), "everybody is with somebody");
    let after = with(&lead, json!({ "wholeTeam": true })).await?;
    let agreed = |rows: &[Value]| -> Vec<(Value, Value, Value)> {
        rows.iter().map(|row| (row["id"].clone(), row["dueAt"].clone(), row["nextStep"].clone())).collect()
    };
    assert_eq!(
        agreed(&before),
        agreed(&after),
        "nobody's time is given away, and what was agreed goes along"
    );
    assert_eq!(numbers(&lead, &riz).await?["open"], 0);
    assert_eq!(scene.events("referral.reassigned").await?, 60);
    let audited = "SELECT count(DISTINCT subject_id) FROM audit_entries WHERE action = 'referral.reassign' AND result = 'done'
        AND at > (SELECT max(at) - interval '1 minute' FROM audit_entries)";
    assert_eq!(scene.count(audited).await?, 60, "one entry for each");
    Ok(())
}

#[tokio::test]
async fn whoever_gets_many_or_loses_many_has_one_mail_and_the_story_names_both() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (riz, sara) = (scene.colleague("Riz Ahmed").await?, scene.colleague("Sara Novak").await?);
    let people = scene.accepted(12).await?;
    moves(&scene.lead, &all_to(&people, &riz), Value::Null, "given-to-riz").await?;
    let now = with(&scene.lead, json!({ "workerId": user(&riz) })).await?;
    moves(&scene.lead, &all_to(&now, &sara), json!("LEAVE"), "given-to-sara").await?;
    let mailbox = Mailbox::of(&scene.served)?;
    let mails = mailbox.mails(&scene.served).await?;
    let about = |to: &Persona| {
        let theirs = mails.iter().filter(|mail| mail.to.contains(&to.email));
        theirs.filter(|mail| mail.subject == "Your list in Trellis has changed").count()
    };
    assert_eq!((about(&riz), about(&sara)), (2, 1), "twelve came and went: one mail each time");
    assert_eq!(about(&scene.region.team_lead), 0, "whoever did it knows");

    let query = "query($id: ID!) { referral(id: $id) { worker { name } timeline(first: 2) { words reason actorName } } }";
    let seen = scene.lead.data(query, json!({ "id": people[0]["id"] })).await?["referral"].clone();
    assert_eq!(seen["worker"]["name"], "Sara Novak");
    assert_eq!(seen["timeline"][0]["words"], "Riz Ahmed to Sara Novak", "{seen}");
    assert_eq!(seen["timeline"][0]["reason"], "Leave");
    assert_eq!(seen["timeline"][1]["words"], "Given to Riz Ahmed");
    Ok(())
}

#[tokio::test]
async fn what_the_old_worker_had_in_hand_goes_along() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sara = scene.colleague("Sara Novak").await?;
    let sam = scene.served.client(&scene.region.link_worker)?;
    let one = scene.accepted(1).await?;
    moves(&scene.lead, &all_to(&one, &scene.region.link_worker), Value::Null, "given-to-sam").await?;
    let onward = json!({
        "referralId": one[0]["id"], "serviceId": scene.region.walking.to_string(),
        "agreement": crate::loop_over_graphql::agreement(),
    });
    let asked = sam.mutate("referOnward", "ReferOnwardInput", onward, "referral { id version }").await?;
    let now = with(&scene.lead, json!({})).await?;
    moves(&scene.lead, &all_to(&now, &sara), json!("SICKNESS"), "given-to-sara").await?;
    let bea = scene.served.client(&scene.region.volunteer)?;
    let no = json!({ "reason": "NO_CAPACITY" });
    command(&bea, "declineReferral", "DeclineReferralInput", &asked["referral"], no).await?;
    let list = "{ worklist(first: 20) { edges { node { taskKind } } } }";
    let (hers, his) =
        (scene.served.client(&sara)?.data(list, json!({})).await?, sam.data(list, json!({})).await?);
    assert!(hers.to_string().contains("FIND_ALTERNATIVE"), "she goes on with it: {hers}");
    assert!(!his.to_string().contains("FIND_ALTERNATIVE"), "and he is ill: {his}");
    Ok(())
}

#[tokio::test]
async fn two_leads_at_once_give_each_away_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (sara, tom) = (scene.colleague("Sara Novak").await?, scene.colleague("Tom Reed").await?);
    let at_links = (scene.region.network, Some(scene.region.links));
    let other = scene.served.world.member(at_links, "Una Hale", Role::TeamLead).await?;
    let other = scene.served.client(&other)?;
    let people = scene.accepted(10).await?;
    let (to_sara, to_tom) = (all_to(&people, &sara), all_to(&people, &tom));
    let (one, two) = tokio::join!(
        moves(&scene.lead, &to_sara, Value::Null, "lead-number-one"),
        moves(&other, &to_tom, Value::Null, "lead-number-two"),
    );
    let (one, two) = (one?, two?);
    let ((first, late), (second, later)) = (told(&one), told(&two));
    assert_eq!(first + second, 10, "{one} {two}");
    assert!(late.iter().chain(&later).all(|code| *code == "STALE"), "{late:?} {later:?}");
    assert_eq!(scene.events("referral.allocated").await?, 10);
    assert_eq!(scene.owners().await?.1, 0, "nobody is left with nobody");
    Ok(())
}

#[tokio::test]
async fn one_that_is_not_ours_or_not_theirs_leaves_the_others_done() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (riz, sara) = (scene.colleague("Riz Ahmed").await?, scene.colleague("Sara Novak").await?);
    let people = scene.accepted(2).await?;
    let gp = scene.served.client(&scene.region.referrer)?;
    let elsewhere = refer(&gp, &scene.region.walking.to_string()).await?;
    let ours_and_theirs = [people[0].clone(), elsewhere, people[1].clone()];
    let given = moves(&scene.lead, &all_to(&ours_and_theirs, &riz), Value::Null, "ours-and-theirs").await?;
    assert_eq!(told(&given), (2, vec!["NOT_FOUND"]), "{given}");

    let theirs = with(&scene.lead, json!({ "workerId": user(&riz) })).await?;
    let unsaid = moves(&scene.lead, &all_to(&theirs, &sara), Value::Null, "without-a-reason").await?;
    assert_eq!((told(&unsaid).0, &unsaid["refusal"]["code"]), (0, &json!("REASON_NEEDED")));
    let by_sara =
        moves(&scene.served.client(&sara)?, &all_to(&theirs, &sara), json!("OTHER"), "not-hers-to-take")
            .await?;
    assert_eq!(told(&by_sara), (0, vec!["DENIED", "DENIED"]), "a worker gives away their own only");
    let to_bea = all_to(&theirs, &scene.region.volunteer);
    let to_bea = moves(&scene.lead, &to_bea, json!("OTHER"), "to-another-house").await?;
    assert_eq!(told(&to_bea), (0, vec!["WORKER_NOT_FOUND", "WORKER_NOT_FOUND"]));
    let by_riz =
        moves(&scene.served.client(&riz)?, &all_to(&theirs, &sara), json!("WORKLOAD"), "his-own-to-give")
            .await?;
    assert_eq!(told(&by_riz), (2, vec![]));
    let hers = with(&scene.lead, json!({ "workerId": user(&sara) })).await?;
    let by_the_practice = moves(&gp, &all_to(&hers, &riz), json!("OTHER"), "by-whoever-asked").await?;
    assert_eq!(by_the_practice["refusal"]["code"], "DENIED", "{by_the_practice}");
    Ok(())
}

#[tokio::test]
async fn what_was_stopped_half_way_goes_on_and_a_repeat_does_nothing_twice() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (riz, sara) = (scene.colleague("Riz Ahmed").await?, scene.colleague("Sara Novak").await?);
    let people = scene.accepted(10).await?;
    moves(&scene.lead, &all_to(&people, &riz), Value::Null, "given-to-riz").await?;
    let theirs = with(&scene.lead, json!({ "workerId": user(&riz) })).await?;
    let sixth = theirs[5]["id"].as_str().unwrap_or_default().trim_start_matches("ref_").to_owned();
    let owner = scene.served.world.database.connect_as_owner().await?;
    owner
        .batch_execute(&format!(
            "CREATE FUNCTION falls_over() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
             CREATE TRIGGER falls_over BEFORE UPDATE ON referrals FOR EACH ROW
               WHEN (NEW.referral_id = '{sixth}') EXECUTE FUNCTION falls_over()"
        ))
        .await?;
    let to_sara = all_to(&theirs, &sara);
    assert!(
        moves(&scene.lead, &to_sara, json!("LEFT"), "he-has-left").await.is_err(),
        "the server fell over"
    );
    assert_eq!(scene.events("referral.reassigned").await?, 5);
    assert_eq!(scene.owners().await?, (vec![5, 5], 0), "everybody is with somebody, half-way too");

    owner.batch_execute("DROP TRIGGER falls_over ON referrals").await?;
    for _ in 0..2 {
        let done = moves(&scene.lead, &to_sara, json!("LEFT"), "he-has-left").await?;
        assert_eq!(told(&done), (10, vec![]));
        assert_eq!(scene.events("referral.reassigned").await?, 10, "each once");
    }
    assert_eq!(scene.owners().await?, (vec![10], 0));
    let mails = "SELECT count(*) FROM outbox WHERE template = 'caseload_changed'";
    assert_eq!(scene.count(mails).await?, 3, "to Riz twice, and to Sara once");

    let another = moves(&scene.lead, &all_to(&people[..1], &riz), json!("OTHER"), "he-has-left").await?;
    assert_eq!(another["refusal"]["code"], "IDEMPOTENCY_KEY_REUSED", "the key is of the whole");
    Ok(())
}
