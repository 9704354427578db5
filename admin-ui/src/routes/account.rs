//! Your account: each form runs one document and comes back here. Where GraphQL wants a fresh proof first, the page that asks
//! for it comes between, and what was typed is kept; a password is never kept.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::Timestamp;

use super::address::Address;
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields, Posted};
use super::prove;
use super::second::{app_page, passkey};
use super::stop::Page;
use crate::codes::RefusalCode;
use crate::documents::Refusal;
use crate::documents::account::{
    AddPasskey, Answered, ChangePassword, ConfirmAuthenticator, EndOtherSessions, EndSession,
    RemoveAuthenticator, RemovePasskey, RenamePasskey, RenewRecoveryCodes, Security, StartAuthenticator,
    add_passkey, change_password, confirm_authenticator, end_other_sessions, end_session,
    remove_authenticator, remove_passkey, rename_passkey, renew_recovery_codes, security,
    start_authenticator,
};
use crate::executor::Fault;
use crate::pages::account::{Account, Device, Key, RecoveryCodes};
use crate::pages::answer;
use crate::parts::Errors;
use crate::words;

const HOME: &str = "/account";
const APP: &str = "/account/app";

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    drawn(&desk, Errors::default(), asked.text("done")).await
}

async fn drawn(desk: &Desk, errors: Errors, done: &str) -> Page {
    let mut chrome = desk.seat(None).await?.chrome;
    chrome.notice = done_words(done);
    let viewer = desk.ask::<Security>(security::Variables).await?.viewer;
    let known = viewer.security;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let moment = |at: Timestamp| words::moment(at);
    let passkeys = known.passkeys.into_iter().map(|key| Key {
        id: key.id,
        name: key.name,
        added: moment(key.created_at),
        used: key.last_used_at.map(moment),
    });
    let devices = known.sessions.into_iter().map(|one| Device {
        id: one.id,
        words: if one.device.is_empty() { "An unknown device".to_owned() } else { one.device },
        since: moment(one.since),
        seen: moment(one.last_seen_at),
        acting_for: one.acting_for,
        current: one.current,
        second_factor: one.second_factor,
    });
    let page = Account {
        chrome,
        errors,
        name: viewer.name,
        email: known.email,
        owner_proved: known.owner_proved,
        password_changed: known.password_changed_at.map(moment),
        authenticator: known.authenticator_since.map(moment),
        passkeys: passkeys.collect(),
        passkeys_possible: known.passkeys_possible,
        codes_left: known.recovery_codes_left,
        devices: devices.collect(),
    };
    Ok(answer(status, &page))
}

fn back(done: &str) -> HttpResponse {
    Address::to(HOME).with("done", done).see_other()
}

/// Proves that the login's own credentials are theirs, and comes back.
pub async fn prove_own(desk: Desk) -> Page {
    prove::first(&desk, HOME, &Fields::default()).await
}

/// What became of a form: back to the page with a word about it; or to the proof that is due; or the page with what is wrong.
async fn settled(desk: &Desk, answered: Answered, (field, done): (&str, &str)) -> Page {
    match answered.refusal {
        None => Ok(back(done)),
        Some(refusal) => refused(desk, refusal, field).await,
    }
}

/// What was pressed is pressed again after the proof: secrets are not kept, and a device answers once.
async fn refused(desk: &Desk, refusal: Refusal, field: &str) -> Page {
    match refusal.code {
        RefusalCode::ProveYourself => prove::first(desk, HOME, &Fields::default()).await,
        RefusalCode::NotFound => Err(Fault::NotFound.into()),
        _ => {
            let mut errors = Errors::default();
            errors.push(field, format!("{} {}", refusal.message, refusal.next));
            drawn(desk, errors, "").await
        }
    }
}

pub async fn app(desk: Desk) -> Page {
    setting_up(&desk, Errors::default()).await
}

async fn setting_up(desk: &Desk, errors: Errors) -> Page {
    let begun = desk.answered::<StartAuthenticator>(start_authenticator::Variables { ticket: None }).await?;
    match (begun.authenticator, begun.refusal) {
        (Some(app), _) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let chrome = desk.seat(None).await?.chrome;
            Ok(answer(status, &app_page(chrome, errors, app, APP)))
        }
        (None, Some(refusal)) if refusal.code == RefusalCode::ProveYourself => {
            prove::first(desk, APP, &Fields::default()).await
        }
        (None, _) => Ok(Address::to(HOME).see_other()),
    }
}

