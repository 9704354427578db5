//! A form with a file in it. Owns reading it, in memory and bounded; the file's name and what the browser says of its kind are not
//! looked at. Refuses to judge the file: the rules answer through GraphQL.
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::stream;
use multer::{Constraints, Multipart, SizeLimit};

use super::address::encoded;
use super::fields::{Fields, Kept};

/// Bytes of the whole form. More than any file that is taken, so that one that is too large is told so in words.
pub const LARGEST_FORM: usize = 2 * 1024 * 1024;

/// In a form that is sent again after a sign-in in between: there was a file, and a page cannot keep one.
const FILE_LEFT: &str = "file-left";

/// A form that was posted, perhaps with a file.
pub struct Uploaded {
    pub fields: Fields,
    /// None where none was chosen.
    pub file: Option<Vec<u8>>,
}

impl Uploaded {
    /// Whoever chose a file has to choose it again.
    pub fn has_lost_its_file(&self) -> bool {
        self.file.is_none() && self.fields.text(FILE_LEFT) == "yes"
    }
}

impl FromRequest for Uploaded {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = body.await?;
            let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            let form = match multer::parse_boundary(kind.unwrap_or_default()) {
                Ok(boundary) => read(body, boundary).await.map_err(actix_web::error::ErrorBadRequest)?,
                // Sent again after a sign-in in between: without its file.
                Err(_) => Self { fields: Fields::parse(&String::from_utf8_lossy(&body)), file: None },
            };
            request.extensions_mut().insert(Kept(kept(&form)));
            Ok(form)
        })
    }
}

async fn read(body: Bytes, boundary: String) -> multer::Result<Uploaded> {
    let whole = SizeLimit::new().whole_stream(u64::try_from(LARGEST_FORM).unwrap_or(u64::MAX));
    let bytes = stream::once(async { Ok::<_, Infallible>(body) });
    let mut parts = Multipart::with_constraints(bytes, boundary, Constraints::new().size_limit(whole));
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            file = Some(part.bytes().await?.to_vec()).filter(|bytes| !bytes.is_empty());
        } else {
            pairs.push((name, part.text().await?));
        }
    }
    Ok(Uploaded { fields: Fields::of(pairs), file })
}

fn kept(form: &Uploaded) -> String {
    let mark = form.file.is_some().then(|| (FILE_LEFT.to_owned(), "yes".to_owned()));
    let pairs = form.fields.pairs().iter().chain(mark.as_ref());
    pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &str) -> Bytes {
        Bytes::from(parts.replace('\n', "\r\n"))
    }

    #[actix_web::test]
    async fn fields_and_a_file_are_told_apart() {
        let body = form(
            "--x\nContent-Disposition: form-data; name=\"short-line\"\n\nHelp & company\n--x\n\
             Content-Disposition: form-data; name=\"logo\"; filename=\"../../etc/passwd\"\nContent-Type: text/html\n\nPNG\n--x--\n",
        );
        let read = read(body, "x".to_owned()).await.unwrap();
        assert_eq!(read.fields.text("short-line"), "Help & company");
        assert_eq!(read.file.as_deref(), Some(b"PNG".as_slice()));
        // what is sent again after a sign-in says that there was a file
        let again = kept(&read);
        assert_eq!(again, "short-line=Help%20%26%20company&file-left=yes");
        assert!(!read.has_lost_its_file());
        assert!(Uploaded { fields: Fields::parse(&again), file: None }.has_lost_its_file());
    }

    #[actix_web::test]
    async fn no_file_chosen_is_no_file() {
        let body = form("--x\nContent-Disposition: form-data; name=\"logo\"; filename=\"\"\n\n\n--x--\n");
        assert_eq!(read(body, "x".to_owned()).await.unwrap().file, None);
    }

    #[actix_web::test]
    async fn a_form_that_is_cut_off_is_refused() {
        let body = form("--x\nContent-Disposition: form-data; name=\"logo\"; filename=\"a\"\n\nPN");
        assert!(read(body, "x".to_owned()).await.is_err());
    }
}
