//! Where the pages live: one file a screen. Each handler asks the executor, fills the page's struct and answers; a form that
//! was posted is answered by a redirect, so that refresh and Back repeat nothing. Refuses to decide who may do what: the
//! executor's answers say so. Configure it last: its scope answers every address that nobody else took.
mod access_requests;
mod act;
mod actions;
mod address;
mod admin_sign_in;
mod assign;
mod caseload;
mod complete;
mod connections;
mod contact;
mod days;
mod desk;
mod emergency;
mod fields;
mod inbox;
mod mailbox;
mod pass_on;
mod people;
mod person;
mod refer;
mod refer_form;
mod referral;
mod respond;
mod search;
mod seat;
mod services;
mod sign_in;
mod stage;
mod standing;
mod stop;
mod today;
mod whom;
mod with_provider;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, get, post};

use self::stop::Page;
use crate::executor::Fault;

/// All pages, and their assets. Needs `web::Data<dyn Executor>` in the app.
pub fn routes(config: &mut ServiceConfig) {
    crate::assets::routes(config);
    config.service(
        web::scope("")
            .wrap(from_fn(stop::finish))
            .configure(doors)
            .configure(providers)
            .configure(lists)
            .configure(referrals)
            .default_service(web::to(nothing_here)),
    );
}

/// What is open to somebody who is not signed in.
fn doors(config: &mut ServiceConfig) {
    config
        .route("/", get().to(sign_in::home))
        .route("/sign-in", get().to(sign_in::show))
        .route("/sign-in", post().to(sign_in::enter))
        .route("/sign-out", post().to(sign_in::leave))
        .route("/switch-organisation", post().to(sign_in::switch))
        .route("/session/keep", post().to(sign_in::keep))
        .route("/accessibility", get().to(sign_in::accessibility))
        .route("/r/{token}", get().to(respond::show))
        .route("/r/{token}", post().to(respond::reply))
        .route("/r/{token}/code", get().to(respond::ask_code))
        .route("/r/{token}/code", post().to(respond::verify))
        .route("/r/{token}/code/again", post().to(respond::code_again))
        .route("/demo/mailbox", get().to(mailbox::list))
        .route("/demo/mailbox/{id}", get().to(mailbox::one));
}

/// Signing in through an organisation's provider.
fn providers(config: &mut ServiceConfig) {
    config
        .route("/sign-in/with", get().to(with_provider::ask))
        .route("/sign-in/with/{name}", get().to(with_provider::leave))
        .route("/sign-in/with/{name}/callback", get().to(with_provider::back))
        .route("/sign-in/with/{name}/connect", get().to(with_provider::connect_page))
        .route("/sign-in/with/{name}/connect", post().to(with_provider::connect))
        .route("/account/connections", get().to(connections::show))
        .route("/account/connections/remove", post().to(connections::remove))
        .route("/admin/sign-in", get().to(admin_sign_in::show))
        .route("/admin/sign-in", post().to(admin_sign_in::save))
        .route("/admin/sign-in/enable", post().to(admin_sign_in::enable))
        .route("/admin/sign-in/test", post().to(admin_sign_in::test));
}

fn lists(config: &mut ServiceConfig) {
    config
        .route("/today", get().to(today::show))
        .route("/tasks/{task}/done", post().to(today::finish))
        .route("/people", get().to(caseload::show))
        .route("/people/{person}", get().to(person::show))
        .route("/ask-for-access", post().to(access_requests::ask))
        .route("/access-requests", get().to(access_requests::list))
        .route("/access-requests/{request}", post().to(access_requests::reply))
        .route("/emergency", get().to(emergency::form))
        .route("/emergency", post().to(emergency::open))
        .route("/emergencies", get().to(emergency::list))
        .route("/emergencies/{opening}/close", post().to(emergency::close))
        .route("/emergencies/{opening}/review", post().to(emergency::review))
        .route("/services", get().to(services::show))
        .route("/search", get().to(search::show));
}

fn referrals(config: &mut ServiceConfig) {
    config
        .route("/refer", get().to(refer::show))
        .route("/refer", post().to(refer::send))
        .route("/referrals", get().to(inbox::show))
        .route("/referrals/assign", post().to(assign::assign))
        .route("/referrals/{referral}", get().to(referral::show))
        .route("/referrals/{referral}/sent", get().to(refer::sent))
        .route("/referrals/{referral}/read", post().to(referral::read))
        .route("/referrals/{referral}/contact", get().to(contact::show))
        .route("/referrals/{referral}/contact", post().to(contact::save))
        .route("/referrals/{referral}/complete", get().to(complete::show))
        .route("/referrals/{referral}/complete", post().to(complete::finish))
        .route("/referrals/{referral}/onward", get().to(pass_on::onward))
        .route("/referrals/{referral}/onward", post().to(pass_on::send_onward))
        .route("/referrals/{referral}/transfer", get().to(pass_on::transfer))
        .route("/referrals/{referral}/transfer", post().to(pass_on::send_instead))
        .route("/referrals/{referral}/{verb}", post().to(act::act));
}

async fn nothing_here() -> Page {
    Err(Fault::NotFound.into())
}
