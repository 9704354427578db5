//! What goes along when somebody else goes on with a referral: its open tasks, and what was asked of others as part of it.

use diesel::prelude::*;
use trellis_domain::kernel::{ReassignmentId, ReferralId, StoreError, TaskId, TypedId, UserId};
use trellis_domain::referral::reassign::{HandOvers, InHand};
use uuid::Uuid;

use super::error::store_error;
use super::schema::{outbox, referrals, tasks};
use super::tx::{PgTx, ReadWrite};

impl HandOvers for PgTx<'_, ReadWrite> {
    fn told_together(&mut self, id: ReassignmentId) -> Result<Vec<UserId>, StoreError> {
        use outbox as o;
        let told: Vec<Option<Uuid>> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::subject_id.eq(id.uuid()))
            .select(o::user_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(told.into_iter().flatten().map(UserId::from_uuid).collect())
    }

    fn hand_over(&mut self, id: ReferralId, from: UserId, to: UserId) -> Result<InHand, StoreError> {
        use {referrals as r, tasks as t};
        let (network, ours) = (self.network_uuid(), self.organisation_uuid());
        let as_part_of_it = r::table
            .filter(r::network_id.eq(network))
            .filter(r::parent_id.eq(id.uuid()))
            .filter(r::from_organisation_id.eq(ours))
            .filter(r::from_user_id.eq(from.uuid()));
        let asked: Vec<Uuid> = diesel::update(as_part_of_it)
            .set(r::from_user_id.eq(to.uuid()))
            .returning(r::referral_id)
            .get_results(self.conn)
            .map_err(store_error)?;
        let about: Vec<Uuid> = asked.iter().copied().chain([id.uuid()]).collect();
        let theirs = t::table
            .filter(t::network_id.eq(network))
            .filter(t::organisation_id.eq(ours))
            .filter(t::referral_id.eq_any(about))
            .filter(t::user_id.eq(from.uuid()))
            .filter(t::done_at.is_null());
        let handed: Vec<Uuid> = diesel::update(theirs)
            .set(t::user_id.eq(to.uuid()))
            .returning(t::task_id)
            .get_results(self.conn)
            .map_err(store_error)?;
        Ok(InHand {
            tasks: handed.into_iter().map(TaskId::from_uuid).collect(),
            asked: asked.into_iter().map(ReferralId::from_uuid).collect(),
        })
    }

    fn hand_back(&mut self, in_hand: &InHand, from: UserId, to: UserId) -> Result<(), StoreError> {
        use {referrals as r, tasks as t};
        let network = self.network_uuid();
        let asked: Vec<Uuid> = in_hand.asked.iter().map(|id| id.uuid()).collect();
        let handed: Vec<Uuid> = in_hand.tasks.iter().map(|id| id.uuid()).collect();
        diesel::update(r::table)
            .filter(r::network_id.eq(network))
            .filter(r::referral_id.eq_any(asked))
            .filter(r::from_user_id.eq(from.uuid()))
            .set(r::from_user_id.eq(to.uuid()))
            .execute(self.conn)
            .map_err(store_error)?;
        diesel::update(t::table)
            .filter(t::network_id.eq(network))
            .filter(t::task_id.eq_any(handed))
            .filter(t::user_id.eq(from.uuid()))
            .filter(t::done_at.is_null())
            .set(t::user_id.eq(to.uuid()))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
