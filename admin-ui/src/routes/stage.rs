//! How a stage looks in a list: short words and a tone. The words carry the meaning; the tone is the second cue.
use crate::codes::{Code, ReferralStage, Risk};
use crate::parts::{Tag, Tone};

pub fn tag(stage: ReferralStage) -> Tag {
    let tone = match stage {
        ReferralStage::Sent | ReferralStage::Waitlisted => Tone::Waiting,
        ReferralStage::Returned | ReferralStage::Declined => Tone::Bad,
        ReferralStage::Accepted | ReferralStage::Active => Tone::Going,
        ReferralStage::Completed => Tone::Good,
        ReferralStage::Draft | ReferralStage::OnHold => Tone::Plain,
        ReferralStage::Ended
        | ReferralStage::Withdrawn
        | ReferralStage::Cancelled
        | ReferralStage::Transferred => Tone::Over,
    };
    Tag::new(stage.words(), tone)
}

/// Work is under way: a contact can be logged, the person can be passed on.
pub fn is_under_way(stage: ReferralStage) -> bool {
    matches!(stage, ReferralStage::Accepted | ReferralStage::Active | ReferralStage::OnHold)
}

pub fn is_over(stage: ReferralStage) -> bool {
    matches!(
        stage,
        ReferralStage::Completed
            | ReferralStage::Ended
            | ReferralStage::Declined
            | ReferralStage::Withdrawn
            | ReferralStage::Cancelled
            | ReferralStage::Transferred
    )
}

/// In words, and only when there is one.
pub fn risk(risk: Risk) -> Option<String> {
    (risk != Risk::NoneKnown).then(|| risk.words().to_owned())
}
