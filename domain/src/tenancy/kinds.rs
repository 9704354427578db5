//! What an organisation of each kind may do, as far as that depends on its kind alone: the roles that may be held in it.

use super::OrganisationKind;
use crate::policy::{Action, Role};

const PRACTICE: &[Role] = &[Role::OrganisationAdmin, Role::Referrer, Role::Analyst, Role::PrivacyOfficer];
const LINK_WORKERS: &[Role] = &[
    Role::OrganisationAdmin,
    Role::Referrer,
    Role::LinkWorker,
    Role::TeamLead,
    Role::Analyst,
    Role::PrivacyOfficer,
];
/// Whoever helps may also ask others to help.
const PROVIDER: &[Role] =
    &[Role::OrganisationAdmin, Role::Referrer, Role::ProviderWorker, Role::Analyst, Role::PrivacyOfficer];
/// Whoever pays sees numbers, and nobody.
const COMMISSIONER: &[Role] = &[Role::OrganisationAdmin, Role::Analyst, Role::PrivacyOfficer];

impl OrganisationKind {
    /// The roles that may be held in an organisation of this kind, the administrator's first.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Practice | Self::PrimaryCareNetwork => PRACTICE,
            Self::LinkWorkerService => LINK_WORKERS,
            Self::CommunityProvider | Self::Council => PROVIDER,
            Self::Commissioner => COMMISSIONER,
        }
    }

    pub fn may_hold(self, role: Role) -> bool {
        self.roles().contains(&role)
    }

    /// May it answer for people's records? Only where people may be registered.
    pub fn may_keep_records(self) -> bool {
        Action::RegisterPerson.rule().roles.iter().any(|(role, _)| self.may_hold(*role))
    }

    /// May it take over what an organisation of the other kind leaves? Only if all of that work can be done in it.
    pub fn may_succeed(self, other: Self) -> bool {
        other.roles().iter().all(|role| self.may_hold(*role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caseloads_are_held_by_link_worker_services_and_money_sees_nobody() {
        for kind in OrganisationKind::ALL {
            let holds = |role| kind.may_hold(role);
            let caseload = holds(Role::LinkWorker) || holds(Role::TeamLead);
            assert_eq!(caseload, *kind == OrganisationKind::LinkWorkerService, "{kind}");
            assert!(holds(Role::OrganisationAdmin), "somebody answers for {kind}");
            assert!(kind.roles().iter().all(|role| role.is_for_organisations()), "{kind}");
        }
        let seeing = [Role::Referrer, Role::LinkWorker, Role::TeamLead, Role::ProviderWorker];
        assert!(seeing.iter().all(|role| !OrganisationKind::Commissioner.may_hold(*role)));
    }

    #[test]
    fn a_caseload_is_left_to_a_link_worker_service_only_and_nobody_is_left_to_money() {
        use OrganisationKind::{Commissioner, CommunityProvider, Council, LinkWorkerService, Practice};
        for kind in OrganisationKind::ALL {
            assert_eq!(kind.may_succeed(LinkWorkerService), *kind == LinkWorkerService, "{kind}");
            assert!(kind.may_succeed(*kind), "{kind}");
            assert_eq!(Commissioner.may_succeed(*kind), *kind == Commissioner, "{kind}");
        }
        assert!(Council.may_succeed(CommunityProvider) && CommunityProvider.may_succeed(Council));
        assert!(!Practice.may_succeed(CommunityProvider));
    }

    #[test]
    fn records_are_kept_wherever_people_are_registered_and_not_by_money() {
        for kind in OrganisationKind::ALL {
            assert_eq!(kind.may_keep_records(), *kind != OrganisationKind::Commissioner, "{kind}");
        }
    }

    #[test]
    fn every_role_of_an_organisation_can_be_held_in_some_kind() {
        for role in Role::ALL.iter().filter(|role| role.is_for_organisations()) {
            assert!(OrganisationKind::ALL.iter().any(|kind| kind.may_hold(*role)), "{}", role.code());
        }
    }
}
