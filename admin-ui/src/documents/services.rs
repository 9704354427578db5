//! Screen 13: find a service.
use super::document;
use crate::codes::{CapacityState, Cost, Need, OrganisationKind};

document!(Services, "documents/services.graphql");
document!(OneService, "documents/one_service.graphql");
document!(Alternatives, "documents/alternatives.graphql");
