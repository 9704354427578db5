//! What a form about a referral shows of it: whom it is about and where it stands.
use super::desk::Desk;
use super::stage;
use super::whom::{Beside, Whom, hidden_bar};
use crate::documents::referral::{Standing as Document, standing};
use crate::executor::Fault;
use crate::parts::IdentityBar;

pub type Standing = standing::StandingReferral;

pub async fn load(desk: &Desk, id: &str) -> Result<Standing, Fault> {
    let variables = standing::Variables { id: id.to_owned() };
    desk.ask::<Document>(variables).await?.referral.ok_or(Fault::NotFound)
}

/// The name where it may be known; otherwise the age band.
pub fn bar(desk: &Desk, referral: &Standing) -> IdentityBar {
    let beside = Beside {
        reference: Some(referral.reference.clone()),
        status: Some(stage::tag(referral.stage)),
        risk: stage::risk(referral.risk),
        ..Beside::default()
    };
    match &referral.person {
        Some(person) => Whom::from(person).bar(desk.today(), beside),
        None => hidden_bar(referral.brief.age_band, beside),
    }
}
