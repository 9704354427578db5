//! Give up on a message that cannot be delivered. Whoever caused it hears so as a task, in the same transaction:
//! a letter that did not arrive is work, not a line in a log.

use uuid::Uuid;

use crate::audit::Event;
use crate::kernel::{
    MessageId, OpContext, OrganisationId, Recorded, ReferralId, StoreError, Subject, TypedId,
};
use crate::policy::{Action, Denied, Guarded, Side};

/// One message of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    /// Whose act it came from; none is a role of the network, or nobody's.
    pub sender: Option<OrganisationId>,
    /// None is a role of the network.
    pub recipient: Option<OrganisationId>,
    pub referral: Option<ReferralId>,
    /// What it is about where that is no referral.
    pub about: Option<Uuid>,
}

/// What the record keeps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageFailed {
    pub message: MessageId,
    pub organisation: Option<OrganisationId>,
    pub referral: Option<ReferralId>,
}

#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub trait MessageWrites {
    /// `false` when it was settled in the meantime.
    fn mark_dead(&mut self, id: MessageId) -> Result<bool, StoreError>;
}

pub fn give_up<S>(tx: &mut S, op: &OpContext, message: Message) -> Result<Recorded<Message>, DeliveryError>
where
    S: MessageWrites + ?Sized,
{
    let permit = op.authorize(Action::DeliverMessage, &message)?;
    if !tx.mark_dead(message.id)? {
        return Ok(Recorded::unchanged(message));
    }
    let failed =
        MessageFailed { message: message.id, organisation: message.sender, referral: message.referral };
    Ok(Recorded::new(permit, message, [Event::MessageFailed(failed)]))
}

impl Subject for Message {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Message {
    const KIND: &'static str = "message";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => self.sender.is_some() && op.organisation() == self.sender,
            Side::Network => true,
            _ => false,
        }
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}
