//! The demo region is loaded through the use cases, whole, once, and the same again for the same seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use trellis_api::demo::{Addresses, DemoOptions, DemoParts, PersonasFile, run};
use trellis_domain::kernel::Clock;
use trellis_infra::auth::Passwords;
use trellis_infra::pg::StoreOptions;
use trellis_infra::pg::platform::{Guards, PlatformStore};
use trellis_infra::redis::ResilientLimiter;
use trellis_tests::world::World;

struct Demo {
    world: World,
    platform: PlatformStore,
    passwords: Arc<Passwords>,
    options: DemoOptions,
}

impl Demo {
    async fn new(seed: u64) -> anyhow::Result<Self> {
        let world = World::new().await?;
        let passwords = Arc::new(Passwords::new(2, 16)?);
        let guards = Guards {
            passwords: Arc::clone(&passwords),
            limiter: Arc::new(ResilientLimiter::alone()),
            ids: Arc::clone(&world.ids),
            keyring: Arc::clone(&world.keyring),
        };
        let options = StoreOptions { url: world.database.platform_url(), connections: 2, waiting: 64 };
        let platform = PlatformStore::open(&options, guards)?;
        let name = world.database.app_url();
        let unique = name.rsplit('/').next().unwrap_or_default().replace(['?', '='], "-");
        let personas_file =
            std::env::temp_dir().join(format!("personas-{}-{unique}.json", std::process::id()));
        let addresses =
            Addresses { url: "http://x".into(), graphql: "http://x/g".into(), mailbox: "http://x/m".into() };
        let options = DemoOptions { seed, personas_file, addresses };
        Ok(Self { world, platform, passwords, options })
    }

    async fn run(&self) -> Result<PersonasFile, trellis_api::demo::DemoError> {
        let parts = DemoParts {
            store: &self.world.store,
            platform: &self.platform,
            passwords: &self.passwords,
            now: self.world.clock.now(),
        };
        run(&parts, &self.options, &|line| eprintln!("{line}")).await
    }

    async fn counts(&self, question: &str) -> anyhow::Result<BTreeMap<String, i64>> {
        let owner = self.world.database.connect_as_owner().await?;
        let rows = owner.query(question, &[]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    async fn outline(&self) -> anyhow::Result<Vec<String>> {
        let owner = self.world.database.connect_as_owner().await?;
        let rows = owner
            .query(
                "SELECT reference || ' ' || stage || ' ' || version FROM referrals ORDER BY reference",
                &[],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.options.personas_file);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_region_is_whole_is_loaded_once_and_leaves_a_few_requests_to_answer() -> anyhow::Result<()> {
    let demo = Demo::new(1).await?;
    let began = std::time::Instant::now();
    let first = demo.run().await?;
    println!("the demo region was loaded in {:.1} s", began.elapsed().as_secs_f64());

    let totals = demo
        .counts(
            "SELECT 'persons', count(*) FROM persons UNION ALL SELECT 'referrals', count(*) FROM referrals
             UNION ALL SELECT 'services', count(*) FROM services UNION ALL SELECT 'users', count(*) FROM users
             UNION ALL SELECT 'organisations', count(*) FROM organisations",
        )
        .await?;
    let expected =
        [("organisations", 13), ("persons", 600), ("referrals", 900), ("services", 150), ("users", 40)];
    assert_eq!(totals, expected.map(|(name, count)| (name.to_owned(), count)).into());
    let stages = demo.counts("SELECT stage, count(*) FROM referrals GROUP BY stage").await?;
    println!("{stages:?}");
    assert_eq!(stages.len(), 13, "every stage has its referrals: {stages:?}");
    let old =
        "SELECT capacity_state, count(*) FROM services WHERE capacity_as_of < $$2026-10-12$$ GROUP BY 1";
    assert!(demo.counts(old).await?.values().sum::<i64>() > 20, "some capacity is unconfirmed");
    let queued =
        demo.counts("SELECT template, count(*) FROM outbox WHERE status = 'queued' GROUP BY 1").await?;
    assert_eq!(queued, [("request_to_provider".to_owned(), 10)].into());
    let sessions = demo.counts("SELECT 'open', count(*) FROM sessions WHERE ended_at IS NULL").await?;
    assert_eq!(sessions.get("open"), Some(&0));

    let again = demo.run().await?;
    assert_eq!(again, first, "a second start changes nothing");
    std::fs::remove_file(&demo.options.personas_file)?;
    assert!(demo.run().await.is_err(), "a region without its personas was not loaded to the end");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_gives_the_same_references_and_stages() -> anyhow::Result<()> {
    let (one, other) = (Demo::new(7).await?, Demo::new(7).await?);
    one.run().await?;
    other.run().await?;
    assert_eq!(one.outline().await?, other.outline().await?);
    Ok(())
}
