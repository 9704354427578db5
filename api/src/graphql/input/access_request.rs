//! A page that somebody asks for, and the answer.

use async_graphql::{ID, InputObject};
use trellis_domain::access_request::{AnswerRequest, AskForAccess, Wanted};
use trellis_domain::kernel::{Prose, Redacted};

use super::{Check, Command};
use crate::graphql::enums::AccessAnswer;
use crate::graphql::refusal::Refusal;

#[derive(InputObject, Clone)]
pub struct AskForAccessInput {
    /// The address of the page, from its first slash. What follows a question mark is not kept.
    pub wanted: String,
    /// Why it is needed, without the name of anybody who is helped.
    pub why: String,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct AnswerAccessRequestInput {
    pub request_id: ID,
    pub answer: AccessAnswer,
    pub idempotency_key: Option<String>,
}

impl Command for AskForAccessInput {
    type Parsed = AskForAccess;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<AskForAccess, Refusal> {
        let mut check = Check::new();
        let wanted = check.field("wanted", Wanted::parse(&self.wanted));
        let why = check.field("why", Prose::parse(&self.why));
        check.finish(wanted.zip(why).map(|(wanted, why)| AskForAccess { wanted, why: Redacted::new(why) }))
    }
}

impl Command for AnswerAccessRequestInput {
    type Parsed = AnswerRequest;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<AnswerRequest, Refusal> {
        let mut check = Check::new();
        let request = check.id("requestId", &self.request_id);
        check.finish(request.map(|request| AnswerRequest { request, answer: self.answer.into() }))
    }
}
