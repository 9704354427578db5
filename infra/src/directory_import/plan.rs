//! What to add for a package: organisations, their services, and the fate of every row.
//! Parents come first, so that a child can be refused for its parent's sake.

use std::collections::{BTreeMap, BTreeSet};

use trellis_domain::directory::{Cost, ServiceStatus};
use trellis_domain::kernel::{Line, Prose};

use super::ledger::{Fate, Ledger, Reason};
use super::links::merge_children;
use super::package::{Package, Row};
use super::service_text::ServiceText;

/// The source of every entry that comes from such a package.
pub const SOURCE: &str = "hsds-1.1";

pub(super) const ORGANISATIONS: &str = "organizations.csv";
pub(super) const SERVICES: &str = "services.csv";

#[derive(Debug, Clone)]
pub struct PlannedOrganisation {
    pub source_id: String,
    pub name: String,
    /// The first phone number that any of its rows gives.
    pub help_phone: Option<String>,
}

#[derive(Debug, Clone)]
pub struct PlannedService {
    pub source_id: String,
    /// The source id of its organisation, which is in the plan.
    pub organisation: String,
    pub name: String,
    pub status: ServiceStatus,
    pub cost: Cost,
    pub(super) text: ServiceText,
}

impl PlannedService {
    pub fn description(&self) -> Option<String> {
        self.text.written()
    }
}

#[derive(Debug, Default)]
pub struct Plan {
    pub organisations: Vec<PlannedOrganisation>,
    pub services: Vec<PlannedService>,
    pub ledger: Ledger,
    /// Every id of an organisation in the package, and the planned one it stands for.
    pub(super) organisation_of: BTreeMap<String, Option<String>>,
    pub(super) service_index: BTreeMap<String, Option<usize>>,
}

impl Plan {
    pub fn of(package: &Package) -> Self {
        let mut plan = Self::default();
        plan.ledger.files = package.files().map(|(name, _)| name.to_owned()).collect();
        let mut seen = Seen::default();
        for row in package.rows(ORGANISATIONS) {
            let fate = plan.organisation(row, &mut seen);
            plan.ledger.note(ORGANISATIONS, row, fate);
        }
        let mut seen = Seen::default();
        for row in package.rows(SERVICES) {
            let fate = plan.service(row, &mut seen);
            plan.ledger.note(SERVICES, row, fate);
        }
        merge_children(&mut plan, package);
        plan
    }

    fn organisation(&mut self, row: &Row, seen: &mut Seen) -> Fate {
        let (id, name) = match named(row, seen) {
            Ok(named) => named,
            Err(reason) => return self.no_organisation(row, reason),
        };
        // One organisation under two ids is one organisation here.
        if let Some(same) = self.organisations.iter().find(|known| known.name == name) {
            let into = same.source_id.clone();
            self.organisation_of.insert(id, Some(into.clone()));
            return Fate::Into { services: BTreeSet::new(), organisation: Some(into) };
        }
        self.organisation_of.insert(id.clone(), Some(id.clone()));
        self.organisations.push(PlannedOrganisation { source_id: id.clone(), name, help_phone: None });
        Fate::Organisation(id)
    }

    fn no_organisation(&mut self, row: &Row, reason: Reason) -> Fate {
        if let Some(id) = row.cell("id") {
            self.organisation_of.entry(id.to_owned()).or_insert(None);
        }
        Fate::Refused(reason)
    }

    fn service(&mut self, row: &Row, seen: &mut Seen) -> Fate {
        match self.planned_service(row, seen) {
            Ok(service) => {
                let id = service.source_id.clone();
                self.service_index.insert(id.clone(), Some(self.services.len()));
                self.services.push(service);
                Fate::Service(id)
            }
            Err(reason) => {
                if let Some(id) = row.cell("id") {
                    self.service_index.entry(id.to_owned()).or_insert(None);
                }
                Fate::Refused(reason)
            }
        }
    }

    fn planned_service(&self, row: &Row, seen: &mut Seen) -> Result<PlannedService, Reason> {
        let (source_id, name) = named(row, seen)?;
        let parent = row.cell("organization_id").ok_or(Reason::MissingParent)?;
        let organisation = match self.organisation_of.get(parent) {
            Some(Some(planned)) => planned.clone(),
            Some(None) => return Err(Reason::ParentRefused),
            None => return Err(Reason::DanglingParent),
        };
        // The standard asks for a status; published packages often have none, and mean a running service.
        let status = row.cell("status").map_or(Ok(ServiceStatus::Active), |code| {
            ServiceStatus::from_code(&code.to_lowercase()).ok_or(Reason::UnknownStatus)
        })?;
        let text = ServiceText {
            description: prose(row, "description")?,
            how_to_apply: prose(row, "application_process")?,
            fees: prose(row, "fees")?,
            url: prose(row, "url")?,
            ..ServiceText::default()
        };
        let cost = cost(row.cell("fees"));
        Ok(PlannedService { source_id, organisation, name, status, cost, text })
    }
}

/// Ids and whole rows that an earlier line of the same file had.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: BTreeSet<String>,
    rows: BTreeSet<Vec<(String, String)>>,
}

impl Seen {
    pub(super) fn repeated(&mut self, row: &Row) -> bool {
        let cells = row.cells.iter().flatten().map(|(name, cell)| (name.clone(), cell.clone()));
        !self.rows.insert(cells.collect())
    }

    pub(super) fn id_taken(&mut self, id: &str) -> bool {
        !self.ids.insert(id.to_owned())
    }
}

/// A row that has an id of its own and a name, neither seen before.
pub(super) fn named(row: &Row, seen: &mut Seen) -> Result<(String, String), Reason> {
    if row.cells.is_none() {
        return Err(Reason::Malformed);
    }
    if seen.repeated(row) {
        return Err(Reason::RepeatedRow);
    }
    let id = row.cell("id").ok_or(Reason::MissingId)?;
    let id = Line::parse(id).map_err(|_| Reason::BadValue)?;
    if seen.id_taken(id.as_str()) {
        return Err(Reason::DuplicateId);
    }
    let name = row.cell("name").ok_or(Reason::MissingName)?;
    let name = Line::parse(name).map_err(|_| Reason::BadValue)?;
    Ok((id.into(), name.into()))
}

pub(super) fn prose(row: &Row, column: &str) -> Result<Option<String>, Reason> {
    let text = Prose::parse_optional(row.cell(column)).map_err(|_| Reason::BadValue)?;
    Ok(text.map(String::from))
}

/// Only what the words plainly say; anything else is not known.
fn cost(fees: Option<&str>) -> Cost {
    let fees = fees.unwrap_or_default().to_lowercase();
    if fees.starts_with("free") {
        Cost::Free
    } else if fees.starts_with("sliding scale") {
        Cost::Small
    } else if fees.starts_with("flat fee") {
        Cost::Paid
    } else {
        Cost::Unknown
    }
}
