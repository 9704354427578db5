//! Records that go from one organisation to another: one person a transaction, in the tenant of whoever answers for them
//! until then. There is no list to work off: whoever is still kept by the one has not gone over, so a worker that dies has
//! lost nothing, and nobody goes twice.

use std::sync::Arc;

use jiff::SignedDuration;
use trellis_domain::custody::{HandOver, HandedOver, finish, hand_over};
use trellis_domain::kernel::{OpContext, PersonId, StoreError};

use super::deliver::{At, Worker};
use crate::pg::platform::CustodyToCarryOut;

const BATCH: i64 = 100;
/// Somebody changed it at the same moment.
const SOON: SignedDuration = SignedDuration::from_secs(30);
/// Somebody has to see to something, or to be let in again.
const LATER: SignedDuration = SignedDuration::from_mins(15);

/// What came of one look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CarriedOver {
    pub moved: usize,
    /// They stay until something has been seen to.
    pub held: usize,
    pub failed: usize,
}

impl Worker {
    /// Everything that is due.
    pub async fn hand_over_once(&self) -> Result<CarriedOver, StoreError> {
        self.hand_over_records(&|| false).await
    }

    pub(super) async fn hand_over_records(
        &self,
        stopping: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<CarriedOver, StoreError> {
        let mut all = CarriedOver::default();
        while !stopping() {
            let Some(custody) = self.parts.platform.claim_custody(self.now()).await? else { break };
            let one = self.carry_over(custody, stopping).await?;
            all = CarriedOver {
                moved: all.moved + one.moved,
                held: all.held + one.held,
                failed: all.failed + one.failed,
            };
        }
        Ok(all)
    }

    async fn carry_over(
        &self,
        custody: CustodyToCarryOut,
        stopping: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<CarriedOver, StoreError> {
        let mut done = CarriedOver::default();
        let mut after = None;
        loop {
            let op = self.as_keeper(custody);
            let batch = self.parts.store.read(&op, move |tx, _| tx.records_kept(after, BATCH)).await?;
            let Some(last) = batch.last().copied() else { break };
            after = Some(last);
            for person in batch {
                self.hand_over_one(custody, person, &mut done).await;
                if stopping() {
                    self.parts.platform.put_off_custody(custody, self.now()).await?;
                    return Ok(done);
                }
            }
            self.parts.platform.renew_custody(custody, self.now()).await?;
        }
        self.go_on_handing_over(custody, done).await?;
        tracing::info!(
            offer.id = %custody.offer, moved = done.moved, held = done.held, failed = done.failed,
            "records were handed over"
        );
        Ok(done)
    }

    async fn hand_over_one(&self, custody: CustodyToCarryOut, person: PersonId, done: &mut CarriedOver) {
        let cmd = HandOver { offer: custody.offer, person };
        let op = self.as_keeper(custody);
        match self.parts.store.write(&op, move |tx, op| hand_over(tx, op, cmd)).await {
            Ok(HandedOver::Moved) => done.moved += 1,
            Ok(HandedOver::Gone) => {}
            Ok(HandedOver::Held | HandedOver::NotNow) => done.held += 1,
            Err(error) => {
                tracing::warn!(person.id = %person, %error, "a record could not be handed over");
                done.failed += 1;
            }
        }
    }

    /// Over, or to be looked at again.
    async fn go_on_handing_over(
        &self,
        custody: CustodyToCarryOut,
        done: CarriedOver,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let later = |wait: SignedDuration| now.checked_add(wait).unwrap_or(now);
        if done.failed > 0 {
            return self.parts.platform.put_off_custody(custody, later(SOON)).await;
        }
        if done.held == 0 {
            let (op, offer) = (self.as_keeper(custody), custody.offer);
            match self.parts.store.write(&op, move |tx, op| finish(tx, op, offer)).await {
                Ok(offer) if !offer.is_moving() => return Ok(()),
                // Somebody was registered at the last moment.
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(offer.id = %custody.offer, %error, "failed to finish handing over records");
                }
            }
            return self.parts.platform.put_off_custody(custody, later(SOON)).await;
        }
        self.parts.platform.put_off_custody(custody, later(LATER)).await
    }

    fn as_keeper(&self, custody: CustodyToCarryOut) -> OpContext {
        let ids = Arc::clone(&self.parts.ids);
        OpContext::for_job("hand-over", custody.network, Some(custody.from), &At(self.now()), ids)
    }
}
