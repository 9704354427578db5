//! The outbox's queue, across tenants. Claiming takes a lease and not a lock, so that nothing is held while a mail
//! server thinks: a worker that dies leaves its messages to others when the lease runs out.
//! What a message says, and whether it may still go, is read inside its tenant.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{
    LinkId, MessageId, NetworkId, OrganisationId, ReferralId, StoreError, TypedId, UserId,
};
use trellis_domain::message::Message;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::outbox;
use super::super::time::{instant, stored};
use super::store::PlatformStore;

/// Longer than a whole batch may take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Why messages wait when the mail server is away; all of them go again when it is back.
pub(crate) const SERVER_AWAY: &str = "mail server away";

/// One message that nobody else sends while the lease lasts.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub network: NetworkId,
    pub message: Message,
    /// The named member it is for; none is the organisation's own address.
    pub user: Option<UserId>,
    pub template: String,
    pub link: Option<LinkId>,
    pub created_at: Timestamp,
    /// This try included.
    pub tries: i16,
}

/// What became of a claimed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Sent,
    /// It has no reason any more.
    Stopped(&'static str),
    Later {
        at: Timestamp,
        why: &'static str,
    },
}

type Row = (
    (Uuid, Uuid),
    (Option<Uuid>, Option<Uuid>, Option<Uuid>),
    (String, Option<Uuid>, Option<Uuid>, Option<Uuid>, Stored, i16),
);

impl PlatformStore {
    /// Up to `most` messages that are due, the longest waiting first. Two workers never get the same one.
    pub async fn claim_messages(&self, most: i64, now: Timestamp) -> Result<Vec<Claimed>, StoreError> {
        use outbox as o;
        let until = now.checked_add(LEASE).unwrap_or(now);
        self.transact(move |conn| {
            let due: Vec<Uuid> = o::table
                .filter(o::status.eq("queued"))
                .filter(o::next_try_at.le(stored(now)))
                .order((o::next_try_at, o::message_id))
                .limit(most)
                .select(o::message_id)
                .for_update()
                .skip_locked()
                .load(conn)
                .map_err(store_error)?;
            let rows: Vec<Row> = diesel::update(o::table.filter(o::message_id.eq_any(due)))
                .set((o::next_try_at.eq(stored(until)), o::tries.eq(o::tries + 1)))
                .returning((
                    (o::network_id, o::message_id),
                    (o::organisation_id, o::from_organisation_id, o::user_id),
                    (o::template, o::referral_id, o::subject_id, o::link_id, o::created_at, o::tries),
                ))
                .load(conn)
                .map_err(store_error)?;
            Ok(rows.into_iter().map(Claimed::from).collect())
        })
        .await
    }

    /// Only whoever still holds the message settles it: a try that came later has counted up.
    pub async fn settle_message(
        &self,
        claimed: &Claimed,
        settled: Settled,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        use outbox as o;
        let (network, id, tries) = (claimed.network.uuid(), claimed.message.id.uuid(), claimed.tries);
        self.look(move |conn| {
            let mine = o::table.find((network, id)).filter(o::tries.eq(tries));
            let kept = match settled {
                // Also when it was stopped while it went out: the record says what happened.
                Settled::Sent => diesel::update(mine)
                    .set((
                        o::status.eq("sent"),
                        o::settled_at.eq(stored(now)),
                        o::last_error.eq(None::<String>),
                    ))
                    .execute(conn),
                Settled::Stopped(why) => diesel::update(mine.filter(o::status.eq("queued")))
                    .set((o::status.eq("stopped"), o::settled_at.eq(stored(now)), o::last_error.eq(why)))
                    .execute(conn),
                Settled::Later { at, why } => diesel::update(mine.filter(o::status.eq("queued")))
                    .set((o::next_try_at.eq(stored(at)), o::last_error.eq(why)))
                    .execute(conn),
            };
            kept.map_err(store_error).map(|_| ())
        })
        .await
    }

    /// The mail server is back: what waits for it is due now.
    pub async fn hasten_messages(&self, now: Timestamp) -> Result<usize, StoreError> {
        use outbox as o;
        self.look(move |conn| {
            diesel::update(o::table)
                .filter(o::status.eq("queued"))
                .filter(o::last_error.eq(SERVER_AWAY))
                .filter(o::next_try_at.gt(stored(now)))
                .set((o::next_try_at.eq(stored(now)), o::last_error.eq(None::<String>)))
                .execute(conn)
                .map_err(store_error)
        })
        .await
    }
}

impl From<Row> for Claimed {
    fn from(row: Row) -> Self {
        let ((network, id), (recipient, sender, user), about) = row;
        let (template, referral, subject, link, created_at, tries) = about;
        let message = Message {
            id: MessageId::from_uuid(id),
            sender: sender.or(recipient).map(OrganisationId::from_uuid),
            recipient: recipient.map(OrganisationId::from_uuid),
            referral: referral.map(ReferralId::from_uuid),
            about: subject,
        };
        Self {
            network: NetworkId::from_uuid(network),
            message,
            user: user.map(UserId::from_uuid),
            template,
            link: link.map(LinkId::from_uuid),
            created_at: instant(created_at),
            tries,
        }
    }
}
