//! How far a referral was chased.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{ReferralId, StoreError, TypedId};
use trellis_domain::referral::chase::{Chase, ChaseStep, ChaseWrites};

use super::error::{inconsistent, store_error};
use super::schema::referral_chases as c;
use super::time::{instant, instant_option, stored, stored_option};
use super::tx::{PgTx, ReadWrite};

impl ChaseWrites for PgTx<'_, ReadWrite> {
    fn chase(&mut self, referral: ReferralId) -> Result<Option<Chase>, StoreError> {
        let row: Option<(Stored, String, Option<Stored>)> = c::table
            .find((self.network_uuid(), referral.uuid()))
            .select((c::due_at, c::step, c::next_at))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((due, step, next)) = row else { return Ok(None) };
        let step = ChaseStep::from_code(&step).ok_or_else(|| inconsistent("referral_chases", "step"))?;
        Ok(Some(Chase { due: instant(due), step, next_at: instant_option(next) }))
    }

    fn save_chase(&mut self, referral: ReferralId, chase: &Chase) -> Result<(), StoreError> {
        let so_far = (
            c::due_at.eq(stored(chase.due)),
            c::step.eq(chase.step.code()),
            c::next_at.eq(stored_option(chase.next_at)),
        );
        diesel::insert_into(c::table)
            .values((c::network_id.eq(self.network_uuid()), c::referral_id.eq(referral.uuid()), so_far))
            .on_conflict((c::network_id, c::referral_id))
            .do_update()
            .set(so_far)
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
