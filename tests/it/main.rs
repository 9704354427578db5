//! Stories of the whole system, in the words of the domain.

mod audit_trail;
mod canary;
mod consent_story;
mod crash;
mod database_guard;
mod graphql_lists;
mod demo_region;
mod directory_import;
mod isolation;
mod loop_over_graphql;
mod outbox;
mod policy_drop;
mod provider_link;
mod read_feedback;
mod read_lists;
mod refusals;
mod sign_in;
mod store_story;
mod subscription;
