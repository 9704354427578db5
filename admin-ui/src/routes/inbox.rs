//! Screen 6, live: referrals sent to us and by us, and giving several to a worker at once.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::Address;
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Fields};
use super::seat::Seat;
use super::stop::Page;
use super::whom::somebody;
use super::{assign, stage};
use crate::chrome::Section;
use crate::codes::{Code, ReferralSide, ReferralStage, Role, spoken};
use crate::documents::inbox::{Inbox as Listed, Members, inbox, members};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::inbox::{Inbox, InboxFilter, InboxRow};
use crate::parts::{Chip, Choice, Empty, Pagination, Tab};
use crate::words;

const A_PAGE: i64 = 25;

type Row = inbox::InboxReferralsEdgesNode;

/// What the list shows, from the address.
struct Shown {
    side: ReferralSide,
    stages: Vec<ReferralStage>,
    unassigned: bool,
    reference: String,
}

impl Shown {
    /// Without a choice: what is sent to us, where we answer; otherwise what we sent.
    fn of(asked: &Fields, seat: &Seat) -> Self {
        let usual = if seat.may("referral.accept") { ReferralSide::Received } else { ReferralSide::SentByUs };
        Self {
            side: asked.code("side").unwrap_or(usual),
            stages: asked.codes("state"),
            unassigned: asked.text("owner") == "nobody",
            reference: asked.text("text").to_owned(),
        }
    }

    fn address(&self) -> Address {
        Address::to("/referrals")
            .with("side", self.side.code())
            .each("state", self.stages.iter().map(|stage| stage.code()))
            .maybe("owner", if self.unassigned { "nobody" } else { "" })
            .maybe("text", &self.reference)
    }

    fn chips(&self) -> Vec<Chip> {
        let without = |stages: Vec<ReferralStage>, unassigned: bool, reference: &str| {
            Self { side: self.side, stages, unassigned, reference: reference.to_owned() }
                .address()
                .to_string()
        };
        let stages = self.stages.iter().map(|gone| {
            let left = self.stages.iter().copied().filter(|stage| stage != gone).collect();
            let remove = without(left, self.unassigned, &self.reference);
            Chip { label: format!("State: {}", gone.words()), remove }
        });
        let nobody = self.unassigned.then(|| Chip {
            label: "Given to: nobody yet".to_owned(),
            remove: without(self.stages.clone(), false, &self.reference),
        });
        let reference = (!self.reference.is_empty()).then(|| Chip {
            label: format!("Reference: {}", self.reference),
            remove: without(self.stages.clone(), self.unassigned, ""),
        });
        stages.chain(nobody).chain(reference).collect()
    }

    fn filter(&self) -> InboxFilter {
        InboxFilter {
            side: self.side.code().to_owned(),
            text: Some(self.reference.clone()),
            states: ReferralStage::choices(&self.stages),
            owners: vec![
                Choice::new("", "Anybody or nobody"),
                Choice::new("nobody", "Nobody yet").chosen(self.unassigned),
            ],
            open: false,
        }
    }
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(Some(Section::Referrals)).await?;
    let gives = !members_of(&desk, &seat).await?.is_empty();
    seat.chrome.notice = done_words(asked.text("done"));
    Ok(draw(&desk, seat, gives, &asked).await?)
}

/// Who can be given a referral, where this membership may give one.
pub async fn members_of(desk: &Desk, seat: &Seat) -> Result<Vec<Choice>, Fault> {
    if !seat.may("referral.allocate") || !seat.may("member.view") {
        return Ok(Vec::new());
    }
    let works = |roles: &[Role]| {
        roles.iter().any(|role| matches!(role, Role::LinkWorker | Role::TeamLead | Role::ProviderWorker))
    };
    let all = desk.ask::<Members>(members::Variables).await?.members;
    let workers = all.into_iter().filter(|member| works(&member.roles));
    Ok(workers.map(|member| Choice::new(member.user_id, member.name)).collect())
}

