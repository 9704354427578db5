//! Screen 11, live: log a contact, on the person's page or on a page of its own. The next step comes filled in; nothing else
//! does. Refuses to offer a way of contact that the person does not want.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::address::{Address, on_this_site};
use super::days::end_of_day;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted, boxes, real_day};
use super::standing::{self, Standing};
use super::stop::{Page, not_done};
use crate::chrome::Section;
use crate::codes::{Code, ContactChannel, ContactResult, NextStep};
use crate::documents::Refusal as Said;
use crate::documents::contact::{LogContact as Document, UndoContact, log_contact, undo_contact};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::contact::{ContactForm, LogContact};
use crate::parts::{Choice, Errors};

/// The next step is proposed for this many days from now.
const USUAL_NEXT: i32 = 7;

pub async fn show(desk: Desk, id: web::Path<String>, Asked(asked): Asked) -> Page {
    let referral = standing::load(&desk, &id).await?;
    let then = back_to(&referral, asked.text("then"));
    Ok(draw(&desk, &referral, &then, (StatusCode::OK, None, Errors::default())).await?)
}

/// Where the form leads back to: the page it was opened from, or the referral.
fn back_to(referral: &Standing, then: &str) -> String {
    match path_of(then) {
        "/" => format!("/referrals/{}", referral.id),
        there => there.to_owned(),
    }
}

/// A path of this site, without its query.
fn path_of(then: &str) -> &str {
    let here = on_this_site(then);
    here.split_once('?').map_or(here, |(path, _)| path)
}

pub async fn save(desk: Desk, id: web::Path<String>, Asked(asked): Asked, Posted(form): Posted) -> Page {
    let then = path_of(asked.text("then"));
    let input = match read(&id, &form) {
        Ok(input) => input,
        Err(errors) => return Ok(again(&desk, &id, then, (&form, errors)).await?),
    };
    let acted = desk.act::<Document>(log_contact::Variables { input }).await?;
    match acted.refusal {
        None => {
            let landing = if then == "/" { format!("/referrals/{id}") } else { then.to_owned() };
            let logged = acted.contact.map(|contact| contact.id).unwrap_or_default();
            Ok(Address::to(landing).with("done", "contact").maybe("undo", &logged).see_other())
        }
        Some(said) => {
            let mut errors = Errors::default();
            errors.push(field_of(&said), format!("{} {}", said.message, said.next));
            Ok(again(&desk, &id, then, (&form, errors)).await?)
        }
    }
}

/// It was logged by mistake.
pub async fn take_back(desk: Desk, id: web::Path<String>, Asked(asked): Asked, Posted(form): Posted) -> Page {
    let then = path_of(asked.text("then"));
    let input = undo_contact::UndoContactInput {
        contact_id: id.into_inner(),
        idempotency_key: form.some("submission"),
    };
    match desk.act::<UndoContact>(undo_contact::Variables { input }).await?.refusal {
        None => Ok(Address::to(then).with("done", "contact-undone").see_other()),
        Some(said) => not_done(&desk, Some(Section::People), said, (then, "Go back")).await,
    }
}

fn field_of(said: &Said) -> &'static str {
    match said.field.as_deref() {
        Some("result") => "result",
        Some("minutes") => "minutes",
        Some("nextStep") => "next-step",
        Some("nextDueAt") => "next-on",
        Some("note") => "note",
        _ => "channel",
    }
}

fn read(id: &str, form: &Fields) -> Result<log_contact::LogContactInput, Errors> {
    let mut errors = Errors::default();
    let channel: Option<ContactChannel> = form.code("channel");
    let result: Option<ContactResult> = form.code("result");
    let minutes: Option<i64> = form.text("minutes").parse().ok();
    let next = next(form, &mut errors);
    if channel.is_none() {
        errors.push("channel", "Choose the type of contact");
    }
    if result.is_none() {
        errors.push("result", "Choose what came of it");
    }
    if minutes.is_none() {
        errors.push("minutes", "Choose how long it took");
    }
    match (channel, result, minutes) {
        (Some(channel), Some(result), Some(minutes)) if errors.is_empty() => {
            Ok(log_contact::LogContactInput {
                referral_id: id.to_owned(),
                channel,
                result,
                minutes,
                note: form.some("note"),
                next_step: next.map(|(step, _)| step),
                next_due_at: next.map(|(_, at)| at),
                idempotency_key: form.some("submission"),
            })
        }
        _ => Err(errors),
    }
}

