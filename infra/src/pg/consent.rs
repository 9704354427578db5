//! Sharing decisions, and what ends with them.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text, Timestamptz, Uuid as SqlUuid};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::consent::{
    Decision, DecisionLocks, DecisionReads, DecisionWrites, Explained, Held, HowGiven, Purpose, Recipient,
    Scope,
};
use trellis_domain::kernel::{DecisionId, OrganisationId, PersonId, ReferralId, StoreError, TypedId, UserId};
use trellis_domain::person::AccessLevel;
use trellis_domain::referral::{Referral, Stage, WithdrawnBy};
use trellis_domain::tenancy::OrganisationKind;
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::referral_row::ReferralRow;
use super::schema::{decisions, person_access};
use super::time::{instant, instant_option, stored, stored_option};
use super::tx::{PgTx, ReadWrite};

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub(crate) struct DecisionRow {
    decision_id: Uuid,
    person_id: Uuid,
    recipient_organisation_id: Option<Uuid>,
    recipient_kind: Option<String>,
    purpose: String,
    scope: String,
    how_given: String,
    statement: String,
    language: String,
    recorded_by: Option<Uuid>,
    recorded_for: Uuid,
    given_at: Stored,
    ends_at: Option<Stored>,
    withdrawn_at: Option<Stored>,
}

impl TryFrom<DecisionRow> for Decision {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        let wrong = |column| move || inconsistent("decisions", column);
        let recipient = match (row.recipient_organisation_id, row.recipient_kind) {
            (Some(organisation), _) => Recipient::Organisation(OrganisationId::from_uuid(organisation)),
            (None, Some(kind)) => {
                Recipient::Kind(OrganisationKind::from_code(&kind).ok_or_else(wrong("recipient_kind"))?)
            }
            (None, None) => Recipient::Network,
        };
        Ok(Self {
            id: DecisionId::from_uuid(row.decision_id),
            person: PersonId::from_uuid(row.person_id),
            recipient,
            purpose: Purpose::from_code(&row.purpose).ok_or_else(wrong("purpose"))?,
            scope: Scope::from_code(&row.scope).ok_or_else(wrong("scope"))?,
            how_given: HowGiven::from_code(&row.how_given).ok_or_else(wrong("how_given"))?,
            explained: Explained { statement: row.statement, language: row.language },
            recorded_by: row.recorded_by.map(UserId::from_uuid),
            recorded_for: OrganisationId::from_uuid(row.recorded_for),
            given_at: instant(row.given_at),
            ends_at: instant_option(row.ends_at),
            withdrawn_at: instant_option(row.withdrawn_at),
        })
    }
}

impl<M> DecisionReads for PgTx<'_, M> {
    fn decision(&mut self, id: DecisionId) -> Result<Option<Decision>, StoreError> {
        use decisions as d;
        let row: Option<DecisionRow> = d::table
            .filter(d::network_id.eq(self.network_uuid()))
            .filter(d::decision_id.eq(id.uuid()))
            .select(DecisionRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(Decision::try_from).transpose()
    }

    fn decisions(&mut self, person: PersonId, purpose: Purpose) -> Result<Vec<Decision>, StoreError> {
        use decisions as d;
        let rows: Vec<DecisionRow> = d::table
            .filter(d::network_id.eq(self.network_uuid()))
            .filter(d::person_id.eq(person.uuid()))
            .filter(d::purpose.eq(purpose.code()))
            .order((d::given_at.desc(), d::decision_id.desc()))
            .select(DecisionRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Decision::try_from).collect()
    }
}

impl DecisionLocks for PgTx<'_, ReadWrite> {
    fn lock_decisions(&mut self, person: PersonId, purpose: Purpose) -> Result<Vec<Decision>, StoreError> {
        use decisions as d;
        let rows: Vec<DecisionRow> = d::table
            .filter(d::network_id.eq(self.network_uuid()))
            .filter(d::person_id.eq(person.uuid()))
            .filter(d::purpose.eq(purpose.code()))
            .order((d::given_at.desc(), d::decision_id.desc()))
            .select(DecisionRow::as_select())
            .for_share()
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Decision::try_from).collect()
    }
}

