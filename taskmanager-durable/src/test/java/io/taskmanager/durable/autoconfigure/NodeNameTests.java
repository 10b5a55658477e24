package io.taskmanager.durable.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeNameTests {

    @Test
    void namesOfReplicasDifferHoweverLongTheyAre() {
        String service = "billing-and-invoices-of-the-north-7c9f6d8b54-";

        assertThat(DurableTaskAutoConfiguration.nodeName(service + "x2x4q", 1))
                .endsWith("-7c9f6d8b54-x2x4q:1")
                .hasSizeLessThanOrEqualTo(50) // its column's
                .isNotEqualTo(DurableTaskAutoConfiguration.nodeName(service + "k8s9z", 1));
        assertThat(DurableTaskAutoConfiguration.nodeName("vm", 4194304)).isEqualTo("vm:4194304");
    }
}
