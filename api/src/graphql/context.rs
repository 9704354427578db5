//! What every resolver finds in its request: who asks, the store, the clock. Made once a request by `http`.
//! It decides nothing; an operation without a session is an error of its own kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::Context;
use jiff::Timestamp;
use trellis_domain::kernel::op_context::{IdempotencyKey, VerifiedSession};
use trellis_domain::kernel::{OpContext, Redacted, RequestId};
use trellis_infra::pg::PgStore;

use super::error::{Answer, Fault};
use crate::parts::Parts;

/// One request's frame.
#[derive(Debug)]
pub struct GqlContext {
    parts: Arc<Parts>,
    session: Option<VerifiedSession>,
    /// Of a frame that outlives its request: looked at again at each use.
    token: Option<Redacted<String>>,
    asked: Asked,
    replayed: AtomicBool,
}

/// What `http` knows of the request besides its document.
#[derive(Debug, Clone)]
pub struct Asked {
    pub request: RequestId,
    /// Where it comes from, for limits; never logged beside a person.
    pub address: String,
    /// On what, in coarse words.
    pub device: String,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
}

impl GqlContext {
    pub fn new(parts: Arc<Parts>, session: Option<VerifiedSession>, asked: Asked) -> Self {
        Self { parts, session, token: None, asked, replayed: AtomicBool::new(false) }
    }

    /// The frame of a socket. It stays open longer than its token is good, so it keeps the token that it was opened
    /// with and is nobody's from the moment that one has ended.
    pub fn for_socket(parts: Arc<Parts>, session: VerifiedSession, token: &str, asked: Asked) -> Self {
        Self { token: Some(Redacted::new(token.to_owned())), ..Self::new(parts, Some(session), asked) }
    }

    pub fn parts(&self) -> &Arc<Parts> {
        &self.parts
    }

    pub fn store(&self) -> &PgStore {
        &self.parts.store
    }

    pub fn asked(&self) -> &Asked {
        &self.asked
    }

    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    pub fn session(&self) -> Answer<&VerifiedSession> {
        if let Some(token) = &self.token {
            self.parts.tokens.verify(token.reveal(), self.now()).map_err(|_| Fault::unauthenticated())?;
        }
        self.session.as_ref().ok_or_else(Fault::unauthenticated)
    }

    /// The frame of one operation of the signed-in membership.
    pub fn op(&self) -> Answer<OpContext> {
        let session = self.session()?;
        let op = OpContext::for_session(session, &*self.parts.clock, Arc::clone(&self.parts.ids));
        Ok(op.with_request(self.asked.request))
    }

    /// The same for a write that happens at most once for its key.
    pub fn op_once(&self, key: Option<IdempotencyKey>) -> Answer<OpContext> {
        Ok(self.op()?.with_idempotency(key))
    }

    /// Remembers that an answer repeats an earlier one; `http` says so in a header.
    pub fn note_replay(&self, replayed: bool) {
        self.replayed.fetch_or(replayed, Ordering::Relaxed);
    }

    pub fn was_replayed(&self) -> bool {
        self.replayed.load(Ordering::Relaxed)
    }
}

/// The frame of the request that a resolver runs in.
pub fn gql<'a>(ctx: &Context<'a>) -> Answer<&'a GqlContext> {
    let framed = ctx.data_opt::<Arc<GqlContext>>();
    if framed.is_none() {
        tracing::error!("a document runs without the frame of a request");
    }
    framed.map(AsRef::as_ref).ok_or_else(Fault::internal)
}
