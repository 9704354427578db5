//! Take an answer back: the two stand apart again, as if nothing had been said, and what was said stays in the history.

use super::{Same, SamenessError, SamenessEvent, SamenessFact, SamenessWrites};
use crate::audit::Event;
use crate::kernel::{MatchId, OpContext, Recorded};
use crate::policy::Action;

pub fn take_back<S>(tx: &mut S, op: &OpContext, id: MatchId) -> Result<Recorded<Same>, SamenessError>
where
    S: SamenessWrites + ?Sized,
{
    let same = tx.lock_match(id)?.ok_or(SamenessError::NotFound)?;
    let permit = op.authorize(Action::TakeBackSameness, &same)?;
    if same.taken_back_at.is_some() {
        return Err(SamenessError::TakenBackAlready);
    }
    let same = Same { taken_back_at: Some(op.now()), ..same };
    tx.save_taken_back(&same)?;
    let events = SamenessEvent::of_both(&same, SamenessFact::TakenBack).map(Event::Sameness);
    Ok(Recorded::new(permit, same, events))
}
