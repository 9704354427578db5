//! Organisations, members and services as other screens name them.

use diesel::prelude::*;
use trellis_domain::kernel::{
    MembershipId, OpContext, OrganisationId, Page, PageRequest, StoreError, TypedId, UserId,
};
use trellis_domain::policy::visibility::Scope;
use trellis_domain::policy::{Role, Roles, Visibility};
use trellis_domain::tenancy::{Network, OrganisationKind};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::schema::{networks as n, organisations as o};
use super::super::tx::PgTx;
use super::listed::{NameKey, coded};
use super::views::member_entries as m;

/// What everybody in the network may know of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationCard {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub help_phone: String,
}

impl OrganisationCard {
    pub(in crate::pg) fn from_columns(
        id: Uuid,
        (name, kind, help_phone): (String, String, String),
    ) -> Result<Self, StoreError> {
        let kind = coded("organisations", "kind", &kind, OrganisationKind::from_code)?;
        Ok(Self { id: OrganisationId::from_uuid(id), name, kind, help_phone })
    }

    pub fn key(&self) -> NameKey {
        NameKey { name: self.name.clone(), id: self.id.uuid() }
    }
}

/// A colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberCard {
    pub id: MembershipId,
    pub user: UserId,
    pub name: String,
    pub roles: Roles,
    pub organisation: Option<OrganisationCard>,
}

impl MemberCard {
    /// Is the member one of those that a list with this visibility holds?
    pub fn is_within(&self, seen: Visibility) -> bool {
        match seen.scope() {
            Scope::Organisation { organisation } | Scope::Own { organisation, .. } => {
                self.organisation.as_ref().is_some_and(|own| own.id == organisation)
            }
            Scope::Network => true,
        }
    }
}

pub(crate) fn roles_from(codes: &[String]) -> Result<Roles, StoreError> {
    let roles = codes.iter().map(|code| Role::from_code(code));
    roles.collect::<Option<Roles>>().ok_or_else(|| inconsistent("memberships", "roles"))
}

pub(crate) type CardRow = (Uuid, (String, String, String));

#[derive(Queryable, Selectable)]
#[diesel(table_name = m)]
struct MemberRow {
    membership_id: Uuid,
    user_id: Uuid,
    organisation_id: Option<Uuid>,
    roles: Vec<String>,
    name: String,
    organisation_name: Option<String>,
    organisation_kind: Option<String>,
    organisation_help_phone: Option<String>,
}

impl TryFrom<MemberRow> for MemberCard {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        let words = row.organisation_name.zip(row.organisation_kind).zip(row.organisation_help_phone);
        let organisation = row.organisation_id.zip(words).map(|(id, ((name, kind), help_phone))| {
            OrganisationCard::from_columns(id, (name, kind, help_phone))
        });
        Ok(Self {
            id: MembershipId::from_uuid(row.membership_id),
            user: UserId::from_uuid(row.user_id),
            name: row.name,
            roles: roles_from(&row.roles)?,
            organisation: organisation.transpose()?,
        })
    }
}

impl<M> PgTx<'_, M> {
    /// Organisations of the network that are open, by name.
    pub fn organisation_cards(
        &mut self,
        _seen: Visibility,
        page: &PageRequest<NameKey>,
    ) -> Result<Page<OrganisationCard>, StoreError> {
        let mut query = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::closed_at.is_null())
            .into_boxed();
        if let Some(after) = page.after() {
            let name = after.name.clone();
            query = query
                .filter(o::name.gt(name.clone()).or(o::name.eq(name).and(o::organisation_id.gt(after.id))));
        }
        let rows: Vec<CardRow> = query
            .order((o::name, o::organisation_id))
            .limit(i64::from(page.first()) + 1)
            .select((o::organisation_id, (o::name, o::kind, o::help_phone)))
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let rows = fetched.rows.into_iter().map(|(id, words)| OrganisationCard::from_columns(id, words));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, has_more: fetched.has_more, total: None })
    }

    /// Closed ones too: they are named where they were party to something.
    pub fn organisation_card(&mut self, id: OrganisationId) -> Result<Option<OrganisationCard>, StoreError> {
        let row: Option<CardRow> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq(id.uuid()))
            .select((o::organisation_id, (o::name, o::kind, o::help_phone)))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|(id, words)| OrganisationCard::from_columns(id, words)).transpose()
    }

    /// The acting organisation's colleagues, or the network's, by name.
    pub fn member_cards(&mut self, seen: Visibility) -> Result<Vec<MemberCard>, StoreError> {
        let mut query = m::table.filter(m::network_id.eq(self.network_uuid())).into_boxed();
        query = match seen.scope() {
            Scope::Organisation { organisation } | Scope::Own { organisation, .. } => {
                query.filter(m::organisation_id.eq(organisation.uuid()))
            }
            Scope::Network => query,
        };
        let rows: Vec<MemberRow> = query
            .order((m::name, m::membership_id))
            .limit(1_000)
            .select(MemberRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(MemberCard::try_from).collect()
    }

    pub fn member_card(&mut self, id: MembershipId) -> Result<Option<MemberCard>, StoreError> {
        let row: Option<MemberRow> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::membership_id.eq(id.uuid()))
            .select(MemberRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(MemberCard::try_from).transpose()
    }

    /// The network that is acted in.
    pub fn network_card(&mut self) -> Result<Network, StoreError> {
        let (name, slug, zone, jurisdiction) = n::table
            .filter(n::network_id.eq(self.network_uuid()))
            .select((n::name, n::slug, n::zone, n::jurisdiction))
            .first(self.conn)
            .map_err(store_error)?;
        Ok(Network { id: self.network(), name, slug, zone, jurisdiction })
    }

    /// Who acts, as colleagues see them.
    pub fn viewer_card(&mut self, op: &OpContext) -> Result<Option<MemberCard>, StoreError> {
        match op.session() {
            Some(proof) => self.member_card(proof.membership),
            None => Ok(None),
        }
    }
}
