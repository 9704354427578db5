//! Why something was not done.
use super::codes;

codes! {
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
        SecondFactorNeeded = "SECOND_FACTOR_NEEDED", "A second step is needed";
        SetUpSecondFactor = "SET_UP_SECOND_FACTOR", "Set up a second step first";
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
        SuccessorCannot = "SUCCESSOR_CANNOT", "They cannot take it over";
        AskerClosed = "ASKER_CLOSED", "Whoever asked has closed";
        AllSettled = "ALL_SETTLED", "All of it is settled";
        ShortNameTaken = "SHORT_NAME_TAKEN", "The short name is taken";
        ClientSecretNeeded = "CLIENT_SECRET_NEEDED", "The secret is needed";
        ProviderNotUsable = "PROVIDER_NOT_USABLE", "The provider cannot be used";
        OwnAccess = "OWN_ACCESS", "Nobody confirms their own access";
        NothingToReset = "NOTHING_TO_RESET", "There is no second step";
        LinkNotYet = "LINK_NOT_YET", "The link does not open yet";
        ContrastTooLow = "CONTRAST_TOO_LOW", "The colour is too light";
        PictureNotUsable = "PICTURE_NOT_USABLE", "The picture cannot be used";
        NotPlanned = "NOT_PLANNED", "Not planned any more";
    }
}
