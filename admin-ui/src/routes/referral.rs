//! Screen 7, live: one referral with its checks, facts, history and what may be done now.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::civil::Date;

use super::actions::{self, Opened};
use super::desk::Desk;
use super::done::say;
use super::fields::{Asked, Posted};
use super::seat::Seat;
use super::stop::Page;
use super::whom::{Beside, Whom, hidden_bar};
use super::{elsewhere, inbox, stage};
use crate::chrome::Section;
use crate::codes::{Code, DecisionPurpose, ReferralCommand, ReferralStage, spoken};
use crate::documents::referral::{MarkRead, OneReferral, mark_read, one_referral};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::referral::{Action, Closed, Fact, ReferralPage};
use crate::parts::{
    Errors, IdentityBar, Overtaken, Refusal, Tag, Task, TaskList, Timeline, TimelineEntry, Tone,
};
use crate::words;

pub type Referral = one_referral::OneReferralReferral;

/// What was sent and refused, to be shown with the page as it is now.
#[derive(Default)]
pub struct Refused {
    pub errors: Errors,
    pub refusal: Option<Refusal>,
    pub overtaken: Option<Overtaken>,
    pub opened: Option<Opened>,
}

pub async fn show(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(Some(Section::Referrals)).await?;
    say(&desk, &mut seat, &asked, &format!("/referrals/{id}"));
    let referral = load(&desk, &id).await?;
    Ok(draw(&desk, seat, &referral, Refused::default()).await?)
}

pub async fn load(desk: &Desk, id: &str) -> Result<Referral, Fault> {
    let variables = one_referral::Variables { id: id.to_owned() };
    desk.ask::<OneReferral>(variables).await?.referral.ok_or(Fault::NotFound)
}

