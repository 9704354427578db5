//! The demo's mailbox, live: for eyes (for scripts the server has it as JSON). Not there at all outside a demo.
use actix_web::http::StatusCode;
use actix_web::web;

use super::desk::Desk;
use super::stop::Page;
use crate::executor::{Fault, Mail};
use crate::pages::answer;
use crate::pages::demo_mailbox::{Envelope, MailMessage, Mailbox, pieces};

pub async fn list(desk: Desk) -> Page {
    let mailbox = desk.executor.mailbox().ok_or(Fault::NotFound)?;
    let messages = mailbox.list().into_iter().map(envelope).collect();
    Ok(answer(StatusCode::OK, &Mailbox { chrome: desk.doorway(), messages }))
}

fn envelope(mail: Mail) -> Envelope {
    Envelope {
        href: format!("/demo/mailbox/{}", mail.id),
        to: mail.to.join(", "),
        subject: mail.subject,
        number: mail.id,
    }
}

pub async fn one(desk: Desk, id: web::Path<String>) -> Page {
    let mailbox = desk.executor.mailbox().ok_or(Fault::NotFound)?;
    let id: u64 = id.parse().map_err(|_| Fault::NotFound)?;
    let mail = mailbox.message(id).ok_or(Fault::NotFound)?;
    let page = MailMessage {
        chrome: desk.doorway(),
        from: mail.from,
        to: mail.to.join(", "),
        subject: mail.subject,
        body: pieces(&mail.text),
    };
    Ok(answer(StatusCode::OK, &page))
}
