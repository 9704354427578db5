//! The demo's mailbox: a real SMTP receiver on this machine that keeps the last mails in memory.
//! The protocol is the `mailin` crate's; this owns sockets, bounds and what was caught. It refuses any address
//! beyond this machine, and never passes a mail on. Mail to `bounces@…` is refused for good, to `busy@…` for now.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use mail_parser::{MessageParser, MimeHeaders};
use mailin::{Action, Handler, Response, SessionBuilder, response};
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::timeout;

const MOST_MAILS: usize = 500;
const MOST_CONNECTIONS: usize = 32;
const LONGEST_CONVERSATION: u64 = 4 * 1024 * 1024;
const NEXT_LINE_WITHIN: Duration = Duration::from_mins(1);

#[derive(Debug, thiserror::Error)]
pub enum CatcherError {
    #[error("mail catcher listens on this machine only")]
    NotLoopback,
    #[error("mail catcher could not listen")]
    Listen(#[from] io::Error),
}

/// A mail as it was received. `id` counts up in the order of arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaughtMail {
    pub id: u64,
    pub message_id: String,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub header_names: Vec<String>,
}

/// Stops listening when dropped.
pub struct MailCatcher {
    mailbox: Arc<Mailbox>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Mailbox {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    last_id: u64,
    mails: VecDeque<CaughtMail>,
}

impl MailCatcher {
    /// Port 0 takes a free one; the address in use is returned.
    pub fn start(address: SocketAddr) -> Result<(Self, SocketAddr), CatcherError> {
        if !address.ip().is_loopback() {
            return Err(CatcherError::NotLoopback);
        }
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let mailbox = Arc::new(Mailbox::default());
        let (stop, stopped) = oneshot::channel();
        // A session of `mailin` cannot change threads, so the catcher has one to itself.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let receiving = mailbox.clone();
        let thread = std::thread::Builder::new().name("mail-catcher".to_owned()).spawn(move || {
            let ended = LocalSet::new().block_on(&runtime, listen(listener, receiving, stopped));
            if let Err(error) = ended {
                tracing::warn!(%error, "mail catcher stopped");
            }
        })?;
        Ok((Self { mailbox, stop: Some(stop), thread: Some(thread) }, address))
    }

    /// The mails kept, oldest first.
    pub fn messages(&self) -> Vec<CaughtMail> {
        self.mailbox.lock().mails.iter().cloned().collect()
    }

    pub fn message(&self, id: u64) -> Option<CaughtMail> {
        self.mailbox.lock().mails.iter().find(|mail| mail.id == id).cloned()
    }

    pub fn clear(&self) {
        self.mailbox.lock().mails.clear();
    }
}

impl Drop for MailCatcher {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ends at its next await; a panic in it has been printed already.
            let _ = thread.join();
        }
    }
}

impl Mailbox {
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, from: &str, to: &[String], raw: &[u8]) -> bool {
        let Some(message) = MessageParser::default().parse(raw) else { return false };
        let mut kept = self.lock();
        kept.last_id += 1;
        let mail = CaughtMail {
            id: kept.last_id,
            message_id: message.message_id().unwrap_or_default().to_owned(),
            from: from.to_owned(),
            to: to.to_vec(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message
                .html_bodies()
                .find(|part| part.is_content_type("text", "html"))
                .map_or_else(String::new, |part| String::from_utf8_lossy(part.contents()).into_owned()),
            header_names: message.headers().iter().map(|header| header.name().to_owned()).collect(),
        };
        kept.mails.push_back(mail);
        while kept.mails.len() > MOST_MAILS {
            kept.mails.pop_front();
        }
        true
    }
}

async fn listen(
    listener: TcpListener,
    mailbox: Arc<Mailbox>,
    mut stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return Ok(()),
        };
        // A client that gave up before it was accepted is no reason to stop.
        let Ok((stream, peer)) = accepted else { continue };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        let mailbox = mailbox.clone();
        spawn_local(async move {
            if let Err(error) = converse(stream, peer.ip(), mailbox).await {
                tracing::debug!(%error, "a mail conversation broke off");
            }
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, peer: IpAddr, mailbox: Arc<Mailbox>) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading.take(LONGEST_CONVERSATION));
    let receiving = Receiving { mailbox, from: String::new(), to: Vec::new(), raw: Vec::new() };
    let mut session = SessionBuilder::new("trellis-demo").build(peer, receiving);
    answer(&mut writing, &session.greeting()).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = timeout(NEXT_LINE_WITHIN, lines.read_until(b'\n', &mut line)).await;
        if read.map_err(|_| io::ErrorKind::TimedOut)?? == 0 {
            return Ok(());
        }
        let reply = session.process(&line);
        match reply.action {
            Action::NoReply => {}
            Action::Reply => answer(&mut writing, &reply).await?,
            Action::Close | Action::UpgradeTls => return answer(&mut writing, &reply).await,
        }
    }
}

async fn answer(writing: &mut tokio::net::tcp::OwnedWriteHalf, reply: &Response) -> io::Result<()> {
    let mut bytes = Vec::new();
    reply.write_to(&mut bytes)?;
    writing.write_all(&bytes).await?;
    writing.flush().await
}

/// One conversation's mail in the making.
struct Receiving {
    mailbox: Arc<Mailbox>,
    from: String,
    to: Vec<String>,
    raw: Vec<u8>,
}

impl Handler for Receiving {
    fn rcpt(&mut self, to: &str) -> Response {
        match to.split('@').next() {
            Some("bounces") => response::NO_MAILBOX,
            Some("busy") => response::INTERNAL_ERROR,
            _ => response::OK,
        }
    }

    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        from.clone_into(&mut self.from);
        to.clone_into(&mut self.to);
        self.raw.clear();
        response::OK
    }

    fn data(&mut self, part: &[u8]) -> io::Result<()> {
        self.raw.extend_from_slice(part);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        if self.mailbox.keep(&self.from, &self.to, &self.raw) {
            response::OK
        } else {
            response::TRANSACTION_FAILED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catcher_refuses_to_listen_beyond_this_machine() {
        let started = MailCatcher::start("0.0.0.0:0".parse().unwrap());
        assert!(matches!(started.err(), Some(CatcherError::NotLoopback)));
    }

    #[test]
    fn an_address_in_use_is_an_error() {
        let (_first, address) = MailCatcher::start("127.0.0.1:0".parse().unwrap()).unwrap();
        assert!(matches!(MailCatcher::start(address).err(), Some(CatcherError::Listen(_))));
    }

    #[test]
    fn only_the_latest_mails_are_kept_in_order() {
        let mailbox = Mailbox::default();
        for number in 0..MOST_MAILS + 3 {
            let raw = format!("Subject: {number}\r\n\r\nHello\r\n");
            assert!(mailbox.keep("a@example.org", &["b@example.org".to_owned()], raw.as_bytes()));
        }
        let kept = mailbox.lock();
        assert_eq!(kept.mails.len(), MOST_MAILS);
        assert_eq!(kept.mails.front().unwrap().subject, "3");
        assert_eq!(kept.mails.back().unwrap().id, 503);
        assert_eq!(kept.mails.back().unwrap().html, "");
    }
}
