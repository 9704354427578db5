//! A store in memory for the use cases. One organisation's view is not modelled: row-level security is
//! PostgreSQL's, and is proved there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::fixtures::{
    CHARITY, COLLEAGUE, DESK, LINK_WORKERS, OTHER_SERVICE, PERSON, PRACTICE, THEIR_SERVICE, WORKER, decision,
    id, service,
};
use crate::consent::{Decision, DecisionLocks, DecisionReads, DecisionWrites, Held, Purpose};
use crate::contact::{Contact, ContactResult, ContactWrites};
use crate::directory::{SentLately, Service, ServiceReads, ServiceWrites};
use crate::identity::RoleHolders;
use crate::kernel::{
    ContactId, DecisionId, Line, NhsNumber, OrganisationId, PersonId, Prose, ReassignmentId, Redacted,
    ReferralId, ServiceId, StoreError, TaskId, UserId, WorkingCalendar,
};
use crate::person::{
    AccessLevel, Candidate, Channel, Identity, Person, PersonAccess, PersonReads, PersonWrites, Preferences,
};
use crate::policy::{Role, Roles};
use crate::referral::chase::{Chase, ChaseWrites};
use crate::referral::close_out::CloseOut;
use crate::referral::undo::Undo;
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
    /// Did the person ask for no messages to be left?
    pub no_voicemail: bool,
    pub notes: BTreeMap<ReferralId, Prose>,
    pub chases: BTreeMap<ReferralId, Chase>,
    pub undos: BTreeMap<ReferralId, Undo>,
    /// What each worker has in hand about a referral.
    pub tasks: BTreeMap<TaskId, (ReferralId, UserId)>,
    /// Who has a mail about people who moved together.
    pub told: Vec<(ReassignmentId, UserId)>,
    last_sent: BTreeMap<ReferralId, Timestamp>,
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
            no_voicemail: false,
            notes: BTreeMap::new(),
            chases: BTreeMap::new(),
            undos: BTreeMap::new(),
            tasks: BTreeMap::new(),
            told: Vec::new(),
            last_sent: BTreeMap::new(),
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
        granted: Some(AccessLevel::Full),
        version: 1,
    }
}

impl ReferralReads for MemTx {
    fn referral(&mut self, id: ReferralId) -> Kept<Option<Referral>> {
        Ok(self.referrals.get(&id).cloned())
    }

    fn asked_for(&mut self, person: PersonId, service: ServiceId) -> Kept<Vec<Referral>> {
        let about = |known: &&Referral| known.person == person && known.to.service == service;
        Ok(self.referrals.values().filter(about).cloned().collect())
    }

    fn first_waiting(&mut self, service: ServiceId) -> Kept<Option<ReferralId>> {
        let waiting = |referral: &&Referral| {
            referral.to.service == service && referral.stage.name() == StageName::Waitlisted
        };
        let first = self.referrals.values().filter(waiting).min_by_key(|r| (r.stage_since, r.id));
        Ok(first.map(|referral| referral.id))
    }

    fn sent_since(&mut self, asked: &Referral, since: Timestamp) -> Kept<SentLately> {
        let counts = |other: &&Referral| {
            other.to.service == asked.to.service
                && other.id != asked.id
                && self.last_sent.get(&other.id).copied().or(other.sent_at).is_some_and(|sent| sent >= since)
                && !matches!(other.stage.name(), StageName::Cancelled | StageName::Withdrawn)
        };
        let all: Vec<&Referral> = self.referrals.values().filter(counts).collect();
        let ours = all.iter().filter(|other| other.from.organisation == asked.from.organisation).count();
        let number = |count: usize| u32::try_from(count).unwrap();
        Ok(SentLately { by_everybody: number(all.len()), by_us: number(ours) })
    }

    fn contacts_with(&mut self, id: ReferralId, results: &[ContactResult]) -> Kept<u32> {
        let counts = |contact: &&Contact| {
            let stands = contact.taken_back_at.is_none();
            contact.referral == id && stands && results.contains(&contact.result)
        };
        Ok(self.contacts.iter().filter(counts).count().try_into().unwrap())
    }
}

impl ReferralWrites for MemTx {
    fn lock_referral(&mut self, id: ReferralId) -> Kept<Option<Referral>> {
        self.referral(id)
    }

    fn insert_referral(&mut self, referral: &Referral, note: Option<&Prose>) -> Kept<()> {
        self.keep(referral);
        self.notes.extend(note.map(|note| (referral.id, note.clone())));
        Ok(())
    }

    fn save_referral(&mut self, referral: &Referral) -> Kept<Referral> {
        if self.referrals.get(&referral.id).map(|kept| kept.version) != Some(referral.version) {
            return Err(StoreError::Conflict);
        }
        if referral.stage.name() == StageName::Sent {
            self.last_sent.insert(referral.id, referral.stage_since);
        }
        let saved = Referral { version: referral.version + 1, ..referral.clone() };
        self.keep(&saved);
        Ok(saved)
    }

