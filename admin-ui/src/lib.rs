//! What people see: server-rendered pages, complete with scripts off. Owns layout, words, states and accessibility.
//! Knows GraphQL documents, never the domain and never the database: a page is a plain struct of text that anything
//! can fill. Refuses to decide who may see or do what; it draws what it is given.
pub mod assets;
pub mod chrome;
pub mod codes;
pub mod documents;
pub mod executor;
pub mod pages;
pub mod parts;
pub mod routes;
mod sheet;
pub mod words;
