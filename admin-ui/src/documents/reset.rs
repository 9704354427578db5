//! A reset of second factors: beginning it, looking at its link, stopping it.
use super::document;
use crate::codes::RefusalCode;

document!(StartFactorReset, "documents/commands/start_factor_reset.graphql");
document!(OpenedReset, "documents/opened_reset.graphql");
document!(StopFactorReset, "documents/stop_factor_reset.graphql");
