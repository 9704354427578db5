//! The pages' port, in process: documents run against the same schema as everybody's, in the frame of the cookie's session.

use std::sync::Arc;

use async_graphql::Request;
use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use trellis_admin_ui::executor::{
    Document, Executor, Fault, House, Leaving, Mailbox, ProviderAnswer, ProviderRefused, Returned,
    SignInRefused, SignedIn, Visitor, Waiting, session_cookie,
};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{MembershipId, RequestId, StoreError, TypedId};
use trellis_infra::auth::Secret;
use trellis_infra::pg::platform::{Credentials, SessionError, SessionKind, SignInError};

use super::graphql::execute;
use super::mailbox::DemoMailbox;
use crate::app::App;
use crate::graphql::context::Asked;

/// Runs documents for the pages.
pub struct InProcess {
    pub app: App,
    pub house: House,
    pub mailbox: Option<DemoMailbox>,
}

impl InProcess {
    pub(super) async fn session(&self, visitor: &Visitor) -> Result<Option<VerifiedSession>, Fault> {
        let Some(cookie) = &visitor.cookie else { return Ok(None) };
        match self.app.parts.platform.session_by_secret(cookie, self.now()).await {
            Ok(session) => Ok(Some(session)),
            Err(SessionError::Store(error)) => Err(store_fault(&error)),
            Err(_) => Ok(None),
        }
    }

    fn asked(&self, visitor: &Visitor) -> Asked {
        let fresh = || RequestId::from_uuid(self.app.parts.ids.next(self.now()));
        let request = visitor.request_id.parse().unwrap_or_else(|_| fresh());
        Asked { request, address: visitor.address.clone(), idempotency_key: None }
    }

    pub(super) fn cookie(&self, secret: &Secret) -> SignedIn {
        self.set_cookie(session_cookie(self.house.secure), secret.expose(), "")
    }

    pub(super) fn set_cookie(&self, name: &str, value: &str, age: &str) -> SignedIn {
        let secure = if self.house.secure { "; Secure" } else { "" };
        SignedIn { set_cookie: format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}") }
    }

    /// Ends the session behind the visitor's cookie, if there is one.
    pub(super) async fn leave(&self, visitor: &Visitor) -> Result<(), Fault> {
        let Some(session) = self.session(visitor).await? else { return Ok(()) };
        let ended = self.app.parts.platform.end_session(session.session, self.now()).await;
        ended.map_err(|error| store_fault(&error))
    }
}

#[async_trait]
impl Executor for InProcess {
    fn house(&self) -> &House {
        &self.house
    }

    fn now(&self) -> Timestamp {
        self.app.parts.clock.now()
    }

    fn fresh_key(&self) -> String {
        self.app.parts.ids.next(self.now()).simple().to_string()
    }

    async fn run(&self, visitor: &Visitor, document: Document, variables: Value) -> Result<Value, Fault> {
        let session = self.session(visitor).await?;
        let request = Request::new(document.text)
            .operation_name(document.name)
            .variables(async_graphql::Variables::from_json(variables));
        let (response, _) = execute(&self.app, request, session, self.asked(visitor)).await;
        if let Some(error) = response.errors.first() {
            let code = error
                .extensions
                .as_ref()
                .and_then(|extensions| extensions.get("code"))
                .map(ToString::to_string);
            return Err(fault(code.unwrap_or_default().trim_matches('"'), &error.message));
        }
        response.data.into_json().map_err(|_| Fault::Internal)
    }

    async fn sign_in(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, SignInRefused> {
        let credentials = Credentials { email, password, source: &visitor.address };
        let opened =
            self.app.parts.platform.sign_in(credentials, SessionKind::Browser, None, self.now()).await;
        match opened {
            Ok(signed_in) => {
                // The browser forgets the old secret now; nobody else may go on with it.
                self.leave(visitor).await?;
                Ok(self.cookie(&signed_in.secret))
            }
            Err(SignInError::Refused | SignInError::NoMembership) => Err(SignInRefused::NotKnown),
            Err(SignInError::TooManyTries { .. }) => Err(SignInRefused::TooManyTries),
            Err(SignInError::Busy) => Err(SignInRefused::Fault(Fault::Unavailable)),
            Err(SignInError::Store(error)) => Err(SignInRefused::Fault(store_fault(&error))),
        }
    }

    async fn switch(&self, visitor: &Visitor, membership_id: &str) -> Result<SignedIn, Fault> {
        let cookie = visitor.cookie.as_deref().ok_or(Fault::Unauthenticated)?;
        let membership: MembershipId = membership_id.parse().map_err(|_| Fault::NotFound)?;
        let platform = &self.app.parts.platform;
        match platform.switch_membership(cookie, SessionKind::Browser, membership, self.now()).await {
            Ok(switched) => Ok(self.cookie(&switched.secret)),
            Err(SessionError::NotYours) => Err(Fault::NotFound),
            Err(SessionError::OwnCredentials) => Err(Fault::OwnCredentials),
            Err(SessionError::Ended | SessionError::Replayed) => Err(Fault::Unauthenticated),
            Err(SessionError::Store(error)) => Err(store_fault(&error)),
        }
    }

    async fn sign_out(&self, visitor: &Visitor) -> Result<SignedIn, Fault> {
        self.leave(visitor).await?;
        Ok(self.set_cookie(session_cookie(self.house.secure), "", "; Max-Age=0"))
    }

    async fn leave_for_provider(
        &self,
        visitor: &Visitor,
        short_name: &str,
        after: &str,
    ) -> Result<Leaving, ProviderRefused> {
        self.leave_for(visitor, short_name, after).await
    }

    async fn back_from_provider(
        &self,
        visitor: &Visitor,
        short_name: &str,
        answer: ProviderAnswer<'_>,
    ) -> Result<Returned, ProviderRefused> {
        self.back_from(visitor, short_name, answer).await
    }

    async fn waiting_at_provider(&self, visitor: &Visitor) -> Result<Option<Waiting>, Fault> {
        self.waiting(visitor).await
    }

    async fn connect_identity(&self, visitor: &Visitor) -> Result<SignedIn, ProviderRefused> {
        self.connect(visitor).await
    }

    fn mailbox(&self) -> Option<&dyn Mailbox> {
        let mailbox: &dyn Mailbox = self.mailbox.as_ref()?;
        Some(mailbox)
    }
}

fn fault(code: &str, message: &str) -> Fault {
    match code {
        "UNAUTHENTICATED" => Fault::Unauthenticated,
        "FORBIDDEN" => Fault::Forbidden,
        "NOT_FOUND" => Fault::NotFound,
        "THROTTLED" => Fault::Throttled,
        "UNAVAILABLE" => Fault::Unavailable,
        "INTERNAL" => Fault::Internal,
        _ => Fault::BadInput(message.to_owned()),
    }
}

pub(super) fn store_fault(error: &StoreError) -> Fault {
    match error {
        StoreError::Unavailable(_) => Fault::Unavailable,
        StoreError::SessionEnded => Fault::Unauthenticated,
        _ => Fault::Internal,
    }
}

/// The same executor, as the pages' routes want to find it.
pub fn shared(executor: InProcess) -> Arc<dyn Executor> {
    Arc::new(executor)
}
