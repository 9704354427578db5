//! The second half of a sign-in: asking for the factor, and setting one up where nobody comes in without. Whoever is here
//! holds a ticket in a cookie and has no session.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::{Address, on_this_site};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::sign_in::{entered, with_cookie};
use super::stop::Page;
use crate::codes::RefusalCode;
use crate::documents::account::{
    Answered, ConfirmAuthenticator, NewAuthenticator, SignInTicket, StartAuthenticator,
    confirm_authenticator, sign_in_ticket, start_authenticator,
};
use crate::executor::{Fault, PasskeyAnswer, Second, SignInRefused, SignedIn};
use crate::pages::account::{RecoveryCodes, SecondFactor, SetUpApp, Ways};
use crate::pages::answer;
use crate::parts::Errors;

/// On to the page that asks. What was on its way goes along: in the address, or, for a form, in the page itself.
pub fn on(desk: &Desk, form: &Fields, path: &str, ticket: &SignedIn) -> HttpResponse {
    let then = on_this_site(form.text("then"));
    let then = if then == "/" { "" } else { then };
    let kept = form.text("kept");
    if kept.is_empty() || path != CODE {
        return with_cookie(Address::to(path).maybe("then", then).see_other(), ticket);
    }
    let page = SecondFactor {
        chrome: desk.doorway(),
        errors: Errors::default(),
        ways: Ways { authenticator: true, passkey: true, recovery_code: true },
        then: then.to_owned(),
        kept: kept.to_owned(),
        locked: false,
    };
    with_cookie(answer(StatusCode::OK, &page), ticket)
}

pub const CODE: &str = "/sign-in/code";
pub const SET_UP: &str = "/sign-in/set-up";

fn begin_again() -> HttpResponse {
    Address::to("/sign-in").with("again", "yes").see_other()
}

/// What may be asked of the ticket's holder; `None` when the sign-in has to begin again.
async fn ways(desk: &Desk) -> Result<Option<sign_in_ticket::SignInTicketSignInTicket>, Fault> {
    let Some(ticket) = desk.visitor.ticket.clone() else { return Ok(None) };
    Ok(desk.ask::<SignInTicket>(sign_in_ticket::Variables { ticket }).await?.sign_in_ticket)
}

pub async fn ask(desk: Desk, Asked(asked): Asked) -> Page {
    asking(&desk, &asked, Errors::default(), false).await
}

