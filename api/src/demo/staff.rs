//! The forty people who work in North Vale, and the personas among them whom a visitor can be.

use trellis_domain::policy::Role;

use super::organisations::{
    ADVICE, CARE_NETWORK, CARERS, COMMISSIONER, COMMUNITY_LINKS, COUNCIL, DAIRY, EASTFIELD_MEDICAL,
    FELLSIDE_LINKS, HARBOUR_VIEW, LANTERN, MILL_STREET, WALKERS,
};

#[derive(Debug, Clone, Copy)]
pub(crate) struct StaffPlan {
    /// Under which a persona stands in the file; None for staff nobody signs in as.
    pub(crate) key: Option<&'static str>,
    pub(crate) name: &'static str,
    /// None: in the network itself.
    pub(crate) organisation: Option<usize>,
    /// The first is the one a persona is introduced by.
    pub(crate) roles: &'static [Role],
}

const ADMIN: &[Role] = &[Role::OrganisationAdmin, Role::Referrer];
const REFERRER: &[Role] = &[Role::Referrer];
const WORKER: &[Role] = &[Role::LinkWorker];
const LEAD: &[Role] = &[Role::TeamLead];
const PROVIDER: &[Role] = &[Role::ProviderWorker];
const COUNCIL_WORKER: &[Role] = &[Role::ProviderWorker, Role::Referrer];

const fn somebody(name: &'static str, organisation: usize, roles: &'static [Role]) -> StaffPlan {
    StaffPlan { key: None, name, organisation: Some(organisation), roles }
}

const fn persona(
    key: &'static str,
    name: &'static str,
    organisation: Option<usize>,
    roles: &'static [Role],
) -> StaffPlan {
    StaffPlan { key: Some(key), name, organisation, roles }
}

pub(crate) const COORDINATOR: usize = 7;

pub(crate) const STAFF: [StaffPlan; 40] = [
    persona("sam", "Sam Brook", Some(COMMUNITY_LINKS), WORKER),
    persona("osei", "Dr Ama Osei", Some(MILL_STREET), REFERRER),
    persona("bea", "Bea Lindqvist", Some(WALKERS), PROVIDER),
    persona("ravi", "Ravi Pillai", Some(COMMISSIONER), &[Role::Analyst]),
    persona("pat", "Pat Holloway", Some(COMMUNITY_LINKS), &[Role::PrivacyOfficer]),
    persona("kit", "Kit Marlowe-Shaw", Some(COMMUNITY_LINKS), &[Role::OrganisationAdmin]),
    persona("lena", "Lena Whitlock", Some(COMMUNITY_LINKS), LEAD),
    persona("cora", "Cora Denby", None, &[Role::NetworkCoordinator]),
    somebody("Dr Imran Sethi", MILL_STREET, REFERRER),
    somebody("Nurse Joan Pickering", MILL_STREET, REFERRER),
    somebody("Gwen Tarrant", MILL_STREET, ADMIN),
    somebody("Dr Hilary Stott", HARBOUR_VIEW, REFERRER),
    somebody("Dr Tomasz Wilk", HARBOUR_VIEW, REFERRER),
    somebody("Nurse Blessing Adeyo", HARBOUR_VIEW, REFERRER),
    somebody("Colin Frayne", HARBOUR_VIEW, ADMIN),
    somebody("Dr Meera Joshi-Lane", EASTFIELD_MEDICAL, REFERRER),
    somebody("Dr Owen Garside", EASTFIELD_MEDICAL, REFERRER),
    somebody("Nurse Ffion Beddoe", EASTFIELD_MEDICAL, REFERRER),
    somebody("Denise Oakes", EASTFIELD_MEDICAL, ADMIN),
    somebody("Marcus Thwaite", CARE_NETWORK, ADMIN),
    somebody("Yasmin Qadir", CARE_NETWORK, REFERRER),
    somebody("Riz Anwar", COMMUNITY_LINKS, WORKER),
    somebody("Ines Carvalho", COMMUNITY_LINKS, WORKER),
    somebody("Duncan Aird", COMMUNITY_LINKS, WORKER),
    somebody("Shreya Nandi", COMMUNITY_LINKS, WORKER),
    somebody("Leah Coburn", COMMUNITY_LINKS, WORKER),
    somebody("Teddy Marsh", COMMUNITY_LINKS, WORKER),
    somebody("Agnes Fell", COMMUNITY_LINKS, WORKER),
    somebody("Hope Ransome", FELLSIDE_LINKS, LEAD),
    somebody("Callum Reddy", FELLSIDE_LINKS, WORKER),
    somebody("Nadia Forsythe", FELLSIDE_LINKS, WORKER),
    somebody("Bryn Hallett", FELLSIDE_LINKS, WORKER),
    somebody("Olu Martins-Bell", FELLSIDE_LINKS, WORKER),
    somebody("Judith Penrose", COUNCIL, COUNCIL_WORKER),
    somebody("Kwame Asante-Hill", COUNCIL, COUNCIL_WORKER),
    somebody("Norman Bell", WALKERS, PROVIDER),
    somebody("Farah Lister", ADVICE, PROVIDER),
    somebody("Greg Tolland", DAIRY, PROVIDER),
    somebody("Moira Keane", CARERS, PROVIDER),
    somebody("Suki Andrade", LANTERN, PROVIDER),
];

/// Those of an organisation who hold a role.
pub(crate) fn holding(organisation: usize, role: Role) -> Vec<usize> {
    let holds = |staff: &StaffPlan| staff.organisation == Some(organisation) && staff.roles.contains(&role);
    STAFF.iter().enumerate().filter(|(_, staff)| holds(staff)).map(|(at, _)| at).collect()
}

impl StaffPlan {
    /// `sam.brook@…` in the domain of the organisation, or of the network.
    pub(crate) fn email(&self) -> String {
        let host = self
            .organisation
            .and_then(|at| super::organisations::ORGANISATIONS.get(at))
            .and_then(|organisation| organisation.email?.split_once('@').map(|(_, host)| host));
        let letters = |c: char| if c.is_ascii_alphabetic() { c.to_ascii_lowercase() } else { '.' };
        let plain = self.name.trim_start_matches("Dr ").trim_start_matches("Nurse ");
        let mailbox: String = plain.chars().map(letters).collect();
        format!("{mailbox}@{}", host.unwrap_or("north-vale.example.org"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn forty_people_with_an_address_each_and_every_role_held() {
        let addresses: BTreeSet<String> = STAFF.iter().map(StaffPlan::email).collect();
        assert_eq!(addresses.len(), 40);
        assert!(addresses.iter().all(|address| address.ends_with(".example.org")));
        assert_eq!(STAFF.get(COORDINATOR).map(|staff| staff.key), Some(Some("cora")));
        for role in Role::ALL.iter().filter(|role| role.is_for_people()) {
            assert!(STAFF.iter().any(|staff| staff.roles.contains(role)), "{}", role.code());
        }
    }
}