    fn save_next_step(&mut self, referral: &Referral) -> Kept<Referral> {
        self.save_referral(referral)
    }

    fn save_close_out(&mut self, _id: ReferralId, _close_out: &CloseOut) -> Kept<()> {
        Ok(())
    }

    fn mark_referral_read(&mut self, _id: ReferralId) -> Kept<()> {
        Ok(())
    }

    fn referral_note(&mut self, referral: &Referral) -> Kept<Option<Prose>> {
        Ok(self.notes.get(&referral.id).cloned())
    }

    fn ask_in_turn(&mut self, _person: PersonId) -> Kept<()> {
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

impl DecisionLocks for MemTx {
    fn lock_decisions(&mut self, person: PersonId, purpose: Purpose) -> Kept<Vec<Decision>> {
        self.decisions(person, purpose)
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

    fn lock_referrals_under(&mut self, decision: DecisionId) -> Kept<Vec<Referral>> {
        let under = |referral: &&Referral| referral.decision == Some(decision) && referral.stage.is_open();
        Ok(self.referrals.values().filter(under).cloned().collect())
    }

    fn save_taken_back(&mut self, referral: &Referral) -> Kept<()> {
        self.save_referral(referral).map(drop)
    }

    fn stop_messages_under(&mut self, _decision: DecisionId) -> Kept<()> {
        Ok(())
    }

    fn end_access_under(&mut self, decision: DecisionId, _reason: &'static str) -> Kept<Vec<Held>> {
        // With what was passed on and is taken back, whoever passed it on lets go.
        let under = |id| {
            self.referrals.values().filter(|referral| referral.decision == Some(decision)).any(|referral| {
                let let_go = referral.origin == Some(id) && referral.stage.name() == StageName::Withdrawn;
                referral.id == id || let_go
            })
        };
        let (ended, kept) = self.accesses.drain(..).partition(|access| access.referral.is_some_and(under));
        self.accesses = kept;
        let held = |access: PersonAccess| {
            let (organisation, referral) = (access.organisation, access.referral.unwrap());
            Held { organisation, referral, level: Some(access.level), since: Timestamp::UNIX_EPOCH }
        };
        let ended: Vec<PersonAccess> = ended;
        Ok(ended.into_iter().map(held).collect())
    }
}

impl PersonReads for MemTx {
    fn person(&mut self, wanted: PersonId) -> Kept<Option<Person>> {
        let mut known = person();
        known.preferences.no_voicemail = self.no_voicemail;
        Ok((wanted == id(PERSON)).then_some(known))
    }

    fn person_by_nhs_number(&mut self, _number: &NhsNumber) -> Kept<Option<PersonId>> {
        Ok(None)
    }

    fn candidates(&mut self, _identity: &Identity) -> Kept<Vec<Candidate>> {
        Ok(Vec::new())
    }
}

impl PersonWrites for MemTx {
    fn register_in_turn(&mut self) -> Kept<()> {
        Ok(())
    }

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

    fn end_referral_access(&mut self, referral: ReferralId, _reason: &'static str) -> Kept<bool> {
        let before = self.accesses.len();
        self.accesses.retain(|access| access.referral != Some(referral));
        Ok(self.accesses.len() < before)
    }

    fn end_access_under_referrals(&mut self, person: PersonId, _reason: &'static str) -> Kept<()> {
        self.accesses.retain(|access| access.person != person || access.referral.is_none());
        Ok(())
    }

    fn end_origin_access(&mut self, referral: ReferralId, reason: &'static str) -> Kept<()> {
        match self.referrals[&referral].origin {
            Some(origin) => self.end_referral_access(origin, reason).map(drop),
            None => Ok(()),
        }
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
            suspended: false,
        }))
    }

    fn roles_of(&mut self, user: UserId) -> Kept<Roles> {
        let known =
            [(WORKER, Role::TeamLead), (COLLEAGUE, Role::LinkWorker), (DESK, Role::OrganisationAdmin)];
        Ok(known.into_iter().filter(|(number, _)| user == id(*number)).map(|(_, role)| role).collect())
    }
}

impl RoleHolders for MemTx {
    fn holders(&mut self, role: Role, organisation: OrganisationId) -> Kept<Vec<UserId>> {
        let leads = role == Role::TeamLead && organisation == id(LINK_WORKERS);
        Ok(leads.then(|| id(WORKER)).into_iter().collect())
    }
}

impl ChaseWrites for MemTx {
    fn chase(&mut self, referral: ReferralId) -> Kept<Option<Chase>> {
        Ok(self.chases.get(&referral).copied())
    }

    fn save_chase(&mut self, referral: ReferralId, chase: &Chase) -> Kept<()> {
        self.chases.insert(referral, *chase);
        Ok(())
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

    fn contact(&mut self, id: ContactId) -> Kept<Option<Contact>> {
        Ok(self.contacts.iter().find(|contact| contact.id == id).cloned())
    }

    fn save_taken_back(&mut self, contact: &Contact) -> Kept<()> {
        self.contacts.retain(|kept| kept.id != contact.id);
        self.insert_contact(contact)
    }
}
