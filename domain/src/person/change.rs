//! Change how a person wants to be reached.

use super::{Person, PersonError, PersonEvent, PersonWrites, Preferences};
use crate::audit::Event;
use crate::kernel::{OpContext, PersonId, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone)]
pub struct ChangePreferences {
    pub person: PersonId,
    pub version: i32,
    pub preferences: Preferences,
}

pub fn change_preferences<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: ChangePreferences,
) -> Result<Recorded<Person>, PersonError>
where
    S: PersonWrites + ?Sized,
{
    let person = tx.person(cmd.person)?.ok_or(PersonError::NotFound)?;
    let permit = op.authorize(Action::ChangePerson, &person)?;
    if person.version != cmd.version {
        return Err(PersonError::Stale);
    }
    if cmd.preferences.channels.is_empty() {
        return Err(PersonError::NoChannel);
    }
    let saved = tx.save_person(&Person { preferences: cmd.preferences, ..person })?;
    let event =
        PersonEvent { person: saved.id, custodian: saved.custodian, name: "person.preferences_changed" };
    Ok(Recorded::new(permit, saved, [Event::Person(event)]))
}
