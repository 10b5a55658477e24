package io.taskmanager.model;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Sneaky;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A walk of one worker, where the order of all is known: tasks are queued, by several threads in turn, while the worker is
 * held; then they run, fail, submit others and cancel others, and a model says what runs next. Both must agree to the last.
 */
final class OrderWalk {

    private static final int MAX_DEPTH = 2;

    /** What one task does, in each of its attempts. */
    private final class Plan {
        final String name;
        final boolean priority;
        final int failures;
        final List<Plan> children = new ArrayList<>();
        /** Which of the tasks queued at the start it cancels, by the order of their names; -1 for none. */
        final int cancels;

        Plan(String name, int depth) {
            this.name = name;
            this.priority = random.nextInt(3) == 0;
            this.failures = random.nextInt(4) == 0 ? random.nextInt(1, 4) : 0;
            this.cancels = random.nextInt(8) == 0 ? random.nextInt(30) : -1;
            int count = depth < MAX_DEPTH && random.nextInt(4) == 0 ? random.nextInt(1, 4) : 0;
            for (int i = 0; i < count; i++) {
                children.add(new Plan(name + "." + i, depth + 1));
            }
        }
    }

    private final long seed;
    private final SplittableRandom random;
    private final int burstLimit;
    private final int maxRetries;
    private final List<List<Plan>> roots = new ArrayList<>();
    private final Map<String, CompletableFuture<Object>> futures = new ConcurrentHashMap<>();
    /** What ran, as {@code name#attempt}. */
    private final List<String> log = new CopyOnWriteArrayList<>();

    private TaskManager<Object, Object> manager;

    OrderWalk(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.burstLimit = random.nextInt(4);
        this.maxRetries = random.nextInt(3);
        int submitters = random.nextInt(1, 4);
        for (int submitter = 0; submitter < submitters; submitter++) {
            List<Plan> plans = new ArrayList<>();
            int count = random.nextInt(1, 12);
            for (int i = 0; i < count; i++) {
                plans.add(new Plan(submitter + "-" + i, 0));
            }
            roots.add(plans);
        }
    }

    /** Takes the walk; says what is wrong, or nothing. */
    String take() throws InterruptedException {
        TaskManagerConfig<Object> config = TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {}))
                .name("order" + seed)
                .workerCount(1)
                .burstInterval(Duration.ZERO)
                .retryBackoff(Backoff.none())
                .maxRetries(maxRetries)
                .priorityBurstLimit(burstLimit)
                .healthCheck(error -> false)
                .creationBackoff(Backoff.none()) // three new resources in a row that break are an outage
                .build();
        manager = TaskManagers.create(config);
        Gate gate = new Gate();
        var first = manager.queueTaskAsync((context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        List<Plan> queued = submitAll();
        gate.open();
        Await.until("the end of every task", () -> first.isDone() && allDone());
        manager.stop();
        List<String> expected = model(queued);
        return expected.equals(log)
                ? null
                : "seed " + seed + ", priorityBurstLimit " + burstLimit + ", maxRetries " + maxRetries
                        + ": expected\n  " + expected + "\nbut was\n  " + log;
    }

    /** A task's children are here before it is done itself, so none is missed. */
    private boolean allDone() {
        int known = futures.size();
        return futures.values().stream().allMatch(CompletableFuture::isDone) && futures.size() == known;
    }

    /** Submits from one thread after the other; says in which order. */
    private List<Plan> submitAll() throws InterruptedException {
        List<Plan> order = new ArrayList<>();
        List<Deque<Plan>> left = new ArrayList<>();
        roots.forEach(plans -> left.add(new ArrayDeque<>(plans)));
        while (left.stream().anyMatch(plans -> !plans.isEmpty())) {
            Deque<Plan> next = left.get(random.nextInt(left.size()));
            Plan plan = next.poll();
            if (plan != null) {
                Thread submitter = new Thread(() -> submit(plan), "submitter");
                submitter.start();
                submitter.join();
                order.add(plan);
            }
        }
        return order;
    }

    private void submit(Plan plan) {
        TaskOptions.Builder options = TaskOptions.builder().name(plan.name);
        if (plan.priority) {
            options.priority();
        }
        futures.put(
                plan.name,
                manager.submit(
                        (context, resource) -> {
                            run(plan, context.attempt());
                            return null;
                        },
                        options.build()));
    }

    private void run(Plan plan, int attempt) {
        log.add(plan.name + "#" + attempt);
        if (attempt == 1) {
            plan.children.forEach(this::submit);
            if (plan.cancels >= 0) {
                Plan victim = root(plan.cancels);
                if (victim != plan) {
                    futures.get(victim.name).cancel(true);
                }
            }
        }
        if (attempt <= plan.failures) {
            throw Sneaky.rethrow(new Exception("unhealthy"));
        }
    }

    private Plan root(int index) {
        List<Plan> all = roots.stream().flatMap(List::stream).toList();
        return all.get(index % all.size());
    }

    /** What should run, in which order: retries first, then priority tasks, then main ones, each lane in its order. */
    private List<String> model(List<Plan> queued) {
        List<String> expected = new ArrayList<>();
        Deque<Plan> retry = new ArrayDeque<>();
        Deque<Plan> priority = new ArrayDeque<>();
        Deque<Plan> main = new ArrayDeque<>();
        Map<String, Integer> attempts = new HashMap<>();
        queued.forEach(plan -> (plan.priority ? priority : main).add(plan));
        int streak = 0;
        while (true) {
            Plan plan;
            if (!retry.isEmpty()) {
                plan = retry.poll();
            } else if (priority.isEmpty() || (burstLimit > 0 && streak >= burstLimit && !main.isEmpty())) {
                streak = 0;
                plan = main.poll();
            } else {
                streak++;
                plan = priority.poll();
            }
            if (plan == null) {
                return expected;
            }
            int attempt = attempts.merge(plan.name, 1, Integer::sum);
            expected.add(plan.name + "#" + attempt);
            if (attempt == 1) {
                plan.children.forEach(child -> (child.priority ? priority : main).add(child));
                if (plan.cancels >= 0 && root(plan.cancels) != plan) {
                    Plan victim = root(plan.cancels);
                    (victim.priority ? priority : main).remove(victim);
                    retry.remove(victim);
                }
            }
            if (attempt <= plan.failures && attempt <= maxRetries) {
                retry.add(plan);
            }
        }
    }
}
