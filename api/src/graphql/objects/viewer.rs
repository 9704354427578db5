//! Who is signed in, and for whom they act.

use async_graphql::{ID, Object};
use trellis_domain::kernel::op_context::VerifiedSession;

/// The signed-in membership.
#[derive(Debug, Clone)]
pub struct ViewerObject {
    session: VerifiedSession,
}

impl ViewerObject {
    pub fn new(session: VerifiedSession) -> Self {
        Self { session }
    }
}

#[Object(name = "Viewer")]
impl ViewerObject {
    async fn membership_id(&self) -> ID {
        self.session.membership.to_string().into()
    }
}
