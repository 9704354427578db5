//! From the outbox to the mailbox: once, when the server is there, and not at all when there is no reason any more.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;
use tokio_postgres::Client;
use trellis_domain::kernel::{Clock, TypedId};
use trellis_domain::message::TaskKind;
use trellis_domain::referral::cancel::cancel;
use trellis_domain::referral::{CancelReason, Referral, Target};
use trellis_infra::mail::{CaughtMail, MailCatcher, Mailer};
use trellis_infra::worker::{Drained, Worker, WorkerOptions, WorkerParts};
use trellis_tests::world::{Region, World};
use uuid::Uuid;

use super::sign_in::platform;
use super::store_story::refer_jo;

const ANY_PORT: &str = "127.0.0.1:0";

pub fn worker(world: &World, smtp: SocketAddr) -> anyhow::Result<Worker> {
    let parts = WorkerParts {
        platform: platform(world)?,
        store: world.store.clone(),
        mailer: Mailer::new(&format!("smtp://{smtp}"))?,
        clock: world.clock.clone(),
        ids: Arc::clone(&world.ids),
    };
    let options = WorkerOptions {
        public_url: "https://trellis.example.org".to_owned(),
        from: "Trellis <no-reply@trellis.example.org>".to_owned(),
        database_url: world.database.platform_url(),
        poll: Duration::from_hours(1),
    };
    Ok(Worker::new(parts, options)?)
}

pub fn catcher(address: &str) -> anyhow::Result<(MailCatcher, SocketAddr)> {
    Ok(MailCatcher::start(address.parse()?)?)
}

struct Scene {
    world: World,
    region: Region,
    owner: Client,
    sent: Referral,
}

