//! Owns the built styles, script and icon: their addresses (with a fingerprint, so that browsers may keep them for a
//! year) and the handler that serves them. Refuses to own how they are built (npm, `admin-ui/build.mjs`) and how
//! answers are compressed (the server's middleware).
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "dist/"]
#[allow_missing = true]
struct Dist;

const A_YEAR: &str = "public, max-age=31536000, immutable";

/// The address to print in a page: `/assets/app.css?v=1a2b3c4d`. A file that was not built keeps its bare address, so
/// that the page still renders and the missing file shows up as an ordinary 404.
pub fn address(name: &str) -> &'static str {
    static ADDRESSES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let known = ADDRESSES.get_or_init(|| {
        Dist::iter()
            .filter_map(|file| {
                let print = fingerprint(&Dist::get(&file)?.metadata.sha256_hash());
                Some((file.to_string(), format!("/assets/{file}?v={print}")))
            })
            .collect()
    });
    known.get(name).map_or("/assets/not-built", String::as_str)
}

/// Every built file with its bytes: for the gallery, which writes pages to a folder.
pub fn all() -> impl Iterator<Item = (String, Vec<u8>)> {
    Dist::iter().filter_map(|file| Some((file.to_string(), Dist::get(&file)?.data.into_owned())))
}

/// Adds `GET /assets/{name}`. The names are the embedded ones only: nothing on the disk can be asked for.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/assets/{name}", web::get().to(serve));
}

async fn serve(name: web::Path<String>) -> HttpResponse {
    let Some(file) = Dist::get(&name) else {
        return HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found");
    };
    let tag = format!("\"{}\"", fingerprint(&file.metadata.sha256_hash()));
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.metadata.mimetype()))
        .insert_header((CACHE_CONTROL, A_YEAR))
        .insert_header((ETAG, tag))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(file.data.into_owned())
}

fn fingerprint(hash: &[u8]) -> String {
    hash.iter().take(4).fold(String::new(), |mut out, byte| {
        // Writing into a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, test};

    #[test]
    async fn a_name_that_was_never_built_is_not_found_and_reaches_no_disk() {
        let app = test::init_service(App::new().configure(routes)).await;
        for name in ["nothing.css", "..%2FCargo.toml", "%2e%2e%2fCargo.toml"] {
            let request = test::TestRequest::get().uri(&format!("/assets/{name}")).to_request();
            assert_eq!(test::call_service(&app, request).await.status(), 404, "{name}");
        }
    }

    #[test]
    async fn a_built_file_is_served_with_its_type_and_may_be_kept_for_a_year() {
        let app = test::init_service(App::new().configure(routes)).await;
        for (name, bytes) in all() {
            let request = test::TestRequest::get().uri(address(&name)).to_request();
            let answer = test::call_service(&app, request).await;
            assert_eq!(answer.headers().get("cache-control").unwrap(), A_YEAR);
            assert_eq!(test::read_body(answer).await, bytes);
        }
    }
}
