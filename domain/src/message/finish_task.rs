//! Say that a task was looked at. Saying so twice is no mistake.

use super::{Task, TaskError, TaskWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, TaskId, TypedId};
use crate::policy::Action;

pub fn finish_task<S>(tx: &mut S, op: &OpContext, id: TaskId) -> Result<Recorded<Task>, TaskError>
where
    S: TaskWrites + ?Sized,
{
    let task = tx.task(id)?.ok_or(TaskError::NotFound)?;
    let permit = op.authorize(Action::FinishTask, &task)?;
    if task.done {
        return Ok(Recorded::unchanged(task));
    }
    tx.finish_task(id)?;
    let event = Event::TaskFinished { task: id.uuid(), organisation: task.organisation };
    Ok(Recorded::new(permit, Task { done: true, ..task }, [event]))
}
