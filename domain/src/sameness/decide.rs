//! Say of two records whether they are of one person. Both have to be open to whoever says it; saying the same again changes
//! nothing.

use super::{Same, SamenessError, SamenessEvent, SamenessFact, SamenessWrites, Verdict};
use crate::audit::Event;
use crate::kernel::{OpContext, PersonId, Recorded};
use crate::person::PersonReads;
use crate::policy::{Action, Denied, Guarded};

#[derive(Debug, Clone, Copy)]
pub struct Decide {
    pub one: PersonId,
    pub two: PersonId,
    pub verdict: Verdict,
}

pub fn decide<S>(tx: &mut S, op: &OpContext, cmd: Decide) -> Result<Recorded<Same>, SamenessError>
where
    S: SamenessWrites + PersonReads + ?Sized,
{
    let one = tx.person(cmd.one)?.ok_or(SamenessError::PersonNotFound)?;
    let two = tx.person(cmd.two)?.ok_or(SamenessError::PersonNotFound)?;
    let permit = op.authorize(Action::DecideSameness, &one)?;
    let permit_too = op.authorize(Action::DecideSameness, &two)?;
    let pair = Same::pair_of(one.id, two.id).ok_or(SamenessError::Itself)?;
    let nobody = || Denied::by_role(Action::DecideSameness, Same::KIND, Guarded::subject(&one));
    let organisation = op.organisation().ok_or_else(nobody)?;
    match tx.lock_standing(pair)? {
        Some(standing) if standing.verdict == cmd.verdict => return Ok(Recorded::unchanged(standing)),
        Some(_) => return Err(SamenessError::AnsweredOtherwise),
        None => {}
    }
    let same = Same {
        id: op.new_id(),
        organisation,
        pair,
        verdict: cmd.verdict,
        decided_at: op.now(),
        decided_by: op.user(),
        taken_back_at: None,
    };
    tx.insert_match(&same)?;
    let events = SamenessEvent::of_both(&same, SamenessFact::Decided(cmd.verdict)).map(Event::Sameness);
    Ok(Recorded::new(permit, same, events).and(Recorded::new(permit_too, (), [])))
}
