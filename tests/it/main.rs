//! Stories of the whole system, in the words of the domain.

mod canary;
mod consent_story;
mod database_guard;
mod policy_drop;
mod store_story;
