package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.taskmanager.Backoff;
import io.taskmanager.OverflowPolicy;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings: their defaults, and what is refused, always naming the setting and its value. */
class ConfigTest {

    private static final Duration TOO_LONG = Duration.ofDays(100 * 365 + 1);

    private static Arguments bad(String setting, Object value, Consumer<TaskManagerConfig.Builder<Resource>> change) {
        return Arguments.of(setting, value, change);
    }

    static Stream<Arguments> badSettings() {
        return Stream.of(
                bad("name", "\"\"", config -> config.name("")),
                bad("name", "\" \t\"", config -> config.name(" \t")),
                bad("workerCount", 0, config -> config.workerCount(0)),
                bad("workerCount", -1, config -> config.workerCount(-1)),
                bad("workerCount", Integer.MAX_VALUE, config -> config.workerCount(Integer.MAX_VALUE)),
                bad("maxWorkerCount", 1, config -> config.workerCount(2).maxWorkerCount(1)),
                bad("maxWorkerCount", -1, config -> config.maxWorkerCount(-1)),
                bad("burstInterval", "PT-0.1S", config -> config.burstInterval(Duration.ofMillis(-100))),
                bad("burstInterval", "PT0.000999999S", config -> config.burstInterval(Duration.ofNanos(999_999))),
                bad("burstInterval", TOO_LONG, config -> config.burstInterval(TOO_LONG)),
                bad("maxRetries", -1, config -> config.maxRetries(-1)),
                bad("resourcePoolSize", -1, config -> config.resourcePoolSize(-1)),
                bad("maxTemporaryResources", -1, config -> config.maxTemporaryResources(-1)),
                bad("acquireTimeout", "PT-1S", config -> config.acquireTimeout(Duration.ofSeconds(-1))),
                bad("acquireTimeout", TOO_LONG, config -> config.acquireTimeout(TOO_LONG)),
                bad("queueCapacity", 0, config -> config.queueCapacity(0)),
                bad("queueCapacity", Integer.MAX_VALUE, config -> config.queueCapacity(Integer.MAX_VALUE)),
                bad("priorityQueueCapacity", 0, config -> config.priorityQueueCapacity(0)),
                bad("priorityQueueCapacity", -5, config -> config.priorityQueueCapacity(-5)),
                bad("enqueueTimeout", "PT-1S", config -> config.enqueueTimeout(Duration.ofSeconds(-1))),
                bad("enqueueTimeout", TOO_LONG, config -> config.enqueueTimeout(TOO_LONG)),
                bad(
                        "enqueueTimeout",
                        "PT1S",
                        config -> config.enqueueTimeout(Duration.ofSeconds(1)).overflowPolicy(OverflowPolicy.REJECT)),
                bad(
                        "enqueueTimeout",
                        "PT1S",
                        config -> config.enqueueTimeout(Duration.ofSeconds(1))
                                .overflowPolicy(OverflowPolicy.CALLER_RUNS)),
                bad("priorityBurstLimit", -1, config -> config.priorityBurstLimit(-1)),
                bad("resourceMaxAge", "PT0S", config -> config.resourceMaxAge(Duration.ZERO)),
                bad("resourceMaxAge", "PT-1S", config -> config.resourceMaxAge(Duration.ofSeconds(-1))),
                bad("resourceMaxAge", TOO_LONG, config -> config.resourceMaxAge(TOO_LONG)),
                bad("resourceMaxUses", -1, config -> config.resourceMaxUses(-1)),
                bad("resourceIdleValidation", "PT0S", config -> config.resourceIdleValidation(Duration.ZERO)),
                bad("resourceIdleValidation", "PT-1S", config -> config.resourceIdleValidation(Duration.ofSeconds(-1))),
                bad("resourceIdleValidation", TOO_LONG, config -> config.resourceIdleValidation(TOO_LONG)),
                bad("taskTimeout", "PT0S", config -> config.taskTimeout(Duration.ZERO)),
                bad("taskTimeout", "PT-1S", config -> config.taskTimeout(Duration.ofSeconds(-1))),
                bad("taskTimeout", TOO_LONG, config -> config.taskTimeout(TOO_LONG)),
                bad("queueTimeout", "PT0S", config -> config.queueTimeout(Duration.ZERO)),
                bad("queueTimeout", "PT-1S", config -> config.queueTimeout(Duration.ofSeconds(-1))),
                bad("queueTimeout", TOO_LONG, config -> config.queueTimeout(TOO_LONG)),
                bad("deadline", "PT0S", config -> config.deadline(Duration.ZERO)),
                bad("deadline", "PT-1S", config -> config.deadline(Duration.ofSeconds(-1))),
                bad("deadline", TOO_LONG, config -> config.deadline(TOO_LONG)),
                bad("scaleDownDelay", "PT-1S", config -> config.scaleDownDelay(Duration.ofSeconds(-1))),
                bad("scaleDownDelay", TOO_LONG, config -> config.scaleDownDelay(TOO_LONG)),
                bad(
                        "scaleDownDelay",
                        "PT0S",
                        config -> config.scaleDownDelay(Duration.ZERO).scalingPolicy(sample -> 1)),
                bad("maxResources", -1, config -> config.maxResources(-1)),
                bad("maxResources", 3, config -> config.maxWorkerCount(4).maxResources(3)),
                bad(
                        "maxResources",
                        6,
                        config -> config.maxWorkerCount(4).resourcePoolSize(3).maxResources(6)),
                bad("creationTimeout", "PT-1S", config -> config.creationTimeout(Duration.ofSeconds(-1))),
                bad("creationTimeout", TOO_LONG, config -> config.creationTimeout(TOO_LONG)),
                bad("validationTimeout", "PT-1S", config -> config.validationTimeout(Duration.ofSeconds(-1))),
                bad("validationTimeout", TOO_LONG, config -> config.validationTimeout(TOO_LONG)),
                bad("destructionTimeout", "PT-1S", config -> config.destructionTimeout(Duration.ofSeconds(-1))),
                bad("destructionTimeout", TOO_LONG, config -> config.destructionTimeout(TOO_LONG)),
                bad(
                        "creationBackoff.max",
                        TOO_LONG,
                        config -> config.creationBackoff(Backoff.exponential(Duration.ofSeconds(1), TOO_LONG))),
                bad("stopTimeout", "PT-1S", config -> config.stopTimeout(Duration.ofSeconds(-1))),
                bad("stopTimeout", TOO_LONG, config -> config.stopTimeout(TOO_LONG)),
                bad("stuckTaskGrace", "PT-1S", config -> config.stuckTaskGrace(Duration.ofSeconds(-1))),
                bad("stuckTaskGrace", TOO_LONG, config -> config.stuckTaskGrace(TOO_LONG)));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("badSettings")
    void refusesABadValueNamingSettingAndValue(
            String setting, Object value, Consumer<TaskManagerConfig.Builder<Resource>> change) {
        TaskManagerConfig.Builder<Resource> builder = valid();
        change.accept(builder);

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageStartingWith(setting + " ")
                .withMessageContaining(String.valueOf(value));
    }

    @Test
    void refusesToGoWithoutAWorkerCount() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TaskManagerConfig.builder(new ScriptedFactory()).build())
                .withMessageContaining("workerCount");
    }

    @Test
    void refusesAPoolOfThreadBoundResources() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskManagerConfig.builder(new ScriptedFactory().bindToThreads())
                        .workerCount(1)
                        .resourcePoolSize(2)
                        .build())
                .withMessageContaining("resourcePoolSize")
                .withMessageContaining("2");
    }

    static Stream<Consumer<TaskManagerConfig.Builder<Resource>>> nullSettings() {
        return Stream.of(
                config -> config.name(null),
                config -> config.burstInterval(null),
                config -> config.retryBackoff(null),
                config -> config.acquireTimeout(null),
                config -> config.healthCheck(null),
                config -> config.resourceHealthCheck(null),
                config -> config.retryPolicy(null),
                config -> config.logger(null),
                config -> config.collector(null),
                config -> config.overflowPolicy(null),
                config -> config.enqueueTimeout(null),
                config -> config.startupPolicy(null),
                config -> config.taskTimeout(null),
                config -> config.queueTimeout(null),
                config -> config.deadline(null),
                config -> config.scaleDownDelay(null),
                config -> config.creationTimeout(null),
                config -> config.validationTimeout(null),
                config -> config.destructionTimeout(null),
                config -> config.creationBackoff(null),
                config -> config.stopTimeout(null),
                config -> config.stuckTaskGrace(null),
                config -> config.resourceMaxAge(null),
                config -> config.resourceIdleValidation(null),
                config -> config.threadFactory(null),
                config -> config.callbackExecutor(null),
                config -> config.taskDecorator(null),
                config -> config.scalingPolicy(null),
                config -> config.listener(null));
    }

    @ParameterizedTest
    @MethodSource("nullSettings")
    void refusesNull(Consumer<TaskManagerConfig.Builder<Resource>> change) {
        TaskManagerConfig.Builder<Resource> builder = valid();

        assertThatNullPointerException().isThrownBy(() -> change.accept(builder));
    }

    @Test
    void refusesANullFactory() {
        assertThatNullPointerException().isThrownBy(() -> TaskManagerConfig.builder(null));
        assertThatNullPointerException().isThrownBy(() -> ResourceFactory.of(null, resource -> {}));
        assertThatNullPointerException().isThrownBy(() -> ResourceFactory.of(() -> "resource", null));
    }

    private static <T> Arguments byDefault(
            String setting, Function<TaskManagerConfig<Resource>, T> value, Object expected) {
        return Arguments.of(setting, value, expected);
    }

    static Stream<Arguments> defaults() {
        return Stream.of(
                byDefault("name", TaskManagerConfig::name, "taskmanager"),
                byDefault("workerCount", TaskManagerConfig::workerCount, 3),
                byDefault("maxWorkerCount", TaskManagerConfig::maxWorkerCount, 6),
                byDefault("burstInterval", TaskManagerConfig::burstInterval, Duration.ofMillis(100)),
                byDefault("maxRetries", TaskManagerConfig::maxRetries, 3),
                byDefault(
                        "retryBackoff",
                        TaskManagerConfig::retryBackoff,
                        new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(10), 0.2)),
                byDefault(
                        "resourcePoolSize", config -> config.resourcePoolSize().isPresent(), false),
                byDefault("maxTemporaryResources", TaskManagerConfig::maxTemporaryResources, 6),
                byDefault("acquireTimeout", TaskManagerConfig::acquireTimeout, Duration.ofSeconds(30)),
                byDefault("healthCheck", config -> config.healthCheck().isHealthy(new Error()), true),
                byDefault(
                        "resourceHealthCheck",
                        config -> config.resourceHealthCheck().isPresent(),
                        false),
                byDefault("retryPolicy", config -> config.retryPolicy().isPresent(), false),
                byDefault("logger", config -> config.logger().isPresent(), false),
                byDefault("collector", config -> config.collector().isPresent(), false),
                byDefault("queueCapacity", TaskManagerConfig::queueCapacity, 10_000),
                byDefault("priorityQueueCapacity", TaskManagerConfig::priorityQueueCapacity, 10_000),
                byDefault("overflowPolicy", TaskManagerConfig::overflowPolicy, OverflowPolicy.BLOCK),
                byDefault("enqueueTimeout", config -> config.enqueueTimeout().isPresent(), false),
                byDefault("startupPolicy", TaskManagerConfig::startupPolicy, StartupPolicy.FAIL_FAST),
                byDefault("priorityBurstLimit", TaskManagerConfig::priorityBurstLimit, 0),
                byDefault("taskTimeout", config -> config.taskTimeout().isPresent(), false),
                byDefault("queueTimeout", config -> config.queueTimeout().isPresent(), false),
                byDefault("deadline", config -> config.deadline().isPresent(), false),
                byDefault("scaleDownDelay", config -> config.scaleDownDelay().isPresent(), false),
                byDefault("maxResources", config -> config.maxResources().isPresent(), false),
                byDefault("creationTimeout", TaskManagerConfig::creationTimeout, Duration.ofSeconds(30)),
                byDefault("validationTimeout", TaskManagerConfig::validationTimeout, Duration.ofSeconds(5)),
                byDefault("destructionTimeout", TaskManagerConfig::destructionTimeout, Duration.ofSeconds(10)),
                byDefault(
                        "creationBackoff",
                        TaskManagerConfig::creationBackoff,
                        new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(30), 0.2)),
                byDefault("stopTimeout", TaskManagerConfig::stopTimeout, Duration.ofSeconds(30)),
                byDefault("stuckTaskGrace", TaskManagerConfig::stuckTaskGrace, Duration.ofSeconds(10)),
                byDefault("resourceMaxAge", config -> config.resourceMaxAge().isPresent(), false),
                byDefault("resourceMaxUses", TaskManagerConfig::resourceMaxUses, 0),
                byDefault(
                        "resourceIdleValidation",
                        config -> config.resourceIdleValidation().isPresent(),
                        false),
                byDefault("threadFactory", config -> config.threadFactory().isPresent(), false),
                byDefault(
                        "callbackExecutor", config -> config.callbackExecutor().isPresent(), false),
                byDefault("taskDecorator", config -> config.taskDecorator().isPresent(), false),
                byDefault("scalingPolicy", config -> config.scalingPolicy().isPresent(), false),
                byDefault("listener", config -> config.listener().isPresent(), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defaults")
    void hasTheDefault(String setting, Function<TaskManagerConfig<Resource>, Object> value, Object expected) {
        var config =
                TaskManagerConfig.builder(new ScriptedFactory()).workerCount(3).build();

        assertThat(value.apply(config)).as(setting).isEqualTo(expected);
    }

    @Test
    void takesEachLimit() {
        var config = valid().priorityBurstLimit(4)
                .taskTimeout(Duration.ofSeconds(1))
                .queueTimeout(Duration.ofSeconds(2))
                .stuckTaskGrace(Duration.ofSeconds(3))
                .deadline(Duration.ofSeconds(4))
                .scaleDownDelay(Duration.ZERO)
                .maxWorkerCount(4)
                .resourcePoolSize(3)
                .maxResources(7)
                .build();

        assertThat(config.priorityBurstLimit()).isEqualTo(4);
        assertThat(config.taskTimeout()).contains(Duration.ofSeconds(1));
        assertThat(config.queueTimeout()).contains(Duration.ofSeconds(2));
        assertThat(config.stuckTaskGrace()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.deadline()).contains(Duration.ofSeconds(4));
        assertThat(config.scaleDownDelay()).contains(Duration.ZERO);
        assertThat(config.maxResources()).hasValue(7);
    }

    @Test
    void takesEachJudge() {
        ResourceHealthCheck<Object> health = (error, resource) -> false;
        RetryPolicy retries = (error, attempt) -> true;
        var config = valid().resourceHealthCheck(health).retryPolicy(retries).build();

        assertThat(config.resourceHealthCheck()).containsSame(health);
        assertThat(config.retryPolicy()).containsSame(retries);
    }

    @Test
    void keepsWhatWasBuilt() {
        TaskManagerConfig.Builder<Resource> builder = valid().name("first");
        var built = builder.build();

        builder.name("second").workerCount(9);

        assertThat(built.name()).isEqualTo("first");
        assertThat(built.workerCount()).isEqualTo(1);
    }

    @Test
    void refusesABadBackoff() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second.negated(), 2, second, 0))
                .withMessageContaining("initial")
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, 0.5, second, 0))
                .withMessageContaining("multiplier")
                .withMessageContaining("0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, Double.NaN, second, 0))
                .withMessageContaining("multiplier");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, 2, Duration.ofMillis(1), 0))
                .withMessageContaining("max")
                .withMessageContaining("PT0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(second, 2, second, 1.5))
                .withMessageContaining("jitter")
                .withMessageContaining("1.5");
    }

    @Test
    void growsABackoffUpToItsMaximumAndVariesIt() {
        var backoff = new Backoff(Duration.ofMillis(100), 2, Duration.ofMillis(350), 0.5);

        assertThat(backoff.delay(1, 0.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.delay(2, 0.5)).isEqualTo(Duration.ofMillis(200));
        assertThat(backoff.delay(3, 0.5)).isEqualTo(Duration.ofMillis(350));
        assertThat(backoff.delay(Integer.MAX_VALUE, 0.5)).isEqualTo(Duration.ofMillis(350));
        assertThat(backoff.delay(1, 0)).isEqualTo(Duration.ofMillis(50));
        assertThat(backoff.delay(1, 0.75)).isEqualTo(Duration.ofMillis(125));
        assertThat(Backoff.none().delay(1, 0.9)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> backoff.delay(0, 0))
                .withMessageContaining("0");
    }

    @Test
    void growsABackoffOfAnyLength() {
        var backoff = new Backoff(Duration.ofSeconds(1), 10, Duration.ofDays(1_000_000), 1);

        assertThat(backoff.delay(100, 0.999)).isPositive();
    }

    private static TaskManagerConfig.Builder<Resource> valid() {
        return TaskManagerConfig.<Resource>builder(new ScriptedFactory()).workerCount(1);
    }
}
