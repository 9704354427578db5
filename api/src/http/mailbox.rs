//! The demo's own mailbox, for pages and for scripts. Outside a demo there is none.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use trellis_admin_ui::executor::{Mail, Mailbox};
use trellis_infra::mail::MailCatcher;

use super::problem::problem;

/// The mail catcher, as the pages see it.
#[derive(Clone)]
pub struct DemoMailbox(pub Arc<MailCatcher>);

impl Mailbox for DemoMailbox {
    fn list(&self) -> Vec<Mail> {
        self.0.messages().into_iter().rev().map(mail).collect()
    }

    fn message(&self, id: u64) -> Option<Mail> {
        self.0.message(id).map(mail)
    }
}

fn mail(caught: trellis_infra::mail::CaughtMail) -> Mail {
    Mail { id: caught.id, from: caught.from, to: caught.to, subject: caught.subject, text: caught.text }
}

/// `/demo/mailbox.json`
pub async fn as_json(mailbox: web::Data<Option<DemoMailbox>>) -> HttpResponse {
    match mailbox.get_ref() {
        Some(DemoMailbox(catcher)) => HttpResponse::Ok().json(catcher.messages()),
        None => problem(
            actix_web::http::StatusCode::NOT_FOUND,
            "Not found",
            "There is a mailbox in the demo only.",
        ),
    }
}
