//! Pages of a list, outside: `first` between 1 and 100, and cursors that only mean something to the one who got them.
//! A cursor carries the place in the list and the tenant; another tenant's is refused, and so is any other text.

use async_graphql::{OutputType, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{OrganisationId, PageRequest, TypedId};
use trellis_infra::pg::read::{NameKey, ServiceKey, TimeKey};
use uuid::Uuid;

use crate::graphql::error::{Answer, Fault};
use crate::graphql::objects::wanted::most;
use crate::graphql::rules::{Rule, rule};

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct PageInfo {
    pub has_next_page: bool,
    pub has_previous_page: bool,
    pub start_cursor: Option<String>,
    pub end_cursor: Option<String>,
}

/// A place in a list, as text and back.
pub trait Place: Sized {
    fn write(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

impl Place for TimeKey {
    fn write(&self) -> String {
        format!("{}.{}", self.at.as_microsecond(), self.id.simple())
    }

    fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
        Some(Self { at, id: Uuid::try_parse(id).ok()? })
    }
}

impl Place for NameKey {
    fn write(&self) -> String {
        format!("{}.{}", self.id.simple(), self.name)
    }

    fn read(text: &str) -> Option<Self> {
        let (id, name) = text.split_once('.')?;
        Some(Self { name: name.to_owned(), id: Uuid::try_parse(id).ok()? })
    }
}

impl Place for ServiceKey {
    fn write(&self) -> String {
        let distance = self.distance.map(|km| km.to_bits().to_string()).unwrap_or_default();
        format!("{distance}.{}.{}", self.id.simple(), self.name)
    }

    fn read(text: &str) -> Option<Self> {
        let (distance, rest) = text.split_once('.')?;
        let (id, name) = rest.split_once('.')?;
        let distance = match distance {
            "" => None,
            bits => Some(f64::from_bits(bits.parse().ok()?)).filter(|km| km.is_finite()),
        };
        Some(Self { distance, name: name.to_owned(), id: Uuid::try_parse(id).ok()? })
    }
}

impl Place for Uuid {
    fn write(&self) -> String {
        self.simple().to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Self::try_parse(text).ok()
    }
}

/// The list a cursor belongs to: its name and the tenant.
#[derive(Debug, Clone)]
pub struct List {
    mark: String,
}

impl List {
    pub fn of(name: &'static str, session: &VerifiedSession) -> Self {
        let tenant = session.organisation.map_or(session.network.uuid(), OrganisationId::uuid);
        Self { mark: format!("{name}/{}/", tenant.simple()) }
    }

    pub fn cursor(&self, place: &impl Place) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}{}", self.mark, place.write()))
    }

    pub fn page<K: Place>(&self, first: i32, after: Option<&str>) -> Answer<PageRequest<K>> {
        let after = after.map(|cursor| self.place(cursor)).transpose()?;
        PageRequest::new(most(first)?, after).map_err(|error| Fault::bad_input(error.to_string()))
    }

    fn place<K: Place>(&self, cursor: &str) -> Answer<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let place = text.as_deref().and_then(|text| text.strip_prefix(&self.mark)).and_then(K::read);
        place.ok_or_else(|| Fault::bad_input("after must be a cursor of this list"))
    }

    /// The frame around the rows of a page.
    pub fn info(&self, cursors: &[String], after: Option<&str>, has_more: bool) -> PageInfo {
        PageInfo {
            has_next_page: has_more,
            has_previous_page: after.is_some(),
            start_cursor: cursors.first().cloned(),
            end_cursor: cursors.last().cloned(),
        }
    }
}

/// A row and its place.
#[derive(Debug, Clone)]
pub struct Placed<N: OutputType> {
    pub node: N,
    pub cursor: String,
}

/// An edge and a connection of the schema. `total`: counted only when the document asks.
macro_rules! connection {
    ($connection:ident, $edge:ident of $node:ty) => {
        connection!(@edge $edge of $node);
        #[derive(Debug, Clone, async_graphql::SimpleObject)]
        #[graphql(directive = $crate::graphql::rules::rule::apply($crate::graphql::rules::Rule::NothingMore.into()))]
        pub struct $connection {
            edges: Vec<$edge>,
            page_info: $crate::graphql::query::page::PageInfo,
        }

        impl $connection {
            pub fn new(
                rows: Vec<$crate::graphql::query::page::Placed<$node>>,
                page_info: $crate::graphql::query::page::PageInfo,
            ) -> Self {
                Self { edges: rows.into_iter().map($edge::from).collect(), page_info }
            }
        }
    };
    ($connection:ident, $edge:ident of $node:ty, total) => {
        connection!(@edge $edge of $node);
        #[derive(Debug, Clone, async_graphql::SimpleObject)]
        #[graphql(directive = $crate::graphql::rules::rule::apply($crate::graphql::rules::Rule::NothingMore.into()))]
        pub struct $connection {
            edges: Vec<$edge>,
            page_info: $crate::graphql::query::page::PageInfo,
            total_count: u64,
        }

        impl $connection {
            pub fn new(
                rows: Vec<$crate::graphql::query::page::Placed<$node>>,
                page_info: $crate::graphql::query::page::PageInfo,
                total: Option<u64>,
            ) -> Self {
                let edges = rows.into_iter().map($edge::from).collect();
                Self { edges, page_info, total_count: total.unwrap_or_default() }
            }
        }
    };
    (@edge $edge:ident of $node:ty) => {
        #[derive(Debug, Clone, async_graphql::SimpleObject)]
        #[graphql(directive = $crate::graphql::rules::rule::apply($crate::graphql::rules::Rule::NothingMore.into()))]
        pub struct $edge {
            node: $node,
            cursor: String,
        }

        impl From<$crate::graphql::query::page::Placed<$node>> for $edge {
            fn from(placed: $crate::graphql::query::page::Placed<$node>) -> Self {
                Self { node: placed.node, cursor: placed.cursor }
            }
        }
    };
}
pub(crate) use connection;

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, tenant: u128) -> List {
        List { mark: format!("{name}/{}/", Uuid::from_u128(tenant).simple()) }
    }

    fn key() -> TimeKey {
        TimeKey { at: "2026-11-23T09:00:00.000001Z".parse().expect("instant"), id: Uuid::from_u128(7) }
    }

    #[test]
    fn a_cursor_reads_back_in_its_own_list_only() {
        let cursor = list("caseload", 1).cursor(&key());
        let read =
            |list: List| list.page::<TimeKey>(1, Some(&cursor)).ok().and_then(|page| page.after().copied());
        assert_eq!(read(list("caseload", 1)), Some(key()));
        assert_eq!(read(list("caseload", 2)), None, "another tenant");
        assert_eq!(read(list("worklist", 1)), None, "another list");
    }

    #[test]
    fn other_text_and_other_sizes_are_refused() {
        for bad in ["", "x", "ÿ", "Y2FzZWxvYWQ"] {
            assert!(list("caseload", 1).page::<TimeKey>(1, Some(bad)).is_err(), "{bad}");
        }
        for bad in [0, -1, 101, i32::MAX] {
            assert!(list("caseload", 1).page::<TimeKey>(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_service_keeps_its_distance_to_the_last_bit() {
        let key =
            ServiceKey { distance: Some(0.1 + 0.2), name: "A. B. choir".into(), id: Uuid::from_u128(1) };
        assert_eq!(ServiceKey::read(&key.write()), Some(key));
    }
}
