//! The short commands.

use std::io::Write;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Failure;
use crate::config::Config;

/// To standard output, which is what pipes and `diff` read.
pub fn print(text: &str) -> Result<(), Failure> {
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}

/// For containers without curl: is `/readyz` of the configured address 200.
pub async fn health() -> Result<(), Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    let asked = tokio::time::timeout(Duration::from_secs(5), ask(&config.http_addr)).await;
    match asked {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(Failure::not_ready("the server answers that it is not ready: see its log")),
        Ok(Err(_)) | Err(_) => Err(Failure::not_ready(format!("nothing answers at {}", config.http_addr))),
    }
}

async fn ask(address: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
        .await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}
