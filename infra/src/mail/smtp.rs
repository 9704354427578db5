//! Handing a rendered mail to an SMTP server, with a verdict the outbox can act on: later, or never.
//! Beyond this machine nothing is sent without TLS. It refuses to retry, to choose recipients, and to
//! repeat what the server answered, which may quote the address.

use std::time::Duration;

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::runtime::Handle;
use url::{Host, Url};
use uuid::Uuid;

use super::render::Rendered;

const ANSWER_WITHIN: Duration = Duration::from_secs(20);
const MOST_CONNECTIONS: u32 = 4;
/// Refusals that say something about our own account, not about the message: those mend.
const ACCOUNT_REFUSALS: [u16; 4] = [530, 534, 535, 538];

#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    #[error("mail server address is not a valid smtp:// or smtps:// address")]
    Address,
    #[error("mail server beyond this machine must be reached with tls")]
    Plain,
    #[error("mailer must be made on a tokio runtime")]
    NoRuntime,
}

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum MailError {
    /// Try again: the server is away, busy, or our account with it is not in order.
    #[error("mail server did not take the message now (code {code:?})")]
    Temporary { code: Option<u16> },
    /// Do not try again: the server, or our own check, refuses this message.
    #[error("message cannot be delivered (code {code:?})")]
    Permanent { code: Option<u16> },
}

/// A mail ready to go. `message_id` is the outbox row's: a repeat carries the same one, and the same date.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    pub message_id: Uuid,
    pub written_at: Timestamp,
    pub to: &'a str,
    pub from: &'a str,
    /// Instead of the name that `from` has.
    pub from_name: Option<&'a str>,
    pub reply_to: Option<&'a str>,
    pub rendered: &'a Rendered,
}

#[derive(Clone)]
pub struct Mailer {
    /// Present until the drop.
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    runtime: Handle,
}

impl Mailer {
    /// `smtps://user:password@host/`, `smtp://host/` (which insists on STARTTLS), or plain `smtp://` to
    /// this machine itself.
    pub fn new(url: &str) -> Result<Self, MailerError> {
        let url = secured(url)?;
        let runtime = Handle::try_current().map_err(|_| MailerError::NoRuntime)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
            .map_err(|_| MailerError::Address)?
            .timeout(Some(ANSWER_WITHIN))
            .pool_config(PoolConfig::new().max_size(MOST_CONNECTIONS))
            .build();
        Ok(Self { transport: Some(transport), runtime })
    }

    pub async fn send(&self, mail: &Outgoing<'_>) -> Result<(), MailError> {
        let message = compose(mail).ok_or(MailError::Permanent { code: None })?;
        let transport = self.transport.as_ref().ok_or(MailError::Temporary { code: None })?;
        transport.send(message).await.map(|_| ()).map_err(|error| verdict(&error))
    }

    /// For readiness pages: the server greets us.
    pub async fn answers(&self) -> bool {
        match &self.transport {
            Some(transport) => transport.test_connection().await.unwrap_or(false),
            None => false,
        }
    }
}

impl Drop for Mailer {
    /// The connection pool spawns a task when it goes, and aborts the process where there is no runtime.
    fn drop(&mut self) {
        let _entered = self.runtime.enter();
        drop(self.transport.take());
    }
}

impl std::fmt::Debug for Mailer {
    /// The transport holds a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Mailer")
    }
}

fn secured(url: &str) -> Result<Url, MailerError> {
    let mut url = Url::parse(url).map_err(|_| MailerError::Address)?;
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None) | ("smtp", Some("required")) => Ok(url),
        ("smtp", None) if is_this_machine(&url) => Ok(url),
        ("smtp", None) => {
            url.query_pairs_mut().append_pair("tls", "required");
            Ok(url)
        }
        ("smtp" | "smtps", Some(_)) => Err(MailerError::Plain),
        _ => Err(MailerError::Address),
    }
}

