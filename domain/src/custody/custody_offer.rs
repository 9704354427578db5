//! The offer to hand over all records that an organisation answers for, and what became of it.

use jiff::Timestamp;
use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{
    CustodyOfferId, OpContext, OrganisationId, PersonId, StoreError, Subject, TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Side};

define_codes! {
    /// Why records are to go to somebody else.
    CustodyReason {
        Merger = "merger", "The two organisations join together";
        Closing = "closing", "The organisation is going to close";
        ServiceMoved = "service_moved", "The service has moved to the other organisation";
    }
}

define_codes! {
    CustodyDecline {
        NotAgreed = "not_agreed", "This was not agreed with us";
        NoCapacity = "no_capacity", "We cannot answer for so many people";
        OtherOrganisation = "other_organisation", "Another organisation should have them";
    }
}

define_codes! {
    CustodyStage {
        Offered = "offered", "Waiting for an answer";
        Withdrawn = "withdrawn", "Taken back";
        Declined = "declined", "Declined";
        Moving = "moving", "Being handed over";
        Moved = "moved", "Handed over";
    }
}

/// Where an offer stands, with what is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Offered,
    Withdrawn {
        at: Timestamp,
    },
    Declined {
        at: Timestamp,
        why: CustodyDecline,
    },
    /// Both have signed, and one record after another goes over.
    Moving {
        since: Timestamp,
    },
    Moved {
        since: Timestamp,
        at: Timestamp,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustodyOffer {
    pub id: CustodyOfferId,
    pub from: OrganisationId,
    pub to: OrganisationId,
    pub reason: CustodyReason,
    /// For how many people the record was answered when it was offered.
    pub people: u64,
    pub offered_at: Timestamp,
    /// Who signed for the offering organisation.
    pub offered_by: UserId,
    pub standing: Standing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodyEvent {
    pub offer: CustodyOfferId,
    pub from: OrganisationId,
    pub to: OrganisationId,
    pub fact: CustodyFact,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustodyFact {
    /// With those who can answer it.
    Offered {
        reason: CustodyReason,
        officers: Vec<UserId>,
    },
    Withdrawn,
    /// With those who can make such offers.
    Accepted {
        officers: Vec<UserId>,
    },
    Declined {
        why: CustodyDecline,
        officers: Vec<UserId>,
    },
    HandedOver {
        person: PersonId,
    },
    /// Nobody is left whose record was answered for.
    Finished,
}

/// Why one organisation cannot answer for another's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotKeep {
    #[error("it is the one that offers them")]
    Itself,
    #[error("it is suspended")]
    Suspended,
    #[error("an organisation of its kind registers nobody")]
    OtherKind,
    #[error("nobody there answers for privacy, or nobody registers people")]
    Nobody,
}

#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    #[error("there is no such offer")]
    NotFound,
    #[error("there is no such organisation")]
    NoSuchOrganisation,
    #[error(transparent)]
    CannotKeep(#[from] CannotKeep),
    #[error("the organisation answers for nobody")]
    NobodyToHandOver,
    #[error("there is an open offer")]
    OfferedAlready,
    /// Else records could go round in a circle, or on to somebody whom nobody has agreed to.
    #[error("records are being handed over the other way, or on")]
    UnderWay,
    #[error("the offer was answered or taken back")]
    Over,
    /// Both sides sign, by two people.
    #[error("whoever offers does not accept for the other side")]
    OwnOffer,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Standing {
    pub fn stage(self) -> CustodyStage {
        match self {
            Self::Offered => CustodyStage::Offered,
            Self::Withdrawn { .. } => CustodyStage::Withdrawn,
            Self::Declined { .. } => CustodyStage::Declined,
            Self::Moving { .. } => CustodyStage::Moving,
            Self::Moved { .. } => CustodyStage::Moved,
        }
    }

    /// When it was answered or taken back.
    pub fn settled_at(self) -> Option<Timestamp> {
        match self {
            Self::Offered => None,
            Self::Withdrawn { at } | Self::Declined { at, .. } => Some(at),
            Self::Moving { since } | Self::Moved { since, .. } => Some(since),
        }
    }

    pub fn finished_at(self) -> Option<Timestamp> {
        match self {
            Self::Moved { at, .. } => Some(at),
            _ => None,
        }
    }

    pub fn declined(self) -> Option<CustodyDecline> {
        match self {
            Self::Declined { why, .. } => Some(why),
            _ => None,
        }
    }
}

impl CustodyOffer {
    pub fn is_moving(&self) -> bool {
        matches!(self.standing, Standing::Moving { .. })
    }

    /// From an offer that waits to what its end says: once.
    pub(super) fn settle(self, standing: Standing) -> Result<Self, CustodyError> {
        match self.standing {
            Standing::Offered => Ok(Self { standing, ..self }),
            _ => Err(CustodyError::Over),
        }
    }

    pub(super) fn event(&self, fact: CustodyFact) -> CustodyEvent {
        CustodyEvent { offer: self.id, from: self.from, to: self.to, fact }
    }
}

impl CustodyFact {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "custody.offered",
            Self::Withdrawn => "custody.withdrawn",
            Self::Accepted { .. } => "custody.accepted",
            Self::Declined { .. } => "custody.declined",
            Self::HandedOver { .. } => "custody.handed_over",
            Self::Finished => "custody.finished",
        }
    }

    pub(crate) fn person(&self) -> Option<PersonId> {
        match self {
            Self::HandedOver { person } => Some(*person),
            _ => None,
        }
    }

    pub(crate) fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Offered { reason, .. } => Some(reason.code()),
            Self::Declined { why, .. } => Some(why.code()),
            _ => None,
        }
    }
}

impl Subject for CustodyOffer {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for CustodyOffer {
    const KIND: &'static str = "custody_offer";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => op.organisation() == Some(self.from),
            Side::Receiver => op.organisation() == Some(self.to),
            _ => false,
        }
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(standing: Standing) -> CustodyOffer {
        let id = |number| Uuid::from_u128(number);
        CustodyOffer {
            id: CustodyOfferId::from_uuid(id(1)),
            from: OrganisationId::from_uuid(id(2)),
            to: OrganisationId::from_uuid(id(3)),
            reason: CustodyReason::Merger,
            people: 1,
            offered_at: Timestamp::UNIX_EPOCH,
            offered_by: UserId::from_uuid(id(4)),
            standing,
        }
    }

    #[test]
    fn an_offer_is_settled_once_whatever_came_of_it() {
        let at = Timestamp::UNIX_EPOCH;
        let ends = [
            Standing::Withdrawn { at },
            Standing::Declined { at, why: CustodyDecline::NotAgreed },
            Standing::Moving { since: at },
            Standing::Moved { since: at, at },
        ];
        for end in ends {
            assert!(offer(Standing::Offered).settle(end).is_ok_and(|settled| settled.standing == end));
            for next in ends {
                assert!(matches!(offer(end).settle(next), Err(CustodyError::Over)), "{end:?} then {next:?}");
            }
        }
    }
}
