//! Who is signed in.
use super::document;
use crate::codes::{OrganisationKind, Role};

document!(Frame, "documents/frame.graphql");
