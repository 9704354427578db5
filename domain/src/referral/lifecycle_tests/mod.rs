//! Proof of the lifecycle (`domain` §3): the table arrow by arrow, random lives, and the use cases over a
//! store in memory. What PostgreSQL adds (row-level security, locks) is proved where PostgreSQL is.

mod chase;
pub(in crate::referral) mod fixtures;
mod mem_hand_overs;
mod mem_tx;
mod news;
mod places;
mod property;
mod reassign;
mod refused;
mod risk;
mod steps;
mod table;
mod undo;
mod verbs;
