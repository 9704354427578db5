//! What is overdue comes before whoever has it, then their lead, then whoever asked; each once, and nothing is declined by
//! a clock (E2).

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::{DecisionId, ReferralId, TypedId};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{agreement, command, refer, refer_input};

struct Scene {
    served: Served,
    region: Region,
    mailbox: Mailbox,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let mailbox = Mailbox::of(&served)?;
        Ok(Self { served, region, mailbox })
    }

    fn client(&self, who: &Persona) -> anyhow::Result<Client> {
        self.served.client(who)
    }

    /// Days later: who hears of something.
    async fn told_after(&self, days: i64) -> anyhow::Result<usize> {
        self.served.world.clock.advance(SignedDuration::from_hours(24 * days));
        let chased = self.mailbox.chase().await?;
        anyhow::ensure!(chased.failed == 0, "{chased:?}");
        Ok(chased.told)
    }

    /// The subjects of the mails to one address.
    async fn subjects(&self, to: &str) -> anyhow::Result<Vec<String>> {
        let mails = self.mailbox.mails(&self.served).await?;
        let to_them = mails.into_iter().filter(|mail| mail.to.iter().any(|known| known == to));
        Ok(to_them.map(|mail| mail.subject).collect())
    }

    async fn count(&self, query: &str) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        Ok(owner.query_one(query, &[]).await?.get(0))
    }
}

/// The tasks on somebody's list, and the number beside it.
async fn tasks(client: &Client) -> anyhow::Result<(Vec<String>, i64)> {
    let query = "{ worklist(first: 50) { counts { tasks } edges { node { taskKind } } } }";
    let list = client.data(query, json!({})).await?["worklist"].clone();
    let edges = list["edges"].as_array().cloned().unwrap_or_default();
    let kinds = edges.iter().filter_map(|edge| Some(edge["node"]["taskKind"].as_str()?.to_owned())).collect();
    Ok((kinds, list["counts"]["tasks"].as_i64().unwrap_or_default()))
}

const NONE: (Vec<String>, i64) = (Vec::new(), 0);

fn one(kind: &str) -> (Vec<String>, i64) {
    (vec![kind.to_owned()], 1)
}

#[tokio::test]
async fn a_group_that_does_not_answer_is_asked_twice_and_then_whoever_asked_looks_elsewhere()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let sent = refer(&scene.client(&region.referrer)?, &region.walking.to_string()).await?;
    assert_eq!(scene.told_after(4).await?, 0, "they have five working days");
    let group = scene.mailbox.mails(&scene.served).await?[0].to[0].clone();
    assert_eq!(scene.told_after(4).await?, 1);
    assert_eq!(scene.told_after(0).await?, 0, "told once");
    let reminded = scene.subjects(&group).await?;
    assert_eq!(reminded.len(), 2, "the request and a reminder: {reminded:?}");
    assert!(reminded[1].contains("We asked for your reply by"), "{reminded:?}");
    let link = scene.mailbox.newest(&scene.served, &group, "/r/").await?;
    assert!(!link.is_empty(), "it is answered from the mail");

    assert_eq!(scene.told_after(2).await?, 1);
    assert_eq!(scene.subjects(&group).await?.len(), 3, "nobody leads there: the group is asked once more");
    assert_eq!(tasks(&scene.client(&region.referrer)?).await?, NONE);
    assert_eq!(scene.told_after(2).await?, 1);
    let asker = scene.subjects(&region.referrer.email).await?;
    assert!(asker.iter().any(|subject| subject.contains("Nobody has taken up referral")), "{asker:?}");
    assert_eq!(tasks(&scene.client(&region.referrer)?).await?, one("NO_ANSWER"));
    assert_eq!(scene.told_after(60).await?, 0, "there is nobody left to tell");

    let bea = scene.client(&region.volunteer)?;
    let taken = command(&bea, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    assert_eq!(taken["stage"], "ACCEPTED", "no clock has declined it");
    assert_eq!(tasks(&scene.client(&region.referrer)?).await?, NONE, "it was answered: the task is over");
    Ok(())
}

