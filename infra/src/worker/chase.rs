//! What is overdue: found across tenants, told one referral a transaction in the tenant of whoever has it. A worker that dies
//! has lost nothing, and another that looks at the same moment finds it told.

use std::sync::Arc;

use trellis_domain::kernel::{OpContext, StoreError};
use trellis_domain::referral::chase::chase;

use super::deliver::{At, Worker};
use crate::pg::platform::OverdueReferral;

const BATCH: i32 = 100;

/// What came of one look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chased {
    pub told: usize,
    /// Somebody acted on it, or told of it, meanwhile.
    pub passed_over: usize,
    pub failed: usize,
}

impl Worker {
    /// Everything that is due.
    pub async fn chase_once(&self) -> Result<Chased, StoreError> {
        self.chase_overdue(&|| false).await
    }

    pub(super) async fn chase_overdue(
        &self,
        stopping: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<Chased, StoreError> {
        let mut all = Chased::default();
        let mut after = None;
        loop {
            let batch = self.parts.platform.overdue_referrals(self.now(), after, BATCH).await?;
            let Some(last) = batch.last().copied() else { break };
            after = Some(last);
            for overdue in batch {
                self.chase_one(overdue, &mut all).await;
                if stopping() {
                    return Ok(all);
                }
            }
        }
        if all != Chased::default() {
            let Chased { told, passed_over, failed } = all;
            tracing::info!(told, passed_over, failed, "what is overdue was looked at");
        }
        Ok(all)
    }

    async fn chase_one(&self, overdue: OverdueReferral, done: &mut Chased) {
        let ids = Arc::clone(&self.parts.ids);
        let op = OpContext::for_job("chase", overdue.network, Some(overdue.owner), &At(self.now()), ids);
        let referral = overdue.referral;
        match self.parts.store.write(&op, move |tx, op| chase(tx, op, referral)).await {
            Ok(Some(_)) => done.told += 1,
            Ok(None) => done.passed_over += 1,
            Err(error) => {
                tracing::warn!(referral.id = %referral, %error, "nobody could be told of an overdue referral");
                done.failed += 1;
            }
        }
    }
}
