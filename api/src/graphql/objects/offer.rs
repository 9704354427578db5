//! What somebody sees who followed a provider's link.

use async_graphql::SimpleObject;
use trellis_domain::kernel::{Line, Postcode, Prose};
use trellis_domain::person::Channel;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::{OfferState, OfferedContact as Opened, OfferedRequest as Offered};

use super::referral::BriefObject;
use crate::graphql::enums::{ContactChannel, InformationFormat, OfferedRequestState, Risk};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// What somebody who followed a provider's link sees.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "OfferedRequest", directive = rule::apply(Rule::NothingMore.into()))]
pub struct OfferedRequestObject {
    state: OfferedRequestState,
    provider_name: String,
    service_name: String,
    brief: Option<BriefObject>,
    reply_by: Option<DateTime>,
    help_phone: String,
    /// Only on a device that was verified, after acceptance.
    contact: Option<OfferedContactObject>,
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "OfferedContact", directive = rule::apply(Rule::By(Action::ViewIdentity).into()))]
pub struct OfferedContactObject {
    name: String,
    phone: Option<String>,
    address: Option<String>,
    reach_by: ContactChannel,
    format: InformationFormat,
    safe_times: Option<String>,
    no_voicemail: bool,
    /// To know before a call or a visit.
    risk: Risk,
    /// In the person's own words.
    what_matters: Option<String>,
    reference: String,
}

impl From<Offered> for OfferedRequestObject {
    fn from(offered: Offered) -> Self {
        let state = match offered.state {
            OfferState::Open => OfferedRequestState::Open,
            OfferState::Accepted => OfferedRequestState::Accepted,
            OfferState::Waitlisted => OfferedRequestState::Waitlisted,
            OfferState::Declined => OfferedRequestState::Declined,
            OfferState::Gone => OfferedRequestState::Gone,
            OfferState::Expired => OfferedRequestState::Expired,
        };
        let reference = offered.reference;
        Self {
            state,
            provider_name: offered.provider_name,
            service_name: offered.service_name,
            brief: offered.brief.map(BriefObject),
            reply_by: offered.reply_by.map(DateTime),
            help_phone: offered.help_phone,
            contact: offered.contact.map(|opened| contact(opened, reference)),
        }
    }
}

fn contact(opened: Opened, reference: String) -> OfferedContactObject {
    let Opened { identity, preferences, risk, what_matters } = opened;
    let lines = [
        identity.address.as_ref().map(|line| line.reveal().as_str()),
        identity.postcode.as_ref().map(Postcode::as_str),
    ];
    let address: Vec<&str> = lines.into_iter().flatten().collect();
    OfferedContactObject {
        name: identity.full_name(),
        phone: identity.phone.as_ref().map(|phone| phone.reveal().as_str().to_owned()),
        address: (!address.is_empty()).then(|| address.join(", ")),
        reach_by: preferences.channels.first().copied().unwrap_or(Channel::Visit).into(),
        format: preferences.format.into(),
        safe_times: preferences.safe_times.as_ref().map(Line::as_str).map(str::to_owned),
        no_voicemail: preferences.no_voicemail,
        risk: risk.into(),
        what_matters: what_matters.as_ref().map(Prose::as_str).map(str::to_owned),
        reference,
    }
}
