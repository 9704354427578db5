//! A store in memory for the use cases. One organisation's view is not modelled: row-level security is
//! PostgreSQL's, and is proved there.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::fixtures::{
    CHARITY, COLLEAGUE, LINK_WORKERS, OTHER_SERVICE, PERSON, PRACTICE, THEIR_SERVICE, WORKER, decision, id,
    service,
};
use crate::consent::{Decision, DecisionReads, DecisionWrites, Purpose};
use crate::contact::{Contact, ContactWrites};
use crate::directory::{Service, ServiceReads, ServiceWrites};
use crate::kernel::{
    DecisionId, Line, NhsNumber, OrganisationId, PersonId, Prose, Redacted, ReferralId, ServiceId,
    StoreError, UserId, WorkingCalendar,
};
use crate::person::{
    AccessLevel, Channel, Identity, Person, PersonAccess, PersonReads, PersonWrites, Preferences,
};
use crate::referral::close_out::CloseOut;
use crate::referral::{Reference, Referral, ReferralReads, ReferralWrites, StageName};
use crate::tenancy::{Calendars, Organisation, OrganisationKind, OrganisationReads};

type Kept<T> = Result<T, StoreError>;

#[derive(Debug, Clone)]
pub struct MemTx {
    pub referrals: BTreeMap<ReferralId, Referral>,
    pub services: BTreeMap<ServiceId, Service>,
    pub decisions: Vec<Decision>,
    /// Access that has not ended.
    pub accesses: Vec<PersonAccess>,
    pub contacts: Vec<Contact>,
    calendar: WorkingCalendar,
}

impl MemTx {
    /// One person with a decision for the whole network, and two services with so many places.
    pub fn with_places(places: Option<u32>) -> Self {
        let services =
            [service(THEIR_SERVICE, LINK_WORKERS, places), service(OTHER_SERVICE, CHARITY, places)];
        Self {
            referrals: BTreeMap::new(),
            services: services.into_iter().map(|service| (service.id, service)).collect(),
            decisions: vec![decision()],
            accesses: Vec::new(),
            contacts: Vec::new(),
            calendar: WorkingCalendar::new(TimeZone::get("Europe/London").unwrap(), []),
        }
    }

    pub fn keep(&mut self, referral: &Referral) {
        self.referrals.insert(referral.id, referral.clone());
    }

    pub fn sees(&self, referral: &Referral) -> bool {
        self.accesses.iter().any(|access| access.referral == Some(referral.id))
    }
}

pub fn person() -> Person {
    let line = |text| Redacted::new(Line::parse(text).unwrap());
    let identity = Identity {
        given_name: line("Asha"),
        family_name: line("Example"),
        birth_date: None,
        nhs_number: None,
        phone: None,
        email: None,
        address: None,
        postcode: None,
    };
    Person {
        id: id(PERSON),
        custodian: id(PRACTICE),
        identity,
        preferences: Preferences::by(Channel::Phone),
        level: AccessLevel::Full,
        version: 1,
    }
}

impl ReferralReads for MemTx {
    fn referral(&mut self, id: ReferralId) -> Kept<Option<Referral>> {
        Ok(self.referrals.get(&id).cloned())
    }

    fn first_waiting(&mut self, service: ServiceId) -> Kept<Option<ReferralId>> {
        let waiting = |referral: &&Referral| {
            referral.to.service == service && referral.stage.name() == StageName::Waitlisted
        };
        let first = self.referrals.values().filter(waiting).min_by_key(|r| (r.stage_since, r.id));
        Ok(first.map(|referral| referral.id))
    }

    fn contacts_logged(&mut self, id: ReferralId) -> Kept<u32> {
        Ok(self.contacts.iter().filter(|contact| contact.referral == id).count().try_into().unwrap())
    }
}

impl ReferralWrites for MemTx {
    fn lock_referral(&mut self, id: ReferralId) -> Kept<Option<Referral>> {
        self.referral(id)
    }

    fn insert_referral(&mut self, referral: &Referral, _note: Option<&Prose>) -> Kept<()> {
        self.keep(referral);
        Ok(())
    }

    fn save_referral(&mut self, referral: &Referral) -> Kept<Referral> {
        if self.referrals.get(&referral.id).map(|kept| kept.version) != Some(referral.version) {
            return Err(StoreError::Conflict);
        }
        let saved = Referral { version: referral.version + 1, ..referral.clone() };
        self.keep(&saved);
        Ok(saved)
    }

    fn save_close_out(&mut self, _id: ReferralId, _close_out: &CloseOut) -> Kept<()> {
        Ok(())
    }

