package io.taskmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TaskCancelledExceptionTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final TaskCancelledException oneOfMany =
            new TaskCancelledException(() -> "for the " + asked.incrementAndGet() + ". time");

    @Test
    void oneOfManyMakesItsMessageWhenThatIsFirstAskedFor() {
        assertThat(asked).hasValue(0);
        assertThat(oneOfMany)
                .hasMessage("for the 1. time")
                .hasToString("io.taskmanager.TaskCancelledException: for the 1. time");
        assertThat(asked).hasValue(1);
    }

    @Test
    void oneOfManyHasNoStack() {
        assertThat(oneOfMany.getStackTrace()).isEmpty();
        assertThat(new TaskCancelledException("alone").getStackTrace()).isNotEmpty();
    }

    @Test
    void takesItsMessageAlongWhereItIsSerialized() throws Exception {
        assertThat(copyOf(oneOfMany)).hasMessage("for the 1. time");
        assertThat(copyOf(new TaskCancelledException("alone"))).hasMessage("alone");
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    private static TaskCancelledException copyOf(TaskCancelledException error) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        return (TaskCancelledException) read(bytes.toByteArray());
    }
}
