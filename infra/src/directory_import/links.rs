//! The rows that belong to a service: places, phones, hours, rules. Each is merged into the services it
//! belongs to, or refused. A field that names several parents ("28501,28496") means each of them.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Fate, Reason};
use super::package::{Package, Row};
use super::plan::{ORGANISATIONS, Plan, SERVICES, Seen, named, prose};

const PLACES: &str = "locations.csv";
const AT_PLACES: &str = "service_at_location.csv";
const PHONES: &str = "phones.csv";
const HOURS: &str = "schedules.csv";
const ELIGIBILITY: &str = "eligibilities.csv";

/// What a place's own row says besides its name.
struct PlaceFacts {
    organisation: Option<String>,
}

/// What is known of places and of who is at them.
#[derive(Default)]
struct Links {
    places: BTreeMap<String, Option<PlaceFacts>>,
    services_at: BTreeMap<String, BTreeSet<String>>,
    /// Places whose services were named, and not taken.
    refused_at: BTreeSet<String>,
    by_link_id: BTreeMap<String, (BTreeSet<String>, String)>,
}

/// Where the content of a row goes.
struct Parents {
    services: BTreeSet<String>,
    place: Option<String>,
}

type Merge = fn(&mut Plan, &Row, &Parents) -> Result<Option<String>, Reason>;

pub(super) fn merge_children(plan: &mut Plan, package: &Package) {
    let mut links = Links::default();
    links.note_places(package);
    let at_places: Vec<Fate> = links.note_services_at(plan, package);
    let rows = package.rows(AT_PLACES);
    for (row, fate) in rows.iter().zip(at_places) {
        plan.ledger.note(AT_PLACES, row, fate);
    }
    places(plan, package, &links);
    children(plan, package, &links, (PHONES, phone));
    children(plan, package, &links, (HOURS, hours));
    children(plan, package, &links, (ELIGIBILITY, eligibility));
    let understood = [ORGANISATIONS, SERVICES, PLACES, AT_PLACES, PHONES, HOURS, ELIGIBILITY];
    for (file, rows) in package.files().filter(|(file, _)| !understood.contains(file)) {
        for row in rows {
            plan.ledger.note(file, row, Fate::Refused(Reason::NotSupported));
        }
    }
}

impl Links {
    fn note_places(&mut self, package: &Package) {
        let mut seen = Seen::default();
        for row in package.rows(PLACES) {
            match named(row, &mut seen) {
                Ok((id, _)) => {
                    let organisation = row.cell("organization_id").map(str::to_owned);
                    self.places.insert(id, Some(PlaceFacts { organisation }));
                }
                Err(_) => {
                    if let Some(id) = row.cell("id") {
                        self.places.entry(id.to_owned()).or_insert(None);
                    }
                }
            }
        }
    }

    fn note_services_at(&mut self, plan: &Plan, package: &Package) -> Vec<Fate> {
        let mut seen = Seen::default();
        let mut fates = Vec::new();
        for row in package.rows(AT_PLACES) {
            fates.push(self.service_at(plan, row, &mut seen).unwrap_or_else(Fate::Refused));
        }
        fates
    }

    fn service_at(&mut self, plan: &Plan, row: &Row, seen: &mut Seen) -> Result<Fate, Reason> {
        checked(row, seen)?;
        let place = row.cell("location_id").ok_or(Reason::MissingParent)?;
        let named = row.cell("service_id").ok_or(Reason::MissingParent)?;
        let services = named_services(plan, named).inspect_err(|_| {
            self.refused_at.insert(place.to_owned());
        })?;
        match self.places.get(place) {
            Some(Some(_)) => {}
            Some(None) => return Err(Reason::ParentRefused),
            None => return Err(Reason::DanglingParent),
        }
        self.services_at.entry(place.to_owned()).or_default().extend(services.iter().cloned());
        if let Some(id) = row.cell("id") {
            self.by_link_id.insert(id.to_owned(), (services.clone(), place.to_owned()));
        }
        Ok(Fate::Into { services, organisation: None })
    }

    /// The services a child row belongs to, by whichever of its parents it names.
    fn parents(&self, plan: &Plan, row: &Row) -> Result<Parents, Reason> {
        if let Some(services) = row.cell("service_id") {
            let place = row.cell("location_id").map(str::to_owned);
            return Ok(Parents { services: named_services(plan, services)?, place });
        }
        if let Some(link) = row.cell("service_at_location_id") {
            let (services, place) = self.by_link_id.get(link).ok_or(Reason::DanglingParent)?;
            return Ok(Parents { services: services.clone(), place: Some(place.clone()) });
        }
        if let Some(place) = row.cell("location_id") {
            self.places.get(place).ok_or(Reason::DanglingParent)?;
            let services = self.services_at.get(place).cloned().unwrap_or_default();
            return Ok(Parents { services, place: Some(place.to_owned()) });
        }
        match row.cell("organization_id") {
            Some(_) => Ok(Parents { services: BTreeSet::new(), place: None }),
            None => Err(Reason::MissingParent),
        }
    }

    /// Why nothing can be merged into the services of a place that has none.
    fn no_service(&self, place: Option<&str>) -> Reason {
        let refused = place.is_some_and(|place| self.refused_at.contains(place));
        if refused { Reason::ParentRefused } else { Reason::NoService }
    }

    /// The planned organisation a row names, itself or by its place.
    fn organisation(&self, plan: &Plan, row: &Row) -> Option<String> {
        let by_place = || {
            let place = self.places.get(row.cell("location_id")?)?.as_ref()?;
            place.organisation.as_deref()
        };
        let id = row.cell("organization_id").or_else(by_place)?;
        plan.organisation_of.get(id).cloned().flatten()
    }
}

