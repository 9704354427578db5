//! The code lists of a referral. Codes are stable; words may be improved.

use crate::define_codes;

define_codes! {
    /// Where a referral stands.
    StageName {
        Draft = "draft", "Draft";
        Sent = "sent", "Sent, waiting for an answer";
        Waitlisted = "waitlisted", "On the waiting list";
        Returned = "returned", "Sent back";
        Accepted = "accepted", "Accepted";
        Active = "active", "Under way";
        OnHold = "on_hold", "On hold";
        Completed = "completed", "Finished";
        Ended = "ended", "Ended early";
        Declined = "declined", "Declined";
        Withdrawn = "withdrawn", "Withdrawn by the person";
        Cancelled = "cancelled", "Cancelled";
        Transferred = "transferred", "Passed to another service";
    }
}

define_codes! {
    /// The arrows of the lifecycle.
    Command {
        Send = "send", "Send";
        Accept = "accept", "Accept";
        Waitlist = "waitlist", "Add to the waiting list";
        OfferPlace = "offer_place", "Offer a place";
        Return = "return", "Send back";
        Decline = "decline", "Decline";
        Allocate = "allocate", "Give to a worker";
        Reassign = "reassign", "Give to another worker";
        AcknowledgeRisk = "acknowledge_risk", "Acknowledge the risk";
        Start = "start", "Start";
        Hold = "hold", "Put on hold";
        Resume = "resume", "Resume";
        Complete = "complete", "Finish";
        End = "end", "End early";
        Withdraw = "withdraw", "Withdraw";
        Cancel = "cancel", "Cancel";
        Transfer = "transfer", "Pass to another service";
        Reopen = "reopen", "Reopen";
        UndoAllocation = "undo_allocation", "Undo who has it";
        UndoContact = "undo_contact", "Take back a contact";
    }
}

define_codes! {
    /// Why somebody asks for help. Version 1 of the list; mapped to Gravity SDOH categories where one fits.
    Need {
        Loneliness = "loneliness", "Company and loneliness";
        Money = "money", "Money and debt";
        Housing = "housing", "Housing";
        Food = "food", "Food";
        Work = "work", "Work, learning and volunteering";
        Activity = "activity", "Getting active";
        Mood = "mood", "Low mood or worry";
        Caring = "caring", "Caring for somebody";
        Transport = "transport", "Getting about";
        Digital = "digital", "Getting online";
        Safety = "safety", "Feeling safe";
        Legal = "legal", "Legal advice";
        Other = "other", "Something else";
    }
}

define_codes! {
    /// How the request came about.
    Route {
        Professional = "professional", "From a practice or another service";
        SelfReferral = "self", "From the person";
        Supporter = "supporter", "From a supporter";
        Onward = "onward", "Onward from a link worker";
    }
}

define_codes! {
    /// Is there a risk to know before a call or visit?
    Risk {
        NoneKnown = "none_known", "No known risk";
        HomeVisit = "home_visit", "Take care on a home visit";
        Harm = "harm", "Risk of harm to self or others";
        Safeguarding = "safeguarding", "Safeguarding concern";
    }
}

impl Risk {
    /// Harm and safeguarding need a named owner who acknowledges them.
    pub fn demands_named_owner(self) -> bool {
        matches!(self, Self::Harm | Self::Safeguarding)
    }
}

define_codes! {
    /// What the person lets whoever asked hear.
    FeedbackChoice {
        All = "all", "How it went and how it ended";
        StatusOnly = "status_only", "Only where it stands";
        Nothing = "nothing", "Nothing";
    }
}

define_codes! {
    /// Why somebody is offered a place before those who have waited longer.
    OutOfTurnReason {
        Urgent = "urgent", "It cannot wait";
        NextCannotCome = "next_cannot_come", "The next in the queue cannot come";
        PlaceFitsNeeds = "place_fits_needs", "This place fits what they need";
    }
}

define_codes! {
    /// Why a service is asked for somebody although it was asked before and that is still open (P2).
    AgainReason {
        AnotherNeed = "another_need", "They need something else as well";
        ThingsChanged = "things_changed", "Things have changed since";
        PersonWishes = "person_wishes", "The person wishes it";
    }
}

define_codes! {
    ReturnReason {
        NeedsInformation = "needs_information", "We need more information";
        WrongService = "wrong_service", "Another service fits better";
        OutOfArea = "out_of_area", "Outside our area";
        NotEligible = "not_eligible", "Does not meet our criteria";
    }
}

define_codes! {
    DeclineReason {
        NoCapacity = "no_capacity", "We are full";
        NotSuitable = "not_suitable", "We are not the right place";
        NotEligible = "not_eligible", "Does not meet our criteria";
        OutOfArea = "out_of_area", "Outside our area";
        AccessNeeds = "access_needs", "We cannot meet the access needs";
        Other = "other", "Another reason";
        // said by nobody: the organisation is gone
        OrganisationClosed = "organisation_closed", "The organisation has closed";
    }
}

define_codes! {
    /// Why somebody else goes on with it.
    ReassignReason {
        Leave = "leave", "Leave";
        Sickness = "sickness", "Sick leave";
        Workload = "workload", "Too much work at once";
        Left = "left", "No longer works here";
        BetterFit = "better_fit", "Another worker fits better";
        Other = "other", "Another reason";
    }
}

define_codes! {
    HoldReason {
        PersonAsked = "person_asked", "The person asked for a pause";
        Illness = "illness", "Illness or hospital";
        Away = "away", "Away";
        WaitingForOthers = "waiting_for_others", "Waiting for another service";
    }
}

define_codes! {
    /// How it ended, in a word.
    Outcome {
        GoalMet = "goal_met", "The goal was met";
        PartlyMet = "partly_met", "The goal was partly met";
        NotMet = "not_met", "The goal was not met";
        FurtherHelp = "further_help", "Further help arranged elsewhere";
    }
}

define_codes! {
    EndReason {
        NotReached = "not_reached", "Could not be reached";
        DidNotEngage = "did_not_engage", "Did not take part";
    }
}

define_codes! {
    WithdrawnBy {
        Person = "person", "The person";
        Supporter = "supporter", "A supporter for the person";
        Decision = "decision", "Sharing was withdrawn";
    }
}

define_codes! {
    CancelReason {
        SentInError = "sent_in_error", "Sent by mistake";
        Duplicate = "duplicate", "Already referred";
        NoLongerNeeded = "no_longer_needed", "No longer needed";
        Died = "died", "The person has died";
        // said by nobody: the organisation is gone
        OrganisationClosed = "organisation_closed", "The organisation that asked has closed";
    }
}

define_codes! {
    TransferReason {
        Moved = "moved", "The person has moved";
        BetterFit = "better_fit", "Another service fits better";
        Capacity = "capacity", "We no longer have room";
        // said by nobody: the organisation is gone
        OrganisationClosed = "organisation_closed", "The organisation has closed";
    }
}

define_codes! {
    ReopenReason {
        NewNeed = "new_need", "There is something new";
        CameBack = "came_back", "The person came back";
        ClosedInError = "closed_in_error", "Closed by mistake";
    }
}
