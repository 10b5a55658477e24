package io.taskmanager.test.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.test.autoconfigure.AutoConfigureDurableTasks;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.context.annotation.Import;

@JsonTest(properties = "taskmanager.managers.mails.worker-count=2")
@AutoConfigureDurableTasks
@Import({Shop.Orders.class, Shop.Mails.class})
class OrdersTests {

    @Autowired
    Shop.Orders orders;

    @Autowired
    Shop.MailServer mails;

    @Autowired
    DurableTaskClient tasks;

    @Test
    void aCustomerGetsAMailThoughTheServerFailsOnce() throws Exception {
        mails.faults.add(new IOException("busy"));

        TaskId id = orders.confirm("ann");

        assertThat(mails.sent).containsExactly("ann 2"); // on its second delivery
        assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(DurableTaskState.SUCCEEDED);
        assertThat(tasks.await(id, Shop.MAIL, Duration.ZERO)).isEqualTo("sent");
    }
}
