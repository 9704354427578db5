//! The schema's code lists, and what people read for each. One table, so that no two screens use two words for one thing.
//! A test holds it against `api/schema.graphql`. Refuses to know what follows from a code.
use serde::{Deserialize, Serialize};

use crate::parts::Choice;

/// One value of a code list.
pub trait Code: Copy + PartialEq + Sized + 'static {
    const ALL: &'static [Self];
    fn code(self) -> &'static str;
    fn words(self) -> &'static str;

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == text)
    }

    fn choice(self) -> Choice {
        Choice::new(self.code(), self.words())
    }

    /// Every value, with those picked that are given.
    fn choices(picked: &[Self]) -> Vec<Choice> {
        Self::ALL.iter().map(|code| code.choice().chosen(picked.contains(code))).collect()
    }
}

/// "Company, money and debt": a list as people say it.
pub fn spoken<C: Code>(codes: &[C]) -> String {
    let words: Vec<String> = codes.iter().map(|code| code.words().to_owned()).collect();
    let mut all = words.join(", ");
    if let Some(rest) = all.get(1..).map(str::to_lowercase) {
        let first = all.chars().next().map(String::from).unwrap_or_default();
        if first.is_ascii() {
            all = first + &rest;
        }
    }
    all
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $words:literal;)+ })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
            pub enum $name { $(#[serde(rename = $code)] $variant),+ }

            impl Code for $name {
                const ALL: &'static [Self] = &[$(Self::$variant),+];

                fn code(self) -> &'static str {
                    match self { $(Self::$variant => $code),+ }
                }

                fn words(self) -> &'static str {
                    match self { $(Self::$variant => $words),+ }
                }
            }
        )+

        #[cfg(test)]
        const LISTS: &[(&str, &[&str])] = &[$((stringify!($name), &[$($code),+])),+];
    };
}

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
    AccessAnswer {
        Granted = "GRANTED", "Granted";
        Refused = "REFUSED", "Refused";
    }
    ReviewVerdict {
        Justified = "JUSTIFIED", "Justified";
        NotJustified = "NOT_JUSTIFIED", "Not justified: it ends now";
        ToFollowUp = "TO_FOLLOW_UP", "We are following it up";
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
    ReferralStage {
        Draft = "DRAFT", "Draft";
        Sent = "SENT", "New";
        Waitlisted = "WAITLISTED", "Waiting list";
        Returned = "RETURNED", "Sent back";
        Accepted = "ACCEPTED", "Accepted";
        Active = "ACTIVE", "Under way";
        OnHold = "ON_HOLD", "On hold";
        Completed = "COMPLETED", "Finished";
        Ended = "ENDED", "Ended early";
        Declined = "DECLINED", "Declined";
        Withdrawn = "WITHDRAWN", "Withdrawn";
        Cancelled = "CANCELLED", "Cancelled";
        Transferred = "TRANSFERRED", "Passed on";
    }
    ReferralCommand {
        Send = "SEND", "Send referral";
        Accept = "ACCEPT", "Accept referral";
        Waitlist = "WAITLIST", "Add to the waiting list";
        OfferPlace = "OFFER_PLACE", "Offer a place";
        Return = "RETURN", "Send back";
        Decline = "DECLINE", "Decline";
        Allocate = "ALLOCATE", "Give to a worker";
        AcknowledgeRisk = "ACKNOWLEDGE_RISK", "Acknowledge the risk";
        Start = "START", "Start";
        Hold = "HOLD", "Put on hold";
        Resume = "RESUME", "Resume";
        Complete = "COMPLETE", "Finish";
        End = "END", "End early";
        Withdraw = "WITHDRAW", "Withdraw";
        Cancel = "CANCEL", "Cancel";
        Transfer = "TRANSFER", "Pass to another service";
        Reopen = "REOPEN", "Reopen";
    }
    Need {
        Loneliness = "LONELINESS", "Company";
        Money = "MONEY", "Money and debt";
        Housing = "HOUSING", "Housing";
        Food = "FOOD", "Food";
        Work = "WORK", "Work, learning and volunteering";
        Activity = "ACTIVITY", "Getting active";
        Mood = "MOOD", "Low mood or worry";
        Caring = "CARING", "Caring for somebody";
        Transport = "TRANSPORT", "Getting about";
        Digital = "DIGITAL", "Getting online";
        Safety = "SAFETY", "Feeling safe";
        Legal = "LEGAL", "Legal advice";
        Other = "OTHER", "Something else";
    }
    AccessNeed {
        StepFree = "STEP_FREE", "Step-free way in";
        HearingLoop = "HEARING_LOOP", "Hearing loop";
        Interpreter = "INTERPRETER", "Interpreter";
        Bsl = "BSL", "British Sign Language";
        Transport = "TRANSPORT", "Help to get there";
        Buddy = "BUDDY", "Somebody to come along";
        Quiet = "QUIET", "A quiet place";
    }
    AgeBand {
        Under18 = "UNDER_18", "under 18";
        From18 = "FROM_18", "18 to 24";
        From25 = "FROM_25", "25 to 34";
        From35 = "FROM_35", "35 to 44";
        From45 = "FROM_45", "45 to 54";
        From55 = "FROM_55", "55 to 64";
        From65 = "FROM_65", "65 to 74";
        From75 = "FROM_75", "75 to 84";
        From85 = "FROM_85", "85 or over";
        Unknown = "UNKNOWN", "not known";
    }
    ReferralRoute {
        Professional = "PROFESSIONAL", "From a practice or another service";
        SelfReferral = "SELF_REFERRAL", "From the person";
        Supporter = "SUPPORTER", "From a supporter";
        Onward = "ONWARD", "Passed on by a link worker";
    }
    Risk {
        NoneKnown = "NONE_KNOWN", "No known risk";
        HomeVisit = "HOME_VISIT", "Take care on a home visit";
        Harm = "HARM", "Risk of harm to them or to others";
        Safeguarding = "SAFEGUARDING", "Safeguarding concern";
    }
    FeedbackChoice {
        All = "ALL", "How it went and how it ended";
        StatusOnly = "STATUS_ONLY", "Only where it stands";
        Nothing = "NOTHING", "Nothing";
    }
    OutOfTurnReason {
        Urgent = "URGENT", "It cannot wait";
        NextCannotCome = "NEXT_CANNOT_COME", "The next in the queue cannot come";
        PlaceFitsNeeds = "PLACE_FITS_NEEDS", "This place fits what they need";
    }
    ReturnReason {
        NeedsInformation = "NEEDS_INFORMATION", "We need more information";
        WrongService = "WRONG_SERVICE", "Another service fits better";
        OutOfArea = "OUT_OF_AREA", "Outside our area";
        NotEligible = "NOT_ELIGIBLE", "Does not meet our criteria";
    }
    DeclineReason {
        NoCapacity = "NO_CAPACITY", "We are full";
        NotSuitable = "NOT_SUITABLE", "We are not the right place";
        NotEligible = "NOT_ELIGIBLE", "Does not meet our criteria";
        OutOfArea = "OUT_OF_AREA", "Outside our area";
        AccessNeeds = "ACCESS_NEEDS", "We cannot meet the access needs";
        Other = "OTHER", "Another reason";
    }
    HoldReason {
        PersonAsked = "PERSON_ASKED", "The person asked for a pause";
        Illness = "ILLNESS", "Illness or hospital";
        Away = "AWAY", "Away";
        WaitingForOthers = "WAITING_FOR_OTHERS", "Waiting for another service";
    }
    Outcome {
        GoalMet = "GOAL_MET", "The goal was met";
        PartlyMet = "PARTLY_MET", "The goal was partly met";
        NotMet = "NOT_MET", "The goal was not met";
        FurtherHelp = "FURTHER_HELP", "Further help arranged elsewhere";
    }
    EndReason {
        NotReached = "NOT_REACHED", "Could not be reached";
        DidNotEngage = "DID_NOT_ENGAGE", "Did not take part";
    }
    WithdrawnBy {
        Person = "PERSON", "The person does not want it any more";
        Supporter = "SUPPORTER", "A supporter said so for the person";
    }
    CancelReason {
        SentInError = "SENT_IN_ERROR", "Sent by mistake";
        Duplicate = "DUPLICATE", "Already referred";
        NoLongerNeeded = "NO_LONGER_NEEDED", "No longer needed";
        Died = "DIED", "The person has died";
    }
    TransferReason {
        Moved = "MOVED", "The person has moved";
        BetterFit = "BETTER_FIT", "Another service fits better";
        Capacity = "CAPACITY", "We no longer have room";
    }
    ReopenReason {
        NewNeed = "NEW_NEED", "There is something new";
        CameBack = "CAME_BACK", "The person came back";
        ClosedInError = "CLOSED_IN_ERROR", "Closed by mistake";
    }
    ContactChannel {
        Phone = "PHONE", "Phone";
        Text = "TEXT", "Text message";
        Email = "EMAIL", "E-mail";
        Letter = "LETTER", "Letter";
        Visit = "VISIT", "In person";
    }
    ContactResult {
        Spoke = "SPOKE", "Spoke";
        NoAnswer = "NO_ANSWER", "No answer";
        LeftMessage = "LEFT_MESSAGE", "Left a message";
        Attended = "ATTENDED", "Came to a session";
        DidNotAttend = "DID_NOT_ATTEND", "Did not come";
        Sent = "SENT", "Sent";
    }
    NextStep {
        Call = "CALL", "Call";
        Visit = "VISIT", "Visit";
        Write = "WRITE", "Write";
        FirstSession = "FIRST_SESSION", "First session";
        Review = "REVIEW", "Review";
        CheckWithProvider = "CHECK_WITH_PROVIDER", "Check with the provider";
        Close = "CLOSE", "Finish";
    }
    InformationFormat {
        Standard = "STANDARD", "standard print";
        LargePrint = "LARGE_PRINT", "large print";
        EasyRead = "EASY_READ", "easy read";
        Braille = "BRAILLE", "Braille";
        Audio = "AUDIO", "audio";
        Bsl = "BSL", "British Sign Language";
    }
    DecisionPurpose {
        Referral = "REFERRAL", "Refer";
        FeedbackToReferrer = "FEEDBACK_TO_REFERRER", "Tell the referrer";
        ContactByEmail = "CONTACT_BY_EMAIL", "Contact by e-mail";
        ContactByText = "CONTACT_BY_TEXT", "Contact by text";
        ContactByPhone = "CONTACT_BY_PHONE", "Contact by phone";
        ContactByPost = "CONTACT_BY_POST", "Contact by post";
        ResearchExtract = "RESEARCH_EXTRACT", "Research";
        EvaluationFollowUp = "EVALUATION_FOLLOW_UP", "Evaluation";
    }
    DecisionScope {
        Identity = "IDENTITY", "name and how to reach them";
        NeedAndAccess = "NEED_AND_ACCESS", "needs and access needs";
        Full = "FULL", "the whole record";
    }
    HowGiven {
        Spoken = "SPOKEN", "Yes, they said so";
        Written = "WRITTEN", "Yes, in writing";
        Online = "ONLINE", "Yes, online";
        Supporter = "SUPPORTER", "Yes, somebody who may decide for them said so";
    }
    CapacityState {
        Open = "OPEN", "Room";
        Limited = "LIMITED", "Few places";
        Waitlist = "WAITLIST", "Waiting list";
        Paused = "PAUSED", "Paused";
        Closed = "CLOSED", "Closed";
    }
    Cost {
        Free = "FREE", "Free";
        Small = "SMALL", "Small charge";
        Paid = "PAID", "Paid";
        Unknown = "UNKNOWN", "Ask about cost";
    }
    AccessLevel {
        Identity = "IDENTITY", "name and how to reach them";
        Limited = "LIMITED", "part of the record";
        Full = "FULL", "the whole record";
    }
    TaskKind {
        FindAlternative = "FIND_ALTERNATIVE", "Declined: find another service";
        AnswerReturn = "ANSWER_RETURN", "Sent back: answer, or choose again";
        TellPerson = "TELL_PERSON", "On the waiting list: tell the person";
        SharingWithdrawn = "SHARING_WITHDRAWN", "Sharing was withdrawn: stop and confirm";
        MessageFailed = "MESSAGE_FAILED", "An e-mail could not be delivered";
        NameOwner = "NAME_OWNER", "Risk recorded: name a worker";
    }
    WorklistKind {
        Referral = "REFERRAL", "Referral";
        Task = "TASK", "Task";
    }
    ReferralSide {
        Received = "RECEIVED", "Sent to us";
        SentByUs = "SENT_BY_US", "Sent by us";
    }
    OfferedRequestState {
        Open = "OPEN", "Open";
        Accepted = "ACCEPTED", "Accepted";
        Waitlisted = "WAITLISTED", "On the waiting list";
        Declined = "DECLINED", "Declined";
        Gone = "GONE", "Taken back";
        Expired = "EXPIRED", "Expired";
    }
    OfferAnswer {
        Accept = "ACCEPT", "Yes, we can help";
        Decline = "DECLINE", "We cannot help";
    }
    /// The words of a refusal come with it; these stand in where none do.
    RefusalCode {
        NotFound = "NOT_FOUND", "Not found";
        Denied = "DENIED", "Not allowed";
        NotInThisStage = "NOT_IN_THIS_STAGE", "Not possible now";
        Stale = "STALE", "Somebody changed it first";
        NoDecision = "NO_DECISION", "No agreement on record";
        DecisionWithdrawn = "DECISION_WITHDRAWN", "The agreement was taken back";
        DecisionExpired = "DECISION_EXPIRED", "The agreement has ended";
        ServiceNotRunning = "SERVICE_NOT_RUNNING", "The service is not running";
        ServiceClosed = "SERVICE_CLOSED", "The service takes no requests";
        NeedNotMet = "NEED_NOT_MET", "The service does not help with this";
        AgeNotMet = "AGE_NOT_MET", "The service is for other ages";
        AreaNotMet = "AREA_NOT_MET", "The service is for another area";
        IntakeLimit = "INTAKE_LIMIT", "As many requests as it takes";
        NoPlace = "NO_PLACE", "No free place";
        NotFirstInQueue = "NOT_FIRST_IN_QUEUE", "Somebody has waited longer";
        TooFewAttempts = "TOO_FEW_ATTEMPTS", "Too few attempts";
        DateInPast = "DATE_IN_PAST", "The date has passed";
        TooLateToReopen = "TOO_LATE_TO_REOPEN", "Too late to reopen";
        NeedsNamedWorker = "NEEDS_NAMED_WORKER", "Name a worker first";
        RiskNotAcknowledged = "RISK_NOT_ACKNOWLEDGED", "Acknowledge the risk first";
        WorkerNotFound = "WORKER_NOT_FOUND", "No such worker";
        AlreadyRegistered = "ALREADY_REGISTERED", "Already on your records";
        ChannelNotAllowed = "CHANNEL_NOT_ALLOWED", "They do not want this way of contact";
        NoVoicemail = "NO_VOICEMAIL", "They want no messages left";
        FewerThanTaken = "FEWER_THAN_TAKEN", "More places are taken";
        AlreadyWithdrawn = "ALREADY_WITHDRAWN", "Already withdrawn";
        NoRecord = "NO_RECORD", "No such record";
        OpenAlready = "OPEN_ALREADY", "Open already";
        ReviewedAlready = "REVIEWED_ALREADY", "Reviewed already";
        AnsweredAlready = "ANSWERED_ALREADY", "Answered already";
        InvalidInput = "INVALID_INPUT", "Not understood";
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED", "Sent before with other words";
        SignInFailed = "SIGN_IN_FAILED", "Not signed in";
        TooManyTries = "TOO_MANY_TRIES", "Too many tries";
        LinkExpired = "LINK_EXPIRED", "The link has run out";
        LinkSpent = "LINK_SPENT", "The link was used";
        CodeWrong = "CODE_WRONG", "The code is wrong";
        SecondFactorNeeded = "SECOND_FACTOR_NEEDED", "A second factor is needed";
        SetUpSecondFactor = "SET_UP_SECOND_FACTOR", "Set up a second factor first";
        SignInAgain = "SIGN_IN_AGAIN", "Sign in again";
        ProveYourself = "PROVE_YOURSELF", "Prove that it is you first";
        AlreadySetUp = "ALREADY_SET_UP", "Set up already";
        PasswordWrong = "PASSWORD_WRONG", "The password is wrong";
        PasswordTooWeak = "PASSWORD_TOO_WEAK", "The password is too easy to guess";
        LongerPasswordFirst = "LONGER_PASSWORD_FIRST", "Choose a longer password first";
        PasskeyRefused = "PASSKEY_REFUSED", "The device gave no good answer";
        NoPasskeysHere = "NO_PASSKEYS_HERE", "No passkeys at this address";
        AlreadyMember = "ALREADY_MEMBER", "A member already";
        AlreadyInvited = "ALREADY_INVITED", "Invited already";
        RoleNotHere = "ROLE_NOT_HERE", "This role cannot be held here";
        LastAdministrator = "LAST_ADMINISTRATOR", "The last administrator stays";
        OwnRoles = "OWN_ROLES", "Nobody adds to their own roles";
        NotYourself = "NOT_YOURSELF", "Nobody invites themselves";
        OnlyAdministrators = "ONLY_ADMINISTRATORS", "Only an administrator can be invited";
        OrganisationShut = "ORGANISATION_SHUT", "The organisation is shut";
        StillNeeded = "STILL_NEEDED", "Somebody still depends on it";
        ShortNameTaken = "SHORT_NAME_TAKEN", "The short name is taken";
        ClientSecretNeeded = "CLIENT_SECRET_NEEDED", "The secret is needed";
        ProviderNotUsable = "PROVIDER_NOT_USABLE", "The provider cannot be used";
    }
    PasskeyUse {
        SignIn = "SIGN_IN", "Sign in";
        SecondFactor = "SECOND_FACTOR", "Second factor";
        Prove = "PROVE", "Prove who you are";
        Register = "REGISTER", "Add a passkey";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = include_str!("../../api/schema.graphql");

    /// The values of an enum of the schema, sorted.
    fn listed(name: &str) -> Vec<&'static str> {
        let (_, rest) = SCHEMA.split_once(&format!("enum {name} {{")).unwrap_or_else(|| panic!("no {name}"));
        let (inside, _) = rest.split_once('}').unwrap();
        let plain = inside.lines().filter(|line| !line.trim_start().starts_with(['#', '"']));
        let mut values: Vec<_> = plain.flat_map(str::split_whitespace).collect();
        values.sort_unstable();
        values
    }

    #[test]
    fn every_list_holds_what_the_schema_says_and_nothing_else() {
        for (name, codes) in LISTS {
            let mut ours = codes.to_vec();
            ours.sort_unstable();
            assert_eq!(ours, listed(name), "{name}");
        }
    }

    #[test]
    fn every_list_of_the_schema_is_here() {
        let enums = SCHEMA.lines().filter_map(|line| line.strip_prefix("enum "));
        for name in enums.filter_map(|rest| rest.split_whitespace().next()) {
            assert!(LISTS.iter().any(|(known, _)| *known == name), "{name} has no words");
        }
    }

    #[test]
    fn a_list_is_said_as_a_sentence_starts() {
        assert_eq!(spoken(&[Need::Loneliness, Need::Money]), "Company, money and debt");
        assert_eq!(spoken::<Need>(&[]), "");
    }

    #[test]
    fn a_code_reads_back_and_anything_else_does_not() {
        assert_eq!(Need::parse("MONEY"), Some(Need::Money));
        assert_eq!(Need::parse("money"), None);
    }
}
