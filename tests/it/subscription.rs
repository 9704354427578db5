//! A worklist tells that it changed, to whoever may still look, and as it stands then.

use std::time::Duration;

use anyhow::Context;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use trellis_domain::kernel::TypedId;
use trellis_infra::pg::platform::claims_of;
use trellis_tests::served::Served;
use trellis_tests::world::Persona;

use crate::loop_over_graphql::refer;

const WATCH: &str = "subscription { worklistChanged { counts { newRequests unread } } }";

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn connected(served: &Served) -> anyhow::Result<Self> {
        let url = format!("{}/graphql", served.url.replacen("http", "ws", 1));
        let mut request = url.into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        let (stream, _) = connect_async(request).await?;
        Ok(Self(stream))
    }

    /// Connected, and watching once the server has said so.
    async fn watching(served: &Served, who: &Persona) -> anyhow::Result<Self> {
        let mut socket = Self::connected(served).await?;
        let now = served.world.op(who).now();
        let (token, _) = served.app.parts.tokens.issue(&claims_of(&who.session), now)?;
        let init =
            json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
        socket.say(init).await?;
        anyhow::ensure!(socket.hear().await?["type"] == "connection_ack");
        socket.say(json!({ "id": "1", "type": "subscribe", "payload": { "query": WATCH } })).await?;
        Ok(socket)
    }

    async fn say(&mut self, message: Value) -> anyhow::Result<()> {
        Ok(self.0.send(Message::Text(message.to_string().into())).await?)
    }

    async fn hear(&mut self) -> anyhow::Result<Value> {
        let wait = tokio::time::timeout(Duration::from_secs(20), self.0.next());
        let message = wait.await.context("nothing was said")?.context("the socket closed")??;
        Ok(serde_json::from_str(message.to_text()?)?)
    }
}

/// Waits until the server has subscribed: it publishes to nobody before.
async fn heard_after_referring(
    served: &Served,
    socket: &mut Socket,
    service: &str,
    who: &Persona,
) -> anyhow::Result<Value> {
    let client = served.client(who)?;
    loop {
        refer(&client, service).await?;
        let heard = tokio::time::timeout(Duration::from_millis(500), socket.0.next()).await;
        if let Ok(Some(message)) = heard {
            return Ok(serde_json::from_str(message?.to_text()?)?);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_heard_by_the_service_that_got_it_and_counted_anew() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let mut socket = Socket::watching(&served, &region.team_lead).await?;
    let service = region.link_service.to_string();
    let heard = heard_after_referring(&served, &mut socket, &service, &region.referrer).await?;
    assert_eq!(heard["type"], "next", "{heard}");
    let new = heard["payload"]["data"]["worklistChanged"]["counts"]["newRequests"].as_u64();
    assert!(new.is_some_and(|new| new >= 1), "{heard}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ended_session_hears_why_and_no_more() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let mut socket = Socket::watching(&served, &region.team_lead).await?;
    let service = region.link_service.to_string();
    heard_after_referring(&served, &mut socket, &service, &region.referrer).await?;
    let now = served.world.op(&region.team_lead).now();
    served.app.parts.platform.end_session(region.team_lead.session.session, now).await?;
    refer(&served.client(&region.referrer)?, &service).await?;
    let mut heard = socket.hear().await?;
    while heard["payload"]["errors"].is_null() && heard["type"] == "next" {
        heard = socket.hear().await?;
    }
    assert!(heard.to_string().contains("UNAUTHENTICATED"), "{heard}");
    assert_eq!(socket.hear().await?["type"], "complete");
    Ok(())
}

/// Told that it may look no more, and then nothing.
async fn ends_unauthenticated(socket: &mut Socket) -> anyhow::Result<()> {
    let mut heard = socket.hear().await?;
    while heard["payload"]["errors"].is_null() && heard["type"] == "next" {
        heard = socket.hear().await?;
    }
    assert!(heard.to_string().contains("UNAUTHENTICATED"), "{heard}");
    assert!(!heard.to_string().contains("newRequests\":"), "{heard}");
    assert_eq!(socket.hear().await?["type"], "complete");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_does_not_outlive_the_token_it_was_opened_with() -> anyhow::Result<()> {
    for hours in [1, 13] {
        let (served, region) = Served::with_region().await?;
        let service = region.link_service.to_string();
        let mut socket = Socket::watching(&served, &region.team_lead).await?;
        heard_after_referring(&served, &mut socket, &service, &region.referrer).await?;
        served.world.clock.advance(jiff::SignedDuration::from_hours(hours));
        refer(&served.client(&region.referrer)?, &service).await?;
        ends_unauthenticated(&mut socket).await?;
        let again = json!({ "id": "2", "type": "subscribe", "payload": { "query": WATCH } });
        socket.say(again).await?;
        let heard = socket.hear().await?;
        assert!(heard.to_string().contains("UNAUTHENTICATED"), "the same socket asked again: {heard}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_the_session_that_the_token_speaks_for() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let owner = served.world.database.connect_as_owner().await?;
    let service = region.link_service.to_string();
    for end in ["ends_at", "idle_ends_at"] {
        let mut socket = Socket::watching(&served, &region.team_lead).await?;
        heard_after_referring(&served, &mut socket, &service, &region.referrer).await?;
        let run_out = format!("UPDATE sessions SET {end} = '2026-11-23T09:00:00Z' WHERE session_id = $1");
        owner.execute(&run_out, &[&region.team_lead.session.session.uuid()]).await?;
        refer(&served.client(&region.referrer)?, &service).await?;
        ends_unauthenticated(&mut socket).await?;
        let back = format!("UPDATE sessions SET {end} = 'infinity' WHERE session_id = $1");
        owner.execute(&back, &[&region.team_lead.session.session.uuid()]).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_anonymous_watches() -> anyhow::Result<()> {
    let (served, _) = Served::with_region().await?;
    for payload in [json!({}), json!({ "authorization": "Bearer nonsense" })] {
        let mut socket = Socket::connected(&served).await?;
        socket.say(json!({ "type": "connection_init", "payload": payload })).await?;
        let heard = tokio::time::timeout(Duration::from_secs(20), socket.0.next()).await?;
        let told = heard.map(|message| message.map(|message| message.to_string())).transpose()?;
        assert!(!told.unwrap_or_default().contains("connection_ack"), "a stranger was let in");
    }
    Ok(())
}

/// What happens next door is not heard: the first news is of our own request, and counts nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_network_is_not_heard() -> anyhow::Result<()> {
    let (served, ours) = Served::with_region().await?;
    let theirs = served.world.region("south-moor").await?;
    let mut socket = Socket::watching(&served, &ours.team_lead).await?;
    for _ in 0..5 {
        refer(&served.client(&theirs.referrer)?, &theirs.link_service.to_string()).await?;
    }
    let service = ours.link_service.to_string();
    let heard = heard_after_referring(&served, &mut socket, &service, &ours.referrer).await?;
    let own: i64 = served
        .world
        .database
        .connect_as_owner()
        .await?
        .query_one("SELECT count(*) FROM referrals WHERE network_id = $1", &[&ours.network.uuid()])
        .await?
        .get(0);
    let new = heard["payload"]["data"]["worklistChanged"]["counts"]["newRequests"].as_i64();
    assert!(new.is_some_and(|new| (1..=own).contains(&new)), "{heard}");
    Ok(())
}
