//! Onward: from a referral under way to a provider, re-keying nothing (W1). A decision recorded with it goes with it.

use super::codes::{AgainReason, Need, Route};
use super::draft::{Draft, draft};
use super::rules::{Target, load_to_share};
use super::send::send;
use super::{Brief, Command, Parent, Referral, ReferralError, ReferralWrites};
use crate::consent::DecisionWrites;
use crate::consent::record::{RecordDecision, record};
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, Prose, Recorded, ServiceId};
use crate::person::PersonReads;
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

#[derive(Debug, Clone)]
pub struct Onward {
    /// The referral under way from which this one comes.
    pub parent: Target,
    pub service: ServiceId,
    /// Empty means: the parent's needs.
    pub needs: Vec<Need>,
    pub note: Option<Prose>,
    /// Why, if the service has been asked for them already.
    pub again: Option<AgainReason>,
    /// None means: a decision is on record already.
    pub decision: Option<RecordDecision>,
}

pub fn onward<S>(tx: &mut S, op: &OpContext, cmd: Onward) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionWrites + PersonReads + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let (parent, _) = load_to_share(tx, op, cmd.parent)?;
    let permit = op.authorize(Action::PlaceReferral, &parent)?;
    if !parent.stage.holds_place() {
        return Err(parent.not_possible(Command::Send).into());
    }
    let decided =
        cmd.decision.map(|decision| record(tx, op, decision)).transpose().map_err(ReferralError::from)?;
    let needs = if cmd.needs.is_empty() { parent.brief.needs.clone() } else { cmd.needs };
    let placement = Draft {
        person: parent.person,
        service: cmd.service,
        route: Route::Onward,
        brief: Brief { needs, ..parent.brief.clone() },
        feedback: parent.feedback,
        risk: parent.risk,
        note: cmd.note,
        parent: Some(Parent { referral: parent.id, organisation: parent.to.organisation }),
        origin: None,
        asker: None,
        again: cmd.again,
    };
    let drafted = draft(tx, op, placement)?;
    let sent = send(tx, op, Target { referral: drafted.value().id, version: None })?;
    let whole = Recorded::new(permit, sent.value().clone(), []).and(sent).and(drafted);
    Ok(match decided {
        Some(decision) => whole.and(decision),
        None => whole,
    })
}
