//! Where the pages live: one file a screen. Each handler asks the executor, fills the page's struct and answers; a form that
//! was posted is answered by a redirect, so that refresh and Back repeat nothing. Refuses to decide who may do what: the
//! executor's answers say so. Configure it last: its scope answers every address that nobody else took.
mod access_requests;
mod access_review;
mod account;
mod act;
mod actions;
mod address;
mod admin;
mod admin_sign_in;
mod applications;
mod assign;
mod assigned;
mod caseload;
mod closing;
mod complete;
mod connections;
mod contact;
mod days;
mod desk;
mod done;
mod duplicate;
mod elsewhere;
mod emergency;
mod fields;
mod inbox;
mod invitation;
mod invitations;
mod joining;
mod mailbox;
mod mailed;
mod new_organisation;
mod organisations;
mod paging;
mod pass_on;
mod people;
mod person;
mod plan;
mod plan_form;
mod plan_together;
mod plan_words;
mod prove;
mod records;
mod refer;
mod refer_form;
mod referral;
mod reset;
mod respond;
mod sameness;
mod search;
mod seat;
mod second;
mod services;
mod settings;
mod settings_form;
mod settings_words;
mod sign_in;
mod staff;
mod stage;
mod standing;
mod stop;
mod team;
mod today;
mod upload;
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
            .configure(own)
            .configure(providers)
            .configure(lists)
            .configure(referrals)
            .configure(offices)
            .configure(settings)
            .default_service(web::to(nothing_here)),
    );
}

/// What is open to somebody who is not signed in.
fn doors(config: &mut ServiceConfig) {
    config
        .route("/", get().to(sign_in::home))
        .route("/sign-in", get().to(sign_in::show))
        .route("/sign-in", post().to(sign_in::enter))
        .route("/sign-in/passkey", post().to(sign_in::by_passkey))
        .route("/sign-in/code", get().to(second::ask))
        .route("/sign-in/code", post().to(second::prove))
        .route("/sign-in/set-up", get().to(second::set_up))
        .route("/sign-in/set-up", post().to(second::confirm))
        .route("/sign-in/finish", post().to(second::finish))
        .route("/sign-in/link", get().to(mailed::sign_in))
        .route("/sign-in/link", post().to(mailed::mail_sign_in))
        .route("/sign-in/link/{token}", get().to(mailed::open))
        .route("/sign-in/link/{token}", post().to(mailed::enter))
        .route("/sign-in/mail-sent", get().to(mailed::sent))
        .route("/recover", get().to(mailed::recovery))
        .route("/recover", post().to(mailed::mail_recovery))
        .route("/recover/{token}", get().to(mailed::choose))
        .route("/recover/{token}", post().to(mailed::recover))
        .route("/reset/{token}", get().to(reset::show))
        .route("/reset/{token}", post().to(reset::finish))
        .route("/reset/{token}/stop", post().to(reset::stop))
        .route("/passkey/options", post().to(prove::options))
        .route("/sign-out", post().to(sign_in::leave))
        .route("/switch-organisation", post().to(sign_in::switch))
        .route("/session/keep", post().to(sign_in::keep))
        .route("/accessibility", get().to(sign_in::accessibility))
        .route("/r/{token}", get().to(respond::show))
        .route("/r/{token}", post().to(respond::reply))
        .route("/r/{token}/code", get().to(respond::ask_code))
        .route("/r/{token}/code", post().to(respond::verify))
        .route("/r/{token}/code/again", post().to(respond::code_again))
        .route("/invitation/{token}", get().to(invitation::show))
        .route("/invitation/{token}", post().to(invitation::join))
        .route("/invitation/{token}/again", post().to(invitation::again))
        .route("/join/{network}", get().to(joining::show))
        .route("/join/{network}", post().to(joining::send))
        .route("/join/{network}/sent", get().to(joining::sent))
        .route("/application/{token}", get().to(joining::open))
        .route("/application/{token}", post().to(joining::confirm))
        .route("/application/{token}/reply", post().to(joining::reply))
        .route("/demo/mailbox", get().to(mailbox::list))
        .route("/demo/mailbox/{id}", get().to(mailbox::one));
}

