//! One referral with all that stands around it, in one statement. What the person keeps from whoever asked is left
//! out here, whatever the row says.

use diesel::pg::Pg;
use diesel::prelude::*;
use trellis_domain::kernel::{MembershipId, PersonId, Prose, ReferralId, StoreError, TypedId, UserId};
use trellis_domain::person::AccessLevel;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::{FeedbackChoice, Referral};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::person::sealed;
use super::super::referral::{close_out_field, note_field};
use super::super::referral_row::ReferralRow;
use super::super::schema::referrals as r;
use super::super::tx::PgTx;
use super::organisations::{MemberCard, OrganisationCard, roles_from};
use super::person_view::{PersonRow, PersonView};
use super::services::{ENTRY, EntryRow, ServiceEntry, entry_from};
use super::views::{referral_surroundings as a, service_entries as e, visible_persons as v};

/// A referral's page, as far as the acting organisation may know it.
#[derive(Debug, Clone)]
pub struct ReferralView {
    pub referral: Referral,
    pub from: OrganisationCard,
    pub from_name: Option<String>,
    pub to: OrganisationCard,
    pub service: ServiceEntry,
    pub worker: Option<MemberCard>,
    pub unread: i32,
    /// Only with unended access.
    pub person: Option<PersonView>,
    pub what_matters: Option<Prose>,
    pub close_out: Option<CloseOut>,
}

/// Which referrals to show in full.
#[derive(Debug, Clone, Copy)]
enum Which {
    One(ReferralId),
    About(PersonId),
    From(ReferralId),
}

/// More than anybody has; a bound all the same.
const MOST: i64 = 200;

#[derive(Queryable, Selectable)]
#[diesel(table_name = a)]
struct Around {
    from_name: String,
    from_kind: String,
    from_help_phone: String,
    from_user_name: Option<String>,
    to_name: String,
    to_kind: String,
    to_help_phone: String,
    worker_membership_id: Option<Uuid>,
    worker_name: Option<String>,
    worker_roles: Option<Vec<String>>,
    unread: i32,
    sealed_note: Option<Vec<u8>>,
    sealed_close_out: Option<Vec<u8>>,
}

type Row = (ReferralRow, Around, EntryRow, Option<PersonRow>);

impl<M> PgTx<'_, M> {
    pub fn referral_view(&mut self, id: ReferralId) -> Result<Option<ReferralView>, StoreError> {
        Ok(self.referral_views(Which::One(id))?.pop())
    }

    /// Those that the acting organisation is party to and knows of, newest first.
    pub fn referrals_about(&mut self, person: PersonId) -> Result<Vec<ReferralView>, StoreError> {
        let acting = self.op().organisation();
        let mut views = self.referral_views(Which::About(person))?;
        views.retain(|view| view.referral.is_listed_for(acting));
        Ok(views)
    }

    /// Those that came from this one, newest first.
    pub fn referrals_from(&mut self, parent: ReferralId) -> Result<Vec<ReferralView>, StoreError> {
        self.referral_views(Which::From(parent))
    }

    fn referral_views(&mut self, which: Which) -> Result<Vec<ReferralView>, StoreError> {
        let query = r::table
            .inner_join(a::table.on(a::network_id.eq(r::network_id).and(a::referral_id.eq(r::referral_id))))
            .inner_join(e::table.on(e::network_id.eq(r::network_id).and(e::service_id.eq(r::service_id))))
            .left_join(v::table.on(v::network_id.eq(r::network_id).and(v::person_id.eq(r::person_id))))
            .filter(r::network_id.eq(self.network_uuid()))
            .order((r::drafted_at.desc(), r::referral_id.desc()))
            .limit(MOST)
            .select((ReferralRow::as_select(), Around::as_select(), ENTRY, Option::<PersonRow>::as_select()))
            .into_boxed::<Pg>();
        let query = match which {
            Which::One(id) => query.filter(r::referral_id.eq(id.uuid())),
            Which::About(person) => query.filter(r::person_id.eq(person.uuid())),
            Which::From(parent) => query.filter(r::parent_id.eq(parent.uuid())),
        };
        let rows: Vec<Row> = query.load(self.conn).map_err(store_error)?;
        rows.into_iter().map(|row| self.shown(row)).collect()
    }

    fn shown(&mut self, (row, around, service, person): Row) -> Result<ReferralView, StoreError> {
        let referral = Referral::try_from(row)?;
        let hears_all = referral.hears(self.op().organisation()) == FeedbackChoice::All;
        let person = person.map(|person| self.opened_person(person)).transpose()?;
        let asked = self.op().organisation() == Some(referral.from.organisation);
        let reads_note =
            asked || person.as_ref().is_some_and(|view| view.person.level >= AccessLevel::Limited);
        let note = around.sealed_note.as_deref().filter(|_| reads_note && person.is_some());
        let close_out = around.sealed_close_out.as_deref().filter(|_| hears_all && person.is_some());
        let (from_id, to_id) = (referral.from.organisation.uuid(), referral.to.organisation.uuid());
        let to =
            OrganisationCard::from_columns(to_id, (around.to_name, around.to_kind, around.to_help_phone))?;
        let worker = (around.worker_membership_id, around.worker_name, around.worker_roles);
        Ok(ReferralView {
            what_matters: note.map(|bytes| self.opened_note(&referral, bytes)).transpose()?,
            close_out: close_out.map(|bytes| self.opened_close_out(&referral, bytes)).transpose()?,
            worker: if hears_all { worker_card(&referral, worker, &to)? } else { None },
            from: OrganisationCard::from_columns(
                from_id,
                (around.from_name, around.from_kind, around.from_help_phone),
            )?,
            from_name: around.from_user_name,
            to,
            service: entry_from(service, None)?,
            unread: around.unread,
            person,
            referral,
        })
    }

    pub(crate) fn opened_note(&self, referral: &Referral, bytes: &[u8]) -> Result<Prose, StoreError> {
        let key = self.known_key(referral.person).ok_or(StoreError::Sealed)?;
        let text = key.open_text(note_field(referral.id.uuid()), bytes).map_err(sealed)?;
        Prose::parse(&text).map_err(|_| inconsistent("referrals", "sealed_note"))
    }

    fn opened_close_out(&self, referral: &Referral, bytes: &[u8]) -> Result<CloseOut, StoreError> {
        let key = self.known_key(referral.person).ok_or(StoreError::Sealed)?;
        key.open_json(close_out_field(referral.id.uuid()), bytes).map_err(sealed)
    }
}

type WorkerColumns = (Option<Uuid>, Option<String>, Option<Vec<String>>);

fn worker_card(
    referral: &Referral,
    (membership, name, roles): WorkerColumns,
    organisation: &OrganisationCard,
) -> Result<Option<MemberCard>, StoreError> {
    let user: Option<UserId> = referral.stage.worker();
    let (Some(membership), Some(name), Some(roles), Some(user)) = (membership, name, roles, user) else {
        return Ok(None);
    };
    Ok(Some(MemberCard {
        id: MembershipId::from_uuid(membership),
        user,
        name,
        roles: roles_from(&roles)?,
        organisation: Some(organisation.clone()),
    }))
}
