//! How Trellis is reached: HTTP, GraphQL, the command line; and the one composition root (`app`).
//! No rule of the domain and no SQL is here.

pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod graphql;
pub mod http;
pub mod import;
pub mod parts;
pub mod status;
