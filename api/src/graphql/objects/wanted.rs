//! What a document asks for below an object, so that one transaction can read it all.

use async_graphql::{Context, Lookahead, Value};
use trellis_domain::kernel::page::MAX_PAGE;

use crate::graphql::error::{Answer, Fault};

/// How many rows a short list shows when nothing else is asked.
const USUAL: u16 = 20;

/// The `first` of a short list.
pub fn most(first: i32) -> Answer<u16> {
    let asked = u16::try_from(first).ok().filter(|first| (1..=MAX_PAGE).contains(first));
    asked.ok_or_else(|| Fault::bad_input("first must be between 1 and 100"))
}

/// Does the document ask for this below the field that runs?
pub fn asks(ctx: &Context<'_>, path: &[&str]) -> bool {
    below(ctx, path).exists()
}

/// The same for a short list: how many of it. A wrong number is refused where the field itself runs.
pub fn asks_most(ctx: &Context<'_>, path: &[&str]) -> Option<u16> {
    let fields = below(ctx, path).selection_fields();
    let field = fields.first()?;
    let first = field.arguments().ok()?.into_iter().find(|(name, _)| name == "first");
    match first {
        Some((_, Value::Number(number))) => number
            .as_i64()
            .and_then(|first| u16::try_from(first).ok())
            .filter(|first| (1..=MAX_PAGE).contains(first)),
        _ => Some(USUAL),
    }
}

fn below<'a>(ctx: &'a Context<'_>, path: &[&str]) -> Lookahead<'a> {
    path.iter().fold(ctx.look_ahead(), |at, name| at.field(name))
}
