//! A partner's view: GraphQL over HTTP with a bearer token, nothing else.

use anyhow::Context;
use serde_json::{Value, json};

/// Somebody's client.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub replayed: bool,
    /// The id under which the audit knows it.
    pub request: String,
    pub body: Value,
}

impl Client {
    pub fn new(url: &str, token: Option<String>) -> Self {
        Self { http: reqwest::Client::new(), url: format!("{url}/graphql"), token }
    }

    /// The same from another address of this machine: the server counts what comes from each.
    pub fn from_address(self, from: std::net::IpAddr) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().local_address(from).build().context("bind to the address")?;
        Ok(Self { http, ..self })
    }

    pub async fn ask(&self, query: &str, variables: Value) -> anyhow::Result<Answer> {
        self.ask_with(query, variables, &[]).await
    }

    pub async fn ask_with(
        &self,
        query: &str,
        variables: Value,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let mut request = self.http.post(&self.url).json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.context("reach the server")?;
        let status = response.status().as_u16();
        let replayed = response.headers().get("idempotency-replayed").is_some();
        let request = response.headers().get("x-request-id").and_then(|id| id.to_str().ok());
        let request = request.unwrap_or_default().to_owned();
        Ok(Answer {
            status,
            replayed,
            request,
            body: response.json().await.context("read the answer as JSON")?,
        })
    }

    /// For what is expected to work: the data, or the whole answer as the error.
    pub async fn data(&self, query: &str, variables: Value) -> anyhow::Result<Value> {
        let answer = self.ask(query, variables).await?;
        match answer.body.get("data") {
            Some(data) if answer.body.get("errors").is_none() => Ok(data.clone()),
            _ => anyhow::bail!("{}: {}", answer.status, answer.body),
        }
    }

    /// Runs a mutation `name(input: …)` and returns its payload.
    pub async fn mutate(
        &self,
        name: &str,
        input_type: &str,
        input: Value,
        fields: &str,
    ) -> anyhow::Result<Value> {
        let query = format!(
            "mutation($input: {input_type}!) {{ {name}(input: $input) {{ {fields} refusal {{ code message next field }} }} }}"
        );
        let data = self.data(&query, json!({ "input": input })).await?;
        Ok(data.get(name).cloned().unwrap_or_default())
    }

    /// The same for a command that is expected to be refused: its code.
    pub async fn refused(&self, name: &str, input_type: &str, input: Value) -> anyhow::Result<String> {
        let payload = self.mutate(name, input_type, input, "__typename").await?;
        payload
            .pointer("/refusal/code")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .with_context(|| format!("{name} was not refused: {payload}"))
    }
}