async fn asking(desk: &Desk, form: &Fields, errors: Errors, locked: bool) -> Page {
    let Some(ways) = ways(desk).await? else {
        return Ok(if locked { locked_out(desk) } else { begin_again() });
    };
    if ways.must_set_up {
        return Ok(Address::to(SET_UP).maybe("then", form.text("then")).see_other());
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = SecondFactor {
        chrome: desk.doorway(),
        errors,
        ways: Ways {
            authenticator: ways.authenticator,
            passkey: ways.passkey,
            recovery_code: ways.recovery_code,
        },
        then: form.text("then").to_owned(),
        kept: form.text("kept").to_owned(),
        locked,
    };
    Ok(answer(status, &page))
}

fn locked_out(desk: &Desk) -> HttpResponse {
    let page = SecondFactor {
        chrome: desk.doorway(),
        errors: Errors::default(),
        ways: Ways::default(),
        then: String::new(),
        kept: String::new(),
        locked: true,
    };
    answer(StatusCode::TOO_MANY_REQUESTS, &page)
}

/// What a form holds of a device's answer.
pub fn passkey(form: &Fields) -> PasskeyAnswer {
    PasskeyAnswer { challenge: form.text("challenge").to_owned(), answer: form.text("answer").to_owned() }
}

pub async fn prove(desk: Desk, Posted(form): Posted) -> Page {
    let (second, field) = match form.text("way") {
        "passkey" => (Second::Passkey(passkey(&form)), "passkey"),
        "recovery" => (Second::RecoveryCode(form.text("recovery-code").to_owned()), "recovery-code"),
        _ => (Second::Code(form.text("code").to_owned()), "code"),
    };
    let mut errors = Errors::default();
    match desk.executor.finish_sign_in(&desk.visitor, second).await {
        Ok(signed_in) => Ok(entered(&desk, &form, &signed_in)),
        Err(SignInRefused::WrongCode) => {
            let words = match field {
                "recovery-code" => "Enter a recovery code that was not used before",
                "passkey" => "Your passkey did not work. Try it again, or use another way",
                _ => "Enter the 6 digits that your app shows now",
            };
            errors.push(field, words);
            asking(&desk, &form, errors, false).await
        }
        Err(SignInRefused::TooManyTries) => Ok(locked_out(&desk)),
        Err(SignInRefused::Fault(fault)) => Err(fault.into()),
        Err(
            SignInRefused::NotKnown
            | SignInRefused::ResetOver
            | SignInRefused::BeginAgain
            | SignInRefused::FactorNeeded { .. },
        ) => Ok(begin_again()),
    }
}

pub async fn set_up(desk: Desk, Asked(asked): Asked) -> Page {
    setting_up(&desk, &asked, Errors::default()).await
}

async fn setting_up(desk: &Desk, form: &Fields, errors: Errors) -> Page {
    let Some(ticket) = desk.visitor.ticket.clone() else { return Ok(begin_again()) };
    let variables = start_authenticator::Variables { ticket: Some(ticket) };
    let begun = desk.answered::<StartAuthenticator>(variables).await?;
    let Some(app) = begun.authenticator else { return Ok(begin_again()) };
    let then = form.text("then").to_owned();
    let page = SetUpApp { required: true, then, ..app_page(desk.doorway(), errors, app, SET_UP) };
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer(status, &page))
}

pub fn app_page(
    chrome: crate::chrome::Chrome,
    errors: Errors,
    app: NewAuthenticator,
    action: &str,
) -> SetUpApp {
    SetUpApp {
        chrome,
        errors,
        required: false,
        secret: app.secret,
        address: app.address,
        picture: app.picture,
        action: action.to_owned(),
        then: String::new(),
        kept: String::new(),
    }
}

pub async fn confirm(desk: Desk, Posted(form): Posted) -> Page {
    let Some(ticket) = desk.visitor.ticket.clone() else { return Ok(begin_again()) };
    let input = confirm_authenticator::ConfirmAuthenticatorInput {
        ticket: Some(ticket),
        code: form.text("code").to_owned(),
    };
    let Answered { refusal, recovery_codes, .. } =
        desk.answered::<ConfirmAuthenticator>(confirm_authenticator::Variables { input }).await?;
    match (recovery_codes, refusal.map(|refusal| refusal.code)) {
        (Some(codes), _) => {
            let (then, kept) = (form.text("then").to_owned(), form.text("kept").to_owned());
            let chrome = desk.doorway();
            Ok(answer(StatusCode::OK, &RecoveryCodes { chrome, codes, signing_in: true, then, kept }))
        }
        (None, Some(RefusalCode::CodeWrong)) => {
            let mut errors = Errors::default();
            errors.push("code", "Enter the 6 digits that your app shows now");
            setting_up(&desk, &form, errors).await
        }
        (None, Some(RefusalCode::TooManyTries)) => Ok(locked_out(&desk)),
        (None, _) => Ok(begin_again()),
    }
}

/// After the recovery codes were kept.
pub async fn finish(desk: Desk, Posted(form): Posted) -> Page {
    match desk.executor.finish_sign_in(&desk.visitor, Second::SetUp).await {
        Ok(signed_in) => Ok(entered(&desk, &form, &signed_in)),
        Err(SignInRefused::Fault(fault)) => Err(fault.into()),
        Err(_) => Ok(begin_again()),
    }
}
