//! The identity provider of an organisation.

use serde_json::{Value, json};
use trellis_domain::kernel::OrganisationId;
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;

use super::{Asked, Scene};

const INPUT: &str = "ConfigureIdentityProviderInput";

async fn admin(scene: &Scene, organisation: OrganisationId, name: &str) -> anyhow::Result<Client> {
    let at = (scene.region.network, Some(organisation));
    scene.client(&scene.served.world.member(at, name, Role::OrganisationAdmin).await?)
}

fn described(issuer: &str, secret: Option<&str>) -> Value {
    json!({ "shortName": "vale", "name": "Staff account", "issuer": issuer, "clientId": "trellis", "clientSecret": secret })
}

pub async fn a_short_name_is_one_organisations(scene: &Scene) -> anyhow::Result<Asked> {
    let links = admin(scene, scene.region.links, "Ada Nwosu").await?;
    let input = described("https://login.example.org", Some("seven quiet otters"));
    links.mutate("configureIdentityProvider", INPUT, input.clone(), "provider { id }").await?;
    let practice = admin(scene, scene.region.practice, "Lin Moss").await?;
    Ok(Asked::of(practice, "configureIdentityProvider", INPUT, input))
}

pub async fn a_new_provider_needs_its_secret(scene: &Scene) -> anyhow::Result<Asked> {
    let links = admin(scene, scene.region.links, "Ada Nwosu").await?;
    Ok(Asked::of(links, "configureIdentityProvider", INPUT, described("https://login.example.org", None)))
}

/// Nothing listens there. That the administrator looked is kept.
pub async fn a_provider_that_does_not_answer(scene: &Scene) -> anyhow::Result<Asked> {
    let links = admin(scene, scene.region.links, "Ada Nwosu").await?;
    let input = described("http://127.0.0.1:9", Some("seven quiet otters"));
    links.mutate("configureIdentityProvider", INPUT, input, "provider { id }").await?;
    let query = "mutation { testIdentityProvider { refusal { code message next } } }";
    Ok(Asked::plainly(links, "testIdentityProvider", query, json!({})).leaving(&["audit_entries"]))
}
