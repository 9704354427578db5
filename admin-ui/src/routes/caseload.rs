//! Screen 8, live: my people, or the team's. Due first, always.
use actix_web::http::StatusCode;

use super::address::Address;
use super::desk::Desk;
use super::done::say;
use super::fields::{Asked, Fields};
use super::seat::Seat;
use super::stop::Page;
use super::team::NOBODYS;
use super::{inbox, stage};
use crate::chrome::Section;
use crate::codes::{Code, InformationFormat, Need, ReferralStage, spoken};
use crate::documents::people::{Caseload as Listed, caseload};
use crate::pages::answer;
use crate::pages::caseload::{Caseload, CaseloadFilter, Giving, PersonRow};
use crate::parts::{Chip, Choice, Empty, Pagination};
use crate::words;

const A_PAGE: i64 = 25;
/// Where rows are ticked to be given away: as many as fit into one address.
const TO_GIVE: i64 = 50;
const TEAM: &str = "team";
/// The stages in which somebody is on a caseload.
const STAGES: [ReferralStage; 3] = [ReferralStage::Accepted, ReferralStage::Active, ReferralStage::OnHold];

#[derive(Clone)]
struct Shown {
    stages: Vec<ReferralStage>,
    overdue: bool,
    /// Empty: mine. Otherwise `team`, `nobody`, or a worker's id.
    whose: String,
    needs: Vec<Need>,
}

impl Shown {
    fn of(asked: &Fields) -> Self {
        Self {
            stages: asked.codes("stage"),
            overdue: asked.text("overdue") == "yes",
            whose: asked.text("whose").to_owned(),
            needs: asked.codes("need"),
        }
    }

    fn address(&self) -> Address {
        Address::to("/people")
            .maybe("whose", &self.whose)
            .each("stage", self.stages.iter().map(|stage| stage.code()))
            .maybe("overdue", if self.overdue { "yes" } else { "" })
            .each("need", self.needs.iter().map(|need| need.code()))
    }

    fn filter(&self) -> caseload::CaseloadFilter {
        let (team, nobodys) = (self.whose == TEAM, self.whose == NOBODYS);
        caseload::CaseloadFilter {
            stages: Some(self.stages.clone()).filter(|stages| !stages.is_empty()),
            overdue_only: self.overdue.then_some(true),
            worker_id: Some(self.whose.clone()).filter(|whose| !whose.is_empty() && !team && !nobodys),
            whole_team: (team || nobodys).then_some(true),
            unassigned: nobodys.then_some(true),
            needs: Some(self.needs.clone()).filter(|needs| !needs.is_empty()),
        }
    }

    fn without(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut left = self.clone();
        change(&mut left);
        left.address().to_string()
    }