/// One's own account.
fn own(config: &mut ServiceConfig) {
    config
        .route("/prove", get().to(prove::show))
        .route("/prove", post().to(prove::prove))
        .route("/account", get().to(account::show))
        .route("/account/own", post().to(account::prove_own))
        .route("/account/app", get().to(account::app))
        .route("/account/app", post().to(account::confirm_app))
        .route("/account/app/remove", post().to(account::remove_app))
        .route("/account/recovery-codes", post().to(account::new_codes))
        .route("/account/passkeys", post().to(account::new_passkey))
        .route("/account/passkeys/{passkey}", post().to(account::rename_passkey))
        .route("/account/passkeys/{passkey}/remove", post().to(account::remove_passkey))
        .route("/account/password", post().to(account::change_password))
        .route("/account/sessions/end-others", post().to(account::end_others))
        .route("/account/sessions/{session}/end", post().to(account::end_session));
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
        .route("/team", get().to(team::show))
        .route("/contacts/{contact}/undo", post().to(contact::take_back))
        .route("/people/{person}", get().to(person::show))
        .route("/people/{person}/same", post().to(sameness::decide))
        .route("/people/{person}/same/{match}/take-back", post().to(sameness::take_back))
        .route("/people/{person}/plan", get().to(plan::show))
        .route("/people/{person}/plan", post().to(plan::save))
        .route("/people/{person}/plan/edit", get().to(plan::edit))
        .route("/people/{person}/plan/edit", post().to(plan::reshape))
        .route("/people/{person}/plan/versions", get().to(plan::versions))
        .route("/people/{person}/plan/print", get().to(plan::print))
        .route("/ask-for-access", post().to(access_requests::ask))
        .route("/access-requests", get().to(access_requests::list))
        .route("/access-requests/{request}", post().to(access_requests::reply))
        .route("/emergency", get().to(emergency::form))
        .route("/emergency", post().to(emergency::open))
        .route("/emergencies", get().to(emergency::list))
        .route("/emergencies/{opening}/close", post().to(emergency::close))
        .route("/emergencies/{opening}/review", post().to(emergency::review))
        .route("/records", get().to(records::show))
        .route("/records", post().to(records::offer))
        .route("/records/{offer}/withdraw", post().to(records::withdraw))
        .route("/records/{offer}/answer", post().to(records::reply))
        .route("/services", get().to(services::show))
        .route("/search", get().to(search::show));
}

fn referrals(config: &mut ServiceConfig) {
    config
        .route("/refer", get().to(refer::show))
        .route("/refer", post().to(refer::send))
        .route("/referrals", get().to(inbox::show))
        .route("/referrals/assign", get().to(assign::show))
        .route("/referrals/assign", post().to(assign::confirm))
        .route("/referrals/assigned", get().to(assigned::show))
        .route("/referrals/assigned/undo", post().to(assigned::undo))
        .route("/referrals/{referral}", get().to(referral::show))
        .route("/referrals/{referral}/undo", post().to(assigned::undo_one))
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

/// Organisations and their people.
fn offices(config: &mut ServiceConfig) {
    config
        .route("/admin", get().to(admin::home))
        .route("/admin/organisations", get().to(organisations::list))
        .route("/admin/organisations/new", get().to(new_organisation::show))
        .route("/admin/organisations/new", post().to(new_organisation::send))
        .route("/admin/organisations/{id}", get().to(organisations::one))
        .route("/admin/organisations/{id}/suspend", post().to(organisations::suspend))
        .route("/admin/organisations/{id}/let-in", post().to(organisations::let_in))
        .route("/admin/organisations/{id}/close", get().to(closing::show))
        .route("/admin/organisations/{id}/close", post().to(closing::close))
        .route("/admin/organisations/{id}/successor", post().to(closing::succeed))
        .route("/admin/organisations/{id}/agreement", post().to(organisations::keep_agreement))
        .route("/admin/joining", post().to(applications::settle))
        .route("/admin/applications", get().to(applications::list))
        .route("/admin/applications/{id}", get().to(applications::one))
        .route("/admin/applications/{id}/approve", post().to(applications::approve))
        .route("/admin/applications/{id}/ask", post().to(applications::ask))
        .route("/admin/applications/{id}/decline", post().to(applications::decline))
        .route("/admin/people", get().to(staff::list))
        .route("/admin/people/{id}", get().to(staff::one))
        .route("/admin/people/{id}/roles", post().to(staff::change))
        .route("/admin/people/{id}/sign-out", post().to(staff::sign_out))
        .route("/admin/people/{id}/end", post().to(staff::end))
        .route("/admin/people/{id}/reset", post().to(reset::start))
        .route("/admin/access-review", get().to(access_review::list))
        .route("/admin/access-review", post().to(access_review::confirm))
        .route("/admin/access-review/export", post().to(access_review::export))
        .route("/admin/invitations", get().to(invitations::list))
        .route("/admin/invitations/{id}", post().to(invitations::act))
        .route("/admin/invite", get().to(invitations::ask))
        .route("/admin/invite", post().to(invitations::send));
}

/// What a place has settled.
fn settings(config: &mut ServiceConfig) {
    let upload = web::PayloadConfig::new(upload::LARGEST_FORM);
    config
        .route("/admin/settings", get().to(settings::show))
        .route("/admin/settings/change", get().to(settings_form::ask))
        .service(
            web::resource("/admin/settings/check").app_data(upload).route(post().to(settings_form::check)),
        )
        .route("/admin/settings/publish", post().to(settings_form::publish))
        .route("/admin/settings/withdraw", post().to(settings::withdraw));
}

async fn nothing_here() -> Page {
    Err(Fault::NotFound.into())
}
