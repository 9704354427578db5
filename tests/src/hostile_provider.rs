//! A provider that answers whatever a test wants: for proofs that a real one would never give.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use trellis_infra::auth::{AccessTokens, SigningKeys};

/// What it says next; changed by the test.
#[derive(Debug, Clone)]
pub struct Says {
    pub issuer: String,
    pub keys: Value,
    /// The whole answer of the token endpoint: status line, and body.
    pub token: (&'static str, String),
}

pub struct HostileProvider {
    pub issuer: String,
    pub says: Arc<Mutex<Says>>,
}

/// A key to sign with, and its public half.
pub struct Signer {
    pub key: EncodingKey,
    pub keys: Value,
    pub id: String,
}

impl Signer {
    pub fn new(now: Timestamp) -> anyhow::Result<Self> {
        use base64::Engine;
        let keys = SigningKeys::generate(now)?;
        #[expect(clippy::disallowed_methods, reason = "a file that no other test of the run has")]
        let file =
            std::env::temp_dir().join(format!("trellis-signer-{}.json", uuid::Uuid::now_v7().simple()));
        keys.save(&file)?;
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        std::fs::remove_file(&file)?;
        let key = kept.pointer("/keys/0/key").and_then(Value::as_str).unwrap_or_default();
        let key = base64::engine::general_purpose::STANDARD.decode(key)?;
        let public = AccessTokens::new(&keys, "", "").jwks(now);
        let id = public.pointer("/keys/0/kid").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { key: EncodingKey::from_ed_der(&key), keys: public, id })
    }

    pub fn sign(&self, claims: &Value) -> anyhow::Result<String> {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(jsonwebtoken::encode(&header, claims, &self.key)?)
    }
}

impl HostileProvider {
    pub async fn start(keys: Value) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let says = Says { issuer: issuer.clone(), keys, token: ("400 Bad Request", "{}".to_owned()) };
        let says = Arc::new(Mutex::new(says));
        let (answers, base) = (Arc::clone(&says), issuer.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let said = answers.lock().map(|says| says.clone());
                if let Ok(said) = said {
                    tokio::spawn(answer(stream, base.clone(), said));
                }
            }
        });
        Ok(Self { issuer, says })
    }

    pub fn change(&self, change: impl FnOnce(&mut Says)) {
        if let Ok(mut says) = self.says.lock() {
            change(&mut says);
        }
    }

    pub fn gives(&self, id_token: &str) {
        let body =
            json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token });
        self.change(|says| says.token = ("200 OK", body.to_string()));
    }
}

async fn answer(mut stream: TcpStream, base: String, says: Says) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let byte = stream.read_u8().await?;
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<u64>().ok());
    let mut body = Vec::new();
    (&mut stream).take(length.unwrap_or_default()).read_to_end(&mut body).await?;
    let (status, body) = if head.starts_with("get /.well-known/openid-configuration") {
        ("200 OK", configuration(&base, &says.issuer).to_string())
    } else if head.starts_with("get /keys") {
        ("200 OK", says.keys.to_string())
    } else {
        says.token
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nlocation: {base}/keys\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

fn configuration(base: &str, issuer: &str) -> Value {
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{base}/auth"), "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA"],
    })
}
