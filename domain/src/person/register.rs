//! Register a person: the acting organisation becomes custodian. Somebody who is probably known already is not registered
//! unless whoever asks has looked at them and says that they are somebody else (P1).

use super::alike::alike;
use super::{
    AccessBasis, AccessLevel, Identity, Person, PersonAccess, PersonError, PersonEvent, PersonReads,
    PersonWrites, Preferences,
};
use crate::audit::Event;
use crate::kernel::{OpContext, PersonId, Recorded};
use crate::policy::{Action, Denied};

#[derive(Debug, Clone)]
pub struct Register {
    pub identity: Identity,
    pub preferences: Preferences,
    /// Those who look like them and are somebody else.
    pub not_the_same_as: Vec<PersonId>,
}

pub fn register<S>(tx: &mut S, op: &OpContext, cmd: Register) -> Result<Recorded<Person>, PersonError>
where
    S: PersonWrites + ?Sized,
{
    let id: PersonId = op.new_id();
    let denied = Denied::by_role(Action::RegisterPerson, "person", crate::kernel::TypedId::uuid(id));
    let custodian = op.organisation().ok_or(denied)?;
    if cmd.preferences.channels.is_empty() {
        return Err(PersonError::NoChannel);
    }
    let person = Person {
        id,
        custodian,
        identity: cmd.identity,
        preferences: cmd.preferences,
        level: AccessLevel::Full,
        granted: Some(AccessLevel::Full),
        version: 1,
    };
    let permit = op.authorize(Action::RegisterPerson, &person)?;
    tx.register_in_turn()?;
    refuse_known(tx, &person.identity, &cmd.not_the_same_as)?;
    let access = PersonAccess {
        id: op.new_id(),
        person: id,
        organisation: custodian,
        basis: AccessBasis::Custodian,
        level: AccessLevel::Full,
        referral: None,
    };
    tx.insert_person(&person, &access)?;
    let event = PersonEvent { person: id, custodian, name: "person.registered" };
    Ok(Recorded::new(permit, person, [Event::Person(event)]))
}

fn refuse_known<S>(tx: &mut S, identity: &Identity, others: &[PersonId]) -> Result<(), PersonError>
where
    S: PersonReads + ?Sized,
{
    if let Some(number) = &identity.nhs_number
        && let Some(existing) = tx.person_by_nhs_number(number)?
    {
        return Err(PersonError::AlreadyRegistered(existing));
    }
    let unseen = alike(tx, identity)?.into_iter().any(|(other, _)| !others.contains(&other.id));
    if unseen { Err(PersonError::ProbablyRegistered) } else { Ok(()) }
}
