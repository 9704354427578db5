//! Screen 9, live: one person, as much of the record as the acting organisation may see.
use actix_web::http::StatusCode;
use actix_web::web;
use jiff::civil::Date;

use super::desk::Desk;
use super::done::say;
use super::fields::Asked;
use super::plan_words::{Reader, Written};
use super::referral::happened;
use super::seat::Seat;
use super::stop::Page;
use super::whom::{Beside, Whom};
use super::{contact, sameness, stage};
use crate::chrome::Section;
use crate::codes::{AccessLevel, Code, DecisionPurpose, ReferralStage};
use crate::documents::people::{OnePerson, one_person};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::person::{Back, EmergencyHelper, InEmergency, NextStep, PersonPage, PlanItem, Planned};
use crate::parts::{Errors, Timeline, TimelineEntry};
use crate::words;

type Person = one_person::OnePersonPerson;
type Referral = one_person::OnePersonPersonReferrals;
type Contact = one_person::OnePersonPersonContacts;

pub async fn show(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(Some(Section::People)).await?;
    say(&desk, &mut seat, &asked, &format!("/people/{id}"));
    let variables = one_person::Variables { id: id.into_inner() };
    let person = desk.ask::<OnePerson>(variables).await?.person.ok_or(Fault::NotFound)?;
    Ok(answer(StatusCode::OK, &drawn(&desk, seat, &person)))
}

fn drawn(desk: &Desk, seat: Seat, person: &Person) -> PersonPage {
    let today = desk.today();
    let whom = Whom::from(person);
    let working = person.referrals.iter().find(|referral| worked_on(referral, &seat));
    let logging = working.filter(|_| seat.may("contact.log"));
    let here = format!("/people/{}", person.id);
    let (plan, others): (Vec<&Referral>, Vec<&Referral>) =
        person.referrals.iter().partition(|referral| referral.parent.is_some());
    let beside = Beside {
        reference: working.map(|referral| referral.reference.clone()),
        status: working.map(|referral| stage::tag(referral.stage)),
        risk: person.referrals.iter().find_map(|referral| stage::risk(referral.risk)),
        agreed: agreed(person),
        is_heading: true,
    };
    PersonPage {
        errors: Errors::default(),
        id: person.id.clone(),
        version: person.version.to_string(),
        identity: whom.bar(today, beside),
        banner: None,
        emergency: in_emergency(desk, person),
        sameness: sameness::of(desk, &seat, person),
        next: working.map(|referral| next(desk, person, referral)),
        next_form: None,
        matters: matters(person),
        planned: person.plan.as_ref().map(|plan| planned(plan, person, today)),
        edit_plan: may_plan(&seat, person).then(|| format!("{here}/plan/edit")),
        plan: plan.into_iter().map(|referral| item(desk, referral)).collect(),
        find_service: logging
            .filter(|_| seat.may("referral.send"))
            .map(|referral| format!("/services?onward={}", referral.id)),
        others: others.into_iter().map(|referral| item(desk, referral)).collect(),
        tabs: Vec::new(),
        timeline: timeline(person),
        contact: logging.map(|referral| contact::blank(desk, &referral.id, &here, &whom.channels)),
        contact_open: false,
        who_viewed: None,
        beside: Vec::new(),
        back: seat.may("caseload.list").then(|| Back {
            href: "/people".to_owned(),
            words: "My people".to_owned(),
            previous: None,
            next: None,
        }),
        stale: None,
        watch: false,
        chrome: seat.chrome,
    }
}

/// The words of the plan; before there is one, those that came with a referral.
fn matters(person: &Person) -> Option<String> {
    match &person.plan {
        Some(plan) => plan.what_matters.clone(),
        None => person.referrals.iter().find_map(|referral| referral.what_matters.clone()),
    }
}

fn may_plan(seat: &Seat, person: &Person) -> bool {
    seat.may("plan.save") && person.access_level == AccessLevel::Full && person.emergency.is_none()
}

fn planned(plan: &one_person::OnePersonPersonPlan, person: &Person, today: Date) -> Planned {
    let written = Written::from(plan);
    Planned {
        goals: written.goals(Reader::Worker { person: &person.name, today }),
        many: written.many,
        written: format!("{}, {}", written.title(), written.by()),
    }
}

