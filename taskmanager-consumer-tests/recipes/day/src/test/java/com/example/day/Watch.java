package com.example.day;

import com.example.day.Condition.Phase;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Asks for the health of a manager ten times a second, and whether it is true. */
final class Watch implements Runnable {

    static final long PERIOD_MILLIS = 100;
    /** What passes at most until a server is found dead: a task, its validation, a destruction and a creation time out. */
    static final long DETECTION_MILLIS = 12_000;
    /** On a busy machine what is seen lags behind. */
    private static final long LIE_MILLIS = 2_000;

    private final Side<?> side;
    private final HealthIndicator indicator;
    final Distribution detection = new Distribution();
    long samples;
    long untrue;
    private Condition detected;
    private long lieSince;
    private Condition liedOf;
    volatile boolean isUp;
    volatile boolean ended;

    Watch(Side<?> side, HealthIndicator indicator) {
        this.side = side;
        this.indicator = indicator;
    }

    @Override
    public void run() {
        try {
            while (!ended) {
                Condition before = side.condition;
                Health health = indicator.health(true);
                isUp = isUp(health);
                if (side.condition == before) {
                    judge(before, health);
                }
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            side.violated("the watch was interrupted");
        }
    }

    private static boolean isUp(Health health) {
        return health.getStatus().equals(Status.UP) && !health.getDetails().containsKey("degraded");
    }

    private void judge(Condition condition, Health health) {
        samples++;
        if (condition.phase() == Phase.DOWN && !isUp(health) && detected != condition) {
            detected = condition;
            detection.add(condition.millis());
        }
        String lie = lie(condition, health);
        if (lie == null) {
            lieSince = 0;
            return;
        }
        untrue++;
        if (lieSince == 0 || liedOf != condition) {
            lieSince = System.nanoTime();
            liedOf = condition;
        } else if (lieSince > 0 && System.nanoTime() - lieSince > LIE_MILLIS * 1_000_000) {
            lieSince = Long.MAX_VALUE; // told once
            side.violated(lie + " for " + LIE_MILLIS + " ms: " + health.getStatus() + " " + health.getDetails());
        }
    }

    /** What is not true, or null. */
    private static String lie(Condition condition, Health health) {
        Map<String, Object> details = health.getDetails();
        String why = String.valueOf(details.get("why")).toLowerCase(Locale.ROOT);
        boolean tellsOfOutage = why.contains("no resource can be created");
        return switch (condition.phase()) {
            case CHANGING -> null;
            case DOWN -> {
                if (condition.millis() < DETECTION_MILLIS) {
                    yield null;
                }
                yield isUp(health) ? "UP without a server" : tellsOfOutage ? null : "does not tell of the outage";
            }
            case CALM -> !isUp(health) ? "not UP in calm" : tellsOfOutage ? "tells of an outage in calm" : null;
        };
    }
}
