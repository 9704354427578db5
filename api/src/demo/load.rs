//! Loads the region: networks and logins by the platform, everything else through the tenants' use cases.
//! People's stories are written side by side; what they share (a service's places) does not depend on order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::directory::set_capacity::{SetCapacity, set_capacity};
use trellis_domain::directory::{CapacityState, ServiceReads};
use trellis_domain::kernel::{OpContext, ReferralId, ServiceId, TypedId};
use trellis_domain::policy::Role;
use trellis_domain::referral::chase::chase;
use trellis_infra::auth::Passwords;
use trellis_infra::pg::PgStore;
use trellis_infra::pg::platform::PlatformStore;

use super::dice::{At, SeededIds};
use super::error::DemoError;
use super::found::{Founded, found};
use super::organisations::{ORGANISATIONS, WALKERS};
use super::personas::Persona;
use super::play::{Ground, Waiting, play};
use super::region::{SLUG, ZONE};
use super::services::ServicePlan;
use super::staff::{COORDINATOR, holding};
use super::story::{Region, invent, stream_of};

/// What the region is loaded into. No worker may run meanwhile, or it would e-mail the history.
pub struct DemoParts<'a> {
    pub store: &'a PgStore,
    pub platform: &'a PlatformStore,
    pub passwords: &'a Passwords,
    /// Where the history ends.
    pub now: Timestamp,
}

/// Told of what is going on, a line at a time.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);

/// Stories written at the same time; more would only queue for the connections.
const SIDE_BY_SIDE: usize = 8;
/// Streams of chance for ids that belong to nobody's story.
const FOUNDING: u64 = 10;
const ROOM: u64 = 11;
const CHASING: u64 = 12;
const A_BATCH: i32 = 100;
/// A little before the first story.
const FOUNDED_DAYS_AGO: i64 = 560;
/// Requests left to be e-mailed, so that the mailbox has something to answer.
const FRESH_REQUESTS: usize = 10;

fn before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

/// The same seed and the same `now` give the same references, names and stages.
pub async fn load(
    parts: &DemoParts<'_>,
    seed: u64,
    personas: &[Persona],
    progress: Progress<'_>,
) -> Result<(), DemoError> {
    let region = invent(seed, parts.now)?;
    progress("making up North Vale: organisations, staff and services");
    let start = (SeededIds::new(seed, FOUNDING), before(parts.now, FOUNDED_DAYS_AGO));
    let Founded { network, sessions, services } = found(parts, start, personas, &region.services).await?;
    let zone = TimeZone::get(ZONE).map_err(DemoError::made("time zone"))?;
    let ground = Ground { store: parts.store.clone(), sessions, services, now: parts.now, zone };
    let waiting = told(&ground, &region, seed, progress).await?;
    progress("asking every service how much room it has");
    say_room(&ground, &region.services, seed).await?;
    progress("reminding whoever is late");
    remind(parts, seed).await?;
    let kept = fresh(waiting, &region.services);
    parts.platform.settle_demo_history(network, kept).await?;
    for session in &ground.sessions {
        parts.platform.end_session(session.session, parts.now).await?;
    }
    Ok(())
}

/// Is the region there?
pub async fn is_loaded(platform: &PlatformStore) -> Result<bool, DemoError> {
    Ok(platform.network_with_slug(SLUG).await?.is_some())
}

async fn told(
    ground: &Ground,
    region: &Region,
    seed: u64,
    progress: Progress<'_>,
) -> Result<Vec<Waiting>, DemoError> {
    let (done, all) = (&AtomicUsize::new(0), region.stories.len());
    let waiting: Vec<Vec<Waiting>> = stream::iter(region.stories.iter().enumerate())
        .map(|(at, story)| async move {
            let waiting = play(ground, story, SeededIds::new(seed, stream_of(at))).await?;
            let number = done.fetch_add(1, Ordering::Relaxed) + 1;
            if number.is_multiple_of(100) {
                progress(&format!("telling eighteen months of North Vale: {number} of {all} people"));
            }
            Ok::<_, DemoError>(waiting)
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(waiting.into_iter().flatten().collect())
}

/// What fell due in the history was chased in it: the mailbox does not open with a hundred reminders.
async fn remind(parts: &DemoParts<'_>, seed: u64) -> Result<(), DemoError> {
    let ids = Arc::new(SeededIds::new(seed, CHASING));
    let mut after = None;
    loop {
        let late = parts.platform.overdue_referrals(parts.now, after, A_BATCH).await?;
        after = late.last().copied();
        for one in &late {
            let ids = Arc::<SeededIds>::clone(&ids);
            let op = OpContext::for_job("chase", one.network, Some(one.owner), &At(parts.now), ids);
            let referral = one.referral;
            let told = parts.store.write(&op, move |tx, op| chase(tx, op, referral)).await;
            told.map_err(DemoError::refused("chase"))?;
        }
        if late.is_empty() {
            return Ok(());
        }
    }
}

/// As the stories end: the places that are taken, and those it has beyond them.
async fn say_room(ground: &Ground, plans: &[ServicePlan], seed: u64) -> Result<(), DemoError> {
    let ids = Arc::new(SeededIds::new(seed, ROOM));
    for (plan, (service, _)) in plans.iter().zip(&ground.services) {
        let at = before(ground.now, plan.room.said_days_ago);
        let own = holding(plan.organisation, Role::ProviderWorker).first().copied();
        let session = ground.sessions.get(own.unwrap_or(COORDINATOR));
        let session = session.ok_or(DemoError::Absent { what: "member of staff" })?;
        let op = OpContext::for_session(session, &At(at), Arc::<SeededIds>::clone(&ids));
        say(ground, &op, *service, (plan.room.state, plan.room.spare)).await?;
    }
    Ok(())
}

async fn say(
    ground: &Ground,
    op: &OpContext,
    service: ServiceId,
    (state, spare): (CapacityState, Option<u32>),
) -> Result<(), DemoError> {
    let said = ground.store.write(op, move |tx, op| {
        let taken = tx.service(service)?.map_or(0, |service| service.capacity.taken);
        let places = spare.map(|spare| taken.saturating_add(spare));
        set_capacity(tx, op, SetCapacity { service, state, places })
    });
    said.await.map(drop).map_err(DemoError::refused("set capacity"))
}

/// The newest unanswered requests to groups that have an e-mail address; Bea's first.
fn fresh(mut waiting: Vec<Waiting>, services: &[ServicePlan]) -> Vec<ReferralId> {
    let organisation = |request: &Waiting| services.get(request.service).map(|service| service.organisation);
    let has_email =
        |at: usize| ORGANISATIONS.get(at).is_some_and(|organisation| organisation.email.is_some());
    waiting.retain(|request| organisation(request).is_some_and(has_email));
    waiting.sort_by_key(|request| {
        let first = organisation(request) == Some(WALKERS);
        (std::cmp::Reverse((first, request.since)), request.referral.uuid())
    });
    waiting.into_iter().take(FRESH_REQUESTS).map(|request| request.referral).collect()
}
