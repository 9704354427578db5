//! Joining by application: a group asks to join a network, proves its address, and whoever coordinates the network lets it in,
//! asks a question or declines. Nobody sees what was typed before the address is proved.

pub mod answer;
pub mod application;
pub mod apply;
pub mod approve;
pub mod joining;
pub mod repo;

pub use application::{
    Application, ApplicationError, ApplicationEvent, ApplicationFact, ApplicationRefusal, ApplicationStage,
    Details, Exchange,
};
pub use joining::{Joining, change_joining};
pub use repo::{ApplicationReads, ApplicationWrites, Stages};
