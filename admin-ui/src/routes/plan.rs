//! Screen 10, live: somebody's plan to read, to write together, in all its versions, and as a copy for them. What is typed
//! travels in the form, so that another goal or action is a button and no script is needed; nothing is saved before it is.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::Address;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::paging::paging;
use super::plan_form::Typed;
use super::plan_words::{Change, Reader, Written, by, title};
use super::seat::Seat;
use super::stop::{Page, not_done};
use super::whom::Whom;
use crate::chrome::Section;
use crate::codes::{AccessLevel, Code, InformationFormat, RefusalCode};
use crate::documents::Refusal as Said;
use crate::documents::plan::{
    PersonPlan, PlanVersions as Versions, SavePlan, person_plan, plan_versions, save_plan,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::plan::{EditPlan, Person, PlanOvertaken, PlanPage, PlanVersions, PrintPlan, VersionRow};
use crate::parts::{Empty, Errors};
use crate::words;

type Planned = person_plan::PersonPlanPerson;

const A_PAGE: i64 = 10;

async fn load(desk: &Desk, id: &str, version: Option<i64>) -> Result<Planned, Fault> {
    let variables = person_plan::Variables { id: id.to_owned(), version };
    desk.ask::<PersonPlan>(variables).await?.person.ok_or(Fault::NotFound)
}

fn whose(person: &Planned) -> Person {
    Person { id: person.id.clone(), name: person.name.clone() }
}

/// It is written by whoever has the whole record open, and not only for an emergency.
fn may_edit(seat: &Seat, person: &Planned) -> bool {
    seat.may("plan.save") && person.access_level == AccessLevel::Full && person.emergency.is_none()
}

pub async fn show(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let seat = desk.seat(Some(Section::People)).await?;
    let person = load(&desk, &id, asked.text("version").parse().ok()).await?;
    let plan = person.plan.as_ref().ok_or(Fault::NotFound)?;
    let written = Written::from(plan);
    let reader = Reader::Worker { person: &person.name, today: desk.today() };
    let page = PlanPage {
        may_edit: may_edit(&seat, &person),
        person: whose(&person),
        title: written.title(),
        by: written.by(),
        matters: written.matters.clone(),
        goals: written.goals(reader),
        changes: plan.changes.iter().map(|change| Change::from(change).words()).collect(),
        is_older: person.newest.as_ref().is_some_and(|newest| newest.version != written.version),
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

pub async fn versions(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let seat = desk.seat(Some(Section::People)).await?;
    let variables =
        plan_versions::Variables { id: id.into_inner(), first: A_PAGE, after: asked.some("after") };
    let person = desk.ask::<Versions>(variables).await?.person.ok_or(Fault::NotFound)?;
    // There is nothing for whoever does not have the whole record open.
    let page = person.plan_versions.ok_or(Fault::Forbidden)?;
    let next = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
    let rows: Vec<VersionRow> = page
        .edges
        .iter()
        .map(|edge| VersionRow {
            version: edge.node.version,
            title: title(edge.node.saved_at),
            by: format!(
                "{}, {}",
                words::moment(edge.node.saved_at).words,
                by(edge.node.saved_by.as_deref(), &edge.node.organisation_name)
            ),
            changes: edge.node.changes.iter().map(|change| Change::from(change).words()).collect(),
        })
        .collect();
    let here = Address::to(format!("/people/{}/plan/versions", person.id));
    let page = PlanVersions {
        chrome: seat.chrome,
        empty: rows.is_empty().then(|| nothing(&person.id)),
        pagination: paging(&here, &asked, rows.len(), next.as_deref(), ("plan", "plans")),
        person: Person { id: person.id, name: person.name },
        rows,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn nothing(person: &str) -> Empty {
    Empty {
        why: "There is no plan yet.".to_owned(),
        href: Some(format!("/people/{person}")),
        action: "Go back to the person".to_owned(),
    }
}

pub async fn print(desk: Desk, id: web::Path<String>) -> Page {
    let seat = desk.seat(Some(Section::People)).await?;
    let person = load(&desk, &id, None).await?;
    let plan = person.plan.as_ref().ok_or(Fault::NotFound)?;
    let written = Written::from(plan);
    let page = PrintPlan {
        person: whose(&person),
        large: person.preferences.format == InformationFormat::LargePrint,
        format: another_format(&person),
        organisation: seat.place_name(),
        written: format!("{}, written down {}.", written.title(), written.by()),
        matters: written.matters.clone(),
        goals: written.goals(Reader::Person),
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// What paper does not give them (A3).
fn another_format(person: &Planned) -> Option<String> {
    let format = person.preferences.format;
    let on_paper = matches!(format, InformationFormat::Standard | InformationFormat::LargePrint);
    (!on_paper).then(|| {
        let wanted = format.words();
        format!(
            "{} wants information in {wanted}. A copy on paper is not enough: ask how they want this.",
            person.name
        )
    })
}

pub async fn edit(desk: Desk, id: web::Path<String>) -> Page {
    let person = load(&desk, &id, None).await?;
    let (typed, starting) = if let Some(plan) = &person.plan {
        (Typed::of(&Written::from(plan)), false)
    } else {
        let words = person.referrals.iter().find_map(|referral| referral.what_matters.clone());
        let starting = words.is_some();
        (Typed { matters: words.unwrap_or_default(), goals: Vec::new() }, starting)
    };
    let version = version_of(&person);
    let drawn = Drawn { typed, version, starting, ..Drawn::default() };
    Ok(draw(&desk, &person, drawn).await?)
}

fn version_of(person: &Planned) -> i64 {
    person.plan.as_ref().map_or(0, |plan| plan.version)
}

/// Another goal or action, or one less; or mine and theirs put together. The form comes back, and nothing is saved.
pub async fn reshape(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let person = load(&desk, &id, None).await?;
    let mut typed = Typed::read(&form);
    let asked = form.text("do");
    if asked == "merge" {
        return merge(&desk, &person, (&typed, &form)).await;
    }
    if !typed.reshape(asked) {
        return Err(Fault::NotFound.into());
    }
    let version = form.text("version").parse().unwrap_or_default();
    Ok(draw(&desk, &person, Drawn { typed, version, ..Drawn::default() }).await?)
}

async fn merge(desk: &Desk, person: &Planned, (mine, form): (&Typed, &Fields)) -> Page {
    let version = version_of(person);
    if form.text("version").parse() != Ok(version) {
        // Somebody was quicker again.
        return overtaken(desk, person, mine).await;
    }
    let theirs = person.plan.as_ref().map(|plan| Typed::of(&Written::from(plan))).unwrap_or_default();
    let typed = mine.put_together(&theirs, form);
    Ok(draw(desk, person, Drawn { typed, version, merged: true, ..Drawn::default() }).await?)
}

pub async fn save(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let typed = Typed::read(&form).without_blanks();
    let version: i64 = form.text("version").parse().unwrap_or_default();
    let goals = match typed.goals_sent(desk.today()) {
        Ok(goals) => goals,
        Err(errors) => return again(&desk, &id, (typed, version), errors).await,
    };
    let input = save_plan::SavePlanInput {
        person_id: id.clone(),
        version,
        what_matters: Some(typed.matters.clone()).filter(|words| !words.is_empty()),
        goals,
        idempotency_key: form.some("submission"),
    };
    let Some(said) = desk.act::<SavePlan>(save_plan::Variables { input }).await?.refusal else {
        return Ok(Address::to(format!("/people/{id}")).with("done", "plan").see_other());
    };
    match said.code {
        // The second is the form of before, come back to and changed: what it saved then is there now.
        RefusalCode::Stale | RefusalCode::IdempotencyKeyReused => {
            let person = load(&desk, &id, None).await?;
            overtaken(&desk, &person, &typed).await
        }
        RefusalCode::InvalidInput => {
            let mut errors = Errors::default();
            errors.push(field_of(&said), format!("{} {}", said.message, said.next));
            again(&desk, &id, (typed, version), errors).await
        }
        _ => {
            let back = format!("/people/{id}");
            not_done(&desk, Some(Section::People), said, (&back, "Go back to the person")).await
        }
    }
}

/// Where a field of the input stands on the page: `goals.0.actions.1.words` is `goal-1-action-2`.
fn field_of(said: &Said) -> String {
    let path: Vec<&str> = said.field.as_deref().unwrap_or_default().split('.').collect();
    let number = |at: &str| at.parse::<usize>().ok().map(|at| at + 1);
    match path.as_slice() {
        ["goals", goal, "actions", action, what] => match (number(goal), number(action)) {
            (Some(goal), Some(action)) => {
                let of = format!("goal-{goal}-action-{action}");
                if *what == "byName" { format!("{of}-by-name") } else { of }
            }
            _ => "matters".to_owned(),
        },
        ["goals", goal, ..] => number(goal).map_or("matters".to_owned(), |goal| format!("goal-{goal}")),
        _ => "matters".to_owned(),
    }
}

async fn again(desk: &Desk, id: &str, (typed, version): (Typed, i64), errors: Errors) -> Page {
    let person = load(desk, id, None).await?;
    Ok(draw(desk, &person, Drawn { typed, version, errors, ..Drawn::default() }).await?)
}

/// Theirs beside mine, for the version that there is now.
async fn overtaken(desk: &Desk, person: &Planned, mine: &Typed) -> Page {
    let plan = person.plan.as_ref().ok_or(Fault::NotFound)?;
    let written = Written::from(plan);
    let panel = PlanOvertaken {
        changed_by: written.saved_by.clone().unwrap_or_else(|| "somebody else".to_owned()),
        changed: words::moment(written.saved_at),
        parts: mine.beside(&Typed::of(&written)),
    };
    let drawn =
        Drawn { typed: mine.clone(), version: written.version, overtaken: Some(panel), ..Drawn::default() };
    Ok(draw(desk, person, drawn).await?)
}

/// The form, and why it is there again.
#[derive(Default)]
struct Drawn {
    typed: Typed,
    version: i64,
    starting: bool,
    merged: bool,
    errors: Errors,
    overtaken: Option<PlanOvertaken>,
}

async fn draw(desk: &Desk, person: &Planned, drawn: Drawn) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::People)).await?;
    if !may_edit(&seat, person) {
        return Err(Fault::Forbidden);
    }
    let status = match (drawn.errors.is_empty(), &drawn.overtaken) {
        (_, Some(_)) => StatusCode::CONFLICT,
        (false, None) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, None) => StatusCode::OK,
    };
    let page = EditPlan {
        chrome: seat.chrome,
        errors: drawn.errors,
        person: whose(person),
        reach: Whom::from(person).reach(),
        version: drawn.version,
        submission: desk.key(),
        goals: drawn.typed.forms(),
        matters: drawn.typed.matters,
        starting: drawn.starting,
        overtaken: drawn.overtaken,
        merged: drawn.merged,
    };
    Ok(answer(status, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_part_is_said_beside_it() {
        let said = |field: &str| Said {
            code: RefusalCode::InvalidInput,
            message: String::new(),
            next: String::new(),
            field: Some(field.to_owned()),
        };
        for (field, id) in [
            ("whatMatters", "matters"),
            ("goals", "matters"),
            ("goals.0.words", "goal-1"),
            ("goals.1.actions.2.words", "goal-2-action-3"),
            ("goals.1.actions.2.byName", "goal-2-action-3-by-name"),
        ] {
            assert_eq!(field_of(&said(field)), id, "{field}");
        }
    }
}
