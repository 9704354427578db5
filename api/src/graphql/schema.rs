//! The schema and the one way to run a document: read, measure, execute, and answer with codes from the closed list.
//! HTTP, the WebSocket and the pages all come through here.

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Data, Executor, Pos, Request, Response, SDLExportOptions, Schema, ServerError, value};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use super::context::GqlContext;
use super::documents::Documents;
use super::error::{Fault, FaultCode};
use super::limits::{MOST_COST, measure};
use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscriptions;

/// More would only help whoever probes.
const MOST_ERRORS: usize = 5;

/// Cheap to clone.
#[derive(Clone)]
pub struct TrellisSchema {
    schema: Schema<Query, Mutation, Subscriptions>,
    documents: Arc<Documents>,
}

impl std::fmt::Debug for TrellisSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrellisSchema").finish_non_exhaustive()
    }
}

/// `open`: the schema tells of itself and suggests names, as in the demo and in sandboxes.
pub fn build(open: bool) -> TrellisSchema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscriptions);
    let builder = if open { builder } else { builder.disable_introspection().disable_suggestions() };
    TrellisSchema { schema: builder.finish(), documents: Arc::default() }
}

/// The contract, as it is kept in `api/schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), Subscriptions).finish();
    schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions())
}

impl TrellisSchema {
    /// Reads and measures. The request carries its document from here on.
    fn admit(&self, request: &mut Request) -> Result<u64, Fault> {
        let document = self.documents.read(&request.query)?;
        let cost = measure(&document, &request.variables)?;
        request.set_parsed_query(ExecutableDocument::clone(&document));
        Ok(cost)
    }

    pub async fn execute(&self, mut request: Request) -> Response {
        let context = frame(&request.data);
        let response = match self.admit(&mut request) {
            Ok(cost) => with_cost(self.schema.execute(request).await, cost),
            Err(fault) => refused(fault),
        };
        finished(response, context.as_deref())
    }
}

impl Executor for TrellisSchema {
    async fn execute(&self, request: Request) -> Response {
        Self::execute(self, request).await
    }

    fn execute_stream(
        &self,
        mut request: Request,
        session_data: Option<Arc<Data>>,
    ) -> BoxStream<'static, Response> {
        let session_data = session_data.unwrap_or_default();
        let context = frame(&session_data).or_else(|| frame(&request.data));
        match self.admit(&mut request) {
            Ok(_) => {
                let answers = self.schema.execute_stream_with_session_data(request, session_data);
                answers.map(move |response| finished(response, context.as_deref())).boxed()
            }
            Err(fault) => {
                let response = finished(refused(fault), context.as_deref());
                stream::once(async move { response }).boxed()
            }
        }
    }
}

fn frame(data: &Data) -> Option<Arc<GqlContext>> {
    data.get(&TypeId::of::<Arc<GqlContext>>())?.downcast_ref::<Arc<GqlContext>>().cloned()
}

fn refused(fault: Fault) -> Response {
    Response::from_errors(vec![async_graphql::Error::from(fault).into_server_error(Pos::default())])
}

fn with_cost(response: Response, cost: u64) -> Response {
    response.extension("cost", value!({ "requested": cost, "maximum": MOST_COST }))
}

/// Every error gets a code and the request's id; none says more than it should.
fn finished(mut response: Response, context: Option<&GqlContext>) -> Response {
    response.errors.truncate(MOST_ERRORS);
    let request = context.map(|context| context.asked().request.to_string());
    for error in &mut response.errors {
        code(error);
        if let Some(request) = &request {
            error.extensions.get_or_insert_default().set("requestId", request.as_str());
        }
    }
    if context.is_some_and(GqlContext::was_replayed) {
        return response.extension("idempotencyReplayed", value!(true));
    }
    response
}

/// An error without a code is the library's: about the document or its values, or else ours and none of their business.
fn code(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_some() {
        return;
    }
    let about_the_request = error.path.is_empty() || is_about_values(&error.message);
    if about_the_request {
        extensions.set("code", FaultCode::BadUserInput.code());
        without_values(&mut error.message);
    } else {
        tracing::error!(error.message, "a resolver answered with an error that has no code");
        extensions.set("code", FaultCode::Internal.code());
        error.message = Fault::internal().message;
    }
}

/// The library finds some faults of a request only when it reads the values: of the wrong shape, or left out.
fn is_about_values(message: &str) -> bool {
    message.starts_with("Failed to parse")
        || message.starts_with("Variable ") && message.ends_with(" is not defined.")
}

/// The library quotes what was sent; it may be about somebody.
fn without_values(message: &mut String) {
    for quote in [", found ", " does not contain the value"] {
        if let Some(start) = message.find(quote) {
            message.truncate(start);
            message.push_str(if quote == ", found " { "." } else { " does not contain the value sent." });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(response: &Response) -> String {
        let extensions = response.errors.first().and_then(|error| error.extensions.as_ref());
        extensions.and_then(|known| known.get("code")).map(ToString::to_string).unwrap_or_default()
    }

    #[tokio::test]
    async fn the_schema_is_closed_outside_demos() {
        let asked = "{ __schema { types { name } } }";
        let shut = build(false).execute(Request::new(asked)).await;
        assert!(!shut.data.to_string().contains("Referral"), "{:?}", shut.data);
        let open = build(true).execute(Request::new(asked)).await;
        assert!(open.data.to_string().contains("Referral"), "{:?}", open.errors);
    }

    #[tokio::test]
    async fn a_field_that_does_not_exist_is_not_guessed_at() {
        let response = build(false).execute(Request::new("{ viewr { name } }")).await;
        assert_eq!(code_of(&response), "\"BAD_USER_INPUT\"");
        assert!(!format!("{:?}", response.errors).contains("Did you mean"), "{:?}", response.errors);
    }

    #[tokio::test]
    async fn a_value_that_was_left_out_is_the_callers_to_mend() {
        let asked = "query($id: ID!) { referral(id: $id) { id } }";
        let response = build(false).execute(Request::new(asked)).await;
        assert_eq!(code_of(&response), "\"BAD_USER_INPUT\"", "{:?}", response.errors);
    }

    #[tokio::test]
    async fn a_document_beyond_the_limits_never_runs() {
        let aliases = (0..101).map(|number| format!("a{number}: __typename")).collect::<Vec<_>>().join(" ");
        let response = build(false).execute(Request::new(format!("{{ {aliases} }}"))).await;
        assert_eq!(code_of(&response), "\"COST_LIMIT_EXCEEDED\"");
        assert_eq!(response.errors.len(), 1);
    }

    #[tokio::test]
    async fn an_answer_says_what_it_may_have_cost() {
        let response = build(false).execute(Request::new("{ __typename }")).await;
        assert!(response.extensions.contains_key("cost"), "{:?}", response.extensions);
    }

    #[test]
    fn what_was_sent_is_not_quoted() {
        let mut message =
            "Failed to parse \"Int\": Expected input type \"Int\", found \"Jo Park\".".to_owned();
        without_values(&mut message);
        assert_eq!(message, "Failed to parse \"Int\": Expected input type \"Int\".");
    }
}
