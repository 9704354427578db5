//! Referrals: where they stand, what can be done, and why it was.
use super::codes;

codes! {
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
        Reassign = "REASSIGN", "Give to another worker";
        UndoAllocation = "UNDO_ALLOCATION", "Undo who has it";
        UndoContact = "UNDO_CONTACT", "Take back a contact";
    }
    ReassignReason {
        Leave = "LEAVE", "Leave";
        Sickness = "SICKNESS", "Sick leave";
        Workload = "WORKLOAD", "Too much work at once";
        Left = "LEFT", "No longer works here";
        BetterFit = "BETTER_FIT", "Another worker fits better";
        Other = "OTHER", "Another reason";
    }
    ReferralRoute {
        Professional = "PROFESSIONAL", "From a practice or another service";
        SelfReferral = "SELF_REFERRAL", "From the person";
        Supporter = "SUPPORTER", "From a supporter";
        Onward = "ONWARD", "Passed on by a link worker";
    }
    ReferralSide {
        Received = "RECEIVED", "Sent to us";
        SentByUs = "SENT_BY_US", "Sent by us";
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
    AgainReason {
        AnotherNeed = "ANOTHER_NEED", "They need something else as well";
        ThingsChanged = "THINGS_CHANGED", "Things have changed since";
        PersonWishes = "PERSON_WISHES", "The person wishes it";
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
}
