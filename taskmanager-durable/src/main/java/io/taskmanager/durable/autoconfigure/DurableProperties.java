package io.taskmanager.durable.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** The settings of durable tasks. */
@ConfigurationProperties(prefix = "taskmanager.durable", ignoreUnknownFields = false)
public class DurableProperties {

    /** Whether there are durable tasks at all. */
    private boolean enabled = false;

    /** How often a node looks for tasks that are due. What is queued on the node itself is looked for at once. */
    private Duration pollingInterval = Duration.ofSeconds(1);

    /** How often a node says that it still has its tasks. */
    private Duration heartbeatInterval = Duration.ofSeconds(10);

    /** After how many missed heartbeats a node is taken for dead, and its tasks are taken over. At least 4. */
    private int missedHeartbeatsLimit = 6;

    /** Longest payload and longest result, as JSON. */
    private DataSize maxPayloadSize = DataSize.ofMegabytes(1);

    /** What the names of the tables begin with; may begin with a schema and a dot. */
    private String tablePrefix = "taskmanager_";

    /** Running tasks. */
    private final Worker worker = new Worker();

    /** After errors. */
    private final Retry retry = new Retry();

    /** How long tasks are kept. */
    private final Retention retention = new Retention();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public Duration getPollingInterval() {
        return pollingInterval;
    }

    public void setPollingInterval(Duration pollingInterval) {
        this.pollingInterval = pollingInterval;
    }

    public Duration getHeartbeatInterval() {
        return heartbeatInterval;
    }

    public void setHeartbeatInterval(Duration heartbeatInterval) {
        this.heartbeatInterval = heartbeatInterval;
    }

    public int getMissedHeartbeatsLimit() {
        return missedHeartbeatsLimit;
    }

    public void setMissedHeartbeatsLimit(int missedHeartbeatsLimit) {
        this.missedHeartbeatsLimit = missedHeartbeatsLimit;
    }

    public DataSize getMaxPayloadSize() {
        return maxPayloadSize;
    }

    public void setMaxPayloadSize(DataSize maxPayloadSize) {
        this.maxPayloadSize = maxPayloadSize;
    }

    public String getTablePrefix() {
        return tablePrefix;
    }

    public void setTablePrefix(String tablePrefix) {
        this.tablePrefix = tablePrefix;
    }

    public Worker getWorker() {
        return worker;
    }

    public Retry getRetry() {
        return retry;
    }

    public Retention getRetention() {
        return retention;
    }

    /** Running tasks. */
    public static class Worker {

        /** Whether this node runs tasks, or only queues them. */
        private boolean enabled = true;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** After errors, where the request does not say. */
    public static class Retry {

        /** How often a task is delivered again after errors, where its request does not say. */
        private int maxRetries = 5;

        /** Back-off before each of them. */
        private final BackoffSettings backoff = new BackoffSettings();

        public int getMaxRetries() {
            return maxRetries;
        }

        public void setMaxRetries(int maxRetries) {
            this.maxRetries = maxRetries;
        }

        public BackoffSettings getBackoff() {
            return backoff;
        }
    }

    /** Delays before retries. */
    public static class BackoffSettings {

        /** Delay before the first retry. Zero: no delay at all. */
        private Duration initial = Duration.ofSeconds(1);

        /** Growth from one delay to the next, at least 1. */
        private double multiplier = 2;

        /** Longest delay, before jitter. */
        private Duration max = Duration.ofMinutes(10);

        /** Part of a delay that varies at random, in both directions, from 0 to 1. */
        private double jitter = 0.2;

        public Duration getInitial() {
            return initial;
        }

        public void setInitial(Duration initial) {
            this.initial = initial;
        }

        public double getMultiplier() {
            return multiplier;
        }

        public void setMultiplier(double multiplier) {
            this.multiplier = multiplier;
        }

        public Duration getMax() {
            return max;
        }

        public void setMax(Duration max) {
            this.max = max;
        }

        public double getJitter() {
            return jitter;
        }

        public void setJitter(double jitter) {
            this.jitter = jitter;
        }
    }

    /** How long tasks are kept after their end, by how they have ended. */
    public static class Retention {

        /** Those that are SUCCEEDED. */
        private Duration succeeded = Duration.ofDays(1);

        /** Those that are FAILED. */
        private Duration failed = Duration.ofDays(30);

        /** Those that are DEAD_LETTER. */
        private Duration deadLetter = Duration.ofDays(30);

        /** Those that are LOST. */
        private Duration lost = Duration.ofDays(30);

        /** Those that are CANCELLED. */
        private Duration cancelled = Duration.ofDays(1);

        public Duration getSucceeded() {
            return succeeded;
        }

        public void setSucceeded(Duration succeeded) {
            this.succeeded = succeeded;
        }

        public Duration getFailed() {
            return failed;
        }

        public void setFailed(Duration failed) {
            this.failed = failed;
        }

        public Duration getDeadLetter() {
            return deadLetter;
        }

        public void setDeadLetter(Duration deadLetter) {
            this.deadLetter = deadLetter;
        }

        public Duration getLost() {
            return lost;
        }

        public void setLost(Duration lost) {
            this.lost = lost;
        }

        public Duration getCancelled() {
            return cancelled;
        }

        public void setCancelled(Duration cancelled) {
            this.cancelled = cancelled;
        }
    }
}
