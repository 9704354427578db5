//! Screen 10: what matters to somebody, their goals, and what will be done.
use super::document;
use crate::codes::{
    AccessLevel, ContactChannel, InformationFormat, PlanActionBy, PlanActionKind, PlanChangeKind, RefusalCode,
};

document!(PersonPlan, "documents/person_plan.graphql");
document!(PlanVersions, "documents/plan_versions.graphql");
document!(SavePlan, "documents/save_plan.graphql");
