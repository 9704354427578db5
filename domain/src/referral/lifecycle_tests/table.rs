//! The table of `domain` §3, written out. Who reviews a change of the lifecycle reviews this first.

use std::collections::BTreeSet;

use super::fixtures::{
    COLLEAGUE, call, days, decision, id, monday, one_in_each_stage, proof, referral, way_back,
};
use crate::audit::Event;
use crate::contact::NextStep;
use crate::referral::stage::{HeldFrom, Hold};
use crate::referral::undo::Before;
use crate::referral::{
    CancelReason, Command, DeclineReason, EndReason, HoldReason, NotPossible, Outcome, Referral,
    ReopenReason, ReturnReason, Risk, Stage, StageName, WithdrawnBy,
};

/// One line a stage, one column a command, in the order of `Command::ALL`; `--` is refused. `on_hold` stands
/// twice: held when accepted, held when active.
const TABLE: &str = "
            send accept waitlist offer return decline allocate reassign acknowledge start hold resume complete end withdraw cancel transfer reopen undo_allocation undo_contact
draft       Se   --     --       --    --     --      --       --       --          --    --   --     --       --  Wi       Ca     --       --     --              --
sent        --   Ac     Wa       --    Re     De      --       --       --          --    --   --     --       --  Wi       Ca     --       --     --              --
waitlisted  --   --     --       Ac    Re     De      --       --       --          --    --   --     --       --  Wi       Ca     --       --     --              --
returned    Se   --     --       --    --     --      --       --       --          --    --   --     --       --  Wi       --     --       --     --              --
accepted    --   --     --       --    --     --      Ac       Ac       Ac          At    Ho   --     --       En  Wi       --     Tr       --     Ac              Ac
active      --   --     --       --    --     --      At       At       At          --    Ho   --     Co       En  Wi       --     Tr       --     At              Ac
on_hold     --   --     --       --    --     --      Ho       Ho       Ho          --    --   Ac     --       En  Wi       --     Tr       --     Ho              Ho
on_hold     --   --     --       --    --     --      Ho       Ho       Ho          --    --   At     --       En  Wi       --     Tr       --     Ho              Ho
completed   --   --     --       --    --     --      --       --       --          --    --   --     --       --  --       --     --       At     --              --
ended       --   --     --       --    --     --      --       --       --          --    --   --     --       --  --       --     --       At     --              --
declined    --   --     --       --    --     --      --       --       --          --    --   --     --       --  --       --     --       Se     --              --
withdrawn   --   --     --       --    --     --      --       --       --          --    --   --     --       --  --       --     --       Se     --              --
cancelled   --   --     --       --    --     --      --       --       --          --    --   --     --       --  --       --     --       Se     --              --
transferred --   --     --       --    --     --      --       --       --          --    --   --     --       --  --       --     --       --     --              --
";

fn stage_called(word: &str) -> Option<StageName> {
    Some(match word {
        "Se" => StageName::Sent,
        "Wa" => StageName::Waitlisted,
        "Re" => StageName::Returned,
        "Ac" => StageName::Accepted,
        "At" => StageName::Active,
        "Ho" => StageName::OnHold,
        "Co" => StageName::Completed,
        "En" => StageName::Ended,
        "De" => StageName::Declined,
        "Wi" => StageName::Withdrawn,
        "Ca" => StageName::Cancelled,
        "Tr" => StageName::Transferred,
        "--" => return None,
        other => panic!("{other} is no stage"),
    })
}

/// Each cell: a referral in the stage, the command, and the stage the table says it leads to.
fn cells() -> Vec<(Referral, Command, Option<StageName>)> {
    let mut lines = TABLE.trim_start_matches('\n').lines();
    let heads: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(heads.len(), Command::ALL.len(), "a column a command");
    for (head, command) in heads.iter().zip(Command::ALL) {
        assert!(command.code().starts_with(head), "{head} stands where {command} belongs");
    }
    let (rows, samples): (Vec<&str>, Vec<Referral>) = (lines.collect(), one_in_each_stage());
    assert_eq!(rows.len(), samples.len(), "a line a stage");
    let cell = |sample: &Referral, row: &str| {
        let words: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(words.len(), 1 + Command::ALL.len(), "{row}");
        assert_eq!(words[0], sample.stage.name().code());
        let said = words[1..].iter().zip(Command::ALL);
        said.map(|(word, command)| (sample.clone(), *command, stage_called(word))).collect::<Vec<_>>()
    };
    samples.iter().zip(rows).flat_map(|(sample, row)| cell(sample, row)).collect()
}

