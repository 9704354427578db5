//! Asking for a page that is not for one's role, and answering such requests.
use super::document;
use crate::codes::{AccessAnswer, RefusalCode};

document!(AccessRequests, "documents/access_requests.graphql");
document!(AskForAccess, "documents/commands/ask_for_access.graphql");
document!(AnswerAccessRequest, "documents/commands/answer_access_request.graphql");
