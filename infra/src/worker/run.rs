//! The worker's day: mail when there is news and now and then without; beside it settle, hand over, chase and tidy up; stop when
//! asked to.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};

use super::deliver::{Drained, Worker};
use super::listen::listen;

/// What is overdue by days can wait for a minute.
const CHASE_EVERY: SignedDuration = SignedDuration::from_mins(1);
const UPKEEP_EVERY: SignedDuration = SignedDuration::from_mins(10);

impl Worker {
    /// Until `stop` says true or its sender is gone. A batch that was begun is finished first.
    pub async fn run(&self, stop: watch::Receiver<bool>) {
        let news = Arc::new(Notify::new());
        let listener = tokio::spawn(listen(self.options.database_url.clone(), Arc::clone(&news)));
        // Side by side: a link in a mail lives ten minutes, and records that change hands may take longer.
        let more = Notify::new();
        tokio::join!(self.mail((&news, &more), stop.clone()), self.work(&more, stop));
        listener.abort();
        tracing::info!("the worker has stopped");
    }

    /// News is passed on: whoever closes or accepts something queues a mail about it.
    async fn mail(&self, (news, more): (&Notify, &Notify), mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.round(&stop).await;
            tokio::select! {
                () = news.notified() => more.notify_one(),
                () = tokio::time::sleep(self.options.poll) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
    }

    async fn work(&self, more: &Notify, mut stop: watch::Receiver<bool>) {
        let (mut chase_at, mut upkeep_at) = (Timestamp::MIN, Timestamp::MIN);
        while !*stop.borrow() {
            self.settle(&stop).await;
            self.carry_on(&stop).await;
            let now = self.now();
            if now >= chase_at {
                self.chase(&stop).await;
                chase_at = now.checked_add(CHASE_EVERY).unwrap_or(now);
            }
            if now >= upkeep_at {
                self.tidy(now).await;
                upkeep_at = now.checked_add(UPKEEP_EVERY).unwrap_or(now);
            }
            tokio::select! {
                () = more.notified() => {}
                () = tokio::time::sleep(self.options.poll) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    async fn round(&self, stop: &watch::Receiver<bool>) {
        match self.drain(self.now(), &|| *stop.borrow()).await {
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

    async fn chase(&self, stop: &watch::Receiver<bool>) {
        if let Err(error) = self.chase_overdue(&|| *stop.borrow()).await {
            tracing::warn!(%error, "what is overdue could not be looked at");
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
