//! Stories of the whole system, in the words of the domain.

mod database_guard;
mod store_story;
