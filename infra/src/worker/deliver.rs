//! One message from its claim to its end: looked at again inside its tenant, rendered, handed to the server, settled.
//! What fails for now waits longer each time; what fails for good becomes a task of whoever caused it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use trellis_domain::kernel::{Clock, IdSource, OpContext, OrganisationId, StoreError};
use trellis_domain::message::{DeliveryError, give_up};

use crate::mail::{MailError, Mailer, Outgoing, RenderError, Rendered, Template, Templates, Vars};
use crate::pg::PgStore;
use crate::pg::delivery::{Delivery, Letter};
use crate::pg::platform::{Claimed, PlatformStore, SERVER_AWAY, Settled};

const BATCH: i64 = 16;
const AT_ONCE: usize = 4;
/// A whole conversation with the server. With the numbers above a batch ends well within its lease.
const SEND_WITHIN: Duration = Duration::from_mins(1);
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// Four days of waiting an hour each: what is not taken by then will not be.
const MOST_TRIES: i16 = 100;

#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Of this installation as people reach it, without a slash at its end.
    pub public_url: String,
    /// The sender of every mail, such as `Trellis <no-reply@example.org>`.
    pub from: String,
    /// Where to listen for new messages, as the platform's role.
    pub database_url: String,
    /// How long to wait for news before looking all the same.
    pub poll: Duration,
}

/// What a worker works with.
pub struct WorkerParts {
    pub platform: PlatformStore,
    pub store: PgStore,
    pub mailer: Mailer,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

/// Several may run against one database.
pub struct Worker {
    pub(super) parts: WorkerParts,
    pub(super) options: WorkerOptions,
    templates: Templates,
    /// The server did not answer last time. True at first, so that what waits since before is looked after.
    away: AtomicBool,
}

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    pub sent: usize,
    pub stopped: usize,
    pub deferred: usize,
    pub dead: usize,
    /// The mail server did not answer; everything waits.
    pub away: bool,
}

enum Fate {
    Sent,
    Stopped,
    Deferred,
    Dead,
}

