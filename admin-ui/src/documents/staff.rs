//! Screen 21: organisations, their people, and invitations.
use super::document;
use crate::codes::{
    AgreementKind, AgreementStanding, InvitationState, OrganisationKind, RefusalCode, Role, SuspensionReason,
};

document!(Staff, "documents/staff.graphql");
document!(StaffMember, "documents/staff_member.graphql");
document!(Invitations, "documents/invitations.graphql");
document!(ManagedOrganisations, "documents/managed_organisations.graphql");
document!(OneOrganisation, "documents/managed_organisation.graphql");
document!(OpenedInvitation, "documents/opened_invitation.graphql");
document!(InviteMember, "documents/commands/invite_member.graphql");
document!(ResendInvitation, "documents/commands/resend_invitation.graphql");
document!(WithdrawInvitation, "documents/commands/withdraw_invitation.graphql");
document!(AcceptInvitation, "documents/commands/accept_invitation.graphql");
document!(AskForInvitation, "documents/commands/ask_for_invitation.graphql");
document!(ChangeRoles, "documents/commands/change_roles.graphql");
document!(EndMembership, "documents/commands/end_membership.graphql");
document!(EndMemberSessions, "documents/commands/end_member_sessions.graphql");
document!(CreateOrganisation, "documents/commands/create_organisation.graphql");
document!(SuspendOrganisation, "documents/commands/suspend_organisation.graphql");
document!(LetInOrganisation, "documents/commands/let_in_organisation.graphql");
document!(CloseOrganisation, "documents/commands/close_organisation.graphql");
document!(NameSuccessor, "documents/commands/name_successor.graphql");
document!(ClosingOrganisation, "documents/closing_organisation.graphql");
document!(AddAgreement, "documents/commands/add_agreement.graphql");
