//! Screens 8 and 9: my people, one of them, and finding somebody.
use super::document;
use crate::codes::{
    AccessLevel, ContactChannel, ContactResult, DecisionPurpose, DecisionScope, InformationFormat, Need,
    NextStep, PlanActionBy, PlanActionKind, ReferralStage, RefusalCode, Risk, SamenessVerdict,
};

document!(Caseload, "documents/caseload.graphql");
document!(OnePerson, "documents/person.graphql");
document!(People, "documents/people.graphql");
document!(KnownPerson, "documents/known_person.graphql");
document!(PossibleMatches, "documents/possible_matches.graphql");
document!(DecideSameness, "documents/decide_sameness.graphql");
document!(TakeBackSameness, "documents/take_back_sameness.graphql");
