//! A referral's row and back. A row that does not parse is a fault, named by table and column.

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trellis_domain::contact::NextStep;
use trellis_domain::kernel::{
    DecisionId, OrganisationId, PersonId, ReferralId, ServiceId, StoreError, TypedId, UserId,
};
use trellis_domain::referral::referral::{Receiver, Sender};
use trellis_domain::referral::stage::{HeldFrom, Hold};
use trellis_domain::referral::{
    Brief, CancelReason, DeclineReason, EndReason, FeedbackChoice, HoldReason, Outcome, Parent, Reference,
    Referral, ReturnReason, Risk, Route, Stage, StageName, WithdrawnBy,
};
use uuid::Uuid;

use super::error::inconsistent;
use super::schema::referrals;
use super::time::{instant, instant_option};

#[derive(Debug, Clone, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = referrals)]
pub(crate) struct ReferralRow {
    referral_id: Uuid,
    version: i32,
    reference: String,
    person_id: Uuid,
    from_organisation_id: Uuid,
    from_user_id: Option<Uuid>,
    to_organisation_id: Uuid,
    service_id: Uuid,
    parent_id: Option<Uuid>,
    parent_organisation_id: Option<Uuid>,
    origin_id: Option<Uuid>,
    decision_id: Option<Uuid>,
    route: String,
    brief: Value,
    feedback: String,
    risk: String,
    drafted_at: Stored,
    sent_at: Option<Stored>,
    stage: String,
    stage_since: Stored,
    stage_detail: Value,
    due_at: Option<Stored>,
    worker_id: Option<Uuid>,
    next_step: Option<String>,
    asker_organisation_id: Option<Uuid>,
    asker_user_id: Option<Uuid>,
    risk_acknowledged_by: Option<Uuid>,
}

/// What a stage knows beyond its name, due time and worker.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct StageDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<HeldFrom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_before: Option<Timestamp>,
    /// The end of a pause, where something is due before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<ReferralId>,
}

impl From<&Stage> for StageDetail {
    fn from(stage: &Stage) -> Self {
        let reason = stage.reason().map(str::to_owned);
        match stage {
            Stage::OnHold(hold) => Self {
                reason,
                from: Some(hold.from),
                due_before: Some(hold.due_before),
                until: hold.look_at.map(|_| hold.until),
                to: None,
            },
            Stage::Transferred { to } => Self { reason, to: Some(*to), ..Self::default() },
            _ => Self { reason, ..Self::default() },
        }
    }
}

fn wrong(column: &'static str) -> StoreError {
    inconsistent("referrals", column)
}

impl TryFrom<ReferralRow> for Referral {
    type Error = StoreError;

    fn try_from(row: ReferralRow) -> Result<Self, StoreError> {
        let stage = stage(&row)?;
        let parent = row.parent_id.zip(row.parent_organisation_id).map(|(referral, organisation)| Parent {
            referral: ReferralId::from_uuid(referral),
            organisation: OrganisationId::from_uuid(organisation),
        });
        Ok(Self {
            id: ReferralId::from_uuid(row.referral_id),
            reference: Reference::parse(&row.reference).ok_or_else(|| wrong("reference"))?,
            person: PersonId::from_uuid(row.person_id),
            from: Sender {
                organisation: OrganisationId::from_uuid(row.from_organisation_id),
                user: row.from_user_id.map(UserId::from_uuid),
            },
            to: Receiver {
                organisation: OrganisationId::from_uuid(row.to_organisation_id),
                service: ServiceId::from_uuid(row.service_id),
            },
            parent,
            origin: row.origin_id.map(ReferralId::from_uuid),
            asker: row.asker_organisation_id.map(|organisation| Sender {
                organisation: OrganisationId::from_uuid(organisation),
                user: row.asker_user_id.map(UserId::from_uuid),
            }),
            decision: row.decision_id.map(DecisionId::from_uuid),
            route: Route::from_code(&row.route).ok_or_else(|| wrong("route"))?,
            brief: serde_json::from_value::<Brief>(row.brief).map_err(|_| wrong("brief"))?,
            feedback: FeedbackChoice::from_code(&row.feedback).ok_or_else(|| wrong("feedback"))?,
            risk: Risk::from_code(&row.risk).ok_or_else(|| wrong("risk"))?,
            risk_acknowledged: row.risk_acknowledged_by.map(UserId::from_uuid),
            drafted_at: instant(row.drafted_at),
            sent_at: instant_option(row.sent_at),
            version: row.version,
            stage_since: instant(row.stage_since),
            next_step: next_step(row.next_step.as_deref())?,
            stage,
        })
    }
}

fn stage(row: &ReferralRow) -> Result<Stage, StoreError> {
    let detail: StageDetail =
        serde_json::from_value(row.stage_detail.clone()).map_err(|_| wrong("stage_detail"))?;
    let name = StageName::from_code(&row.stage).ok_or_else(|| wrong("stage"))?;
    if name.is_open() { open_stage(name, row, &detail) } else { end_stage(name, &detail) }
}

fn next_step(code: Option<&str>) -> Result<Option<NextStep>, StoreError> {
    code.map(|code| NextStep::from_code(code).ok_or_else(|| wrong("next_step"))).transpose()
}

fn coded<T>(detail: &StageDetail, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    detail.reason.as_deref().and_then(parse).ok_or_else(|| wrong("stage_detail.reason"))
}

fn open_stage(name: StageName, row: &ReferralRow, detail: &StageDetail) -> Result<Stage, StoreError> {
    let due = row.due_at.map(instant).ok_or_else(|| wrong("due_at"))?;
    let worker = row.worker_id.map(UserId::from_uuid);
    Ok(match name {
        StageName::Draft => Stage::Draft { due },
        StageName::Sent => Stage::Sent { reply_by: due },
        StageName::Waitlisted => Stage::Waitlisted { review_by: due },
        StageName::Returned => {
            Stage::Returned { reason: coded(detail, ReturnReason::from_code)?, answer_by: due }
        }
        StageName::Accepted => Stage::Accepted { worker, contact_by: due },
        StageName::Active => Stage::Active { worker, review_by: due },
        _ => Stage::OnHold(Hold {
            worker,
            from: detail.from.ok_or_else(|| wrong("stage_detail.from"))?,
            reason: coded(detail, HoldReason::from_code)?,
            until: detail.until.unwrap_or(due),
            look_at: detail.until.map(|_| due),
            due_before: detail.due_before.ok_or_else(|| wrong("stage_detail.due_before"))?,
        }),
    })
}

fn end_stage(name: StageName, detail: &StageDetail) -> Result<Stage, StoreError> {
    Ok(match name {
        StageName::Completed => Stage::Completed { outcome: coded(detail, Outcome::from_code)? },
        StageName::Ended => Stage::Ended { reason: coded(detail, EndReason::from_code)? },
        StageName::Declined => Stage::Declined { reason: coded(detail, DeclineReason::from_code)? },
        StageName::Withdrawn => Stage::Withdrawn { by: coded(detail, WithdrawnBy::from_code)? },
        StageName::Cancelled => Stage::Cancelled { reason: coded(detail, CancelReason::from_code)? },
        _ => Stage::Transferred { to: detail.to.ok_or_else(|| wrong("stage_detail.to"))? },
    })
}
