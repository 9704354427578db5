//! Signing in. What is typed here is checked by nobody but the one who knows the answer: the same refusal for all.

use async_graphql::InputObject;

#[derive(InputObject, Clone)]
pub struct SignInInput {
    pub email: String,
    pub password: String,
}
