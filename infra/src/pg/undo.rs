//! The latest act on a referral that can be undone.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use serde_json::Value;
use trellis_domain::kernel::{ContactId, OrganisationId, ReferralId, StoreError, TypedId, UserId};
use trellis_domain::referral::undo::{Before, Undo, UndoWrites, Undoable};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::referral_undos as u;
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};

#[derive(Queryable, Selectable)]
#[diesel(table_name = u)]
struct Row {
    organisation_id: Uuid,
    what: String,
    contact_id: Option<Uuid>,
    by_user_id: Uuid,
    at: Stored,
    version: i32,
    undone: bool,
    before: Value,
}

fn parts(what: Undoable) -> (&'static str, Option<Uuid>) {
    match what {
        Undoable::Allocation => ("allocation", None),
        Undoable::Contact(contact) => ("contact", Some(contact.uuid())),
    }
}

fn read(referral: ReferralId, row: Row) -> Result<Undo, StoreError> {
    let wrong = |column| inconsistent("referral_undos", column);
    let what = match (row.what.as_str(), row.contact_id) {
        ("allocation", None) => Undoable::Allocation,
        ("contact", Some(contact)) => Undoable::Contact(ContactId::from_uuid(contact)),
        _ => return Err(wrong("what")),
    };
    Ok(Undo {
        referral,
        organisation: OrganisationId::from_uuid(row.organisation_id),
        what,
        by: UserId::from_uuid(row.by_user_id),
        at: instant(row.at),
        version: row.version,
        undone: row.undone,
        before: serde_json::from_value::<Before>(row.before).map_err(|_| wrong("before"))?,
    })
}

impl UndoWrites for PgTx<'_, ReadWrite> {
    fn keep_undo(&mut self, undo: &Undo) -> Result<(), StoreError> {
        let (what, contact) = parts(undo.what);
        let before =
            serde_json::to_value(&undo.before).map_err(|_| inconsistent("referral_undos", "before"))?;
        let latest = (
            u::organisation_id.eq(undo.organisation.uuid()),
            u::what.eq(what),
            u::contact_id.eq(contact),
            u::by_user_id.eq(undo.by.uuid()),
            u::at.eq(stored(undo.at)),
            u::version.eq(undo.version),
            u::undone.eq(undo.undone),
            u::before.eq(before),
        );
        diesel::insert_into(u::table)
            .values((
                u::network_id.eq(self.network_uuid()),
                u::referral_id.eq(undo.referral.uuid()),
                latest.clone(),
            ))
            .on_conflict((u::network_id, u::referral_id))
            .do_update()
            .set(latest)
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn undo(&mut self, referral: ReferralId) -> Result<Option<Undo>, StoreError> {
        let row: Option<Row> = u::table
            .find((self.network_uuid(), referral.uuid()))
            .select(Row::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| read(referral, row)).transpose()
    }
}