fn in_emergency(desk: &Desk, person: &Person) -> Option<InEmergency> {
    let opening = person.emergency.as_ref()?;
    let helpers = person.emergency_helpers.iter().map(|helper| EmergencyHelper {
        who: format!("{}, {}", helper.service_name, helper.organisation_name),
        phone: helper.help_phone.clone(),
        state: stage::tag(helper.stage),
        risk: stage::risk(helper.risk),
    });
    Some(InEmergency {
        id: opening.id.clone(),
        until: words::moment(opening.until).words,
        custodian: person.custodian.name.clone(),
        helpers: helpers.collect(),
        submission: desk.key(),
    })
}

/// Sent to us, and under way.
fn worked_on(referral: &Referral, seat: &Seat) -> bool {
    seat.is_ours(&referral.to.id) && stage::is_under_way(referral.stage)
}

fn agreed(person: &Person) -> Option<String> {
    let decisions = person.decisions.as_ref()?;
    let active = decisions.iter().filter(|d| d.active && d.purpose == DecisionPurpose::Referral);
    let said: Vec<String> = active.map(|d| format!("{}: {}", d.recipient, d.scope.words())).collect();
    (!said.is_empty()).then(|| format!("Share with {}", said.join("; ")))
}

/// What the latest contact set; otherwise what the referral waits for.
fn next(desk: &Desk, person: &Person, referral: &Referral) -> NextStep {
    let standing = person.contacts.iter().find(|contact| contact.taken_back_at.is_none());
    let set = standing.and_then(|latest| Some((latest.next_step?, latest.next_due_at?)));
    let (what, at) = match set {
        Some((step, at)) => (Some(step.words().to_owned()), Some(at)),
        None => (Some(waits_for(referral.stage).to_owned()), referral.due_at),
    };
    let due = at.map(|at| words::due(words::local_day(at), desk.today()));
    NextStep { what, due, late: at.is_some_and(|at| at < desk.now()) }
}

/// What to do when no contact has set a next step.
const fn waits_for(stage: ReferralStage) -> &'static str {
    match stage {
        ReferralStage::Accepted => "Make the first contact",
        ReferralStage::OnHold => "Look whether the pause is over",
        _ => "Plan the next step",
    }
}

fn item(desk: &Desk, referral: &Referral) -> PlanItem {
    let since = words::ago(words::local_day(referral.stage_since), desk.today()).words;
    PlanItem {
        service: format!("{}, {}", referral.service.name, referral.reference),
        href: format!("/referrals/{}", referral.id),
        state: stage::tag(referral.stage),
        words: format!(
            "{}. From {} to {}. Since: {}.",
            referral.stage_words,
            referral.from.name,
            referral.to.name,
            since.to_lowercase()
        ),
        chase: None,
    }
}

/// Contacts of ours and what happened to the referrals, newest first.
fn timeline(person: &Person) -> Timeline {
    let contacts = person.contacts.iter().map(|contact| (contact.at, contact_entry(contact)));
    // A referral's own history names each contact again, without its note.
    let steps = person.referrals.iter().flat_map(|referral| {
        let steps = referral.timeline.iter().filter(|entry| !entry.name.starts_with("contact."));
        steps.map(move |entry| {
            let what =
                happened(&entry.words, entry.actor_name.as_deref(), entry.organisation_name.as_deref());
            let what = format!("{what} ({})", referral.reference);
            (entry.at, TimelineEntry { when: words::moment(entry.at), what, note: entry.reason.clone() })
        })
    });
    let mut all: Vec<_> = contacts.chain(steps).collect();
    all.sort_by_key(|entry| std::cmp::Reverse(entry.0));
    Timeline { entries: all.into_iter().map(|(_, entry)| entry).collect(), older: None }
}

fn contact_entry(contact: &Contact) -> TimelineEntry {
    let who = contact.worker_name.as_deref().unwrap_or("Somebody");
    let (channel, result) = (contact.channel.words(), contact.result.words().to_lowercase());
    let taken_back = if contact.taken_back_at.is_some() { ". Taken back: it does not count" } else { "" };
    TimelineEntry {
        when: words::moment(contact.at),
        what: format!("{channel}: {result}, {} min. {who}{taken_back}", contact.minutes),
        note: contact.note.clone(),
    }
}
