//! Joining by application, from both sides.
use super::document;
use crate::codes::{ApplicationRefusal, ApplicationStage, OrganisationKind, RefusalCode};

document!(Applications, "documents/applications.graphql");
document!(OneApplication, "documents/application.graphql");
document!(WaitingApplications, "documents/waiting_applications.graphql");
document!(Joinable, "documents/joinable_network.graphql");
document!(OwnApplication, "documents/own_application.graphql");
document!(ApplyToJoin, "documents/commands/apply_to_join.graphql");
document!(ConfirmApplication, "documents/commands/confirm_application.graphql");
document!(ReplyToQuestion, "documents/commands/reply_to_question.graphql");
document!(ApproveApplication, "documents/commands/approve_application.graphql");
document!(AskApplicant, "documents/commands/ask_applicant.graphql");
document!(DeclineApplication, "documents/commands/decline_application.graphql");
document!(ChangeJoining, "documents/commands/change_joining.graphql");
