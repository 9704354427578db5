//! Who is who in one story: who asks, who leads, who walks along; and how this person is met.

use trellis_domain::contact::{ContactResult, NextStep};
use trellis_domain::person::{Channel, Preferences};
use trellis_domain::policy::Role;

use super::dice::Dice;
use super::history::{Due, Meeting};
use super::organisations::{
    CARE_NETWORK, COMMUNITY_LINKS, COUNCIL, EASTFIELD_MEDICAL, FELLSIDE_LINKS, HARBOUR_VIEW, MILL_STREET,
};
use super::services::{FELLSIDE, LINKS};
use super::staff::holding;
use super::words;

#[derive(Debug, Clone)]
pub(super) struct Cast {
    pub(super) referrer: usize,
    pub(super) lead: usize,
    pub(super) worker: usize,
    /// The link-worker service that is asked.
    pub(super) service: usize,
    /// The link workers ask their own service, for somebody who came by themself.
    pub(super) by_themself: bool,
}

/// The persona whose caseload visitors see; he carries more than the others.
const SAM: usize = 0;

impl Cast {
    pub(super) fn drawn(dice: &mut Dice, service: usize) -> Self {
        let team = if service == LINKS { COMMUNITY_LINKS } else { FELLSIDE_LINKS };
        let workers = holding(team, Role::LinkWorker);
        let worker = if service == LINKS && dice.percent(20) { SAM } else { dice.pick(&workers, SAM) };
        let lead = holding(team, Role::TeamLead).first().copied().unwrap_or(worker);
        let by_themself = dice.percent(9);
        let asks = dice.weighted(
            &[
                (38, MILL_STREET),
                (26, HARBOUR_VIEW),
                (24, EASTFIELD_MEDICAL),
                (5, CARE_NETWORK),
                (7, COUNCIL),
            ],
            MILL_STREET,
        );
        let referrer = if by_themself { worker } else { dice.pick(&holding(asks, Role::Referrer), worker) };
        Self { referrer, lead, worker, service, by_themself }
    }

    /// The same person's second team, after they were passed on.
    pub(super) fn elsewhere(&self, dice: &mut Dice) -> Self {
        let service = if self.service == LINKS { FELLSIDE } else { LINKS };
        Self { referrer: self.worker, by_themself: false, ..Self::drawn(dice, service) }
    }
}

/// A try that reached nobody, by the way the person prefers.
pub(super) fn tried(dice: &mut Dice, wishes: &Preferences) -> Meeting {
    let channel = wishes.channels.first().copied().unwrap_or(Channel::Visit);
    let result = match channel {
        Channel::Phone if !wishes.no_voicemail && dice.percent(40) => ContactResult::LeftMessage,
        Channel::Phone | Channel::Visit => ContactResult::NoAnswer,
        Channel::Text | Channel::Email | Channel::Letter => ContactResult::Sent,
    };
    let minutes = u16::try_from(dice.between(2, 10)).unwrap_or(5);
    let next = Some((NextStep::Call, Due::After(dice.between(2, 5))));
    Meeting { channel, result, minutes, note: words::missed(dice), next }
}

/// A talk, by phone where the person has one, else face to face.
pub(super) fn talk(dice: &mut Dice, wishes: &Preferences, first: bool, due: Due) -> Meeting {
    let by_phone = wishes.channels.contains(&Channel::Phone) && dice.percent(70);
    let channel = if by_phone { Channel::Phone } else { Channel::Visit };
    let minutes = u16::try_from(dice.between(1, 5) * 10).unwrap_or(20);
    let note = if first { words::first_talk(dice) } else { words::later_talk(dice) };
    let step = dice.pick(
        &[
            NextStep::Call,
            NextStep::Review,
            NextStep::Visit,
            NextStep::CheckWithProvider,
            NextStep::FirstSession,
        ],
        NextStep::Call,
    );
    Meeting { channel, result: ContactResult::Spoke, minutes, note, next: Some((step, due)) }
}

/// A session at a community group.
pub(super) fn session(dice: &mut Dice, came: bool, due: Due) -> Meeting {
    let result = if came { ContactResult::Attended } else { ContactResult::DidNotAttend };
    let minutes = if came { u16::try_from(dice.between(4, 12) * 10).unwrap_or(60) } else { 0 };
    let note = if came { words::session(dice) } else { words::missed(dice) };
    Meeting { channel: Channel::Visit, result, minutes, note, next: Some((NextStep::FirstSession, due)) }
}
