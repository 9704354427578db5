//! The pages' port, in process: documents run against the same schema as everybody's, in the frame of the cookie's session.

use std::sync::Arc;

use async_graphql::Request;
use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use trellis_admin_ui::executor::{
    Document, Executor, Fault, House, Leaving, Mailbox, PasskeyAnswer, ProviderAnswer, ProviderRefused,
    Returned, Second, SignInRefused, SignedIn, Visitor, Waiting, session_cookie, ticket_cookie,
};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{MembershipId, RequestId, StoreError, TypedId};
use trellis_infra::auth::{Secret, device_words};
use trellis_infra::pg::platform::{
    CredentialError, Credentials, SecondProof, SessionError, SessionKind, SignInError, SignedIn as Opened,
    Ticket, TicketError, Visit,
};

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
        // Each transaction asserts it again: what ends meanwhile is refused there.
        if let Some(session) = visitor.found_out.get::<VerifiedSession>() {
            return Ok(Some(session));
        }
        match self.app.parts.platform.session_by_secret(cookie, self.now()).await {
            Ok(session) => {
                visitor.found_out.keep(session.clone());
                Ok(Some(session))
            }
            Err(SessionError::Store(error)) => Err(store_fault(&error)),
            Err(_) => Ok(None),
        }
    }

    fn asked(&self, visitor: &Visitor) -> Asked {
        let fresh = || RequestId::from_uuid(self.app.parts.ids.next(self.now()));
        let request = visitor.request_id.parse().unwrap_or_else(|_| fresh());
        let device = device_words(&visitor.agent);
        Asked { request, address: visitor.address.clone(), device, idempotency_key: None }
    }

    pub(super) fn cookie(&self, secret: &Secret) -> SignedIn {
        self.set_cookie(session_cookie(self.house.secure), secret.expose(), "")
    }

    /// Lax: a link from a mail or from an identity provider has to find it.
    fn ticket_cookie(&self, ticket: &Ticket) -> String {
        let (name, secret) = (ticket_cookie(self.house.secure), ticket.secret.expose());
        let secure = if self.house.secure { "; Secure" } else { "" };
        format!("{name}={secret}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{secure}")
    }

    fn ticket(&self, ticket: &Ticket) -> SignInRefused {
        let set_cookie = self.ticket_cookie(ticket);
        SignInRefused::FactorNeeded { set_cookie, must_set_up: ticket.must_enrol() }
    }

    /// The browser forgets the old secret now; nobody else may go on with it.
    async fn entered(
        &self,
        visitor: &Visitor,
        outcome: Result<Opened, SignInError>,
    ) -> Result<SignedIn, SignInRefused> {
        match outcome {
            Ok(signed_in) => {
                self.leave(visitor).await?;
                Ok(self.cookie(&signed_in.secret))
            }
            Err(SignInError::Refused | SignInError::NoMembership) => Err(SignInRefused::NotKnown),
            Err(SignInError::TooManyTries { .. }) => Err(SignInRefused::TooManyTries),
            Err(SignInError::FactorNeeded(ticket)) => Err(self.ticket(&ticket)),
            Err(SignInError::ResetOver) => Err(SignInRefused::ResetOver),
            Err(SignInError::LinkEnded) => Err(SignInRefused::BeginAgain),
            Err(SignInError::Busy) => Err(SignInRefused::Fault(Fault::Unavailable)),
            Err(SignInError::Store(error)) => Err(SignInRefused::Fault(store_fault(&error))),
        }
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
        let opened = self.app.parts.platform.sign_in(credentials, visit(visitor), None, self.now()).await;
        self.entered(visitor, opened).await
    }

    async fn finish_sign_in(&self, visitor: &Visitor, second: Second) -> Result<SignedIn, SignInRefused> {
        let Some(ticket) = &visitor.ticket else { return Err(SignInRefused::BeginAgain) };
        let proof = match second {
            Second::Code(code) => SecondProof::Code(code),
            Second::RecoveryCode(code) => SecondProof::RecoveryCode(code),
            Second::Passkey(PasskeyAnswer { challenge, answer }) => {
                SecondProof::Passkey { challenge, answer }
            }
            Second::SetUp => SecondProof::SetUp,
        };
        match self.app.parts.platform.finish_sign_in(ticket, proof, self.now()).await {
            Ok(signed_in) => self.entered(visitor, Ok(signed_in)).await,
            Err(TicketError::WrongCode) => Err(SignInRefused::WrongCode),
            Err(TicketError::Ended | TicketError::NotYours) => Err(SignInRefused::BeginAgain),
            Err(TicketError::TooManyTries { .. }) => Err(SignInRefused::TooManyTries),
            Err(TicketError::Store(error)) => Err(SignInRefused::Fault(store_fault(&error))),
        }
    }

    async fn sign_in_with_passkey(
        &self,
        visitor: &Visitor,
        PasskeyAnswer { challenge, answer }: PasskeyAnswer,
    ) -> Result<SignedIn, SignInRefused> {
        let (platform, from) = (&self.app.parts.platform, (visitor.address.as_str(), visit(visitor)));
        let opened = platform.sign_in_with_passkey((&challenge, &answer), from, None, self.now()).await;
        self.entered(visitor, opened).await
    }

    async fn sign_in_with_link(&self, visitor: &Visitor, token: &str) -> Result<SignedIn, SignInRefused> {
        let opened = self.app.parts.platform.sign_in_by_link(token, visit(visitor), self.now()).await;
        self.entered(visitor, opened).await
    }

    async fn reset_factors(
        &self,
        visitor: &Visitor,
        token: &str,
        password: &str,
    ) -> Result<SignedIn, SignInRefused> {
        let reset =
            self.app.parts.platform.reset_factors((token, password), visit(visitor), self.now()).await;
        match reset {
            Ok(ticket) => Ok(SignedIn { set_cookie: self.ticket_cookie(&ticket) }),
            Err(CredentialError::WrongPassword) => Err(SignInRefused::NotKnown),
            Err(CredentialError::TooManyTries { .. }) => Err(SignInRefused::TooManyTries),
            Err(CredentialError::Busy) => Err(SignInRefused::Fault(Fault::Unavailable)),
            Err(CredentialError::Store(error)) => Err(SignInRefused::Fault(store_fault(&error))),
            Err(_) => Err(SignInRefused::BeginAgain),
        }
    }

    async fn switch(&self, visitor: &Visitor, membership_id: &str) -> Result<SignedIn, Fault> {
        let cookie = visitor.cookie.as_deref().ok_or(Fault::Unauthenticated)?;
        let membership: MembershipId = membership_id.parse().map_err(|_| Fault::NotFound)?;
        let platform = &self.app.parts.platform;
        match platform.switch_membership(cookie, SessionKind::Browser, membership, self.now()).await {
            Ok(switched) => Ok(self.cookie(&switched.secret)),
            Err(SessionError::NotYours) => Err(Fault::NotFound),
            Err(SessionError::FactorNeeded) => Err(Fault::FactorNeeded),
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

fn visit(visitor: &Visitor) -> Visit {
    Visit { kind: SessionKind::Browser, device: device_words(&visitor.agent) }
}

fn fault(code: &str, message: &str) -> Fault {
    match code {
        "UNAUTHENTICATED" => Fault::Unauthenticated,
        "SECOND_FACTOR_NEEDED" => Fault::WeakSession,
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
        StoreError::FactorNeeded => Fault::WeakSession,
        _ => Fault::Internal,
    }
}

/// The same executor, as the pages' routes want to find it.
pub fn shared(executor: InProcess) -> Arc<dyn Executor> {
    Arc::new(executor)
}