/// Why a message did not go now.
enum Setback {
    ForNow(&'static str),
    ForGood(&'static str),
}

/// An operation of the worker happens at the instant of its round.
#[derive(Debug)]
pub(super) struct At(pub(super) Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

impl Worker {
    pub fn new(parts: WorkerParts, options: WorkerOptions) -> Result<Self, RenderError> {
        Ok(Self { parts, options, templates: Templates::load()?, away: AtomicBool::new(true) })
    }

    /// Everything that is due at this instant.
    pub async fn drain_once(&self, now: Timestamp) -> Result<Drained, StoreError> {
        self.drain(now, &|| false).await
    }

    /// The same, stopping between batches when asked to.
    pub(super) async fn drain(
        &self,
        now: Timestamp,
        stopping: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<Drained, StoreError> {
        let mut drained = Drained::default();
        if self.away.load(Ordering::Relaxed) {
            if !self.parts.mailer.answers().await {
                return Ok(Drained { away: true, ..drained });
            }
            self.away.store(false, Ordering::Relaxed);
            tracing::info!("the mail server answers");
            self.parts.platform.hasten_messages(now).await?;
        }
        while !stopping() && !self.away.load(Ordering::Relaxed) {
            let batch = self.parts.platform.claim_messages(BATCH, now).await?;
            if batch.is_empty() {
                break;
            }
            let mut fates =
                stream::iter(batch).map(|claimed| self.deliver(claimed, now)).buffer_unordered(AT_ONCE);
            while let Some(fate) = fates.next().await {
                drained.count(&fate);
            }
        }
        drained.away = self.away.load(Ordering::Relaxed);
        Ok(drained)
    }

    async fn deliver(&self, claimed: Claimed, now: Timestamp) -> Fate {
        let settled = match self.attempt(&claimed, now).await {
            Ok(settled) => settled,
            Err(Setback::ForGood(why)) => return self.bury(claimed, why, now).await,
            Err(Setback::ForNow(why)) if claimed.tries >= MOST_TRIES => {
                return self.bury(claimed, why, now).await;
            }
            Err(Setback::ForNow(why)) => Settled::Later { at: next_try(claimed.tries, now), why },
        };
        if let Err(error) = self.parts.platform.settle_message(&claimed, settled, now).await {
            // The lease runs out, and the message goes again under the same id.
            tracing::error!(message.id = %claimed.message.id, %error, "failed to settle a message");
        }
        match settled {
            Settled::Sent => Fate::Sent,
            Settled::Stopped(why) => {
                tracing::info!(message.id = %claimed.message.id, why, "a message was stopped");
                Fate::Stopped
            }
            Settled::Later { why, .. } => {
                tracing::warn!(message.id = %claimed.message.id, tries = claimed.tries, why, "a message waits");
                Fate::Deferred
            }
        }
    }

    async fn attempt(&self, claimed: &Claimed, now: Timestamp) -> Result<Settled, Setback> {
        let op = self.op(claimed, claimed.message.recipient, now);
        let looked = claimed.clone();
        let delivery = match self.parts.platform.login_letter(claimed, now).await {
            Some(about_a_login) => about_a_login,
            None => self.parts.store.read(&op, move |tx, _| tx.delivery(&looked)).await,
        };
        let letter = match delivery {
            Ok(Delivery::Send(letter)) => letter,
            Ok(Delivery::Stop(why)) => return Ok(Settled::Stopped(why)),
            Ok(Delivery::Undeliverable(why)) => return Err(Setback::ForGood(why)),
            Err(error) => {
                tracing::error!(message.id = %claimed.message.id, %error, "failed to read a message");
                return Err(Setback::ForNow("the store did not answer"));
            }
        };
        let rendered = self.render(&letter).map_err(|error| {
            tracing::error!(message.id = %claimed.message.id, %error, "failed to render a message");
            Setback::ForGood("not rendered")
        })?;
        // Somebody who is asked to join knows the place, and not yet the product.
        let invites = letter.template == trellis_domain::message::Template::Invitation;
        let from_name = invites.then(|| format!("{} through Trellis", letter.organisation));
        let mail = Outgoing {
            message_id: trellis_domain::kernel::TypedId::uuid(claimed.message.id),
            written_at: claimed.created_at,
            to: &letter.to,
            from: &self.options.from,
            from_name: from_name.as_deref(),
            reply_to: None,
            rendered: &rendered,
        };
        match timeout(SEND_WITHIN, self.parts.mailer.send(&mail)).await {
            Ok(Ok(())) => Ok(Settled::Sent),
            Ok(Err(MailError::Permanent { .. })) => Err(Setback::ForGood("refused by the mail server")),
            Ok(Err(MailError::Temporary { code: Some(_) })) => {
                Err(Setback::ForNow("put off by the mail server"))
            }
            Ok(Err(MailError::Temporary { code: None })) | Err(_) => {
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::warn!("the mail server is away; messages wait");
                }
                Err(Setback::ForNow(SERVER_AWAY))
            }
        }
    }

    fn render(&self, letter: &Letter) -> Result<Rendered, RenderError> {
        let template = match letter.template {
            trellis_domain::message::Template::RequestToProvider => Template::RequestToProvider,
            trellis_domain::message::Template::RequestReminder => Template::RequestReminder,
            trellis_domain::message::Template::ReferralNews => Template::ReferralNews,
            trellis_domain::message::Template::Overdue => Template::Overdue,
            trellis_domain::message::Template::NoAnswer => Template::NoAnswer,
            trellis_domain::message::Template::TaskForWorker => Template::TaskForWorker,
            trellis_domain::message::Template::DeviceCode => Template::DeviceCode,
            trellis_domain::message::Template::Invitation => Template::Invitation,
            trellis_domain::message::Template::InvitationWanted => Template::InvitationWanted,
            trellis_domain::message::Template::EmergencyOpened => Template::EmergencyOpened,
            trellis_domain::message::Template::OrganisationClosed => Template::OrganisationClosed,
            trellis_domain::message::Template::CaseloadChanged => Template::CaseloadChanged,
            trellis_domain::message::Template::AccessAsked => Template::AccessAsked,
            trellis_domain::message::Template::AccessAnswered => Template::AccessAnswered,
            trellis_domain::message::Template::CustodyOffered => Template::CustodyOffered,
            trellis_domain::message::Template::CustodyAnswered => Template::CustodyAnswered,
            trellis_domain::message::Template::ApplicationToConfirm => Template::ApplicationToConfirm,
            trellis_domain::message::Template::ApplicationWaiting => Template::ApplicationWaiting,
            trellis_domain::message::Template::ApplicationQuestion => Template::ApplicationQuestion,
            trellis_domain::message::Template::ApplicationDeclined => Template::ApplicationDeclined,
            trellis_domain::message::Template::CredentialChanged => Template::CredentialChanged,
            trellis_domain::message::Template::NewDevice => Template::NewDevice,
            trellis_domain::message::Template::SignInLink => Template::SignInLink,
            trellis_domain::message::Template::PasswordRecovery => Template::PasswordRecovery,
            trellis_domain::message::Template::FactorReset => Template::FactorReset,
        };
        let link = letter.path.as_ref().map(|path| format!("{}{path}", self.options.public_url));
        let vars = Vars {
            organisation: Some(&letter.organisation),
            reference: letter.reference.as_deref(),
            link: link.as_deref(),
            reply_by: letter.reply_by.as_deref(),
            code: letter.code.as_ref().map(crate::auth::ShortCode::expose),
            help_phone: letter.help_phone.as_deref(),
        };
        self.templates.render(template, &vars)
    }

    /// The task and the end of the message are one transaction, inside the tenant of whoever caused it.
    async fn bury(&self, claimed: Claimed, why: &'static str, now: Timestamp) -> Fate {
        tracing::error!(message.id = %claimed.message.id, tries = claimed.tries, why, "gave up on a message");
        let later = Settled::Later { at: next_try(claimed.tries, now), why };
        let noted = self.parts.platform.settle_message(&claimed, later, now).await;
        let op = self.op(&claimed, claimed.message.sender, now);
        let message = claimed.message;
        let buried = match noted {
            Ok(()) => self.parts.store.write(&op, move |tx, op| give_up(tx, op, message)).await,
            Err(error) => Err(DeliveryError::Store(error)),
        };
        match buried {
            Ok(_) => Fate::Dead,
            Err(error) => {
                tracing::error!(message.id = %claimed.message.id, %error, "failed to give up on a message");
                Fate::Deferred
            }
        }
    }

    fn op(&self, claimed: &Claimed, organisation: Option<OrganisationId>, now: Timestamp) -> OpContext {
        let ids = Arc::clone(&self.parts.ids);
        OpContext::for_job("deliver", claimed.network, organisation, &At(now), ids)
    }
}

impl Drained {
    fn count(&mut self, fate: &Fate) {
        let counted = match fate {
            Fate::Sent => &mut self.sent,
            Fate::Stopped => &mut self.stopped,
            Fate::Deferred => &mut self.deferred,
            Fate::Dead => &mut self.dead,
        };
        *counted += 1;
    }
}

/// Half a minute, then twice as long each time, up to an hour.
fn next_try(tries: i16, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or_default().min(16);
    let wait = FIRST_WAIT.saturating_mul(1_i32 << doublings).min(LONGEST_WAIT);
    now.checked_add(wait).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_half_a_minute_to_an_hour() {
        let now = Timestamp::UNIX_EPOCH;
        let waits: Vec<i64> =
            [1, 2, 3, 4, 7, 8, 9, 100, i16::MAX].map(|tries| next_try(tries, now).as_second()).to_vec();
        assert_eq!(waits, [30, 60, 120, 240, 1_920, 3_600, 3_600, 3_600, 3_600]);
    }
}
