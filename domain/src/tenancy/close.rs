//! Close an organisation for good. From that instant nobody acts for it and it takes nothing new; what it holds is passed on
//! or goes back, one referral after another (`referral::wind_up`). Nobody may be lost by it: what only it knows of is in the
//! way, and so is whoever's record it answers for, until another organisation answers for it (`custody`): nobody else would see
//! to what they ask. What is open is counted, and the counts are all that is said.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Organisation, OrganisationError, OrganisationEvent, OrganisationFact, OrganisationReads,
    OrganisationWrites,
};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId, Recorded, StoreError, Subject, TypedId};
use crate::policy::{Action, Guarded, Side};

/// What closing would do, with a certain successor or with none. As it stands: people may change their minds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outlook {
    /// People whose record it answers for. In the way.
    pub people: u64,
    /// Goes to the successor, because the person's own decision covers it.
    pub passed_on: u64,
    /// Goes back to whoever asked, with a task to find somebody else.
    pub sent_back: u64,
    /// It asked for these; they stay with whoever has them.
    pub left_with_others: u64,
    /// Never sent: these end.
    pub dropped: u64,
    /// Nobody else knows of these, and no decision lets a successor know. In the way.
    pub only_here: u64,
    /// Emergency openings of records that it answers for, which nobody has reviewed. In the way.
    pub emergencies: u64,
    /// Sent back to it, or declined: it has to answer, or to find somebody else. In the way.
    pub unanswered: u64,
    /// Others that are handing over their people's records to it. In the way.
    pub coming: u64,
    /// To whom it offers the records that it answers for, or is handing them over.
    pub custody: Option<CustodyOutlook>,
}

/// How far it is with handing over an organisation's records: who has to be asked, and nobody's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustodyOutlook {
    pub to: OrganisationId,
    /// Both have signed.
    pub moving: bool,
}

impl Outlook {
    /// Somebody would be lost, or nobody would look at what was done.
    pub fn in_the_way(&self) -> bool {
        let counts = [self.people, self.only_here, self.emergencies, self.unanswered, self.coming];
        counts.into_iter().any(|count| count > 0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    pub organisation: OrganisationId,
    /// Who takes what may be passed on. None: everything goes back.
    pub successor: Option<OrganisationId>,
}

/// An organisation that was closed, and to whom it leaves what it held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    pub organisation: OrganisationId,
    pub successor: Option<OrganisationId>,
    /// When the last of what it held was settled.
    pub finished_at: Option<Timestamp>,
    /// What nobody could take when it was looked at last.
    pub waiting: u64,
}

/// Why one organisation cannot take what another leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotSucceed {
    #[error("it is the one that closes, or there is no such organisation")]
    NotThere,
    #[error("it is suspended")]
    Suspended,
    #[error("an organisation of its kind does not do this work")]
    OtherKind,
    #[error("nobody works there yet")]
    Nobody,
}

pub trait ClosingReads: OrganisationReads {
    /// What would become of what is open.
    fn outlook(
        &mut self,
        id: OrganisationId,
        successor: Option<OrganisationId>,
    ) -> Result<Outlook, StoreError>;
    /// Does anybody hold a role there that answers requests or sends them?
    fn somebody_works_for(&mut self, id: OrganisationId) -> Result<bool, StoreError>;
}

