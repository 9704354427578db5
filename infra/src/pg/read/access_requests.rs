//! Requests for access to answer, with why and by whom.

use diesel::prelude::*;
use trellis_domain::access_request::AccessRequest;
use trellis_domain::kernel::{Page, PageRequest, StoreError, TypedId};
use trellis_domain::policy::Visibility;
use uuid::Uuid;

use super::super::access_request::{RequestRow, WHY};
use super::super::error::store_error;
use super::super::person::sealed;
use super::super::schema::{access_requests as a, memberships as m};
use super::super::time::stored;
use super::super::tx::PgTx;
use super::listed::TimeKey;
use crate::seal::WrappedKey;

/// One line of the list.
#[derive(Debug, Clone)]
pub struct AccessRequestEntry {
    pub request: AccessRequest,
    pub why: String,
    pub asked_by: String,
}

impl AccessRequestEntry {
    pub fn key(&self) -> TimeKey {
        TimeKey { at: self.request.asked_at, id: self.request.id.uuid() }
    }
}

type Row = (RequestRow, Vec<u8>, String, String);

impl<M> PgTx<'_, M> {
    /// Newest first. `waiting`: only those without an answer.
    pub fn access_requests(
        &mut self,
        _seen: Visibility,
        waiting: bool,
        page: &PageRequest<TimeKey>,
    ) -> Result<Page<AccessRequestEntry>, StoreError> {
        let organisation = self.op().organisation().map(TypedId::uuid);
        let member = m::network_id.eq(a::network_id).and(m::membership_id.eq(a::membership_id));
        let mut query = a::table
            .inner_join(m::table.on(member))
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::organisation_id.is_not_distinct_from(organisation))
            .into_boxed();
        if waiting {
            query = query.filter(a::answer.is_null());
        }
        if let Some(after) = page.after() {
            let at = stored(after.at);
            query = query.filter(a::asked_at.lt(at).or(a::asked_at.eq(at).and(a::request_id.lt(after.id))));
        }
        let rows: Vec<Row> = query
            .order((a::asked_at.desc(), a::request_id.desc()))
            .limit(i64::from(page.first()) + 1)
            .select((RequestRow::as_select(), a::sealed_why, a::why_key_id, m::name))
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let entries = fetched.rows.into_iter().map(|row| self.opened_request(row));
        Ok(Page { rows: entries.collect::<Result<_, _>>()?, has_more: fetched.has_more, total: None })
    }

    fn opened_request(&self, (row, why, key_id, asked_by): Row) -> Result<AccessRequestEntry, StoreError> {
        let user: Uuid = row.user_id;
        let words = self.keyring().open_for_user(user, WHY, &WrappedKey { key_id, bytes: why });
        let why = String::from_utf8_lossy(&words.map_err(sealed)?).into_owned();
        Ok(AccessRequestEntry { request: AccessRequest::try_from(row)?, why, asked_by })
    }
}
