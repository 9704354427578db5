//! Requests for access: the row, with the words of whoever asks sealed for them.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::access_request::{AccessAnswer, AccessRequest, AccessRequestWrites, Wanted};
use trellis_domain::kernel::{
    AccessRequestId, MembershipId, OrganisationId, Prose, Redacted, StoreError, TypedId, UserId,
};
use trellis_domain::policy::Role;
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::person::sealed;
use super::schema::{access_requests as a, memberships};
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};

pub(crate) const WHY: &str = "access_requests.sealed_why";

#[derive(Queryable, Selectable)]
#[diesel(table_name = a)]
pub(crate) struct RequestRow {
    request_id: Uuid,
    organisation_id: Option<Uuid>,
    membership_id: Uuid,
    pub(crate) user_id: Uuid,
    wanted: String,
    asked_at: Stored,
    answer: Option<String>,
}

impl TryFrom<RequestRow> for AccessRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        let wrong = |column| move || inconsistent("access_requests", column);
        let answer = row.answer.map(|code| AccessAnswer::from_code(&code).ok_or_else(wrong("answer")));
        Ok(Self {
            id: AccessRequestId::from_uuid(row.request_id),
            organisation: row.organisation_id.map(OrganisationId::from_uuid),
            membership: MembershipId::from_uuid(row.membership_id),
            user: UserId::from_uuid(row.user_id),
            wanted: Wanted::parse(&row.wanted).map_err(|_| inconsistent("access_requests", "wanted"))?,
            asked_at: instant(row.asked_at),
            answer: answer.transpose()?,
        })
    }
}

impl<M> PgTx<'_, M> {
    /// One of those of what is acted for.
    pub fn access_request(&mut self, id: AccessRequestId) -> Result<Option<AccessRequest>, StoreError> {
        let row: Option<RequestRow> = a::table
            .find((self.network_uuid(), id.uuid()))
            .select(RequestRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(AccessRequest::try_from).transpose()
    }
}

impl AccessRequestWrites for PgTx<'_, ReadWrite> {
    fn lock_access_request(&mut self, id: AccessRequestId) -> Result<Option<AccessRequest>, StoreError> {
        let row: Option<RequestRow> = a::table
            .find((self.network_uuid(), id.uuid()))
            .select(RequestRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(AccessRequest::try_from).transpose()
    }

    fn waiting_request(
        &mut self,
        membership: MembershipId,
        wanted: &Wanted,
    ) -> Result<Option<AccessRequest>, StoreError> {
        let row: Option<RequestRow> = a::table
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::membership_id.eq(membership.uuid()))
            .filter(a::wanted.eq(wanted.as_str()))
            .filter(a::answer.is_null())
            .select(RequestRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(AccessRequest::try_from).transpose()
    }

    fn insert_access_request(
        &mut self,
        request: &AccessRequest,
        why: &Redacted<Prose>,
    ) -> Result<(), StoreError> {
        let words = why.reveal().as_str().as_bytes();
        let why = self.keyring().seal_for_user(request.user.uuid(), WHY, words).map_err(sealed)?;
        diesel::insert_into(a::table)
            .values((
                a::network_id.eq(self.network_uuid()),
                a::request_id.eq(request.id.uuid()),
                a::organisation_id.eq(request.organisation.map(TypedId::uuid)),
                a::membership_id.eq(request.membership.uuid()),
                a::user_id.eq(request.user.uuid()),
                a::wanted.eq(request.wanted.as_str()),
                a::sealed_why.eq(why.bytes),
                a::why_key_id.eq(why.key_id),
                a::asked_at.eq(stored(request.asked_at)),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn save_answer(&mut self, request: &AccessRequest) -> Result<(), StoreError> {
        let (now, user) = (stored(self.op().now()), self.op().user().map(TypedId::uuid));
        diesel::update(a::table.find((self.network_uuid(), request.id.uuid())))
            .set((
                a::answer.eq(request.answer.map(AccessAnswer::code)),
                a::answered_at.eq(now),
                a::answered_by.eq(user),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn administrators(&mut self) -> Result<Vec<UserId>, StoreError> {
        use memberships as m;
        let organisation = self.op().organisation().map(TypedId::uuid);
        let role = if organisation.is_some() { Role::OrganisationAdmin } else { Role::NetworkCoordinator };
        let users: Vec<Uuid> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.is_not_distinct_from(organisation))
            .filter(m::ended_at.is_null())
            .filter(m::roles.contains(vec![role.code()]))
            .order(m::user_id)
            .select(m::user_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(users.into_iter().map(UserId::from_uuid).collect())
    }
}
