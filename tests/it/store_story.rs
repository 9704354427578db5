//! The loop, through the store: a practice asks, a link worker takes it up, a charity helps, the practice hears.

use trellis_domain::consent::record::RecordDecision;
use trellis_domain::consent::{Explained, HowGiven};
use trellis_domain::consent::{Purpose, Recipient, Scope};
use trellis_domain::contact::{ContactResult, LogContact, log};
use trellis_domain::kernel::Prose;
use trellis_domain::person::Channel;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::onward::{Onward, onward};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::{
    FeedbackChoice, Need, Outcome, Referral, ReferralError, Risk, Route, StageName, Target, accept, allocate,
};
use trellis_tests::world::{Persona, Region, World, somebody};

pub fn explained() -> Explained {
    Explained { statement: "2026-11".into(), language: "en-GB".into() }
}

pub async fn refer_jo(world: &World, region: &Region) -> anyhow::Result<Referral> {
    let cmd = Refer {
        whom: Whom::New(Box::new(somebody("Jo", "Park", Channel::Phone)?)),
        service: region.link_service,
        route: Route::Professional,
        needs: vec![Need::Loneliness],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: Some(Prose::parse("See people twice a week")?),
        again: None,
        agreed: Some((HowGiven::Spoken, explained())),
    };
    Ok(world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, cmd)).await?)
}

pub async fn accept_as(world: &World, who: &Persona, referral: &Referral) -> Result<Referral, ReferralError> {
    let target = Target { referral: referral.id, version: Some(referral.version) };
    world.store.write(&world.op(who), move |tx, op| accept::accept(tx, op, target)).await
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it is one story, told from its beginning to its end")]
async fn a_referral_goes_from_a_practice_to_a_charity_and_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    assert_eq!(sent.stage.name(), StageName::Sent);

    let accepted = accept_as(&world, &region.team_lead, &sent).await?;
    assert_eq!(accepted.stage.name(), StageName::Accepted);
    let (target, worker) =
        (Target { referral: accepted.id, version: Some(accepted.version) }, region.link_worker.session.user);
    let allocated = world
        .store
        .write(&world.op(&region.team_lead), move |tx, op| allocate::allocate(tx, op, (target, worker)))
        .await?;
    let spoke = LogContact {
        target: Target { referral: allocated.id, version: None },
        channel: Channel::Phone,
        result: ContactResult::Spoke,
        minutes: 15,
        note: Some(Prose::parse("Would like to walk with others")?),
        next: None,
    };
    world.store.write(&world.op(&region.link_worker), move |tx, op| log(tx, op, spoke)).await?;

    let agreed = RecordDecision {
        person: sent.person,
        recipient: Recipient::Organisation(region.walkers),
        purpose: Purpose::Referral,
        scope: Scope::NeedAndAccess,
        how_given: HowGiven::Spoken,
        explained: explained(),
        ends_at: None,
    };
    let placement = Onward {
        parent: Target { referral: sent.id, version: None },
        service: region.walking,
        needs: vec![],
        note: None,
        again: None,
        decision: Some(agreed),
    };
    let placed =
        world.store.write(&world.op(&region.link_worker), move |tx, op| onward(tx, op, placement)).await?;
    let walking = accept_as(&world, &region.volunteer, &placed).await?;
    assert_eq!(walking.stage.name(), StageName::Accepted);

    let finished = Complete {
        target: Target { referral: sent.id, version: None },
        outcome: Outcome::GoalMet,
        close_out: CloseOut {
            support_offered: Prose::parse("A weekly walk")?,
            outcomes: None,
            actions_for_referrer: None,
        },
    };
    let completed =
        world.store.write(&world.op(&region.link_worker), move |tx, op| complete(tx, op, finished)).await?;
    assert_eq!(completed.stage.name(), StageName::Completed);

    let owner = world.database.connect_as_owner().await?;
    let told: i64 = owner
        .query_one(
            "SELECT count(*) FROM outbox WHERE template = 'referral_news' AND organisation_id = $1",
            &[&trellis_domain::kernel::TypedId::uuid(region.practice)],
        )
        .await?
        .get(0);
    assert_eq!(told, 3, "accepted, started and finished are news to the practice");
    Ok(())
}

#[tokio::test]
async fn the_last_place_is_given_once_and_the_other_waits() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let mut sent = Vec::new();
    for _ in 0..2 {
        let to_links = refer_jo(&world, &region).await?;
        let cmd = Refer {
            whom: Whom::Known(to_links.person),
            service: region.walking,
            route: Route::Professional,
            needs: vec![Need::Activity],
            access_needs: vec![],
            risk: Risk::NoneKnown,
            feedback: FeedbackChoice::All,
            note: None,
            again: None,
            agreed: Some((HowGiven::Spoken, explained())),
        };
        sent.push(world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, cmd)).await?);
    }
    let (one, two) = tokio::join!(
        accept_as(&world, &region.volunteer, &sent[0]),
        accept_as(&world, &region.volunteer, &sent[1])
    );
    let mut stages = vec![one?.stage.name(), two?.stage.name()];
    stages.sort();
    assert_eq!(stages, [StageName::Waitlisted, StageName::Accepted]);
    Ok(())
}
