package io.taskmanager.model;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.HurriedManagers;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.faults.Faults;
import io.taskmanager.faults.Faults.Kind;
import io.taskmanager.faults.Faults.Trouble;
import io.taskmanager.model.Books.Totals;
import io.taskmanager.model.World.Misfortune;
import io.taskmanager.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One life of a manager, drawn by chance: a config, threads that call all there is to call, user code that fails in every
 * way, and an end or two at a time. What is drawn follows from the seed; how the threads interleave does not.
 */
final class Walk implements Scene {

    private static final int MAX_ACTORS = 4;
    private static final int MAX_STEPS = 25;
    private static final long LONGEST_MILLIS = 60;

    /** The JDK's, of whichever walk has first called {@code orTimeout}. */
    private static final String DELAYER = "CompletableFutureDelayScheduler";

    /** Among so many allocations the heap is full once, for some in a row. */
    private static final int HEAP_PERIOD = 200;

    private static final int STRIKES_SHOWN = 30;

    /** What a call of the engine, and a task in it, make of the stack; and more, where it asks for room first. */
    private static final int MOST_FRAMES = 70;

    private final World world;
    private final SplittableRandom random;
    private final Books books;
    private final String name;
    private final TaskManagerConfig<ModelResource> config;
    private final ModelFactory factory;

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> enders = new ArrayList<>();
    private final AtomicInteger actorsLeft = new AtomicInteger();
    private final CountDownLatch stepsBeforeEnd;
    private final Queue<ShutdownReport> reports = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusedEnds = new AtomicInteger();
    private final StringBuilder ends = new StringBuilder();
    private final Misfortune misfortune;
    private final boolean synchronous;
    /** Whether callers come before the first resource is there: where nothing fails, or the start would. */
    private final boolean begun;
    /** Whether resources are renewed all the time. */
    private final boolean recycles;
    /** Where the JVM failed. */
    private volatile List<String> strikes = List.of();

    private volatile boolean ending;
    private volatile boolean mayKill;
    /** The ends that user code tries, or has brought about: of any kind. */
    private final AtomicInteger endsTried = new AtomicInteger();

    private final Thread starter;
    private volatile boolean endedByTask;
    private volatile TaskManager<ModelResource, Object> manager;

    Walk(long seed, Misfortune misfortune) {
        SplittableRandom first = new SplittableRandom(seed);
        World.Temper temper = World.Temper.values()[first.nextInt(3)];
        this.world = new World(seed, temper, true, misfortune != Misfortune.NONE);
        this.misfortune = misfortune;
        this.synchronous = first.nextInt(8) == 0;
        this.recycles = first.nextInt(8) == 0;
        this.random = world.random(0);
        this.books = new Books(world, true);
        this.name = "walk" + seed;
        this.config = RandomConfig.draw(world, books, name, synchronous);
        this.factory = (ModelFactory) config.resourceFactory();
        this.begun = first.nextInt(2) == 0
                && !synchronous
                && !world.unlucky
                && temper == World.Temper.CALM
                && config.threadFactory().isEmpty();
        this.starter = new Thread(this::awaitStart, name + "-starter");
        this.stepsBeforeEnd = new CountDownLatch(random.nextInt(1, 2 * MAX_ACTORS * MAX_STEPS));
    }

    /** What a walk found. */
    record Result(long seed, Map<Call.End, Integer> ends, long starts, long resources, List<String> breaches) {

        @Override
        public String toString() {
            return "seed " + seed + " (replay with -Dmodel.seed=" + seed + ")\n  " + String.join("\n  ", breaches);
        }
    }

