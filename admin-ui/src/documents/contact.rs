//! Screen 11: log a contact.
use super::document;
use crate::codes::{ContactChannel, ContactResult, NextStep, RefusalCode};

document!(LogContact, "documents/log_contact.graphql");
document!(UndoContact, "documents/commands/undo_contact.graphql");
