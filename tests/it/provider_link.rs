//! A provider answers from an e-mail: the link is looked at freely and spent once, and a code from the provider's own
//! mailbox shows who the person is to this device and no other.

use jiff::SignedDuration;
use trellis_domain::consent::HowGiven;
use trellis_domain::kernel::{Clock, OpContext, TypedId};
use trellis_domain::person::Channel;
use trellis_domain::referral::answer_offer::{Answered, OfferAnswer, answer_offer};
use trellis_domain::referral::link::{CodeCheck, OfferError};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::send_code::send_code;
use trellis_domain::referral::verify_device::verify_device;
use trellis_domain::referral::{DeclineReason, FeedbackChoice, Need, Referral, Risk, Route, StageName};
use trellis_infra::mail::MailCatcher;
use trellis_infra::pg::PlatformStore;
use trellis_infra::pg::platform::{LinkError, LinkFacts};
use trellis_infra::worker::Worker;
use trellis_tests::world::{Region, World, somebody};

use super::outbox::{catcher, worker};
use super::sign_in::platform;
use super::store_story::explained;

struct Scene {
    world: World,
    region: Region,
    platform: PlatformStore,
    worker: Worker,
    catcher: MailCatcher,
    sent: Referral,
    token: String,
}

impl Scene {
    /// The practice asks the walking group, which has one place, and the group reads its mail.
    async fn new() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let region = world.region("north-vale").await?;
        let (catcher, smtp) = catcher("127.0.0.1:0")?;
        let (platform, worker) = (platform(&world)?, worker(&world, smtp)?);
        let sent = ask(&world, &region, "Jo").await?;
        let mut scene = Self { world, region, platform, worker, catcher, sent, token: String::new() };
        scene.token = scene.newest("/r/").await?;
        Ok(scene)
    }

    /// What follows `mark` in the latest mail, to the end of its line.
    async fn newest(&self, mark: &str) -> anyhow::Result<String> {
        self.worker.drain_once(self.world.clock.now()).await?;
        let mails = self.catcher.messages();
        let mail = mails.iter().rev().find(|mail| mail.text.contains(mark));
        let text = mail.map(|mail| mail.text.clone()).unwrap_or_default();
        let found = text.split(mark).nth(1).and_then(|rest| rest.split_whitespace().next());
        found.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("no mail says {mark}"))
    }

    async fn link(&self) -> anyhow::Result<LinkFacts> {
        Ok(self.platform.link(&self.token).await?)
    }

    async fn op(&self) -> anyhow::Result<OpContext> {
        let ids = std::sync::Arc::clone(&self.world.ids);
        Ok(OpContext::for_link(self.link().await?.link, &*self.world.clock, ids))
    }

    async fn answer(&self, answer: OfferAnswer) -> anyhow::Result<Result<Answered, OfferError>> {
        let op = self.op().await?;
        Ok(self.world.store.write(&op, move |tx, op| answer_offer(tx, op, answer)).await)
    }

    async fn verify(&self, typed: &str) -> anyhow::Result<Result<CodeCheck, OfferError>> {
        let (op, typed) = (self.op().await?, typed.to_owned());
        Ok(self.world.store.write(&op, move |tx, op| verify_device(tx, op, &typed)).await)
    }

    async fn is_verified(&self, device: &str) -> anyhow::Result<bool> {
        let (op, device) = (self.op().await?, device.to_owned());
        let look = self.world.store.read(&op, move |tx, _| tx.is_verified_device(&device));
        let known: Result<bool, trellis_domain::kernel::StoreError> = look.await;
        Ok(known?)
    }

    async fn another_code(&self) -> anyhow::Result<bool> {
        let op = self.op().await?;
        Ok(self.world.store.write(&op, |tx, op| send_code(tx, op)).await?)
    }

    fn wait(&self, minutes: i64) {
        self.world.clock.advance(SignedDuration::from_mins(minutes));
    }
}

async fn ask(world: &World, region: &Region, given: &str) -> anyhow::Result<Referral> {
    let cmd = Refer {
        whom: Whom::New(Box::new(somebody(given, "Park", Channel::Phone)?)),
        service: region.walking,
        route: Route::Professional,
        needs: vec![Need::Loneliness],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: None,
        again: None,
        agreed: Some((HowGiven::Spoken, explained())),
    };
    Ok(world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, cmd)).await?)
}

