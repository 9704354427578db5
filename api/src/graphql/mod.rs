//! The GraphQL edge: parse, call one use case or one read model, present.

pub mod context;
pub mod documents;
pub mod enums;
pub mod error;
pub mod input;
pub mod limits;
pub mod mutation;
pub mod node_id;
pub mod objects;
pub mod payload;
pub mod query;
pub mod refusal;
pub mod rules;
pub mod scalars;
pub mod schema;
pub mod subscription;
pub mod verdict;
pub mod write;
