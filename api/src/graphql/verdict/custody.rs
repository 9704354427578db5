//! About handing records over.

use trellis_domain::custody::{CannotKeep, CustodyError};

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<CustodyError> for Verdict {
    fn from(error: CustodyError) -> Self {
        match error {
            CustodyError::NotFound => Refusal::not_found("offerId").into(),
            CustodyError::NoSuchOrganisation => Refusal::not_found("organisationId").into(),
            CustodyError::CannotKeep(why) => cannot_keep(why).into(),
            CustodyError::NobodyToHandOver => {
                let message = "Your organisation answers for nobody's record.";
                Refusal::new(RefusalCode::NobodyToHandOver, message, "There is nothing to hand over.").into()
            }
            CustodyError::OfferedAlready => {
                let message = "Your organisation has offered its records already.";
                let next = "Take that offer back first, or wait until the records have gone over.";
                Refusal::new(RefusalCode::OfferedAlready, message, next).into()
            }
            CustodyError::UnderWay => {
                let message = "Records cannot come to an organisation and leave it at the same time.";
                let next =
                    "Take your own offer back, or wait until the records that are on their way have come.";
                Refusal::new(RefusalCode::RecordsUnderWay, message, next).into()
            }
            CustodyError::Over => {
                let message = "This offer was answered or taken back already.";
                Refusal::new(RefusalCode::OfferOver, message, "Read the page again.").about("offerId").into()
            }
            CustodyError::OwnOffer => {
                let message = "You made this offer for the other organisation. Two people sign.";
                let next = "Ask another privacy officer of this organisation to answer it.";
                Refusal::new(RefusalCode::OwnOffer, message, next).about("offerId").into()
            }
            CustodyError::Denied(denied) => denied.into(),
            CustodyError::Store(store) => store.into(),
        }
    }
}

fn cannot_keep(why: CannotKeep) -> Refusal {
    let (message, next) = match why {
        CannotKeep::Itself => ("This is your own organisation.", "Choose another one."),
        CannotKeep::Suspended => {
            ("This organisation is suspended.", "Choose another, or wait until it is let in again.")
        }
        CannotKeep::OtherKind => ("An organisation of this kind keeps no records.", "Choose another one."),
        CannotKeep::Nobody => (
            "This organisation has no privacy officer who could agree, or nobody who registers people.",
            "Choose another, or ask it to give somebody these roles first.",
        ),
    };
    Refusal::new(RefusalCode::ReceiverCannot, message, next).about("organisationId")
}