    /** Takes the walk, in a group of threads of its own: whatever is left of that in the end has leaked. */
    static Result take(long seed, Misfortune misfortune) throws InterruptedException {
        Walk walk = new Walk(seed, misfortune);
        ThreadGroup group = new ThreadGroup("walk" + seed);
        Thread thread = new Thread(group, walk::run, "walk" + seed);
        thread.start();
        thread.join();
        if (!walk.world.breaches().isEmpty()) {
            walk.world.breach("in a " + (walk.synchronous ? "synchronous " : "") + "walk of temper " + walk.world.temper
                    + ", misfortune " + misfortune + " at "
                    + walk.strikes.stream().limit(STRIKES_SHOWN).toList() + ", ended by " + walk.ends + ": "
                    + RandomConfig.describe(walk.config));
        }
        return walk.result();
    }

    private Result result() {
        Map<Call.End, Integer> counts = new EnumMap<>(Call.End.class);
        calls.stream().filter(Call::isAnswered).forEach(call -> counts.merge(call.end(), 1, Integer::sum));
        long starts = calls.stream().mapToLong(Call::starts).sum();
        return new Result(world.seed, counts, starts, factory.created(), world.breaches());
    }

    private void run() {
        try {
            if (create()) {
                Trouble trouble = arm();
                try (trouble) {
                    walk();
                }
                strikes = trouble.struck();
                awaitEnd();
                checkAfterEnd();
                checkBalance();
            }
            Await.until("no thread left over", () -> others().isEmpty());
            factory.checkEnd();
        } catch (Throwable e) {
            world.breach("the walk does not end", e);
            others().forEach(thread -> world.breach("still there: " + thread + " " + thread.getState() + " "
                    + Arrays.stream(thread.getStackTrace()).limit(12).toList()));
        } finally {
            world.end.countDown();
        }
    }

    private boolean create() {
        try {
            if (synchronous) {
                manager = TaskManagers.createSynchronous(config);
            } else {
                manager = begun ? HurriedManagers.begin(config) : HurriedManagers.create(config);
            }
            world.scene = this;
            return true;
        } catch (ResourceCreationException e) {
            if (world.temper == World.Temper.CALM) {
                world.breach("not created", e);
            }
        } catch (IllegalStateException | OutOfMemoryError e) {
            if (config.threadFactory().isEmpty()) {
                world.breach("not created", e);
            }
        }
        return false;
    }

