//! The close-out summary, in headings of the Social Prescribing Information Standard v1.1 (PRSB).

use serde::{Deserialize, Serialize};

use crate::kernel::Prose;

/// What the referrer may hear at the end, if the person lets them. Sealed where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseOut {
    /// "Services and care": what was offered.
    pub support_offered: Prose,
    /// "Care and support plan / outcomes": how it went, in the person's words where possible.
    pub outcomes: Option<Prose>,
    /// "Plan and requested actions": what the practice is asked to do.
    pub actions_for_referrer: Option<Prose>,
}