fn checked(row: &Row, seen: &mut Seen) -> Result<(), Reason> {
    if row.cells.is_none() {
        return Err(Reason::Malformed);
    }
    if seen.repeated(row) { Err(Reason::RepeatedRow) } else { Ok(()) }
}

/// The planned services among those named. Refused only when none of them is planned.
fn named_services(plan: &Plan, list: &str) -> Result<BTreeSet<String>, Reason> {
    let ids = || list.split(',').map(str::trim).filter(|id| !id.is_empty());
    let planned: BTreeSet<String> =
        ids().filter(|id| matches!(plan.service_index.get(*id), Some(Some(_)))).map(str::to_owned).collect();
    if !planned.is_empty() {
        return Ok(planned);
    }
    let known = ids().any(|id| plan.service_index.contains_key(id));
    Err(if known { Reason::ParentRefused } else { Reason::DanglingParent })
}

fn places(plan: &mut Plan, package: &Package, links: &Links) {
    let mut seen = Seen::default();
    for row in package.rows(PLACES) {
        let fate = place(plan, row, links, &mut seen).unwrap_or_else(Fate::Refused);
        plan.ledger.note(PLACES, row, fate);
    }
}

fn place(plan: &mut Plan, row: &Row, links: &Links, seen: &mut Seen) -> Result<Fate, Reason> {
    let (id, name) = named(row, seen)?;
    let services = links.services_at.get(&id).cloned().unwrap_or_default();
    if services.is_empty() {
        let parent = row.cell("organization_id").map(|id| plan.organisation_of.get(id));
        return Err(match (links.no_service(Some(&id)), parent) {
            (Reason::NoService, Some(None)) => Reason::DanglingParent,
            (Reason::NoService, Some(Some(None))) => Reason::ParentRefused,
            (reason, _) => reason,
        });
    }
    for service in &services {
        with_text(plan, service, |text| text.at_place(&id, |place| place.name = Some(name.clone())));
    }
    Ok(Fate::Into { services, organisation: None })
}

fn children(plan: &mut Plan, package: &Package, links: &Links, (file, merge): (&str, Merge)) {
    let mut seen = Seen::default();
    for row in package.rows(file) {
        let fate = child(plan, row, links, (&mut seen, merge)).unwrap_or_else(Fate::Refused);
        plan.ledger.note(file, row, fate);
    }
}

fn child(
    plan: &mut Plan,
    row: &Row,
    links: &Links,
    (seen, merge): (&mut Seen, Merge),
) -> Result<Fate, Reason> {
    checked(row, seen)?;
    let parents = links.parents(plan, row)?;
    let value = merge(plan, row, &parents)?;
    let organisation = value.and_then(|phone| {
        let own = links.organisation(plan, row);
        let of_service = || parents.services.iter().find_map(|id| organisation_of(plan, id));
        help_phone(plan, own.or_else(of_service)?, phone)
    });
    if parents.services.is_empty() && organisation.is_none() {
        return Err(links.no_service(parents.place.as_deref()));
    }
    Ok(Fate::Into { services: parents.services, organisation })
}

fn organisation_of(plan: &Plan, service: &str) -> Option<String> {
    let at = plan.service_index.get(service).copied().flatten()?;
    plan.services.get(at).map(|service| service.organisation.clone())
}

/// The first number becomes the organisation's own.
fn help_phone(plan: &mut Plan, organisation: String, phone: String) -> Option<String> {
    let planned = plan.organisations.iter_mut().find(|known| known.source_id == organisation)?;
    if planned.help_phone.is_some() {
        return None;
    }
    planned.help_phone = Some(phone);
    Some(organisation)
}

fn with_text(plan: &mut Plan, service: &str, change: impl FnOnce(&mut super::service_text::ServiceText)) {
    let at = plan.service_index.get(service).copied().flatten();
    if let Some(service) = at.and_then(|at| plan.services.get_mut(at)) {
        change(&mut service.text);
    }
}

/// Returns the number, which may also become the organisation's.
fn phone(plan: &mut Plan, row: &Row, to: &Parents) -> Result<Option<String>, Reason> {
    let number = prose(row, "number")?.ok_or(Reason::MissingValue)?;
    let extension = prose(row, "extension")?.map(|digits| format!(" ext. {digits}")).unwrap_or_default();
    let written = format!("{number}{extension}");
    for service in &to.services {
        with_text(plan, service, |text| match &to.place {
            Some(place) => text.at_place(place, |place| place.phones.push(written.clone())),
            None => text.phones.push(written.clone()),
        });
    }
    Ok(Some(written))
}

fn hours(plan: &mut Plan, row: &Row, to: &Parents) -> Result<Option<String>, Reason> {
    let part = |column| prose(row, column)?.ok_or(Reason::MissingValue);
    let written = format!("{} {} to {}", part("weekday")?, part("opens_at")?, part("closes_at")?);
    for service in &to.services {
        with_text(plan, service, |text| match &to.place {
            Some(place) => text.at_place(place, |place| place.hours.push(written.clone())),
            None => text.hours.push(written.clone()),
        });
    }
    Ok(None)
}

fn eligibility(plan: &mut Plan, row: &Row, to: &Parents) -> Result<Option<String>, Reason> {
    let rule = prose(row, "eligibility")?.ok_or(Reason::MissingValue)?;
    for service in &to.services {
        with_text(plan, service, |text| text.eligibility.push(rule.clone()));
    }
    Ok(None)
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;