#[test]
fn every_command_on_every_stage_does_what_the_table_says() {
    let cells = cells();
    assert_eq!(cells.len(), 14 * 20);
    let covered: BTreeSet<StageName> = cells.iter().map(|(from, _, _)| from.stage.name()).collect();
    assert_eq!(covered.len(), StageName::ALL.len(), "every stage stands in the table");
    for (before, command, expected) in cells {
        let from = before.stage.name();
        let result = call(before, command, monday() + days(1));
        let got = result.as_ref().ok().map(|(after, _)| after.stage.name());
        assert_eq!(got, expected, "{command} on a referral that is {from}");
        match result {
            Ok((after, event)) => assert_eq!(event.stage, after.stage.name(), "{command} from {from}"),
            Err(refused) => assert_eq!(refused, NotPossible { command, stage: from, words: from.words() }),
        }
    }
}

#[test]
fn the_commands_offered_for_a_stage_are_those_its_arrows_take() {
    for sample in one_in_each_stage() {
        let stage = sample.stage.name();
        let taken: BTreeSet<Command> = Command::ALL
            .iter()
            .copied()
            .filter(|command| call(sample.clone(), *command, monday() + days(1)).is_ok())
            .collect();
        let offered: BTreeSet<Command> = stage.commands().iter().copied().collect();
        assert_eq!(offered, taken, "{stage}");
        assert_eq!(offered.len(), stage.commands().len(), "{stage} offers nothing twice");
    }
}

#[test]
fn an_open_stage_is_owned_and_due_and_an_end_stage_has_a_reason_and_no_owner() {
    for referral in every_stage_with_every_reason() {
        let stage = referral.stage.name();
        assert_eq!(referral.stage.is_open(), stage.is_open(), "{stage}");
        assert_eq!(referral.stage.due().is_some(), stage.is_open(), "{stage}");
        assert_eq!(referral.owner().is_some(), stage.is_open(), "{stage}");
        if !stage.is_open() {
            assert!(referral.stage.reason().is_some_and(|code| !code.is_empty()), "{stage}");
            assert_eq!(referral.stage.worker(), None, "{stage}");
            assert!(!referral.stage.holds_place(), "{stage}");
        }
    }
}

fn every_stage_with_every_reason() -> Vec<Referral> {
    let mut all = one_in_each_stage();
    let due = monday();
    let mut stages = Vec::new();
    stages.extend(ReturnReason::ALL.iter().map(|r| Stage::Returned { reason: *r, answer_by: due }));
    stages.extend(Outcome::ALL.iter().map(|outcome| Stage::Completed { outcome: *outcome }));
    stages.extend(EndReason::ALL.iter().map(|reason| Stage::Ended { reason: *reason }));
    stages.extend(DeclineReason::ALL.iter().map(|reason| Stage::Declined { reason: *reason }));
    stages.extend(WithdrawnBy::ALL.iter().map(|by| Stage::Withdrawn { by: *by }));
    stages.extend(CancelReason::ALL.iter().map(|reason| Stage::Cancelled { reason: *reason }));
    all.extend(stages.into_iter().map(referral));
    all
}

#[test]
fn the_sender_owns_what_it_has_not_sent_or_got_back_and_the_receiver_the_rest() {
    for referral in one_in_each_stage() {
        let owner = referral.owner().map(|(organisation, _)| organisation);
        let expected = match referral.stage.name() {
            StageName::Draft | StageName::Returned => Some(referral.from.organisation),
            stage if stage.is_open() => Some(referral.to.organisation),
            _ => None,
        };
        assert_eq!(owner, expected, "{}", referral.stage.name());
    }
}

#[test]
fn a_risk_of_harm_starts_only_with_a_named_worker_who_knows_of_it() {
    let unnamed =
        Referral { risk: Risk::Harm, ..referral(Stage::Accepted { worker: None, contact_by: monday() }) };
    assert!(call(unnamed.clone(), Command::Start, monday()).is_err());
    let (named, _) = call(unnamed, Command::Allocate, monday()).unwrap();
    assert!(call(named.clone(), Command::Start, monday()).is_err(), "who has to know of it");
    let (known, _) = call(named, Command::AcknowledgeRisk, monday()).unwrap();
    let (started, _) = call(known, Command::Start, monday()).unwrap();
    assert_eq!(started.stage.worker(), Some(id(super::fixtures::WORKER)));
}

