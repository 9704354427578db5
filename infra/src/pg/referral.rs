//! Referrals: loaded, locked, saved over the version that was read.

use diesel::prelude::*;
use jiff::Timestamp;
use serde_json::Value;
use trellis_domain::contact::{ContactResult, NextStep};
use trellis_domain::directory::SentLately;
use trellis_domain::kernel::{PersonId, Prose, ReferralId, ServiceId, StoreError, TypedId};
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::{Reference, Referral, ReferralReads, ReferralWrites, Stage};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::person::sealed;
use super::referral_row::{ReferralRow, StageDetail};
use super::schema::{contacts, referral_marks, referrals};
use super::time::{stored, stored_option};
use super::tx::{PgTx, ReadWrite};
use crate::seal::Field;

pub(crate) fn note_field(referral: Uuid) -> Field {
    Field::of_row("referrals.note", referral)
}

pub(crate) fn close_out_field(referral: Uuid) -> Field {
    Field::of_row("referrals.close_out", referral)
}

impl<M> ReferralReads for PgTx<'_, M> {
    fn referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError> {
        use referrals as r;
        let row: Option<ReferralRow> = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::referral_id.eq(id.uuid()))
            .select(ReferralRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(Referral::try_from).transpose()
    }

    fn asked_for(&mut self, person: PersonId, service: ServiceId) -> Result<Vec<Referral>, StoreError> {
        use referrals as r;
        let rows: Vec<ReferralRow> = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::person_id.eq(person.uuid()))
            .filter(r::service_id.eq(service.uuid()))
            .filter(r::from_organisation_id.eq(self.organisation_uuid()))
            .order(r::referral_id.desc())
            .select(ReferralRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Referral::try_from).collect()
    }

    fn first_waiting(&mut self, service: ServiceId) -> Result<Option<ReferralId>, StoreError> {
        use referrals as r;
        let id: Option<Uuid> = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::service_id.eq(service.uuid()))
            .filter(r::stage.eq("waitlisted"))
            .order((r::stage_since, r::referral_id))
            .select(r::referral_id)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(id.map(ReferralId::from_uuid))
    }

    fn sent_since(&mut self, referral: &Referral, since: Timestamp) -> Result<SentLately, StoreError> {
        let (service, id) = (referral.to.service.uuid(), referral.id.uuid());
        let counted: Vec<i64> = diesel::select(sent_since(service, id, stored(since)))
            .get_result(self.conn)
            .map_err(store_error)?;
        let number = |at: usize| counted.get(at).and_then(|count| u32::try_from(*count).ok());
        let lately = number(0).zip(number(1)).map(|(by_everybody, by_us)| SentLately { by_everybody, by_us });
        lately.ok_or_else(|| inconsistent("referrals", "sent_at"))
    }

    fn contacts_with(&mut self, id: ReferralId, results: &[ContactResult]) -> Result<u32, StoreError> {
        use contacts as c;
        let codes: Vec<&str> = results.iter().map(|result| result.code()).collect();
        let count: i64 = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::referral_id.eq(id.uuid()))
            .filter(c::result.eq_any(codes))
            .filter(c::taken_back_at.is_null())
            .count()
            .get_result(self.conn)
            .map_err(store_error)?;
        u32::try_from(count).map_err(|_| inconsistent("contacts", "count"))
    }
}

diesel::define_sql_function! {
    /// See the migration `intake_limits`.
    fn sent_since(
        service: diesel::sql_types::Uuid, referral: diesel::sql_types::Uuid, since: diesel::sql_types::Timestamptz
    ) -> diesel::sql_types::Array<diesel::sql_types::BigInt>;
}

fn json(value: &impl serde::Serialize, column: &'static str) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|_| inconsistent("referrals", column))
}

/// Exactly the version that was read, or somebody else was first.
fn saved_over(rows: usize, referral: &Referral) -> Result<Referral, StoreError> {
    match rows {
        1 => Ok(Referral { version: referral.version + 1, ..referral.clone() }),
        _ => Err(StoreError::Conflict),
    }
}

