//! Invented people, sealed by the product's own keyring, so that opening their names costs what it costs.

use anyhow::Context;
use futures_util::pin_mut;
use tokio_postgres::Client;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use trellis_domain::kernel::{Line, Redacted};
use trellis_domain::person::{Channel, Identity, Preferences};
use trellis_infra::seal::{Field, Keyring};

use crate::scale::{Kind, Size, id};

const IDENTITY: Field = Field::column("persons.identity");
const PREFERENCES: Field = Field::column("persons.preferences");
const GIVEN: [&str; 8] = ["Ada", "Ben", "Cleo", "Dev", "Esme", "Finn", "Grace", "Hari"];
const FAMILY: [&str; 8] = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel"];

/// Copies everybody into `bench.sealed`.
pub async fn copy(client: &Client, keyring: &Keyring, size: &Size) -> anyhow::Result<()> {
    let sink = client
        .copy_in("COPY bench.sealed (n, identity, preferences, key_id, wrapped) FROM STDIN (FORMAT binary)")
        .await?;
    let writer =
        BinaryCopyInWriter::new(sink, &[Type::INT8, Type::BYTEA, Type::BYTEA, Type::TEXT, Type::BYTEA]);
    pin_mut!(writer);
    for n in 0..size.persons {
        let (key, wrapped) =
            keyring.new_person_key(id(Kind::Network, 0), id(Kind::Person, n)).context("make a key")?;
        let identity = key.seal_json(IDENTITY, &identity(n)?).context("seal a name")?;
        let preferences = key.seal_json(PREFERENCES, &Preferences::by(Channel::Phone)).context("seal")?;
        let number = i64::try_from(n)?;
        writer.as_mut().write(&[&number, &identity, &preferences, &wrapped.key_id, &wrapped.bytes]).await?;
    }
    writer.finish().await?;
    Ok(())
}

fn identity(n: u64) -> anyhow::Result<Identity> {
    let pick = |names: &[&'static str; 8], at: u64| {
        let index = usize::try_from(at % 8).unwrap_or_default();
        Line::parse(names.get(index).copied().unwrap_or("Ada")).map(Redacted::new).context("a name")
    };
    let phone = Line::parse(&format!("01632 960 {:03}", n % 1000)).context("a phone number")?;
    Ok(Identity {
        given_name: pick(&GIVEN, n)?,
        family_name: pick(&FAMILY, n / 8)?,
        birth_date: None,
        nhs_number: None,
        phone: Some(Redacted::new(phone)),
        email: None,
        address: None,
        postcode: None,
    })
}
