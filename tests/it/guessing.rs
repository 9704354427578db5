//! Guessing a password is slow for whoever guesses, and for nobody else; and it does not tell who has an account.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use trellis_infra::pg::platform::{Credentials, SessionKind, SignInError};

use crate::sign_in::{ELSEWHERE, EMAIL, HERE, PASSWORD, Scene, platform};

#[tokio::test]
async fn at_most_ten_wrong_tries_a_minute_come_from_one_source_and_nobody_else_is_kept_out()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut looked_at = 0;
    for _ in 0..60 {
        match scene.attempt("wrong", HERE).await {
            Err(SignInError::Refused) => looked_at += 1,
            Err(SignInError::TooManyTries { retry_after }) => assert!(!retry_after.is_zero()),
            other => anyhow::bail!("{other:?}"),
        }
        scene.world.clock.advance(SignedDuration::from_secs(1));
    }
    assert!((1..=10).contains(&looked_at), "{looked_at}");
    scene.attempt(PASSWORD, ELSEWHERE).await?;
    scene.wait(1);
    scene.attempt(PASSWORD, HERE).await?;
    Ok(())
}

#[tokio::test]
async fn a_burst_of_guesses_counts_as_what_it_is() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let burst = (0..40).map(|_| scene.attempt("wrong", HERE));
    let answers = futures_util::future::join_all(burst).await;
    let looked_at = answers.iter().filter(|answer| matches!(answer, Err(SignInError::Refused))).count();
    assert_eq!(looked_at, 5);
    Ok(())
}

#[tokio::test]
async fn one_source_cannot_try_one_password_on_every_account_and_is_let_in_again_within_seconds()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut looked_at = 0;
    for number in 0..100 {
        let email = format!("somebody{number}@example.org");
        let credentials = Credentials { email: &email, password: "winter 2026 winter", source: HERE };
        match scene.platform.sign_in(credentials, SessionKind::Browser, None, scene.now()).await {
            Err(SignInError::Refused) => looked_at += 1,
            Err(SignInError::TooManyTries { retry_after }) => {
                assert!(retry_after <= std::time::Duration::from_mins(1), "{retry_after:?}");
            }
            other => anyhow::bail!("{other:?}"),
        }
    }
    assert_eq!(looked_at, 30, "whatever the accounts");
    scene.attempt(PASSWORD, ELSEWHERE).await?;
    let shared = scene.attempt(PASSWORD, HERE).await;
    assert!(matches!(shared, Err(SignInError::TooManyTries { .. })), "{shared:?}");
    scene.wait(1);
    scene.attempt(PASSWORD, HERE).await?;
    Ok(())
}

#[tokio::test]
async fn processes_without_redis_count_a_source_together() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let other = platform(&scene.world)?;
    let mut looked_at = 0;
    for number in 0..50 {
        let email = format!("somebody{number}@example.org");
        let credentials = Credentials { email: &email, password: "winter 2026 winter", source: HERE };
        let process = if number % 2 == 0 { &scene.platform } else { &other };
        let tried = process.sign_in(credentials, SessionKind::Browser, None, scene.now()).await;
        looked_at += usize::from(matches!(tried, Err(SignInError::Refused)));
    }
    assert_eq!(looked_at, 30);
    for _ in 0..40 {
        scene.attempt(PASSWORD, ELSEWHERE).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_right_password_is_never_limited() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for _ in 0..25 {
        scene.attempt(PASSWORD, HERE).await?;
    }
    Ok(())
}

#[tokio::test]
async fn processes_without_redis_count_guesses_together() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let other = platform(&scene.world)?;
    for _ in 0..5 {
        assert!(matches!(scene.attempt("wrong", HERE).await, Err(SignInError::Refused)));
    }
    let credentials = Credentials { email: EMAIL, password: PASSWORD, source: HERE };
    let limited = other.sign_in(credentials, SessionKind::Api, None, scene.now()).await;
    assert!(matches!(limited, Err(SignInError::TooManyTries { .. })), "{limited:?}");
    Ok(())
}

/// How often a measurement of the one is above one of the other: 0.5 says that they cannot be told apart.
fn above(ones: &[Duration], others: &[Duration]) -> f64 {
    let wins: usize = ones.iter().map(|one| others.iter().filter(|other| one > *other).count()).sum();
    let ties: usize = ones.iter().map(|one| others.iter().filter(|other| one == *other).count()).sum();
    let pairs = f64::from(u32::try_from(ones.len() * others.len()).unwrap_or(u32::MAX));
    (f64::from(u32::try_from(wins).unwrap_or(u32::MAX)) + f64::from(u32::try_from(ties).unwrap_or(0)) / 2.0)
        / pairs
}

/// In what share of the pairs a known address takes longer than a stranger's. Interleaved, so that whatever else the machine
/// does meets both alike; no time is compared with a fixed one. `between`: what happens before each pair.
pub async fn slower_for_the_known(
    pairs: usize,
    between: impl Fn(),
    timed: impl AsyncFn(&str) -> anyhow::Result<Duration>,
) -> anyhow::Result<f64> {
    let (mut known, mut unknown) = (Vec::with_capacity(pairs), Vec::with_capacity(pairs));
    for number in 0..pairs {
        between();
        let stranger = format!("somebody{number}@example.org");
        // Whoever comes second in a pair may find warmer caches: each does as often.
        if number % 2 == 0 {
            known.push(timed(EMAIL).await?);
            unknown.push(timed(&stranger).await?);
        } else {
            unknown.push(timed(&stranger).await?);
            known.push(timed(EMAIL).await?);
        }
    }
    Ok(above(&known, &unknown))
}

#[tokio::test]
async fn an_unknown_account_takes_as_long_as_a_wrong_password() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let timed = async |email: &str| {
        let credentials = Credentials { email, password: "seven quiet badgers", source: HERE };
        let begun = Instant::now();
        let refused = scene.platform.sign_in(credentials, SessionKind::Api, None, scene.now()).await;
        let took = begun.elapsed();
        anyhow::ensure!(matches!(refused, Err(SignInError::Refused)), "{refused:?}");
        anyhow::Ok(took)
    };
    let told = slower_for_the_known(300, || scene.wait(1), timed).await?;
    assert!((0.40..=0.60).contains(&told), "a known account is slower in {told:.3} of the pairs");
    Ok(())
}
