//! The enums of the schema, each a mirror of one of the domain's code lists. The names outside are part of the
//! contract; the codes inside are what is stored. No word that people read is here.

use async_graphql::Enum;
use trellis_domain::{
    access_request, application, consent, contact, custody, directory, emergency, message, person, plan,
    policy, referral, sameness, tenancy,
};

/// An enum of the schema and its conversions. `only in`: values that are asked for but may hold more inside.
macro_rules! mirror {
    (@enum $(#[$doc:meta])* $name:ident { $($variant:ident = $outside:literal),+ }) => {
        $(#[$doc])*
        #[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $(#[graphql(name = $outside)] $variant),+ }
    };
    (@inward $name:ident of $inside:ty { $($variant:ident),+ }) => {
        impl From<$name> for $inside {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => <$inside>::$variant),+ }
            }
        }
    };
    ($(#[$doc:meta])* $name:ident of $inside:ty { $($variant:ident = $outside:literal),+ $(,)? }) => {
        mirror!(@enum $(#[$doc])* $name { $($variant = $outside),+ });
        mirror!(@inward $name of $inside { $($variant),+ });
        impl From<$inside> for $name {
            fn from(value: $inside) -> Self {
                match value { $(<$inside>::$variant => Self::$variant),+ }
            }
        }
    };
    ($(#[$doc:meta])* $name:ident only in $inside:ty { $($variant:ident = $outside:literal),+ $(,)? }) => {
        mirror!(@enum $(#[$doc])* $name { $($variant = $outside),+ });
        mirror!(@inward $name of $inside { $($variant),+ });
    };
}

mirror!(Role only in policy::Role {
    NetworkCoordinator = "NETWORK_COORDINATOR", OrganisationAdmin = "ORGANISATION_ADMIN", Referrer = "REFERRER",
    LinkWorker = "LINK_WORKER", TeamLead = "TEAM_LEAD", ProviderWorker = "PROVIDER_WORKER", Analyst = "ANALYST",
    PrivacyOfficer = "PRIVACY_OFFICER",
});

impl Role {
    /// None for the roles that no person holds.
    pub fn of(role: policy::Role) -> Option<Self> {
        match role {
            policy::Role::NetworkCoordinator => Some(Self::NetworkCoordinator),
            policy::Role::OrganisationAdmin => Some(Self::OrganisationAdmin),
            policy::Role::Referrer => Some(Self::Referrer),
            policy::Role::LinkWorker => Some(Self::LinkWorker),
            policy::Role::TeamLead => Some(Self::TeamLead),
            policy::Role::ProviderWorker => Some(Self::ProviderWorker),
            policy::Role::Analyst => Some(Self::Analyst),
            policy::Role::PrivacyOfficer => Some(Self::PrivacyOfficer),
            policy::Role::LinkHolder
            | policy::Role::Invitee
            | policy::Role::Applicant
            | policy::Role::Job => None,
        }
    }
}

mirror!(OrganisationKind of tenancy::OrganisationKind {
    Practice = "PRACTICE", PrimaryCareNetwork = "PRIMARY_CARE_NETWORK", LinkWorkerService = "LINK_WORKER_SERVICE",
    CommunityProvider = "COMMUNITY_PROVIDER", Council = "COUNCIL", Commissioner = "COMMISSIONER",
});

mirror!(AgreementKind of tenancy::AgreementKind {
    DataSharing = "DATA_SHARING", Membership = "MEMBERSHIP", Funding = "FUNDING", Other = "OTHER",
});

mirror!(AgreementStanding of tenancy::AgreementStanding {
    InForce = "IN_FORCE", EndsSoon = "ENDS_SOON", Ended = "ENDED",
});

mirror!(SuspensionReason of tenancy::SuspensionReason {
    AgreementEnded = "AGREEMENT_ENDED", Safeguarding = "SAFEGUARDING", DataProtection = "DATA_PROTECTION",
    TheirWish = "THEIR_WISH", Other = "OTHER",
});

/// How an invitation stands at this instant.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvitationState {
    #[graphql(name = "OPEN")]
    Open,
    #[graphql(name = "EXPIRED")]
    Expired,
    #[graphql(name = "ACCEPTED")]
    Accepted,
    #[graphql(name = "WITHDRAWN")]
    Withdrawn,
    /// A newer link was sent.
    #[graphql(name = "REPLACED")]
    Replaced,
}

mirror!(ReferralStage of referral::StageName {
    Draft = "DRAFT", Sent = "SENT", Waitlisted = "WAITLISTED", Returned = "RETURNED", Accepted = "ACCEPTED",
    Active = "ACTIVE", OnHold = "ON_HOLD", Completed = "COMPLETED", Ended = "ENDED", Declined = "DECLINED",
    Withdrawn = "WITHDRAWN", Cancelled = "CANCELLED", Transferred = "TRANSFERRED",
});

mirror!(ReferralCommand of referral::Command {
    Send = "SEND", Accept = "ACCEPT", Waitlist = "WAITLIST", OfferPlace = "OFFER_PLACE", Return = "RETURN",
    Decline = "DECLINE", Allocate = "ALLOCATE", AcknowledgeRisk = "ACKNOWLEDGE_RISK", Start = "START", Hold = "HOLD", Resume = "RESUME",
    Complete = "COMPLETE", End = "END", Withdraw = "WITHDRAW", Cancel = "CANCEL", Transfer = "TRANSFER",
    Reopen = "REOPEN", Reassign = "REASSIGN", UndoAllocation = "UNDO_ALLOCATION", UndoContact = "UNDO_CONTACT",
});

mirror!(ReassignReason of referral::ReassignReason {
    Leave = "LEAVE", Sickness = "SICKNESS", Workload = "WORKLOAD", Left = "LEFT", BetterFit = "BETTER_FIT", Other = "OTHER",
});

mirror!(Need of referral::Need {
    Loneliness = "LONELINESS", Money = "MONEY", Housing = "HOUSING", Food = "FOOD", Work = "WORK",
    Activity = "ACTIVITY", Mood = "MOOD", Caring = "CARING", Transport = "TRANSPORT", Digital = "DIGITAL",
    Safety = "SAFETY", Legal = "LEGAL", Other = "OTHER",
});

mirror!(AccessNeed of referral::brief::AccessNeed {
    StepFree = "STEP_FREE", HearingLoop = "HEARING_LOOP", Interpreter = "INTERPRETER", Bsl = "BSL",
    Transport = "TRANSPORT", SomeoneToComeAlong = "BUDDY", Quiet = "QUIET",
});

mirror!(AgeBand of referral::AgeBand {
    Under18 = "UNDER_18", From18 = "FROM_18", From25 = "FROM_25", From35 = "FROM_35", From45 = "FROM_45",
    From55 = "FROM_55", From65 = "FROM_65", From75 = "FROM_75", From85 = "FROM_85", Unknown = "UNKNOWN",
});

mirror!(ReferralRoute of referral::Route {
    Professional = "PROFESSIONAL", SelfReferral = "SELF_REFERRAL", Supporter = "SUPPORTER", Onward = "ONWARD",
});

mirror!(Risk of referral::Risk {
    NoneKnown = "NONE_KNOWN", HomeVisit = "HOME_VISIT", Harm = "HARM", Safeguarding = "SAFEGUARDING",
});

mirror!(FeedbackChoice of referral::FeedbackChoice {
    All = "ALL", StatusOnly = "STATUS_ONLY", Nothing = "NOTHING",
});

mirror!(
    /// Why somebody is offered a place before those who have waited longer.
    OutOfTurnReason of referral::OutOfTurnReason {
        Urgent = "URGENT", NextCannotCome = "NEXT_CANNOT_COME", PlaceFitsNeeds = "PLACE_FITS_NEEDS",
    }
);

mirror!(ReturnReason of referral::ReturnReason {
    NeedsInformation = "NEEDS_INFORMATION", WrongService = "WRONG_SERVICE", OutOfArea = "OUT_OF_AREA",
    NotEligible = "NOT_ELIGIBLE",
});

mirror!(DeclineReason only in referral::DeclineReason {
    NoCapacity = "NO_CAPACITY", NotSuitable = "NOT_SUITABLE", NotEligible = "NOT_ELIGIBLE",
    OutOfArea = "OUT_OF_AREA", AccessNeeds = "ACCESS_NEEDS", Other = "OTHER",
});

mirror!(HoldReason of referral::HoldReason {
    PersonAsked = "PERSON_ASKED", Illness = "ILLNESS", Away = "AWAY", WaitingForOthers = "WAITING_FOR_OTHERS",
});

mirror!(Outcome of referral::Outcome {
    GoalMet = "GOAL_MET", PartlyMet = "PARTLY_MET", NotMet = "NOT_MET", FurtherHelp = "FURTHER_HELP",
});

mirror!(EndReason of referral::EndReason { NotReached = "NOT_REACHED", DidNotEngage = "DID_NOT_ENGAGE" });

mirror!(
    /// Withdrawing a sharing decision withdraws too, but is another command.
    WithdrawnBy only in referral::WithdrawnBy { Person = "PERSON", Supporter = "SUPPORTER" }
);

mirror!(CancelReason only in referral::CancelReason {
    SentInError = "SENT_IN_ERROR", Duplicate = "DUPLICATE", NoLongerNeeded = "NO_LONGER_NEEDED", Died = "DIED",
});

mirror!(TransferReason only in referral::TransferReason {
    Moved = "MOVED", BetterFit = "BETTER_FIT", Capacity = "CAPACITY",
});

mirror!(ReopenReason of referral::ReopenReason {
    NewNeed = "NEW_NEED", CameBack = "CAME_BACK", ClosedInError = "CLOSED_IN_ERROR",
});

mirror!(ContactChannel of person::Channel {
    Phone = "PHONE", Text = "TEXT", Email = "EMAIL", Letter = "LETTER", Visit = "VISIT",
});

mirror!(ContactResult of contact::ContactResult {
    Spoke = "SPOKE", NoAnswer = "NO_ANSWER", LeftMessage = "LEFT_MESSAGE", Attended = "ATTENDED",
    DidNotAttend = "DID_NOT_ATTEND", Sent = "SENT",
});

mirror!(NextStep of contact::NextStep {
    Call = "CALL", Visit = "VISIT", Write = "WRITE", FirstSession = "FIRST_SESSION", Review = "REVIEW",
    CheckWithProvider = "CHECK_WITH_PROVIDER", Close = "CLOSE",
});

mirror!(InformationFormat of person::Format {
    Standard = "STANDARD", LargePrint = "LARGE_PRINT", EasyRead = "EASY_READ", Braille = "BRAILLE",
    Audio = "AUDIO", Bsl = "BSL",
});

mirror!(DecisionPurpose of consent::Purpose {
    Referral = "REFERRAL", FeedbackToReferrer = "FEEDBACK_TO_REFERRER", ContactByEmail = "CONTACT_BY_EMAIL",
    ContactByText = "CONTACT_BY_TEXT", ContactByPhone = "CONTACT_BY_PHONE", ContactByPost = "CONTACT_BY_POST",
    ResearchExtract = "RESEARCH_EXTRACT", EvaluationFollowUp = "EVALUATION_FOLLOW_UP",
});

mirror!(DecisionScope of consent::Scope {
    Identity = "IDENTITY", NeedAndAccess = "NEED_AND_ACCESS", Full = "FULL",
});

mirror!(HowGiven of consent::HowGiven {
    Spoken = "SPOKEN", Written = "WRITTEN", Online = "ONLINE", Supporter = "SUPPORTER",
});

mirror!(CapacityState of directory::CapacityState {
    Open = "OPEN", Limited = "LIMITED", Waitlist = "WAITLIST", Paused = "PAUSED", Closed = "CLOSED",
});

mirror!(Cost of directory::Cost { Free = "FREE", Small = "SMALL", Paid = "PAID", Unknown = "UNKNOWN" });

mirror!(AccessLevel of person::AccessLevel { Identity = "IDENTITY", Limited = "LIMITED", Full = "FULL" });

mirror!(TaskKind of message::TaskKind {
    FindAlternative = "FIND_ALTERNATIVE", AnswerReturn = "ANSWER_RETURN", TellPerson = "TELL_PERSON",
    SharingWithdrawn = "SHARING_WITHDRAWN", MessageFailed = "MESSAGE_FAILED", NameOwner = "NAME_OWNER",
    AskerClosed = "ASKER_CLOSED", Overdue = "OVERDUE", NoAnswer = "NO_ANSWER", AcknowledgeRisk = "ACKNOWLEDGE_RISK",
});

/// What a line of the worklist is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorklistKind {
    Referral,
    Task,
}

/// From which side a list of referrals is seen.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferralSide {
    Received,
    SentByUs,
}

/// What became of a request whose link somebody holds.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferedRequestState {
    Open,
    Accepted,
    Waitlisted,
    Declined,
    Gone,
    Expired,
}

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferAnswer {
    Accept,
    Decline,
}

mirror!(/// What a privacy officer says of an emergency opening.
    ReviewVerdict of emergency::ReviewVerdict {
    Justified = "JUSTIFIED", NotJustified = "NOT_JUSTIFIED", ToFollowUp = "TO_FOLLOW_UP",
});

mirror!(AccessAnswer of access_request::AccessAnswer { Granted = "GRANTED", Refused = "REFUSED" });

mirror!(ApplicationStage of application::ApplicationStage {
    Unconfirmed = "UNCONFIRMED", Waiting = "WAITING", Asked = "ASKED", Approved = "APPROVED", Declined = "DECLINED",
});

mirror!(ApplicationRefusal of application::ApplicationRefusal {
    OutsideArea = "OUTSIDE_AREA", HereAlready = "HERE_ALREADY", OtherKindOfHelp = "OTHER_KIND_OF_HELP",
    NotVerified = "NOT_VERIFIED", Other = "OTHER",
});

mirror!(/// Why records are to go to another organisation.
    CustodyReason of custody::CustodyReason {
    Merger = "MERGER", Closing = "CLOSING", ServiceMoved = "SERVICE_MOVED",
});

mirror!(CustodyDecline of custody::CustodyDecline {
    NotAgreed = "NOT_AGREED", NoCapacity = "NO_CAPACITY", OtherOrganisation = "OTHER_ORGANISATION",
});

mirror!(CustodyStage of custody::CustodyStage {
    Offered = "OFFERED", Withdrawn = "WITHDRAWN", Declined = "DECLINED", Moving = "MOVING", Moved = "MOVED",
});

mirror!(/// Why a service is asked once more while the first request is open.
AgainReason of referral::AgainReason {
    AnotherNeed = "ANOTHER_NEED", ThingsChanged = "THINGS_CHANGED", PersonWishes = "PERSON_WISHES",
});

mirror!(/// What two records have in common.
Likeness of person::Likeness {
    SameNumber = "SAME_NUMBER", SameName = "SAME_NAME", SimilarName = "SIMILAR_NAME", SameBirthDate = "SAME_BIRTH_DATE",
    SimilarBirthDate = "SIMILAR_BIRTH_DATE", SamePostcode = "SAME_POSTCODE",
});

mirror!(SamenessVerdict of sameness::Verdict { Same = "SAME", Different = "DIFFERENT" });
mirror!(PlanActionKind of plan::ActionKind {
    ToDo = "TO_DO", AskService = "ASK_SERVICE", Accompany = "ACCOMPANY", Travel = "TRAVEL", Cost = "COST",
    Buddy = "BUDDY",
});
mirror!(PlanActionBy of plan::ActionBy {
    Person = "PERSON", Worker = "WORKER", Provider = "PROVIDER", Supporter = "SUPPORTER",
});
mirror!(PlanChangeKind of plan::ChangeKind {
    Matters = "MATTERS", GoalAdded = "GOAL_ADDED", GoalChanged = "GOAL_CHANGED", GoalRemoved = "GOAL_REMOVED",
    Rated = "RATED", ActionAdded = "ACTION_ADDED", ActionChanged = "ACTION_CHANGED", ActionMoved = "ACTION_MOVED",
    ActionDone = "ACTION_DONE", ActionOpen = "ACTION_OPEN", ActionRemoved = "ACTION_REMOVED",
});
