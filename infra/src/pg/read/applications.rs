//! Applications to join, as whoever coordinates the network sees them: those whose address is proved.

use diesel::prelude::*;
use trellis_domain::application::{Application, ApplicationStage};
use trellis_domain::kernel::{Page, PageRequest, StoreError, TypedId};
use trellis_domain::policy::Visibility;

use super::super::application::ApplicationRow;
use super::super::error::store_error;
use super::super::schema::applications as a;
use super::super::time::stored;
use super::super::tx::PgTx;
use super::listed::{TimeKey, counted};

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationsShown {
    /// Those that wait for an answer of ours, or of theirs.
    Open,
    All,
}

pub fn application_key(application: &Application) -> TimeKey {
    TimeKey { at: application.applied_at, id: application.id.uuid() }
}

impl<M> PgTx<'_, M> {
    /// Newest first.
    pub fn applications(
        &mut self,
        _seen: Visibility,
        shown: ApplicationsShown,
        page: &PageRequest<TimeKey>,
    ) -> Result<Page<Application>, StoreError> {
        let mut query = a::table
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::stage.ne(ApplicationStage::Unconfirmed.code()))
            .into_boxed();
        if shown == ApplicationsShown::Open {
            let open = [ApplicationStage::Waiting.code(), ApplicationStage::Asked.code()];
            query = query.filter(a::stage.eq_any(open));
        }
        if let Some(after) = page.after() {
            let at = stored(after.at);
            let earlier = a::applied_at.lt(at).or(a::applied_at.eq(at).and(a::application_id.lt(after.id)));
            query = query.filter(earlier);
        }
        let rows: Vec<ApplicationRow> = query
            .order((a::applied_at.desc(), a::application_id.desc()))
            .limit(i64::from(page.first()) + 1)
            .select(ApplicationRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let rows = fetched.rows.into_iter().map(|row| self.opened_application(row));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, has_more: fetched.has_more, total: None })
    }

    /// How many wait for an answer of ours.
    pub fn waiting_applications(&mut self, _seen: Visibility) -> Result<u64, StoreError> {
        let waiting: i64 = a::table
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::stage.eq(ApplicationStage::Waiting.code()))
            .count()
            .get_result(self.conn)
            .map_err(store_error)?;
        Ok(counted(waiting))
    }
}