impl Scene {
    /// A practice has asked the link workers; the mail about it waits.
    async fn new() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let region = world.region("north-vale").await?;
        let sent = refer_jo(&world, &region).await?;
        let owner = world.database.connect_as_owner().await?;
        Ok(Self { world, region, owner, sent })
    }

    async fn message(&self) -> anyhow::Result<Uuid> {
        Ok(self.owner.query_one("SELECT message_id FROM outbox", &[]).await?.get(0))
    }

    async fn statuses(&self) -> anyhow::Result<Vec<String>> {
        let rows = self.owner.query("SELECT status FROM outbox ORDER BY created_at, message_id", &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// More news about the same referral, as if much had happened.
    async fn much_news(&self, count: i32) -> anyhow::Result<()> {
        self.owner
            .execute(
                "INSERT INTO outbox (network_id, message_id, organisation_id, from_organisation_id, template, \
                 referral_id, created_at, next_try_at) SELECT network_id, gen_random_uuid(), $1, $1, \
                 'referral_news', referral_id, created_at, next_try_at FROM outbox, generate_series(1, $2)",
                &[&self.region.practice.uuid(), &count],
            )
            .await?;
        Ok(())
    }

    async fn address_of_links(&self, email: Option<&str>) -> anyhow::Result<()> {
        let links = self.region.links.uuid();
        let statement = "UPDATE organisations SET email = $1 WHERE organisation_id = $2";
        self.owner.execute(statement, &[&email, &links]).await?;
        Ok(())
    }

    async fn failure_tasks(&self) -> anyhow::Result<Vec<Uuid>> {
        let kind = TaskKind::MessageFailed.code();
        let rows = self.owner.query("SELECT organisation_id FROM tasks WHERE kind = $1", &[&kind]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

fn ids(mails: &[CaughtMail]) -> Vec<String> {
    let mut ids: Vec<_> = mails.iter().map(|mail| mail.message_id.clone()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_request_goes_out_once_with_reference_and_link_and_nothing_personal() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (catcher, smtp) = catcher(ANY_PORT)?;
    let worker = worker(&scene.world, smtp)?;
    let now = scene.world.clock.now();
    assert_eq!(worker.drain_once(now).await?, Drained { sent: 1, ..Drained::default() });
    assert_eq!(worker.drain_once(now).await?, Drained::default());
    let mails = catcher.messages();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.to, ["northvalecommunitylinks@example.org"]);
    assert_eq!(mail.subject, "Can North Vale Community Links help someone new? Please reply by 30 November");
    assert!(mail.text.contains("https://trellis.example.org/r/tr_request_"), "{}", mail.text);
    assert!(mail.text.contains(scene.sent.reference.as_str()) && mail.text.contains("01632 960 001"));
    assert_eq!(mail.message_id, format!("{}@trellis.example.org", scene.message().await?));
    let whole = format!("{} {} {}", mail.subject, mail.text, mail.html).to_lowercase();
    for personal in ["jo park", "park", "lonel", "company", "twice a week"] {
        assert!(!whole.contains(personal), "{personal}");
    }
    Ok(())
}

#[tokio::test]
async fn two_workers_send_each_message_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.much_news(50).await?;
    let (catcher, smtp) = catcher(ANY_PORT)?;
    let (one, two) = (worker(&scene.world, smtp)?, worker(&scene.world, smtp)?);
    let now = scene.world.clock.now();
    let (one, two) = tokio::try_join!(one.drain_once(now), two.drain_once(now))?;
    assert_eq!(one.sent + two.sent, 51, "{one:?} {two:?}");
    let mut different = ids(&catcher.messages());
    assert_eq!(different.len(), 51);
    different.dedup();
    assert_eq!(different.len(), 51);
    Ok(())
}

#[tokio::test]
async fn a_mail_server_that_is_away_loses_nothing_and_gets_all_when_it_is_back() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.much_news(3).await?;
    let (first, smtp) = catcher(ANY_PORT)?;
    let worker = worker(&scene.world, smtp)?;
    let now = scene.world.clock.now();
    scene.owner.batch_execute("UPDATE outbox SET next_try_at = next_try_at + interval '1 second'").await?;
    assert_eq!(worker.drain_once(now).await?, Drained::default(), "the server is there, nothing is due");
    drop(first);

    let now = now + SignedDuration::from_secs(1);
    let done = worker.drain_once(now).await?;
    assert!(done.away && done.sent == 0, "{done:?}");
    assert_eq!(scene.statuses().await?, ["queued"; 4]);
    let away = worker.drain_once(now + SignedDuration::from_hours(1)).await?;
    assert_eq!(
        away,
        Drained { away: true, ..Drained::default() },
        "it is asked, and nothing is tried in vain"
    );

    let (back, _) = catcher(&smtp.to_string())?;
    let done = worker.drain_once(now + SignedDuration::from_secs(2)).await?;
    assert_eq!((done.sent, done.away), (4, false), "nothing waits for its turn any longer");
    let rows = scene.owner.query("SELECT message_id FROM outbox", &[]).await?;
    let mut kept: Vec<String> =
        rows.iter().map(|row| format!("{}@trellis.example.org", row.get::<_, Uuid>(0))).collect();
    kept.sort();
    assert_eq!(ids(&back.messages()), kept);
    Ok(())
}

#[tokio::test]
async fn a_worker_that_died_leaves_its_messages_to_others_under_the_same_id() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (catcher, smtp) = catcher(ANY_PORT)?;
    let now = scene.world.clock.now();
    let died = platform(&scene.world)?;
    let claimed = died.claim_messages(16, now).await?;
    assert_eq!(claimed.len(), 1);
    let worker = worker(&scene.world, smtp)?;
    assert_eq!(worker.drain_once(now + SignedDuration::from_mins(4)).await?, Drained::default());
    assert_eq!(worker.drain_once(now + SignedDuration::from_mins(5)).await?.sent, 1);
    let late = trellis_infra::pg::platform::Settled::Later { at: now, why: "came to life again" };
    died.settle_message(&claimed[0], late, now).await?;
    assert_eq!(scene.statuses().await?, ["sent"], "a late settlement changes nothing");
    assert_eq!(ids(&catcher.messages()), [format!("{}@trellis.example.org", scene.message().await?)]);
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_put_off_waits_longer_each_time() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.address_of_links(Some("busy@example.org")).await?;
    let (_catcher, smtp) = catcher(ANY_PORT)?;
    let worker = worker(&scene.world, smtp)?;
    let mut now = scene.world.clock.now();
    for wait in [30, 60, 120] {
        assert_eq!(worker.drain_once(now).await?, Drained { deferred: 1, ..Drained::default() });
        let almost = now + SignedDuration::from_secs(wait - 1);
        assert_eq!(worker.drain_once(almost).await?, Drained::default());
        now += SignedDuration::from_secs(wait);
    }
    scene.owner.batch_execute("UPDATE outbox SET tries = 99").await?;
    assert_eq!(worker.drain_once(now).await?.dead, 1, "it is given up in the end");
    assert_eq!(scene.failure_tasks().await?, [scene.region.practice.uuid()]);
    Ok(())
}

#[tokio::test]
async fn a_message_that_cannot_be_delivered_is_a_task_of_whoever_caused_it() -> anyhow::Result<()> {
    for address in [Some("bounces@example.org"), Some("no address"), None] {
        let scene = Scene::new().await?;
        scene.address_of_links(address).await?;
        let (catcher, smtp) = catcher(ANY_PORT)?;
        let worker = worker(&scene.world, smtp)?;
        let now = scene.world.clock.now();
        assert_eq!(worker.drain_once(now).await?, Drained { dead: 1, ..Drained::default() });
        assert_eq!(scene.statuses().await?, ["dead"]);
        assert_eq!(scene.failure_tasks().await?, [scene.region.practice.uuid()]);
        let audited =
            "SELECT count(*) FROM audit_entries WHERE action = 'message.deliver' AND actor_kind = 'job'";
        assert_eq!(scene.owner.query_one(audited, &[]).await?.get::<_, i64>(0), 1);
        let much_later = now + SignedDuration::from_hours(48);
        assert_eq!(worker.drain_once(much_later).await?, Drained::default());
        assert!(catcher.messages().is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_cancelled_or_whose_decision_ended_does_not_go_out() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (catcher, smtp) = catcher(ANY_PORT)?;
    let worker = worker(&scene.world, smtp)?;
    let now = scene.world.clock.now();
    scene.owner.batch_execute("UPDATE decisions SET ends_at = given_at").await?;
    assert_eq!(worker.drain_once(now).await?, Drained { stopped: 1, ..Drained::default() });

    let again =
        "UPDATE outbox SET status = 'queued', next_try_at = created_at; UPDATE decisions SET ends_at = NULL";
    scene.owner.batch_execute(again).await?;
    let target = Target { referral: scene.sent.id, version: None };
    let command = (target, CancelReason::SentInError);
    scene
        .world
        .store
        .write(&scene.world.op(&scene.region.referrer), move |tx, op| cancel(tx, op, command))
        .await?;
    let done = worker.drain_once(now).await?;
    assert_eq!((done.stopped, done.sent), (1, 1), "the request is stopped, and the receiver hears of it");
    assert!(catcher.messages()[0].subject.contains("needs your next step"));
    Ok(())
}

#[tokio::test]
async fn a_member_who_left_and_an_organisation_that_is_suspended_get_nothing_and_the_latter_is_a_task()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (catcher, smtp) = catcher(ANY_PORT)?;
    let worker = worker(&scene.world, smtp)?;
    let now = scene.world.clock.now();
    let referrer = scene.region.referrer.session.user.uuid();
    scene.much_news(1).await?;
    scene
        .owner
        .execute("UPDATE outbox SET user_id = $1 WHERE template = 'referral_news'", &[&referrer])
        .await?;
    scene.owner.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", &[&referrer]).await?;
    let links = scene.region.links.uuid();
    let suspend = "UPDATE organisations SET suspended_at = now() WHERE organisation_id = $1";
    scene.owner.execute(suspend, &[&links]).await?;
    assert_eq!(worker.drain_once(now).await?, Drained { stopped: 1, dead: 1, ..Drained::default() });
    assert!(catcher.messages().is_empty());
    assert_eq!(scene.failure_tasks().await?, [scene.region.practice.uuid()]);
    Ok(())
}

#[tokio::test]
async fn a_running_worker_hears_of_a_message_at_once_and_stops_when_asked() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let (catcher, smtp) = catcher(ANY_PORT)?;
    let (stop, stopped) = watch::channel(false);
    let worker = worker(&world, smtp)?;
    let running = tokio::spawn(async move { worker.run(stopped).await });
    refer_jo(&world, &region).await?;
    // Its own look comes once an hour, so what arrives now was heard of.
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let arrived = async {
        while catcher.messages().is_empty() {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), arrived).await?;
    stop.send(true)?;
    tokio::time::timeout(Duration::from_secs(30), running).await??;
    Ok(())
}

#[tokio::test]
async fn what_has_run_out_is_removed_and_nothing_else() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let now = scene.world.clock.now();
    let (network, links) = (scene.region.network.uuid(), scene.region.links.uuid());
    for (days, secret) in [(8_i32, 1_u8), (6, 2)] {
        scene
            .owner
            .execute(
                "INSERT INTO idempotency_keys VALUES ($1, $2, 'a key of ' || $3::int4 || ' days', '', NULL, \
                 timestamptz '2026-11-23 09:00Z' - $3::int4 * interval '1 day')",
                &[&network, &links, &days],
            )
            .await?;
        scene
            .owner
            .execute(
                "INSERT INTO link_devices VALUES ($1, $2, $3, now(), timestamptz '2026-11-23 09:00Z' + \
                 (7 - $4::int4) * interval '1 day')",
                &[&network, &links, &[secret].as_slice(), &days],
            )
            .await?;
    }
    platform(&scene.world)?.upkeep(now).await?;
    for table in ["idempotency_keys", "link_devices"] {
        let left = scene.owner.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await?;
        assert_eq!(left.get::<_, i64>(0), 1, "{table}");
    }
    Ok(())
}