fn next(form: &Fields, errors: &mut Errors) -> Option<(NextStep, Timestamp)> {
    let step: NextStep = form.code("next-step")?;
    let due = real_day(&form.day("next-on")).ok().flatten().and_then(end_of_day);
    if due.is_none() {
        errors.push("next-on", "Enter the day of the next step");
    }
    Some((step, due?))
}

async fn again(
    desk: &Desk,
    id: &str,
    then: &str,
    (form, errors): (&Fields, Errors),
) -> Result<HttpResponse, Fault> {
    let referral = standing::load(desk, id).await?;
    let then = back_to(&referral, then);
    draw(desk, &referral, &then, (StatusCode::UNPROCESSABLE_ENTITY, Some(form), errors)).await
}

async fn draw(
    desk: &Desk,
    referral: &Standing,
    then: &str,
    (status, typed, errors): (StatusCode, Option<&Fields>, Errors),
) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::People)).await?;
    // Nobody logs a contact with somebody whose name they may not know.
    let person = referral.person.as_ref().ok_or(Fault::NotFound)?;
    let mut form = blank(desk, &referral.id, then, &person.preferences.channels);
    if let Some(typed) = typed {
        form = filled(form, typed);
    }
    form.errors = errors;
    let page = LogContact {
        person_href: then.to_owned(),
        identity: standing::bar(desk, referral),
        form,
        chrome: seat.chrome,
    };
    Ok(answer(status, &page))
}

/// The form as it opens: the next step is proposed, nothing else.
pub fn blank(desk: &Desk, referral: &str, then: &str, allowed: &[ContactChannel]) -> ContactForm {
    let proposed = match allowed.first() {
        Some(ContactChannel::Letter) => NextStep::Write,
        Some(ContactChannel::Visit) => NextStep::Visit,
        _ => NextStep::Call,
    };
    let ways = ContactChannel::ALL.iter().copied();
    let ways = ways.filter(|way| *way == ContactChannel::Visit || allowed.contains(way));
    ContactForm {
        action: Address::to(format!("/referrals/{referral}/contact")).with("then", then).to_string(),
        form_token: String::new(),
        submission: desk.key(),
        errors: Errors::default(),
        channels: ways.map(Code::choice).collect(),
        results: ContactResult::choices(&[]),
        minutes: ContactForm::usual_minutes(),
        next_steps: steps(Some(proposed)),
        next_on: in_a_week(desk.today()).map(boxes).unwrap_or_default(),
        note: String::new(),
        double: None,
    }
}

fn steps(picked: Option<NextStep>) -> Vec<Choice> {
    let none = Choice::new("", "No next step").chosen(picked.is_none());
    [none].into_iter().chain(NextStep::choices(picked.as_slice())).collect()
}

fn in_a_week(today: Date) -> Option<Date> {
    today.checked_add(Span::new().days(USUAL_NEXT)).ok()
}

/// The form as it was sent, under the same key: it was not saved.
fn filled(form: ContactForm, sent: &Fields) -> ContactForm {
    let pick = |choices: Vec<Choice>, name: &str| Choice::pick(choices, &[sent.text(name).to_owned()]);
    ContactForm {
        channels: pick(form.channels, "channel"),
        results: pick(form.results, "result"),
        minutes: pick(form.minutes, "minutes"),
        next_steps: steps(sent.code("next-step")),
        next_on: sent.day("next-on"),
        note: sent.text("note").to_owned(),
        ..form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_answer_is_named_at_once() {
        let errors = read("ref_1", &Fields::parse("next-step=CALL&next-on-day=31")).unwrap_err();
        for field in ["channel", "result", "minutes", "next-on"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }

    #[test]
    fn without_a_next_step_its_date_is_left_out() {
        let form = Fields::parse(
            "channel=PHONE&result=SPOKE&minutes=15&next-step=&next-on-day=1&next-on-month=12&next-on-year=2026",
        );
        let input = read("ref_1", &form).unwrap();
        assert_eq!((input.minutes, input.next_due_at), (15, None));
    }
}
