//! Open a record in an emergency. Only exact details find anybody, and whoever asks without finding is recorded too.

use jiff::civil::Date;
use uuid::Uuid;

use super::{EmergencyError, EmergencyFact, EmergencyWrites, Found, Opening, Wanted};
use crate::audit::Event;
use crate::kernel::{Line, NhsNumber, OpContext, Postcode, Prose, Recorded, Redacted};
use crate::policy::{Action, Denied, Guarded, Refused, Role, Side};

/// The details of one person, all of them exact.
#[derive(Debug, Clone)]
pub enum Find {
    NhsNumber(NhsNumber),
    /// Together; people are kept apart by them well enough for a worker who has a reason.
    Likeness {
        family_name: Redacted<Line>,
        birth_date: Redacted<Date>,
        postcode: Postcode,
    },
}

#[derive(Debug, Clone)]
pub struct OpenInEmergency {
    pub find: Find,
    /// Why it cannot wait; it names the person, so it is kept sealed.
    pub reason: Redacted<Prose>,
}

/// There is no opening that it could name.
const NOBODY: Denied = Denied::by_role(Action::OpenInEmergency, Opening::KIND, Uuid::nil());

pub fn open<S>(tx: &mut S, op: &OpContext, cmd: OpenInEmergency) -> Result<Recorded<Opening>, EmergencyError>
where
    S: EmergencyWrites + ?Sized,
{
    // Before anything is looked for: whoever may not ask does not learn whether there was something to find.
    let _ = op.authorize(Action::OpenInEmergency, &Asking)?;
    let user = op.user().ok_or(NOBODY)?;
    let until = op.now().checked_add(Opening::LONGEST).unwrap_or(op.now());
    let wanted = Wanted { id: op.new_id(), find: &cmd.find, reason: &cmd.reason, user, until };
    let opening = match tx.open_in_emergency(wanted)? {
        Found::Opened(opening) => opening,
        Found::OpenAlready(person) => return Err(EmergencyError::OpenAlready(person)),
        Found::Nobody => return Err(EmergencyError::NoRecord),
    };
    let permit = op.authorize(Action::OpenInEmergency, &opening)?;
    let officers = tx.holders(Role::PrivacyOfficer, opening.custodian)?;
    let event = opening.event(EmergencyFact::Opened { officers });
    Ok(Recorded::new(permit, opening, [Event::Emergency(event)]))
}

/// Whoever asks, before it is known about whom.
struct Asking;

impl Guarded for Asking {
    const KIND: &'static str = Opening::KIND;

    fn subject(&self) -> Uuid {
        Uuid::nil()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        side == Side::Owner && op.organisation().is_some()
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        true
    }
}

impl Refused for EmergencyError {
    /// To have asked about somebody and found nobody is recorded like a refusal.
    fn denied(&self) -> Option<Denied> {
        match self {
            Self::Denied(denied) => Some(*denied),
            Self::NoRecord => Some(NOBODY),
            _ => None,
        }
    }
}
