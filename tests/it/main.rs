//! Stories of the whole system, in the words of the domain.

mod canary;
mod consent_story;
mod database_guard;
mod policy_drop;
mod read_feedback;
mod read_lists;
mod sign_in;
mod store_story;
