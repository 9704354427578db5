//! People: what they need, what they have agreed to, and who has looked.
use super::codes;

codes! {
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
    AccessLevel {
        Identity = "IDENTITY", "name and how to reach them";
        Limited = "LIMITED", "part of the record";
        Full = "FULL", "the whole record";
    }
    SamenessVerdict {
        Same = "SAME", "Yes, one person";
        Different = "DIFFERENT", "No, two people";
    }
    Likeness {
        SameNumber = "SAME_NUMBER", "Same NHS number";
        SameName = "SAME_NAME", "Same name";
        SimilarName = "SIMILAR_NAME", "Similar name";
        SameBirthDate = "SAME_BIRTH_DATE", "Same date of birth";
        SimilarBirthDate = "SIMILAR_BIRTH_DATE", "Similar date of birth";
        SamePostcode = "SAME_POSTCODE", "Same postcode";
    }
    ReviewVerdict {
        Justified = "JUSTIFIED", "Justified";
        NotJustified = "NOT_JUSTIFIED", "Not justified: it ends now";
        ToFollowUp = "TO_FOLLOW_UP", "We are following it up";
    }
}
