//! The one table: for each action, on which side the acting organisation must stand, and how far each role reaches.

use super::{Role, Roles};
use Reach::{Network, Organisation, Own};
use Role::{
    Analyst, Applicant, Invitee, Job, LinkHolder, LinkWorker, NetworkCoordinator, OrganisationAdmin,
    PrivacyOfficer, ProviderWorker, Referrer, TeamLead,
};

/// How an organisation is related to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// It belongs to the organisation.
    Owner,
    /// The organisation holds the person's record, or has full access to it.
    Record,
    /// The organisation has some unended access to the person.
    Access,
    /// The organisation has opened the person's record in an emergency.
    Emergency,
    /// It asked.
    Sender,
    /// It was asked.
    Receiver,
    /// It owns the referral from which this one came.
    Parent,
    /// It asked at first for what was passed on since.
    Asker,
    /// It stands in the same network.
    Network,
}

/// How far a role reaches on its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Only what the user made, or is the named worker of.
    Own,
    /// All of the organisation's.
    Organisation,
    /// All of the network's.
    Network,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub sides: &'static [Side],
    pub roles: &'static [(Role, Reach)],
}

macro_rules! define_actions {
    ($($name:ident = $code:literal: [$($side:ident),*] { $($role:ident: $reach:ident),* $(,)? })+) => {
        /// Everything that can be done, once.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($name),+ }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            pub const fn rule(self) -> Rule {
                match self {
                    $(Self::$name => Rule { sides: &[$(Side::$side),*], roles: &[$(($role, $reach)),*] }),+
                }
            }
        }
    };
}

impl Action {
    /// Does the table name any of these roles? Whether they reach a certain thing is the permit's question.
    pub fn is_for(self, roles: &Roles) -> bool {
        self.rule().roles.iter().any(|(role, _)| roles.has(*role))
    }

    /// What nobody does at a desk that was left open, nor by the word of an organisation's provider alone: it gives
    /// somebody a role, changes what it takes to sign in or where requests about people go, opens a record or hands it over, or takes names and addresses away.
    pub const fn needs_a_fresh_proof(self) -> bool {
        matches!(
            self,
            Self::InviteMember
                | Self::ChangeRoles
                | Self::ChangeSettings
                | Self::ConfigureProvider
                | Self::OpenInEmergency
                | Self::ExportAccessReview
                | Self::StartFactorReset
                | Self::ConfigureOrganisation
                | Self::CloseOrganisation
                | Self::OfferCustody
                | Self::AnswerCustodyOffer
        )
    }
}

