//! Screen 21: who has what, confirming it, and taking the list away.
use super::document;
use crate::codes::{RefusalCode, Role};

document!(AccessReview, "documents/access_review.graphql");
document!(LackingSecondFactor, "documents/lacking_second_factor.graphql");
document!(ConfirmAccess, "documents/commands/confirm_access.graphql");
document!(ExportAccessReview, "documents/commands/export_access_review.graphql");
