//! Records opened in an emergency: opening one, ending it, the list, and the review.
use super::document;
use crate::codes::{RefusalCode, ReviewVerdict};

document!(Emergencies, "documents/emergencies.graphql");
document!(OpenInEmergency, "documents/commands/open_in_emergency.graphql");
document!(CloseEmergency, "documents/commands/close_emergency.graphql");
document!(ReviewEmergency, "documents/commands/review_emergency.graphql");
