//! `trellis import directory`: carries out the plan of a package through the use cases that everybody calls,
//! as a job of the network. What a package means is `infra`'s business, what may be published is the domain's.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use trellis_domain::directory::publish::{ServiceError, publish};
use trellis_domain::directory::{Capacity, CapacityState, IntakeRules, Service, Targets};
use trellis_domain::kernel::{Clock, IdSource, NetworkId, OpContext, OrganisationId, StoreError};
use trellis_domain::tenancy::{Network, Organisation, OrganisationError, OrganisationKind, add_organisation};
use trellis_infra::directory_import::{
    AlreadyThere, Package, PackageError, Plan, PlannedOrganisation, PlannedService, Report, SOURCE,
};
use trellis_infra::pg::PgStore;
use trellis_infra::pg::platform::PlatformStore;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Package(#[from] PackageError),
    #[error("there is no network {slug}; add --create-network \"Its name\" to make it")]
    NoNetwork { slug: String },
    #[error("a network's short name has small letters, digits and single dashes, such as north-vale")]
    BadSlug,
    #[error("{zone} is not a time zone such as America/Chicago")]
    BadZone { zone: String },
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A network to be made if there is none of its short name.
#[derive(Debug, Clone)]
pub struct NewNetwork {
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    pub jurisdiction: String,
}

pub struct ImportParts<'a> {
    pub store: &'a PgStore,
    pub platform: &'a PlatformStore,
    pub clock: &'a dyn Clock,
    pub ids: Arc<dyn IdSource>,
}

#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub folder: &'a Path,
    pub slug: &'a str,
    pub create: Option<NewNetwork>,
    pub dry_run: bool,
    /// When the package was true; without it, when its files were written.
    pub as_of: Option<Timestamp>,
}

/// Reads the folder and accounts for every row. A dry run writes nothing, the network included.
pub async fn run(parts: &ImportParts<'_>, wanted: &Wanted<'_>) -> Result<Report, ImportError> {
    let package = Package::read(wanted.folder)?;
    let plan = Plan::of(&package);
    let already = match network(parts, wanted).await? {
        Some(network) => {
            let now = parts.clock.now();
            let as_of = wanted.as_of.or(package.dated()).unwrap_or(now).min(now);
            Importer { parts, network, as_of }.carry_out(&plan, wanted.dry_run).await?
        }
        None => AlreadyThere::default(),
    };
    Ok(Report::of(&plan.ledger, &already, wanted.dry_run))
}

/// None only for a dry run into a network that is still to be made.
async fn network(parts: &ImportParts<'_>, wanted: &Wanted<'_>) -> Result<Option<NetworkId>, ImportError> {
    let slug = wanted.slug.to_owned();
    let fits =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !slug.split('-').all(fits) {
        return Err(ImportError::BadSlug);
    }
    if let Some(known) = parts.platform.network_with_slug(&slug).await? {
        return Ok(Some(known));
    }
    let new = wanted.create.clone().ok_or_else(|| ImportError::NoNetwork { slug: slug.clone() })?;
    if jiff::tz::TimeZone::get(&new.zone).is_err() {
        return Err(ImportError::BadZone { zone: new.zone });
    }
    if wanted.dry_run {
        return Ok(None);
    }
    let id = trellis_domain::kernel::TypedId::from_uuid(parts.ids.next(parts.clock.now()));
    let NewNetwork { name, zone, jurisdiction } = new;
    let made = parts.platform.create_network(Network { id, name, slug, zone, jurisdiction }).await?;
    Ok(Some(made.id))
}

struct Importer<'a> {
    parts: &'a ImportParts<'a>,
    network: NetworkId,
    as_of: Timestamp,
}

impl Importer<'_> {
    fn op(&self) -> OpContext {
        OpContext::for_job("import", self.network, None, self.parts.clock, Arc::clone(&self.parts.ids))
    }

    async fn carry_out(&self, plan: &Plan, dry_run: bool) -> Result<AlreadyThere, ImportError> {
        let op = self.op();
        let look = self.parts.store.read::<_, StoreError, _>(&op, |tx, _| {
            Ok((tx.organisations_by_name()?, tx.services_from(SOURCE)?))
        });
        let (by_name, services) = look.await?;
        let mut already = AlreadyThere::default();
        let mut organisations = BTreeMap::new();
        for planned in &plan.organisations {
            if let Some(known) = by_name.get(&planned.name) {
                already.organisations.insert(planned.source_id.clone());
                organisations.insert(planned.source_id.as_str(), *known);
            } else if !dry_run {
                organisations.insert(planned.source_id.as_str(), self.add(planned).await?);
            }
        }
        for planned in &plan.services {
            if services.contains_key(&planned.source_id) {
                already.services.insert(planned.source_id.clone());
            } else if let Some(organisation) = organisations.get(planned.organisation.as_str())
                && !dry_run
            {
                self.publish(planned, *organisation).await?;
            }
        }
        Ok(already)
    }

    /// Without an e-mail address: nobody there has agreed to get mail from us, so requests are made by phone.
    async fn add(&self, planned: &PlannedOrganisation) -> Result<OrganisationId, ImportError> {
        let op = self.op();
        let organisation = Organisation {
            id: op.new_id(),
            name: planned.name.clone(),
            kind: OrganisationKind::CommunityProvider,
            help_phone: planned.help_phone.clone().unwrap_or_else(|| "not published".to_owned()),
            email: None,
            suspended: false,
        };
        let added = self.parts.store.write(&op, move |tx, op| add_organisation(tx, op, organisation)).await?;
        Ok(added.id)
    }

    async fn publish(
        &self,
        planned: &PlannedService,
        organisation: OrganisationId,
    ) -> Result<(), ImportError> {
        let op = self.op();
        let service = Service {
            id: op.new_id(),
            organisation,
            name: planned.name.clone(),
            description: planned.description(),
            status: planned.status,
            area: None,
            place: None,
            cost: planned.cost,
            step_free: None,
            online: false,
            languages: Vec::new(),
            intake: IntakeRules::default(),
            targets: Targets::default(),
            capacity: Capacity { state: CapacityState::Open, places: None, taken: 0, as_of: self.as_of },
            source: Some((SOURCE.to_owned(), planned.source_id.clone())),
            version: 1,
        };
        self.parts.store.write(&op, move |tx, op| publish(tx, op, service)).await?;
        Ok(())
    }
}
