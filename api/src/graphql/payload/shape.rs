//! What every payload is: the thing that was done, or the refusal.

use super::super::error::Fault;
use super::super::refusal::Refusal;
use super::super::verdict::Verdict;

/// A payload with its two faces.
pub trait Payload: Sized {
    type Done;

    fn done(value: Self::Done) -> Self;

    fn refused(refusal: Refusal) -> Self;

    /// Refusals are answers; faults are errors.
    fn present(outcome: Result<Self::Done, Verdict>) -> Result<Self, Fault> {
        match outcome {
            Ok(value) => Ok(Self::done(value)),
            Err(Verdict::Refused(refusal)) => Ok(Self::refused(refusal)),
            Err(Verdict::Failed(fault)) => Err(fault),
        }
    }
}

/// Payloads of the two common shapes: the one thing that was done, or no more than that it was done.
macro_rules! payload {
    ($name:ident { $field:ident: $object:ident } of $done:ty) => {
        #[derive(SimpleObject)]
        #[graphql(directive = $crate::graphql::rules::rule::apply($crate::graphql::rules::Rule::NothingMore.into()))]
        pub struct $name {
            #[graphql(directive = $crate::graphql::rules::rule::apply($crate::graphql::rules::Rule::NothingMore.into()))]
            pub $field: Option<$object>,
            pub refusal: Option<Refusal>,
        }

        impl Payload for $name {
            type Done = $done;

            fn done(value: $done) -> Self {
                Self { $field: Some($object::new(value)), refusal: None }
            }

            fn refused(refusal: Refusal) -> Self {
                Self { $field: None, refusal: Some(refusal) }
            }
        }
    };
    ($(#[$meta:meta])* $name:ident { done }) => {
        $(#[$meta])*
        #[derive(SimpleObject)]
        #[graphql(directive = $crate::graphql::rules::rule::apply($crate::graphql::rules::Rule::NothingMore.into()))]
        pub struct $name {
            pub done: bool,
            pub refusal: Option<Refusal>,
        }

        impl Payload for $name {
            type Done = ();

            fn done((): ()) -> Self {
                Self { done: true, refusal: None }
            }

            fn refused(refusal: Refusal) -> Self {
                Self { done: false, refusal: Some(refusal) }
            }
        }
    };
}
pub(in crate::graphql) use payload;