/// `smtp` is no scheme the parser knows, so an IPv4 address arrives as a name.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain("localhost")) => true,
        Some(Host::Domain(name)) => {
            name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn compose(mail: &Outgoing<'_>) -> Option<Message> {
    let from: Mailbox = mail.from.parse().ok()?;
    if mail.from_name.is_some_and(|name| name.chars().any(char::is_control)) {
        return None;
    }
    let name = mail.from_name.map(str::to_owned).or(from.name);
    let from = Mailbox { name, email: from.email };
    let message_id = format!("<{}@{}>", mail.message_id, from.email.domain());
    let mut builder = Message::builder()
        .message_id(Some(message_id))
        .date(mail.written_at.into())
        .from(from)
        .to(mail.to.parse().ok()?)
        .subject(mail.rendered.subject.as_str())
        // Asks out-of-office robots not to answer.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii("Auto-Submitted".to_owned()).ok()?,
            "auto-generated".to_owned(),
        ));
    if let Some(address) = mail.reply_to {
        builder = builder.reply_to(address.parse().ok()?);
    }
    let Rendered { text, html, .. } = mail.rendered;
    builder.multipart(MultiPart::alternative_plain_html(text.clone(), html.clone())).ok()
}

fn verdict(error: &lettre::transport::smtp::Error) -> MailError {
    let code = error.status().map(u16::from);
    let ours = code.is_some_and(|code| ACCOUNT_REFUSALS.contains(&code));
    if error.is_permanent() && !ours { MailError::Permanent { code } } else { MailError::Temporary { code } }
}

#[cfg(test)]
mod tests {
    use super::super::MailCatcher;
    use super::*;

    fn rendered() -> Rendered {
        Rendered {
            subject: "Can Café Zoë help? £5 · 你好".to_owned(),
            text: "First line\n.\n..dots\nLink: https://links.northvale.example/r/1?x=1&y=2\n".to_owned(),
            html: "<p>Café</p>".to_owned(),
        }
    }

    fn outgoing<'a>(to: &'a str, rendered: &'a Rendered) -> Outgoing<'a> {
        Outgoing {
            message_id: Uuid::from_u128(7),
            written_at: "2026-03-04T09:00:00Z".parse().unwrap(),
            to,
            from: "North Vale Links <no-reply@northvale.example>",
            from_name: None,
            reply_to: Some("help@northvale.example"),
            rendered,
        }
    }

    fn caught() -> (MailCatcher, Mailer) {
        let (catcher, address) = MailCatcher::start("127.0.0.1:0".parse().unwrap()).unwrap();
        (catcher, Mailer::new(&format!("smtp://{address}")).unwrap())
    }

    #[test]
    fn an_invitation_names_the_place_and_keeps_our_address() {
        let rendered = rendered();
        let to = outgoing("bea@eastfield.example", &rendered);
        let mail = Outgoing { from_name: Some("Vale Link Workers through Trellis"), ..to };
        let written = String::from_utf8(compose(&mail).unwrap().formatted()).unwrap();
        let from = written.lines().find(|line| line.starts_with("From:")).unwrap();
        assert!(from.contains("Vale Link Workers through Trellis"), "{from}");
        assert!(from.contains("<no-reply@northvale.example>"), "{from}");
        // a name is no way to another header
        let sly = Outgoing { from_name: Some("Vale\r\nBcc: eve@example.org"), ..to };
        assert!(compose(&sly).is_none());
    }

    #[tokio::test]
    async fn a_mail_arrives_as_it_was_written() {
        let (catcher, mailer) = caught();
        let rendered = rendered();
        mailer.send(&outgoing("bea@eastfield.example", &rendered)).await.unwrap();
        let mails = catcher.messages();
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!(mail.from, "no-reply@northvale.example");
        assert_eq!(mail.to, ["bea@eastfield.example"]);
        assert_eq!(mail.subject, rendered.subject);
        assert_eq!(mail.text.replace("\r\n", "\n").trim_end(), rendered.text.trim_end());
        assert_eq!(mail.html.trim_end(), rendered.html);
        assert_eq!(mail.message_id, format!("{}@northvale.example", Uuid::from_u128(7)));
        assert!(mailer.answers().await);
    }

