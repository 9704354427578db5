//! Asking for a link takes as long for an address that nobody has as for one that is somebody's, as statistics over interleaved
//! pairs: no time is compared with a fixed one.

use std::time::{Duration, Instant};

use trellis_infra::pg::platform::LinkPurpose;

use crate::guessing::slower_for_the_known;
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
    // Five an hour go to one address.
    let told = slower_for_the_known(PAIRS, || scene.wait(15), timed).await?;
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
