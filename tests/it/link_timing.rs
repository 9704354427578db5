//! Asking for a link takes as long for an address that nobody has as for one that is somebody's, as statistics over interleaved
//! pairs: no time is compared with a fixed one.

use std::time::{Duration, Instant};

use trellis_infra::pg::platform::LinkPurpose;

use crate::guessing::above;
use crate::sign_in::{EMAIL, HERE, Scene};

const PAIRS: usize = 400;

async fn is_not_told_apart(purpose: LinkPurpose) -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let timed = async |email: &str| -> anyhow::Result<Duration> {
        let begun = Instant::now();
        scene.platform.mail_link(email, (purpose, HERE), scene.now()).await?;
        Ok(begun.elapsed())
    };
    for number in 0..20 {
        scene.wait(15);
        timed(&format!("warm{number}@example.org")).await?;
        timed(EMAIL).await?;
    }
    let (mut known, mut unknown) = (Vec::with_capacity(PAIRS), Vec::with_capacity(PAIRS));
    for number in 0..PAIRS {
        // Five an hour go to one address.
        scene.wait(15);
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
    let told = above(&known, &unknown);
    assert!((0.40..=0.60).contains(&told), "a known address is slower in {told:.3} of the pairs");
    Ok(())
}

#[tokio::test]
async fn a_link_to_sign_in_is_asked_for_as_long_for_a_stranger() -> anyhow::Result<()> {
    is_not_told_apart(LinkPurpose::SignIn).await
}

#[tokio::test]
async fn a_link_to_recover_is_asked_for_as_long_for_a_stranger() -> anyhow::Result<()> {
    is_not_told_apart(LinkPurpose::Recovery).await
}