    #[tokio::test]
    async fn a_repeat_carries_the_same_message_id() {
        let (catcher, mailer) = caught();
        let rendered = rendered();
        for _ in 0..2 {
            mailer.send(&outgoing("bea@eastfield.example", &rendered)).await.unwrap();
        }
        let mails = catcher.messages();
        assert_eq!(mails[0].message_id, mails[1].message_id);
        assert_ne!(mails[0].id, mails[1].id);
    }

    #[tokio::test]
    async fn a_server_that_is_away_is_temporary() {
        let (catcher, mailer) = caught();
        drop(catcher);
        let rendered = rendered();
        let sent = mailer.send(&outgoing("bea@eastfield.example", &rendered)).await;
        assert!(matches!(sent, Err(MailError::Temporary { .. })), "{sent:?}");
        assert!(!mailer.answers().await);
    }

    #[tokio::test]
    async fn a_refused_recipient_is_permanent_and_a_busy_one_temporary() {
        let (catcher, mailer) = caught();
        let rendered = rendered();
        let refused = mailer.send(&outgoing("bounces@eastfield.example", &rendered)).await;
        assert_eq!(refused, Err(MailError::Permanent { code: Some(550) }));
        let busy = mailer.send(&outgoing("busy@eastfield.example", &rendered)).await;
        assert_eq!(busy, Err(MailError::Temporary { code: Some(451) }));
        assert!(catcher.messages().is_empty());
        assert!(!refused.unwrap_err().to_string().contains("bounces"), "errors name nobody");
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused_before_it_is_sent() {
        let (catcher, mailer) = caught();
        let rendered = rendered();
        for to in ["", "nobody", "a@b\r\nRCPT TO:<c@d.example>", "a@b.example, c@d.example"] {
            let sent = mailer.send(&outgoing(to, &rendered)).await;
            assert_eq!(sent, Err(MailError::Permanent { code: None }), "{to:?}");
        }
        assert!(catcher.messages().is_empty());
    }

    #[tokio::test]
    async fn a_subject_with_line_breaks_adds_no_header() {
        let (catcher, mailer) = caught();
        let mut rendered = rendered();
        rendered.subject = "Hello\r\nBcc: spy@example.org\r\nX-Extra: 1".to_owned();
        mailer.send(&outgoing("bea@eastfield.example", &rendered)).await.unwrap();
        let mail = catcher.messages().remove(0);
        assert_eq!(mail.to, ["bea@eastfield.example"]);
        assert!(
            !mail.header_names.iter().any(|name| name == "Bcc" || name == "X-Extra"),
            "{:?}",
            mail.header_names
        );
    }

    #[test]
    fn a_mailer_outlives_its_runtime_without_harm_and_is_not_made_without_one() {
        assert!(matches!(Mailer::new("smtp://127.0.0.1:2525"), Err(MailerError::NoRuntime)));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mailer = runtime.block_on(async { Mailer::new("smtp://127.0.0.1:2525") }).unwrap();
        drop(runtime);
        drop(mailer);
    }

    #[tokio::test]
    async fn beyond_this_machine_tls_is_insisted_on() {
        for (given, used) in [
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://[::1]:2525", "smtp://[::1]:2525"),
            ("smtp://localhost:2525/", "smtp://localhost:2525/"),
            ("smtp://mail.example.org", "smtp://mail.example.org?tls=required"),
            ("smtp://192.0.2.1:25", "smtp://192.0.2.1:25?tls=required"),
            ("smtps://u:p@mail.example.org", "smtps://u:p@mail.example.org"),
        ] {
            assert_eq!(secured(given).unwrap().as_str(), used);
            assert!(Mailer::new(given).is_ok(), "{given}");
        }
        for given in ["smtp://mail.example.org?tls=opportunistic", "smtps://mail.example.org?tls=none"] {
            assert!(matches!(secured(given), Err(MailerError::Plain)), "{given}");
        }
        for given in ["", "mail.example.org:25", "http://mail.example.org", "smtp://"] {
            assert!(Mailer::new(given).is_err(), "{given}");
        }
    }
}