#[tokio::test]
async fn a_volunteer_says_yes_types_the_code_and_is_known_from_then_on() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let facts = scene.link().await?;
    assert_eq!((facts.referral, facts.link.organisation), (scene.sent.id, scene.region.walkers));
    assert!(facts.spent_at.is_none() && !facts.has_expired(scene.world.clock.now()));
    assert!(matches!(scene.verify("000000").await?, Err(OfferError::NotAccepted)));

    let answered = scene.answer(OfferAnswer::Accept).await??;
    assert_eq!((answered.referral.stage.name(), answered.code_sent), (StageName::Accepted, true));
    assert!(scene.link().await?.spent_at.is_some());
    let code = scene.newest("Your code is ").await?;
    let stored = "SELECT coalesce(string_agg(outbox::text, ' '), '') FROM outbox";
    let outbox: String = scene.world.database.connect_as_owner().await?.query_one(stored, &[]).await?.get(0);
    assert!(!outbox.contains(&code) && !outbox.contains(&scene.token), "{outbox}");

    let CodeCheck::Right { device } = scene.verify(&code).await?? else { anyhow::bail!("not taken") };
    assert!(scene.is_verified(device.reveal()).await?);
    assert!(!scene.is_verified("tr_device_x").await?);
    assert_eq!(scene.verify(&code).await??, CodeCheck::Expired, "a code is good once");
    scene.wait(60 * 24 * 20);
    assert!(scene.is_verified(device.reveal()).await?);
    scene.wait(60 * 24 * 70);
    assert!(!scene.is_verified(device.reveal()).await?, "after 90 days it is asked again");
    Ok(())
}

#[tokio::test]
async fn of_two_who_answer_at_once_one_is_told_that_it_was_answered() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let no = OfferAnswer::Decline(DeclineReason::NoCapacity);
    let (yes, no) = tokio::join!(scene.answer(OfferAnswer::Accept), scene.answer(no));
    let (yes, no) = (yes?, no?);
    assert!(yes.is_ok() != no.is_ok(), "{yes:?} {no:?}");
    assert!(matches!(yes.err().or(no.err()), Some(OfferError::Spent)));
    assert!(matches!(scene.answer(OfferAnswer::Accept).await?, Err(OfferError::Spent)));
    Ok(())
}

#[tokio::test]
async fn no_through_a_link_is_a_task_of_whoever_asked() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let answered = scene.answer(OfferAnswer::Decline(DeclineReason::NoCapacity)).await??;
    assert_eq!((answered.referral.stage.name(), answered.code_sent), (StageName::Declined, false));
    assert!(matches!(scene.verify("000000").await?, Err(OfferError::NotAccepted)));
    let owner = scene.world.database.connect_as_owner().await?;
    let task =
        owner.query_one("SELECT organisation_id FROM tasks WHERE kind = 'find_alternative'", &[]).await?;
    assert_eq!(task.get::<_, uuid::Uuid>(0), scene.region.practice.uuid());
    Ok(())
}

#[tokio::test]
async fn a_full_group_that_says_yes_has_a_waiting_list_and_gets_no_code() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.answer(OfferAnswer::Accept).await??;
    let mut scene = scene;
    scene.wait(5);
    scene.sent = ask(&scene.world, &scene.region, "Ali").await?;
    scene.token = scene.newest("/r/").await?;
    let answered = scene.answer(OfferAnswer::Accept).await??;
    assert_eq!((answered.referral.stage.name(), answered.code_sent), (StageName::Waitlisted, false));
    Ok(())
}

#[tokio::test]
async fn a_code_is_tried_five_times_within_ten_minutes() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.answer(OfferAnswer::Accept).await??;
    let code = scene.newest("Your code is ").await?;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for typed in [wrong, "", "12345", "letters", wrong] {
        assert_eq!(scene.verify(typed).await??, CodeCheck::Wrong);
    }
    assert_eq!(scene.verify(&code).await??, CodeCheck::TooManyTries, "the right one comes too late");

    scene.wait(2);
    assert!(scene.another_code().await?);
    let second = scene.newest("Your code is ").await?;
    assert_ne!(second, code);
    scene.wait(10);
    assert_eq!(scene.verify(&second).await??, CodeCheck::Expired);
    Ok(())
}

#[tokio::test]
async fn codes_run_out_for_one_who_keeps_guessing() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.answer(OfferAnswer::Accept).await??;
    assert!(scene.another_code().await?, "pressing twice is one code");
    let owner = scene.world.database.connect_as_owner().await?;
    let count = "SELECT count(*) FROM outbox WHERE template = 'device_code'";
    assert_eq!(owner.query_one(count, &[]).await?.get::<_, i64>(0), 1);
    for _ in 1..10 {
        scene.wait(2);
        assert!(scene.another_code().await?);
    }
    scene.wait(2);
    assert!(!scene.another_code().await?);
    assert_eq!(owner.query_one(count, &[]).await?.get::<_, i64>(0), 10);
    let sent = scene.worker.drain_once(scene.world.clock.now()).await?;
    assert_eq!(sent.stopped, 9, "only the code that is out is sent: {sent:?}");
    Ok(())
}

#[tokio::test]
async fn an_expired_link_answers_nothing_and_a_forged_one_does_not_exist() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for forged in ["", "tr_request_", "tr_request_AAAA", &scene.token.replace("tr_request_", "tr_device_")] {
        assert!(matches!(scene.platform.link(forged).await, Err(LinkError::Unknown)), "{forged}");
    }
    scene.wait(60 * 24 * 28);
    assert!(scene.link().await?.has_expired(scene.world.clock.now()));
    assert!(matches!(scene.answer(OfferAnswer::Accept).await?, Err(OfferError::Expired)));
    assert!(scene.link().await?.spent_at.is_none());
    Ok(())
}
