//! Which commands the lifecycle and the policy leave open to whoever looks. A screen offers these and no others;
//! each command still asks for itself.

use super::Referral;
use super::codes::Command;
use super::reopen::REOPEN_WITHIN;
use crate::kernel::OpContext;
use crate::policy::Action;

impl Command {
    /// The line of the policy that governs it.
    pub fn action(self) -> Action {
        match self {
            Self::Send => Action::SendReferral,
            Self::Accept => Action::AcceptReferral,
            Self::Waitlist => Action::WaitlistReferral,
            Self::OfferPlace => Action::OfferPlace,
            Self::Return => Action::ReturnReferral,
            Self::Decline => Action::DeclineReferral,
            Self::Allocate => Action::AllocateReferral,
            Self::Reassign => Action::ReassignReferral,
            Self::AcknowledgeRisk => Action::AcknowledgeRisk,
            Self::Start => Action::StartReferral,
            Self::Hold => Action::HoldReferral,
            Self::Resume => Action::ResumeReferral,
            Self::Complete => Action::CompleteReferral,
            Self::End => Action::EndReferral,
            Self::Withdraw => Action::WithdrawReferral,
            Self::Cancel => Action::CancelReferral,
            Self::Transfer => Action::TransferReferral,
            Self::Reopen => Action::ReopenReferral,
            Self::UndoAllocation => Action::UndoAllocation,
            Self::UndoContact => Action::UndoContact,
        }
    }
}

impl Referral {
    pub fn commands_open_to(&self, op: &OpContext) -> Vec<Command> {
        self.commands_heard(op.organisation())
            .into_iter()
            .filter(|command| *command != Command::Reopen || self.may_still_reopen(op))
            .filter(|command| *command != Command::AcknowledgeRisk || self.waits_to_be_acknowledged_by(op))
            .filter(|command| self.takes_from(*command))
            .filter(|command| op.authorize(command.action(), self).is_ok())
            .collect()
    }

    /// Given where nobody has it, and given on where somebody has. What can be undone for ten minutes is offered where it was
    /// done, and to whoever did it: the referral by itself does not know.
    fn takes_from(&self, command: Command) -> bool {
        match command {
            Command::Allocate => self.stage.worker().is_none(),
            Command::Reassign => self.stage.worker().is_some(),
            Command::UndoAllocation | Command::UndoContact => false,
            _ => true,
        }
    }

    fn waits_to_be_acknowledged_by(&self, op: &OpContext) -> bool {
        !self.is_answered_for() && op.user().is_some() && op.user() == self.stage.worker()
    }

    fn may_still_reopen(&self, op: &OpContext) -> bool {
        op.now().duration_since(self.stage_since) <= REOPEN_WITHIN
    }
}
