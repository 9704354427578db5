//! Which tasks of the acting organisation about a referral nobody has looked at yet.

use diesel::prelude::*;
use trellis_domain::kernel::{ReferralId, StoreError, TaskId, TypedId};
use uuid::Uuid;

use super::error::store_error;
use super::schema::tasks;
use super::tx::PgTx;

impl<M> PgTx<'_, M> {
    pub fn open_tasks_about(&mut self, referral: ReferralId) -> Result<Vec<TaskId>, StoreError> {
        use tasks as t;
        let ids: Vec<Uuid> = t::table
            .filter(t::network_id.eq(self.network_uuid()))
            .filter(t::organisation_id.eq(self.organisation_uuid()))
            .filter(t::referral_id.eq(referral.uuid()))
            .filter(t::done_at.is_null())
            .order(t::task_id)
            .select(t::task_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(ids.into_iter().map(TaskId::from_uuid).collect())
    }
}
