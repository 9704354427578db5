//! How large the region is that a workload runs over, and who in it belongs to whom. The same arithmetic stands in
//! `sql/fill.sql` and `sql/names.sql`.

use uuid::Uuid;

/// Sizes as `docs/performance.md` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scale {
    /// 10 organisations, 20,000 referrals.
    S,
    /// 200 organisations, a million referrals.
    M,
}

/// The numbers of one size.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub practices: u64,
    pub links: u64,
    /// In each link-worker service; about 80 open referrals each, whatever the size.
    pub workers: u64,
    pub services: u64,
    pub persons: u64,
    pub referrals: u64,
}

/// What the n-th thing of a kind is called.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Network,
    Organisation,
    User,
    Membership,
    Session,
    Person,
    Referral,
}

impl Scale {
    pub fn size(self) -> Size {
        let half = |organisations: u64| organisations / 2;
        match self {
            Self::S => Size {
                practices: half(10),
                links: half(10),
                workers: 10,
                services: 400,
                persons: 12_000,
                referrals: 20_000,
            },
            Self::M => Size {
                practices: half(200),
                links: half(200),
                workers: 25,
                services: 20_000,
                persons: 600_000,
                referrals: 1_000_000,
            },
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::M => "M",
        }
    }

    pub fn database(self) -> &'static str {
        match self {
            Self::S => "bench_s",
            Self::M => "bench_m",
        }
    }
}

impl Size {
    /// All who work at link-worker services.
    pub fn all_workers(&self) -> u64 {
        self.links * self.workers
    }

    /// The number of a practice's own user.
    pub fn referrer(&self, practice: u64) -> u64 {
        self.all_workers() + practice
    }

    pub fn practice_of_person(&self, person: u64) -> u64 {
        person % self.practices
    }

    pub fn person_of(&self, referral: u64) -> u64 {
        referral % self.persons
    }

    /// The link-worker service a referral is for.
    pub fn link_of(&self, referral: u64) -> u64 {
        (referral / 100 + referral % 100) % self.links
    }

    /// The organisation of a user, as a number among organisations.
    pub fn organisation_of(&self, user: u64) -> u64 {
        if user < self.all_workers() {
            self.practices + user / self.workers
        } else {
            user - self.all_workers()
        }
    }
}

/// `bench.id` of `sql/names.sql`.
pub fn id(kind: Kind, n: u64) -> Uuid {
    let number = match kind {
        Kind::Network => 1,
        Kind::Organisation => 2,
        Kind::User => 3,
        Kind::Membership => 4,
        Kind::Session => 5,
        Kind::Person => 7,
        Kind::Referral => 9,
    };
    Uuid::from_fields(number, 0, 0x7000, &tail(n))
}

fn tail(n: u64) -> [u8; 8] {
    let mut tail = n.to_be_bytes();
    if let Some(start) = tail.get_mut(..2) {
        start.copy_from_slice(&[0x80, 0]);
    }
    tail
}
