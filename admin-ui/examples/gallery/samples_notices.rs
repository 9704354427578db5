//! Pages that say one thing, and the demo mailbox.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::demo_mailbox::{Envelope, MailMessage, Mailbox, pieces};
use trellis_admin_ui::pages::notices::{Accessibility, Confirmed, NoPermission, NotFound, Refused};
use trellis_admin_ui::parts::{Errors, Refusal};

use super::{Ink, Sample, sample};

fn barred(ink: Ink, errors: Errors) -> NoPermission {
    NoPermission {
        chrome: ink.chrome(Section::Today),
        why: if errors.is_empty() { String::new() } else { ink.say("I cover") },
        errors,
        hidden: ink.say("The referrals of your whole team."),
        who_can: ink.say("Your team lead, Ann Bello."),
        ask: Some("/ask-for-access".to_owned()),
        wanted: "/people".to_owned(),
        submission: "key".to_owned(),
    }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let refusal = Refusal {
        what_happened: ink.say("The service closed to referrals this morning."),
        next: ink.say("Choose another service. What you wrote is kept."),
        link: Some(("/services?person=per_1".to_owned(), ink.say("Find another service"))),
        phone: "01632 960 001".to_owned(),
        request_id: ink.some("01JC8-7Q2"),
    };
    let mail = |text: &str| MailMessage {
        chrome: ink.signed_out(),
        from: ink.say("trellis@example.org"),
        to: ink.say("bea@example.org"),
        subject: ink.say("Can Eastfield Walkers help someone new? Please reply by 6 November"),
        body: pieces(text),
    };
    let envelope = |n: u64| Envelope {
        href: format!("/demo/mailbox/{n}"),
        to: ink.say("bea@example.org"),
        subject: ink.say("Can Eastfield Walkers help someone new?"),
        number: n,
    };
    let request = "Someone near Eastfield Library would like to join a group like yours.\n\nSee the request: http://127.0.0.1:8080/respond/abc.\n";
    vec![
        sample("not-found", &NotFound { chrome: ink.chrome(Section::Today) }),
        sample("not-found--signed-out", &NotFound { chrome: ink.signed_out() }),
        sample("no-permission", &barred(ink, Errors::default())),
        sample("no-permission--error", &barred(ink, ink.errors(&[("why", "Say why you need it")]))),
        sample(
            "refused",
            &Refused {
                chrome: ink.chrome(Section::Services),
                heading: ink.say("This service is closed"),
                refusal,
            },
        ),
        sample("fault", &Refused::fault(ink.chrome(Section::Today), ink.say("01JC8-7Q2"))),
        sample("busy", &Refused::busy(ink.chrome(Section::Today), ink.say("01JC8-7Q2"))),
        sample(
            "confirmed",
            &Confirmed {
                chrome: ink.chrome(Section::Today),
                heading: ink.say("Message sent"),
                words: ink.list(&["They see it when they sign in."]),
                reference: ink.some("4TK-9QD"),
                links: vec![(ink.say("Back to the referral"), "/referrals/ref_1".to_owned())],
            },
        ),
        sample("accessibility", &Accessibility { chrome: ink.signed_out() }),
        sample("mailbox", &Mailbox { chrome: ink.signed_out(), messages: vec![envelope(1), envelope(2)] }),
        sample("mailbox--empty", &Mailbox { chrome: ink.signed_out(), messages: Vec::new() }),
        sample("mail-message", &mail(&ink.say(request))),
    ]
}
