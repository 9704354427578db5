//! The organisations of North Vale. All of them are invented, and so are their numbers and addresses
//! (Ofcom's numbers for drama, example.org).

use trellis_domain::tenancy::OrganisationKind;

#[derive(Debug, Clone, Copy)]
pub(crate) struct OrganisationPlan {
    pub(crate) name: &'static str,
    pub(crate) kind: OrganisationKind,
    pub(crate) help_phone: &'static str,
    /// None: its requests are read out on the phone or printed.
    pub(crate) email: Option<&'static str>,
}

pub(crate) const MILL_STREET: usize = 0;
pub(crate) const HARBOUR_VIEW: usize = 1;
pub(crate) const EASTFIELD_MEDICAL: usize = 2;
pub(crate) const CARE_NETWORK: usize = 3;
pub(crate) const COMMUNITY_LINKS: usize = 4;
pub(crate) const FELLSIDE_LINKS: usize = 5;
pub(crate) const COUNCIL: usize = 6;
pub(crate) const WALKERS: usize = 7;
pub(crate) const ADVICE: usize = 8;
pub(crate) const DAIRY: usize = 9;
pub(crate) const CARERS: usize = 10;
pub(crate) const LANTERN: usize = 11;
pub(crate) const COMMISSIONER: usize = 12;

const fn organisation(
    name: &'static str,
    kind: OrganisationKind,
    help_phone: &'static str,
    email: Option<&'static str>,
) -> OrganisationPlan {
    OrganisationPlan { name, kind, help_phone, email }
}

use OrganisationKind::{
    Commissioner, CommunityProvider, Council, LinkWorkerService, Practice, PrimaryCareNetwork,
};

pub(crate) const ORGANISATIONS: [OrganisationPlan; 13] = [
    organisation("Mill Street Surgery", Practice, "01632 960 010", Some("office@mill-street.example.org")),
    organisation("Harbour View Practice", Practice, "01632 960 011", Some("office@harbour-view.example.org")),
    organisation(
        "Eastfield Medical Centre",
        Practice,
        "01632 960 012",
        Some("office@eastfield-medical.example.org"),
    ),
    organisation(
        "North Vale Primary Care Network",
        PrimaryCareNetwork,
        "01632 960 013",
        Some("office@north-vale-pcn.example.org"),
    ),
    organisation(
        "North Vale Community Links",
        LinkWorkerService,
        "01632 960 001",
        Some("hello@community-links.example.org"),
    ),
    organisation(
        "Fellside Wellbeing Links",
        LinkWorkerService,
        "01632 960 002",
        Some("hello@fellside-links.example.org"),
    ),
    organisation(
        "North Vale Council, living well team",
        Council,
        "01632 960 020",
        Some("living-well@north-vale-council.example.org"),
    ),
    organisation(
        "Eastfield Walkers",
        CommunityProvider,
        "01632 960 030",
        Some("requests@eastfield-walkers.example.org"),
    ),
    organisation(
        "North Vale Advice",
        CommunityProvider,
        "01632 960 031",
        Some("requests@north-vale-advice.example.org"),
    ),
    organisation(
        "The Old Dairy Hub",
        CommunityProvider,
        "01632 960 032",
        Some("requests@old-dairy.example.org"),
    ),
    organisation("Vale Carers Circle", CommunityProvider, "01632 960 033", None),
    organisation(
        "Lantern Arts",
        CommunityProvider,
        "01632 960 034",
        Some("requests@lantern-arts.example.org"),
    ),
    organisation(
        "North Vale Commissioning Board",
        Commissioner,
        "01632 960 040",
        Some("office@commissioning.example.org"),
    ),
];

/// Organisations that people are passed on to, with a community group's way of working.
pub(crate) const PROVIDERS: [usize; 6] = [WALKERS, ADVICE, DAIRY, CARERS, LANTERN, COUNCIL];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_and_number_is_one_that_nobody_has() {
        for organisation in ORGANISATIONS {
            assert!(organisation.help_phone.starts_with("01632 960 "));
            assert!(organisation.email.is_none_or(|email| email.ends_with(".example.org")));
        }
        assert!(ORGANISATIONS.iter().any(|o| o.email.is_none()), "somebody has no e-mail");
    }
}
