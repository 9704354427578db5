//! Carries out a command on a referral: reads the form, runs the command's document with the version that was shown, and says
//! what became of it. A refusal shows the referral as it is now, with the form as it was sent. Nothing is sent twice: the key
//! of the form travels along.
use actix_web::{HttpResponse, web};
use jiff::Timestamp;

use super::actions::{self, Opened};
use super::address::Address;
use super::days::end_of_day;
use super::desk::Desk;
use super::fields::{Fields, Posted, real_day};
use super::referral::{self, Refused};
use super::stop::Page;
use crate::chrome::Section;
use crate::codes::{
    CancelReason, Code, DeclineReason, EndReason, HoldReason, ReassignReason, ReferralCommand, RefusalCode,
    ReopenReason, ReturnReason, WithdrawnBy,
};
use crate::documents::{Refusal as Said, asked, commands};
use crate::executor::{Document, Fault};
use crate::parts::{Errors, Overtaken, Refusal};
use crate::words;

/// A document with its variables, or what is wrong with the form.
type Order = Result<(Document, serde_json::Result<serde_json::Value>), Errors>;

pub async fn act(desk: Desk, path: web::Path<(String, String)>, Posted(form): Posted) -> Page {
    let (id, verb) = path.into_inner();
    let command = actions::command(&verb).ok_or(Fault::NotFound)?;
    let (document, variables) = match order(command, &id, &form) {
        Ok(order) => order,
        Err(errors) => return Ok(wrong(&desk, &id, &verb, &form, errors).await?),
    };
    let acted = desk.act_as_asked(document, variables).await?;
    match acted.refusal {
        None => {
            // A transfer answers the new referral; everything else the same one.
            let landed = acted.referral.map_or(id, |changed| changed.id);
            let gave = matches!(command, ReferralCommand::Allocate | ReferralCommand::Reassign);
            let there = Address::to(format!("/referrals/{landed}")).with("done", &verb);
            Ok(there.maybe("undo", if gave { &landed } else { "" }).see_other())
        }
        Some(said) => Ok(refused(&desk, &id, command, &form, said).await?),
    }
}

macro_rules! plain {
    ($document:ident, $module:ident, $head:expr) => {{
        let (referral_id, version, idempotency_key) = $head;
        let input = commands::$module::ReferralCommandInput { referral_id, version, idempotency_key };
        asked::<commands::$document>(commands::$module::Variables { input })
    }};
}

macro_rules! with {
    ($document:ident, $module:ident, $input:ident, $head:expr, { $($field:ident: $value:expr),+ }) => {{
        let (referral_id, version, idempotency_key) = $head;
        let input = commands::$module::$input { referral_id, version, idempotency_key, $($field: $value),+ };
        asked::<commands::$document>(commands::$module::Variables { input })
    }};
}

fn order(command: ReferralCommand, id: &str, form: &Fields) -> Order {
    use ReferralCommand as C;
    let head = (id.to_owned(), form.text("version").parse().unwrap_or(0), form.some("submission"));
    let verb = actions::verb(command);
    Ok(match command {
        C::Send => plain!(Send, send, head),
        C::Accept => plain!(Accept, accept, head),
        C::Waitlist => plain!(Waitlist, waitlist, head),
        C::AcknowledgeRisk => plain!(AcknowledgeRisk, acknowledge_risk, head),
        C::Start => plain!(Start, start, head),
        C::Resume => plain!(Resume, resume, head),
        C::OfferPlace => {
            let out_of_turn = form.code("offer-place-out-of-turn");
            with!(OfferPlace, offer_place, OfferPlaceInput, head, { out_of_turn: out_of_turn })
        }
        C::Return => {
            with!(GiveBack, give_back, ReturnReferralInput, head, { reason: reason::<ReturnReason>(verb, form)? })
        }
        C::Decline => {
            with!(Decline, decline, DeclineReferralInput, head, { reason: reason::<DeclineReason>(verb, form)? })
        }
        C::Allocate => {
            with!(Allocate, allocate, AllocateReferralInput, head, { user_id: worker(verb, form)? })
        }
        C::Reassign => {
            let (user, why) = (worker(verb, form)?, reason::<ReassignReason>(verb, form)?);
            with!(Reassign, reassign, ReassignReferralInput, head, { user_id: user, reason: why })
        }
        C::Hold => {
            let (reason, until) = held(form)?;
            with!(Hold, hold, HoldReferralInput, head, { reason: reason, until: until })
        }
        C::End => with!(End, end, EndReferralInput, head, { reason: reason::<EndReason>(verb, form)? }),
        C::Withdraw => {
            with!(Withdraw, withdraw, WithdrawReferralInput, head, { by: reason::<WithdrawnBy>(verb, form)? })
        }
        C::Cancel => {
            with!(Cancel, cancel, CancelReferralInput, head, { reason: reason::<CancelReason>(verb, form)? })
        }
        C::Reopen => {
            with!(Reopen, reopen, ReopenReferralInput, head, { reason: reason::<ReopenReason>(verb, form)? })
        }
        // These two have pages of their own.
        C::Complete | C::Transfer => return Err(one_error(verb, "Open the page for this first")),
        // These stand beside what they undo.
        C::UndoAllocation | C::UndoContact => return Err(one_error(verb, "Nothing to undo here")),
    })
}

