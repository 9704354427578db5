//! How what may go wrong with organisations and their people is answered. As in `verdict`, nothing is caught by default.

use trellis_domain::identity::{InvitationError, MembershipError};
use trellis_domain::tenancy::{CannotSucceed, OrganisationError, Outlook};
use trellis_infra::pg::platform::JoinError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;
use super::credentials::too_weak;

impl From<MembershipError> for Verdict {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::NotFound => Refusal::not_found("membershipId").into(),
            MembershipError::OrganisationNotFound => Refusal::not_found("organisationId").into(),
            MembershipError::Stale => Refusal::stale().into(),
            MembershipError::NoRole => {
                let message = "A member needs at least one role.";
                Refusal::new(RefusalCode::InvalidInput, message, "Choose what they may do.")
                    .about("roles")
                    .into()
            }
            MembershipError::RoleNotHere => {
                let message = "One of these roles cannot be held in an organisation of this kind.";
                let next = "Choose among the roles that are offered for it.";
                Refusal::new(RefusalCode::RoleNotHere, message, next).about("roles").into()
            }
            MembershipError::LastAdministrator => {
                let message = "They are the last one who answers for this place.";
                let next = "Give somebody else the role first.";
                Refusal::new(RefusalCode::LastAdministrator, message, next).into()
            }
            MembershipError::OwnFactors => {
                let message = "Nobody resets their own second step.";
                let next = "Change it on your account page, or ask another administrator.";
                Refusal::new(RefusalCode::NotYourself, message, next).about("membershipId").into()
            }
            MembershipError::NothingToReset => {
                let message = "They have no second step that could be reset.";
                let next = "They sign in with their password, and set one up.";
                Refusal::new(RefusalCode::NothingToReset, message, next).about("membershipId").into()
            }
            MembershipError::OwnRoles => {
                let message = "Nobody adds a role to their own.";
                Refusal::new(RefusalCode::OwnRoles, message, "Ask another administrator.")
                    .about("roles")
                    .into()
            }
            MembershipError::Denied(denied) => denied.into(),
            MembershipError::Store(store) => store.into(),
        }
    }
}

impl From<InvitationError> for Verdict {
    fn from(error: InvitationError) -> Self {
        let (code, message, next, field) = match error {
            InvitationError::NotFound => return Refusal::not_found("invitationId").into(),
            InvitationError::Membership(error) => return error.into(),
            InvitationError::Denied(denied) => return denied.into(),
            InvitationError::Store(store) => return store.into(),
            InvitationError::Expired => (
                RefusalCode::LinkExpired,
                "The invitation has run out.",
                "Ask for a new link: one press is enough.",
                "token",
            ),
            InvitationError::Withdrawn => (
                RefusalCode::LinkExpired,
                "The invitation was taken back.",
                "Ask whoever invited you, or invite again.",
                "token",
            ),
            InvitationError::Spent => {
                (RefusalCode::LinkSpent, "The invitation was taken up already.", "Sign in.", "token")
            }
            InvitationError::OrganisationShut => (
                RefusalCode::OrganisationShut,
                "Nobody can join this organisation at the moment.",
                "Phone whoever coordinates the network.",
                "token",
            ),
            InvitationError::AlreadyMember => (
                RefusalCode::AlreadyMember,
                "Somebody with this address is a member already.",
                "Change their roles instead.",
                "email",
            ),
            InvitationError::AlreadyInvited => (
                RefusalCode::AlreadyInvited,
                "Somebody with this address is invited already.",
                "Send that invitation again, or take it back first.",
                "email",
            ),
            InvitationError::Yourself => (
                RefusalCode::NotYourself,
                "Nobody invites themselves.",
                "Ask somebody else who may invite.",
                "email",
            ),
            InvitationError::OnlyAdministrators => (
                RefusalCode::OnlyAdministrators,
                "This organisation has an administrator, who chooses its people.",
                "Invite another administrator, or ask theirs.",
                "roles",
            ),
        };
        Refusal::new(code, message, next).about(field).into()
    }
}

impl From<JoinError> for Verdict {
    fn from(error: JoinError) -> Self {
        match error {
            JoinError::Unknown => Refusal::not_found("token").into(),
            JoinError::NoName => {
                let message = "A new login needs a name.";
                Refusal::new(RefusalCode::InvalidInput, message, "Enter your full name.").about("name").into()
            }
            JoinError::Password(refusal) => too_weak(refusal, "password").into(),
            JoinError::SignIn(error) => error.into(),
            JoinError::Store(store) => store.into(),
        }
    }
}

impl From<OrganisationError> for Verdict {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::NotFound => Refusal::not_found("organisationId").into(),
            OrganisationError::EndsBeforeItBegins => {
                let message = "The agreement ends before it begins.";
                Refusal::new(RefusalCode::InvalidInput, message, "Check both days.")
                    .about("agreement.endsOn")
                    .into()
            }
            OrganisationError::StillNeeded(outlook) => still_needed(outlook).into(),
            OrganisationError::AllSettled => {
                let message = "All that it held is settled already.";
                Refusal::new(RefusalCode::AllSettled, message, "There is nothing to take over.")
                    .about("successorId")
                    .into()
            }
            OrganisationError::CannotSucceed(why) => cannot_succeed(why).into(),
            OrganisationError::Service(error) => error.into(),
            OrganisationError::Invitation(error) => error.into(),
            OrganisationError::Denied(denied) => denied.into(),
            OrganisationError::Store(store) => store.into(),
        }
    }
}

fn still_needed(outlook: Outlook) -> Refusal {
    let counted = [
        (outlook.people, "people's records that it answers for"),
        (outlook.emergencies, "emergency openings of these records that nobody has reviewed"),
        (outlook.coming, "organisations that are handing over their people's records to it"),
        (outlook.unanswered, "referrals that came back to it and wait for an answer or for somebody else"),
        (
            outlook.only_here,
            "open referrals that are known to it alone, and nothing lets anybody else know of them",
        ),
    ];
    let counted: Vec<String> = counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let message = format!("It cannot be closed yet. In the way: {}.", counted.join("; "));
    let next = if outlook.people > 0 {
        "Its privacy officer hands the records over to another organisation first, under \"Hand over records\"."
    } else {
        "Ask its people to review, to answer, to finish or to record what people agree to, or choose a successor whom these \
         people agree to."
    };
    Refusal::new(RefusalCode::StillNeeded, message, next)
}

fn cannot_succeed(why: CannotSucceed) -> Refusal {
    let (message, next) = match why {
        CannotSucceed::NotThere => {
            return Refusal::not_found("successorId");
        }
        CannotSucceed::Suspended => {
            ("This organisation is suspended.", "Let it in again, or choose another.")
        }
        CannotSucceed::OtherKind => (
            "An organisation of this kind does not do the work of the one that closes.",
            "Choose one of the same kind.",
        ),
        CannotSucceed::Nobody => (
            "Nobody works for this organisation yet.",
            "Choose another, or wait until somebody has joined it.",
        ),
    };
    Refusal::new(RefusalCode::SuccessorCannot, message, next).about("successorId")
}
