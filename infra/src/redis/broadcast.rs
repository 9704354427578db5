//! The port for news between processes ("this worklist changed"), and its twin inside one process.
//! News may be missed, and then the listener is told so and reads again; it never carries the data itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

/// A listener this far behind is told that it missed something.
const BACKLOG: usize = 256;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Message(Vec<u8>),
    /// Something may have been said that was not heard: read the state again.
    Missed,
}

#[async_trait]
pub trait Broadcast: Send + Sync {
    async fn publish(&self, channel: &str, message: &[u8]);

    /// Hears what is published after this returns, until it is dropped.
    async fn subscribe(&self, channel: &str) -> BoxStream<'static, Heard>;
}

#[derive(Default)]
pub struct LocalBroadcast {
    channels: Mutex<HashMap<String, Sender<Heard>>>,
}

impl LocalBroadcast {
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn deliver(&self, channel: &str, heard: Heard) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let unheard = channels.get(channel).is_some_and(|sender| sender.send(heard).is_err());
        if unheard {
            channels.remove(channel);
        }
    }

    pub(super) fn deliver_missed_to_all(&self) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, sender| sender.send(Heard::Missed).is_ok());
    }

    pub(super) fn listen(&self, channel: &str) -> BoxStream<'static, Heard> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        // Channels are named after people's worklists: those nobody listens to any more must not pile up.
        channels.retain(|_, sender| sender.receiver_count() > 0);
        let sender = channels.entry(channel.to_owned()).or_insert_with(|| broadcast::channel(BACKLOG).0);
        stream::unfold(sender.subscribe(), next).boxed()
    }
}

async fn next(mut receiver: Receiver<Heard>) -> Option<(Heard, Receiver<Heard>)> {
    match receiver.recv().await {
        Ok(heard) => Some((heard, receiver)),
        Err(RecvError::Lagged(_)) => Some((Heard::Missed, receiver)),
        Err(RecvError::Closed) => None,
    }
}

#[async_trait]
impl Broadcast for LocalBroadcast {
    async fn publish(&self, channel: &str, message: &[u8]) {
        self.deliver(channel, Heard::Message(message.to_vec()));
    }

    async fn subscribe(&self, channel: &str) -> BoxStream<'static, Heard> {
        self.listen(channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_that_falls_behind_is_told_so() {
        let broadcast = LocalBroadcast::new();
        let mut listener = broadcast.subscribe("a").await;
        for _ in 0..=BACKLOG {
            broadcast.publish("a", b"x").await;
        }
        assert_eq!(listener.next().await, Some(Heard::Missed));
        assert_eq!(listener.next().await, Some(Heard::Message(b"x".to_vec())));
    }

    #[tokio::test]
    async fn channels_without_listeners_are_forgotten() {
        let broadcast = LocalBroadcast::new();
        for number in 0..100 {
            drop(broadcast.subscribe(&number.to_string()).await);
        }
        broadcast.publish("99", b"x").await;
        assert!(broadcast.channels.lock().unwrap().is_empty());
    }
}
