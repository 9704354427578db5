//! Nothing personal is in clear: not in a table, not in an index, not in the log of changes.

use std::process::Command;

use trellis_domain::consent::HowGiven;
use trellis_domain::contact::{ContactResult, LogContact, log};
use trellis_domain::kernel::{EmailAddress, Line, NhsNumber, PersonId, Postcode, Prose, Redacted};
use trellis_domain::person::{Channel, Identity, Preferences, Register};
use trellis_domain::plan::{ActionBy, ActionKind, SavePlan, Wanted, WantedAction, WantedGoal, save};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::{FeedbackChoice, Need, Risk, Route, Target};
use trellis_tests::world::World;

use crate::store_story::{accept_as, explained};

/// Words that occur nowhere else. Each stands in one personal field.
pub const CANARIES: &[&str] = &[
    "Quillfeather",
    "Osmundsey",
    "9990548609",
    "01632960977",
    "quillfeather.osmundsey@example.org",
    "Larkspindle Cottage",
    "LA9 4PU",
    "1959-05-04",
    "zeppelin dancing",
    "marmalade quarrel",
    "after the velvet hour",
    "sapphire allotment",
    "thimble orchestra",
    "lantern companion",
];

fn identity() -> anyhow::Result<Identity> {
    Ok(Identity {
        given_name: Redacted::new(Line::parse("Quillfeather")?),
        family_name: Redacted::new(Line::parse("Osmundsey")?),
        birth_date: Some(Redacted::new("1959-05-04".parse()?)),
        nhs_number: Some(NhsNumber::parse("9990548609")?),
        phone: Some(Redacted::new(Line::parse("01632960977")?)),
        email: Some(EmailAddress::parse("quillfeather.osmundsey@example.org")?),
        address: Some(Redacted::new(Line::parse("Larkspindle Cottage")?)),
        postcode: Some(Postcode::parse("LA9 4PU")?),
    })
}

fn plan(person: PersonId) -> anyhow::Result<SavePlan> {
    let action = WantedAction {
        id: None,
        kind: ActionKind::Buddy,
        words: Line::parse("thimble orchestra")?,
        by: ActionBy::Supporter,
        by_name: Some(Line::parse("lantern companion")?),
        due_on: None,
        done_on: None,
    };
    let goal = WantedGoal {
        id: None,
        words: Prose::parse("sapphire allotment")?,
        ratings: Vec::new(),
        actions: vec![action],
    };
    let wanted = Wanted { matters: Some(Prose::parse("zeppelin dancing")?), goals: vec![goal] };
    Ok(SavePlan { person, version: 0, wanted })
}

#[tokio::test]
async fn no_canary_is_found_in_the_files_of_the_database() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let preferences = Preferences {
        safe_times: Some(Line::parse("after the velvet hour")?),
        ..Preferences::by(Channel::Phone)
    };
    let cmd = Refer {
        whom: Whom::New(Box::new(Register {
            identity: identity()?,
            preferences,
            not_the_same_as: Vec::new(),
        })),
        service: region.link_service,
        route: Route::Professional,
        needs: vec![Need::Loneliness],
        access_needs: vec![],
        risk: Risk::NoneKnown,
        feedback: FeedbackChoice::All,
        note: Some(Prose::parse("zeppelin dancing")?),
        again: None,
        agreed: Some((HowGiven::Spoken, explained())),
    };
    let sent = world.store.write(&world.op(&region.referrer), move |tx, op| refer(tx, op, cmd)).await?;
    let accepted = accept_as(&world, &region.team_lead, &sent).await?;
    let contact = LogContact {
        target: Target { referral: accepted.id, version: None },
        channel: Channel::Phone,
        result: ContactResult::Spoke,
        minutes: 5,
        note: Some(Prose::parse("marmalade quarrel")?),
        next: None,
    };
    world.store.write(&world.op(&region.link_worker), move |tx, op| log(tx, op, contact)).await?;

    let plan = plan(accepted.person)?;
    world.store.write(&world.op(&region.link_worker), move |tx, op| save(tx, op, plan)).await?;

    let owner = world.database.connect_as_owner().await?;
    owner.batch_execute("CHECKPOINT").await?;
    let data: String = owner.query_one("SHOW data_directory", &[]).await?.get(0);
    let database: String = owner
        .query_one("SELECT oid::text FROM pg_database WHERE datname = current_database()", &[])
        .await?
        .get(0);
    let folders = [format!("{data}/base/{database}"), format!("{data}/pg_wal")];
    // The control: what is meant to be in clear is found, so the search itself works.
    assert!(is_found("Mill Street Surgery", &folders)?, "the search finds nothing at all");
    for canary in CANARIES {
        assert!(!is_found(canary, &folders)?, "{canary} is in clear in the database's files");
    }
    Ok(())
}

/// Upper and lower case alike, in every file of the folders.
pub fn is_found(needle: &str, folders: &[String]) -> anyhow::Result<bool> {
    let searched = Command::new("grep").args(["-rqaiF", "-e", needle]).args(folders).status()?;
    match searched.code() {
        Some(0) => Ok(true),
        // 2 with nothing found: a file was recycled while we looked; what is gone holds nothing.
        Some(1 | 2) => Ok(false),
        other => anyhow::bail!("the search ended with {other:?}"),
    }
}