#[test]
fn whoever_starts_what_nobody_was_given_becomes_its_worker() {
    let unnamed = referral(Stage::Accepted { worker: None, contact_by: monday() });
    let (started, _) = call(unnamed, Command::Start, monday()).unwrap();
    assert_eq!(started.stage.worker(), Some(id(super::fixtures::COLLEAGUE)));
}

#[test]
fn allocating_moves_neither_the_due_time_nor_the_beginning_of_the_stage() {
    let before = referral(Stage::Accepted { worker: None, contact_by: monday() + days(3) });
    let (after, _) = call(before.clone(), Command::Allocate, monday() + days(1)).unwrap();
    assert_eq!((after.stage.due(), after.stage_since), (before.stage.due(), before.stage_since));
}

#[test]
fn reassigning_and_undoing_that_move_nothing_but_the_worker() {
    let held = one_in_each_stage().into_iter().filter(|sample| sample.stage.holds_place());
    for sample in held {
        let before = Referral { next_step: Some(NextStep::Call), ..sample };
        let (moved, event) = call(before.clone(), Command::Reassign, monday() + days(1)).unwrap();
        let moved_by_hand = before.stage.clone().with_worker(Some(id(COLLEAGUE))).unwrap();
        assert_eq!(moved, Referral { stage: moved_by_hand, ..before.clone() });
        assert_eq!(Event::Referral(event).reason(), Some("sickness"));
        let (back, _) = moved.undo_allocation(before.stage.worker()).unwrap();
        assert_eq!(back, before);
    }
}

#[test]
fn whoever_has_it_is_not_given_it_from_themselves_and_nobody_takes_it_from_them_without_a_reason() {
    for sample in one_in_each_stage().into_iter().filter(|sample| sample.stage.holds_place()) {
        assert!(sample.clone().allocate(id(COLLEAGUE), None).is_err(), "{}", sample.stage.name());
        let nobodys = Referral { stage: sample.stage.clone().with_worker(None).unwrap(), ..sample };
        assert!(call(nobodys.clone(), Command::Reassign, monday()).is_err(), "nobody has it");
        let theirs = nobodys.stage.clone().with_worker(Some(id(COLLEAGUE))).unwrap();
        let theirs = Referral { stage: theirs, ..nobodys };
        assert!(call(theirs, Command::Reassign, monday()).is_err(), "they have it already");
    }
}

#[test]
fn a_contact_is_not_taken_back_into_a_stage_it_has_not_led_out_of() {
    for sample in one_in_each_stage().into_iter().filter(|sample| sample.stage.holds_place()) {
        for from in one_in_each_stage() {
            let same = from.stage.name() == sample.stage.name();
            let started =
                matches!((&from.stage, &sample.stage), (Stage::Accepted { .. }, Stage::Active { .. }));
            let back = sample.clone().undo_contact(&Before::of(&from));
            assert_eq!(
                back.is_ok(),
                same || started,
                "from {} to {}",
                sample.stage.name(),
                from.stage.name()
            );
        }
    }
}

#[test]
fn a_pause_is_due_on_its_until_date_and_resuming_gives_the_time_back() {
    for from in [HeldFrom::Accepted, HeldFrom::Active] {
        let due_before = monday() + days(4);
        let hold = Hold {
            worker: None,
            from,
            reason: HoldReason::Away,
            until: monday() + days(7),
            look_at: None,
            due_before,
        };
        let paused = referral(Stage::OnHold(hold));
        assert_eq!(paused.stage.due(), Some(hold.until));
        let (resumed, _) = call(paused, Command::Resume, monday() + days(10)).unwrap();
        assert_eq!(resumed.stage.due(), Some(monday() + days(14)));
    }
}

#[test]
fn a_way_back_that_does_not_fit_the_end_is_refused() {
    for sample in one_in_each_stage() {
        let Ok(under_way) = sample.reopens_under_way() else { continue };
        let given = decision();
        let wrong = way_back(!under_way, proof(&given), monday());
        assert!(sample.reopen(wrong, ReopenReason::CameBack, monday()).is_err());
    }
}

#[test]
fn sending_again_keeps_the_instant_it_was_first_sent() {
    let (sent, _) = call(one_in_each_stage().remove(0), Command::Send, monday()).unwrap();
    let (returned, _) = call(sent, Command::Return, monday() + days(1)).unwrap();
    let (again, _) = call(returned, Command::Send, monday() + days(2)).unwrap();
    assert_eq!(again.sent_at, Some(monday()));
}
