//! What can go wrong between us and a provider. Nothing that came over the wire is repeated: it may hold a code or a token.

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum SsoError {
    #[error("the provider cannot be reached")]
    Away,
    #[error("the provider says of itself what does not fit its address")]
    Unfit,
    #[error("the provider does not take our client or its secret")]
    Client,
    #[error("the provider's proof does not hold ({0})")]
    NotProven(&'static str),
    #[error("single sign-on could not be set up")]
    Setup,
}
