//! The worker's day: look when there is news, look now and then without, tidy up once an hour, stop when asked to.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};

use super::deliver::{Drained, Worker};
use super::listen::listen;

const UPKEEP_EVERY: SignedDuration = SignedDuration::from_mins(10);

impl Worker {
    /// Until `stop` says true or its sender is gone. A batch that was begun is finished first.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let news = Arc::new(Notify::new());
        let listener = tokio::spawn(listen(self.options.database_url.clone(), Arc::clone(&news)));
        let mut upkeep_at = Timestamp::MIN;
        while !*stop.borrow() {
            // Mail first, and again after each of the others: a link in one lives ten minutes.
            self.round(&stop).await;
            self.settle(&stop).await;
            self.round(&stop).await;
            self.carry_on(&stop).await;
            let now = self.parts.clock.now();
            self.round(&stop).await;
            if now >= upkeep_at {
                self.tidy(now).await;
                upkeep_at = now.checked_add(UPKEEP_EVERY).unwrap_or(now);
            }
            tokio::select! {
                () = news.notified() => {}
                () = tokio::time::sleep(self.options.poll) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
        listener.abort();
        tracing::info!("the worker has stopped");
    }

    async fn round(&self, stop: &watch::Receiver<bool>) {
        match self.drain(self.parts.clock.now(), &|| *stop.borrow()).await {
            Ok(done) if done.away => tracing::debug!("the mail server is away"),
            Ok(done) if done == Drained::default() => {}
            Ok(done) => {
                let Drained { sent, stopped, deferred, dead, .. } = done;
                tracing::info!(sent, stopped, deferred, dead, "the outbox was looked at");
            }
            Err(error) => tracing::warn!(%error, "the outbox could not be looked at"),
        }
    }

    async fn settle(&self, stop: &watch::Receiver<bool>) {
        if let Err(error) = self.settle_closings(&|| *stop.borrow()).await {
            tracing::warn!(%error, "what closed organisations hold could not be looked at");
        }
    }

    async fn carry_on(&self, stop: &watch::Receiver<bool>) {
        if let Err(error) = self.hand_over_records(&|| *stop.borrow()).await {
            tracing::warn!(%error, "records that are to be handed over could not be looked at");
        }
    }

    async fn tidy(&self, now: Timestamp) {
        match self.parts.platform.upkeep(now).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "what had run out was removed"),
            Err(error) => tracing::warn!(%error, "what has run out could not be removed"),
        }
    }
}
