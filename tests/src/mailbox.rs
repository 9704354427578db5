//! A provider's mailbox behind a real SMTP server, and the worker that fills it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use trellis_domain::kernel::Clock;
use trellis_infra::mail::{CaughtMail, MailCatcher, Mailer};
use trellis_infra::worker::{CarriedOver, Chased, Settled, Worker, WorkerOptions, WorkerParts};

use crate::served::Served;

/// Mail is delivered when somebody looks.
pub struct Mailbox {
    catcher: MailCatcher,
    worker: Worker,
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailbox").finish_non_exhaustive()
    }
}

impl Mailbox {
    pub fn of(served: &Served) -> anyhow::Result<Self> {
        let (catcher, smtp) = MailCatcher::start("127.0.0.1:0".parse()?)?;
        let app = &served.app.parts;
        let parts = WorkerParts {
            platform: app.platform.clone(),
            store: app.store.clone(),
            mailer: Mailer::new(&format!("smtp://{smtp}"))?,
            clock: Arc::clone(&app.clock),
            ids: Arc::clone(&app.ids),
        };
        let options = WorkerOptions {
            public_url: served.url.clone(),
            from: "Trellis <no-reply@trellis.example.org>".to_owned(),
            database_url: served.world.database.platform_url(),
            poll: Duration::from_hours(1),
        };
        Ok(Self { catcher, worker: Worker::new(parts, options)? })
    }

    /// All that came, the newest last.
    pub async fn mails(&self, served: &Served) -> anyhow::Result<Vec<CaughtMail>> {
        self.worker.drain_once(served.world.clock.now()).await?;
        Ok(self.catcher.messages())
    }

    /// What closed organisations hold is passed on or sent back, as far as that is due.
    pub async fn settle(&self) -> anyhow::Result<Settled> {
        Ok(self.worker.settle_closings_once().await?)
    }

    /// Records that both sides have signed for go over, as far as that is due.
    pub async fn hand_over(&self) -> anyhow::Result<CarriedOver> {
        Ok(self.worker.hand_over_once().await?)
    }

    /// Whoever has to hear of what is overdue hears of it, as far as that is due.
    pub async fn chase(&self) -> anyhow::Result<Chased> {
        Ok(self.worker.chase_once().await?)
    }

    /// What follows `mark` in the newest mail to `to` that says it, to the end of the word.
    pub async fn newest(&self, served: &Served, to: &str, mark: &str) -> anyhow::Result<String> {
        let mails = self.mails(served).await?;
        let to_them =
            |mail: &&CaughtMail| mail.to.iter().any(|known| known == to) && mail.text.contains(mark);
        let mail =
            mails.iter().rev().find(to_them).with_context(|| format!("no mail to {to} says {mark}"))?;
        let word = mail.text.split(mark).nth(1).and_then(|rest| rest.split_whitespace().next());
        word.map(str::to_owned).context("nothing follows")
    }
}
