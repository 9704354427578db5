//! Save the whole plan as its next version, over the one that was read.

use super::{Plan, PlanError, PlanEvent, PlanWrites, Wanted};
use crate::audit::Event;
use crate::kernel::{OpContext, PersonId, Recorded, TypedId};
use crate::person::PersonReads;
use crate::policy::{Action, Denied};
use crate::tenancy::Calendars;

#[derive(Debug, Clone)]
pub struct SavePlan {
    pub person: PersonId,
    /// The version that was read; 0 where there was no plan.
    pub version: i32,
    pub wanted: Wanted,
}

/// A plan that says what it said before stays the version it is.
pub fn save<S>(tx: &mut S, op: &OpContext, cmd: SavePlan) -> Result<Recorded<Plan>, PlanError>
where
    S: PlanWrites + PersonReads + Calendars + ?Sized,
{
    let person = tx.person(cmd.person)?.ok_or(PlanError::NotFound)?;
    let permit = op.authorize(Action::SavePlan, &person)?;
    let denied = || Denied::by_role(Action::SavePlan, "person", person.id.uuid());
    let (organisation, user) = op.organisation().zip(op.user()).ok_or_else(denied)?;
    let before = tx.plan(person.id)?;
    let version = before.as_ref().map_or(0, |plan| plan.version);
    if version != cmd.version {
        return Err(PlanError::Stale);
    }
    let content = cmd.wanted.into_content(op);
    content.check(op.now().to_zoned(tx.calendar().zone().clone()).date())?;
    if let Some(same) = before.filter(|plan| plan.content == content) {
        return Ok(Recorded::unchanged(same));
    }
    let plan = Plan {
        id: op.new_id(),
        person: person.id,
        version: version.saturating_add(1),
        content,
        organisation,
        user,
        saved_at: op.now(),
    };
    tx.insert_plan(&plan)?;
    let event = PlanEvent {
        plan: plan.id,
        person: person.id,
        version: plan.version,
        organisation,
        custodian: person.custodian,
    };
    Ok(Recorded::new(permit, plan, [Event::Plan(event)]))
}
