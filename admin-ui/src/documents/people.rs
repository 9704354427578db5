//! Screens 8 and 9: my people, one of them, and finding somebody.
use super::document;
use crate::codes::{
    AccessLevel, ContactChannel, ContactResult, DecisionPurpose, DecisionScope, InformationFormat, Need,
    NextStep, ReferralStage, Risk,
};

document!(Caseload, "documents/caseload.graphql");
document!(OnePerson, "documents/person.graphql");
document!(People, "documents/people.graphql");
document!(KnownPerson, "documents/known_person.graphql");