    fn mark_referral_read(&mut self, _id: ReferralId) -> Kept<()> {
        Ok(())
    }

    fn reference_is_free(&mut self, reference: &Reference) -> Kept<bool> {
        Ok(self.referrals.values().all(|referral| referral.reference != *reference))
    }
}

impl ServiceReads for MemTx {
    fn service(&mut self, id: ServiceId) -> Kept<Option<Service>> {
        Ok(self.services.get(&id).cloned())
    }
}

impl ServiceWrites for MemTx {
    fn lock_service(&mut self, id: ServiceId) -> Kept<Option<Service>> {
        self.service(id)
    }

    fn insert_service(&mut self, service: &Service) -> Kept<()> {
        self.save_service(service)
    }

    fn save_service(&mut self, service: &Service) -> Kept<()> {
        self.services.insert(service.id, service.clone());
        Ok(())
    }

    fn save_places_taken(&mut self, service: &Service) -> Kept<()> {
        self.save_service(service)
    }
}

impl DecisionReads for MemTx {
    fn decision(&mut self, id: DecisionId) -> Kept<Option<Decision>> {
        Ok(self.decisions.iter().find(|decision| decision.id == id).cloned())
    }

    fn decisions(&mut self, person: PersonId, purpose: Purpose) -> Kept<Vec<Decision>> {
        let asked = |decision: &&Decision| decision.person == person && decision.purpose == purpose;
        Ok(self.decisions.iter().rev().filter(asked).cloned().collect())
    }
}

impl DecisionWrites for MemTx {
    fn insert_decision(&mut self, decision: &Decision) -> Kept<()> {
        self.decisions.push(decision.clone());
        Ok(())
    }

    fn save_decision(&mut self, decision: &Decision) -> Kept<()> {
        self.decisions.retain(|kept| kept.id != decision.id);
        self.insert_decision(decision)
    }

    fn open_referrals_under(&mut self, decision: DecisionId) -> Kept<Vec<ReferralId>> {
        let under = |referral: &&Referral| referral.decision == Some(decision) && referral.stage.is_open();
        Ok(self.referrals.values().filter(under).map(|referral| referral.id).collect())
    }

    fn end_access_under(&mut self, decision: DecisionId, _reason: &'static str) -> Kept<()> {
        let under = |id| self.referrals.get(&id).is_some_and(|referral| referral.decision == Some(decision));
        self.accesses.retain(|access| !access.referral.is_some_and(under));
        Ok(())
    }

    fn stop_messages(&mut self, _person: PersonId, _organisation: OrganisationId) -> Kept<()> {
        Ok(())
    }
}

impl PersonReads for MemTx {
    fn person(&mut self, wanted: PersonId) -> Kept<Option<Person>> {
        Ok((wanted == id(PERSON)).then(person))
    }

    fn person_by_nhs_number(&mut self, _number: &NhsNumber) -> Kept<Option<PersonId>> {
        Ok(None)
    }
}

impl PersonWrites for MemTx {
    fn insert_person(&mut self, _person: &Person, access: &PersonAccess) -> Kept<()> {
        self.open_access(access)
    }

    fn save_person(&mut self, person: &Person) -> Kept<Person> {
        Ok(person.clone())
    }

    fn open_access(&mut self, access: &PersonAccess) -> Kept<()> {
        self.accesses.push(access.clone());
        Ok(())
    }

    fn end_referral_access(&mut self, referral: ReferralId, _reason: &'static str) -> Kept<()> {
        self.accesses.retain(|access| access.referral != Some(referral));
        Ok(())
    }
}

impl OrganisationReads for MemTx {
    fn organisation(&mut self, wanted: OrganisationId) -> Kept<Option<Organisation>> {
        let kinds = [
            (PRACTICE, OrganisationKind::Practice),
            (LINK_WORKERS, OrganisationKind::LinkWorkerService),
            (CHARITY, OrganisationKind::CommunityProvider),
        ];
        let known = kinds.into_iter().find(|(number, _)| wanted == id(*number));
        Ok(known.map(|(_, kind)| Organisation {
            id: wanted,
            name: kind.words().into(),
            kind,
            help_phone: "01632 960001".into(),
            email: None,
        }))
    }

    fn is_member(&mut self, user: UserId) -> Kept<bool> {
        Ok(user == id(WORKER) || user == id(COLLEAGUE))
    }
}

impl Calendars for MemTx {
    fn calendar(&self) -> &WorkingCalendar {
        &self.calendar
    }
}

impl ContactWrites for MemTx {
    fn insert_contact(&mut self, contact: &Contact) -> Kept<()> {
        self.contacts.push(contact.clone());
        Ok(())
    }
}
