package io.taskmanager.engine.queue;

import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.support.Surely;

/** Ends a task whose time is over, unless it has moved on from the state in which its limit was set. Run by the timer. */
final class Timeout implements Runnable {

    private final QueuedTask<?, ?> task;
    private final long inState;
    private final String rule;

    /** @param rule which limit it was, for the message */
    Timeout(QueuedTask<?, ?> task, long inState, String rule) {
        this.task = task;
        this.inState = inState;
        this.rule = rule;
    }

    @Override
    public void run() {
        if (TaskState.phase(inState) == TaskState.ENDED || task.state() != inState) {
            return;
        }
        // What wants memory comes first: the timer makes a call again that found none.
        TaskTimeoutException error = new TaskTimeoutException(task.describe() + " " + rule);
        EarlyEnd answer = new EarlyEnd(task, error);
        if (TaskState.phase(inState) == TaskState.RUNNING && !task.isDue()) {
            Attempt running = task.attempt();
            if (running == null) {
                return; // it has ended in its time, and only what it threw is still looked at
            }
            if (running.mayBeRetried()) {
                Runnable ask = () -> retryOrEnd(running, error, answer);
                task.answerElsewhere(() -> Surely.run(ask)); // the timer's thread has no time for user code
                return;
            }
        }
        end(answer);
    }

    private void retryOrEnd(Attempt running, TaskTimeoutException error, EarlyEnd answer) {
        Runnable onCancel = running.timeOut(TaskState.attempts(inState), error, () -> end(answer));
        if (onCancel == null) {
            end(answer);
        } else {
            onCancel.run();
        }
    }

    private void end(EarlyEnd answer) {
        if (task.endFrom(inState)) {
            answer.rest = task.endEarly(inState, true, TaskOutcome.TIMED_OUT);
            task.answerElsewhere(answer);
        }
    }
}
