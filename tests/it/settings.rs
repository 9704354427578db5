//! What an organisation settles: from when it holds, what it took the place of, who did it; how the organisation shows itself;
//! and what becomes of those who are signed in.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::Clock;
use trellis_domain::tenancy::{Logo, LogoDigest, add_logo};
use trellis_tests::browser::Browser;
use trellis_tests::footprint::{changed, footprint};
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::invitations::{administrator, invited};
use crate::second_factor::{PASSWORD, Scene as SignIns};

const INPUT: &str = "ChangeSettingsInput";
const VERSION: &str =
    "settings { version takesEffectAt idleMinutes branding { displayName accent logoAddress } }";
const HISTORY: &str =
    "{ settings { newestVersion inForce { version idleMinutes } planned { settings { version } }
    history(first: 10) { edges { node { changedBy withdrawnBy withdrawnAt settings { version idleMinutes }
      replaced { version idleMinutes } } } } } }";
/// A PNG of one pixel.
pub const DOT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

pub fn settle(minutes: i32, after: i32, more: Value) -> Value {
    let mut input = json!({ "secondFactorRequired": false, "idleMinutes": minutes, "sessionHours": 8,
        "afterVersion": after });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    input
}

struct Scene {
    served: Served,
    region: Region,
    kit_persona: Persona,
    kit: Client,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let kit_persona = administrator(&served, &region).await?;
        let kit = served.client(&kit_persona)?;
        Ok(Self { served, region, kit_persona, kit })
    }

    async fn settles(&self, input: Value) -> anyhow::Result<Value> {
        let done = self.kit.mutate("changeSettings", INPUT, input, VERSION).await?;
        anyhow::ensure!(done["refusal"].is_null(), "{done}");
        Ok(done["settings"].clone())
    }

    async fn refused(&self, input: Value) -> anyhow::Result<String> {
        self.kit.refused("changeSettings", INPUT, input).await
    }

    async fn settled(&self) -> anyhow::Result<Value> {
        Ok(self.kit.data(HISTORY, json!({})).await?["settings"].clone())
    }

    /// Days later Kit signs in again.
    fn days_pass(&mut self, days: i64) -> anyhow::Result<()> {
        self.served.world.clock.advance(SignedDuration::from_hours(24 * days));
        self.kit_persona.session.proved_at = self.served.world.clock.now();
        self.kit = self.served.client(&self.kit_persona)?;
        Ok(())
    }

    async fn logo(&self) -> anyhow::Result<Value> {
        let input = json!({ "imageBase64": DOT });
        let kept =
            self.kit.mutate("addLogo", "AddLogoInput", input, "logo { digest address width height }").await?;
        anyhow::ensure!(kept["refusal"].is_null(), "{kept}");
        Ok(kept["logo"].clone())
    }
}

#[tokio::test]
async fn what_is_settled_holds_from_its_instant_and_what_held_before_stays_known() -> anyhow::Result<()> {
    let mut scene = Scene::new().await?;
    assert_eq!(scene.settled().await?["inForce"], json!({ "version": 0, "idleMinutes": 30 }));
    assert_eq!(scene.settles(settle(20, 0, json!({}))).await?["version"], 1);
    let later = scene.settles(settle(15, 1, json!({ "takesEffectAt": "2026-12-01T00:00:00Z" }))).await?;
    assert_eq!(later["takesEffectAt"], "2026-12-01T00:00:00Z");
    assert_eq!(scene.refused(settle(30, 1, json!({}))).await?, "STALE");
    assert_eq!(scene.refused(settle(5, 2, json!({}))).await?, "INVALID_INPUT");
    let past = json!({ "takesEffectAt": "2026-11-01T00:00:00Z" });
    assert_eq!(scene.refused(settle(30, 2, past)).await?, "DATE_IN_PAST");
    let both = json!({ "takesEffectAt": "2026-12-02T00:00:00Z", "takesEffectOn": "2026-12-02" });
    assert_eq!(scene.refused(settle(30, 2, both)).await?, "INVALID_INPUT");
    let kept = scene.settled().await?;
    assert_eq!(kept["inForce"], json!({ "version": 1, "idleMinutes": 20 }), "{kept}");
    assert_eq!(kept["planned"], json!([{ "settings": { "version": 2 } }]));
    let newest = &kept["history"]["edges"][0]["node"];
    assert_eq!(newest["replaced"], json!({ "version": 1, "idleMinutes": 20 }), "{kept}");
    assert_eq!(newest["changedBy"], "Kit Shaw");
    assert_eq!(kept["history"]["edges"][1]["node"]["replaced"]["version"], 0);
    // nobody else's, and not for everybody
    let sam = scene.served.client(&scene.region.link_worker)?;
    assert_eq!(sam.refused("changeSettings", INPUT, settle(30, 2, json!({}))).await?, "DENIED");
    let network = scene.served.client(&scene.region.coordinator)?.data(HISTORY, json!({})).await?;
    assert_eq!(network["settings"]["newestVersion"], 0, "{network}");
    scene.days_pass(9)?;
    assert_eq!(scene.settled().await?["inForce"]["version"], 2);
    Ok(())
}

