//! What an organisation that has closed leaves: one referral after another, each a transaction of its own in its tenant, so
//! that a worker that dies has lost nothing and another goes on where it was. What cannot be settled is looked at again later.

use std::sync::Arc;

use jiff::SignedDuration;
use trellis_domain::kernel::{OpContext, ReferralId, StoreError};
use trellis_domain::referral::wind_up::{WindUp, wind_up};
use trellis_domain::tenancy::close::finish_closing;

use super::deliver::{At, Worker};
use crate::pg::platform::ClosingToSettle;

const BATCH: i64 = 100;
/// What had begun before the organisation was shut is over by then, or was rolled back: nothing reaches it any more.
const STILL_COMING: SignedDuration = SignedDuration::from_mins(2);
/// Somebody changed it at the same moment.
const SOON: SignedDuration = SignedDuration::from_secs(30);
/// Only a person's decision, or another successor, would help.
const LATER: SignedDuration = SignedDuration::from_hours(1);

/// What came of one look at an organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    pub settled: usize,
    /// Nobody else may know of these.
    pub stay: usize,
    pub failed: usize,
}

impl Worker {
    /// Everything that is due.
    pub async fn settle_closings_once(&self) -> Result<Settled, StoreError> {
        self.settle_closings(&|| false).await
    }

    pub(super) async fn settle_closings(
        &self,
        stopping: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<Settled, StoreError> {
        let mut all = Settled::default();
        while !stopping() {
            let Some(closing) = self.parts.platform.claim_closing(self.now()).await? else { break };
            let one = self.settle_one(closing, stopping).await?;
            all = Settled {
                settled: all.settled + one.settled,
                stay: all.stay + one.stay,
                failed: all.failed + one.failed,
            };
        }
        Ok(all)
    }

    async fn settle_one(
        &self,
        closing: ClosingToSettle,
        stopping: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<Settled, StoreError> {
        let mut done = Settled::default();
        let mut after = None;
        loop {
            // Afresh for each batch: what is long keeps its lease, and says when it was done.
            let op = self.as_closed(closing);
            let batch = self.parts.store.read(&op, move |tx, _| tx.unsettled(after, BATCH)).await?;
            let Some(last) = batch.last().copied() else { break };
            after = Some(last);
            for referral in batch {
                self.settle_referral(closing, referral, &mut done).await;
            }
            if stopping() {
                self.parts.platform.put_off_closing(closing, self.now()).await?;
                return Ok(done);
            }
            self.parts.platform.renew_closing(closing, self.now()).await?;
        }
        self.go_on(closing, done).await?;
        tracing::info!(
            organisation.id = %closing.organisation, settled = done.settled, stay = done.stay, failed = done.failed,
            "what a closed organisation held was looked at"
        );
        Ok(done)
    }

    async fn settle_referral(&self, closing: ClosingToSettle, referral: ReferralId, done: &mut Settled) {
        let cmd = WindUp { referral, successor: closing.successor };
        let op = self.as_closed(closing);
        match self.parts.store.write(&op, move |tx, op| wind_up(tx, op, cmd)).await {
            Ok(came) if came.settled => done.settled += 1,
            Ok(_) => done.stay += 1,
            Err(error) => {
                tracing::warn!(referral.id = %referral, %error, "a referral of a closed organisation waits");
                done.failed += 1;
            }
        }
    }

    /// Over, or to be looked at again.
    async fn go_on(&self, closing: ClosingToSettle, done: Settled) -> Result<(), StoreError> {
        self.parts.platform.tell_waiting(closing, done.stay).await?;
        let now = self.now();
        let later = |wait: SignedDuration| now.checked_add(wait).unwrap_or(now);
        let quiet = closing.closed_at.checked_add(STILL_COMING).unwrap_or(now);
        if done.failed > 0 {
            return self.parts.platform.put_off_closing(closing, later(SOON)).await;
        }
        if now < quiet {
            return self.parts.platform.put_off_closing(closing, quiet).await;
        }
        if done.stay > 0 {
            return self.parts.platform.put_off_closing(closing, later(LATER)).await;
        }
        let ids = Arc::clone(&self.parts.ids);
        let op = OpContext::for_job("wind-up", closing.network, None, &At(now), ids);
        let organisation = closing.organisation;
        let finished = self.parts.store.write(&op, move |tx, op| finish_closing(tx, op, organisation)).await;
        if let Err(error) = finished {
            tracing::error!(organisation.id = %organisation, %error, "failed to finish a closing");
        }
        Ok(())
    }

    fn as_closed(&self, closing: ClosingToSettle) -> OpContext {
        let ids = Arc::clone(&self.parts.ids);
        OpContext::for_job("wind-up", closing.network, Some(closing.organisation), &At(self.now()), ids)
    }
}
