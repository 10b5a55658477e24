package com.example.day;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** What a manager logs: one stack an outage, from the first failure to the recovery, and a line for each further failure. */
final class LogLines extends AppenderBase<ILoggingEvent> {

    private final Side<?> side;
    /** All of this is guarded by this, as an appender's calls are. */
    private final Map<String, Integer> kinds = new TreeMap<>();

    private final List<String> stacks = new ArrayList<>();
    private int outagesOfFault;
    private int outages;
    private int recoveries;
    private boolean outage;

    LogLines(Side<?> side) {
        this.side = side;
        ((Logger) LoggerFactory.getLogger("io.taskmanager." + side.name)).addAppender(this);
        start();
    }

    @Override
    protected void append(ILoggingEvent line) {
        String message = line.getFormattedMessage();
        boolean stack = line.getThrowableProxy() != null;
        kinds.merge((stack ? "with a stack: " : "") + kind(message), 1, Integer::sum);
        if (message.equals("resources can be created again")) {
            recoveries++;
            outage = false;
        } else if (stack) {
            stacks.add(message);
            if (message.contains("could not create a resource")) {
                if (outage) {
                    side.violated("a second stack in one outage: " + message);
                }
                outage = true;
                outages++;
                outagesOfFault++;
            }
        }
    }

    /** Called when the manager is whole again. A fault that was over before it became an outage may have a stack, too. */
    synchronized void endOf(Fault fault) {
        if (stacks.size() > Math.max(1, outagesOfFault)) {
            side.violated(fault + " was told of with " + stacks.size() + " stacks, of " + outagesOfFault + " outages: "
                    + String.join("; ", stacks));
        }
        stacks.clear();
        outagesOfFault = 0;
    }

    private static String kind(String message) {
        return message.replaceAll("\\d+", "N").replaceFirst("(.{70}).*", "$1");
    }

    synchronized String table() {
        StringBuilder table = new StringBuilder(
                "  " + outages + " outages told of with a stack, " + recoveries + " recoveries; lines:");
        kinds.forEach((kind, count) -> table.append(String.format("%n    %6d %s", count, kind)));
        return table.toString();
    }
}
