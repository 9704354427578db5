//! Wind up: what becomes of one open referral of an organisation that has closed. The person's own decision is the rule: what
//! is under way goes to the successor where it covers them, and else back to whoever asked, who finds somebody else. What only
//! the closed organisation knew of goes to the successor or stays where it is, to be seen: nobody is lost.

use jiff::Timestamp;

use super::codes::{CancelReason, DeclineReason, TransferReason};
use super::complete::free_place;
use super::draft::free_reference;
use super::referral::{Receiver, Sender};
use super::rules::{Target, due, home, load_to_share};
use super::send::{active, admitted};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{Decision, DecisionLocks};
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, OrganisationId, PersonId, Recorded, ReferralId, ServiceId, StoreError};
use crate::person::PersonWrites;
use crate::policy::{Action, Permit};
use crate::tenancy::{Calendars, OrganisationReads};

/// Why access ends with the last of what it held of a person.
const CLOSED: &str = "organisation closed";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindUp {
    pub referral: ReferralId,
    /// Who takes what may be passed on.
    pub successor: Option<OrganisationId>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WoundUp {
    pub referral: ReferralId,
    /// False: only the closed organisation knows of it, and nothing lets anybody else know. It stays.
    pub settled: bool,
}

pub trait SuccessionReads {
    /// The services of an organisation, in a settled order.
    fn services_of(&mut self, organisation: OrganisationId) -> Result<Vec<ServiceId>, StoreError>;
    /// Does the acting organisation hold something else that is open of the person?
    fn holds_more_of(&mut self, person: PersonId, besides: ReferralId) -> Result<bool, StoreError>;
    /// Has whoever holds it been told that nobody is there to ask any more?
    fn asker_closed_told(&mut self, referral: ReferralId) -> Result<bool, StoreError>;
}

impl Referral {
    /// From whoever has it to their successor. The lifecycle has no command for it: nobody asks for this.
    fn hand_over(self, to: ReferralId, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        let waits = matches!(self.stage, Stage::Sent { .. } | Stage::Waitlisted { .. });
        if !waits && !self.stage.holds_place() {
            return Err(self.not_possible(Command::Transfer));
        }
        let reason = TransferReason::OrganisationClosed;
        Ok(self.enter(Stage::Transferred { to }, now, ReferralFact::Transferred { to, reason }))
    }

    /// Back to whoever asked, as declined from wherever it stands: they are told, whatever else they may hear.
    fn let_down(self, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        let waits = matches!(self.stage, Stage::Sent { .. } | Stage::Waitlisted { .. });
        if !waits && !self.stage.holds_place() {
            return Err(self.not_possible(Command::Decline));
        }
        let reason = DeclineReason::OrganisationClosed;
        Ok(self.enter(Stage::Declined { reason }, now, ReferralFact::Declined { reason }))
    }

    /// It was never sent: nobody waits for it.
    fn lapse(self, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        if !matches!(self.stage, Stage::Draft { .. }) {
            return Err(self.not_possible(Command::Cancel));
        }
        let reason = CancelReason::OrganisationClosed;
        Ok(self.enter(Stage::Cancelled { reason }, now, ReferralFact::Cancelled { reason }))
    }
}

/// Acts for the organisation that has closed.
pub fn wind_up<S>(tx: &mut S, op: &OpContext, cmd: WindUp) -> Result<Recorded<WoundUp>, ReferralError>
where
    S: ReferralWrites
        + DecisionLocks
        + ServiceWrites
        + PersonWrites
        + OrganisationReads
        + SuccessionReads
        + Calendars
        + ?Sized,
{
    let target = Target { referral: cmd.referral, version: None };
    let (referral, decisions) = load_to_share(tx, op, target)?;
    let permit = op.authorize(Action::WindUpReferral, &referral)?;
    let settled = WoundUp { referral: referral.id, settled: true };
    let is_ours = |organisation| op.organisation() == Some(organisation);
    if !referral.stage.is_open() {
        return Ok(Recorded::unchanged(settled));
    }
    if matches!(referral.stage, Stage::Draft { .. } | Stage::Returned { .. }) {
        if !is_ours(referral.from.organisation) {
            return Ok(Recorded::unchanged(settled));
        }
        // It came back while the organisation closed. Somebody else has to be found: that it waits is seen.
        if matches!(referral.stage, Stage::Returned { .. }) {
            return Ok(Recorded::unchanged(WoundUp { settled: false, ..settled }));
        }
        let (lapsed, event) = referral.lapse(op.now())?;
        return kept(tx, permit, &lapsed, [event]).map(|done| done.map(|()| settled));
    }
    if !is_ours(referral.to.organisation) {
        // Asked while the referral is locked: two workers do not tell it twice.
        if tx.asker_closed_told(referral.id)? {
            return Ok(Recorded::unchanged(settled));
        }
        let told = Event::Referral(referral.event(ReferralFact::AskerClosed));
        return Ok(Recorded::new(permit, settled, [told]));
    }
    let home = home(tx, &referral)?;
    if referral.stage.holds_place() || home.is_none() {
        let heir = Heir { asked: home == Some(referral.from), decisions: &decisions };
        if let Some(next) = successor(tx, op, (&referral, cmd.successor), &heir)? {
            return passed_on(tx, op, (permit, referral), next).map(|done| done.map(|()| settled));
        }
    }
    let Some(home) = home else {
        return Ok(Recorded::unchanged(WoundUp { settled: false, ..settled }));
    };
    let held_place = referral.stage.holds_place();
    let (declined, event) = referral.let_down(op.now())?;
    if held_place {
        free_place(tx, &declined)?;
    }
    end_sight(tx, &declined)?;
    kept(tx, permit, &declined, [event.back_to(home)]).map(|done| done.map(|()| settled))
}

/// With the last of what it holds of the person, and not before: what only it knows of can be handed over by nobody who
/// does not see whose it is.
fn end_sight<S>(tx: &mut S, settled: &Referral) -> Result<(), StoreError>
where
    S: PersonWrites + SuccessionReads + ?Sized,
{
    if tx.holds_more_of(settled.person, settled.id)? {
        return Ok(());
    }
    tx.end_access_under_referrals(settled.person, CLOSED)
}

fn kept<S>(
    tx: &mut S,
    permit: Permit<Referral>,
    referral: &Referral,
    events: impl IntoIterator<Item = ReferralEvent>,
) -> Result<Recorded<()>, ReferralError>
where
    S: ReferralWrites + ?Sized,
{
    tx.save_referral(referral)?;
    Ok(Recorded::new(permit, (), events.into_iter().map(Event::Referral)))
}

/// What a successor needs to be one.
struct Heir<'a> {
    /// Somebody else asked for it, and is asked in whose name it goes on.
    asked: bool,
    decisions: &'a [Decision],
}

