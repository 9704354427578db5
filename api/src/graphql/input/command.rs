//! An input that asks for something to be done: its key against repeats, and its parsed form.

use async_graphql::{InputType, Value};
use trellis_domain::kernel::op_context::IdempotencyKey;

use crate::graphql::context::GqlContext;
use crate::graphql::refusal::{Refusal, RefusalCode};

/// The lengths that the store takes.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=200;

/// What a mutation takes.
pub trait Command: InputType {
    /// What the domain takes.
    type Parsed;

    fn idempotency_key(&self) -> Option<&str>;

    fn parse(&self) -> Result<Self::Parsed, Refusal>;
}

/// The key of the input, or else of the request's header, with a digest of everything else that was asked.
pub fn key_of<C: Command>(
    gql: &GqlContext,
    operation: &'static str,
    input: &C,
) -> Result<Option<IdempotencyKey>, Refusal> {
    let Some(key) = input.idempotency_key().or(gql.asked().idempotency_key.as_deref()) else {
        return Ok(None);
    };
    if !KEY_LENGTH.contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "An idempotency key has 8 to 200 letters, digits and marks, without spaces.";
        let refusal = Refusal::new(RefusalCode::InvalidInput, message, "Use a UUID, for example.");
        return Err(refusal.about("idempotencyKey"));
    }
    let mut asked = input.to_value();
    if let Value::Object(fields) = &mut asked {
        fields.swap_remove("idempotencyKey");
    }
    let request_hash = trellis_infra::auth::request_digest(operation, asked.to_string().as_bytes());
    Ok(Some(IdempotencyKey { key: key.to_owned(), request_hash }))
}