#[tokio::test]
async fn a_change_for_a_day_holds_from_where_the_day_begins() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let winter = scene.settles(settle(20, 0, json!({ "takesEffectOn": "2026-12-04" }))).await?;
    assert_eq!(winter["takesEffectAt"], "2026-12-04T00:00:00Z");
    let summer = scene.settles(settle(25, 1, json!({ "takesEffectOn": "2027-07-01" }))).await?;
    assert_eq!(summer["takesEffectAt"], "2027-06-30T23:00:00Z", "an hour ahead of Greenwich");
    let today = json!({ "takesEffectOn": "2026-11-23" });
    assert_eq!(scene.refused(settle(25, 2, today)).await?, "DATE_IN_PAST", "today has begun");
    Ok(())
}

#[tokio::test]
async fn what_was_planned_and_withdrawn_never_holds_and_stays_in_the_history() -> anyhow::Result<()> {
    let mut scene = Scene::new().await?;
    let strict = json!({ "secondFactorRequired": true, "takesEffectAt": "2026-12-01T00:00:00Z" });
    scene.settles(settle(10, 0, strict)).await?;
    // made while the other was planned: what it takes the place of is what held
    scene.settles(settle(20, 1, json!({}))).await?;
    let withdraw = |version: i32| json!({ "version": version });
    let again = |version| scene.kit.refused("withdrawSettings", "WithdrawSettingsInput", withdraw(version));
    assert_eq!(again(2).await?, "NOT_PLANNED", "it holds");
    assert_eq!(again(7).await?, "NOT_FOUND");
    let done =
        scene.kit.mutate("withdrawSettings", "WithdrawSettingsInput", withdraw(1), "settings { version }");
    assert_eq!(done.await?["settings"]["version"], 1);
    assert_eq!(again(1).await?, "NOT_PLANNED", "once is enough");
    scene.days_pass(10)?;
    let kept = scene.settled().await?;
    assert_eq!(kept["inForce"]["version"], 2, "{kept}");
    assert_eq!(kept["planned"], json!([]));
    let edges = &kept["history"]["edges"];
    assert_eq!(edges[0]["node"]["replaced"]["version"], 0, "{kept}");
    assert_eq!(
        (&edges[1]["node"]["withdrawnBy"], edges[1]["node"]["withdrawnAt"].is_string()),
        (&json!("Kit Shaw"), true)
    );
    Ok(())
}