    fn chips(&self, whose: Option<String>) -> Vec<Chip> {
        let stages = self.stages.iter().map(|gone| Chip {
            label: format!("Stage: {}", gone.words()),
            remove: self.without(|left| left.stages.retain(|stage| stage != gone)),
        });
        let needs = self.needs.iter().map(|gone| Chip {
            label: format!("Need: {}", gone.words()),
            remove: self.without(|left| left.needs.retain(|need| need != gone)),
        });
        let overdue = self.overdue.then(|| Chip {
            label: "Overdue only".to_owned(),
            remove: self.without(|left| left.overdue = false),
        });
        let whose = whose.map(|label| Chip { label, remove: self.without(|left| left.whose.clear()) });
        whose.into_iter().chain(stages).chain(needs).chain(overdue).collect()
    }
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(Some(Section::People)).await?;
    say(&desk, &mut seat, &asked, "/people");
    let shown = Shown::of(&asked);
    let members = inbox::members_of(&desk, &seat).await?;
    let whose = whose(&members, &seat, &shown.whose);
    let gives = !whose.is_empty() && seat.may("referral.reassign");
    let variables = caseload::Variables {
        filter: Some(shown.filter()),
        first: if gives { TO_GIVE } else { A_PAGE },
        after: asked.some("after"),
    };
    let list = desk.ask::<Listed>(variables).await?.caseload;
    let next = list.page_info.end_cursor.filter(|_| list.page_info.has_next_page);
    let all = asked.text("ticked") == "all";
    let rows: Vec<PersonRow> = list.edges.into_iter().map(|edge| row(&desk, &seat, edge.node, all)).collect();
    let picked = whose.iter().find(|choice| choice.chosen && !choice.value.is_empty());
    let picked = picked.map(|choice| choice.label.clone());
    let filtered = picked.is_some() || !shown.stages.is_empty() || shown.overdue || !shown.needs.is_empty();
    let here = shown.address().maybe("after", asked.text("after"));
    let page = Caseload {
        heading: picked.as_ref().map_or_else(|| "My people".to_owned(), |label| format!("People: {label}")),
        chips: shown.chips(picked),
        filter: CaseloadFilter {
            text: None,
            whose,
            stages: STAGES.iter().map(|s| s.choice().chosen(shown.stages.contains(s))).collect(),
            needs: if gives { Need::choices(&shown.needs) } else { Vec::new() },
            overdue_only: shown.overdue,
            open: false,
        },
        empty: rows.is_empty().then(|| nobody(filtered)),
        pagination: paging(&shown, &asked, (rows.len(), list.total_count), next.as_deref()),
        giving: gives.then(|| Giving {
            team: seat.may("caseload.by_worker").then(|| "/team".to_owned()),
            tick_all: here.clone().with("ticked", "all").to_string(),
            from: here.to_string(),
        }),
        rows,
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// Whose people there are to choose from; a worker with a caseload of their own has no choice.
fn whose(members: &[Choice], seat: &Seat, picked: &str) -> Vec<Choice> {
    let others: Vec<&Choice> = members.iter().filter(|member| member.value != seat.user_id).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let usual =
        [Choice::new("", "Mine"), Choice::new(TEAM, "Whole team"), Choice::new(NOBODYS, "Nobody yet")];
    let mut all: Vec<Choice> = usual.into_iter().chain(others.into_iter().cloned()).collect();
    if picked.starts_with("usr_") && all.iter().all(|choice| choice.value != picked) {
        all.push(Choice::new(picked, "Somebody who has left"));
    }
    Choice::pick(all, &[picked.to_owned()])
}

fn row(desk: &Desk, seat: &Seat, row: caseload::CaseloadCaseloadEdgesNode, all: bool) -> PersonRow {
    let today = desk.today();
    let way = row.reach_by.words();
    let reach = match row.format {
        InformationFormat::Standard => way.to_owned(),
        format => format!("{way}, {}", format.words()),
    };
    PersonRow {
        id: row.referral_id.clone(),
        ticked: all,
        needs: spoken(&row.needs),
        weight: row.weight,
        href: format!("/people/{}", row.person_id),
        name: row.person_name,
        reference: row.reference,
        next_step: row.next_step.map(|step| step.words().to_owned()),
        due: Some(words::due(words::local_day(row.due_at), today)),
        late: row.overdue,
        stage: stage::tag(row.stage),
        last_contact: row.latest_contact_at.map(|at| words::ago(words::local_day(at), today)),
        reach,
        log_contact: seat
            .may("contact.log")
            .then(|| format!("/referrals/{}/contact?then=/people", row.referral_id)),
    }
}

fn nobody(filtered: bool) -> Empty {
    let (why, href, action) = if filtered {
        ("Nobody matches these filters.", "/people", "Show all my people")
    } else {
        ("You have no people yet.", "/referrals", "Look at new referrals")
    };
    Empty { why: why.to_owned(), href: Some(href.to_owned()), action: action.to_owned() }
}

fn paging(shown: &Shown, asked: &Fields, (count, total): (usize, i64), next: Option<&str>) -> Pagination {
    let first = asked.text("after").is_empty();
    let people = words::counted(u64::try_from(total).unwrap_or(0), "person", "people");
    let more = if first { "" } else { " more" };
    Pagination {
        summary: format!("Showing {count}{more} of {people}"),
        previous: (!first).then(|| shown.address().to_string()),
        pages: Vec::new(),
        next: next.map(|cursor| shown.address().with("after", cursor).to_string()),
    }
}
