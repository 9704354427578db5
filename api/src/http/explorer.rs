//! `/graphiql`: the explorer, from our own files. Only where introspection is on.

use actix_web::{HttpResponse, web};

use super::problem::problem;

/// Shown or not.
#[derive(Debug, Clone, Copy)]
pub struct Explorer(pub bool);

const PAGE: &str = r#"<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphQL explorer – Trellis</title>
<link rel="stylesheet" href="/assets/graphiql.css">
<link rel="stylesheet" href="/assets/graphiql-explorer.css">
</head>
<body>
<p class="notice">Made-up data. Trellis is not an urgent or monitored service, not a clinical record and not a medical device.
Put the access token of <code>signIn</code> under <em>Headers</em>: <code>{"authorization": "Bearer …"}</code>.</p>
<div id="explorer">This page needs scripts. The schema is in <code>api/schema.graphql</code>.</div>
<script src="/assets/graphiql-react.js"></script>
<script src="/assets/graphiql-react-dom.js"></script>
<script src="/assets/graphiql.js"></script>
<script src="/assets/graphiql-explorer.js"></script>
</body>
</html>"#;

/// GraphiQL sets styles of its own while it runs, and its editor starts workers from blobs; nothing comes from elsewhere.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

pub async fn page(explorer: web::Data<Explorer>) -> HttpResponse {
    if !explorer.0 {
        let detail = "The explorer is open in the demo and in sandboxes only.";
        return problem(actix_web::http::StatusCode::NOT_FOUND, "Not found", detail);
    }
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", POLICY))
        .body(PAGE)
}