#[tokio::test]
async fn a_planned_change_is_shown_beside_what_holds_until_then_as_far_as_is_settled_now()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let on = |day: &str| json!({ "takesEffectOn": day });
    scene.settles(settle(20, 0, json!({}))).await?;
    scene.settles(settle(15, 1, on("2026-12-01"))).await?;
    scene.settles(settle(10, 2, on("2026-12-10"))).await?;
    let beside = async || {
        let ask = "{ settings { planned { settings { version } replaced { version idleMinutes } }
            history(first: 10) { edges { node { settings { version } replaced { version idleMinutes } } } } } }";
        let settled = scene.kit.data(ask, json!({})).await?["settings"].clone();
        let is_third = |change: &&Value| change["settings"]["version"] == 3;
        let plans = settled["planned"].as_array().cloned().unwrap_or_default();
        let lines = settled["history"]["edges"].as_array().cloned().unwrap_or_default();
        let lines: Vec<Value> = lines.into_iter().map(|edge| edge["node"].clone()).collect();
        let (plan, line) = (plans.iter().find(is_third).cloned(), lines.iter().find(is_third).cloned());
        anyhow::ensure!(plan == line, "the plan and the history agree: {settled}");
        Ok(plan.unwrap_or_default()["replaced"].clone())
    };
    assert_eq!(beside().await?, json!({ "version": 2, "idleMinutes": 15 }));
    // what was to hold before it is withdrawn
    let input = json!({ "version": 2 });
    scene.kit.mutate("withdrawSettings", "WithdrawSettingsInput", input, "settings { version }").await?;
    assert_eq!(beside().await?, json!({ "version": 1, "idleMinutes": 20 }));
    // what holds is changed at once
    scene.settles(settle(25, 3, json!({}))).await?;
    assert_eq!(beside().await?, json!({ "version": 4, "idleMinutes": 25 }));
    Ok(())
}

#[tokio::test]
async fn who_changes_limits_alone_leaves_the_branding_as_it_is() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let branding = json!({ "displayName": "Vale Links", "accent": "#0b4f4a" });
    scene.settles(settle(30, 0, json!({ "branding": branding }))).await?;
    let kept = scene.settles(settle(20, 1, json!({}))).await?;
    assert_eq!(kept["branding"]["displayName"], "Vale Links", "{kept}");
    assert_eq!(kept["branding"]["accent"], "#0b4f4a", "{kept}");
    let nulled = scene.settles(settle(25, 2, json!({ "branding": null }))).await?;
    assert_eq!(nulled["branding"], kept["branding"], "null says no more than nothing");
    let cleared = scene.settles(settle(20, 3, json!({ "branding": {} }))).await?;
    assert!(cleared["branding"]["displayName"].is_null(), "{cleared}");
    Ok(())
}

#[tokio::test]
async fn a_look_at_a_change_changes_nothing() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.settles(settle(20, 0, json!({}))).await?;
    let query = "query($input: ChangeSettingsInput!) { settingsPreview(input: $input) {
        settings { version idleMinutes } replaced { version idleMinutes } refusal { code field } } }";
    let look = async |client: &Client, input: Value| {
        anyhow::Ok(client.data(query, json!({ "input": input })).await?["settingsPreview"].clone())
    };
    let before = footprint(&scene.served.world.database).await?;
    let seen = look(&scene.kit, settle(15, 1, json!({}))).await?;
    assert_eq!(seen["settings"], json!({ "version": 2, "idleMinutes": 15 }), "{seen}");
    assert_eq!(seen["replaced"], json!({ "version": 1, "idleMinutes": 20 }));
    let light = look(&scene.kit, settle(15, 1, json!({ "branding": { "accent": "#ffcc00" } }))).await?;
    assert_eq!(
        light["refusal"],
        json!({ "code": "CONTRAST_TOO_LOW", "field": "branding.accent" }),
        "{light}"
    );
    let after = footprint(&scene.served.world.database).await?;
    assert!(changed(&before, &after).is_empty(), "{:?}", changed(&before, &after));
    let sam = scene.served.client(&scene.region.link_worker)?;
    assert_eq!(look(&sam, settle(15, 1, json!({}))).await?["refusal"]["code"], "DENIED");
    Ok(())
}

