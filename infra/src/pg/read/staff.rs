//! Members and invitations, as whoever answers for a place sees them: addresses, when somebody was last seen, and what
//! became of an e-mail. Nothing here is about a person who is helped.

use std::collections::{HashMap, HashSet};

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::identity::Invitation;
use trellis_domain::kernel::{MembershipId, OrganisationId, Page, PageRequest, StoreError, TypedId, UserId};
use trellis_domain::policy::visibility::Scope;
use trellis_domain::policy::{Roles, Visibility};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::invitation::{InvitationRow, invitation_columns, invitation_from};
use super::super::schema::{invitations as i, memberships as m, organisations as o, outbox};
use super::super::time::{instant, instant_option};
use super::super::tx::PgTx;
use super::listed::{NameKey, TimeKey};
use super::organisations::roles_from;

/// Which members, and which of their places.
#[derive(Debug, Clone, Default)]
pub struct StaffFilter {
    /// A part of a name or an address.
    pub words: Option<String>,
    /// One organisation of those that may be seen.
    pub organisation: Option<OrganisationId>,
    /// One member.
    pub member: Option<MembershipId>,
    /// Those who have nothing set up besides the password.
    pub without_second_factor: bool,
}

/// A member, as whoever answers for the place sees them.
#[derive(Debug, Clone)]
pub struct StaffRow {
    pub id: MembershipId,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub roles: Roles,
    pub version: i32,
    pub organisation: Option<(OrganisationId, String)>,
    pub joined_at: Timestamp,
    /// None: not in the last 90 days, for longer is not kept.
    pub last_seen_at: Option<Timestamp>,
    /// That there is one, and not which.
    pub second_factor: bool,
}

impl StaffRow {
    pub fn key(&self) -> NameKey {
        NameKey { name: self.name.clone(), id: self.id.uuid() }
    }
}

/// An invitation that nobody has taken up, and what became of its newest e-mail.
#[derive(Debug, Clone)]
pub struct InvitationEntry {
    pub invitation: Invitation,
    pub organisation_name: Option<String>,
    pub asked_again_at: Option<Timestamp>,
    /// The mail server will not take it: the address may be wrong.
    pub undeliverable: bool,
}

impl InvitationEntry {
    pub fn key(&self) -> TimeKey {
        TimeKey { at: self.invitation.sent_at, id: self.invitation.id.uuid() }
    }
}

type Row = (Uuid, Uuid, String, String, Vec<String>, i32, Stored, Option<Uuid>, Option<String>);
type Listed = (InvitationRow, Option<String>, Option<Stored>);

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = SqlUuid)]
    membership_id: Uuid,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_seen_at: Option<Stored>,
}

#[derive(QueryableByName)]
struct Secured {
    #[diesel(sql_type = SqlUuid)]
    membership_id: Uuid,
}

/// What was typed, with the signs that mean something in a pattern taken literally.
pub(super) fn part_of(words: &str) -> String {
    let plain = words.trim().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{plain}%")
}