#[tokio::test]
async fn a_worker_who_lets_it_lie_is_reminded_and_then_their_lead_sees_it_until_somebody_acts()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let lead = scene.client(&region.team_lead)?;
    let sent = refer(&scene.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
    command(&lead, "allocateReferral", "AllocateReferralInput", &taken, to_sam).await?;
    scene.mailbox.mails(&scene.served).await?;
    assert_eq!(scene.told_after(8).await?, 1);
    let sam = scene.subjects(&region.link_worker.email).await?;
    assert!(sam.iter().any(|subject| subject.ends_with("is overdue")), "{sam:?}");
    let lead = || scene.client(&region.team_lead);
    assert_eq!(tasks(&lead()?).await?, NONE);
    assert_eq!(scene.told_after(1).await?, 0, "five o'clock of the next working day");
    assert_eq!(scene.told_after(1).await?, 1);
    assert_eq!(tasks(&lead()?).await?, one("OVERDUE"));
    let leads = scene.subjects(&region.team_lead.email).await?;
    assert_eq!(leads.iter().filter(|subject| subject.ends_with("is overdue")).count(), 1, "{leads:?}");
    assert_eq!(tasks(&scene.client(&region.link_worker)?).await?, NONE, "that is their lead's to see");

    let spoke = json!({ "referralId": sent["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5 });
    let sam = scene.client(&region.link_worker)?;
    let logged = sam.mutate("logContact", "LogContactInput", spoke, "referral { stage }").await?;
    assert_eq!(logged["referral"]["stage"], "ACTIVE", "{logged}");
    assert_eq!(tasks(&lead()?).await?, NONE, "somebody has acted: the task is over");
    assert_eq!(scene.told_after(10).await?, 0, "it has another due time now");
    let asker = scene.subjects(&region.referrer.email).await?;
    assert!(
        !asker.iter().any(|subject| subject.contains("overdue") || subject.contains("Nobody has")),
        "{asker:?}"
    );
    Ok(())
}

#[tokio::test]
async fn what_came_back_is_the_askers_and_answering_it_ends_the_task() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let sent = refer(&scene.client(&region.referrer)?, &region.walking.to_string()).await?;
    let bea = scene.client(&region.volunteer)?;
    let why = json!({ "reason": "NEEDS_INFORMATION" });
    let back = command(&bea, "returnReferral", "ReturnReferralInput", &sent, why).await?;
    assert_eq!(tasks(&scene.client(&region.referrer)?).await?, one("ANSWER_RETURN"));
    assert_eq!(scene.told_after(10).await?, 1);
    let asker = scene.subjects(&region.referrer.email).await?;
    assert!(asker.iter().any(|subject| subject.ends_with("is overdue")), "{asker:?}");
    let gp = scene.client(&region.referrer)?;
    command(&gp, "sendReferral", "ReferralCommandInput", &back, json!({})).await?;
    assert_eq!(tasks(&gp).await?, NONE, "it was answered");
    Ok(())
}

#[tokio::test]
async fn however_many_workers_look_each_hears_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let gp = scene.client(&scene.region.referrer)?;
    for _ in 0..6 {
        refer(&gp, &scene.region.link_service.to_string()).await?;
    }
    scene.served.world.clock.advance(SignedDuration::from_hours(24 * 9));
    let others = (Mailbox::of(&scene.served)?, Mailbox::of(&scene.served)?);
    let (one, two, three) = tokio::try_join!(scene.mailbox.chase(), others.0.chase(), others.1.chase())?;
    let (told, failed) = (one.told + two.told + three.told, one.failed + two.failed + three.failed);
    assert_eq!((told, failed), (6, 0), "{one:?} {two:?} {three:?}");
    let reminders = "SELECT count(*) FROM outbox WHERE template = 'request_reminder'";
    assert_eq!(scene.count(reminders).await?, 6);
    let events =
        "SELECT count(*) FROM events e JOIN audit_entries a ON a.subject_id = e.subject_id AND a.at = e.at
      WHERE e.name = 'referral.reminded' AND a.action = 'referral.chase'";
    assert_eq!(scene.count(events).await?, 6);
    Ok(())
}

#[tokio::test]
async fn a_place_that_is_suspended_hears_nothing_and_whoever_asked_hears_at_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    refer(&scene.client(&region.referrer)?, &region.walking.to_string()).await?;
    let before = scene.mailbox.mails(&scene.served).await?.len();
    let shut = json!({ "organisationId": region.walkers.to_string(), "reason": "OTHER" });
    let ines = scene.client(&region.coordinator)?;
    ines.mutate("suspendOrganisation", "SuspendOrganisationInput", shut, "organisation { id }").await?;
    assert_eq!(scene.told_after(9).await?, 1);
    assert_eq!(tasks(&scene.client(&region.referrer)?).await?, one("NO_ANSWER"));
    let mails = scene.mailbox.mails(&scene.served).await?;
    assert!(mails[before..].iter().all(|mail| mail.to == [region.referrer.email.clone()]), "{mails:?}");
    assert_eq!(scene.told_after(9).await?, 0);
    Ok(())
}

