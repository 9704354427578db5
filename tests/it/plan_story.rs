//! What matters to a person comes first, in their own words; the plan is edited together, and keeps every version. Who sees
//! it is `plan_sides.rs`'s.

use anyhow::{Context, ensure};
use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::emergency::known_elsewhere;
use crate::loop_over_graphql::command;

pub const PLAN: &str = "plan { id version savedAt savedBy organisationName whatMatters hasMoreGoalsThanUsual
    goals { id words ratings { score on } actions { id kind words by byName dueOn doneOn overdue } }
    changes { kind goal action before after } }";

/// A plan for whoever has none.
pub fn first_plan(person: &Value) -> Value {
    json!({
        "personId": person, "version": 0, "whatMatters": "See people twice a week, and my dog",
        "goals": [{
            "words": "Walk with others every Monday",
            "ratings": [{ "score": 4, "on": "2026-11-03" }],
            "actions": [
                { "kind": "ACCOMPANY", "words": "Go along to the first walk", "by": "SUPPORTER", "byName": "Bea", "dueOn": "2026-11-20" },
                { "kind": "TO_DO", "words": "Look for walking shoes", "by": "PERSON" },
            ],
        }],
    })
}

/// What is read, as it is sent to be saved over itself.
pub fn sent_again(person: &Value, plan: &Value) -> Value {
    let goals = plan["goals"].as_array().cloned().unwrap_or_default();
    let goals: Vec<Value> = goals
        .into_iter()
        .map(|mut goal| {
            for action in goal["actions"].as_array_mut().into_iter().flatten() {
                action.as_object_mut().map(|action| action.remove("overdue"));
            }
            goal
        })
        .collect();
    json!({ "personId": person, "version": plan["version"], "whatMatters": plan["whatMatters"], "goals": goals })
}

pub async fn saves(client: &Client, plan: Value) -> anyhow::Result<Value> {
    let saved = client.mutate("savePlan", "SavePlanInput", plan, PLAN).await?;
    ensure!(saved["refusal"].is_null(), "{saved}");
    Ok(saved["plan"].clone())
}

pub async fn reads(client: &Client, person: &Value) -> anyhow::Result<Value> {
    let query = format!("query($id: ID!) {{ person(id: $id) {{ {PLAN} }} }}");
    Ok(client.data(&query, json!({ "id": person })).await?["person"]["plan"].clone())
}

/// Jo is helped by the link workers; the person's id.
pub async fn helped(served: &Served, region: &Region) -> anyhow::Result<(Value, Value)> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = known_elsewhere(&gp, &region.link_service.to_string()).await?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let query = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = lead.data(query, json!({ "id": taken["id"] })).await?["referral"]["person"]["id"].clone();
    Ok((person, taken))
}

pub struct Scene {
    pub served: Served,
    pub region: Region,
    pub person: Value,
    pub referral: Value,
}

impl Scene {
    pub async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let (person, referral) = helped(&served, &region).await?;
        Ok(Self { served, region, person, referral })
    }

    pub fn client(&self, who: &Persona) -> anyhow::Result<Client> {
        self.served.client(who)
    }

    pub fn sam(&self) -> anyhow::Result<Client> {
        self.client(&self.region.link_worker)
    }
}