    /** Has the JVM fail now and then until the trouble is closed. */
    private Trouble arm() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        return switch (misfortune) {
            case NONE -> Faults.arm(Kind.ALLOCATION, thread -> false, number -> false);
            case HEAP -> Faults.arm(Kind.ALLOCATION, thread -> thread.getThreadGroup() == group, this::isHeapFull);
            case STACK ->
                Faults.arm(
                        Kind.CALL,
                        thread -> thread.getThreadGroup() == group,
                        number -> Thread.currentThread() instanceof Actor actor && actor.isOutOfStack());
        };
    }

    private boolean isHeapFull(long number) {
        SplittableRandom ofPeriod = world.random(0xB000_0000_0000L + number / HEAP_PERIOD);
        int length = 1 << ofPeriod.nextInt(5);
        int first = ofPeriod.nextInt(HEAP_PERIOD);
        long place = number % HEAP_PERIOD;
        return place >= first && place < first + length;
    }

    private static List<Thread> others() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        Thread[] threads = new Thread[group.activeCount() + 10];
        int count = group.enumerate(threads);
        return Arrays.stream(threads, 0, count)
                .filter(thread -> thread != Thread.currentThread())
                .filter(thread -> !thread.getName().equals(DELAYER))
                .toList();
    }

    // -- the walk
    // ------------------------------------------------------------------------------------------------------

    private void walk() throws InterruptedException {
        int actorCount = random.nextInt(1, MAX_ACTORS + 1);
        for (int i = 0; i < actorCount; i++) {
            SplittableRandom ofActor = random.split();
            long firstId = (i + 1L) << 16;
            actors.add(new Actor(world, name + "-actor-" + i, self -> act(self, ofActor, firstId)));
        }
        addEnders();
        actorsLeft.set(actorCount);
        actors.forEach(Thread::start);
        if (begun) {
            starter.start();
        }
        boolean unused = stepsBeforeEnd.await(LONGEST_MILLIS, TimeUnit.MILLISECONDS);
        ending = true;
        enders.forEach(Thread::start);
        if (random.nextInt(4) == 0) {
            mayKill = true; // an interrupted stop is a kill
            enders.get(0).interruptCall();
        }
        long grace = random.nextInt(10_000);
        for (Actor ender : enders) {
            TimeUnit.MICROSECONDS.timedJoin(ender, grace + 1);
        }
    }

    private void awaitStart() {
        try {
            TaskManagers.awaitStart(List.of(manager));
        } catch (ResourceCreationException e) {
            if (!ending && endsTried.get() == 0) {
                world.breach("not started", e);
            }
        }
    }

    private void awaitEnd() {
        world.end.countDown();
        Await.until("the end of the start", () -> !starter.isAlive());
        Await.until("the end of every end", () -> enders.stream().noneMatch(Thread::isAlive));
        Await.until("the end of every actor", () -> actors.stream().noneMatch(Thread::isAlive));
        endAgain();
        Await.until("the end of the manager", () -> manager.state() == TaskManagerState.TERMINATED);
        // A task that was struck off may have called until now.
        Await.until("an answer to every call", () -> answers.get() >= calls.size());
    }

    /** Ends the manager where an error of the JVM may have ended all of its ends. */
    private void endAgain() {
        if (world.unlucky && manager.state() != TaskManagerState.TERMINATED) {
            mayKill = true;
            ending = true;
            try {
                manager.kill();
            } catch (IllegalStateException e) {
                // It is on its way.
            }
        }
    }

    private void act(Actor self, SplittableRandom ofActor, long firstId) {
        int steps = ofActor.nextInt(1, MAX_STEPS + 1);
        for (int step = 0; step < steps; step++) {
            try {
                step(self, ofActor, firstId + step);
            } catch (VirtualMachineError e) {
                if (!world.isMisfortune(e)) {
                    throw e;
                }
            }
            stepsBeforeEnd.countDown();
        }
        if (actorsLeft.decrementAndGet() == 0) {
            while (stepsBeforeEnd.getCount() > 0) {
                stepsBeforeEnd.countDown();
            }
        }
    }

    private void step(Actor self, SplittableRandom chance, long id) {
        if (recycles) {
            manager.control().recycle();
        }
        switch (chance.nextInt(13)) {
            case 0 -> checkStats(manager.stats());
            case 1 -> actors.get(chance.nextInt(actors.size())).interruptCall();
            case 2 -> cancelAny(chance);
            case 3 -> {
                if (manager.metrics() == null) {
                    world.breach("no metrics");
                }
            }
            case 4 -> World.dawdle(chance.nextInt(500));
            case 5 -> steer(chance);
            default -> {
                Runnable call = () -> makeAndPerhapsCancel(new Call(this, id, 0), chance);
                if (misfortune == Misfortune.STACK && chance.nextInt(3) == 0) {
                    self.callWithStack(chance.nextInt(MOST_FRAMES), call);
                } else {
                    self.call(call);
                }
            }
        }
    }

    private void steer(SplittableRandom chance) {
        TaskManagerControl control = manager.control();
        switch (synchronous ? chance.nextInt(2, 8) : chance.nextInt(8)) {
            case 0 -> {
                control.pause();
                World.dawdle(chance.nextInt(2_000));
                control.resume();
            }
            case 1 -> {
                int max = chance.nextInt(1, config.maxWorkerCount() + 1);
                control.resize(chance.nextInt(1, max + 1), max);
            }
            case 2 -> control.recycle();
            case 3 -> {
                if (control.explain().isBlank()) {
                    world.breach("nothing explained");
                }
            }
            case 4 -> {
                int workers = control.workers().size();
                int most = control.maxWorkers();
                if (workers > config.maxWorkerCount()
                        || most < (synchronous ? 0 : 1)
                        || most > config.maxWorkerCount()) {
                    world.breach(workers + " workers, of at most " + most);
                }
            }
            case 5 -> control.probe();
            case 6 -> {
                boolean unused = control.isStalled();
                if (control.longestRun().isNegative() || control.totalResources() < 0) {
                    world.breach("less than nothing: " + control.longestRun() + ", " + control.totalResources());
                }
            }
            default -> {
                int events = control.events().size();
                if (events > 200) {
                    world.breach(events + " events");
                }
            }
        }
    }

    private void addEnders() {
        int count = random.nextInt(3) == 0 ? 2 : 1;
        for (int i = 0; i < count; i++) {
            Duration timeout = Duration.ofNanos(random.nextInt(3) == 0 ? 0 : random.nextInt(10_000_000));
            switch (random.nextInt(4)) {
                case 0 -> addEnder("stop()", false, () -> reports.add(manager.stop()));
                case 1 -> addEnder("stop(" + timeout + ")", true, () -> reports.add(manager.stop(timeout)));
                case 2 -> addEnder("kill()", true, () -> reports.add(manager.kill()));
                default -> addEnder("close()", true, manager::close);
            }
        }
    }

    private void addEnder(String what, boolean kills, Runnable end) {
        ends.append(what).append(' ');
        Actor ender = new Actor(
                world,
                name + "-" + what,
                self -> self.call(() -> {
                    if (kills) {
                        mayKill = true;
                    }
                    try {
                        end.run();
                    } catch (IllegalStateException e) {
                        refusedEnds.incrementAndGet();
                    } catch (VirtualMachineError e) {
                        if (!world.isMisfortune(e)) {
                            throw e;
                        }
                    }
                }));
        enders.add(ender);
    }

    private void cancelAny(SplittableRandom chance) {
        int skip = chance.nextInt(MAX_STEPS);
        boolean interrupt = chance.nextInt(3) > 0;
        boolean byHand = chance.nextInt(3) == 0;
        calls.stream().skip(skip).findFirst().ifPresent(call -> {
            if (byHand) {
                call.completeByHand(chance);
            }
            if (!byHand || interrupt) {
                call.cancel(interrupt);
            }
        });
    }

    @Override
    public void make(Call call) {
        calls.add(call);
        call.make(manager);
    }

    @Override
    public void makeAndPerhapsCancel(Call call, SplittableRandom chance) {
        make(call);
        switch (chance.nextInt(16)) {
            case 0, 1, 2, 3 -> {
                World.dawdle(chance.nextInt(200));
                call.cancel(chance.nextBoolean());
            }
            case 4 -> {
                World.dawdle(chance.nextInt(200));
                call.completeByHand(chance);
            }
            default -> {}
        }
    }

    @Override
    public void checkStopOfOwnTask(ModelResource.Use by, SplittableRandom chance) {
        // One that ignores its interrupt may be struck off at any time, and then is no task of the manager any more.
        if (by.context.isCancelled()) {
            return;
        }
        try {
            switch (chance.nextInt(3)) {
                case 0 -> manager.stop();
                case 1 -> manager.kill();
                default -> {
                    manager.close();
                    if (isEnding()) {
                        return;
                    }
                }
            }
            if (!by.context.isCancelled()) {
                world.breach(by + " ended its own manager");
            }
            ending = true;
            mayKill = true;
            endedByTask = true;
        } catch (IllegalStateException e) {
            // As it should be.
        }
    }

    /** Where it is not refused it is an end as any: told before, since whoever asks in the meantime sees one. */
    @Override
    public void stopFromUserCode(SplittableRandom chance) {
        endsTried.incrementAndGet();
        boolean refused = false;
        try {
            switch (chance.nextInt(3)) {
                case 0 -> manager.stop();
                case 1 -> manager.kill();
                default -> manager.close();
            }
            endedByTask = true;
        } catch (IllegalStateException e) {
            refused = manager.state() == TaskManagerState.RUNNING;
        } catch (VirtualMachineError e) {
            if (!world.isMisfortune(e)) {
                throw e;
            }
        } finally {
            if (refused) {
                endsTried.decrementAndGet();
            }
        }
    }

    @Override
    public boolean isSynchronous() {
        return synchronous;
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public TaskManagerConfig<ModelResource> config() {
        return config;
    }

    @Override
    public void answered(Call call) {
        answers.incrementAndGet();
    }

    @Override
    public boolean isEnding() {
        return ending || endsTried.get() > 0;
    }

    @Override
    public boolean mayKill() {
        return mayKill || endsTried.get() > 0 || enders.stream().anyMatch(Actor::wasHastened);
    }

    // -- the checks
    // ----------------------------------------------------------------------------------------------------

    private void checkStats(TaskStats stats) {
        // A task that was taken and then found no fit resource goes back to its place, room or not.
        int putBack = config.resourceIdleValidation().isPresent() ? config.maxWorkerCount() : 0;
        boolean possible = stats.baseWorkers() >= (synchronous ? 0 : 1)
                && stats.activeWorkers() >= 0
                && stats.startingWorkers() >= 0
                && stats.activeWorkers() + stats.startingWorkers() <= config.maxWorkerCount()
                && stats.burstWorkers() >= 0
                && stats.burstWorkers() < config.maxWorkerCount()
                && stats.busyWorkers() >= 0
                && stats.busyWorkers() <= config.maxWorkerCount()
                && stats.queuedTasks() >= 0
                && stats.queuedTasks() <= config.queueCapacity() + putBack
                && stats.priorityTasks() >= 0
                && stats.priorityTasks() <= config.priorityQueueCapacity() + putBack
                && stats.retryingTasks() >= 0
                && stats.temporaryResources() >= 0
                && stats.availableResources() >= 0
                && (synchronous
                        ? stats.availableResources() <= 1
                        : stats.temporaryResources() <= config.maxTemporaryResources()
                                && stats.availableResources()
                                        <= config.resourcePoolSize().orElse(config.workerCount()));
        if (!possible) {
            world.breach("impossible: " + stats);
        }
    }

    private void checkAfterEnd() {
        TaskStats stats = manager.stats();
        if (!stats.equals(new TaskStats(stats.baseWorkers(), 0, 0, 0, 0, 0, 0, 0, 0, 0, false))) {
            world.breach("at the end: " + stats);
        }
        if (refusedEnds.get() >= enders.size() && !endedByTask) {
            world.breach("every end was refused");
        }
        for (Runnable late : List.<Runnable>of(manager::stop, manager::kill)) {
            try {
                late.run();
                world.breach("another end after the end");
            } catch (IllegalStateException e) {
                // As it should be.
            }
        }
        manager.close();
        Call late = new Call(this, 1, 0);
        new Actor(world, name + "-late", self -> self.call(() -> make(late))).start();
        Await.until("an answer to a late call", late::isAnswered);
        if (late.end() != Call.End.REJECTED && late.end() != Call.End.INTERRUPTED) {
            world.breach(late + " was accepted after the end");
        }
        reports.forEach(this::checkReport);
    }

    private void checkReport(ShutdownReport report) {
        if (report.completed() < 0
                || report.failed() < 0
                || report.cancelled() < 0
                || report.neverStarted() < 0
                || report.abandoned() < 0) {
            world.breach("impossible: " + report);
        }
    }

    private void checkBalance() {
        calls.forEach(Call::checkAnswer);
        Totals totals = config.collector().isPresent() ? books.totals() : Totals.of(manager.metrics());
        Map<Call.End, Integer> ends = result().ends();
        // An error of the JVM hides one answer, or takes the place of one.
        long interrupted =
                ends.getOrDefault(Call.End.INTERRUPTED, 0) + ends.getOrDefault(Call.End.LOST, 0) + strikes.size();
        if (totals.arrived() != totals.ended()) {
            world.breach("arrived is not ended: " + totals);
        }
        checkTotal("rejected", totals.rejected(), ends.getOrDefault(Call.End.REJECTED, 0), strikes.size());
        checkTotal("completed", totals.completed(), ends.getOrDefault(Call.End.VALUE, 0), interrupted);
        checkTotal("failed", totals.failed(), ends.getOrDefault(Call.End.FAILED, 0), interrupted);
        int cancelled = ends.getOrDefault(Call.End.CANCELLED, 0) + ends.getOrDefault(Call.End.BY_HAND, 0);
        checkTotal("cancelled", totals.cancelled(), cancelled, interrupted);
        checkTotal("timed out", totals.timedOut(), ends.getOrDefault(Call.End.TIMED_OUT, 0), interrupted);
        checkTimes(totals);
        long refused = ends.getOrDefault(Call.End.REJECTED, 0) + ends.getOrDefault(Call.End.REFUSED, 0);
        long known = calls.size() - refused - interrupted;
        checkTotal("arrived", totals.arrived(), known, interrupted);
        long restarts =
                calls.stream().mapToLong(call -> Math.max(0, call.starts() - 1)).sum();
        if (totals.retried() + strikes.size() < restarts || totals.retried() > world.retriedErrors.get()) {
            world.breach("retried " + totals.retried() + " times, with " + restarts + " starts after the first and "
                    + world.retriedErrors + " errors to retry for");
        }
        if (config.listener().isPresent() && !world.unlucky) {
            if (books.events() != totals.arrived()) {
                world.breach(books.events() + " ends were told, of " + totals);
            }
            calls.forEach(this::checkEvent);
        }
    }

    /** Each task that was started has one run time and one wait, whatever collector there is. */
    private void checkTimes(Totals totals) {
        TaskManagerControl control = manager.control();
        long runs = Arrays.stream(TaskOutcome.values())
                .mapToLong(outcome -> control.executionTimes(outcome).count())
                .sum();
        long waits = Arrays.stream(TaskLane.values())
                .mapToLong(lane -> control.waitTimes(lane).count())
                .sum();
        long completed = control.executionTimes(TaskOutcome.COMPLETED).count();
        if (!world.unlucky && (runs != waits || runs > totals.arrived() || completed != totals.completed())) {
            world.breach(
                    runs + " run times, " + completed + " of completed tasks, and " + waits + " waits, of " + totals);
        }
    }

    private void checkTotal(String what, long actual, long seen, long unknown) {
        if (actual < seen - strikes.size() || actual > seen + unknown) {
            world.breach(what + " is " + actual + ", but callers saw " + seen
                    + (unknown == 0 ? "" : " and " + unknown + " of them no answer"));
        }
    }

    private void checkEvent(Call call) {
        TaskFinished event = call.taskName() == null ? null : books.event(call.taskName());
        TaskOutcome expected = switch (call.end()) {
            case VALUE -> TaskOutcome.COMPLETED;
            case FAILED -> TaskOutcome.FAILED;
            case CANCELLED, BY_HAND -> TaskOutcome.CANCELLED;
            case TIMED_OUT -> TaskOutcome.TIMED_OUT;
            case REJECTED, INTERRUPTED, REFUSED, LOST -> null;
        };
        boolean wasAccepted = call.end() != Call.End.REJECTED && call.end() != Call.End.REFUSED;
        if (!wasAccepted ? event != null : event == null && call.starts() > 0) {
            world.breach(call + ", which ended " + call.end() + ", was told as " + event);
        }
        if (event != null && ((expected != null && event.outcome() != expected) || event.attempts() != call.starts())) {
            world.breach(
                    call + ", which ended " + call.end() + " after " + call.starts() + " starts, was told as " + event);
        }
    }
}