impl<M> PgTx<'_, M> {
    /// By name. The acting organisation's, or the network's with all its organisations.
    pub fn staff(
        &mut self,
        seen: Visibility,
        filter: &StaffFilter,
        page: &PageRequest<NameKey>,
    ) -> Result<Page<StaffRow>, StoreError> {
        let here = o::network_id.eq(m::network_id).and(o::organisation_id.nullable().eq(m::organisation_id));
        let mut query = m::table
            .left_join(o::table.on(here))
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::ended_at.is_null())
            .into_boxed();
        if let Scope::Organisation { organisation } | Scope::Own { organisation, .. } = seen.scope() {
            query = query.filter(m::organisation_id.eq(organisation.uuid()));
        }
        if let Some(organisation) = filter.organisation {
            query = query.filter(m::organisation_id.eq(organisation.uuid()));
        }
        if let Some(member) = filter.member {
            query = query.filter(m::membership_id.eq(member.uuid()));
        }
        if filter.without_second_factor {
            query = query.filter(lacks_second_factor());
        }
        if let Some(words) = filter.words.as_deref().filter(|words| !words.trim().is_empty()) {
            let part = part_of(words);
            query = query.filter(m::name.ilike(part.clone()).or(m::email.ilike(part)));
        }
        if let Some(after) = page.after() {
            let name = after.name.clone();
            query = query
                .filter(m::name.gt(name.clone()).or(m::name.eq(name).and(m::membership_id.gt(after.id))));
        }
        let rows: Vec<Row> = query
            .order((m::name, m::membership_id))
            .limit(i64::from(page.first()) + 1)
            .select((
                m::membership_id,
                m::user_id,
                m::name,
                m::email,
                m::roles,
                m::version,
                m::created_at,
                m::organisation_id,
                o::name.nullable(),
            ))
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let last_seen = self.last_seen(fetched.rows.iter().map(|row| row.0).collect())?;
        let secured = self.with_second_factor(fetched.rows.iter().map(|row| row.0).collect())?;
        let rows = fetched.rows.into_iter().map(|row| staff_row(row, &last_seen, &secured));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, has_more: fetched.has_more, total: None })
    }

    fn last_seen(&mut self, members: Vec<Uuid>) -> Result<HashMap<Uuid, Timestamp>, StoreError> {
        let seen: Vec<Seen> = diesel::sql_query("SELECT membership_id, last_seen_at FROM members_seen($1)")
            .bind::<Array<SqlUuid>, _>(members)
            .load(self.conn)
            .map_err(store_error)?;
        let known = seen.into_iter().filter_map(|row| Some((row.membership_id, instant(row.last_seen_at?))));
        Ok(known.collect())
    }

    fn with_second_factor(&mut self, members: Vec<Uuid>) -> Result<HashSet<Uuid>, StoreError> {
        let secured: Vec<Secured> =
            diesel::sql_query("SELECT membership_id FROM members_with_second_factor($1)")
                .bind::<Array<SqlUuid>, _>(members)
                .load(self.conn)
                .map_err(store_error)?;
        Ok(secured.into_iter().map(|row| row.membership_id).collect())
    }

    /// Open ones, the newest first; also those that have run out, until they are sent again or taken back.
    pub fn open_invitations(
        &mut self,
        seen: Visibility,
        page: &PageRequest<TimeKey>,
    ) -> Result<Page<InvitationEntry>, StoreError> {
        let here = o::network_id.eq(i::network_id).and(o::organisation_id.nullable().eq(i::organisation_id));
        let mut query = i::table
            .left_join(o::table.on(here))
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::accepted_at.is_null())
            .filter(i::withdrawn_at.is_null())
            .into_boxed();
        if let Scope::Organisation { organisation } | Scope::Own { organisation, .. } = seen.scope() {
            query = query.filter(i::organisation_id.eq(organisation.uuid()));
        }
        if let Some(after) = page.after() {
            let at = super::super::time::stored(after.at);
            query = query.filter(i::sent_at.lt(at).or(i::sent_at.eq(at).and(i::invitation_id.lt(after.id))));
        }
        let rows: Vec<Listed> = query
            .order((i::sent_at.desc(), i::invitation_id.desc()))
            .limit(i64::from(page.first()) + 1)
            .select((invitation_columns!(), o::name.nullable(), i::asked_again_at))
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let dead = self.undelivered(fetched.rows.iter().map(|row| row.0.0.1).collect())?;
        let rows = fetched.rows.into_iter().map(|row| entry(row, &dead));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, has_more: fetched.has_more, total: None })
    }

    /// The same of one, in whatever stage.
    pub fn invitation_entry(&mut self, invitation: Invitation) -> Result<InvitationEntry, StoreError> {
        let name = match invitation.organisation {
            Some(id) => self.organisation_card(id)?.map(|card| card.name),
            None => None,
        };
        let dead = self.undelivered(vec![invitation.id.uuid()])?;
        let undeliverable = is_dead(&dead, &invitation);
        Ok(InvitationEntry { invitation, organisation_name: name, asked_again_at: None, undeliverable })
    }

    /// When an e-mail about each of these was given up.
    fn undelivered(&mut self, invitations: Vec<Uuid>) -> Result<HashMap<Uuid, Timestamp>, StoreError> {
        let dead: Vec<(Option<Uuid>, Stored)> = outbox::table
            .filter(outbox::network_id.eq(self.network_uuid()))
            .filter(outbox::subject_id.eq_any(invitations.into_iter().map(Some).collect::<Vec<_>>()))
            .filter(outbox::status.eq("dead"))
            .order(outbox::created_at)
            .select((outbox::subject_id, outbox::created_at))
            .load(self.conn)
            .map_err(store_error)?;
        Ok(dead.into_iter().filter_map(|(id, at)| Some((id?, instant(at)))).collect())
    }
}

fn lacks_second_factor() -> SqlLiteral<Bool> {
    sql("NOT EXISTS (SELECT FROM members_with_second_factor(ARRAY[memberships.membership_id]))")
}

fn staff_row(
    row: Row,
    last_seen: &HashMap<Uuid, Timestamp>,
    secured: &HashSet<Uuid>,
) -> Result<StaffRow, StoreError> {
    let (id, user, name, email, roles, version, joined_at, organisation, organisation_name) = row;
    Ok(StaffRow {
        id: MembershipId::from_uuid(id),
        user: UserId::from_uuid(user),
        name,
        email,
        roles: roles_from(&roles)?,
        version,
        organisation: organisation.map(OrganisationId::from_uuid).zip(organisation_name),
        joined_at: instant(joined_at),
        last_seen_at: last_seen.get(&id).copied(),
        second_factor: secured.contains(&id),
    })
}

fn entry(row: Listed, dead: &HashMap<Uuid, Timestamp>) -> Result<InvitationEntry, StoreError> {
    let (row, organisation_name, asked_again_at) = row;
    let invitation = invitation_from(row)?;
    let undeliverable = is_dead(dead, &invitation);
    Ok(InvitationEntry {
        invitation,
        organisation_name,
        asked_again_at: instant_option(asked_again_at),
        undeliverable,
    })
}

/// What became of an older link's e-mail does not count.
fn is_dead(dead: &HashMap<Uuid, Timestamp>, invitation: &Invitation) -> bool {
    dead.get(&invitation.id.uuid()).is_some_and(|at| *at >= invitation.sent_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_pattern_is_looked_for_as_it_stands() {
        assert_eq!(part_of(" a_b%c\\d "), r"%a\_b\%c\\d%");
    }
}