define_actions! {
    // People
    RegisterPerson = "person.register": [Owner] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation }
    SearchPeople = "person.search": [Owner] { Referrer: Own, LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }
    ViewIdentity = "person.view_identity": [Access, Emergency] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, PrivacyOfficer: Organisation, LinkHolder: Own }
    ViewRecord = "person.view_record": [Record, Emergency] { LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }
    ChangePerson = "person.change": [Record] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation }
    ComparePeople = "person.compare": [Access] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation }
    DecideSameness = "person.decide_same": [Record] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }
    TakeBackSameness = "person.take_back_same": [Owner] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }

    // What matters to a person, and their plan
    ViewPlan = "plan.view": [Record, Emergency] { LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }
    SavePlan = "plan.save": [Record] { LinkWorker: Organisation, TeamLead: Organisation }

    // Emergency openings
    OpenInEmergency = "emergency.open": [Owner] { LinkWorker: Organisation, TeamLead: Organisation }
    CloseEmergency = "emergency.close": [Owner, Record] { LinkWorker: Own, TeamLead: Organisation, PrivacyOfficer: Organisation }
    ReviewEmergency = "emergency.review": [Record] { PrivacyOfficer: Organisation }
    ListEmergencies = "emergency.list": [Owner, Record] { LinkWorker: Own, TeamLead: Organisation, PrivacyOfficer: Organisation }

    // Who answers for records
    ListCustody = "custody.list": [Owner, Receiver] { PrivacyOfficer: Organisation }
    OfferCustody = "custody.offer": [Owner] { PrivacyOfficer: Organisation }
    WithdrawCustodyOffer = "custody.withdraw": [Owner] { PrivacyOfficer: Organisation }
    AnswerCustodyOffer = "custody.answer": [Receiver] { PrivacyOfficer: Organisation }
    HandOverRecord = "custody.hand_over": [Owner] { Job: Organisation }

    // Sharing decisions
    RecordDecision = "decision.record": [Access] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }
    WithdrawDecision = "decision.withdraw": [Owner, Record] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, PrivacyOfficer: Organisation }

    // Referrals: the sender's commands
    DraftReferral = "referral.draft": [Access] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation }
    SendReferral = "referral.send": [Sender] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation }
    CancelReferral = "referral.cancel": [Sender] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation }
    // Referrals: the receiver's commands
    AcceptReferral = "referral.accept": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, LinkHolder: Own }
    WaitlistReferral = "referral.waitlist": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    OfferPlace = "referral.offer_place": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    ReturnReferral = "referral.return": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    DeclineReferral = "referral.decline": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, LinkHolder: Own }
    AllocateReferral = "referral.allocate": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    ReassignReferral = "referral.reassign": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    UndoAllocation = "referral.undo_allocation": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    AcknowledgeRisk = "referral.acknowledge_risk": [Receiver] { LinkWorker: Own, TeamLead: Own, ProviderWorker: Own }
    StartReferral = "referral.start": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    HoldReferral = "referral.hold": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    ResumeReferral = "referral.resume": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    CompleteReferral = "referral.complete": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    EndReferral = "referral.end": [Receiver] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    TransferReferral = "referral.transfer": [Receiver] { LinkWorker: Own, TeamLead: Organisation }
    PlaceReferral = "referral.place": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    VerifyDevice = "referral.verify_device": [Receiver] { LinkHolder: Own }
    // Referrals: either side
    WithdrawReferral = "referral.withdraw": [Sender, Receiver, Parent, Asker] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    ReopenReferral = "referral.reopen": [Sender, Receiver] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    ViewReferral = "referral.view": [Sender, Receiver, Parent, Asker] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, PrivacyOfficer: Organisation, LinkHolder: Own }
    // Referrals: of an organisation that has closed
    WindUpReferral = "referral.wind_up": [Sender, Receiver] { Job: Organisation }
    // Referrals: what is overdue
    ChaseReferral = "referral.chase": [Owner] { Job: Organisation }
    MarkRead = "referral.mark_read": [Sender, Receiver, Parent] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }

    // Contacts
    LogContact = "contact.log": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    UndoContact = "contact.undo": [Receiver] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    ViewContacts = "contact.view": [Owner] { LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, PrivacyOfficer: Organisation }

    // Lists
    ListReferrals = "referral.list": [Owner] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }
    ListCaseload = "caseload.list": [Owner] { LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    ListTeam = "caseload.by_worker": [Owner] { TeamLead: Organisation, ProviderWorker: Organisation }
    ListWorklist = "worklist.list": [Owner] { Referrer: Own, LinkWorker: Own, TeamLead: Organisation, ProviderWorker: Organisation }
    FinishTask = "task.finish": [Owner] { Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation }

    // Directory and organisations
    ViewDirectory = "directory.view": [Network] { NetworkCoordinator: Network, OrganisationAdmin: Network, Referrer: Network, LinkWorker: Network, TeamLead: Network, ProviderWorker: Network, Analyst: Network, PrivacyOfficer: Network, LinkHolder: Network, Job: Network }
    PublishService = "service.publish": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation, ProviderWorker: Organisation, Job: Network }
    SetCapacity = "service.set_capacity": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, LinkHolder: Organisation }
    ViewMembers = "member.view": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation, TeamLead: Organisation, LinkWorker: Organisation, ProviderWorker: Organisation }
    AddOrganisation = "organisation.add": [Network] { NetworkCoordinator: Network, Job: Network }
    AddMember = "member.add": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation, Job: Network }
    // Organisations and their people
    ListStaff = "member.list": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ListInvitations = "invitation.list": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ListOrganisations = "organisation.list": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    InviteMember = "member.invite": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation, Job: Network }
    ResendInvitation = "invitation.resend": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    WithdrawInvitation = "invitation.withdraw": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    AcceptInvitation = "invitation.accept": [Network] { Invitee: Network }
    AskForInvitation = "invitation.ask_again": [Network] { Invitee: Network }
    ChangeRoles = "member.change_roles": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    EndMembership = "member.end": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    EndMemberSessions = "member.end_sessions": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    StartFactorReset = "member.start_factor_reset": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ConfigureOrganisation = "organisation.configure": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    KeepAgreements = "organisation.agreements": [Network] { NetworkCoordinator: Network }
    ViewSettings = "settings.view": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ChangeSettings = "settings.change": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    AddLogo = "settings.add_logo": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    SuspendOrganisation = "organisation.suspend": [Network] { NetworkCoordinator: Network }
    CloseOrganisation = "organisation.close": [Network] { NetworkCoordinator: Network, Job: Network }
    ViewAudit = "audit.view": [Owner] { PrivacyOfficer: Organisation }
    // Asking for access
    AskForAccess = "access.ask": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation, Referrer: Organisation, LinkWorker: Organisation, TeamLead: Organisation, ProviderWorker: Organisation, Analyst: Network, PrivacyOfficer: Organisation }
    AnswerAccessRequest = "access.answer": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ListAccessRequests = "access.list": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    // Reviewing access
    ListAccessReview = "access_review.list": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ConfirmAccess = "access_review.confirm": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }
    ExportAccessReview = "access_review.export": [Owner, Network] { NetworkCoordinator: Network, OrganisationAdmin: Organisation }

    // Joining by application
    Apply = "application.apply": [Network] { Applicant: Network }
    ConfirmApplication = "application.confirm": [Network] { Applicant: Network }
    ReplyToQuestion = "application.reply": [Network] { Applicant: Network }
    ListApplications = "application.list": [Network] { NetworkCoordinator: Network }
    AnswerApplication = "application.answer": [Network] { NetworkCoordinator: Network }
    ChangeJoining = "joining.change": [Network] { NetworkCoordinator: Network }

    // Single sign-on
    ViewProvider = "provider.view": [Owner] { OrganisationAdmin: Organisation }
    ConfigureProvider = "provider.configure": [Owner] { OrganisationAdmin: Organisation }

    // The worker
    DeliverMessage = "message.deliver": [Owner, Network] { Job: Network }
}