async fn draw(desk: &Desk, seat: Seat, gives: bool, asked: &Fields) -> Result<HttpResponse, Fault> {
    let shown = Shown::of(asked, &seat);
    let filter = inbox::ReferralFilter {
        side: shown.side,
        stages: Some(shown.stages.clone()).filter(|stages| !stages.is_empty()),
        unassigned: shown.unassigned.then_some(true),
        reference: Some(shown.reference.clone()).filter(|text| !text.is_empty()),
        ids: None,
    };
    let variables = inbox::Variables { filter, first: A_PAGE, after: asked.some("after") };
    let list = desk.ask::<Listed>(variables).await?.referrals;
    let count = list.edges.len();
    let next = list.page_info.end_cursor.filter(|_| list.page_info.has_next_page);
    let all = asked.text("ticked") == "all";
    let rows: Vec<InboxRow> =
        list.edges.into_iter().map(|edge| row(desk, shown.side, edge.node, all)).collect();
    let may_assign = gives && rows.iter().any(|row| !row.id.is_empty());
    let page = Inbox {
        sides: sides(&shown, &seat),
        filter: shown.filter(),
        chips: shown.chips(),
        empty: rows.is_empty().then(|| nothing(&shown)),
        rows,
        may_assign,
        tick_all: shown.address().maybe("after", asked.text("after")).with("ticked", "all").to_string(),
        from: shown.address().maybe("after", asked.text("after")).to_string(),
        pagination: paging(&shown, asked, (count, list.total_count), next.as_deref()),
        can_refer: seat.may("referral.send"),
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn sides(shown: &Shown, seat: &Seat) -> Vec<Tab> {
    if !seat.may("referral.accept") || !seat.may("referral.send") {
        return Vec::new();
    }
    let tab = |side: ReferralSide| Tab {
        label: side.words().to_owned(),
        href: Address::to("/referrals").with("side", side.code()).to_string(),
        current: side == shown.side,
    };
    ReferralSide::ALL.iter().copied().map(tab).collect()
}

fn row(desk: &Desk, side: ReferralSide, row: Row, all: bool) -> InboxRow {
    let today = desk.today();
    let given = assign::can_be_given(row.stage) && side == ReferralSide::Received;
    InboxRow {
        ticked: all && given,
        id: if given { row.id.clone() } else { String::new() },
        href: format!("/referrals/{}", row.id),
        who: row.person_name.unwrap_or_else(|| somebody(row.age_band)),
        reference: row.reference,
        needs: spoken(&row.needs),
        from: if side == ReferralSide::Received {
            row.from_name
        } else {
            format!("{}, {}", row.service_name, row.to_name)
        },
        waiting: words::ago(words::local_day(row.sent_at.unwrap_or(row.drafted_at)), today),
        late: row.overdue,
        risk: stage::risk(row.risk),
        owner: row.worker_name,
        state: stage::tag(row.stage),
    }
}

fn nothing(shown: &Shown) -> Empty {
    let filtered = !shown.stages.is_empty() || shown.unassigned || !shown.reference.is_empty();
    let all = Address::to("/referrals").with("side", shown.side.code()).to_string();
    let (why, href, action) = match (filtered, shown.side) {
        (true, _) => ("No referral matches these filters.", all, "Show all referrals"),
        (false, ReferralSide::Received) => {
            ("Nobody has sent you a referral yet.", "/services".to_owned(), "Look at the services")
        }
        (false, ReferralSide::SentByUs) => {
            ("You have not sent a referral yet.", "/refer".to_owned(), "Refer someone")
        }
    };
    Empty { why: why.to_owned(), href: Some(href), action: action.to_owned() }
}

fn paging(shown: &Shown, asked: &Fields, (count, total): (usize, i64), next: Option<&str>) -> Pagination {
    let total = u64::try_from(total).unwrap_or(0);
    let on_page = u64::try_from(count).unwrap_or(0);
    let first = asked.text("after").is_empty();
    let summary = if first {
        format!("Showing {on_page} of {}", words::counted(total, "referral", "referrals"))
    } else {
        format!("Showing {on_page} more of {}", words::counted(total, "referral", "referrals"))
    };
    Pagination {
        summary,
        previous: (!first).then(|| shown.address().to_string()),
        pages: Vec::new(),
        next: next.map(|cursor| shown.address().with("after", cursor).to_string()),
    }
}