fn one_error(field: impl Into<String>, message: &str) -> Errors {
    let mut errors = Errors::default();
    errors.push(field, message);
    errors
}

fn reason<C: Code>(verb: &str, form: &Fields) -> Result<C, Errors> {
    let field = format!("{verb}-reason");
    form.code(&field).ok_or_else(|| one_error(field, "Choose a reason"))
}

fn worker(verb: &str, form: &Fields) -> Result<String, Errors> {
    let field = format!("{verb}-worker");
    form.some(&field).ok_or_else(|| one_error(field, "Choose who gets it"))
}

fn held(form: &Fields) -> Result<(HoldReason, Timestamp), Errors> {
    let mut errors = Errors::default();
    let why = form.code("hold-reason");
    if why.is_none() {
        errors.push("hold-reason", "Choose a reason");
    }
    let until = real_day(&form.day("hold-until")).ok().flatten().and_then(end_of_day);
    if until.is_none() {
        errors.push("hold-until", "Enter the day until which it is on hold");
    }
    why.zip(until).ok_or(errors)
}

async fn wrong(
    desk: &Desk,
    id: &str,
    verb: &str,
    form: &Fields,
    errors: Errors,
) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let now = referral::load(desk, id).await?;
    let refused = Refused { errors, opened: Some(Opened::of(verb, form)), ..Refused::default() };
    referral::draw(desk, seat, &now, refused).await
}

/// Shows the referral as it is now, what was refused and why, and the form as it was sent.
async fn refused(
    desk: &Desk,
    id: &str,
    command: ReferralCommand,
    form: &Fields,
    said: Said,
) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let now = referral::load(desk, id).await?;
    let verb = actions::verb(command);
    let mut refused = Refused { opened: Some(Opened::of(verb, form)), ..Refused::default() };
    match (said.code, said.field.as_deref()) {
        (RefusalCode::NotFound, _) => return Err(Fault::NotFound),
        (RefusalCode::Stale, _) if now.commands.contains(&command) => {
            refused.overtaken = Some(overtaken(desk, command, form, &now));
        }
        (_, Some("userId")) => refused.errors = one_error(format!("{verb}-worker"), &said.message),
        (_, Some("until")) => refused.errors = one_error("hold-until", &said.message),
        (_, Some("outOfTurn")) => {
            refused.errors = one_error("offer-place-out-of-turn", &format!("{} {}", said.message, said.next));
        }
        _ => refused.refusal = Some(spoken_refusal(&said, &seat.chrome.help.phone)),
    }
    referral::draw(desk, seat, &now, refused).await
}

pub fn spoken_refusal(said: &Said, phone: &str) -> Refusal {
    Refusal {
        what_happened: said.message.clone(),
        next: said.next.clone(),
        link: None,
        phone: phone.to_owned(),
        request_id: None,
    }
}

/// Theirs beside mine: mine can be sent again as it was, for the version there is now.
fn overtaken(desk: &Desk, command: ReferralCommand, form: &Fields, now: &referral::Referral) -> Overtaken {
    let latest = now.timeline.first();
    let who = latest.and_then(|entry| entry.actor_name.clone().or_else(|| entry.organisation_name.clone()));
    let ours = ["version", "submission", "form-token"];
    let kept = form.pairs().iter().filter(|(name, _)| !ours.contains(&name.as_str())).cloned();
    let fresh = [("version".to_owned(), now.version.to_string()), ("submission".to_owned(), desk.key())];
    Overtaken {
        changed_by: who.unwrap_or_else(|| "somebody else".to_owned()),
        changed: words::moment(latest.map_or(now.stage_since, |entry| entry.at)),
        mine: command.words().to_owned(),
        theirs: latest.map_or_else(|| now.stage_words.clone(), |entry| entry.words.clone()),
        action: format!("/referrals/{}/{}", now.id, actions::verb(command)),
        kept: kept.chain(fresh).collect(),
        reload: format!("/referrals/{}", now.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_its_reason_is_not_sent_anywhere() {
        for command in [ReferralCommand::Return, ReferralCommand::Decline, ReferralCommand::Withdraw] {
            let verb = actions::verb(command);
            let errors = order(command, "ref_1", &Fields::parse("version=1")).unwrap_err();
            assert_eq!(errors.of(format!("{verb}-reason")).as_deref(), Some("Choose a reason"));
        }
        let errors = order(ReferralCommand::Hold, "ref_1", &Fields::parse("hold-until-day=31")).unwrap_err();
        assert!(errors.of("hold-reason").is_some() && errors.of("hold-until").is_some());
    }

    #[test]
    fn a_whole_form_becomes_its_document_with_version_and_key() {
        let form = Fields::parse("version=7&submission=key-1&return-reason=OUT_OF_AREA");
        let (document, variables) = order(ReferralCommand::Return, "ref_1", &form).unwrap();
        assert_eq!(document.name, "GiveBack");
        let expected = serde_json::json!({"input": {
            "referralId": "ref_1", "version": 7, "reason": "OUT_OF_AREA", "idempotencyKey": "key-1"
        }});
        assert_eq!(variables.unwrap(), expected);
    }
}