#[tokio::test]
async fn what_matters_is_said_in_the_persons_words_with_goals_actions_and_progress() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sam = scene.sam()?;
    assert!(reads(&sam, &scene.person).await?.is_null(), "nobody has asked yet");
    let plan = saves(&sam, first_plan(&scene.person)).await?;
    assert_eq!(plan["whatMatters"], "See people twice a week, and my dog");
    assert_eq!((&plan["version"], &plan["savedBy"]), (&json!(1), &json!("Sam Ridley")));
    assert_eq!(plan["organisationName"], "North Vale Community Links");
    let action = &plan["goals"][0]["actions"][0];
    assert_eq!((&action["kind"], &action["byName"]), (&json!("ACCOMPANY"), &json!("Bea")));
    assert_eq!(action["overdue"], true, "it was due last week: {action}");
    assert_eq!(plan["goals"][0]["actions"][1]["overdue"], false, "it has no day");

    let mut next = sent_again(&scene.person, &plan);
    let ratings = next["goals"][0]["ratings"].as_array_mut().context("ratings")?;
    ratings.push(json!({ "score": 6, "on": "2026-11-23" }));
    next["goals"][0]["actions"][0]["doneOn"] = json!("2026-11-23");
    let next = saves(&sam, next).await?;
    let ratings = next["goals"][0]["ratings"].as_array().cloned().unwrap_or_default();
    assert_eq!(ratings.iter().map(|rating| rating["score"].clone()).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(next["goals"][0]["actions"][0]["overdue"], false, "what is done is not late");
    assert_eq!(reads(&sam, &scene.person).await?, next, "what was answered is what is read");
    Ok(())
}

#[tokio::test]
async fn a_fourth_goal_is_said_to_be_many_and_is_kept() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let goals =
        |count: usize| (0..count).map(|n| json!({ "words": format!("Goal {n}") })).collect::<Vec<_>>();
    let three = json!({ "personId": scene.person, "version": 0, "goals": goals(3) });
    assert_eq!(saves(&scene.sam()?, three).await?["hasMoreGoalsThanUsual"], false);
    let four = json!({ "personId": scene.person, "version": 1, "goals": goals(4) });
    let four = saves(&scene.sam()?, four).await?;
    assert_eq!(
        (&four["hasMoreGoalsThanUsual"], &four["goals"][3]["words"]),
        (&json!(true), &json!("Goal 3"))
    );
    Ok(())
}