/// The request as the successor gets it: to the first of its services that takes it, if the person's decision covers them.
fn successor<S>(
    tx: &mut S,
    op: &OpContext,
    (referral, successor): (&Referral, Option<OrganisationId>),
    heir: &Heir<'_>,
) -> Result<Option<(Referral, ReferralEvent)>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + OrganisationReads + SuccessionReads + Calendars + ?Sized,
{
    let Some(id) = successor else { return Ok(None) };
    let Some(next) = tx.organisation(id)?.filter(|next| !next.suspended) else { return Ok(None) };
    let Ok(decision) = active(heir.decisions, next.facts(), op) else { return Ok(None) };
    let from = if heir.asked { referral.from } else { Sender { organisation: id, user: None } };
    for service in tx.services_of(id)? {
        let asked = Referral {
            id: op.new_id(),
            from,
            to: Receiver { organisation: id, service },
            origin: Some(referral.id),
            decision: None,
            risk_acknowledged: None,
            drafted_at: op.now(),
            sent_at: None,
            version: 1,
            stage_since: op.now(),
            next_step: None,
            stage: Stage::Draft { due: op.now() },
            ..referral.clone()
        };
        let (service, admission) = match admitted(tx, op, &asked) {
            Ok(admitted) => admitted,
            Err(ReferralError::NotAdmitted(_)) => continue,
            Err(error) => return Err(error),
        };
        let reply_by = due(tx.calendar(), op, service.targets.reply_days);
        let asked = Referral { reference: free_reference(tx, op)?, ..asked };
        return Ok(Some(asked.send(&decision, &admission, reply_by, op.now())?));
    }
    Ok(None)
}

/// Both in one transaction: the person has an owner at every instant.
fn passed_on<S>(
    tx: &mut S,
    op: &OpContext,
    (permit, referral): (Permit<Referral>, Referral),
    (next, sent): (Referral, ReferralEvent),
) -> Result<Recorded<()>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + PersonWrites + SuccessionReads + ?Sized,
{
    let note = tx.referral_note(&referral)?;
    tx.insert_referral(&next, note.as_ref())?;
    let held_place = referral.stage.holds_place();
    let (handed_over, event) = referral.hand_over(next.id, op.now())?;
    if held_place {
        free_place(tx, &handed_over)?;
    }
    end_sight(tx, &handed_over)?;
    kept(tx, permit, &handed_over, [event, sent])
}
