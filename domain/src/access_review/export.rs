//! Take the whole review away, as a list for a file. What leaves is recorded with how many it names.

use uuid::Uuid;

use super::{
    AccessReviewError, AccessReviewEvent, AccessReviewFact, AccessReviewReads, ReviewedAccess, ReviewedPlace,
};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId, Recorded, Subject};
use crate::policy::Action;
use crate::tenancy::OrganisationReads;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportAccess {
    /// None: of what is acted for.
    pub organisation: Option<OrganisationId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    pub place: ReviewedPlace,
    pub rows: Vec<ReviewedAccess>,
}

impl Subject for Exported {
    fn subject(&self) -> Uuid {
        Subject::subject(&self.place)
    }
}

pub fn export<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: ExportAccess,
) -> Result<Recorded<Exported>, AccessReviewError>
where
    S: AccessReviewReads + OrganisationReads + ?Sized,
{
    let organisation = cmd.organisation.or(op.organisation());
    if let Some(id) = organisation {
        tx.organisation(id)?.ok_or(AccessReviewError::OrganisationNotFound)?;
    }
    let place = ReviewedPlace { network: op.network(), organisation };
    let permit = op.authorize(Action::ExportAccessReview, &place)?;
    let rows = tx.reviewed_accesses(place)?;
    let fact = AccessReviewFact::Exported { rows: rows.len() };
    let event = AccessReviewEvent { organisation, subject: Subject::subject(&place), fact };
    Ok(Recorded::new(permit, Exported { place, rows }, [Event::AccessReview(event)]))
}
