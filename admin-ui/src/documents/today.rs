//! Screen 5: what is to be done.
use super::document;
use crate::codes::{ReferralStage, RefusalCode, TaskKind, WorklistKind};

document!(Worklist, "documents/worklist.graphql");
document!(FinishTask, "documents/finish_task.graphql");
