//! Random lives of one referral, arrow by arrow: whatever happens, nobody is left in a dead end.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

use super::fixtures::{call, monday, one_in_each_stage};
use crate::contact::NextStep;
use crate::referral::undo::Before;
use crate::referral::{Command, Referral, Risk, Stage, StageName};

/// Mostly a command that the stage offers, so that lives go on; sometimes any.
fn draws() -> impl Strategy<Value = Vec<(bool, Index, u32)>> {
    let offered = proptest::bool::weighted(0.7);
    proptest::collection::vec((offered, any::<Index>(), 0..100_000_u32), 1..60)
}

fn drawn(referral: &Referral, offered: bool, index: Index) -> Command {
    match referral.stage.name().commands() {
        commands @ [_, ..] if offered => *index.get(commands),
        _ => *index.get(Command::ALL),
    }
}

fn draft(risk: Risk) -> Referral {
    Referral { risk, ..one_in_each_stage().remove(0) }
}

fn no_dead_end(referral: &Referral) -> bool {
    let open = referral.owner().is_some() && referral.stage.due().is_some();
    let ended =
        referral.owner().is_none() && referral.stage.due().is_none() && !referral.stage.name().is_open();
    open || (ended && referral.stage.reason().is_some())
}

/// What has to be true of one step, whatever the step is.
fn check(before: &Referral, command: Command, after: &Referral, now: Timestamp) -> Result<(), TestCaseError> {
    prop_assert!(no_dead_end(after), "{command} led to a dead end: {:?}", after.stage);
    prop_assert!(after.stage_since >= before.stage_since);
    let stays = matches!(
        command,
        Command::Allocate
            | Command::Reassign
            | Command::AcknowledgeRisk
            | Command::UndoAllocation
            | Command::UndoContact
    );
    prop_assert!(stays || after.stage_since == now);
    prop_assert!(before.sent_at.is_none() || after.sent_at == before.sent_at, "first sent is first sent");
    prop_assert_ne!(before.stage.name(), StageName::Transferred, "what was passed on stays so");
    prop_assert_eq!(command == Command::Reopen, !before.stage.is_open(), "only the ended is reopened");
    if matches!(after.stage, Stage::Active { .. }) && after.risk.demands_named_owner() {
        prop_assert!(after.stage.worker().is_some(), "a risk under way has a named owner");
        // Whoever gets it while it is under way has to say so, and can.
        let asked = after.stage.name().commands().contains(&Command::AcknowledgeRisk);
        prop_assert!(after.is_answered_for() || asked, "who knows of it, or is asked");
        prop_assert!(after.is_answered_for() || command != Command::Start, "before it starts");
    }
    let same = (before.id, before.person, before.from, before.to, before.version);
    prop_assert_eq!(same, (after.id, after.person, after.from, after.to, after.version));
    Ok(())
}

/// One of the two acts that can be undone, as it changes the referral.
fn act(referral: &Referral, contact: bool, at: Timestamp) -> Option<(Before, Referral)> {
    let before = Before::of(referral);
    let acted = if contact {
        let reached = call(referral.clone(), Command::Start, at).map_or(referral.clone(), |(it, _)| it);
        reached.plan_next(NextStep::Visit, at + SignedDuration::from_hours(5), Timestamp::MAX).ok()?
    } else {
        let given = call(referral.clone(), Command::Allocate, at);
        given.or_else(|_| call(referral.clone(), Command::Reassign, at)).ok()?.0
    };
    Some((before, acted))
}

proptest! {
    #[test]
    fn an_undo_puts_back_exactly_what_there_was(
        risk in proptest::sample::select(Risk::ALL),
        steps in draws(),
        contact: bool,
    ) {
        let (mut now, mut referral) = (monday(), draft(risk));
        for (offered, index, minutes) in steps {
            now += SignedDuration::from_mins(minutes.into());
            if let Ok((after, _)) = call(referral.clone(), drawn(&referral, offered, index), now) {
                referral = after;
            }
            let Some((before, acted)) = act(&referral, contact, now) else { continue };
            let back = if contact {
                acted.undo_contact(&before).unwrap().0
            } else {
                acted.undo_allocation(before.worker).unwrap().0
            };
            prop_assert_eq!(&back, &referral);
        }
    }

    #[test]
    fn no_life_ends_in_a_dead_end(
        risk in proptest::sample::select(Risk::ALL),
        steps in draws(),
    ) {
        let (mut now, mut referral) = (monday(), draft(risk));
        for (offered, index, minutes) in steps {
            let command = drawn(&referral, offered, index);
            now += SignedDuration::from_mins(minutes.into());
            let before = referral.clone();
            if let Ok((after, event)) = call(referral.clone(), command, now) {
                check(&before, command, &after, now)?;
                prop_assert_eq!(event.stage, after.stage.name());
                prop_assert_eq!(event.sent, after.sent_at.is_some());
                referral = after;
            }
        }
    }

    #[test]
    fn resuming_leaves_exactly_the_time_that_was_left(
        active: bool,
        due_in in -50_000_000_i64..50_000_000,
        worked in 0..5_000_000_i64,
        paused in 0..50_000_000_i64,
    ) {
        // In milliseconds: nothing is rounded to minutes or days on the way.
        let began = monday();
        let due = began + SignedDuration::from_millis(due_in);
        let stage = if active {
            Stage::Active { worker: None, review_by: due }
        } else {
            Stage::Accepted { worker: None, contact_by: due }
        };
        let before = Referral { stage, ..draft(Risk::NoneKnown) };
        let held_at = began + SignedDuration::from_millis(worked);
        let resumed_at = held_at + SignedDuration::from_millis(paused);
        let (held, _) = call(before.clone(), Command::Hold, held_at).unwrap();
        let (resumed, _) = call(held, Command::Resume, resumed_at).unwrap();
        let left = |referral: &Referral, at: Timestamp| referral.stage.due().unwrap().duration_since(at);
        prop_assert_eq!(left(&resumed, resumed_at), left(&before, held_at));
        prop_assert_eq!(resumed.stage.name(), before.stage.name());
        prop_assert_eq!(resumed.stage.worker(), before.stage.worker());
    }

    #[test]
    fn from_every_open_stage_the_person_can_withdraw_at_once(which in 0..14_usize, minutes in 0..100_000_i64) {
        let sample = one_in_each_stage().swap_remove(which);
        let now = monday() + SignedDuration::from_mins(minutes);
        let open = sample.stage.is_open();
        let withdrawn = call(sample, Command::Withdraw, now);
        prop_assert_eq!(withdrawn.is_ok(), open);
        if let Ok((after, _)) = withdrawn {
            prop_assert_eq!(after.stage.name(), StageName::Withdrawn);
            prop_assert!(call(after, Command::Withdraw, now).is_err(), "and not twice");
        }
    }
}