#[tokio::test]
async fn every_version_stays_with_who_wrote_it_and_what_it_changed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (sam, noor) = (scene.sam()?, scene.client(&scene.region.team_lead)?);
    let first = saves(&sam, first_plan(&scene.person)).await?;
    scene.served.world.clock.advance(SignedDuration::from_mins(5));
    let mut second = sent_again(&scene.person, &first);
    second["whatMatters"] = json!("My dog");
    second["goals"][0]["actions"][0]["dueOn"] = json!("2026-11-27");
    let second = saves(&noor, second).await?;
    assert_eq!(saves(&noor, sent_again(&scene.person, &second)).await?["version"], 2, "nothing was changed");

    let query = format!(
        "query($id: ID!, $after: String) {{ person(id: $id) {{ planVersions(first: 1, after: $after) {{
         edges {{ node {{ version savedBy changes {{ kind before after }} }} }} pageInfo {{ hasNextPage endCursor }} }}
         {} }} }}",
        PLAN.replacen("plan", "plan(version: 1)", 1)
    );
    let asked = sam.data(&query, json!({ "id": scene.person })).await?["person"].clone();
    let newest = &asked["planVersions"]["edges"][0]["node"];
    assert_eq!((&newest["version"], &newest["savedBy"]), (&json!(2), &json!("Noor Haddad")));
    let changed = json!([
        { "kind": "MATTERS", "before": "See people twice a week, and my dog", "after": "My dog" },
        { "kind": "ACTION_MOVED", "before": "2026-11-20", "after": "2026-11-27" },
    ]);
    assert_eq!(newest["changes"], changed);
    assert_eq!(asked["plan"]["whatMatters"], "See people twice a week, and my dog", "the older one is read");
    assert_eq!(asked["plan"]["savedBy"], "Sam Ridley");
    let page = &asked["planVersions"]["pageInfo"];
    assert_eq!(page["hasNextPage"], true);
    let more = json!({ "id": scene.person, "after": page["endCursor"] });
    let rest = sam.data(&query, more).await?["person"]["planVersions"].clone();
    assert_eq!(
        (&rest["edges"][0]["node"]["version"], &rest["pageInfo"]["hasNextPage"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(rest["edges"][0]["node"]["changes"][0]["kind"], "MATTERS");
    Ok(())
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told_and_can_save_theirs_over_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (sam, noor) = (scene.sam()?, scene.client(&scene.region.team_lead)?);
    let plan = |words: &str| json!({ "personId": scene.person, "version": 0, "whatMatters": words });
    let (one, two) = futures_util::future::try_join(
        sam.mutate("savePlan", "SavePlanInput", plan("My dog"), PLAN),
        noor.mutate("savePlan", "SavePlanInput", plan("My garden"), PLAN),
    )
    .await?;
    let (kept, refused) = if one["refusal"].is_null() { (one, two) } else { (two, one) };
    assert_eq!(refused["refusal"]["code"], "STALE", "{refused}");
    let theirs = reads(&sam, &scene.person).await?;
    assert_eq!(theirs["whatMatters"], kept["plan"]["whatMatters"], "what was saved first stands");
    let mine = json!({ "personId": scene.person, "version": theirs["version"], "whatMatters": "My garden and my dog" });
    assert_eq!(saves(&noor, mine).await?["version"], 2);
    let stale = plan("Nothing of this");
    assert_eq!(sam.refused("savePlan", "SavePlanInput", stale).await?, "STALE");
    Ok(())
}

#[tokio::test]
async fn the_same_request_twice_is_one_version() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut input = first_plan(&scene.person);
    input["idempotencyKey"] = json!("plan-key-0001");
    let (first, again) = (saves(&scene.sam()?, input.clone()).await?, saves(&scene.sam()?, input).await?);
    assert_eq!((&first["id"], &again["version"]), (&again["id"], &json!(1)));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_is_named_by_its_field() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let goal =
        |ratings: Value, actions: Value| json!({ "words": "Walk", "ratings": ratings, "actions": actions });
    let action = |more: Value| {
        let mut action = json!({ "kind": "TO_DO", "words": "Call", "by": "PERSON" });
        if let (Some(action), Some(more)) = (action.as_object_mut(), more.as_object()) {
            action.extend(more.clone());
        }
        action
    };
    let twice = "gol_00000000000000000000000000000001";
    for (goals, field) in [
        (json!([]), "whatMatters"),
        (json!([{ "words": " " }]), "goals.0.words"),
        (
            json!([{ "words": "Walk" }, goal(json!([{ "score": 11, "on": "2026-11-03" }]), json!([]))]),
            "goals.1.ratings",
        ),
        (json!([goal(json!([{ "score": 4, "on": "2026-11-24" }]), json!([]))]), "goals"),
        (
            json!([goal(
                json!([{ "score": 4, "on": "2026-11-03" }, { "score": 5, "on": "2026-11-03" }]),
                json!([])
            )]),
            "goals",
        ),
        (json!([goal(json!([]), json!([action(json!({ "words": "" }))]))]), "goals.0.actions.0.words"),
        (json!([goal(json!([]), json!([action(json!({ "doneOn": "2026-11-24" }))]))]), "goals"),
        (json!([{ "id": twice, "words": "Walk" }, { "id": twice, "words": "Talk" }]), "goals"),
        (json!([{ "id": scene.person, "words": "Walk" }]), "goals.0.id"),
        (json!(vec![json!({ "words": "Walk" }); 21]), "goals"),
    ] {
        let input = json!({ "personId": scene.person, "version": 0, "goals": goals });
        let refused =
            scene.sam()?.mutate("savePlan", "SavePlanInput", input, "__typename").await?["refusal"].clone();
        assert_eq!(
            (&refused["code"], &refused["field"]),
            (&json!("INVALID_INPUT"), &json!(field)),
            "{goals}"
        );
    }
    assert!(reads(&scene.sam()?, &scene.person).await?.is_null(), "nothing of it was kept");
    Ok(())
}