pub trait ClosingWrites: ClosingReads + OrganisationWrites {
    fn insert_closing(&mut self, closing: &Closing) -> Result<(), StoreError>;
    fn lock_closing(&mut self, id: OrganisationId) -> Result<Option<Closing>, StoreError>;
    /// Its successor and its end; what is left is looked at again at once.
    fn save_closing(&mut self, closing: &Closing) -> Result<(), StoreError>;
    /// Whatever it saw of anybody, also of those whom it helped before.
    fn end_access_of_closed(&mut self, id: OrganisationId, reason: &'static str) -> Result<(), StoreError>;
}

pub fn close<S>(tx: &mut S, op: &OpContext, cmd: Close) -> Result<Recorded<Closing>, OrganisationError>
where
    S: ClosingWrites + ?Sized,
{
    let Close { organisation: id, successor } = cmd;
    let seen = tx.organisation(id)?.ok_or(OrganisationError::NotFound)?;
    let permit = op.authorize(Action::CloseOrganisation, &seen)?;
    let organisation = tx.lock_organisation(id)?.ok_or(OrganisationError::NotFound)?;
    if let Some(successor) = successor {
        check_successor(tx, &organisation, successor)?;
    }
    let outlook = tx.outlook(id, successor)?;
    if outlook.in_the_way() {
        return Err(OrganisationError::StillNeeded(outlook));
    }
    let closing = Closing { organisation: id, successor, finished_at: None, waiting: 0 };
    tx.close_organisation(id)?;
    tx.insert_closing(&closing)?;
    let event = OrganisationEvent { organisation: id, fact: OrganisationFact::Closed };
    Ok(Recorded::new(permit, closing, [Event::Organisation(event)]))
}

/// Somebody else takes what is left of an organisation that has closed: what its first successor could not take, or what
/// people have decided since.
pub fn name_successor<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: Close,
) -> Result<Recorded<Closing>, OrganisationError>
where
    S: ClosingWrites + ?Sized,
{
    let open = tx.organisation(cmd.organisation)?;
    let closed = match open {
        Some(open) => open,
        None => tx.closed_organisation(cmd.organisation)?.ok_or(OrganisationError::NotFound)?,
    };
    let permit = op.authorize(Action::CloseOrganisation, &closed)?;
    let closing = tx.lock_closing(cmd.organisation)?.ok_or(OrganisationError::NotFound)?;
    if closing.finished_at.is_some() {
        return Err(OrganisationError::AllSettled);
    }
    let successor = cmd.successor.ok_or(CannotSucceed::NotThere)?;
    check_successor(tx, &closed, successor)?;
    let closing = Closing { successor: Some(successor), ..closing };
    tx.save_closing(&closing)?;
    let event = OrganisationEvent { organisation: cmd.organisation, fact: OrganisationFact::SuccessorNamed };
    Ok(Recorded::new(permit, closing, [Event::Organisation(event)]))
}

/// By the worker, when nothing that the organisation held is open any more.
pub fn finish_closing<S>(
    tx: &mut S,
    op: &OpContext,
    id: OrganisationId,
) -> Result<Recorded<Closing>, OrganisationError>
where
    S: ClosingWrites + ?Sized,
{
    let closing = tx.lock_closing(id)?.ok_or(OrganisationError::NotFound)?;
    let permit = op.authorize(Action::CloseOrganisation, &closing)?;
    if closing.finished_at.is_some() {
        return Ok(Recorded::unchanged(closing));
    }
    tx.end_access_of_closed(id, "organisation closed")?;
    let closing = Closing { finished_at: Some(op.now()), ..closing };
    tx.save_closing(&closing)?;
    let event = OrganisationEvent { organisation: id, fact: OrganisationFact::WoundUp };
    Ok(Recorded::new(permit, closing, [Event::Organisation(event)]))
}

fn check_successor<S>(
    tx: &mut S,
    closes: &Organisation,
    successor: OrganisationId,
) -> Result<(), OrganisationError>
where
    S: ClosingReads + ?Sized,
{
    let next = tx.organisation(successor)?.filter(|next| next.id != closes.id);
    let next = next.ok_or(CannotSucceed::NotThere)?;
    if next.suspended {
        return Err(CannotSucceed::Suspended.into());
    }
    if !next.kind.may_succeed(closes.kind) {
        return Err(CannotSucceed::OtherKind.into());
    }
    if tx.somebody_works_for(successor)? { Ok(()) } else { Err(CannotSucceed::Nobody.into()) }
}

impl Subject for Closing {
    fn subject(&self) -> Uuid {
        self.organisation.uuid()
    }
}

impl Guarded for Closing {
    const KIND: &'static str = "organisation";

    fn subject(&self) -> Uuid {
        self.organisation.uuid()
    }

    fn stands(&self, side: Side, _op: &OpContext) -> bool {
        side == Side::Network
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}