#[tokio::test]
async fn whoever_is_to_hear_nothing_cannot_tell_an_answer_from_none() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let mut input = refer_input(&region.walking.to_string());
    input["feedback"] = json!("NOTHING");
    let gp = scene.client(&region.referrer)?;
    let sent = gp.mutate("refer", "ReferInput", input, "refusal { code }").await?;
    anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
    assert_eq!((scene.told_after(9).await?, scene.told_after(3).await?), (1, 1), "the group, twice");
    assert_eq!(scene.told_after(9).await?, 0);
    assert_eq!(tasks(&scene.client(&region.referrer)?).await?, NONE);
    assert_eq!(scene.subjects(&region.referrer.email).await?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn however_many_lead_it_is_one_line_on_their_list() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, world) = (&scene.region, &scene.served.world);
    let noa = world.member((region.network, Some(region.links)), "Noa Birch", Role::TeamLead).await?;
    refer(&scene.client(&region.referrer)?, &region.link_service.to_string()).await?;
    assert_eq!((scene.told_after(9).await?, scene.told_after(3).await?), (1, 1));
    for lead in [&region.team_lead, &noa] {
        assert_eq!(tasks(&scene.client(lead)?).await?, one("OVERDUE"));
        assert_eq!(scene.subjects(&lead.email).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_given_to_somebody_else_is_as_late_as_before() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let sent = refer(&scene.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let lead = scene.client(&region.team_lead)?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    assert_eq!((scene.told_after(9).await?, scene.told_after(3).await?), (1, 1));
    let lead = scene.client(&region.team_lead)?;
    let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
    command(&lead, "allocateReferral", "AllocateReferralInput", &taken, to_sam).await?;
    assert_eq!(tasks(&lead).await?, one("OVERDUE"), "nobody has spoken with them yet");
    Ok(())
}

#[tokio::test]
async fn a_decision_that_is_taken_back_ends_what_others_were_to_do_about_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (gp, lead) = (scene.client(&region.referrer)?, scene.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let onward = json!({
        "referralId": taken["id"], "serviceId": region.walking.to_string(), "agreement": agreement()
    });
    let placed = lead.mutate("referOnward", "ReferOnwardInput", onward, "referral { id }").await?;
    anyhow::ensure!(placed["refusal"].is_null(), "{placed}");
    for days in [9, 3, 3] {
        assert!(scene.told_after(days).await? > 0);
    }
    let asked = |kinds: Vec<String>| kinds.iter().filter(|kind| *kind == "NO_ANSWER").count();
    assert_eq!(asked(tasks(&scene.client(&region.team_lead)?).await?.0), 1);
    let gp = scene.client(&region.referrer)?;
    let placed: ReferralId = placed["referral"]["id"].as_str().unwrap_or_default().parse()?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let under = "SELECT decision_id FROM referrals WHERE referral_id = $1";
    let under = DecisionId::from_uuid(owner.query_one(under, &[&placed.uuid()]).await?.get(0));
    let no_more = json!({ "decisionId": under.to_string() });
    let taken_back =
        gp.mutate("withdrawDecision", "WithdrawDecisionInput", no_more, "decision { active }").await?;
    assert_eq!(taken_back["decision"]["active"], false, "{taken_back}");
    assert_eq!(asked(tasks(&scene.client(&region.team_lead)?).await?.0), 0, "they share it no more");
    Ok(())
}

#[tokio::test]
async fn nobody_else_ends_a_task_or_learns_what_is_overdue() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, world) = (&scene.region, &scene.served.world);
    let sent = refer(&scene.client(&region.referrer)?, &region.walking.to_string()).await?;
    for days in [9, 3, 3] {
        assert_eq!(scene.told_after(days).await?, 1);
    }
    let id: ReferralId = sent["id"].as_str().unwrap_or_default().parse()?;
    let id = id.uuid();
    let app = world.database.connect_as("trellis_app").await?;
    let open = "SELECT count(*) FROM tasks WHERE kind = 'no_answer' AND done_at IS NULL";
    for (organisation, left) in [(region.links, 1), (region.walkers, 0)] {
        app.batch_execute(&format!(
            "BEGIN; SET LOCAL app.network_id = '{}'; SET LOCAL app.organisation_id = '{}';
             SELECT end_tasks_about('{id}', ARRAY['no_answer'], now(), NULL); COMMIT",
            region.network.uuid(),
            organisation.uuid()
        ))
        .await?;
        assert_eq!(scene.count(open).await?, left, "{organisation}");
    }
    let all = app.query("SELECT overdue_referrals(now(), NULL, NULL, 10)", &[]).await;
    assert!(all.is_err(), "it looks over every network");
    let stranger = world.member((region.network, Some(region.links)), "Noa Birch", Role::TeamLead).await?;
    let stranger = scene.client(&stranger)?;
    let seen = stranger.data("{ worklist(first: 5) { edges { node { id } } } }", json!({})).await?;
    assert_eq!(seen["worklist"]["edges"], Value::Array(Vec::new()));
    Ok(())
}