pub async fn confirm_app(desk: Desk, Posted(form): Posted) -> Page {
    let input =
        confirm_authenticator::ConfirmAuthenticatorInput { ticket: None, code: form.text("code").to_owned() };
    let confirmed = desk.answered::<ConfirmAuthenticator>(confirm_authenticator::Variables { input }).await?;
    match (confirmed.recovery_codes, confirmed.refusal) {
        (Some(codes), _) => kept_codes(&desk, codes).await,
        (None, Some(refusal)) if refusal.code == RefusalCode::ProveYourself => {
            prove::first(&desk, APP, &Fields::default()).await
        }
        (None, _) => {
            let mut errors = Errors::default();
            errors.push("code", "Enter the 6 digits that your app shows now");
            setting_up(&desk, errors).await
        }
    }
}

async fn kept_codes(desk: &Desk, codes: Vec<String>) -> Page {
    let chrome = desk.seat(None).await?.chrome;
    let page = RecoveryCodes { chrome, codes, signing_in: false, then: String::new(), kept: String::new() };
    Ok(answer(StatusCode::OK, &page))
}

pub async fn remove_app(desk: Desk) -> Page {
    let removed = desk.answered::<RemoveAuthenticator>(remove_authenticator::Variables).await?;
    settled(&desk, removed, ("current", "app-removed")).await
}

pub async fn new_codes(desk: Desk) -> Page {
    let renewed = desk.answered::<RenewRecoveryCodes>(renew_recovery_codes::Variables).await?;
    match renewed.recovery_codes {
        Some(codes) => kept_codes(&desk, codes).await,
        None => settled(&desk, renewed, ("current", "")).await,
    }
}

pub async fn new_passkey(desk: Desk, Posted(form): Posted) -> Page {
    if form.text("passkey-name").is_empty() {
        let mut errors = Errors::default();
        errors.push("passkey-name", "Enter a name for the passkey");
        return drawn(&desk, errors, "").await;
    }
    let given = passkey(&form);
    let input = add_passkey::AddPasskeyInput {
        name: form.text("passkey-name").to_owned(),
        passkey: add_passkey::PasskeyAnswerInput { challenge: given.challenge, answer: given.answer },
    };
    let added = desk.answered::<AddPasskey>(add_passkey::Variables { input }).await?;
    match added.recovery_codes {
        Some(codes) if !codes.is_empty() => kept_codes(&desk, codes).await,
        _ => settled(&desk, added, ("passkey-name", "passkey-added")).await,
    }
}

pub async fn rename_passkey(desk: Desk, passkey: web::Path<String>, Posted(form): Posted) -> Page {
    let passkey_id = passkey.into_inner();
    let field = format!("name-{passkey_id}");
    let name = form.text(&field).to_owned();
    let renamed = desk.answered::<RenamePasskey>(rename_passkey::Variables { passkey_id, name }).await?;
    settled(&desk, renamed, (&field, "passkey-renamed")).await
}

pub async fn remove_passkey(desk: Desk, passkey: web::Path<String>) -> Page {
    let passkey_id = passkey.into_inner();
    let removed = desk.answered::<RemovePasskey>(remove_passkey::Variables { passkey_id }).await?;
    settled(&desk, removed, ("current", "passkey-removed")).await
}

pub async fn change_password(desk: Desk, Posted(form): Posted) -> Page {
    let typed = |name: &str| form.all(name).first().copied().unwrap_or_default().to_owned();
    let input = change_password::ChangePasswordInput {
        current: typed("current"),
        new: typed("new"),
        end_others: form.text("end-others") == "yes",
    };
    let changed = desk.answered::<ChangePassword>(change_password::Variables { input }).await?;
    let field = match &changed.refusal {
        Some(refusal) if refusal.code == RefusalCode::PasswordTooWeak => "new",
        _ => "current",
    };
    settled(&desk, changed, (field, "password-changed")).await
}

pub async fn end_session(desk: Desk, session: web::Path<String>) -> Page {
    let session_id = session.into_inner();
    let ended = desk.answered::<EndSession>(end_session::Variables { session_id }).await?;
    settled(&desk, ended, ("current", "session-ended")).await
}

pub async fn end_others(desk: Desk) -> Page {
    let ended = desk.answered::<EndOtherSessions>(end_other_sessions::Variables).await?;
    settled(&desk, ended, ("current", "sessions-ended")).await
}
