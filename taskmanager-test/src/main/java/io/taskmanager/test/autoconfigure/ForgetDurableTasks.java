package io.taskmanager.test.autoconfigure;

import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.util.ClassUtils;

/** Tests may share an application context, and not its durable tasks: a key of one test would be taken in the next. */
final class ForgetDurableTasks implements TestExecutionListener, Ordered {

    private static final boolean DURABLE =
            ClassUtils.isPresent("io.taskmanager.durable.DurableTaskClient", ForgetDurableTasks.class.getClassLoader());

    @Override
    public void afterTestMethod(TestContext test) {
        if (DURABLE && test.hasApplicationContext()) {
            Forget.in(test.getApplicationContext());
        }
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    /** Apart, as it can't be loaded where there is no {@code taskmanager-durable}. */
    private static final class Forget {
        static void in(ApplicationContext context) {
            context.getBeanProvider(SynchronousDurableTaskClient.class)
                    .ifAvailable(SynchronousDurableTaskClient::forget);
        }
    }
}
