//! The GraphQL edge: parse, call one use case or one read model, present.

pub mod objects;
