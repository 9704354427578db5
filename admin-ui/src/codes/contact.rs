//! How somebody was reached, what comes next, and what there is to do.
use super::codes;

codes! {
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
    TaskKind {
        FindAlternative = "FIND_ALTERNATIVE", "Declined: find another service";
        AnswerReturn = "ANSWER_RETURN", "Sent back: answer, or choose again";
        TellPerson = "TELL_PERSON", "On the waiting list: tell the person";
        SharingWithdrawn = "SHARING_WITHDRAWN", "Sharing was withdrawn: stop and confirm";
        MessageFailed = "MESSAGE_FAILED", "An e-mail could not be delivered";
        NameOwner = "NAME_OWNER", "Risk recorded: name a worker";
        AcknowledgeRisk = "ACKNOWLEDGE_RISK", "Risk recorded: say that you know of it";
        Overdue = "OVERDUE", "Overdue: see who has it";
        NoAnswer = "NO_ANSWER", "Nobody has taken it up: choose another service or ask them";
        AskerClosed = "ASKER_CLOSED", "Whoever asked has closed: tell the person yourselves";
    }
    WorklistKind {
        Referral = "REFERRAL", "Referral";
        Task = "TASK", "Task";
    }
}
