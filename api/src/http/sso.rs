//! A browser on its way to an organisation's provider and back: the cookie that binds it, and what each outcome becomes.

use trellis_admin_ui::executor::{
    Fault, Leaving, ProviderAnswer, ProviderRefused, Returned, SignedIn, Visitor, Waiting, provider_cookie,
};
use trellis_domain::kernel::StoreError;
use trellis_infra::auth::device_words;
use trellis_infra::pg::platform::{ConnectError, Door, Entered};
use trellis_infra::sso::{Ceremony, Connection, SsoError};

use super::executor::{InProcess, store_fault};

/// A ceremony's cookie lives as long as the ceremony.
const LIFE: &str = "; Max-Age=600";

impl InProcess {
    pub(super) async fn leave_for(
        &self,
        visitor: &Visitor,
        short_name: &str,
        after: &str,
    ) -> Result<Leaving, ProviderRefused> {
        let door = self.door(short_name).await?;
        let now = self.app.parts.clock.now();
        let begun = self.app.parts.platform.begin_ceremony(&door, (after, &visitor.address), now).await;
        let begun = begun.map_err(stored)?.ok_or(Fault::Throttled)?;
        let connection = self.connection(&door);
        let ceremony = Ceremony { connection: &connection, secrets: &begun.secrets, now };
        let address = self.app.parts.sso.address(ceremony, &begun.state).await.map_err(refused)?;
        Ok(Leaving { address, cookie: self.provider_cookie(begun.browser.expose(), LIFE) })
    }

    pub(super) async fn back_from(
        &self,
        visitor: &Visitor,
        short_name: &str,
        answer: ProviderAnswer<'_>,
    ) -> Result<Returned, ProviderRefused> {
        let door = self.door(short_name).await?;
        let (platform, now) = (&self.app.parts.platform, self.app.parts.clock.now());
        let browser = visitor.at_provider.as_deref().unwrap_or_default();
        // Spent before anything else is looked at, whatever came with it.
        let returned = platform.end_ceremony(&door, (browser, answer.state), now).await.map_err(stored)?;
        let returned = returned.ok_or(ProviderRefused::StartAgain)?;
        if !answer.error.is_empty() {
            return Err(ProviderRefused::NotLetIn);
        }
        // Where the answer says whose it is, it has to be of the one that was asked (RFC 9207).
        if !answer.issuer.is_empty() && answer.issuer != door.provider.issuer.as_str() {
            return Err(ProviderRefused::StartAgain);
        }
        let connection = self.connection(&door);
        let ceremony = Ceremony { connection: &connection, secrets: &returned.secrets, now };
        let proven = self.app.parts.sso.prove(ceremony, answer.code).await.map_err(refused)?;
        match platform
            .enter_by_provider(&door, &proven, device_words(&visitor.agent), now)
            .await
            .map_err(stored)?
        {
            Entered::SignedIn(signed_in) => {
                self.leave(visitor).await?;
                let cookies = [self.cookie(&signed_in.secret), self.forgotten()];
                Ok(Returned::SignedIn { cookies, after: returned.after })
            }
            Entered::NotConnected => {
                platform.hold_proof(&returned, proven, now).await.map_err(stored)?;
                Ok(Returned::NotConnected)
            }
            Entered::NotAMember => Err(ProviderRefused::NotAMember),
            Entered::SecondFactorMissing => Err(ProviderRefused::SecondFactor),
        }
    }

    pub(super) async fn waiting(&self, visitor: &Visitor) -> Result<Option<Waiting>, Fault> {
        let Some(browser) = visitor.at_provider.as_deref() else { return Ok(None) };
        let now = self.app.parts.clock.now();
        let waiting =
            self.app.parts.platform.waiting(browser, now).await.map_err(|error| store_fault(&error))?;
        Ok(waiting.map(|one| Waiting {
            provider: one.provider_name,
            short_name: one.short_name,
            shown: one.shown,
        }))
    }

    pub(super) async fn connect(&self, visitor: &Visitor) -> Result<SignedIn, ProviderRefused> {
        let session = self.session(visitor).await?.ok_or(ProviderRefused::SignInFirst)?;
        let browser = visitor.at_provider.as_deref().unwrap_or_default();
        let now = self.app.parts.clock.now();
        match self.app.parts.platform.connect(session, browser, now).await {
            Ok(()) => Ok(self.forgotten()),
            Err(ConnectError::NotProved) => Err(ProviderRefused::SignInFirst),
            Err(ConnectError::Nothing) => Err(ProviderRefused::StartAgain),
            Err(ConnectError::NotAMember) => Err(ProviderRefused::NotAMember),
            Err(ConnectError::Taken) => Err(ProviderRefused::Taken),
            Err(ConnectError::Store(error)) => Err(stored(error)),
        }
    }

    async fn door(&self, short_name: &str) -> Result<Door, ProviderRefused> {
        let door = self.app.parts.platform.door(short_name).await.map_err(stored)?;
        door.ok_or(ProviderRefused::Unknown)
    }

    fn connection(&self, door: &Door) -> Connection {
        let provider = &door.provider;
        Connection {
            issuer: provider.issuer.as_str().to_owned(),
            client_id: provider.client_id.as_str().to_owned(),
            secret: door.secret.clone(),
            scopes: provider.scopes.as_slice().to_vec(),
            strong_acr: provider.strong_acr.as_slice().to_vec(),
            strong_amr: provider.strong_amr.as_slice().to_vec(),
            back: self.app.parts.back_address(&provider.short_name),
        }
    }

    fn provider_cookie(&self, value: &str, age: &str) -> SignedIn {
        self.set_cookie(provider_cookie(self.house.secure), value, age)
    }

    fn forgotten(&self) -> SignedIn {
        self.provider_cookie("", "; Max-Age=0")
    }
}

fn stored(error: StoreError) -> ProviderRefused {
    ProviderRefused::Fault(store_fault(&error))
}

fn refused(error: SsoError) -> ProviderRefused {
    tracing::warn!(%error, "a sign-in at a provider did not work");
    match error {
        SsoError::Away => ProviderRefused::Away,
        SsoError::Unfit | SsoError::Client => ProviderRefused::Unfit,
        SsoError::NotProven(_) => ProviderRefused::StartAgain,
        SsoError::Setup => ProviderRefused::Fault(Fault::Internal),
    }
}