pub async fn draw(
    desk: &Desk,
    seat: Seat,
    referral: &Referral,
    refused: Refused,
) -> Result<HttpResponse, Fault> {
    let gives = [ReferralCommand::Allocate, ReferralCommand::Reassign];
    let workers = if gives.iter().any(|command| referral.commands.contains(command)) {
        let all = inbox::members_of(desk, &seat).await?;
        let has_it = referral.worker.as_ref().map(|worker| worker.user_id.as_str());
        all.into_iter().filter(|worker| Some(worker.value.as_str()) != has_it).collect()
    } else {
        Vec::new()
    };
    let today = desk.today();
    let over = stage::is_over(referral.stage);
    let mut offered = actions::offered(referral, &seat, workers, today);
    if let Some(opened) = &refused.opened {
        opened.into(&mut offered);
    }
    let reopen = offered.iter().position(|action| action.verb == "reopen").map(|at| offered.remove(at));
    let refusals = !refused.errors.is_empty() || refused.refusal.is_some() || refused.overtaken.is_some();
    let page = ReferralPage {
        errors: refused.errors,
        refusal: refused.refusal,
        overtaken: refused.overtaken,
        id: referral.id.clone(),
        version: referral.version.to_string(),
        submission: desk.key(),
        reference: referral.reference.clone(),
        identity: identity(referral, today),
        stage: stage::tag(referral.stage),
        stage_words: stage_words(referral),
        due: referral.due_at.filter(|_| !over).map(|at| words::due(words::local_day(at), today)),
        late: referral.overdue && !over,
        tasks: checks(referral),
        facts: facts(referral),
        matters: referral.what_matters.clone(),
        actions: offered,
        elsewhere: elsewhere::of(desk, &seat, referral).await?,
        closed: over.then(|| Closed { words: closed_words(referral), reopen }),
        timeline: timeline(referral),
        chrome: seat.chrome,
    };
    let status = if refusals { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(answer(status, &page))
}

fn identity(referral: &Referral, today: Date) -> IdentityBar {
    let beside = Beside {
        reference: None,
        status: None,
        risk: stage::risk(referral.risk),
        agreed: referral.person.as_ref().and_then(agreed),
        is_heading: false,
    };
    match &referral.person {
        Some(person) => Whom::from(person).bar(today, beside),
        None => hidden_bar(referral.brief.age_band, beside),
    }
}

fn agreed(person: &one_referral::OneReferralReferralPerson) -> Option<String> {
    let decisions = person.decisions.as_ref()?;
    let active = decisions.iter().filter(|d| d.active && d.purpose == DecisionPurpose::Referral);
    let said: Vec<String> = active.map(|d| format!("{}: {}", d.recipient, d.scope.words())).collect();
    (!said.is_empty()).then(|| format!("Share with {}", said.join("; ")))
}

fn stage_words(referral: &Referral) -> String {
    let since = words::date(words::local_day(referral.stage_since));
    match &referral.reason {
        Some(reason) => format!("{}: {reason}, since {}.", referral.stage_words, since.words),
        None => format!("{}, since {}.", referral.stage_words, since.words),
    }
}

fn closed_words(referral: &Referral) -> String {
    referral.close_out.as_ref().map_or_else(|| stage_words(referral), |told| told.support_offered.clone())
}

fn checks(referral: &Referral) -> TaskList {
    let task = |name: &str, words: &str, tone, href: Option<String>| Task {
        name: name.to_owned(),
        hint: None,
        href,
        status: Tag::new(words, tone),
    };
    let person = match &referral.person {
        Some(person) => task("Who it is", "Known", Tone::Good, Some(format!("/people/{}", person.id))),
        None => task("Who it is", "After accepting", Tone::Plain, None),
    };
    let agreement = match referral.stage {
        ReferralStage::Draft => task("Agreement to share", "Not yet", Tone::Waiting, None),
        _ => task("Agreement to share", "Recorded", Tone::Good, None),
    };
    let owner = match &referral.worker {
        Some(worker) => task("Worker", &worker.name, Tone::Good, None),
        None if stage::is_under_way(referral.stage) => task("Worker", "Nobody yet", Tone::Bad, None),
        None => task("Worker", "Not needed yet", Tone::Plain, None),
    };
    TaskList { tasks: vec![person, agreement, owner] }
}

fn facts(referral: &Referral) -> Vec<Fact> {
    let fact = |label: &str, value: String| Fact { label: label.to_owned(), value, href: None };
    let from = match &referral.from_name {
        Some(name) => format!("{name}, {}", referral.from.name),
        None => referral.from.name.clone(),
    };
    let mut facts = vec![
        fact("Needs", spoken(&referral.brief.needs)),
        fact("Service", format!("{}, {}", referral.service.name, referral.to.name)),
        fact("From", from),
        fact("Came about", referral.route.words().to_owned()),
        fact("Whoever asked hears", referral.feedback.words().to_owned()),
    ];
    if !referral.brief.access_needs.is_empty() {
        facts.insert(1, fact("Access needs", spoken(&referral.brief.access_needs)));
    }
    if let Some(at) = referral.sent_at {
        facts.push(fact("Sent", words::date(words::local_day(at)).words));
    }
    if let Some(parent) = &referral.parent {
        let href = Some(format!("/referrals/{}", parent.id));
        facts.push(Fact {
            label: "Part of".to_owned(),
            value: format!("Referral {}", parent.reference),
            href,
        });
    }
    if let Some(next) = &referral.passed_on_to {
        facts.push(Fact {
            label: "Passed on as".to_owned(),
            value: format!("Referral {}: {}", next.reference, next.stage_words),
            href: Some(format!("/referrals/{}", next.id)),
        });
    }
    facts.extend(referral.children.iter().map(|child| Fact {
        label: "Passed on to".to_owned(),
        value: format!(
            "{}, {}: {} ({})",
            child.service.name, child.to.name, child.stage_words, child.reference
        ),
        href: Some(format!("/referrals/{}", child.id)),
    }));
    if let Some(told) = &referral.close_out {
        facts.push(fact("Support offered", told.support_offered.clone()));
        facts.extend(told.outcomes.clone().map(|words| fact("What changed", words)));
        facts.extend(told.actions_for_referrer.clone().map(|words| fact("For whoever asked", words)));
    }
    facts
}

fn timeline(referral: &Referral) -> Timeline {
    let entries = referral.timeline.iter().map(|entry| TimelineEntry {
        when: words::moment(entry.at),
        what: happened(&entry.words, entry.actor_name.as_deref(), entry.organisation_name.as_deref()),
        note: entry.reason.clone(),
    });
    Timeline { entries: entries.collect(), older: None }
}

/// "Accepted. Riz Ahmed, North Vale Community Links"
pub fn happened(what: &str, who: Option<&str>, organisation: Option<&str>) -> String {
    let by: Vec<&str> = [who, organisation].into_iter().flatten().collect();
    if by.is_empty() { what.to_owned() } else { format!("{what}. {}", by.join(", ")) }
}

/// News was read: one press, so that opening a page changes nothing.
pub async fn read(desk: Desk, id: web::Path<String>, Posted(_): Posted) -> Page {
    let id = id.into_inner();
    let acted = desk.act::<MarkRead>(mark_read::Variables { id: id.clone() }).await?;
    if acted.refusal.is_some() {
        return Err(Fault::NotFound.into());
    }
    Ok(super::address::Address::to(format!("/referrals/{id}")).see_other())
}

/// A plain link dressed as an action, for what needs a page of its own.
pub fn link(verb: &str, label: &str, href: String) -> Action {
    Action { verb: verb.to_owned(), label: label.to_owned(), link: Some(href), ..Action::default() }
}