#[tokio::test]
async fn an_organisation_shows_itself_to_its_own_people_from_our_own_origin() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let logo = scene.logo().await?;
    assert_eq!(scene.logo().await?, logo, "the same picture again is the one that is there");
    let branding = json!({ "displayName": "Vale Link Workers", "shortLine": "Someone to talk to", "accent": "#1D3C6E",
        "logo": logo["digest"] });
    scene.settles(settle(30, 0, json!({ "branding": branding }))).await?;
    let ask = "{ viewer { branding { displayName shortLine accent logo logoAddress } } }";
    let shown = scene.served.client(&scene.region.link_worker)?.data(ask, json!({})).await?;
    let shown = &shown["viewer"]["branding"];
    assert_eq!(shown["displayName"], "Vale Link Workers");
    assert_eq!(shown["accent"], "#1d3c6e");
    assert_eq!(shown["logoAddress"], logo["address"]);
    let elsewhere = scene.served.client(&scene.region.volunteer)?.data(ask, json!({})).await?;
    assert!(elsewhere["viewer"]["branding"]["displayName"].is_null(), "{elsewhere}");
    let address = logo["address"].as_str().unwrap_or_default();
    let picture = reqwest::get(format!("{}{address}", scene.served.url)).await?;
    let header =
        |name: &str| picture.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("default-src 'self'"));
    assert!(picture.bytes().await?.starts_with(b"\x89PNG"));
    let get = async |path: &str| anyhow::Ok(reqwest::get(format!("{}{path}", scene.served.url)).await?);
    let sheet = get("/branding/1d3c6e.css").await?.text().await?;
    assert_eq!(sheet, ".app-accent-1d3c6e{--app-accent:#1d3c6e}\n");
    let unknown = "00".repeat(32);
    for nothing in ["/branding/ffcc00.css", "/branding/x.css", &format!("/branding/{unknown}.png")] {
        assert_eq!(get(nothing).await?.status(), 404, "{nothing}");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_shows_themselves_with_the_logo_of_others() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let logo = scene.logo().await?;
    let at_walkers = (scene.region.network, Some(scene.region.walkers));
    let una = scene
        .served
        .world
        .member(at_walkers, "Una Hale", trellis_domain::policy::Role::OrganisationAdmin)
        .await?;
    let input = settle(30, 0, json!({ "branding": { "logo": logo["digest"] } }));
    let refused = scene.served.client(&una)?.refused("changeSettings", INPUT, input).await?;
    assert_eq!(refused, "PICTURE_NOT_USABLE");
    let sam = scene.served.client(&scene.region.link_worker)?;
    let sent = sam.ask(
        "mutation($input: AddLogoInput!) { addLogo(input: $input) { refusal { code } } }",
        json!({ "input": { "imageBase64": DOT } }),
    );
    assert_eq!(sent.await?.body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    Ok(())
}

#[tokio::test]
async fn a_mail_names_whoever_sends_it_as_they_are_registered_and_not_as_they_show_themselves()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.settles(settle(30, 0, json!({ "branding": { "displayName": "Your Bank" } }))).await?;
    let mailbox = Mailbox::of(&scene.served)?;
    invited(&scene.kit, "ada@example.org", &["LINK_WORKER"]).await?;
    let mails = mailbox.mails(&scene.served).await?;
    let mail = mails.iter().find(|mail| mail.to == ["ada@example.org"]).expect("an invitation");
    assert!(mail.from.contains("no-reply@trellis.example.org"), "{}", mail.from);
    assert_eq!(mail.subject, "Join North Vale Community Links on Trellis");
    for said in [&mail.from, &mail.subject, &mail.text] {
        assert!(!said.contains("Your Bank"), "nobody has checked that name: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_session_says_how_long_it_lasts() -> anyhow::Result<()> {
    let signs = SignIns::new().await?;
    let kit = signs.served.client(&administrator(&signs.served, &signs.region).await?)?;
    let ask = "{ viewer { session { idleMinutes endsAt } } }";
    let lasts =
        async |client: Client| anyhow::Ok(client.data(ask, json!({})).await?["viewer"]["session"].clone());
    let before = lasts(signs.with(&signs.signs_in(&signs.lead).await?)?).await?;
    assert_eq!(before["idleMinutes"], 30, "{before}");
    let done = kit.mutate("changeSettings", INPUT, settle(20, 0, json!({})), "settings { version }").await?;
    assert_eq!(done["settings"]["version"], 1, "{done}");
    let after = lasts(signs.with(&signs.signs_in(&signs.lead).await?)?).await?;
    assert_eq!(after["idleMinutes"], 20, "{after}");
    let ends = signs.served.world.clock.now() + SignedDuration::from_hours(8);
    assert_eq!(after["endsAt"], ends.to_string());
    Ok(())
}

#[tokio::test]
async fn a_session_of_one_factor_is_told_that_two_are_asked_for_by_now() -> anyhow::Result<()> {
    let signs = SignIns::new().await?;
    let weak = signs.with(&signs.signs_in(&signs.lead).await?)?;
    weak.data("{ viewer { name } }", json!({})).await?;
    signs.is_required().await?;
    let answer = weak.ask("{ viewer { name } }", json!({})).await?;
    let error = &answer.body["errors"][0];
    assert_eq!(error["extensions"]["code"], "SECOND_FACTOR_NEEDED", "{error}");
    assert!(
        error["message"].as_str().is_some_and(|words| words.contains("sign in again and set one up")),
        "{error}"
    );
    // a session that is gone says no more than that
    signs.wait(SignedDuration::from_hours(13));
    let gone = weak.ask("{ viewer { name } }", json!({})).await?;
    assert_eq!(gone.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{}", gone.body);
    Ok(())
}

#[tokio::test]
async fn a_page_says_that_a_second_factor_is_asked_for_by_now_and_loses_nothing() -> anyhow::Result<()> {
    let signs = SignIns::new().await?;
    let lead = Browser::at(&signs.served.url)?;
    let fields = [("email", signs.lead.email.as_str()), ("password", PASSWORD)];
    lead.post("/sign-in", &fields).await?.next()?;
    let today = lead.get("/today").await?;
    today.says(200, "data-idle-minutes=\"30\"")?;
    let ends = (signs.served.world.clock.now() + SignedDuration::from_hours(12)).to_string();
    today.says(200, &format!("data-ends-at=\"{ends}\""))?;
    signs.is_required().await?;
    let words = "This organisation now asks for a second step. Sign in again and set one up.";
    let refused = lead.get("/today").await?;
    assert!(refused.next()?.ends_with("/sign-in?then=%2Ftoday&weak=yes"), "{:?}", refused.goes_to);
    lead.get(refused.next()?).await?.says(200, words)?;
    let posted = lead.post("/emergency", &[("why", "Nobody answers the door")]).await?;
    posted.says(401, words)?;
    posted.says(401, "What you typed is kept.")?;
    assert!(
        posted.text.contains("Nobody%20answers%20the%20door")
            || posted.text.contains("Nobody+answers+the+door")
    );
    // with the password alone it goes on to where a second factor is set up
    let again = lead.post("/sign-in", &fields).await?;
    assert!(again.next()?.contains("/sign-in/set-up"), "{:?}", again.goes_to);
    Ok(())
}

/// Somebody tries many pictures: those that no version names do not pile up, and the one that is shown stays.
#[tokio::test]
async fn of_the_pictures_that_are_only_tried_the_newest_ten_are_kept() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let shown = scene.logo().await?["digest"].clone();
    scene.settles(settle(30, 0, json!({ "branding": { "logo": shown } }))).await?;
    let world = &scene.served.world;
    for number in 0..12 {
        world.clock.advance(SignedDuration::from_secs(1));
        let op = world.op(&scene.kit_persona);
        let tried = Logo { digest: LogoDigest::new([number; 32]), png: vec![number], width: 1, height: 1 };
        world.store.write(&op, move |tx, op| add_logo(tx, op, tried)).await?;
    }
    let owner = world.database.connect_as_owner().await?;
    let kept = owner.query("SELECT digest FROM organisation_logos ORDER BY added_at", &[]).await?;
    let kept: Vec<Vec<u8>> = kept.iter().map(|row| row.get(0)).collect();
    assert_eq!(kept.len(), 11, "the one that is shown, and ten that were tried");
    let tried: Vec<Vec<u8>> = (2..12).map(|number| vec![number; 32]).collect();
    assert_eq!(kept[1..], tried, "the oldest two have gone");
    Ok(())
}
