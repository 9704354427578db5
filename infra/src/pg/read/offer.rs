//! What somebody sees who followed a provider's link: the de-identified request, and after acceptance, on a device
//! that was verified, how to reach the person. A link shows its one referral and nothing else.

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{LinkId, Prose, ReferralId, StoreError, TypedId};
use trellis_domain::person::{Identity, Preferences};
use trellis_domain::policy::Action;
use trellis_domain::referral::{Brief, Referral, Risk, Stage};

use super::super::error::store_error;
use super::super::schema::links as l;
use super::super::time::instant;
use super::super::tx::PgTx;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    Open,
    Accepted,
    Waitlisted,
    Declined,
    /// Withdrawn, cancelled, sent back or passed on.
    Gone,
    Expired,
}

/// How to reach the person, in which form to write to them, and what to know before.
#[derive(Debug, Clone)]
pub struct OfferedContact {
    pub identity: Identity,
    pub preferences: Preferences,
    pub risk: Risk,
    pub what_matters: Option<Prose>,
}

#[derive(Debug, Clone)]
pub struct OfferedRequest {
    pub referral: ReferralId,
    pub reference: String,
    pub state: OfferState,
    pub provider_name: String,
    pub service_name: String,
    /// While it can be answered, and after acceptance.
    pub brief: Option<Brief>,
    pub reply_by: Option<Timestamp>,
    /// Of whoever asked.
    pub help_phone: String,
    pub contact: Option<OfferedContact>,
}

impl<M> PgTx<'_, M> {
    /// `verified`: the device was shown to be the provider's. None for a link that is not the acting organisation's.
    pub fn offered_request(
        &mut self,
        link: LinkId,
        verified: bool,
    ) -> Result<Option<OfferedRequest>, StoreError> {
        let row: Option<(uuid::Uuid, Stored)> = l::table
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(link.uuid()))
            .select((l::referral_id, l::expires_at))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((referral, expires_at)) = row else { return Ok(None) };
        let Some(view) = self.referral_view(ReferralId::from_uuid(referral))? else { return Ok(None) };
        let op = self.op().clone();
        let Ok(permit) = op.authorize(Action::ViewReferral, &view.referral) else { return Ok(None) };
        let state = state(&view.referral, instant(expires_at) <= op.now());
        let opened = if verified && state == OfferState::Accepted { view.person } else { None };
        let opened = opened.filter(|view| op.authorize(Action::ViewIdentity, &view.person).is_ok());
        if opened.is_some() {
            self.audit_read(permit);
        }
        let (risk, what_matters) = (view.referral.risk, view.what_matters);
        let shows_brief = matches!(state, OfferState::Open | OfferState::Accepted | OfferState::Waitlisted);
        Ok(Some(OfferedRequest {
            referral: view.referral.id,
            reference: view.referral.reference.as_str().to_owned(),
            state,
            provider_name: view.to.name,
            service_name: view.service.service.name,
            brief: shows_brief.then_some(view.referral.brief),
            reply_by: if state == OfferState::Open { view.referral.stage.due() } else { None },
            help_phone: view.from.help_phone,
            contact: opened.map(|view| OfferedContact {
                identity: view.person.identity,
                preferences: view.person.preferences,
                risk,
                what_matters,
            }),
        }))
    }
}

fn state(referral: &Referral, expired: bool) -> OfferState {
    match &referral.stage {
        Stage::Sent { .. } if expired => OfferState::Expired,
        Stage::Sent { .. } => OfferState::Open,
        Stage::Waitlisted { .. } => OfferState::Waitlisted,
        stage if stage.holds_place() => OfferState::Accepted,
        Stage::Completed { .. } | Stage::Ended { .. } => OfferState::Accepted,
        Stage::Declined { .. } => OfferState::Declined,
        _ => OfferState::Gone,
    }
}
