//! Finding people the asker may see, by number or name. An empty answer reads the same whether nobody exists or nobody may be
//! seen.
use super::desk::Desk;
use crate::documents::people::{People, people};
use crate::executor::Fault;
use crate::pages::refer::Match;
use crate::parts::When;
use crate::words;

const MOST: i64 = 10;

pub type Found = people::PeoplePeopleEdgesNode;

pub async fn search(desk: &Desk, text: &str) -> Result<Vec<Found>, Fault> {
    let variables = people::Variables { search: text.to_owned(), first: MOST };
    let found = match desk.ask::<People>(variables).await {
        // Too short to search for is nobody found, not a fault of the visitor's.
        Err(Fault::BadInput(_)) => return Ok(Vec::new()),
        found => found?.people,
    };
    Ok(found.edges.into_iter().map(|edge| edge.node).collect())
}

pub async fn named(desk: &Desk, text: &str) -> Result<Vec<Match>, Fault> {
    Ok(search(desk, text).await?.into_iter().map(matched).collect())
}

fn matched(person: Found) -> Match {
    let unknown = || When { iso: String::new(), words: "not known here".to_owned() };
    let open = u64::try_from(person.open_referrals).unwrap_or(0);
    let state = match open {
        0 => "No open referral".to_owned(),
        open => words::counted(open, "open referral", "open referrals"),
    };
    Match {
        id: person.id,
        name: person.name,
        born: person.birth_date.map_or_else(unknown, words::date),
        postcode: person.postcode.unwrap_or_else(|| "no postcode".to_owned()),
        state,
    }
}
