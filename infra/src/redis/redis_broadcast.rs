//! News between processes through Redis: one listening connection a process, fanned out inside it.
//! While Redis is away, listeners of this process still hear what this process says; when it
//! returns, everyone is told to read again.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{BoxStream, StreamExt};
use redis::RedisError;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, error::Elapsed, interval, sleep, timeout};

use super::broadcast::{Broadcast, Heard, LocalBroadcast};
use super::link::RedisLink;

const KIND: &str = "news";
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
const PING_EVERY: Duration = Duration::from_secs(10);
const FIRST_DELAY: Duration = Duration::from_millis(50);
const LONGEST_DELAY: Duration = Duration::from_secs(2);
/// How long a new listener waits for the listening connection before it makes do without.
const LISTEN_WITHIN: Duration = Duration::from_millis(500);

pub struct RedisBroadcast {
    link: RedisLink,
    here: Arc<LocalBroadcast>,
    listening: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl RedisBroadcast {
    /// Must be called on a tokio runtime; a server that is away does not fail it.
    pub fn new(link: RedisLink) -> Self {
        let here = Arc::new(LocalBroadcast::new());
        let (told, listening) = watch::channel(false);
        let task = tokio::spawn(keep_listening(link.clone(), here.clone(), told));
        Self { link, here, listening, task }
    }
}

impl Drop for RedisBroadcast {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[async_trait]
impl Broadcast for RedisBroadcast {
    async fn publish(&self, channel: &str, message: &[u8]) {
        let listening = *self.listening.borrow();
        let mut connection = self.link.manager.clone();
        let mut command = redis::cmd("PUBLISH");
        command.arg(self.link.name(KIND, channel)).arg(message);
        let sent = timeout(ANSWER_WITHIN, command.query_async::<i64>(&mut connection)).await;
        // Otherwise it comes back to us through Redis, like everybody's.
        if !listening || !matches!(sent, Ok(Ok(_))) {
            self.here.deliver(channel, Heard::Message(message.to_vec()));
        }
    }

    async fn subscribe(&self, channel: &str) -> BoxStream<'static, Heard> {
        let listener = self.here.listen(channel);
        let mut listening = self.listening.clone();
        let waited = timeout(LISTEN_WITHIN, listening.wait_for(|yes| *yes)).await;
        if !matches!(waited, Ok(Ok(_))) {
            tracing::debug!("listening in this process only until redis returns");
        }
        listener
    }
}

#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("redis closed the listening connection")]
    Closed,
    #[error("redis did not answer in time")]
    Slow(#[from] Elapsed),
    #[error("redis refused the listening connection")]
    Failed(#[from] RedisError),
}

async fn keep_listening(link: RedisLink, here: Arc<LocalBroadcast>, listening: watch::Sender<bool>) {
    let mut delay = FIRST_DELAY;
    let mut told = false;
    loop {
        let lost = match connect(&link).await {
            Ok((sink, stream)) => {
                if told {
                    tracing::info!("news between processes flows again");
                    here.deliver_missed_to_all();
                }
                (delay, told) = (FIRST_DELAY, false);
                listening.send_replace(true);
                let lost = relay(&link, &here, (sink, stream)).await;
                listening.send_replace(false);
                lost
            }
            Err(lost) => lost,
        };
        if !told {
            tracing::warn!(error = %lost, "redis is away; news stays in this process");
            told = true;
        }
        sleep(delay).await;
        delay = delay.saturating_mul(2).min(LONGEST_DELAY);
    }
}

async fn connect(link: &RedisLink) -> Result<(PubSubSink, PubSubStream), Lost> {
    let mut listener = timeout(ANSWER_WITHIN, link.client.get_async_pubsub()).await??;
    timeout(ANSWER_WITHIN, listener.psubscribe(link.name(KIND, "*"))).await??;
    Ok(listener.split())
}

async fn relay(link: &RedisLink, here: &LocalBroadcast, ends: (PubSubSink, PubSubStream)) -> Lost {
    let (mut sink, mut stream) = ends;
    let prefix = link.name(KIND, "");
    let mut ping = interval(PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = stream.next() => {
                let Some(message) = message else { return Lost::Closed };
                if let Some(channel) = message.get_channel_name().strip_prefix(&prefix) {
                    here.deliver(channel, Heard::Message(message.get_payload_bytes().to_vec()));
                }
            }
            // A stopped server keeps its sockets open: only a question finds out.
            _ = ping.tick() => match timeout(ANSWER_WITHIN, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return Lost::Failed(error),
                Err(error) => return Lost::Slow(error),
            },
        }
    }
}