impl ReferralWrites for PgTx<'_, ReadWrite> {
    fn lock_referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError> {
        use referrals as r;
        let row: Option<ReferralRow> = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::referral_id.eq(id.uuid()))
            .select(ReferralRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(Referral::try_from).transpose()
    }

    fn insert_referral(&mut self, referral: &Referral, note: Option<&Prose>) -> Result<(), StoreError> {
        use referrals as r;
        let note = note
            .map(|note| self.seal_text(referral.person, note_field(referral.id.uuid()), note))
            .transpose()?;
        let owner = referral.owner();
        diesel::insert_into(r::table)
            .values((
                (
                    r::network_id.eq(self.network_uuid()),
                    r::referral_id.eq(referral.id.uuid()),
                    r::version.eq(referral.version),
                    r::reference.eq(referral.reference.as_str()),
                    r::person_id.eq(referral.person.uuid()),
                    r::from_organisation_id.eq(referral.from.organisation.uuid()),
                    r::from_user_id.eq(referral.from.user.map(TypedId::uuid)),
                    r::to_organisation_id.eq(referral.to.organisation.uuid()),
                    r::service_id.eq(referral.to.service.uuid()),
                    r::parent_id.eq(referral.parent.map(|parent| parent.referral.uuid())),
                    r::parent_organisation_id.eq(referral.parent.map(|parent| parent.organisation.uuid())),
                    r::origin_id.eq(referral.origin.map(TypedId::uuid)),
                    r::decision_id.eq(referral.decision.map(TypedId::uuid)),
                ),
                (
                    r::route.eq(referral.route.code()),
                    r::brief.eq(json(&referral.brief, "brief")?),
                    r::feedback.eq(referral.feedback.code()),
                    r::risk.eq(referral.risk.code()),
                    r::drafted_at.eq(stored(referral.drafted_at)),
                    r::sent_at.eq(stored_option(referral.sent_at)),
                    r::stage.eq(referral.stage.name().code()),
                    r::stage_since.eq(stored(referral.stage_since)),
                    r::stage_detail.eq(json(&StageDetail::from(&referral.stage), "stage_detail")?),
                    r::due_at.eq(stored_option(referral.stage.due())),
                    r::owner_organisation_id.eq(owner.map(|(organisation, _)| organisation.uuid())),
                    r::worker_id.eq(referral.stage.worker().map(TypedId::uuid)),
                    r::sealed_note.eq(note),
                    r::asker_organisation_id.eq(referral.asker.map(|asker| asker.organisation.uuid())),
                    r::asker_user_id.eq(referral.asker.and_then(|asker| asker.user).map(TypedId::uuid)),
                ),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn save_referral(&mut self, referral: &Referral) -> Result<Referral, StoreError> {
        use referrals as r;
        let owner = referral.owner();
        let acting = self.op().organisation();
        let news_for = |side| i32::from(acting != Some(side));
        let for_sender =
            if referral.shows_news_to_sender() { news_for(referral.from.organisation) } else { 0 };
        let rows = diesel::update(r::table)
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::referral_id.eq(referral.id.uuid()))
            .filter(r::version.eq(referral.version))
            .set((
                r::version.eq(referral.version + 1),
                r::decision_id.eq(referral.decision.map(TypedId::uuid)),
                r::sent_at.eq(stored_option(referral.sent_at)),
                r::stage.eq(referral.stage.name().code()),
                r::stage_since.eq(stored(referral.stage_since)),
                r::stage_detail.eq(json(&StageDetail::from(&referral.stage), "stage_detail")?),
                r::due_at.eq(stored_option(referral.stage.due())),
                r::owner_organisation_id.eq(owner.map(|(organisation, _)| organisation.uuid())),
                r::worker_id.eq(referral.stage.worker().map(TypedId::uuid)),
                r::next_step.eq(referral.next_step.map(NextStep::code)),
                r::risk_acknowledged_by.eq(referral.risk_acknowledged.map(TypedId::uuid)),
                r::unread_sender.eq(r::unread_sender + for_sender),
                r::unread_receiver.eq(r::unread_receiver + news_for(referral.to.organisation)),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        // Only sending leads into this stage. The weekly limits of a service count the latest time.
        if matches!(referral.stage, Stage::Sent { .. }) {
            self.keep_last_sent(referral)?;
        }
        saved_over(rows, referral)
    }

    fn save_next_step(&mut self, referral: &Referral) -> Result<Referral, StoreError> {
        use referrals as r;
        let rows = diesel::update(r::table)
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::referral_id.eq(referral.id.uuid()))
            .filter(r::version.eq(referral.version))
            .set((
                r::version.eq(referral.version + 1),
                r::stage_detail.eq(json(&StageDetail::from(&referral.stage), "stage_detail")?),
                r::due_at.eq(stored_option(referral.stage.due())),
                r::next_step.eq(referral.next_step.map(NextStep::code)),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        saved_over(rows, referral)
    }

    fn save_close_out(&mut self, id: ReferralId, close_out: &CloseOut) -> Result<(), StoreError> {
        use {referral_marks as m, referrals as r};
        let person: Uuid = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::referral_id.eq(id.uuid()))
            .select(r::person_id)
            .first(self.conn)
            .map_err(store_error)?;
        let person = PersonId::from_uuid(person);
        if !self.hold_key(person)? {
            return Err(StoreError::Sealed);
        }
        let key = self.known_key(person).ok_or(StoreError::Sealed)?;
        let bytes = key.seal_json(close_out_field(id.uuid()), close_out).map_err(sealed)?;
        diesel::update(m::table)
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::referral_id.eq(id.uuid()))
            .set(m::sealed_close_out.eq(bytes))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn mark_referral_read(&mut self, id: ReferralId) -> Result<(), StoreError> {
        use referrals as r;
        let (network, acting) = (self.network_uuid(), self.organisation_uuid());
        let this = || r::table.filter(r::network_id.eq(network)).filter(r::referral_id.eq(id.uuid()));
        diesel::update(this().filter(r::from_organisation_id.eq(acting)))
            .set(r::unread_sender.eq(0))
            .execute(self.conn)
            .map_err(store_error)?;
        diesel::update(this().filter(r::to_organisation_id.eq(acting)))
            .set(r::unread_receiver.eq(0))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn referral_note(&mut self, referral: &Referral) -> Result<Option<Prose>, StoreError> {
        use referrals as r;
        let note: Option<Vec<u8>> = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::referral_id.eq(referral.id.uuid()))
            .select(r::sealed_note)
            .first(self.conn)
            .map_err(store_error)?;
        match note {
            Some(bytes) if self.hold_key(referral.person)? => self.opened_note(referral, &bytes).map(Some),
            _ => Ok(None),
        }
    }

    fn ask_in_turn(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.in_turn("ask", person.uuid())
    }

    fn reference_is_free(&mut self, reference: &Reference) -> Result<bool, StoreError> {
        use referrals as r;
        let taken = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::reference.eq(reference.as_str()));
        let taken: bool =
            diesel::select(diesel::dsl::exists(taken)).get_result(self.conn).map_err(store_error)?;
        Ok(!taken)
    }
}

impl PgTx<'_, ReadWrite> {
    fn keep_last_sent(&mut self, referral: &Referral) -> Result<(), StoreError> {
        use referral_marks as m;
        diesel::update(m::table)
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::referral_id.eq(referral.id.uuid()))
            .set(m::last_sent_at.eq(stored(referral.stage_since)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    /// Seals what was typed about a person with that person's key.
    pub(crate) fn seal_text(
        &mut self,
        person: PersonId,
        field: Field,
        text: &Prose,
    ) -> Result<Vec<u8>, StoreError> {
        if !self.hold_key(person)? {
            return Err(StoreError::Sealed);
        }
        let key = self.known_key(person).ok_or(StoreError::Sealed)?;
        key.seal_text(field, text.as_str()).map_err(sealed)
    }
}
