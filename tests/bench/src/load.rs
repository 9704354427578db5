//! A light client of the product: one kept-alive connection for each of its people, the next request when the last
//! is answered. An answer that is not what was asked for ends the run.

use std::time::{Duration, Instant};

use anyhow::Context;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// One request: who asks, as the door wants to hear it, and what.
pub struct Ask {
    pub who: String,
    pub body: String,
}

/// Where a request goes in, and how it says who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    pub path: &'static str,
    pub header: &'static str,
    /// In front of who asks.
    pub before: &'static str,
}

/// As partners and scripts come in.
pub const BEARER: Door = Door { path: "/graphql", header: "authorization", before: "Bearer " };

/// What one person asks, one after the other.
pub trait Script {
    fn next(&mut self) -> anyhow::Result<Ask>;

    /// The answer to the last question; an error if it is not the expected one.
    fn heard(&mut self, body: &[u8]) -> anyhow::Result<()>;

    /// Whether the run may end here without leaving something half done.
    fn at_rest(&self) -> bool {
        true
    }
}

/// How a run went.
pub struct Run {
    pub rate: f64,
    pub latency: Histogram<u64>,
}

/// Microseconds, to three digits.
pub fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}

/// Everybody asks for `how_long`; answers per second, and how long each took.
pub async fn run(
    (address, door): (&str, Door),
    scripts: Vec<Box<dyn Script>>,
    how_long: Duration,
) -> anyhow::Result<Run> {
    let begun = Instant::now();
    let people = scripts.into_iter().map(|script| person((address, door), script, begun + how_long));
    let each = futures_util::future::try_join_all(people).await?;
    let elapsed = begun.elapsed();
    let mut latency = histogram()?;
    for one in &each {
        latency.add(one)?;
    }
    Ok(Run { rate: rate(latency.len(), elapsed), latency })
}

pub fn rate(count: u64, elapsed: Duration) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from) / elapsed.as_secs_f64()
}

async fn person(
    (address, door): (&str, Door),
    mut script: Box<dyn Script>,
    until: Instant,
) -> anyhow::Result<Histogram<u64>> {
    let stream = TcpStream::connect(address).await.context("connect to the product")?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut latency = histogram()?;
    while Instant::now() < until || !script.at_rest() {
        let ask = script.next()?;
        let asked = Instant::now();
        let answer = send(&mut sender, (address, door), ask).await?;
        latency.record(u64::try_from(asked.elapsed().as_micros())?)?;
        script.heard(&answer)?;
    }
    Ok(latency)
}

async fn send(
    sender: &mut SendRequest<Full<Bytes>>,
    (address, door): (&str, Door),
    ask: Ask,
) -> anyhow::Result<Bytes> {
    let request = Request::post(door.path)
        .header("host", address)
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header(door.header, format!("{}{}", door.before, ask.who))
        .body(Full::new(Bytes::from(ask.body)))?;
    let response = sender.send_request(request).await?;
    anyhow::ensure!(response.status().is_success(), "the product answered {}", response.status());
    Ok(response.into_body().collect().await?.to_bytes())
}
