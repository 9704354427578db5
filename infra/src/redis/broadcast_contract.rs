//! What every broadcast promises, run against the one in this process and the one through a real Redis,
//! and what listeners hear when that Redis goes away and returns.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::time::timeout;

use super::test_server::TestServer;
use super::{Broadcast, Heard, LocalBroadcast, RedisBroadcast};

async fn hear(listener: &mut BoxStream<'static, Heard>) -> Heard {
    timeout(Duration::from_secs(20), listener.next()).await.expect("nothing was heard").unwrap()
}

fn said(text: &str) -> Heard {
    Heard::Message(text.as_bytes().to_vec())
}

async fn what_is_said_is_heard_in_order(broadcast: &dyn Broadcast) {
    let mut listener = broadcast.subscribe("worklist/1").await;
    for text in ["one", "two", "three"] {
        broadcast.publish("worklist/1", text.as_bytes()).await;
    }
    for text in ["one", "two", "three"] {
        assert_eq!(hear(&mut listener).await, said(text));
    }
}

async fn every_listener_hears(broadcast: &dyn Broadcast) {
    let mut first = broadcast.subscribe("a").await;
    let mut second = broadcast.subscribe("a").await;
    broadcast.publish("a", b"hello").await;
    assert_eq!(hear(&mut first).await, said("hello"));
    assert_eq!(hear(&mut second).await, said("hello"));
}

async fn other_channels_are_not_heard(broadcast: &dyn Broadcast) {
    let mut listener = broadcast.subscribe("a").await;
    for channel in ["b", "a/b", "*", ""] {
        broadcast.publish(channel, b"elsewhere").await;
    }
    broadcast.publish("a", b"here").await;
    assert_eq!(hear(&mut listener).await, said("here"));
}

async fn any_bytes_pass_unchanged(broadcast: &dyn Broadcast) {
    let mut listener = broadcast.subscribe("a").await;
    broadcast.publish("a", &[0, 255, 13, 10, 0]).await;
    assert_eq!(hear(&mut listener).await, Heard::Message(vec![0, 255, 13, 10, 0]));
}

macro_rules! contract {
    ($($promise:ident),* $(,)?) => {
        mod in_this_process {
            $(#[tokio::test] async fn $promise() {
                super::$promise(&super::LocalBroadcast::new()).await;
            })*
        }
        mod through_redis {
            $(#[tokio::test] async fn $promise() {
                let server = super::TestServer::started();
                super::$promise(&super::RedisBroadcast::new(server.link())).await;
            })*
        }
    };
}

contract!(
    what_is_said_is_heard_in_order,
    every_listener_hears,
    other_channels_are_not_heard,
    any_bytes_pass_unchanged,
);

#[tokio::test]
async fn another_process_hears_through_redis() {
    let server = TestServer::started();
    let (one, two) = (RedisBroadcast::new(server.link()), RedisBroadcast::new(server.link()));
    let mut listener = two.subscribe("a").await;
    one.publish("a", b"hello").await;
    assert_eq!(hear(&mut listener).await, said("hello"));
}

#[tokio::test]
async fn without_redis_the_process_hears_itself_and_afterwards_reads_again() {
    let mut server = TestServer::started();
    let broadcast = RedisBroadcast::new(server.link());
    let mut listener = broadcast.subscribe("a").await;
    server.stop();
    broadcast.publish("a", b"alone").await;
    assert_eq!(hear(&mut listener).await, said("alone"));
    server.start();
    assert_eq!(hear(&mut listener).await, Heard::Missed);
    broadcast.publish("a", b"together").await;
    assert_eq!(hear(&mut listener).await, said("together"));
}

#[tokio::test]
async fn a_redis_that_was_never_there_does_not_stop_the_start() {
    let server = TestServer::stopped();
    let broadcast = RedisBroadcast::new(server.link());
    let mut listener = broadcast.subscribe("a").await;
    broadcast.publish("a", b"alone").await;
    assert_eq!(hear(&mut listener).await, said("alone"));
}
