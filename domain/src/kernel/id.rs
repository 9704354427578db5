//! One type per id, shown to the outside as `prefix_` and 32 hexadecimal digits.
//! Ids are UUIDv7 so that keys grow in order of time; they are made by an [`super::IdSource`] only.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An identifier that was not of the right form or kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the expected kind")]
pub struct InvalidId;

/// Anything with a typed id: its prefix outside, its UUID inside.
pub trait TypedId: Copy {
    /// What stands before the underscore.
    const PREFIX: &'static str;
    fn from_uuid(uuid: Uuid) -> Self;
    fn uuid(self) -> Uuid;
}

/// Splits `ref_0123…` into its prefix and UUID without saying which kinds exist.
pub fn split_id(text: &str) -> Result<(&str, Uuid), InvalidId> {
    let (prefix, digits) = text.rsplit_once('_').ok_or(InvalidId)?;
    if digits.len() != 32 || digits.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(InvalidId);
    }
    Ok((prefix, Uuid::try_parse(digits).map_err(|_| InvalidId)?))
}

macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> Uuid { self.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match split_id(text)? {
                    ($prefix, uuid) => Ok(Self(uuid)),
                    _ => Err(InvalidId),
                }
            }
        }
    };
}

define_id!(/// A region: the outer wall.
    NetworkId, "net");
define_id!(/// A tenant inside a network.
    OrganisationId, "org");
define_id!(/// One login.
    UserId, "usr");
define_id!(/// A user's roles in one organisation, or in the network itself.
    MembershipId, "mem");
define_id!(/// A sign-in that has not ended.
    SessionId, "ses");
define_id!(/// A key of a device that somebody signs in with.
    PasskeyId, "pky");
define_id!(/// Somebody who may be helped.
    PersonId, "per");
define_id!(/// Whether two records are of the same person.
    MatchId, "mat");
define_id!(/// One organisation's right to see one person.
    PersonAccessId, "acc");
define_id!(/// A page that was asked for.
    AccessRequestId, "arq");
define_id!(/// Members whose access was looked at in one go.
    ConfirmationId, "cnf");
define_id!(/// A link in a mail about a login.
    LoginLinkId, "lgl");
define_id!(/// A record opened in an emergency.
    EmergencyOpeningId, "emo");
define_id!(/// An offer to hand over all records that are kept.
    CustodyOfferId, "cst");
define_id!(/// A recorded sharing choice.
    DecisionId, "dec");
define_id!(/// Something an organisation offers.
    ServiceId, "svc");
define_id!(/// One request to one service.
    ReferralId, "ref");
define_id!(/// One attempt to reach or meet a person.
    ContactId, "con");
define_id!(/// One version of somebody's plan.
    PlanId, "pln");
define_id!(/// What somebody wants to get to, in every version of their plan.
    GoalId, "gol");
define_id!(/// What will be done for a goal, in every version of the plan.
    PlanActionId, "act");
define_id!(/// Something that happened to an aggregate.
    EventId, "evt");
define_id!(/// One message waiting to go out.
    MessageId, "msg");
define_id!(/// One audit entry.
    AuditId, "aud");
define_id!(/// A single-use link sent to a provider.
    LinkId, "lnk");
define_id!(/// Something a worker was asked to look at.
    TaskId, "tsk");
define_id!(/// Several referrals that go to other workers in one go.
    ReassignmentId, "rea");
define_id!(/// Somebody asked to join, by e-mail.
    InvitationId, "inv");
define_id!(/// A group asks to join.
    ApplicationId, "app");
define_id!(/// What an organisation has signed.
    AgreementId, "agr");
define_id!(/// Who says for an organisation who its people are.
    ProviderId, "idp");
define_id!(/// One request as it passes through the system.
    RequestId, "req");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_itself_and_not_as_another_kind() {
        let id = ReferralId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<ReferralId>(), Ok(id));
        assert_eq!(id.to_string().parse::<PersonId>(), Err(InvalidId));
    }

    #[test]
    fn malformed_ids_are_refused() {
        for bad in [
            "",
            "ref_",
            "ref",
            "ref_123",
            "ref_0000000000000000000000000000000G",
            "ref_ABCDEF00000000000000000000000000",
        ] {
            assert_eq!(bad.parse::<ReferralId>(), Err(InvalidId), "{bad}");
        }
    }
}
