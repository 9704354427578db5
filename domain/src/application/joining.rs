//! Whether a network takes applications, and what whoever applies agrees to.

use uuid::Uuid;

use super::{ApplicationError, ApplicationWrites};
use crate::audit::Event;
use crate::kernel::{Line, NetworkId, OpContext, Recorded, Subject, TypedId};
use crate::policy::{Action, Guarded, Side};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    pub network: NetworkId,
    pub open: bool,
    /// The version of the network's agreement.
    pub agreement: Line,
}

pub fn change_joining<S>(
    tx: &mut S,
    op: &OpContext,
    (open, agreement): (bool, Line),
) -> Result<Recorded<Joining>, ApplicationError>
where
    S: ApplicationWrites + ?Sized,
{
    let joining = Joining { network: op.network(), open, agreement };
    let permit = op.authorize(Action::ChangeJoining, &joining)?;
    if tx.joining()?.as_ref() == Some(&joining) {
        return Ok(Recorded::unchanged(joining));
    }
    tx.save_joining(&joining)?;
    let event = Event::JoiningChanged { network: op.network() };
    Ok(Recorded::new(permit, joining, [event]))
}

impl Subject for Joining {
    fn subject(&self) -> Uuid {
        self.network.uuid()
    }
}

impl Guarded for Joining {
    const KIND: &'static str = "joining";

    fn subject(&self) -> Uuid {
        self.network.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        side == Side::Network && op.network() == self.network
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}
