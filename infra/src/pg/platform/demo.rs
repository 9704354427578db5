//! What only the demo may do with the platform: let its invented staff act in the past without a sign-in,
//! and say of the messages of a made-up history that they went out. Nothing that serves requests calls this.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{NetworkId, ReferralId, SessionId, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::outbox;
use super::factors::Proof;
use super::membership::choose;
use super::session::{Opening, SessionError, SessionKind, open};
use super::store::PlatformStore;

impl PlatformStore {
    /// A session nobody holds a secret of. Its loader ends it when the history is told.
    pub async fn open_demo_session(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<VerifiedSession, SessionError> {
        let id = SessionId::from_uuid(self.guards.ids.next(now));
        let opening = Opening {
            id,
            user,
            kind: SessionKind::Browser,
            at_most_until: None,
            proof: Proof::made_up(now),
            now,
        };
        self.transact(move |conn| {
            let membership = choose(conn, user, None)?.ok_or(SessionError::NotYours)?;
            Ok(open(conn, &opening, membership)?.session)
        })
        .await
    }

    /// Marks the queued messages of a network as sent when they were made, except those about `kept`.
    /// To be called before a worker runs, or the history is e-mailed.
    pub async fn settle_demo_history(
        &self,
        network: NetworkId,
        kept: Vec<ReferralId>,
    ) -> Result<usize, StoreError> {
        use outbox as o;
        let kept: Vec<Uuid> = kept.into_iter().map(TypedId::uuid).collect();
        self.look(move |conn| {
            diesel::update(o::table)
                .filter(o::network_id.eq(network.uuid()))
                .filter(o::status.eq("queued"))
                .filter(o::referral_id.is_null().or(diesel::dsl::not(o::referral_id.eq_any(kept))))
                .set((o::status.eq("sent"), o::settled_at.eq(o::created_at.nullable())))
                .execute(conn)
                .map_err(store_error)
        })
        .await
    }
}
