//! Screen 13, live: find a service, on its own or for somebody who is passed on.
use actix_web::http::StatusCode;

use super::address::Address;
use super::desk::Desk;
use super::fields::{Asked, Fields};
use super::seat::Seat;
use super::standing;
use super::stop::Page;
use super::whom::somebody;
use crate::chrome::Section;
use crate::codes::{CapacityState, Code, Need};
use crate::documents::services::{Services, services};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::services::{FindService, ServiceFilter, ServiceRow};
use crate::parts::{Chip, Choice, Empty, Errors, Pagination, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 25;
const NEAR_KM: f64 = 15.0;
const ACCESS: [(&str, &str); 4] =
    [("step-free", "Step-free"), ("free", "Free"), ("online", "Online"), ("open", "Takes referrals now")];

type Service = services::ServicesServicesEdgesNode;

/// What somebody is looking for, and what the choice is for.
struct Shown {
    text: String,
    near: String,
    need: Option<Need>,
    access: Vec<String>,
    /// `onward` or `transfer` with the referral's id.
    carried: Option<(String, String)>,
}

impl Shown {
    fn of(asked: &Fields) -> Self {
        let carried = ["onward", "transfer"]
            .into_iter()
            .find_map(|way| asked.some(way).map(|referral| (way.to_owned(), referral)));
        Self {
            text: asked.text("text").to_owned(),
            near: asked.text("near").to_owned(),
            need: asked.code("need"),
            access: asked.all("access").into_iter().map(str::to_owned).collect(),
            carried,
        }
    }

    fn wants(&self, access: &str) -> Option<bool> {
        self.access.iter().any(|known| known == access).then_some(true)
    }

    fn filter(&self) -> services::ServiceFilter {
        let outcode = outcode(&self.near);
        services::ServiceFilter {
            words: Some(self.text.clone()).filter(|text| !text.is_empty()),
            need: self.need,
            within_km: outcode.as_ref().map(|_| NEAR_KM),
            near_outcode: outcode,
            step_free: self.wants("step-free"),
            free: self.wants("free"),
            online: self.wants("online"),
            takes_requests: self.wants("open"),
            organisation_kind: None,
        }
    }

    fn address(&self) -> Address {
        let mut address = Address::to("/services");
        if let Some((way, referral)) = &self.carried {
            address = address.with(way, referral);
        }
        address
            .maybe("text", &self.text)
            .maybe("near", &self.near)
            .maybe("need", self.need.map_or("", Code::code))
            .each("access", self.access.iter().map(String::as_str))
    }

    fn chips(&self) -> Vec<Chip> {
        let copy = || Self {
            text: self.text.clone(),
            near: self.near.clone(),
            need: self.need,
            access: self.access.clone(),
            carried: self.carried.clone(),
        };
        let chip = |label: String, rest: Self| Chip { label, remove: rest.address().to_string() };
        let mut chips = Vec::new();
        if !self.text.is_empty() {
            chips.push(chip(format!("Words: {}", self.text), Self { text: String::new(), ..copy() }));
        }
        if !self.near.is_empty() {
            chips.push(chip(format!("Near {}", self.near), Self { near: String::new(), ..copy() }));
        }
        if let Some(need) = self.need {
            chips.push(chip(format!("Need: {}", need.words()), Self { need: None, ..copy() }));
        }
        chips.extend(ACCESS.iter().filter(|(code, _)| self.wants(code).is_some()).map(|(code, words)| {
            let access = self.access.iter().filter(|known| known != code).cloned().collect();
            chip((*words).to_owned(), Self { access, ..copy() })
        }));
        chips
    }

    fn form(&self) -> ServiceFilter {
        let all_needs = [Choice::new("", "Any need")].into_iter().chain(Need::choices(self.need.as_slice()));
        let access = ACCESS.map(|(code, words)| Choice::new(code, words)).to_vec();
        ServiceFilter {
            text: self.text.clone(),
            near: self.near.clone(),
            needs: all_needs.collect(),
            access: Choice::pick(access, &self.access),
            open: self.carried.is_some() && self.text.is_empty(),
            carried: self.carried.clone(),
        }
    }
}

/// The first half of what was typed: "ZZ99" of "ZZ99 3VZ". The server says whether it knows it.
fn outcode(typed: &str) -> Option<String> {
    let half = typed.split_whitespace().next()?.to_uppercase();
    Some(half)
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let seat = desk.seat(Some(Section::Services)).await?;
    let shown = Shown::of(&asked);
    let mut errors = Errors::default();
    let variables =
        |filter| services::Variables { filter: Some(filter), first: A_PAGE, after: asked.some("after") };
    let found = match desk.ask::<Services>(variables(shown.filter())).await {
        Err(Fault::BadInput(_)) if !shown.near.is_empty() => {
            errors.push("near", "Enter the first half of a postcode that we know, such as ZZ99");
            let anywhere = services::ServiceFilter { near_outcode: None, within_km: None, ..shown.filter() };
            desk.ask::<Services>(variables(anywhere)).await?
        }
        found => found?,
    };
    let list = found.services;
    let next = list.page_info.end_cursor.filter(|_| list.page_info.has_next_page);
    let for_person = for_whom(&desk, &shown).await?;
    let rows: Vec<ServiceRow> =
        list.edges.into_iter().map(|edge| row(&desk, &seat, &shown, edge.node)).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut filter = shown.form();
    filter.open = filter.open || !errors.is_empty();
    let page = FindService {
        errors,
        for_person,
        filter,
        chips: shown.chips(),
        empty: rows.is_empty().then(|| Empty {
            why: "No service matches.".to_owned(),
            href: Some(none_of(&shown).to_string()),
            action: "Search again without filters".to_owned(),
        }),
        pagination: paging(&shown, &asked, (rows.len(), list.total_count), next.as_deref()),
        rows,
        chrome: seat.chrome,
    };
    Ok(answer(status, &page))
}

fn none_of(shown: &Shown) -> Address {
    match &shown.carried {
        Some((way, referral)) => Address::to("/services").with(way, referral),
        None => Address::to("/services"),
    }
}

async fn for_whom(desk: &Desk, shown: &Shown) -> Result<Option<(String, String)>, Fault> {
    let Some((_, id)) = &shown.carried else { return Ok(None) };
    let referral = standing::load(desk, id).await?;
    let name = referral.person.map_or_else(|| somebody(referral.brief.age_band), |person| person.name);
    Ok(Some((name, format!("/referrals/{id}"))))
}

/// Room, in words: the number is only said where it is known.
pub fn room(state: CapacityState, free: Option<i64>) -> Tag {
    let tone = match state {
        CapacityState::Open => Tone::Good,
        CapacityState::Limited | CapacityState::Waitlist => Tone::Waiting,
        CapacityState::Paused | CapacityState::Closed => Tone::Over,
    };
    match (state, free) {
        (CapacityState::Open | CapacityState::Limited, Some(0)) => Tag::new("No free place", Tone::Waiting),
        (CapacityState::Open | CapacityState::Limited, Some(free)) => {
            let free = u64::try_from(free).unwrap_or(0);
            Tag::new(words::counted(free, "free place", "free places"), tone)
        }
        _ => Tag::new(state.words(), tone),
    }
}

fn row(desk: &Desk, seat: &Seat, shown: &Shown, service: Service) -> ServiceRow {
    let choose = match &shown.carried {
        Some((way, referral)) => {
            Some(Address::to(format!("/referrals/{referral}/{way}")).with("service", &service.id))
        }
        None if seat.may("referral.send") => Some(Address::to("/refer").with("service", &service.id)),
        None => None,
    };
    let distance = match service.distance_km {
        _ if service.online => "Online".to_owned(),
        Some(km) => format!("About {km:.0} km"),
        None => service.area.clone().unwrap_or_else(|| "Not known".to_owned()),
    };
    let access = match service.step_free {
        Some(true) => "Step-free",
        Some(false) => "Steps",
        None => "Not known",
    };
    ServiceRow {
        name: service.name,
        organisation: service.organisation.name,
        about: service.description.unwrap_or_default(),
        capacity: room(service.capacity.state, service.capacity.free),
        places: String::new(),
        as_of: words::short_date(words::local_day(service.capacity.as_of), desk.today()),
        unconfirmed: service.capacity.unconfirmed,
        distance,
        cost: service.cost.words().to_owned(),
        access: access.to_owned(),
        refer: choose.filter(|_| service.takes_requests).map(|address| address.to_string()),
    }
}

fn paging(shown: &Shown, asked: &Fields, (count, total): (usize, i64), next: Option<&str>) -> Pagination {
    let first = asked.text("after").is_empty();
    let services = words::counted(u64::try_from(total).unwrap_or(0), "service", "services");
    let more = if first { "" } else { " more" };
    Pagination {
        summary: format!("Showing {count}{more} of {services}"),
        previous: (!first).then(|| shown.address().to_string()),
        pages: Vec::new(),
        next: next.map(|cursor| shown.address().with("after", cursor).to_string()),
    }
}
