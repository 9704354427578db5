//! The real directory of Illinois, read into a network of its own: found, referred to, and never twice.

use std::path::Path;
use std::sync::Arc;

use trellis_api::import::{ImportError, ImportParts, NewNetwork, Wanted, run};
use trellis_domain::kernel::{Clock, IdSource};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::{FeedbackChoice, Need, Risk, Route, StageName};
use trellis_infra::directory_import::Report;
use trellis_tests::world::World;

use crate::sign_in::platform;
use crate::store_story::explained;

fn illinois() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/illinois")
}

async fn import(world: &World, slug: &str, create: bool, dry_run: bool) -> Result<Report, ImportError> {
    let platform = platform(world).expect("platform store");
    let ids: Arc<dyn IdSource> = Arc::clone(&world.ids);
    let parts = ImportParts { store: &world.store, platform: &platform, clock: &*world.clock, ids };
    let new = NewNetwork {
        name: "Illinois Legal Help".into(),
        zone: "America/Chicago".into(),
        jurisdiction: "illinois".into(),
    };
    let folder = illinois();
    let create = create.then_some(new);
    run(&parts, &Wanted { folder: &folder, slug, create, dry_run, as_of: Some(world.clock.now()) }).await
}

fn total(report: &Report, of: impl Fn(&trellis_infra::directory_import::FileCount) -> usize) -> usize {
    report.files.iter().map(of).sum()
}

#[tokio::test]
async fn every_row_of_illinois_is_accounted_for_and_a_second_import_adds_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let rehearsed = import(&world, "illinois", true, true).await?;
    let first = import(&world, "illinois", true, false).await?;
    assert!(first.adds_up());
    assert_eq!(total(&first, |file| file.read), 5_034);
    assert_eq!((total(&first, |f| f.imported), total(&first, |f| f.already_there)), (33 + 89, 0));
    assert_eq!(rehearsed.files, first.files, "the dry run foresaw it");

    let second = import(&world, "illinois", false, false).await?;
    assert!(second.adds_up());
    assert_eq!((total(&second, |f| f.imported), total(&second, |f| f.merged)), (0, 0));
    assert_eq!(second.refused, first.refused);

    let owner = world.database.connect_as_owner().await?;
    let kept = owner
        .query_one("SELECT (SELECT count(*) FROM organisations), (SELECT count(*) FROM services), (SELECT zone FROM networks)", &[])
        .await?;
    assert_eq!((kept.get::<_, i64>(0), kept.get::<_, i64>(1)), (33, 89));
    assert_eq!(kept.get::<_, String>(2), "America/Chicago");
    Ok(())
}

#[tokio::test]
async fn an_unknown_network_is_refused_and_a_dry_run_makes_none() -> anyhow::Result<()> {
    let world = World::new().await?;
    assert!(matches!(import(&world, "nowhere", false, false).await, Err(ImportError::NoNetwork { .. })));
    assert!(matches!(import(&world, "No Where", true, false).await, Err(ImportError::BadSlug)));
    import(&world, "illinois", true, true).await?;
    let owner = world.database.connect_as_owner().await?;
    assert_eq!(owner.query_one("SELECT count(*) FROM networks", &[]).await?.get::<_, i64>(0), 0);
    Ok(())
}

#[tokio::test]
async fn an_imported_service_is_found_and_can_be_referred_to() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("prairie").await?;
    import(&world, "prairie", false, false).await?;
    let owner = world.database.connect_as_owner().await?;
    let found = owner
        .query_one(
            "SELECT service_id FROM services WHERE source = 'hsds-1.1' AND capacity_state = 'open'
             AND search @@ websearch_to_tsquery('english', 'legal clinic') ORDER BY name LIMIT 1",
            &[],
        )
        .await?;
    let service = trellis_domain::kernel::TypedId::from_uuid(found.get(0));
    let jo = trellis_tests::world::somebody("Jo", "Park", trellis_domain::person::Channel::Phone)?;
    let cmd = Refer {
        whom: Whom::New(Box::new(jo)),
        service,
        route: Route::Professional,
        needs: vec![Need::Legal],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: None,
        again: None,
        agreed: Some((trellis_domain::consent::HowGiven::Spoken, explained())),
    };
    let sent = world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, cmd)).await?;
    assert_eq!(sent.stage.name(), StageName::Sent);
    Ok(())
}
