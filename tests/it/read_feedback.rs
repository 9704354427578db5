//! What whoever asked may hear: the person chose, and every place that shows a referral keeps to it.

use trellis_domain::contact::{ContactResult, LogContact, log};
use trellis_domain::kernel::{PageRequest, Prose};
use trellis_domain::person::Channel;
use trellis_domain::policy::Action;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::{
    Command, FeedbackChoice, Outcome, Referral, ReferralError, StageName, Target,
};
use trellis_infra::pg::read::{ReferralFilter, ReferralSide, ReferralView, TimelineEntry};
use trellis_tests::world::{Persona, Region, World};

use crate::read_lists::refer_somebody;
use crate::store_story::accept_as;

async fn finished(world: &World, region: &Region, feedback: FeedbackChoice) -> anyhow::Result<Referral> {
    let sent = refer_somebody(world, region, ("Ann", "Ash"), feedback).await?;
    let accepted = accept_as(world, &region.team_lead, &sent).await?;
    let spoke = LogContact {
        target: Target { referral: accepted.id, version: None },
        channel: Channel::Letter,
        result: ContactResult::Spoke,
        minutes: 15,
        note: None,
        next: None,
    };
    world.store.write(&world.op(&region.team_lead), move |tx, op| log(tx, op, spoke)).await?;
    let close = Complete {
        target: Target { referral: accepted.id, version: None },
        outcome: Outcome::GoalMet,
        close_out: CloseOut {
            support_offered: Prose::parse("A budget and a form")?,
            outcomes: None,
            actions_for_referrer: None,
        },
    };
    Ok(world.store.write(&world.op(&region.team_lead), move |tx, op| complete(tx, op, close)).await?)
}

async fn page(
    world: &World,
    who: &Persona,
    referral: &Referral,
) -> anyhow::Result<(ReferralView, Vec<TimelineEntry>, Vec<Command>)> {
    let id = referral.id;
    let seen = world
        .store
        .read(&world.op(who), move |tx, op| {
            let view = tx.referral_view(id)?.ok_or(ReferralError::NotFound)?;
            let story = tx.timeline(&view.referral, 20)?;
            let commands = view.referral.commands_open_to(op);
            Ok::<_, ReferralError>((view, story, commands))
        })
        .await?;
    Ok(seen)
}

#[tokio::test]
async fn a_practice_hears_as_much_as_the_person_allows() -> anyhow::Result<()> {
    for (feedback, stage, words, lines, close_out) in [
        (FeedbackChoice::All, StageName::Completed, "Finished", 5, true),
        (FeedbackChoice::StatusOnly, StageName::Completed, "Finished", 5, false),
        (FeedbackChoice::Nothing, StageName::Completed, "Closed", 2, false),
    ] {
        let world = World::new().await?;
        let region = world.region("north-vale").await?;
        let done = finished(&world, &region, feedback).await?;
        let (view, story, commands) = page(&world, &region.referrer, &done).await?;
        let standing = view.referral.standing_for(Some(region.practice));
        assert_eq!((standing.stage, standing.words), (stage, words));
        assert_eq!((story.len(), view.close_out.is_some()), (lines, close_out), "{feedback}");
        assert_eq!(standing.reason.is_some(), feedback == FeedbackChoice::All);
        assert_eq!(commands.contains(&Command::Reopen), feedback != FeedbackChoice::Nothing, "{feedback}");
        assert!(view.person.is_some(), "the practice keeps the record");
        let (helper, all, _) = page(&world, &region.team_lead, &done).await?;
        let lines: Vec<_> = all.iter().map(|line| line.words.as_str()).collect();
        assert_eq!(lines, ["Finished", "Started", "Letter: spoke, 15 minutes", "Accepted", "Sent"]);
        assert!(helper.close_out.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn lists_and_pages_agree_on_where_a_referral_stands() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    for feedback in [FeedbackChoice::All, FeedbackChoice::StatusOnly, FeedbackChoice::Nothing] {
        let sent = refer_somebody(&world, &region, ("Ben", "Birch"), feedback).await?;
        accept_as(&world, &region.team_lead, &sent).await?;
        finished(&world, &region, feedback).await?;
    }
    for (who, party, side) in [
        (&region.referrer, region.practice, ReferralSide::SentByUs),
        (&region.team_lead, region.links, ReferralSide::Received),
    ] {
        let filter = ReferralFilter { side, stages: vec![], unassigned: false, reference: None, only: None };
        let rows = world
            .store
            .read(&world.op(who), move |tx, op| {
                let seen = op.visibility(Action::ListReferrals)?;
                let rows =
                    tx.referrals(seen, &filter, &PageRequest::new(50, None).expect("page"), false)?.rows;
                let mut both = Vec::new();
                for row in rows {
                    let view = tx.referral_view(row.referral)?.ok_or(ReferralError::NotFound)?;
                    both.push((row, view));
                }
                Ok::<_, ReferralError>(both)
            })
            .await?;
        assert_eq!(rows.len(), 6);
        for (row, view) in rows {
            let standing = view.referral.standing_for(Some(party));
            assert_eq!(
                (row.stage, row.stage_words, row.stage_since, row.due),
                (standing.stage, standing.words, standing.since, standing.due)
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_stage_is_hidden_alike_in_lists_and_on_pages() -> anyhow::Result<()> {
    let world = World::new().await?;
    let client = world.database.connect_as_owner().await?;
    for stage in StageName::ALL {
        for hears in FeedbackChoice::ALL {
            let shown: String =
                client.query_one("SELECT shown_stage($1, $2)", &[&stage.code(), &hears.code()]).await?.get(0);
            assert_eq!(shown, stage.heard(*hears).code(), "{stage} {hears}");
        }
    }
    Ok(())
}
