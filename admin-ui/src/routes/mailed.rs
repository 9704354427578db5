//! Links in mails: asking for one, using one, choosing a new password. Opening a link changes nothing; its form does, so that a
//! scanner of mails spends none.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::{Address, encoded};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::second;
use super::sign_in::entered;
use super::stop::Page;
use crate::codes::RefusalCode;
use crate::documents::account::{
    MailRecoveryLink, MailSignInLink, RecoverPassword, mail_recovery_link, mail_sign_in_link,
    recover_password,
};
use crate::executor::{SignInRefused, SignedIn};
use crate::pages::answer;
use crate::pages::mailed::{MailLink, MailSent, NewPassword, UseLink};
use crate::parts::Errors;

pub async fn sign_in(desk: Desk, Asked(asked): Asked) -> HttpResponse {
    asking(&desk, false, (&asked, Errors::default()))
}

pub async fn recovery(desk: Desk, Asked(asked): Asked) -> HttpResponse {
    asking(&desk, true, (&asked, Errors::default()))
}

fn asking(desk: &Desk, recovery: bool, (form, errors): (&Fields, Errors)) -> HttpResponse {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MailLink {
        chrome: desk.doorway(),
        errors,
        recovery,
        expired: form.text("expired") == "yes",
        email: form.text("email").to_owned(),
    };
    answer(status, &page)
}

pub async fn mail_sign_in(desk: Desk, Posted(form): Posted) -> Page {
    mail(&desk, &form, false).await
}

pub async fn mail_recovery(desk: Desk, Posted(form): Posted) -> Page {
    mail(&desk, &form, true).await
}

async fn mail(desk: &Desk, form: &Fields, recovery: bool) -> Page {
    let mut errors = Errors::default();
    let email = form.text("email").to_owned();
    if email.is_empty() {
        errors.push("email", "Enter your e-mail address");
        return Ok(asking(desk, recovery, (form, errors)));
    }
    let mailed = if recovery {
        desk.answered::<MailRecoveryLink>(mail_recovery_link::Variables { email }).await?
    } else {
        desk.answered::<MailSignInLink>(mail_sign_in_link::Variables { email }).await?
    };
    let Some(refusal) = mailed.refusal else { return Ok(Address::to("/sign-in/mail-sent").see_other()) };
    errors.push("email", format!("{} {}", refusal.message, refusal.next));
    Ok(asking(desk, recovery, (form, errors)))
}

pub async fn sent(desk: Desk) -> HttpResponse {
    answer(StatusCode::OK, &MailSent { chrome: desk.doorway() })
}

pub async fn open(desk: Desk, token: web::Path<String>) -> HttpResponse {
    let action = format!("/sign-in/link/{}", encoded(&token));
    answer(StatusCode::OK, &UseLink { chrome: desk.doorway(), action })
}

fn run_out(page: &str) -> HttpResponse {
    Address::to(page).with("expired", "yes").see_other()
}

pub async fn enter(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    match desk.executor.sign_in_with_link(&desk.visitor, &token).await {
        Ok(signed_in) => Ok(entered(&desk, &form, &signed_in)),
        Err(SignInRefused::FactorNeeded { set_cookie, must_set_up }) => {
            let path = if must_set_up { second::SET_UP } else { second::CODE };
            Ok(second::on(&desk, &form, path, &SignedIn { set_cookie }))
        }
        Err(SignInRefused::Fault(fault)) => Err(fault.into()),
        Err(_) => Ok(run_out("/sign-in/link")),
    }
}

pub async fn choose(desk: Desk, token: web::Path<String>) -> HttpResponse {
    choosing(&desk, &token, Errors::default())
}

fn choosing(desk: &Desk, token: &str, errors: Errors) -> HttpResponse {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let action = format!("/recover/{}", encoded(token));
    answer(status, &NewPassword { chrome: desk.doorway(), errors, action })
}

pub async fn recover(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    let new = form.all("new").first().copied().unwrap_or_default().to_owned();
    let input = recover_password::RecoverPasswordInput { token: token.clone(), new };
    let recovered = desk.answered::<RecoverPassword>(recover_password::Variables { input }).await?;
    match recovered.refusal {
        None => Ok(Address::to("/sign-in").with("recovered", "yes").see_other()),
        Some(refusal) if refusal.code == RefusalCode::LinkExpired => Ok(run_out("/recover")),
        Some(refusal) => {
            let mut errors = Errors::default();
            errors.push("new", format!("{} {}", refusal.message, refusal.next));
            Ok(choosing(&desk, &token, errors))
        }
    }
}