impl DecisionWrites for PgTx<'_, ReadWrite> {
    fn insert_decision(&mut self, decision: &Decision) -> Result<(), StoreError> {
        use decisions as d;
        let (organisation, kind) = match decision.recipient {
            Recipient::Organisation(organisation) => (Some(organisation.uuid()), None),
            Recipient::Kind(kind) => (None, Some(kind.code())),
            Recipient::Network => (None, None),
        };
        diesel::insert_into(d::table)
            .values((
                d::network_id.eq(self.network_uuid()),
                d::decision_id.eq(decision.id.uuid()),
                d::person_id.eq(decision.person.uuid()),
                d::recipient_organisation_id.eq(organisation),
                d::recipient_kind.eq(kind),
                d::purpose.eq(decision.purpose.code()),
                d::scope.eq(decision.scope.code()),
                d::how_given.eq(decision.how_given.code()),
                d::statement.eq(&decision.explained.statement),
                d::language.eq(&decision.explained.language),
                d::recorded_by.eq(decision.recorded_by.map(TypedId::uuid)),
                d::recorded_for.eq(decision.recorded_for.uuid()),
                d::given_at.eq(stored(decision.given_at)),
                d::ends_at.eq(stored_option(decision.ends_at)),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn save_decision(&mut self, decision: &Decision) -> Result<(), StoreError> {
        use decisions as d;
        let rows = diesel::update(d::table)
            .filter(d::network_id.eq(self.network_uuid()))
            .filter(d::decision_id.eq(decision.id.uuid()))
            .filter(d::withdrawn_at.is_null())
            .set(d::withdrawn_at.eq(stored_option(decision.withdrawn_at)))
            .execute(self.conn)
            .map_err(store_error)?;
        if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn lock_referrals_under(&mut self, decision: DecisionId) -> Result<Vec<Referral>, StoreError> {
        let rows: Vec<ReferralRow> = diesel::sql_query("SELECT * FROM lock_referrals_under($1)")
            .bind::<SqlUuid, _>(decision.uuid())
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Referral::try_from).collect()
    }

    fn save_taken_back(&mut self, referral: &Referral) -> Result<(), StoreError> {
        let (Some(decision), Stage::Withdrawn { by: WithdrawnBy::Decision }) =
            (referral.decision, &referral.stage)
        else {
            return Err(inconsistent("referrals", "stage"));
        };
        let saved: bool = diesel::select(take_back_referral(
            decision.uuid(),
            referral.id.uuid(),
            referral.version,
            stored(referral.stage_since),
            referral.shows_news_to_sender(),
        ))
        .get_result(self.conn)
        .map_err(store_error)?;
        if saved { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn stop_messages_under(&mut self, decision: DecisionId) -> Result<(), StoreError> {
        let now = stored(self.op().now());
        diesel::select(stop_messages_under(decision.uuid(), now))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn end_access_under(
        &mut self,
        decision: DecisionId,
        reason: &'static str,
    ) -> Result<Vec<Held>, StoreError> {
        let now = stored(self.op().now());
        let rows: Vec<EndedRow> = diesel::sql_query("SELECT * FROM end_access_under($1, $2, $3)")
            .bind::<SqlUuid, _>(decision.uuid())
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(reason)
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Held::try_from).collect()
    }
}

diesel::define_sql_function! {
    /// See the migration `withdrawal`.
    fn take_back_referral(decision: SqlUuid, referral: SqlUuid, version: Integer, at: Timestamptz, is_news: Bool) -> Bool;
}

diesel::define_sql_function! {
    /// See the migration `withdrawal`.
    fn stop_messages_under(decision: SqlUuid, at: Timestamptz) -> Integer;
}

/// An access that has just ended.
#[derive(QueryableByName)]
#[diesel(table_name = person_access)]
struct EndedRow {
    organisation_id: Uuid,
    referral_id: Option<Uuid>,
    level: String,
    began_at: Stored,
}

impl TryFrom<EndedRow> for Held {
    type Error = StoreError;

    fn try_from(row: EndedRow) -> Result<Self, StoreError> {
        let wrong = |column| move || inconsistent("person_access", column);
        Ok(Self {
            organisation: OrganisationId::from_uuid(row.organisation_id),
            referral: ReferralId::from_uuid(row.referral_id.ok_or_else(wrong("referral_id"))?),
            level: Some(AccessLevel::from_code(&row.level).ok_or_else(wrong("level"))?),
            since: instant(row.began_at),
        })
    }
}
