package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import io.taskmanager.testkit.Throwing;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No interrupt reaches the next task: not one that code around the answer of the last has left on the worker either. */
class StrayInterruptTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryQueueForm
    void keepsTheInterruptOfAListenerFromTheNextTask(EntryPoint entry) {
        var listener = new Throwing("taskFinished", new InterruptedException("of the listener"));
        TaskManager<Resource, Object> manager = bed.manager(config -> config.listener(listener));
        bed.call(entry, manager, (context, resource) -> null).value();

        assertThat(seesInterrupt(entry, manager).value()).isFalse();
        assertThat(listener.thrown()).isPositive();
    }

    @EveryAsyncForm
    void keepsTheInterruptOfWhatHangsOnAFutureFromTheNextTask(EntryPoint entry) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> first = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        first.future().whenComplete((value, error) -> Thread.currentThread().interrupt());
        Answer<Boolean> second = seesInterrupt(entry, manager);
        gate.open();

        assertThat(second.value()).isFalse();
    }

    private Answer<Boolean> seesInterrupt(EntryPoint entry, TaskManager<Resource, Object> manager) {
        return bed.call(
                entry, manager, (context, resource) -> Thread.currentThread().isInterrupted());
    }
}
