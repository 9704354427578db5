//! Organisations and what their people may do.
use super::codes;

codes! {
    Role {
        NetworkCoordinator = "NETWORK_COORDINATOR", "network coordinator";
        OrganisationAdmin = "ORGANISATION_ADMIN", "administrator";
        Referrer = "REFERRER", "referrer";
        LinkWorker = "LINK_WORKER", "link worker";
        TeamLead = "TEAM_LEAD", "team lead";
        ProviderWorker = "PROVIDER_WORKER", "provider worker";
        Analyst = "ANALYST", "analyst";
        PrivacyOfficer = "PRIVACY_OFFICER", "privacy officer";
    }
    OrganisationKind {
        Practice = "PRACTICE", "practice";
        PrimaryCareNetwork = "PRIMARY_CARE_NETWORK", "primary care network";
        LinkWorkerService = "LINK_WORKER_SERVICE", "link worker service";
        CommunityProvider = "COMMUNITY_PROVIDER", "community group";
        Council = "COUNCIL", "council";
        Commissioner = "COMMISSIONER", "commissioner";
    }
    AgreementKind {
        DataSharing = "DATA_SHARING", "Data sharing agreement";
        Membership = "MEMBERSHIP", "Network membership";
        Funding = "FUNDING", "Funding agreement";
        Other = "OTHER", "Other agreement";
    }
    AgreementStanding {
        InForce = "IN_FORCE", "In force";
        EndsSoon = "ENDS_SOON", "Ends within 90 days";
        Ended = "ENDED", "Has ended";
    }
    SuspensionReason {
        AgreementEnded = "AGREEMENT_ENDED", "An agreement has ended";
        Safeguarding = "SAFEGUARDING", "A safeguarding concern";
        DataProtection = "DATA_PROTECTION", "A data protection concern";
        TheirWish = "THEIR_WISH", "They asked for it";
        Other = "OTHER", "Another reason";
    }
    InvitationState {
        Open = "OPEN", "Waiting for them";
        Expired = "EXPIRED", "Has run out";
        Accepted = "ACCEPTED", "Taken up";
        Withdrawn = "WITHDRAWN", "Taken back";
        Replaced = "REPLACED", "A newer link was sent";
    }
    AccessAnswer {
        Granted = "GRANTED", "Granted";
        Refused = "REFUSED", "Refused";
    }
    ApplicationStage {
        Unconfirmed = "UNCONFIRMED", "The address is not proved yet";
        Waiting = "WAITING", "Waits for your answer";
        Asked = "ASKED", "Waits for theirs";
        Approved = "APPROVED", "Let in";
        Declined = "DECLINED", "Declined";
    }
    ApplicationRefusal {
        OutsideArea = "OUTSIDE_AREA", "You work outside our area";
        HereAlready = "HERE_ALREADY", "Your group belongs to the network already";
        OtherKindOfHelp = "OTHER_KIND_OF_HELP", "This network does not coordinate this kind of help";
        NotVerified = "NOT_VERIFIED", "We could not find out enough about your group";
        Other = "OTHER", "Another reason: phone us";
    }
    CustodyReason {
        Merger = "MERGER", "The two organisations join together";
        Closing = "CLOSING", "The organisation is going to close";
        ServiceMoved = "SERVICE_MOVED", "The service has moved to the other organisation";
    }
    CustodyDecline {
        NotAgreed = "NOT_AGREED", "This was not agreed with us";
        NoCapacity = "NO_CAPACITY", "We cannot answer for so many people";
        OtherOrganisation = "OTHER_ORGANISATION", "Another organisation should have them";
    }
    CustodyStage {
        Offered = "OFFERED", "Waiting for an answer";
        Withdrawn = "WITHDRAWN", "Taken back";
        Declined = "DECLINED", "Declined";
        Moving = "MOVING", "Being handed over";
        Moved = "MOVED", "Handed over";
    }
}
