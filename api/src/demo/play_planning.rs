//! The plan in a story: made, and looked at again.

use jiff::Timestamp;
use jiff::civil::Date;
use trellis_domain::kernel::{Line, OpContext, Prose};
use trellis_domain::plan::{
    Plan, PlanReads, Rating, SavePlan, Score, Wanted, WantedAction, WantedGoal, save,
};

use super::error::DemoError;
use super::plans::{Planning, Step};
use super::play::Playing;

impl Playing<'_> {
    pub(super) async fn plan_together(&self, op: &OpContext, planning: Planning) -> Result<(), DemoError> {
        let person = self.person.ok_or(DemoError::Absent { what: "person" })?;
        let today = self.day(op.now());
        let due = self.day(self.due(op.now(), planning.due));
        let wanted = wanted(&planning, (today, due))?;
        let kept = self.ground.store.write(op, move |tx, op| {
            let before = tx.plan(person)?;
            let version = before.as_ref().map_or(0, |plan| plan.version);
            save(tx, op, SavePlan { person, version, wanted: over(wanted, before.as_ref()) })
        });
        kept.await.map(drop).map_err(DemoError::refused("a plan"))
    }

    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.ground.zone.clone()).date()
    }
}

fn wanted(planning: &Planning, (today, due): (Date, Date)) -> Result<Wanted, DemoError> {
    let words = planning.words;
    let [first, second] = &words.actions;
    let score = Score::try_from(planning.score).map_err(DemoError::made("score"))?;
    let done = planning.again.then_some(today);
    let goal = WantedGoal {
        id: None,
        words: Prose::parse(words.goal).map_err(DemoError::made("text"))?,
        ratings: vec![Rating { score, on: today }],
        actions: vec![action(first, (None, done))?, action(second, (Some(due), None))?],
    };
    let matters = Some(Prose::parse(words.matters).map_err(DemoError::made("text"))?);
    Ok(Wanted { matters, goals: vec![goal] })
}

fn action(step: &Step, (due_on, done_on): (Option<Date>, Option<Date>)) -> Result<WantedAction, DemoError> {
    let line = |text| Line::parse(text).map_err(DemoError::made("text"));
    Ok(WantedAction {
        id: None,
        kind: step.kind,
        words: line(step.words)?,
        by: step.by,
        by_name: step.name.map(line).transpose()?,
        due_on,
        done_on,
    })
}

/// The same goal and actions as before, and how far it is now behind how far it was.
fn over(mut wanted: Wanted, before: Option<&Plan>) -> Wanted {
    let goals = before.map(|plan| plan.content.goals.as_slice()).unwrap_or_default();
    for (goal, old) in wanted.goals.iter_mut().zip(goals) {
        goal.id = Some(old.id);
        let earlier = old.ratings.iter().filter(|rating| goal.ratings.iter().all(|now| now.on > rating.on));
        goal.ratings = earlier.copied().chain(goal.ratings.iter().copied()).collect();
        for (action, was) in goal.actions.iter_mut().zip(&old.actions) {
            action.id = Some(was.id);
        }
    }
    wanted
}
